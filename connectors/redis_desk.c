/*
 * Two links: one that writes and is answered at once, one that waits for
 * commands.  The port is up when both are, and both were asked where they
 * left off.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/redis_desk.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/redis_desk_parts.h"
#include "connectors/redis_desk_script.h"
#include "connectors/redis_entries.h"
#include "engine/base/must.h"

#define ITEMS_MAX 64u
#define WORDS_MAX (5u + ITEMS_MAX * REDIS_DESK_FIELDS)

int
redis_desk_check(const char *text, struct err *err)
{
	if (!strcmp(text, "auto") || !strcmp(text, "true") ||
	    !strcmp(text, "false"))
		return 0;
	return err_set(err, -1, "desk is auto, true or false");
}

static bool
wanted(const struct sink *s, bool organised)
{
	struct redis_desk_settings settings;

	sink_redis_desk(s, &settings);
	return strcmp(settings.desk, "auto") == 0
	    ? organised
	    : strcmp(settings.desk, "true") == 0;
}

void
redis_desk_key(struct buf *out, const struct redis_desk *r, const char *end)
{
	buf_text(out, r->settings.name);
	buf_text(out, end);
}

void
redis_desk_send(struct redis_link *link, const struct slice *words, int count)
{
	const char *argv[12];
	size_t lens[12];

	REQUIRE(count <= 12);
	for (int i = 0; i < count; i++) {
		argv[i] = words[i].data;
		lens[i] = words[i].len;
	}
	redis_link_send(link, count, argv, lens);
}

/* ---- up and down -------------------------------------------------------- */

void
redis_desk_look(struct redis_desk *r)
{
	if (r->up || r->hopeless || r->closing || !r->out_ready ||
	    !r->in_ready || r->putting || r->reading)
		return;
	r->up = true;
	r->waits = false;
	desk_port_up(&r->port, r->answered);
}

void
redis_desk_fall(struct redis_desk *r, const char *why, bool hopeless)
{
	r->up = false;
	if (r->hopeless || r->closing)
		return;
	r->hopeless = hopeless;
	desk_port_fail(&r->port, why, hopeless);
}

/* Rights and versions do not come by waiting. */
static bool
is_hopeless(const char *error)
{
	return !strncmp(error, "NOPERM", 6) ||
	    strstr(error, "unknown command") != NULL ||
	    strstr(error, "unknown subcommand") != NULL;
}

void
redis_desk_refused(
    struct redis_desk *r, struct redis_link *link, const char *error)
{
	char why[300];

	if (is_hopeless(error)) {
		snprintf(why, sizeof(why),
		    "refused: %.160s; give the user +@read +@write "
		    "+@scripting +publish on %s:*, or set desk: false",
		    error, r->settings.name);
		redis_desk_fall(r, why, true);
		return;
	}
	redis_link_fault(link, error);
}

void
redis_desk_ask(
    struct redis_desk *r, struct redis_link *link, const char *stream)
{
	struct buf name = {0};

	redis_desk_key(&name, r, stream);
	redis_desk_send(link,
	    (struct slice[]){SLICE("XREVRANGE"), buf_slice(&name), SLICE("+"),
		SLICE("-"), SLICE("COUNT"), SLICE("1")},
	    6);
	buf_fini(&name);
}

/* The id of the only entry of an answer to ask_last; NULL: none. */
const char *
redis_desk_last(const redisReply *reply)
{
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0 ||
	    reply->element[0]->type != REDIS_REPLY_ARRAY ||
	    reply->element[0]->elements == 0)
		return NULL;
	return reply->element[0]->element[0]->str;
}

/* ---- out ---------------------------------------------------------------- */

static void
on_out_up(void *arg)
{
	struct redis_desk *r = arg;

	if (!r->hopeless)
		redis_desk_ask(r, r->out, ":journal");
}

static void
on_out_down(void *arg, const char *why)
{
	struct redis_desk *r = arg;

	r->out_ready = r->putting = false;
	redis_desk_fall(r, why, false);
}

/* Why a copy of a later journal is there, or NULL when it is not.  What has
 * gone out was on the disk before. */
static const char *
later(const struct redis_desk *r, const char *id)
{
	const uint64_t born_ms = (uint64_t)r->port.born_ms;
	struct redis_id last;

	if (id == NULL || !redis_entries_id(slice_of(id), &last))
		return NULL;
	if (last.ms > born_ms)
		return "another engine writes it: give this one a desk_name "
		       "of its own";
	if (last.ms == born_ms && last.seq >= desk_port_journal(&r->port))
		return "this state_dir is an older copy: remove the file born "
		       "in it, or give a desk_name of its own";
	return NULL;
}

