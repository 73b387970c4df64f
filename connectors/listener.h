/*
 * What listens and the connections it accepted: the common half of the tcp
 * and unix sources.  Each connection is an input of its own with its own open
 * batch, so a slow one delays nobody; above INPUTS_MAX they are refused.
 *
 * Thread: the loop.  Owns: its handles.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_LISTENER_H
#define CONNECTORS_LISTENER_H

#include "connectors/stream.h"
#include "engine/source.h"

struct listener {
	struct source base; /* first: sources embed the listener first */
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv; /* initialised and bound by the source */
	uv_loop_t *loop;
	bool is_pipe, opened, closing;
	struct stream *streams;
	unsigned open; /* handles that are not closed yet */
	uint64_t accepted;
	void (*on_closed)(struct source *s);
};

/** listener_start(l, err): listen; ${l}->loop and is_pipe are set. */
int listener_start(struct listener *l, struct err *err);

/* As the members of struct source_type. */
void listener_pause(struct source *s);
void listener_resume(struct source *s);
void listener_close(struct source *s, void (*on_closed)(struct source *s));

#endif
