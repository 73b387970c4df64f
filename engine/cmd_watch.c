/*
 * vigie watch TEAM: a team's alerts at a terminal, live, with keys to act; or
 * once, for scripts.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "connectors/redis_follow.h"
#include "engine/base/must.h"
#include "engine/lifecycle/follow_place.h"
#include "engine/lifecycle/follow_screen.h"
#include "engine/lifecycle/follow_tty.h"
#include "engine/options.h"
#include "engine/organisation/organisation.h"
#include "engine/view.h"

#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define DRAW_MS 20     /* what comes together is drawn together */
#define TICK_MS 15000u /* deadlines pass without an entry */

struct watching {
	const struct options *o;
	uv_loop_t loop;
	struct clock clock;
	struct organisation *organisation; /* or NULL */
	struct arena *arena;
	const struct zone *zone;
	struct redis_url url;
	struct redis_follow *link;
	struct follow *model;
	struct follow_size size;
	char place_path[4096];
	struct follow_place place, last; /* last: where one was */
	bool moved, closing, french, screen, caught_up;
	char status[200];
	uv_tty_t in;
	uv_timer_t draw, tick;
	uv_signal_t signals[4];
	struct buf out;
	int rc;
};

/* ---- the terminal ------------------------------------------------------- */

static void
measure(struct watching *w)
{
	int columns = 80, rows = 24;

	uv_tty_get_winsize(&w->in, &columns, &rows);
	w->size.columns = columns > 20 ? (uint32_t)columns : 20;
	w->size.rows = rows > 6 ? (uint32_t)rows : 6;
}

static void
on_draw(uv_timer_t *timer)
{
	struct watching *w = timer->data;

	if (!follow_tty_is_taken())
		return;
	follow_now(w->model, clock_now(&w->clock));
	buf_clear(&w->out);
	follow_screen(w->model, &w->size, w->status, &w->out);
	follow_tty_put(w->out.data, w->out.len);
}

static void
dirty(struct watching *w)
{
	if (w->screen && !w->closing &&
	    !uv_is_active((uv_handle_t *)&w->draw))
		uv_timer_start(&w->draw, on_draw, DRAW_MS, 0);
}

static void
on_tick(uv_timer_t *timer)
{
	dirty(timer->data);
}

/* ---- the end ------------------------------------------------------------ */

static void
save_place(struct watching *w)
{
	struct err err;

	if (!w->moved)
		return;
	w->moved = false;
	if (follow_place_write(&w->place, w->place_path, &err) == 0)
		return;
	follow_tty_give_back();
	fprintf(stderr, "vigie watch: %s\nhelp: --position FILE\n", err.text);
	w->rc = EXIT_FOUND;
}

static void
on_link_closed(void *self)
{
	(void)self;
}

static void
end(struct watching *w)
{
	if (w->closing)
		return;
	w->closing = true;
	save_place(w);
	follow_tty_give_back();
	redis_follow_close(w->link, on_link_closed);
	if (!w->screen)
		return;
	uv_close((uv_handle_t *)&w->in, NULL);
	uv_close((uv_handle_t *)&w->draw, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
	for (size_t i = 0; i < 4; i++)
		uv_close((uv_handle_t *)&w->signals[i], NULL);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	struct watching *w = handle->data;

	if (number == SIGWINCH) {
		measure(w);
		dirty(w);
		return;
	}
	end(w);
}

/* ---- keys --------------------------------------------------------------- */

static void
room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	static char bytes[512];

	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(bytes, sizeof(bytes));
}

static void
on_keys(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct watching *w = stream->data;
	int64_t now_ms = clock_now(&w->clock);

	if (n < 0) {
		end(w); /* the terminal is gone */
		return;
	}
	for (ssize_t i = 0; i < n && !w->model->over; i++) {
		int key = (unsigned char)buf->base[i];

		if (key == 27 && i + 2 < n && buf->base[i + 1] == '[') {
			key = buf->base[i + 2] == 'A' ? FOLLOW_UP :
			    buf->base[i + 2] == 'B' ? FOLLOW_DOWN : 0;
			i += 2;
		}
		follow_key(w->model, key, now_ms);
	}
	if (w->model->over)
		end(w);
	else
		dirty(w);
}

/* ---- the server --------------------------------------------------------- */

static void
print_entry(struct watching *w, unsigned stream, const char *id,
    struct slice json, bool good)
{
	static const char *const names[] = {"alerts", "notices", "answers"};
	struct buf *out = &w->out;

