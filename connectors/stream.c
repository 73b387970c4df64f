/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/stream.h"

#include <stdlib.h>

#include "connectors/packed.h"
#include "engine/base/must.h"

static void
on_handle_closed(uv_handle_t *handle)
{
	struct stream *st = handle->data;

	st->on_closed(st);
}

void
stream_close(struct stream *st)
{
	if (st->closing)
		return;
	st->closing = true;
	st->reading = false;
	intake_close(st->in);
	if (st->feed != NULL)
		feed_fini(st->feed);
	free(st->feed);
	st->feed = NULL;
	uv_close(&st->uv.handle, on_handle_closed);
}

static void
on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct stream *st = handle->data;
	size_t room = FEED_BYTES;

	(void)wanted;
	st->asking = true;
	buf->base = st->feed != NULL ? st->feed->bytes
	                             : intake_room(st->in, &room);
	st->asking = false;
	buf->len = buf->base == NULL ? 0 : room;
}

/* Move what the feed holds; when there is no room, stream_resume goes on. */
static void
push(struct stream *st)
{
	int rc = feed_push(st->feed, &st->err);

	if (rc == FEED_WAIT)
		stream_pause(st);
	else if (rc < 0 || rc == FEED_END)
		stream_close(st);
}

static void
take_head(struct stream *st, const char *head, size_t n)
{
	st->headed = true;
	if (!st->unpack || !packed_looks(head, n))
		return;
	st->feed = must_alloc(sizeof(*st->feed));
	feed_init(st->feed, st->in);
	memcpy(st->feed->bytes, head, n);
}

static void
stream_on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
	struct stream *st = handle->data;

	if (n == UV_ENOBUFS) { /* resumed with all others */
		stream_pause(st);
		return;
	}
	if (n < 0 && n != UV_EOF)
		err_set(&st->err, (int)n, "cannot read: %s",
		    uv_strerror((int)n));
	if (n > 0)
		st->heard_ms = uv_now(handle->loop);
	if (n > 0 && !st->headed)
		take_head(st, buf->base, (size_t)n);
	if (st->feed != NULL && (n > 0 || n == UV_EOF)) {
		st->feed->at = 0;
		st->feed->len = n > 0 ? (size_t)n : 0;
		st->feed->last = n < 0;
		push(st);
	} else if (n < 0) {
		stream_close(st);
	} else if (st->feed == NULL) {
		intake_bytes(st->in, (size_t)n);
	}
}

void
stream_start(struct stream *st)
{
	st->uv.handle.data = st;
	stream_resume(st);
}

void
stream_pause(struct stream *st)
{
	/* No room for this very stream: libuv still calls back with ENOBUFS,
	 * by a pointer that uv_read_stop would clear. */
	if (st->asking)
		return;
	if (st->reading)
		uv_read_stop(&st->uv.stream);
	st->reading = false;
}

void
stream_resume(struct stream *st)
{
	int rc;

	if (st->reading || st->closing)
		return;
	st->heard_ms = uv_now(st->uv.handle.loop);
	if (st->feed != NULL) {
		st->reading = true; /* push may pause it again */
		push(st);
		if (!st->reading || st->feed->last)
			return;
	}
	st->reading = true;
	rc = uv_read_start(&st->uv.stream, on_room, stream_on_read);
	if (rc < 0) {
		err_set(&st->err, rc, "cannot read: %s", uv_strerror(rc));
		stream_close(st);
	}
}
