/*
 * A source in its smallest form.  To write another: a struct that begins with
 * struct source, the five functions below, one line in connectors.def.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/source_memory.h"

#include "connectors/connectors.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"

struct source_memory {
	struct source base; /* first */
	struct slice bytes;
	size_t at, piece;
	struct intake *in;
	uv_idle_t idle; /* one piece in each turn of the loop */
	void (*on_closed)(struct source *s);
};

static const struct setting settings[] = {{.name = NULL}};

void
source_memory_fill(struct source *s, struct slice bytes, size_t piece)
{
	struct source_memory *m = (struct source_memory *)s;

	REQUIRE(s->type == &source_memory_type && piece > 0);
	m->bytes = bytes;
	m->piece = piece;
}

/* Ask for room, write there, say how much.  No room: the engine has called
 * pause already, and will call resume. */
static void
on_idle(uv_idle_t *handle)
{
	struct source_memory *m = handle->data;
	size_t room, n = m->bytes.len - m->at;
	char *to;

	if (n == 0) {
		source_end(&m->base); /* the engine calls close */
		return;
	}
	to = intake_room(m->in, &room);
	if (to == NULL)
		return;
	if (n > m->piece)
		n = m->piece;
	if (n > room)
		n = room;
	memcpy(to, m->bytes.data + m->at, n);
	m->at += n;
	intake_bytes(m->in, n);
}

static int
source_memory_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_memory *m = (struct source_memory *)s;

	m->in = intake_open(s->hub, "memory");
	if (m->in == NULL)
		return err_set(err, UV_EMFILE,
		    "more than %u inputs at once", INPUTS_MAX);
	REQUIRE(uv_idle_init(loop, &m->idle) == 0);
	m->idle.data = m;
	uv_idle_start(&m->idle, on_idle);
	return 0;
}

static void
source_memory_pause(struct source *s)
{
	uv_idle_stop(&((struct source_memory *)s)->idle);
}

static void
source_memory_resume(struct source *s)
{
	uv_idle_start(&((struct source_memory *)s)->idle, on_idle);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct source_memory *m = handle->data;

	m->on_closed(&m->base);
}

/* Inputs first, then handles; on_closed when the last of them is gone. */
static void
source_memory_close(struct source *s, void (*on_closed)(struct source *s))
{
	struct source_memory *m = (struct source_memory *)s;

	m->on_closed = on_closed;
	intake_close(m->in);
	uv_close((uv_handle_t *)&m->idle, on_handle_closed);
}

const struct source_type source_memory_type = {
    .name = "memory",
    .help = "posts from memory, for tests",
    .settings = settings,
    .size = sizeof(struct source_memory),
    .open = source_memory_open,
    .pause = source_memory_pause,
    .resume = source_memory_resume,
    .close = source_memory_close,
};
