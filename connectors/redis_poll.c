/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_poll.h"

#include <hiredis/async.h>
#include <stdlib.h>

#include "engine/base/must.h"

struct redis_poll {
	uv_poll_t handle;
	redisAsyncContext *context; /* NULL after cleanup */
	int events;
	void (*on_read)(void *arg);
	void (*on_gone)(void *arg);
	void *arg;
};

static void
on_poll(uv_poll_t *handle, int status, int events)
{
	struct redis_poll *p = handle->data;

	if (status != 0) {
		/* Not connected yet: one look at the socket is enough, and
		 * the context may be gone after it. */
		events = UV_WRITABLE;
		if (p->context != NULL && p->context->c.flags & REDIS_CONNECTED)
			events |= UV_READABLE;
	}
	if (p->context != NULL && events & UV_READABLE) {
		redisAsyncHandleRead(p->context);
		p->on_read(p->arg);
	}
	if (p->context != NULL && events & UV_WRITABLE)
		redisAsyncHandleWrite(p->context);
}

static void
update(struct redis_poll *p, int events)
{
	p->events = events;
	if (events != 0)
		uv_poll_start(&p->handle, events, on_poll);
	else
		uv_poll_stop(&p->handle);
}

static void
add_read(void *data)
{
	struct redis_poll *p = data;

	update(p, p->events | UV_READABLE);
}

static void
del_read(void *data)
{
	struct redis_poll *p = data;

	update(p, p->events & ~UV_READABLE);
}

static void
add_write(void *data)
{
	struct redis_poll *p = data;

	update(p, p->events | UV_WRITABLE);
}

static void
del_write(void *data)
{
	struct redis_poll *p = data;

	update(p, p->events & ~UV_WRITABLE);
}

static void
on_closed(uv_handle_t *handle)
{
	struct redis_poll *p = handle->data;
	void (*on_gone)(void *arg) = p->on_gone;
	void *arg = p->arg;

	free(p);
	on_gone(arg);
}

static void
cleanup(void *data)
{
	struct redis_poll *p = data;

	p->context = NULL;
	uv_close((uv_handle_t *)&p->handle, on_closed);
}

int
redis_poll_attach(redisAsyncContext *context, uv_loop_t *loop,
    void (*on_read)(void *arg), void (*on_gone)(void *arg), void *arg)
{
	struct redis_poll *p = must_alloc(sizeof(*p));
	int rc = uv_poll_init(loop, &p->handle, context->c.fd);

	if (rc != 0) {
		free(p);
		return rc;
	}
	p->handle.data = p;
	p->context = context;
	p->on_read = on_read;
	p->on_gone = on_gone;
	p->arg = arg;
	context->ev.data = p;
	context->ev.addRead = add_read;
	context->ev.delRead = del_read;
	context->ev.addWrite = add_write;
	context->ev.delWrite = del_write;
	context->ev.cleanup = cleanup;
	return 0;
}
