/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_socket.h"

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/redis_entries.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

/* Room for one read. */
#define READ_BYTES (128u << 10)

struct redis_socket {
	struct redis_socket_setup setup;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} u;
	/* Active while something is to be written: it runs once, before the
	 * loop waits the next time. */
	uv_idle_t turn;
	uv_connect_t connect;
	uv_write_t write;
	int refused; /* at once, to be told from the loop */
	bool writing, lost, closing;
	bool walking; /* in a reply with entries */
	bool reading; /* in another one */
	unsigned handles;
	redisReader *reader;
	struct buf in, out, under_way; /* that: of a write that waits */
};

/* Stands for every reply that was walked. */
static const redisReply walked = {.type = REDIS_REPLY_ARRAY};

static void
lose(struct redis_socket *s, const char *what, const char *why)
{
	char text[300];

	if (s->closing || s->lost)
		return;
	s->lost = true;
	snprintf(text, sizeof(text), "%s: %s", what, why);
	s->setup.on_lost(s->setup.arg, text);
}

/* ---- in ------------------------------------------------------------------ */

/* Give ${bytes} to hiredis and take what replies that makes. */
static void
read_tree(struct redis_socket *s, struct slice bytes)
{
	void *reply = NULL;

	s->reading = true;
	if (redisReaderFeed(s->reader, bytes.data, bytes.len) != REDIS_OK) {
		lose(s, "connection lost", s->reader->errstr);
		return;
	}
	for (;;) {
		if (redisReaderGetReply(s->reader, &reply) != REDIS_OK) {
			lose(s, "connection lost", s->reader->errstr);
			return;
		}
		if (reply == NULL)
			return;
		s->reading = false;
		s->setup.on_reply(s->setup.arg, reply);
		freeReplyObject(reply);
		if (s->closing)
			return;
	}
}

static bool
is_entries(const struct redis_socket *s, struct slice left)
{
	return redis_entries_awaits(s->setup.entries) &&
	    left.data[0] == '*' && left.data[1] != '-';
}

/* Where a reply that is to be walked may follow, others are read line by line:
 * every reply ends with a line.  How many bytes were taken. */
static size_t
take_some(struct redis_socket *s, struct slice left)
{
	const char *newline;
	size_t used;
	int rc;

	if (!s->walking && !s->reading) {
		if (left.len < 2)
			return 0;
		s->walking = is_entries(s, left);
	}
	if (!s->walking) {
		newline = memchr(left.data, '\n', left.len);
		if (newline == NULL)
			return 0;
		left.len = (size_t)(newline + 1 - left.data);
		read_tree(s, left);
		return left.len;
	}
	rc = redis_entries_walk(s->setup.entries, left, &used);
	if (rc < 0)
		lose(s, "connection lost", "a reply that is none");
	if (rc > 0) {
		s->walking = false;
		s->setup.on_reply(s->setup.arg, &walked);
	}
	return used;
}

static void
take(struct redis_socket *s)
{
	struct slice left = buf_slice(&s->in);

	while (left.len > 0 && !s->closing && !s->lost) {
		size_t n = left.len;

		if (s->setup.entries == NULL)
			read_tree(s, left);
		else
			n = take_some(s, left);
		if (n == 0)
			break;
		left.data += n;
		left.len -= n;
	}
	if (left.len > 0 && left.len < s->in.len)
		memmove(s->in.data, left.data, left.len);
	s->in.len = left.len;
	if (!s->closing)
		s->setup.on_read(s->setup.arg);
}

static void
on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct redis_socket *s = handle->data;

	(void)suggested;
	*buf = uv_buf_init(buf_reserve(&s->in, READ_BYTES), READ_BYTES);
}

static void
on_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct redis_socket *s = stream->data;

	(void)buf;
	if (s->closing || s->lost || n == 0)
		return;
	if (n < 0) {
		lose(s, "connection lost",
		    n == UV_EOF ? "the server closed it"
				: uv_strerror((int)n));
		return;
	}
	s->in.len += (size_t)n;
	take(s);
}

/* ---- out ----------------------------------------------------------------- */

static void write_out(struct redis_socket *s);

static void
on_written(uv_write_t *request, int status)
{
	struct redis_socket *s = request->data;

	s->writing = false;
	buf_clear(&s->under_way);
	if (s->closing)
		return;
	if (status < 0)
		lose(s, "connection lost", uv_strerror(status));
	else if (s->out.len > 0)
		write_out(s);
}