	buf_clear(out);
	if (w->o->json) {
		buf_printf(out, "{\"stream\":\"%s\",\"id\":\"%s\",\"entry\":",
		    names[stream], id);
		buf_slice_put(out, json);
		buf_text(out, "}\n");
	} else if (good && stream == FOLLOW_ALERTS) {
		for (uint32_t i = 0; i < w->model->count; i++)
			if (w->model->alerts[i]->fresh) {
				follow_line(
				    w->model, w->model->alerts[i], out);
				w->model->alerts[i]->fresh = false;
			}
	} else if (good && stream == FOLLOW_NEWS) {
		buf_text(out, "! ");
		buf_slice_put(out, buf_slice(&w->model->notices[0]));
		buf_char(out, '\n');
	}
	fwrite(out->data, 1, out->len, stdout);
}

static void
on_entry(void *self, unsigned stream, const char *id, struct slice json)
{
	struct watching *w = self;
	bool fresh = follow_place_order(id, w->last.ids[stream]) > 0;
	bool good = follow_take(
	    w->model, (enum follow_stream)stream, json, fresh);

	if (fresh) {
		snprintf(w->place.ids[stream], FOLLOW_ID_BYTES, "%s", id);
		w->moved = true;
	}
	if (!w->screen)
		print_entry(w, stream, id, json, good);
	/* bells only for what is new and came while somebody sits there */
	else if (good && fresh && w->caught_up && stream != FOLLOW_ANSWERS)
		follow_tty_put("\a", 1);
	dirty(w);
}

static void
on_caught_up(void *self)
{
	struct watching *w = self;

	w->caught_up = true;
	if (!w->screen) {
		/* Written before it counts as read. */
		if (fflush(stdout) != 0 || ferror(stdout)) {
			w->moved = false;
			w->rc = EXIT_FOUND;
		}
		end(w);
		return;
	}
	save_place(w);
	dirty(w);
}

static void
on_state(void *self, bool up, const char *why)
{
	struct watching *w = self;

	snprintf(w->status, sizeof(w->status), "%s", up ? "" : why);
	if (!up && !w->screen && !w->closing) {
		fprintf(stderr, "vigie watch: %s: %s\nhelp: --redis URL\n",
		    w->url.name, why);
		w->rc = EXIT_FOUND;
		end(w);
	}
	dirty(w);
}

static void
on_sent(void *self, bool ok, const char *owner, const char *error)
{
	struct watching *w = self;
	struct buf text = {0};

	if (owner != NULL)
		buf_printf(&text, "%s: %s", w->french ?
		    "L'alerte a déjà un responsable" :
		    "The alert has an owner already", owner);
	else
		buf_text(&text, error != NULL ? error : "");
	buf_char(&text, '\0');
	follow_told(w->model, ok, text.data);
	buf_fini(&text);
	dirty(w);
}

static void
on_command(void *self, const char *claim, struct slice json)
{
	struct watching *w = self;

	if (!redis_follow_send(w->link, claim, w->o->args[0], json))
		follow_told(w->model, false, w->french ?
		    "Pas envoyé : le serveur ne répond pas." :
		    "Not sent: the server does not answer.");
}

/* ---- the beginning ------------------------------------------------------ */

static int
misuse(const char *what, const char *help)
{
	fprintf(stderr, "vigie watch: %s\nhelp: %s\n", what, help);
	return EXIT_MISUSE;
}

