/*
 * One connection to a Redis: commands out, replies in.
 *
 * Commands are written into one buffer and leave together, once a turn of the
 * loop.  Bytes come in 128 KiB at a time; replies with entries are walked where
 * they lie (redis_entries.h), hiredis' reader makes a tree of the others.
 * A connection is used once: after on_lost it can only be closed.
 * Thread: the loop.  Owns: its handles, its buffers.
 * Never: blocks; calls back from within redis_socket_put or _close.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_SOCKET_H
#define CONNECTORS_REDIS_SOCKET_H

#include <uv.h>

struct redis_entries;
struct redisReply;
struct redis_socket;

struct redis_socket_setup {
	uv_loop_t *loop;
	const struct sockaddr *address; /* or NULL: */
	const char *path;
	/* replies that it awaits are walked; or NULL: none */
	struct redis_entries *entries;
	void (*on_connected)(void *arg);
	/* valid during the call; one that was walked has a type alone */
	void (*on_reply)(void *arg, const struct redisReply *reply);
	/* what one read brought was taken */
	void (*on_read)(void *arg);
	/* refused or ended: why */
	void (*on_lost)(void *arg, const char *why);
	/* its memory is free */
	void (*on_gone)(void *arg);
	void *arg;
};

/** redis_socket_new(setup): begins to connect.  ${setup}, its address and path
 * may go. */
struct redis_socket *redis_socket_new(const struct redis_socket_setup *setup);

/** redis_socket_put(s, argc, argv, lens): a command.  It is connected. */
void redis_socket_put(struct redis_socket *s, int argc,
    const char *const *argv, const size_t *lens);

/** redis_socket_flush(s): write what is put now, not at the end of the turn, if
 * the system takes it. */
void redis_socket_flush(struct redis_socket *s);

/** redis_socket_close(s): nothing is called but on_gone, later. */
void redis_socket_close(struct redis_socket *s);

#endif
