/*
 * Messages that reach Redis as one: MULTI, XADD of each, EXEC, PUBLISH of each.
 *
 * Why a transaction: of commands that are merely pipelined, one may be refused
 * (no memory, a fail-over) and the next one taken; after a repeat the stream
 * would hold them in a wrong order.  A transaction is refused as a whole, and
 * the next EXEC is sent after the answer to the last one: order holds whatever
 * the server does.  What stands before that EXEC is sent as it comes, so that
 * the server has read it by then (decision 106).  A PUBLISH stands behind the
 * EXEC: one that is refused would take the whole of it along (decision 126).  A
 * message that nothing waits behind needs none of that: an XADD and a PUBLISH
 * (decision 111).
 * Thread: the loop.  Owns: nothing; texts live until the last answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_GROUP_H
#define CONNECTORS_REDIS_GROUP_H

#include <stdbool.h>

#include "connectors/redis_link.h"
#include "engine/base/limits.h"
#include "engine/base/slice.h"

/* Two are in flight; MULTI and EXEC are commands too. */
#define REDIS_GROUP_MAX ((REDIS_INFLIGHT_MAX / 2 - 2) / 2)

struct redis_message {
	const char *channel;
	struct slice json;
	uint64_t token;
};

/* A group, and what became of it. */
struct redis_group {
	uint32_t count;   /* messages; 0: it is not begun */
	uint32_t answers; /* commands answered so far */
	size_t bytes;     /* of all texts */
	bool alone;       /* one message, in no transaction */
	struct redis_message messages[REDIS_GROUP_MAX];
	bool stored[REDIS_GROUP_MAX]; /* the stream holds it */
	uint32_t unheard;   /* PUBLISHes that were refused */
	char error[200];    /* the first one of the others, */
	char mute[200];     /* and of these */
};

/** redis_group_add(g, link, prefix, maxlen, message): key and channel are
 * ${prefix} and the message's channel.  The link is up, count is below
 * REDIS_GROUP_MAX and EXEC was not sent. */
void redis_group_add(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *message);

/** redis_group_alone(g, link, prefix, maxlen, message): ${g}, not begun, is
 * this message; no EXEC is wanted, nothing is added. */
void redis_group_alone(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *message);

/** redis_group_exec(g, link, prefix): nothing is added any more. */
void redis_group_exec(struct redis_group *g, struct redis_link *link,
    const char *prefix);

/**
 * redis_group_take(g, reply): one answer, of a group that was sent with its
 * EXEC, or alone.  True when it was the last: what became of it is known then.
 */
bool redis_group_take(struct redis_group *g, const struct redisReply *reply);

/** redis_group_clear(g): not begun. */
void redis_group_clear(struct redis_group *g);

#endif
