/*
 * Reading inputs one after another without a loop: for files and pipes given
 * to match and replay.  Reads go straight into the batches.
 *
 * Thread: main.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PULL_H
#define ENGINE_PULL_H

#include <sys/types.h>

#include "engine/base/err.h"
#include "engine/pipeline.h"

struct pull_input {
	const char *name;
	/* up to ${room} bytes; 0 at the end, negative with ${err} */
	ssize_t (*read)(void *self, char *to, size_t room, struct err *err);
	void *self;
	/* may block for long: watched while batches fly; -1: a file */
	int fd;
};

/**
 * pull_read(p, input, on_turn, self): read all of ${input}.  ${on_turn}
 * (may be NULL) is called after each read; when it says false, reading ends
 * there.  Returns 0, or the negative code of a read that failed; what was
 * read before is judged all the same.
 */
int pull_read(struct pipeline *p, const struct pull_input *input,
    bool (*on_turn)(void *self), void *self, struct err *err);

/** pull_end(p): no further input; wait until all has been collected. */
void pull_end(struct pipeline *p);

#endif
