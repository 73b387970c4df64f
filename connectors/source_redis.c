/*
 * Posts from a Redis stream, as a member of a group: XREADGROUP by the
 * thousand, and XACK of what was judged.
 *
 * Each entry is one line of input: the value of one field, with a blank for
 * each newline in it; an empty line where the field is missing, so that lines
 * and entries can be counted against each other.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "connectors/redis_stream.h"
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"

struct source_redis {
	struct source base; /* first */
	/* settings */
	const char *address, *stream, *group, *consumer, *field, *start;
	int64_t count, claim_ms, timeout_ms;
	/* state */
	struct redis_url url;
	struct redis_stream *link;
	struct intake *in;
	char *to;          /* where the next line goes; NULL: to be asked for */
	size_t room, used; /* there */
	struct buf held;   /* lines for which there was no room */
	size_t held_at;
	/* lines that went in, were judged, are being made safe, are so */
	uint64_t whole, collected, marked, safe;
	char why[300]; /* it does not work, as it was said; or "" */
	void (*on_closed)(struct source *s);
};

static int
check_url(const char *text, struct err *err)
{
	struct redis_url url;

	return redis_url_parse(text, &url, err);
}

static int
check_start(const char *text, struct err *err)
{
	if (!strcmp(text, "0") || !strcmp(text, "$"))
		return 0;
	return err_set(err, UV_EINVAL,
	    "redis: start is 0 (all that the stream holds) or $ (what comes "
	    "from now on), not '%s'", text);
}

static const struct setting settings[] = {
    {.name = "url",
	.type = SETTING_TEXT,
	.required = true,
	.offset = offsetof(struct source_redis, address),
	.check = check_url,
	.help = "redis://[:password@]host[:port][/db] or unix:///path"},
    {.name = "stream",
	.type = SETTING_TEXT,
	.required = true,
	.offset = offsetof(struct source_redis, stream),
	.help = "the key of the stream"},
    {.name = "group",
	.type = SETTING_TEXT,
	.fallback = "vigie",
	.offset = offsetof(struct source_redis, group),
	.help = "the group of readers; made when it is new"},
    {.name = "consumer",
	.type = SETTING_TEXT,
	.fallback = "vigie",
	.offset = offsetof(struct source_redis, consumer),
	.help = "this reader's name in the group, the same after a restart"},
    {.name = "field",
	.type = SETTING_TEXT,
	.fallback = "post",
	.offset = offsetof(struct source_redis, field),
	.help = "the field of an entry that holds the post, as JSON"},
    {.name = "start",
	.type = SETTING_TEXT,
	.fallback = "0",
	.offset = offsetof(struct source_redis, start),
	.check = check_start,
	.help = "where a new group begins: 0 or $"},
    {.name = "count",
	.type = SETTING_INT,
	.fallback = "1000",
	.min = 1,
	.max = REDIS_UNACKED_MAX / 2,
	.offset = offsetof(struct source_redis, count),
	.help = "entries of one question, at most"},
    {.name = "claim",
	.type = SETTING_DURATION,
	.fallback = "5m",
	.min = 0,
	.max = 86400000,
	.offset = offsetof(struct source_redis, claim_ms),
	.help = "take over what another reader has not acknowledged for so "
		"long; 0s: never"},
    {.name = "timeout",
	.type = SETTING_DURATION,
	.fallback = "10s",
	.min = 100,
	.max = 3600000,
	.offset = offsetof(struct source_redis, timeout_ms),
	.help = "how long to wait for a connection or an answer"},
    {.name = NULL},
};

/* What was written is the intake's. */
static void
commit(struct source_redis *r)
{
	if (r->used > 0)
		intake_bytes(r->in, r->used);
	r->to = NULL;
	r->room = r->used = 0;
}

/* As much of ${bytes} as there is room for; how much. */
static size_t
put(struct source_redis *r, struct slice bytes)
{
	size_t at = 0;

	while (at < bytes.len) {
		size_t n = bytes.len - at;

		if (r->to == NULL || r->used == r->room) {
			commit(r);
			r->to = intake_room(r->in, &r->room);
			if (r->to == NULL)
				break;
		}
		if (n > r->room - r->used)
			n = r->room - r->used;
		memcpy(r->to + r->used, bytes.data + at, n);
		r->used += n;
		at += n;
	}
	return at;
}

static void
put_or_hold(struct source_redis *r, struct slice bytes)
{
	size_t n = r->held.len > 0 ? 0 : put(r, bytes);

	buf_put(&r->held, bytes.data + n, bytes.len - n);
}

static void
end_line(struct source_redis *r)
{
	put_or_hold(r, SLICE("\n"));
	if (r->held.len == 0)
		r->whole++;
}

/* What is held, as far as there is room. */
static void
put_held(struct source_redis *r)
{
	struct slice bytes = {
	    r->held.data + r->held_at, r->held.len - r->held_at};
	const char *end;

	bytes.len = put(r, bytes);
	r->held_at += bytes.len;
	while (bytes.len > 0 &&
	    (end = memchr(bytes.data, '\n', bytes.len)) != NULL) {
		r->whole++;
		bytes.len -= (size_t)(end + 1 - bytes.data);
		bytes.data = end + 1;
	}
}