static int
read_options(struct watching *w)
{
	const struct options *o = w->o;
	const char *redis = o->redis != NULL ? o->redis :
	    getenv("VIGIE_REDIS");
	struct err err;

	if (o->args_count != 1)
		return misuse("which team?", "vigie watch crisis");
	if (strspn(o->args[0], "abcdefghijklmnopqrstuvwxyz0123456789_-") !=
		strlen(o->args[0]) || strlen(o->args[0]) > 100)
		return misuse("a team is its id of the organisation",
		    "small letters, digits, - and _");
	if (o->json && !o->once)
		return misuse("--json goes with --once", "vigie help watch");
	w->screen = !o->once;
	if (w->screen && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return misuse("this is no terminal", "--once for scripts");
	if (redis_url_parse(redis != NULL ? redis : "redis://127.0.0.1:6379",
		&w->url, &err) != 0)
		return misuse(err.text, "--redis URL");
	if (o->position != NULL)
		snprintf(w->place_path, sizeof(w->place_path), "%s",
		    o->position);
	else if (!follow_place_path(o->args[0], w->place_path,
		     sizeof(w->place_path)))
		return misuse("no folder to keep the position in",
		    "--position FILE");
	return EXIT_DONE;
}

/* The channel of the team, where it is another word. */
static int
find_channel(struct watching *w, const char **channel)
{
	const struct team *team;
	struct diag *diag;
	int rc = EXIT_DONE;

	*channel = w->o->args[0];
	if (w->o->organisation == NULL)
		return EXIT_DONE;
	diag = diag_new();
	w->organisation = organisation_new();
	organisation_load(w->organisation, w->o->organisation, diag);
	team = organisation_team(w->organisation, w->o->args[0]);
	if (diag_errors(diag) > 0) {
		diag_print(diag, stderr, false);
		rc = EXIT_FOUND;
	} else if (team == NULL) {
		rc = misuse("no such team in the organisation",
		    w->o->organisation);
	} else {
		*channel = team->channel;
		/* a file that names no zone says nothing of clocks */
		if (strcmp(zone_name(team->hours.zone), "UTC"))
			w->zone = team->hours.zone;
	}
	diag_free(diag);
	return rc;
}

static void
open_screen(struct watching *w)
{
	static const int numbers[4] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH};

	w->size.colour = view_detect(stdout, NULL).colour;
	REQUIRE(uv_tty_init(&w->loop, &w->in, STDIN_FILENO, 1) == 0);
	REQUIRE(uv_timer_init(&w->loop, &w->draw) == 0);
	REQUIRE(uv_timer_init(&w->loop, &w->tick) == 0);
	w->in.data = w->draw.data = w->tick.data = w;
	for (size_t i = 0; i < 4; i++) {
		REQUIRE(uv_signal_init(&w->loop, &w->signals[i]) == 0);
		w->signals[i].data = w;
		uv_signal_start(&w->signals[i], on_signal, numbers[i]);
	}
	measure(w);
	follow_tty_take();
	uv_tty_set_mode(&w->in, UV_TTY_MODE_RAW);
	uv_read_start((uv_stream_t *)&w->in, room, on_keys);
	uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
	dirty(w);
}

static int
follow(struct watching *w, const char *channel)
{
	const char *user = getenv("USER");
	struct follow_setup model = {.team = w->o->args[0],
	    .by = user != NULL ? user : "", .french = w->french,
	    .zone = w->zone, .send = on_command, .self = w};
	struct redis_follow_setup link = {.url = &w->url, .name = "vigie",
	    .channel = channel, .seed = (uint64_t)getpid(),
	    .on_entry = on_entry, .on_caught_up = on_caught_up,
	    .on_state = on_state, .on_sent = on_sent, .self = w};
	int64_t day_ago_ms = clock_now(&w->clock) - DAY_MS;
	struct follow_place begin;

	/* Who sits down again sees the last day, what is new marked. */
	follow_place_since(&begin, day_ago_ms);
	w->last = begin;
	follow_place_read(&w->last, w->place_path);
	w->place = w->last;
	for (unsigned i = 0; i < FOLLOW_STREAMS; i++)
		memcpy(link.from[i], w->o->once ||
		    follow_place_order(w->last.ids[i], begin.ids[i]) < 0 ?
		    w->last.ids[i] : begin.ids[i], FOLLOW_ID_BYTES);
	REQUIRE(uv_loop_init(&w->loop) == 0);
	w->model = follow_new(&model);
	follow_now(w->model, clock_now(&w->clock));
	if (w->screen)
		open_screen(w);
	w->link = redis_follow_new(&w->loop, &link);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	REQUIRE(uv_loop_close(&w->loop) == 0);
	follow_free(w->model);
	buf_fini(&w->out);
	return w->rc;
}

int
cmd_watch(struct options *o)
{
	static struct watching w; /* large */
	const char *channel = NULL;
	int rc;

	w = (struct watching){.o = o, .clock = clock_wall()};
	rc = read_options(&w);
	w.french = view_detect(stdout, o->lang).french;
	w.arena = arena_new();
	w.zone = follow_tty_zone(w.arena);
	if (rc == EXIT_DONE)
		rc = find_channel(&w, &channel);
	if (rc == EXIT_DONE)
		rc = follow(&w, channel);
	organisation_free(w.organisation);
	arena_free(w.arena);
	return rc;
}
