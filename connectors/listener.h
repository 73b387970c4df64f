/*
 * What listens and the connections it accepted: the common half of the tcp
 * and unix sources.  Each connection is an input of its own with its own open
 * batch, so a slow one delays nobody.  Above INPUTS_MAX a new one takes the
 * place of the one that has been silent longest, if for idle_ms or more, else
 * it is refused.
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
	int64_t idle_ms; /* a setting, LISTENER_IDLE; 0: never */
	void (*on_closed)(struct source *s);
};

/* A row of the settings of every source that begins with a listener. */
#define LISTENER_IDLE                                                         \
	{                                                                     \
		.name = "idle",                                               \
		.type = SETTING_DURATION,                                     \
		.fallback = "10m",                                            \
		.max = INT64_MAX,                                             \
		.offset = offsetof(struct listener, idle_ms),                 \
		.help = "when no input is free, a connection that was "       \
			"silent so long makes room for a new one; 0s: never"  \
	}

/** listener_start(l, err): listen; ${l}->loop and is_pipe are set. */
int listener_start(struct listener *l, struct err *err);

/* As the members of struct source_type. */
void listener_pause(struct source *s);
void listener_resume(struct source *s);
void listener_close(struct source *s, void (*on_closed)(struct source *s));

#endif