static void
write_out(struct redis_socket *s)
{
	uv_buf_t all = uv_buf_init(s->out.data, (unsigned)s->out.len);
	int n = uv_try_write(&s->u.stream, &all, 1);
	struct buf idle = s->under_way;

	if (n == (int)s->out.len) {
		buf_clear(&s->out);
		return;
	}
	/* What is wrong with it is told from the loop. */
	s->under_way = s->out;
	s->out = idle;
	n = n < 0 ? 0 : n;
	all = uv_buf_init(
	    s->under_way.data + n, (unsigned)s->under_way.len - (unsigned)n);
	s->writing = true;
	s->write.data = s;
	REQUIRE(uv_write(&s->write, &s->u.stream, &all, 1, on_written) == 0);
}

static void
on_turn(uv_idle_t *turn)
{
	struct redis_socket *s = turn->data;

	uv_idle_stop(turn);
	if (s->closing || s->lost)
		return;
	if (s->refused != 0)
		lose(s, "cannot connect", uv_strerror(s->refused));
	else if (!s->writing && s->out.len > 0)
		write_out(s);
}

void
redis_socket_flush(struct redis_socket *s)
{
	if (!s->writing && s->out.len > 0)
		write_out(s);
}

static char *
put_head(char *to, char kind, size_t n)
{
	char digits[20];
	int count = 0;

	*to++ = kind;
	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (count > 0)
		*to++ = digits[--count];
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

void
redis_socket_put(struct redis_socket *s, int argc, const char *const *argv,
    const size_t *lens)
{
	size_t most = 32;
	char *from, *to;

	for (int i = 0; i < argc; i++)
		most += lens[i] + 32;
	from = to = buf_reserve(&s->out, most);
	to = put_head(to, '*', (size_t)argc);
	for (int i = 0; i < argc; i++) {
		to = put_head(to, '$', lens[i]);
		memcpy(to, argv[i], lens[i]);
		to += lens[i];
		*to++ = '\r';
		*to++ = '\n';
	}
	s->out.len += (size_t)(to - from);
	uv_idle_start(&s->turn, on_turn);
}

/* ---- its life ------------------------------------------------------------ */

static void
on_connected(uv_connect_t *request, int status)
{
	struct redis_socket *s = request->data;

	if (s->closing)
		return;
	if (status == 0)
		status = uv_read_start(&s->u.stream, on_room, on_bytes);
	if (status < 0)
		lose(s, "cannot connect", uv_strerror(status));
	else
		s->setup.on_connected(s->setup.arg);
}

static void
begin(struct redis_socket *s)
{
	uv_loop_t *loop = s->setup.loop;

	s->connect.data = s;
	if (s->setup.address == NULL) {
		REQUIRE(uv_pipe_init(loop, &s->u.pipe, 0) == 0);
		s->u.handle.data = s;
		uv_pipe_connect(
		    &s->connect, &s->u.pipe, s->setup.path, on_connected);
		return;
	}
	REQUIRE(uv_tcp_init(loop, &s->u.tcp) == 0);
	s->u.handle.data = s;
	uv_tcp_nodelay(&s->u.tcp, 1);
	s->refused = uv_tcp_connect(
	    &s->connect, &s->u.tcp, s->setup.address, on_connected);
	if (s->refused != 0)
		uv_idle_start(&s->turn, on_turn);
}

struct redis_socket *
redis_socket_new(const struct redis_socket_setup *setup)
{
	struct redis_socket *s = must_alloc(sizeof(*s));

	s->setup = *setup;
	s->reader = redisReaderCreate();
	REQUIRE(s->reader != NULL);
	REQUIRE(uv_idle_init(setup->loop, &s->turn) == 0);
	s->turn.data = s;
	s->handles = 2;
	begin(s);
	return s;
}

static void
on_closed(uv_handle_t *handle)
{
	struct redis_socket *s = handle->data;
	void (*on_gone)(void *arg) = s->setup.on_gone;
	void *arg = s->setup.arg;

	if (--s->handles > 0)
		return;
	redisReaderFree(s->reader);
	buf_fini(&s->in);
	buf_fini(&s->out);
	buf_fini(&s->under_way);
	free(s);
	on_gone(arg);
}

void
redis_socket_close(struct redis_socket *s)
{
	REQUIRE(!s->closing);
	s->closing = true;
	uv_close(&s->u.handle, on_closed);
	uv_close((uv_handle_t *)&s->turn, on_closed);
}
