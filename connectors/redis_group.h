/*
 * Messages that reach Redis as one: MULTI, XADD and PUBLISH of each, EXEC.
 *
 * Why a transaction: of commands that are merely pipelined, one may be refused
 * (no memory, a fail-over) and the next one taken; after a repeat the stream
 * would hold them in a wrong order.  A transaction is refused as a whole, and
 * the next one is sent after the answer: order holds whatever the server
 * does.  Messages that come meanwhile make up the next group, so the price
 * is one round trip under load and none when idle.
 * Thread: the loop.  Owns: nothing; texts live until the answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_GROUP_H
#define CONNECTORS_REDIS_GROUP_H

#include <stdbool.h>

#include "connectors/redis_link.h"
#include "engine/base/limits.h"
#include "engine/base/slice.h"

/* MULTI and EXEC are commands too. */
#define REDIS_GROUP_MAX ((REDIS_INFLIGHT_MAX - 2) / 2)

struct redis_message {
	const char *channel;
	struct slice json;
	uint64_t token;
};

/* What became of the group that is under way. */
struct redis_group {
	uint32_t count;   /* messages; 0: none is under way */
	uint32_t answers; /* commands answered so far */
	char error[200];  /* the first one */
};

/** redis_group_send(g, link, prefix, maxlen, messages, count): key and channel
 * are ${prefix} and the message's channel.  No group is under way, the link is
 * up, 0 < count <= REDIS_GROUP_MAX. */
void redis_group_send(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *messages,
    uint32_t count);

/**
 * redis_group_take(g, reply, stored): one answer.  True when it was the last:
 * stored[i] then says whether the stream holds message i, error what went
 * wrong first or "", and no group is under way any more.
 */
bool redis_group_take(struct redis_group *g, const struct redisReply *reply,
    bool stored[static REDIS_GROUP_MAX]);

#endif
