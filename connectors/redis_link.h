/*
 * One connection to a Redis that comes back by itself.
 *
 * The link resolves, connects (redis_socket.h), says AUTH, SELECT and PING, and
 * is up when all were answered well.  After any fault it is down, waits
 * (exponential, with jitter) and tries again; what was in flight is forgotten:
 * its owner keeps it.
 * Thread: the loop.  Owns: the connection, its timers.
 * Never: blocks, not even for a name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_LINK_H
#define CONNECTORS_REDIS_LINK_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "connectors/redis_url.h"

struct redis_entries;
struct redis_link;
struct redisReply;

struct redis_link_setup {
	const struct redis_url *url; /* lasts as long as the link */
	uint64_t timeout_ms; /* for a connection, and for an answer */
	uint64_t seed;       /* of the jitter */
	const char *rights;  /* that its user needs, for people; or NULL */
	/* the link can be used */
	void (*on_up)(void *arg);
	/* it cannot, or an attempt failed: one sentence, with what to do */
	void (*on_down)(void *arg, const char *why);
	/* the answer to the oldest command that has none, in order; valid
	 * during the call; may be an error */
	void (*on_reply)(void *arg, const struct redisReply *reply);
	/* walks the replies that it awaits; or NULL */
	struct redis_entries *entries;
	/* what the socket had was read; or NULL */
	void (*on_read)(void *arg);
	void *arg;
};

/** redis_link_new(loop, setup): begins to connect. */
struct redis_link *redis_link_new(uv_loop_t *loop,
    const struct redis_link_setup *setup);

/** redis_link_send(link, argc, argv, lens): a command.  The link is up, and
 * fewer than REDIS_INFLIGHT_MAX are in flight. */
void redis_link_send(struct redis_link *link, int argc,
    const char *const *argv, const size_t *lens);

/** redis_link_flush(link): commands leave together, at the end of a turn of the
 * loop; those that wait leave now.  The link is up. */
void redis_link_flush(struct redis_link *link);

/** redis_link_is_up(link), redis_link_inflight(link): commands unanswered. */
int redis_link_is_up(const struct redis_link *link);
uint32_t redis_link_inflight(const struct redis_link *link);

/** redis_link_good(link): work was done over it: the next wait is short. */
void redis_link_good(struct redis_link *link);

/** redis_link_fault(link, why): the server does not do what it is there for;
 * drop the connection, on_down, try again later.  ${why} as it replied. */
void redis_link_fault(struct redis_link *link, const char *why);

/** redis_link_close(link, on_closed): no callback but on_closed(arg) then,
 * never from within; frees ${link}. */
void redis_link_close(struct redis_link *link, void (*on_closed)(void *arg));

#endif
