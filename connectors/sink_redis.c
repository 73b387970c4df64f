/*
 * Each message to a stream and a channel of the same name: XADD for those who
 * read later, PUBLISH for those who listen now.
 *
 * A message is safe when XADD has answered; with appendonly yes and
 * appendfsync always it is on the server's disk then.  Everything that is not
 * an answer is a fault: the connection is dropped, and the outbox publishes
 * again, in order, when the server works.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "connectors/redis_desk.h"
#include "connectors/redis_group.h"
#include "connectors/redis_nomarketing.h"
#include "engine/base/buf.h"
#include "engine/base/log.h"
#include "engine/base/must.h"

struct sink_redis {
	struct sink sink;
	/* settings */
	const char *address, *prefix, *desk, *desk_name;
	int64_t maxlen, timeout_ms;
	/* state */
	struct redis_url url;
	struct redis_link *link;
	struct redis_group groups[2];
	unsigned open; /* the one that is added to */
	bool busy; /* the other one is executed, or being acknowledged */
	bool closing;
	void (*on_closed)(struct sink *s);
};

static int
check_url(const char *text, struct err *err)
{
	struct redis_url url;

	return redis_url_parse(text, &url, err);
}

static const struct setting settings[] = {
    {.name = "url",
	.type = SETTING_TEXT,
	.required = true,
	.offset = offsetof(struct sink_redis, address),
	.check = check_url,
	.help = "redis://[:password@]host[:port][/db] or unix:///path"},
    {.name = "prefix",
	.type = SETTING_TEXT,
	.fallback = "vigie:alerts:",
	.offset = offsetof(struct sink_redis, prefix),
	.help = "what stands before the channel in its key"},
    {.name = "maxlen",
	.type = SETTING_INT,
	.fallback = "100000",
	.min = 1,
	.max = INT64_C(1) << 40,
	.offset = offsetof(struct sink_redis, maxlen),
	.help = "messages that each stream keeps, about"},
    {.name = "timeout",
	.type = SETTING_DURATION,
	.fallback = "10s",
	.min = 100,
	.max = 3600000,
	.offset = offsetof(struct sink_redis, timeout_ms),
	.help = "how long to wait for a connection or an answer"},
    {.name = "desk",
	.type = SETTING_TEXT,
	.fallback = "auto",
	.offset = offsetof(struct sink_redis, desk),
	.check = redis_desk_check,
	.help = "claims, notices and the journal there too; auto: with an "
		"organisation"},
    {.name = "desk_name",
	.type = SETTING_TEXT,
	.fallback = "vigie",
	.offset = offsetof(struct sink_redis, desk_name),
	.help = "what stands before :commands and its other keys"},
    {0},
};

static struct sink_redis *
self(struct sink *s)
{
	return (struct sink_redis *)s;
}

void
sink_redis_desk(const struct sink *s, struct redis_desk_settings *out)
{
	const struct sink_redis *r = (const struct sink_redis *)s;

	REQUIRE(s->type == &sink_redis_type);
	*out = (struct redis_desk_settings){.desk = r->desk,
	    .name = r->desk_name, .maxlen = r->maxlen,
	    .timeout_ms = (uint64_t)r->timeout_ms, .url = &r->url};
}

/* The open group is complete, the other one is open then. */
static void
hand_over(struct sink_redis *r)
{
	redis_link_flush(r->link);
	r->open ^= 1;
	r->busy = true;
}

static void
execute(struct sink_redis *r)
{
	redis_group_exec(&r->groups[r->open], r->link, r->prefix);
	hand_over(r);
}

static void
on_up(void *arg)
{
	struct sink_redis *r = arg;

	sink_ready(&r->sink);
}

static void
on_down(void *arg, const char *why)
{
	struct sink_redis *r = arg;

	r->busy = false;
	redis_group_clear(&r->groups[0]);
	redis_group_clear(&r->groups[1]);
	sink_fail(&r->sink, why);
}

