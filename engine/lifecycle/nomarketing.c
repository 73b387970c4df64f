/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/nomarketing.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/nomarketing_port.h"
#include "engine/pseudonym.h"
#include "engine/state/record_pack.h"

#define PUT_MAX 64u /* in one go */
#define ROW 8u      /* posts that share a place in the table */
#define ROWS (NOMARKETING_POSTS_MAX / ROW)

/* A post that marked its author, so that its deletion can be noticed. */
struct origin {
	uint64_t id_key;
	int64_t until_ms; /* 0: free */
	const char *brand;
	char hash[NOMARKETING_HEX];
};

struct waits {
	char hash[NOMARKETING_HEX];
	int64_t until_ms; /* 0: the mark goes */
	char *json;       /* or NULL */
	size_t len;
};

struct nomarketing {
	struct nomarketing_settings settings;
	struct clock clock;
	struct counters *counters;
	void (*on_change)(void *self);
	void *self;
	struct origin *origins; /* ROWS rows */
	struct waits ring[NOMARKETING_WAIT_MAX];
	uint32_t head, count;
	/* with the port, or to be put again */
	struct waits flight[PUT_MAX];
	uint32_t flight_count;
	struct nomarketing_port *port;
	bool up, putting, closing;
	char why[200]; /* of the outage that lasts */
	struct buf json, text;
	void (*on_closed)(void *self);
	void *closed_self;
};

struct nomarketing *
nomarketing_new(const struct nomarketing_setup *setup)
{
	struct nomarketing *n = must_alloc(sizeof(*n));

	REQUIRE(setup->settings->on);
	n->settings = *setup->settings;
	n->clock = *setup->clock;
	n->counters = setup->counters;
	n->on_change = setup->on_change;
	n->self = setup->self;
	n->origins = must_alloc(ROWS * ROW * sizeof(*n->origins));
	return n;
}

void
nomarketing_free(struct nomarketing *n)
{
	if (n == NULL)
		return;
	for (uint32_t i = 0; i < n->count; i++)
		free(n->ring[(n->head + i) % NOMARKETING_WAIT_MAX].json);
	for (uint32_t i = 0; i < n->flight_count; i++)
		free(n->flight[i].json);
	free(n->origins);
	free(n->port);
	buf_fini(&n->json);
	buf_fini(&n->text);
	free(n);
}

int
nomarketing_open(struct nomarketing *n, struct sink *sink,
    struct uv_loop_s *loop, struct err *err)
{
	const struct nomarketing_type *type = sink->type->nomarketing;
	struct nomarketing_port *p;
	int rc;

	if (type == NULL)
		return 0;
	if (n->port != NULL) {
		log_info("nomarketing", "%s gets the authors; %s does not",
		    n->port->name, sink->name);
		return 0;
	}
	p = must_alloc(type->size);
	p->type = type;
	p->owner = n;
	snprintf(p->name, sizeof(p->name), "nomarketing %s", sink->name);
	n->port = p;
	rc = type->open(p, sink, loop, err);
	if (rc == 0)
		return 0;
	free(p);
	n->port = NULL;
	return rc;
}

bool
nomarketing_is_open(const struct nomarketing *n)
{
	return n->port != NULL;
}

static void
on_port_closed(struct nomarketing_port *p)
{
	struct nomarketing *n = p->owner;
	void (*on_closed)(void *self) = n->on_closed;
	void *self = n->closed_self;

	nomarketing_free(n);
	on_closed(self);
}

void
nomarketing_close(struct nomarketing *n, void (*on_closed)(void *self),
    void *self)
{
	n->closing = true;
	n->on_closed = on_closed;
	n->closed_self = self;
	if (n->port != NULL) {
		n->port->type->close(n->port, on_port_closed);
		return;
	}
	nomarketing_free(n);
	on_closed(self);
}

/* ---- what waits --------------------------------------------------------- */

static void
pump(struct nomarketing *n)
{
	struct nomarketing_item items[PUT_MAX];
	int64_t now_ms = clock_now(&n->clock);

	if (!n->up || n->putting || n->closing)
		return;
	while (n->flight_count < PUT_MAX && n->count > 0) {
		n->flight[n->flight_count++] = n->ring[n->head];
		n->head = (n->head + 1) % NOMARKETING_WAIT_MAX;
		n->count--;
	}
	if (n->flight_count == 0)
		return;
	for (uint32_t i = 0; i < n->flight_count; i++) {
		const struct waits *w = &n->flight[i];
		int64_t left_s = (w->until_ms - now_ms) / 1000;

		memcpy(items[i].hash, w->hash, sizeof(items[i].hash));
		items[i].json = (struct slice){w->json, w->len};
		items[i].ttl_s = w->until_ms == 0 ? 0 :
		    left_s < 1                    ? 1 :
						    left_s;
	}
	n->putting = true;
	n->port->type->put(n->port, items, n->flight_count);
}

static void
wait_for_port(struct nomarketing *n, const char hash[NOMARKETING_HEX],
    int64_t until_ms)
{
	struct waits *w;

	if (n->closing)
		return;
	if (n->count == NOMARKETING_WAIT_MAX) {
		if (counters_bump(n->counters, nomarketing_dropped_total) == 0)
			log_warn("nomarketing",
			    "%u authors wait, the most there may be: the "
			    "oldest are dropped", NOMARKETING_WAIT_MAX);
		free(n->ring[n->head].json);
		n->head = (n->head + 1) % NOMARKETING_WAIT_MAX;
		n->count--;
	}
	w = &n->ring[(n->head + n->count++) % NOMARKETING_WAIT_MAX];
	memcpy(w->hash, hash, sizeof(w->hash));
	w->until_ms = until_ms;
	w->json = NULL;
	w->len = 0;
	if (until_ms != 0) {
		w->len = n->json.len;
		w->json = must_alloc(w->len);
		memcpy(w->json, n->json.data, w->len);
	}
	pump(n);
}

