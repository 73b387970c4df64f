/*
 * One file, read by libuv's thread pool block by block, unpacked by content.
 *
 * With follow it goes on when the file grows, and opens the path again when
 * another file has taken its name (rotation) or the file was cut.
 * Thread: the loop.  Owns: the descriptor, its intake.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_FILE_INPUT_H
#define CONNECTORS_FILE_INPUT_H

#include <uv.h>

#include "connectors/feed.h"

struct file_input {
	/* set before file_input_open */
	uv_loop_t *loop;
	struct intake_hub *hub;
	const char *path; /* NULL: ${fd} is given, for standard input */
	const char *name; /* in messages about lines */
	bool follow;
	/* all of it was read (${err} NULL) or it failed: then close it */
	void (*on_end)(struct file_input *fi, const struct err *err);
	void (*on_closed)(struct file_input *fi);
	void *owner;
	/* its own */
	uv_file fd;
	struct feed feed;
	uv_fs_t read;
	uv_timer_t look; /* follow: is there more? */
	bool reading, paused, looking, closing, over;
	bool told; /* that what took its place cannot be opened */
	uint32_t quiet, lingers; /* looks since something took it */
};

/** file_input_open(fi, err): open, begin to read. */
int file_input_open(struct file_input *fi, struct err *err);

void file_input_pause(struct file_input *fi);
void file_input_resume(struct file_input *fi);

/** file_input_close(fi): on_closed comes later, once. */
void file_input_close(struct file_input *fi);

#endif
