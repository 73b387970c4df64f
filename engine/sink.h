/*
 * Where messages go, and the bounded outbox in front of each.
 *
 * A sink_type is a row of connectors/connectors.def.  publish never blocks;
 * it takes one message of one channel and answers, at once or later, by
 * sink_done (it is safe now), sink_fail (all of them again, when ready) or
 * sink_stall (it takes longer, but nothing is lost).  Order, repeats, limits
 * and counters are the engine's business (sink.c, spool.c), never a
 * connector's.
 * Thread: the loop.  Owns: the engine allocates and frees struct sink with
 * type->size bytes; a connector embeds struct sink as its first member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SINK_H
#define ENGINE_SINK_H

#include <stdbool.h>
#include <uv.h>

#include "engine/alert.h"
#include "engine/base/err.h"
#include "engine/settings.h"

struct sink;
struct desk_type;
struct nomarketing_type;

struct sink_type {
	const char *name, *help;
	const struct setting *settings; /* ends with a row of name NULL */
	size_t size;
	/* settings are in place; may connect later by itself */
	int (*open)(struct sink *s, uv_loop_t *loop, struct err *err);
	/* one message for one channel; ${token} comes back in sink_done, and
	 * ${a} and ${channel} live until then or until sink_fail */
	void (*publish)(struct sink *s, const char *channel, struct alert *a,
	    uint64_t token);
	/* how many more publish calls are welcome now */
	uint32_t (*room)(const struct sink *s);
	/* deliver nothing more; on_closed exactly once, maybe later */
	void (*close)(struct sink *s, void (*on_closed)(struct sink *s));
	const struct desk_type *desk; /* where people act on it; or NULL */
	const struct nomarketing_type *nomarketing; /* or NULL */
	/* true: each alert once, channel NULL, also when no team gets it;
	 * false: once per channel of its teams */
	bool per_alert;
};

struct spool;

struct sink {
	const struct sink_type *type;
	struct spool *spool; /* set by the engine before open */
	void *outlet;        /* dispatch.c's own */
	char name[64];       /* "redis 127.0.0.1:6379", for messages */
};

/**
 * sink_done(s, token): the message is safe at the other side.  Any order;
 * of one published since the last sink_fail.
 */
void sink_done(struct sink *s, uint64_t token);

/**
 * sink_fail(s, why): everything that was published and not done may be lost;
 * it will be published again, in order, after sink_ready.  Said once per
 * reason and outage; may be called again while it lasts.
 */
void sink_fail(struct sink *s, const char *why);

/**
 * sink_stall(s, why): the connector keeps what was published and tries again
 * by itself; said and counted as sink_fail.  Ends by sink_ready.
 */
void sink_stall(struct sink *s, const char *why);

/** sink_unheard(s, why): a message is kept, but the other side refused to tell
 * it to those who listen; counted, and said once per reason. */
void sink_unheard(struct sink *s, const char *why);

/** sink_ready(s): there is room (again). */
void sink_ready(struct sink *s);

#endif
