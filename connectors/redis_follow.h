/*
 * A subscriber's side of Redis: the streams of one team read from where one
 * was, and commands sent.
 *
 *	<name>:alerts:<channel>   field alert
 *	<name>:notices:<channel>  field notice
 *	<name>:answers            field answer
 *	<name>:commands           field command, written
 *
 * Reading waits in XREAD BLOCK on a link of its own, so that a command never
 * waits for it.  A claim is a script: the owner is set and the command is added
 * in one step, or neither.
 * Thread: the loop.  Owns: two links.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_FOLLOW_H
#define CONNECTORS_REDIS_FOLLOW_H

#include <stdbool.h>
#include <uv.h>

#include "connectors/redis_url.h"
#include "engine/base/slice.h"

#define REDIS_FOLLOW_STREAMS 3
#define REDIS_FOLLOW_ID 48 /* bytes of an id of a stream */

struct redis_follow;

struct redis_follow_setup {
	const struct redis_url *url; /* lasts */
	const char *name, *channel;  /* "vigie"; of the team */
	/* read behind these; alerts, notices, answers */
	char from[REDIS_FOLLOW_STREAMS][REDIS_FOLLOW_ID];
	uint64_t seed;
	/* an entry; its id is the new position of its stream */
	void (*on_entry)(void *self, unsigned stream, const char *id,
	    struct slice json);
	/* nothing more for now; then it waits for more */
	void (*on_caught_up)(void *self);
	/* up: why is NULL */
	void (*on_state)(void *self, bool up, const char *why);
	/* what became of a command: sent, or who owns the alert already, or
	 * what the server says */
	void (*on_sent)(void *self, bool ok, const char *owner,
	    const char *error);
	void *self;
};

struct redis_follow *redis_follow_new(
    uv_loop_t *loop, const struct redis_follow_setup *setup);

/** redis_follow_send(f, claim, team, json): a command; ${claim} is the alert
 * to claim for ${team}, or NULL.  False: there is no connection, or eight
 * commands wait already. */
bool redis_follow_send(struct redis_follow *f, const char *claim,
    const char *team, struct slice json);

/** redis_follow_close(f, on_closed): then on_closed(self); frees ${f}. */
void redis_follow_close(
    struct redis_follow *f, void (*on_closed)(void *self));

#endif
