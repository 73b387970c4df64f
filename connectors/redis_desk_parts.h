/*
 * The inside of the desk in Redis: redis_desk.c has the port and what goes
 * out, redis_desk_in.c the commands.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_DESK_PARTS_H
#define CONNECTORS_REDIS_DESK_PARTS_H

#include "connectors/redis_desk.h"
#include "connectors/redis_link.h"
#include "engine/base/buf.h"

/* How long a read waits for the next command. */
#define REDIS_DESK_BLOCK_MS 5000u

struct redis_desk {
	struct desk_port port;
	struct redis_desk_settings settings;
	struct redis_link *out, *in;
	bool out_ready, in_ready; /* connected, and asked */
	bool up, hopeless, closing;
	bool putting, reading, trimming;
	bool waits; /* reads block: there was nothing at once */
	bool more;
	uint32_t untrimmed;
	unsigned links; /* open */
	char answered[48];
	void (*on_closed)(struct desk_port *p);
};

/** redis_desk_key(out, r, end): the name of the desk, then ${end}. */
void redis_desk_key(
    struct buf *out, const struct redis_desk *r, const char *end);

void redis_desk_send(
    struct redis_link *link, const struct slice *words, int count);

/** redis_desk_look(r): up, if both links are asked and nothing of before is
 * under way.  redis_desk_fall(r, why, hopeless): down. */
void redis_desk_look(struct redis_desk *r);
void redis_desk_fall(struct redis_desk *r, const char *why, bool hopeless);

/** redis_desk_refused(r, link, error): the server does not do it. */
void redis_desk_refused(
    struct redis_desk *r, struct redis_link *link, const char *error);

/** redis_desk_ask(r, link, stream): its last entry; redis_desk_last(reply):
 * the id of it, or NULL. */
void redis_desk_ask(
    struct redis_desk *r, struct redis_link *link, const char *stream);
const char *redis_desk_last(const struct redisReply *reply);

/** redis_desk_read(p, after): of desk_type; the rest: of its link. */
void redis_desk_read(struct desk_port *p, const char *after);
void redis_desk_on_in_up(void *arg);
void redis_desk_on_in_down(void *arg, const char *why);
void redis_desk_on_in_reply(void *arg, const struct redisReply *reply);

#endif
