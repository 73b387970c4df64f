/*
 * One connection, pipe or terminal, read straight into its intake; with
 * unpack, one whose first bytes are gzip or zstd goes through a feed.
 *
 * Thread: the loop.  Owns: the uv handle and the intake, until on_closed.
 * Never: writes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_STREAM_H
#define CONNECTORS_STREAM_H

#include <uv.h>

#include "connectors/feed.h"

struct stream {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
		uv_tty_t tty;
	} uv; /* initialised by the owner */
	struct intake *in;
	struct stream *next, **link; /* a list of the owner's */
	void *owner;
	/* the handle is closed, as is the intake; ${st} may be freed */
	void (*on_closed)(struct stream *st);
	bool unpack;
	/* its own */
	bool reading, closing;
	bool asking; /* libuv asks for room: no uv_read_stop meanwhile */
	bool headed; /* the first bytes were seen */
	uint64_t heard_ms; /* uv_now when it last spoke or was resumed */
	struct feed *feed; /* packed input, else NULL */
	struct err err;    /* code 0, or what ended it */
};

/** stream_start(st): read until it ends; on_closed then comes by itself. */
void stream_start(struct stream *st);

void stream_pause(struct stream *st);
void stream_resume(struct stream *st);

/** stream_close(st): end it now; on_closed comes later. */
void stream_close(struct stream *st);

#endif
