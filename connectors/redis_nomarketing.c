/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_nomarketing.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>

#include "connectors/redis_desk.h"
#include "connectors/redis_link.h"
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"

struct redis_nomarketing {
	struct nomarketing_port port;
	struct redis_desk_settings settings;
	struct redis_link *link;
	uint32_t unanswered;
	bool refused; /* some of them: the link falls after the last */
	char error[200];
	void (*on_closed)(struct nomarketing_port *p);
};

static void
on_up(void *arg)
{
	struct redis_nomarketing *r = arg;

	r->unanswered = 0;
	r->refused = false;
	nomarketing_port_up(&r->port);
}

static void
on_down(void *arg, const char *why)
{
	struct redis_nomarketing *r = arg;

	nomarketing_port_down(&r->port, why);
}

static void
on_reply(void *arg, const redisReply *reply)
{
	struct redis_nomarketing *r = arg;

	if (reply->type == REDIS_REPLY_ERROR) {
		r->refused = true;
		snprintf(r->error, sizeof(r->error), "%s", reply->str);
	}
	REQUIRE(r->unanswered > 0);
	if (--r->unanswered > 0)
		return;
	if (r->refused) {
		redis_link_fault(r->link, r->error);
		return;
	}
	redis_link_good(r->link);
	nomarketing_port_done(&r->port);
}

static void
command(struct redis_nomarketing *r, const struct slice *words, int count)
{
	const char *argv[5];
	size_t lens[5];

	for (int i = 0; i < count; i++) {
		argv[i] = words[i].data;
		lens[i] = words[i].len;
	}
	redis_link_send(r->link, count, argv, lens);
}

static void
put(struct nomarketing_port *p, const struct nomarketing_item *items,
    uint32_t count)
{
	struct redis_nomarketing *r = (struct redis_nomarketing *)p;
	struct buf key = {0};

	REQUIRE(count > 0 && count < REDIS_INFLIGHT_MAX);
	r->unanswered = count;
	for (uint32_t i = 0; i < count; i++) {
		char seconds[24];

		buf_clear(&key);
		buf_text(&key, r->settings.name);
		buf_text(&key, ":nomarketing:");
		buf_put(&key, items[i].hash, sizeof(items[i].hash));
		snprintf(seconds, sizeof(seconds), "%" PRId64,
		    items[i].ttl_s);
		if (items[i].ttl_s > 0)
			command(r,
			    (struct slice[]){SLICE("SET"), buf_slice(&key),
				items[i].json, SLICE("EX"),
				slice_of(seconds)},
			    5);
		else
			command(r,
			    (struct slice[]){SLICE("DEL"), buf_slice(&key)},
			    2);
	}
	buf_fini(&key);
}

static int
open_port(struct nomarketing_port *p, const struct sink *s, uv_loop_t *loop,
    struct err *err)
{
	struct redis_nomarketing *r = (struct redis_nomarketing *)p;
	struct redis_link_setup setup = {.on_up = on_up, .on_down = on_down,
	    .on_reply = on_reply, .rights = "SET and DEL", .arg = r};
	int rc;

	sink_redis_desk(s, &r->settings);
	rc = uv_random(NULL, NULL, &setup.seed, sizeof(setup.seed), 0, NULL);
	if (rc != 0)
		return err_set(err, rc, "no random seed: %s", uv_strerror(rc));
	setup.url = r->settings.url;
	setup.timeout_ms = r->settings.timeout_ms;
	r->link = redis_link_new(loop, &setup);
	return 0;
}

static void
on_link_closed(void *arg)
{
	struct redis_nomarketing *r = arg;

	r->on_closed(&r->port);
}

static void
close_port(struct nomarketing_port *p,
    void (*on_closed)(struct nomarketing_port *p))
{
	struct redis_nomarketing *r = (struct redis_nomarketing *)p;

	r->on_closed = on_closed;
	redis_link_close(r->link, on_link_closed);
}

const struct nomarketing_type redis_nomarketing_type = {
    .size = sizeof(struct redis_nomarketing),
    .open = open_port,
    .put = put,
    .close = close_port,
};