static void
on_entry(void *arg, struct slice value)
{
	struct source_redis *r = arg;
	const char *newline;

	/* No line is cut that need not be: there may be no room for the
	 * rest. */
	if (value.len >= r->room - r->used)
		commit(r);
	if (value.data == NULL)
		source_count(&r->base, COUNTER_source_entries_empty_total);
	while (value.len > 0 &&
	    (newline = memchr(value.data, '\n', value.len)) != NULL) {
		size_t n = (size_t)(newline - value.data);

		put_or_hold(r, (struct slice){value.data, n});
		put_or_hold(r, SLICE(" "));
		value.data += n + 1;
		value.len -= n + 1;
	}
	if (value.len > 0)
		put_or_hold(r, value);
	end_line(r);
}

static void
on_pause(void *arg)
{
	commit(arg);
}

static void
on_state(void *arg, const char *why)
{
	struct source_redis *r = arg;

	if (why == NULL) {
		log_info("source", "%s: reads again", r->base.name);
		r->why[0] = '\0';
		return;
	}
	source_count(&r->base, COUNTER_source_errors_total);
	if (strncmp(r->why, why, sizeof(r->why) - 1) == 0)
		return; /* said, and counted */
	log_warn("source", "%s: %s; trying again", r->base.name, why);
	snprintf(r->why, sizeof(r->why), "%s", why);
}

static void
on_limit(void *arg, const char *why)
{
	struct source_redis *r = arg;

	source_count(&r->base, COUNTER_source_errors_total);
	log_warn("source",
	    "%s: what other readers of the group left is not taken over: %s",
	    r->base.name, why);
}

static void
source_redis_kept(struct source *s)
{
	struct source_redis *r = (struct source_redis *)s;
	uint32_t n = (uint32_t)(r->marked - r->safe);

	r->safe = r->marked;
	if (n > 0 && r->link != NULL)
		redis_stream_collected(r->link, n);
}

static void
on_collected(void *arg, uint32_t lines)
{
	struct source_redis *r = arg;

	/* The end of the input makes a line of what was cut: that one comes
	 * again. */
	r->collected += lines;
	if (r->collected > r->whole)
		r->collected = r->whole;
	if (r->base.keeps)
		return;
	r->marked = r->collected;
	source_redis_kept(&r->base);
}

static void
source_redis_mark(struct source *s)
{
	struct source_redis *r = (struct source_redis *)s;

	r->marked = r->collected;
}

static int
source_redis_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_redis *r = (struct source_redis *)s;
	struct redis_stream_setup setup = {
	    .url = &r->url,
	    .key = r->stream,
	    .group = r->group,
	    .consumer = r->consumer,
	    .field = r->field,
	    .start = r->start,
	    .count = (uint32_t)r->count,
	    .claim_ms = r->claim_ms,
	    .timeout_ms = r->timeout_ms,
	    .on_entry = on_entry,
	    .on_pause = on_pause,
	    .on_state = on_state,
	    .on_limit = on_limit,
	    .arg = r,
	};
	int rc = redis_url_parse(r->address, &r->url, err);

	if (rc != 0)
		return rc;
	snprintf(s->name, sizeof(s->name), "%s %s", r->url.name, r->stream);
	/* Different for each process, or a fleet would come back at once. */
	rc = uv_random(NULL, NULL, &setup.seed, sizeof(setup.seed), 0, NULL);
	if (rc != 0)
		return err_set(err, rc, "no random seed: %s", uv_strerror(rc));
	r->in = intake_open(s->hub, s->name);
	if (r->in == NULL)
		return err_set(err, UV_EMFILE,
		    "more than %u inputs at once", INPUTS_MAX);
	intake_on_collected(r->in, on_collected, r);
	r->link = redis_stream_new(loop, &setup);
	return 0;
}

static void
source_redis_pause(struct source *s)
{
	redis_stream_hold(((struct source_redis *)s)->link, true);
}

static void
source_redis_resume(struct source *s)
{
	struct source_redis *r = (struct source_redis *)s;

	put_held(r);
	commit(r);
	if (r->held_at < r->held.len)
		return; /* paused again */
	buf_clear(&r->held);
	r->held_at = 0;
	redis_stream_hold(r->link, false);
}

static void
on_link_closed(void *arg)
{
	struct source_redis *r = arg;

	r->link = NULL;
	buf_fini(&r->held);
	r->on_closed(&r->base);
}

static void
source_redis_close(struct source *s, void (*on_closed)(struct source *s))
{
	struct source_redis *r = (struct source_redis *)s;

	r->on_closed = on_closed;
	commit(r);
	intake_close(r->in);
	redis_stream_close(r->link, on_link_closed);
}

const struct source_type source_redis_type = {
    .name = "redis",
    .help = "posts from a Redis stream, acknowledged once they were judged",
    .settings = settings,
    .size = sizeof(struct source_redis),
    .open = source_redis_open,
    .pause = source_redis_pause,
    .resume = source_redis_resume,
    .mark = source_redis_mark,
    .kept = source_redis_kept,
    .close = source_redis_close,
};
