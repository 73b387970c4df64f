/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

/* Lines of one batch; SINK_GATHER_BYTES usually comes first. */
#define BATCH_LINES_MAX 4096u

static void next_step(struct lines *l);

void
lines_open(struct lines *l, struct sink *sink, uv_loop_t *loop, int fd,
    bool sync)
{
	l->sink = sink;
	l->loop = loop;
	l->fd = fd;
	l->sync = sync;
	l->wait_ms = RETRY_FIRST_MS;
	REQUIRE(uv_timer_init(loop, &l->timer) == 0);
	l->timer.data = l;
	l->req.data = l;
}

static void
batch_clear(struct lines_batch *b)
{
	buf_clear(&b->bytes);
	b->count = 0;
}

static void
batch_fini(struct lines_batch *b)
{
	buf_fini(&b->bytes);
	free(b->tokens);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	struct lines *l = handle->data;

	batch_fini(&l->flight);
	batch_fini(&l->gather);
	l->on_closed(l->sink);
}

static void
finish(struct lines *l)
{
	uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}

static void
on_timer(uv_timer_t *timer)
{
	struct lines *l = timer->data;

	l->waiting = false;
	if (l->failed) {
		l->failed = false;
		sink_ready(l->sink);
		return;
	}
	next_step(l);
}

static void
wait_and_retry(struct lines *l)
{
	l->waiting = true;
	uv_timer_start(&l->timer, on_timer, l->wait_ms, 0);
	l->wait_ms *= 2;
	if (l->wait_ms > RETRY_LAST_MS)
		l->wait_ms = RETRY_LAST_MS;
}

static const char *
advice(int code)
{
	switch (code) {
	case UV_ENOSPC:
	case -EDQUOT:
		return "; make room, it goes on by itself";
	case UV_EPIPE:
		return "; nobody reads it any more";
	default:
		return "";
	}
}

static void
on_error(struct lines *l, const char *what, int code, bool lost)
{
	char why[160];

	snprintf(why, sizeof(why), "%s: %s%s", what, uv_strerror(code),
	    advice(code));
	if (lost) {
		l->busy = false;
		l->failed = true;
		batch_clear(&l->flight);
		batch_clear(&l->gather);
		sink_fail(l->sink, why);
	} else {
		sink_stall(l->sink, why);
	}
	wait_and_retry(l);
}

/* All of flight is safe.  sink_done may put more into gather meanwhile. */
static void
deliver(struct lines *l)
{
	bool recovered = l->wait_ms != RETRY_FIRST_MS;

	l->wait_ms = RETRY_FIRST_MS;
	for (uint32_t i = 0; i < l->flight.count && !l->closing; i++)
		sink_done(l->sink, l->flight.tokens[i]);
	batch_clear(&l->flight);
	l->busy = false;
	if (l->closing) {
		finish(l);
		return;
	}
	if (recovered)
		sink_ready(l->sink);
	if (!l->closing && !l->busy && l->gather.count > 0)
		next_step(l);
}

static void
on_sync(uv_fs_t *req)
{
	struct lines *l = req->data;
	int code = (int)req->result;

	uv_fs_req_cleanup(req);
	if (l->closing)
		finish(l);
	else if (code < 0 && code != UV_EINVAL && code != UV_ENOTSUP)
		on_error(l, "cannot sync", code, true);
	else
		deliver(l);
}

static void
on_write(uv_fs_t *req)
{
	struct lines *l = req->data;
	ssize_t n = req->result;

	uv_fs_req_cleanup(req);
	if (l->closing) {
		finish(l);
		return;
	}
	if (n < 0) {
		on_error(l, "cannot write", (int)n, false);
		return;
	}
	l->written += (size_t)n;
	next_step(l);
}

/* Write the rest of flight, or sync it, or tell that it is safe. */
static void
next_step(struct lines *l)
{
	uv_buf_t rest;

	if (!l->busy) {
		struct lines_batch empty = l->flight;

		l->flight = l->gather;
		l->gather = empty;
		l->written = 0;
		l->busy = true;
	}
	if (l->written < l->flight.bytes.len) {
		rest.base = l->flight.bytes.data + l->written;
		rest.len = l->flight.bytes.len - l->written;
		REQUIRE(uv_fs_write(l->loop, &l->req, l->fd, &rest, 1, -1,
			    on_write) == 0);
	} else if (l->sync) {
		REQUIRE(uv_fs_fdatasync(l->loop, &l->req, l->fd, on_sync) == 0);
	} else {
		deliver(l);
	}
}

void
lines_put(struct lines *l, const struct alert *alert, uint64_t token)
{
	struct lines_batch *b = &l->gather;

	if (b->count == b->room) {
		b->room = b->room == 0 ? 64 : 2 * b->room;
		b->tokens = must_grow(b->tokens, b->room * sizeof(*b->tokens));
	}
	b->tokens[b->count++] = token;
	buf_slice_put(&b->bytes, buf_slice(&alert->json));
	buf_char(&b->bytes, '\n');
	if (!l->busy && !l->waiting)
		next_step(l);
}

uint32_t
lines_room(const struct lines *l)
{
	if (l->failed || l->closing || l->gather.bytes.len >= SINK_GATHER_BYTES)
		return 0;
	return BATCH_LINES_MAX - l->gather.count;
}

void
lines_close(struct lines *l, void (*on_closed)(struct sink *sink))
{
	l->closing = true;
	l->on_closed = on_closed;
	uv_timer_stop(&l->timer);
	if (l->busy && !l->waiting)
		uv_cancel((uv_req_t *)&l->req);
	else
		finish(l);
}
