/*
 * The inside of the control socket: connections (control.c), requests and
 * answers (control_call.c), the socket's file (control_bind.c).
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CONTROL_PARTS_H
#define ENGINE_CONTROL_PARTS_H

#include "engine/base/limits.h"
#include "engine/control/control.h"

struct control_client {
	struct control *control;
	struct control_client *next, **link;
	uv_pipe_t pipe;
	char line[CONTROL_LINE_BYTES_MAX];
	size_t len;
	struct control_call *call; /* not yet answered, or NULL */
	struct buf answer;         /* being written */
	uv_write_t write;
	uint64_t idle_since; /* uv_now */
	bool writing, eof, closing;
	bool hang_up; /* after the answer */
};

struct control {
	struct control_options o;
	uv_pipe_t server;
	uv_timer_t sweep;
	struct control_client *first;
	unsigned clients, handles;
	bool closing;
};

struct control_call {
	struct control_client *client; /* NULL: gone */
	const char *command;
	char argument[CONTROL_LINE_BYTES_MAX];
	size_t argument_len;
	struct buf out;
};

/** control_request(client, line, used): run one line; ${used} bytes of
 * client->line go.  A line without data was too long. */
void control_request(
    struct control_client *client, struct slice line, size_t used);

/** control_send(client): client->answer. */
void control_send(struct control_client *client);

/** control_bind(pipe, path, err): with mode 0600; 0 or negative. */
int control_bind(uv_pipe_t *pipe, const char *path, struct err *err);

/** control_parse(line, command, argument): the two members of a request, as
 * texts; 0, or what is wrong with it. */
int control_parse(struct slice line, struct buf *command,
    struct buf *argument, struct err *err);

#endif
