/*
 * Where messages go, and the bounded outbox in front of each.
 *
 * A sink_type is a row of connectors/connectors.def.  publish never blocks;
 * it takes one message of one channel and answers later by sink_done (it is
 * safe now) or sink_fail (try again after the sink is open again).  Order,
 * retries, limits and counters are the engine's business (sink.c, spool.c),
 * never a connector's.
 * Thread: the loop.  Owns: the engine allocates and frees struct sink with
 * type->size bytes; a connector embeds struct sink as its first member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SINK_H
#define ENGINE_SINK_H

#include <uv.h>

#include "engine/alert.h"
#include "engine/base/err.h"
#include "engine/settings.h"

struct sink;

struct sink_type {
	const char *name, *help;
	const struct setting *settings; /* ends with a row of name NULL */
	size_t size;
	/* settings are in place; may connect later by itself */
	int (*open)(struct sink *s, uv_loop_t *loop, struct err *err);
	/* one message for one channel; ${token} comes back in sink_done */
	void (*publish)(struct sink *s, const char *channel, struct alert *a,
	    uint64_t token);
	/* how many more publish calls are welcome now */
	uint32_t (*room)(const struct sink *s);
	/* deliver nothing more; on_closed exactly once, maybe later */
	void (*close)(struct sink *s, void (*on_closed)(struct sink *s));
};

struct spool;

struct sink {
	const struct sink_type *type;
	struct spool *spool; /* set by the engine before open */
	char name[64];       /* "redis 127.0.0.1:6379", for messages */
};

/** sink_done(s, token): the message is safe at the other side. */
void sink_done(struct sink *s, uint64_t token);

/**
 * sink_fail(s, why): everything that was published and not done may be lost;
 * it will be published again, in order, after sink_ready.
 */
void sink_fail(struct sink *s, const char *why);

/** sink_ready(s): there is room (again). */
void sink_ready(struct sink *s);

#endif
