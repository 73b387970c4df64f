/*
 * A stream read as a member of a group, each entry acknowledged once it was
 * judged.
 *
 * The group is made if it is new.  First come the entries that this consumer
 * had and never acknowledged, then new ones, and from time to time those that
 * another consumer has had for too long.  While entries are under way the next
 * ones are asked for without waiting; with none under way the server keeps
 * the question until there is one.  Whatever fails, an entry that was not
 * acknowledged comes again.
 * Thread: the loop.  Owns: the link, the ids of what is under way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_STREAM_H
#define CONNECTORS_REDIS_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "connectors/redis_url.h"
#include "engine/base/slice.h"

struct redis_stream;

struct redis_stream_setup {
	const struct redis_url *url; /* it and the texts last as long */
	const char *key, *group, *consumer, *field, *start;
	uint32_t count;    /* entries of one reply, at most */
	int64_t claim_ms;  /* of others that rest so long; 0: never */
	int64_t timeout_ms;
	uint64_t seed;
	/* one entry, oldest first; data NULL: it has no such field.  Each is
	 * counted by redis_stream_collected later. */
	void (*on_entry)(void *arg, struct slice value);
	/* entries may follow later: hand on those that came */
	void (*on_pause)(void *arg);
	/* it does not work (again): why, or NULL */
	void (*on_state)(void *arg, const char *why);
	/* it works, but cannot take over what other readers left: why */
	void (*on_limit)(void *arg, const char *why);
	void *arg;
};

/** redis_stream_new(loop, setup): begins to connect. */
struct redis_stream *redis_stream_new(uv_loop_t *loop,
    const struct redis_stream_setup *setup);

/** redis_stream_collected(s, n): the ${n} oldest entries were judged. */
void redis_stream_collected(struct redis_stream *s, uint32_t n);

/** redis_stream_hold(s, hold): ask for nothing more meanwhile. */
void redis_stream_hold(struct redis_stream *s, bool hold);

/**
 * redis_stream_close(s, on_closed): no entry comes any more; what is under way
 * may still be collected and is acknowledged, for REDIS_STREAM_CLOSE_MS at
 * most; then on_closed(arg), never from within; frees ${s}.
 */
#define REDIS_STREAM_CLOSE_MS 3000u
void redis_stream_close(struct redis_stream *s, void (*on_closed)(void *arg));

#endif