static void
on_last_entry(struct redis_desk *r, const redisReply *reply)
{
	const char *reason = later(r, redis_desk_last(reply));
	char why[200];

	if (reply->type == REDIS_REPLY_ERROR) {
		redis_desk_refused(r, r->out, reply->str);
		return;
	}
	if (reason != NULL) {
		snprintf(why, sizeof(why), "%s:journal is ahead there, %s",
		    r->settings.name, reason);
		redis_desk_fall(r, why, true);
		return;
	}
	r->out_ready = true;
	redis_desk_look(r);
}

static void
on_out_reply(void *arg, const redisReply *reply)
{
	struct redis_desk *r = arg;
	const redisReply *error = reply;
	uint32_t done = 0;

	if (r->closing || r->hopeless)
		return;
	if (!r->out_ready) {
		on_last_entry(r, reply);
		return;
	}
	r->putting = false;
	if (!r->up) { /* the other link fell meanwhile */
		redis_desk_look(r);
		return;
	}
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 2) {
		done = (uint32_t)reply->element[0]->integer;
		error = reply->element[1];
		if (error->len == 0) {
			redis_link_good(r->out);
			desk_port_done(&r->port, done);
			return;
		}
	}
	redis_desk_refused(r, r->out,
	    error->str != NULL ? error->str : "ERR no answer to EVAL");
}

struct words {
	const char *argv[WORDS_MAX];
	size_t lens[WORDS_MAX];
	int count;
};

static void
word(struct words *w, struct slice text)
{
	w->argv[w->count] = text.data != NULL ? text.data : "";
	w->lens[w->count++] = text.len;
}

static void
put(struct desk_port *p, const struct desk_item *const *items,
    uint32_t count)
{
	static const char *const kinds[] = {"entry", "entry", "notice",
	    "answer"};
	struct redis_desk *r = (struct redis_desk *)p;
	char maxlen[24], ids[ITEMS_MAX][48];
	struct words w = {.count = 0};

	REQUIRE(count <= ITEMS_MAX);
	snprintf(maxlen, sizeof(maxlen), "%" PRId64, r->settings.maxlen);
	word(&w, SLICE("EVAL"));
	word(&w, SLICE(REDIS_DESK_SCRIPT));
	word(&w, SLICE("0"));
	word(&w, slice_of(r->settings.name));
	word(&w, slice_of(maxlen));
	for (uint32_t i = 0; i < count; i++) {
		const struct desk_item *item = items[i];

		snprintf(ids[i], sizeof(ids[i]), "%" PRId64 "-%" PRIu64,
		    p->born_ms, item->number);
		word(&w, slice_of(kinds[item->kind]));
		word(&w, slice_of(
			item->kind == DESK_ANSWER ? item->command : ids[i]));
		word(&w, item->json);
		word(&w, slice_of(item->alert));
		word(&w, slice_of(item->owner));
		word(&w, slice_of(item->kind == DESK_ANSWER ? item->loser
							    : item->channels));
	}
	r->putting = true;
	redis_link_send(r->out, w.count, w.argv, w.lens);
}

/* ---- life --------------------------------------------------------------- */

static int
open_port(struct desk_port *p, const struct sink *s, uv_loop_t *loop,
    struct err *err)
{
	struct redis_desk *r = (struct redis_desk *)p;
	struct redis_link_setup setup = {.arg = r};
	int rc;

	sink_redis_desk(s, &r->settings);
	snprintf(r->answered, sizeof(r->answered), "0-0");
	rc = uv_random(NULL, NULL, &setup.seed, sizeof(setup.seed), 0, NULL);
	if (rc != 0)
		return err_set(err, rc, "no random seed: %s", uv_strerror(rc));
	setup.url = r->settings.url;
	setup.timeout_ms = r->settings.timeout_ms;
	setup.on_up = on_out_up;
	setup.on_down = on_out_down;
	setup.on_reply = on_out_reply;
	r->out = redis_link_new(loop, &setup);
	/* It waits for an answer longer than others. */
	setup.timeout_ms += REDIS_DESK_BLOCK_MS;
	setup.on_up = redis_desk_on_in_up;
	setup.on_down = redis_desk_on_in_down;
	setup.on_reply = redis_desk_on_in_reply;
	r->in = redis_link_new(loop, &setup);
	r->links = 2;
	return 0;
}

static void
on_link_closed(void *arg)
{
	struct redis_desk *r = arg;

	if (--r->links == 0)
		r->on_closed(&r->port);
}

static void
close_port(struct desk_port *p, void (*on_closed)(struct desk_port *p))
{
	struct redis_desk *r = (struct redis_desk *)p;

	r->closing = true;
	r->up = false;
	r->on_closed = on_closed;
	redis_link_close(r->out, on_link_closed);
	redis_link_close(r->in, on_link_closed);
}

const struct desk_type redis_desk_type = {
    .size = sizeof(struct redis_desk),
    .wanted = wanted,
    .open = open_port,
    .put = put,
    .read = redis_desk_read,
    .close = close_port,
};
