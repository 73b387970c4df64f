/*
 * A hiredis context on a libuv loop: the adapter that hiredis 0.14 lacks.
 *
 * The shipped one returns at once when libuv reports an error, and that is
 * how a refused connection is reported: the program then hangs for ever.
 * Here an error counts as readable and writable, so that hiredis looks at the
 * socket itself.
 * Thread: the loop.  Owns: its handle; it goes when hiredis cleans up.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_POLL_H
#define CONNECTORS_REDIS_POLL_H

#include <uv.h>

struct redisAsyncContext;

/**
 * redis_poll_attach(context, loop, on_read, on_gone, arg): 0 or a libuv error.
 * on_read(arg) after each read of the socket; on_gone(arg) when the handle is
 * closed, after the context was freed.
 */
int redis_poll_attach(struct redisAsyncContext *context, uv_loop_t *loop,
    void (*on_read)(void *arg), void (*on_gone)(void *arg), void *arg);

#endif
