/*
 * Posts on standard input, whatever it is: a pipe, a file, a terminal, a
 * socket.  Packed input is recognised by its first bytes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/connectors.h"
#include "connectors/file_input.h"
#include "connectors/stream.h"
#include "engine/base/must.h"

struct source_stdin {
	struct source base;
	bool is_file, over;
	struct file_input file;
	struct stream stream;
	void (*on_closed)(struct source *s);
};

static const struct setting settings[] = {{.name = NULL}};

static void
on_file_end(struct file_input *input, const struct err *err)
{
	struct source_stdin *in = input->owner;

	if (err != NULL)
		source_fail(&in->base, err);
	else
		source_end(&in->base);
}

static void
on_file_closed(struct file_input *input)
{
	struct source_stdin *in = input->owner;

	in->on_closed(&in->base);
}

/* A stream that ends closes its handle by itself; the source learns of it
 * here, unless it was being closed already. */
static void
on_stream_closed(struct stream *st)
{
	struct source_stdin *in = st->owner;

	in->over = true;
	if (in->on_closed != NULL)
		in->on_closed(&in->base);
	else if (st->err.code != 0)
		source_fail(&in->base, &st->err);
	else
		source_end(&in->base);
}

static int
open_stream(struct source_stdin *in, uv_loop_t *loop, uv_handle_type kind)
{
	struct stream *st = &in->stream;
	int rc;

	switch (kind) {
	case UV_TTY:
		return uv_tty_init(loop, &st->uv.tty, 0, 1);
	case UV_TCP:
		rc = uv_tcp_init(loop, &st->uv.tcp);
		return rc < 0 ? rc : uv_tcp_open(&st->uv.tcp, 0);
	case UV_NAMED_PIPE:
		rc = uv_pipe_init(loop, &st->uv.pipe, 0);
		return rc < 0 ? rc : uv_pipe_open(&st->uv.pipe, 0);
	default:
		return UV_EINVAL;
	}
}

static int
source_stdin_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_stdin *in = (struct source_stdin *)s;
	uv_handle_type kind = uv_guess_handle(0);
	int rc;

	in->is_file = kind == UV_FILE;
	if (in->is_file) {
		in->file = (struct file_input){
		    .loop = loop,
		    .hub = s->hub,
		    .name = "stdin",
		    .on_end = on_file_end,
		    .on_closed = on_file_closed,
		    .owner = in,
		};
		return file_input_open(&in->file, err);
	}
	rc = open_stream(in, loop, kind);
	if (rc < 0)
		return err_set(err, rc, "cannot read standard input: %s",
		    uv_strerror(rc));
	in->stream.owner = in;
	in->stream.on_closed = on_stream_closed;
	in->stream.unpack = true;
	in->stream.in = intake_open(s->hub, "stdin");
	REQUIRE(in->stream.in != NULL); /* opened before any listener */
	stream_start(&in->stream);
	return 0;
}

static void
source_stdin_pause(struct source *s)
{
	struct source_stdin *in = (struct source_stdin *)s;

	if (in->is_file)
		file_input_pause(&in->file);
	else
		stream_pause(&in->stream);
}

static void
source_stdin_resume(struct source *s)
{
	struct source_stdin *in = (struct source_stdin *)s;

	if (in->is_file)
		file_input_resume(&in->file);
	else
		stream_resume(&in->stream);
}

static void
source_stdin_close(struct source *s, void (*on_closed)(struct source *s))
{
	struct source_stdin *in = (struct source_stdin *)s;

	in->on_closed = on_closed;
	if (in->is_file)
		file_input_close(&in->file);
	else if (in->over)
		on_closed(s);
	else
		stream_close(&in->stream);
}

const struct source_type source_stdin_type = {
    .name = "stdin",
    .help = "posts on standard input",
    .settings = settings,
    .size = sizeof(struct source_stdin),
    .open = source_stdin_open,
    .pause = source_stdin_pause,
    .resume = source_stdin_resume,
    .close = source_stdin_close,
};