uint32_t
nomarketing_waiting(const struct nomarketing *n)
{
	return n == NULL ? 0 : n->count + n->flight_count;
}

void
nomarketing_port_up(struct nomarketing_port *p)
{
	p->owner->up = true;
	pump(p->owner);
}

void
nomarketing_port_done(struct nomarketing_port *p)
{
	struct nomarketing *n = p->owner;

	REQUIRE(n->putting);
	n->putting = false;
	if (n->why[0] != '\0')
		log_info("nomarketing", "%s: works again", p->name);
	n->why[0] = '\0';
	for (uint32_t i = 0; i < n->flight_count; i++) {
		if (n->flight[i].until_ms != 0)
			counters_bump(n->counters, nomarketing_total);
		else
			counters_bump(n->counters, nomarketing_ended_total);
		free(n->flight[i].json);
	}
	n->flight_count = 0;
	pump(n);
	if (n->on_change != NULL && !n->closing)
		n->on_change(n->self);
}

void
nomarketing_port_down(struct nomarketing_port *p, const char *why)
{
	struct nomarketing *n = p->owner;

	n->up = n->putting = false;
	counters_bump(n->counters, sink_errors_total);
	if (strncmp(n->why, why, sizeof(n->why) - 1) != 0)
		log_warn("nomarketing", "%s: %s; %u authors may wait, then "
					"the oldest are dropped",
		    p->name, why, NOMARKETING_WAIT_MAX);
	snprintf(n->why, sizeof(n->why), "%s", why);
}

/* ---- who did harm ------------------------------------------------------- */

void
nomarketing_hash(const unsigned char key[NOMARKETING_KEY_BYTES],
    struct slice network, struct slice author, char hex[NOMARKETING_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char out[PSEUDONYM_DIGEST_BYTES];
	struct buf text = {0};

	_Static_assert(NOMARKETING_KEY_BYTES == PSEUDONYM_KEY_BYTES, "HMAC");
	buf_slice_put(&text, network);
	buf_char(&text, ':');
	buf_slice_put(&text, author);
	pseudonym_digest(key, buf_slice(&text), out);
	buf_fini(&text);
	for (unsigned i = 0; i < NOMARKETING_HEX / 2; i++) {
		hex[2 * i] = digits[out[i] >> 4];
		hex[2 * i + 1] = digits[out[i] & 15];
	}
}

/* The place of that post: its own, a free one, else that of the oldest. */
static struct origin *
place_of(struct nomarketing *n, uint64_t id_key, int64_t now_ms)
{
	struct origin *row = &n->origins[id_key % ROWS * ROW], *best = row;

	for (struct origin *o = row; o < row + ROW; o++) {
		if (o->until_ms <= now_ms)
			o->until_ms = 0;
		else if (o->id_key == id_key)
			return o;
		if (o->until_ms < best->until_ms)
			best = o;
	}
	return best;
}

static void
encode(struct nomarketing *n, const struct nomarketing_post *post,
    int64_t until_ms)
{
	buf_clear(&n->json);
	buf_text(&n->json, "{\"v\":1,\"reason\":{\"fr\":");
	buf_clear(&n->text);
	buf_printf(&n->text, "a publié contre %s pendant une alerte de "
			     "niveau %u : à laisser hors des campagnes",
	    post->name, post->level);
	buf_json(&n->json, buf_slice(&n->text));
	buf_text(&n->json, ",\"en\":");
	buf_clear(&n->text);
	buf_printf(&n->text, "posted against %s during an alert of level %u: "
			     "leave out of campaigns",
	    post->name, post->level);
	buf_json(&n->json, buf_slice(&n->text));
	buf_text(&n->json, "},\"brand\":");
	buf_json(&n->json, slice_of(post->brand));
	buf_text(&n->json, ",\"until\":\"");
	buf_utc(&n->json, until_ms);
	buf_text(&n->json, "\"}");
}

void
nomarketing_harmed(struct nomarketing *n, const struct nomarketing_post *post)
{
	const struct record *r = post->record;
	int64_t now_ms = clock_now(&n->clock);
	int64_t until_ms = now_ms + n->settings.ttl_ms;
	struct origin *o;

	if (post->blame < n->settings.harm_micro || !record_named(r) ||
	    post->text == NULL)
		return;
	o = place_of(n, r->id_key, now_ms);
	if (o->until_ms > 0 && o->id_key == r->id_key &&
	    o->brand == post->brand)
		return;
	if (o->until_ms > 0 && o->id_key != r->id_key)
		counters_bump(n->counters, nomarketing_forgotten_total);
	o->id_key = r->id_key;
	o->until_ms = until_ms;
	o->brand = post->brand;
	nomarketing_hash(n->settings.key,
	    (struct slice){post->text + r->source.at, r->source.len},
	    (struct slice){post->text + r->author.at, r->author.len},
	    o->hash);
	encode(n, post, until_ms);
	wait_for_port(n, o->hash, until_ms);
}

void
nomarketing_deleted(struct nomarketing *n, uint64_t id_key)
{
	int64_t now_ms = clock_now(&n->clock);
	struct origin *o = place_of(n, id_key, now_ms);

	if (o->until_ms == 0 || o->id_key != id_key)
		return;
	o->until_ms = 0;
	for (uint32_t i = 0; i < ROWS * ROW; i++)
		if (n->origins[i].until_ms > now_ms &&
		    !memcmp(n->origins[i].hash, o->hash, sizeof(o->hash)))
			return;
	wait_for_port(n, o->hash, 0);
}
