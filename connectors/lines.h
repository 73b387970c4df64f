/*
 * Alerts as lines at the end of a file descriptor, off the loop.
 *
 * One write is under way at a time, on the thread pool; what comes meanwhile
 * is gathered into the next one, so that a burst costs few writes and few
 * syncs.  A write that fails (disk full, say) is tried again from the byte
 * where it stopped: no line is torn, none is written twice.  A failed sync is
 * a fault: all lines since the last good one are published again.
 * Thread: the loop.  Owns: its buffers, never the descriptor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_LINES_H
#define CONNECTORS_LINES_H

#include "engine/base/buf.h"
#include "engine/sink.h"

struct lines_batch {
	struct buf bytes;
	uint64_t *tokens;
	uint32_t count, room;
};

struct lines {
	struct sink *sink;
	uv_loop_t *loop;
	int fd;
	bool sync;         /* a line is safe after fdatasync, not before */
	bool busy;         /* the batch flight is being written or synced */
	bool waiting;      /* for the timer, after an error */
	bool failed;       /* a sync failed: takes nothing until the timer */
	bool closing;
	uint32_t wait_ms;
	size_t written;    /* bytes of flight */
	struct lines_batch flight, gather;
	uv_fs_t req;
	uv_timer_t timer;
	void (*on_closed)(struct sink *sink);
};

/** lines_open(l, sink, loop, fd, sync): ${l} is zeroed memory. */
void lines_open(struct lines *l, struct sink *sink, uv_loop_t *loop, int fd,
    bool sync);

/** lines_put(l, alert, token): its JSON and a newline; sink_done tells. */
void lines_put(struct lines *l, const struct alert *alert, uint64_t token);

/** lines_room(l): how many more are welcome. */
uint32_t lines_room(const struct lines *l);

/** lines_close(l, on_closed): after the write that is under way. */
void lines_close(struct lines *l, void (*on_closed)(struct sink *sink));

#endif
