/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/listener.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"

#define BACKLOG 128

static void
end_if_over(struct listener *l)
{
	if (l->closing && l->open == 0)
		l->on_closed(&l->base);
}

static void
on_stream_closed(struct stream *st)
{
	struct listener *l = st->owner;

	if (st->err.code != 0)
		source_count(&l->base, COUNTER_source_errors_total);
	*st->link = st->next;
	if (st->next != NULL)
		st->next->link = st->link;
	free(st);
	l->open--;
	end_if_over(l);
}

static void
on_refused_closed(uv_handle_t *handle)
{
	struct stream *st = handle->data;
	struct listener *l = st->owner;

	free(st);
	l->open--;
	end_if_over(l);
}

static void
refuse(struct listener *l, struct stream *st)
{
	source_count(&l->base, COUNTER_connections_refused_total);
	st->uv.handle.data = st;
	uv_close(&st->uv.handle, on_refused_closed);
}

/* The connection that has said nothing for longest makes room for another
 * one.  While the source is paused, nobody can say anything. */
static bool
make_room(struct listener *l)
{
	struct stream *silent = NULL;

	if (l->idle_ms == 0 || l->base.paused)
		return false;
	for (struct stream *st = l->streams; st != NULL; st = st->next)
		if (st->reading && (silent == NULL ||
		    st->heard_ms < silent->heard_ms))
			silent = st;
	if (silent == NULL ||
	    uv_now(l->loop) - silent->heard_ms < (uint64_t)l->idle_ms)
		return false;
	source_count(&l->base, COUNTER_connections_silent_total);
	stream_close(silent);
	return true;
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	struct stream *st;
	char name[160];

	if (status < 0) {
		source_count(&l->base, COUNTER_source_errors_total);
		return;
	}
	st = must_alloc(sizeof(*st));
	st->owner = l;
	if (l->is_pipe)
		REQUIRE(uv_pipe_init(l->loop, &st->uv.pipe, 0) == 0);
	else
		REQUIRE(uv_tcp_init(l->loop, &st->uv.tcp) == 0);
	l->open++;
	if (uv_accept(server, &st->uv.stream) < 0) {
		refuse(l, st);
		return;
	}
	snprintf(name, sizeof(name), "%s#%" PRIu64, l->base.name,
	    ++l->accepted);
	st->in = intake_open(l->base.hub, name);
	if (st->in == NULL && make_room(l))
		st->in = intake_open(l->base.hub, name);
	if (st->in == NULL) {
		refuse(l, st);
		return;
	}
	source_count(&l->base, COUNTER_connections_total);
	st->on_closed = on_stream_closed;
	st->link = &l->streams;
	st->next = l->streams;
	if (st->next != NULL)
		st->next->link = &st->next;
	l->streams = st;
	st->uv.handle.data = st;
	if (!l->base.paused)
		stream_start(st);
}

int
listener_start(struct listener *l, struct err *err)
{
	int rc;

	l->open = 1;
	l->uv.handle.data = l;
	rc = uv_listen(&l->uv.stream, BACKLOG, on_connection);
	if (rc < 0)
		return err_set(err, rc, "%s: cannot listen: %s", l->base.name,
		    uv_strerror(rc));
	l->opened = true;
	return 0;
}

void
listener_pause(struct source *s)
{
	struct listener *l = (struct listener *)s;

	for (struct stream *st = l->streams; st != NULL; st = st->next)
		stream_pause(st);
}

void
listener_resume(struct source *s)
{
	struct listener *l = (struct listener *)s;

	for (struct stream *st = l->streams; st != NULL; st = st->next)
		stream_start(st);
}

static void
on_listener_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	l->open--;
	end_if_over(l);
}

void
listener_close(struct source *s, void (*on_closed)(struct source *s))
{
	struct listener *l = (struct listener *)s;

	l->on_closed = on_closed;
	l->closing = true;
	for (struct stream *st = l->streams; st != NULL; st = st->next)
		stream_close(st);
	uv_close(&l->uv.handle, on_listener_closed);
}
