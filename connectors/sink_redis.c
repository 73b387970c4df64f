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
	struct redis_group group;
	struct redis_message flight[REDIS_GROUP_MAX];
	struct redis_message gather[REDIS_GROUP_MAX];
	uint32_t flight_count, gather_count;
	size_t gather_bytes;
	bool busy; /* flight is under way, or being acknowledged */
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

static void
send_gathered(struct sink_redis *r)
{
	memcpy(r->flight, r->gather, r->gather_count * sizeof(*r->flight));
	r->flight_count = r->gather_count;
	r->gather_count = 0;
	r->gather_bytes = 0;
	r->busy = true;
	redis_group_send(&r->group, r->link, r->prefix, r->maxlen, r->flight,
	    r->flight_count);
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
	r->group.count = 0;
	r->gather_count = 0;
	r->gather_bytes = 0;
	sink_fail(&r->sink, why);
}

static void
on_reply(void *arg, const struct redisReply *reply)
{
	struct sink_redis *r = arg;
	bool stored[REDIS_GROUP_MAX], all = true;

	if (!redis_group_take(&r->group, reply, stored))
		return;
	/* Still busy: sink_done gathers more, which must not be sent yet. */
	for (uint32_t i = 0; i < r->flight_count && !r->closing; i++) {
		all &= stored[i];
		if (stored[i])
			sink_done(&r->sink, r->flight[i].token);
	}
	r->busy = false;
	if (r->closing)
		return;
	if (!all) {
		redis_link_fault(r->link, r->group.error);
		return;
	}
	redis_link_good(r->link);
	if (r->group.error[0] != '\0')
		log_warn("sink", "%s: stored, but not published: %s",
		    r->sink.name, r->group.error);
	if (r->gather_count > 0)
		send_gathered(r);
}

static int
redis_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	struct sink_redis *r = self(s);
	struct redis_link_setup setup = {
	    .url = &r->url,
	    .timeout_ms = (uint64_t)r->timeout_ms,
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

	REQUIRE(r->gather_count < REDIS_GROUP_MAX);
	r->gather[r->gather_count++] =
	    (struct redis_message){channel, buf_slice(&a->json), token};
	r->gather_bytes += a->json.len;
	if (!r->busy)
		send_gathered(r);
}

static uint32_t
redis_room(const struct sink *s)
{
	const struct sink_redis *r = (const struct sink_redis *)s;

	if (r->closing || !redis_link_is_up(r->link) ||
	    r->gather_bytes >= SINK_GATHER_BYTES)
		return 0;
	return REDIS_GROUP_MAX - r->gather_count;
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