/* Those that are stored and that nobody heard. */
static void
tell_unheard(struct sink_redis *r, const struct redis_group *g)
{
	bool right = !strncmp(g->mute, "NOPERM", 6);
	char why[400];

	snprintf(why, sizeof(why), "%s%s%s%s", g->mute,
	    right ? "; give the user +publish and &" : "",
	    right ? r->prefix : "", right ? "*" : "");
	for (uint32_t i = 0; i < g->unheard; i++)
		sink_unheard(&r->sink, why);
}

static void
on_reply(void *arg, const struct redisReply *reply)
{
	struct sink_redis *r = arg;
	struct redis_group *g = &r->groups[r->open ^ 1];
	bool all = true;

	if (!redis_group_take(g, reply))
		return;
	/* Still busy: sink_done adds to the open group, which must wait. */
	for (uint32_t i = 0; i < g->count && !r->closing; i++) {
		all &= g->stored[i];
		if (g->stored[i])
			sink_done(&r->sink, g->messages[i].token);
	}
	if (r->closing)
		return;
	if (!all) {
		redis_link_fault(r->link, g->error);
		return;
	}
	redis_link_good(r->link);
	tell_unheard(r, g);
	redis_group_clear(g);
	r->busy = false;
	if (r->groups[r->open].count > 0) {
		execute(r);
		sink_ready(&r->sink); /* there is an empty one now */
	}
}

static int
redis_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	struct sink_redis *r = self(s);
	struct redis_link_setup setup = {
	    .url = &r->url,
	    .timeout_ms = (uint64_t)r->timeout_ms,
	    .rights = "MULTI, EXEC, XADD and PUBLISH",
	    .on_up = on_up,
	    .on_down = on_down,
	    .on_reply = on_reply,
	    .arg = r,
	};
	int rc = redis_url_parse(r->address, &r->url, err);

	if (rc != 0)
		return rc;
	snprintf(s->name, sizeof(s->name), "%s", r->url.name);
	/* Different for each process, or a fleet would come back at once. */
	rc = uv_random(
	    NULL, NULL, &setup.seed, sizeof(setup.seed), 0, NULL);
	if (rc != 0)
		return err_set(err, rc, "no random seed: %s", uv_strerror(rc));
	r->link = redis_link_new(loop, &setup);
	return 0;
}

static void
redis_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	struct sink_redis *r = self(s);
	const struct redis_message m = {channel, buf_slice(&a->json), token};

	if (r->busy) {
		redis_group_add(
		    &r->groups[r->open], r->link, r->prefix, r->maxlen, &m);
		return;
	}
	redis_group_alone(
	    &r->groups[r->open], r->link, r->prefix, r->maxlen, &m);
	hand_over(r);
}

static uint32_t
redis_room(const struct sink *s)
{
	const struct sink_redis *r = (const struct sink_redis *)s;

	const struct redis_group *g = &r->groups[r->open];

	if (r->closing || !redis_link_is_up(r->link) ||
	    g->bytes >= SINK_GATHER_BYTES)
		return 0;
	return REDIS_GROUP_MAX - g->count;
}

static void
on_link_closed(void *arg)
{
	struct sink_redis *r = arg;

	r->on_closed(&r->sink);
}

static void
redis_close(struct sink *s, void (*on_closed)(struct sink *s))
{
	struct sink_redis *r = self(s);

	r->closing = true;
	r->on_closed = on_closed;
	redis_link_close(r->link, on_link_closed);
}

const struct sink_type sink_redis_type = {
    .name = "redis",
    .help = "a Redis stream and channel for each team",
    .settings = settings,
    .size = sizeof(struct sink_redis),
    .open = redis_open,
    .publish = redis_publish,
    .room = redis_room,
    .close = redis_close,
    .desk = &redis_desk_type,
    .nomarketing = &redis_nomarketing_type,
};
