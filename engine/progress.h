/*
 * A line on the terminal while files are read: how far, how fast, how long
 * still.  Silent when stderr is no terminal.
 *
 * Thread: main.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include <stdio.h>

#include "engine/base/clock.h"

struct progress {
	FILE *out; /* NULL: no terminal, nothing is drawn */
	struct clock clock;
	uint64_t bytes_total; /* 0: not known */
	int64_t start_ns, drawn_ns;
	bool drawn;
};

/** progress_start(p, out, clock, bytes_total): ${out} counts only when it is
 * a terminal. */
void progress_start(struct progress *p, FILE *out, struct clock clock,
    uint64_t bytes_total);

/** progress_tick(p, bytes, posts): so far; redrawn ten times a second. */
void progress_tick(struct progress *p, uint64_t bytes, uint64_t posts);

/** progress_clear(p): take the line away: before a message, at the end. */
void progress_clear(void *p);

/** progress_line(p, now_ns, bytes, posts, line): what is drawn, at most 120
 * bytes; for tests. */
void progress_line(const struct progress *p, int64_t now_ns, uint64_t bytes,
    uint64_t posts, char line[static 120]);

#endif
