/*
 * From a source's own buffer into an intake, unpacking on the way: for files
 * and packed pipes, whose reads cannot go straight into a batch.
 *
 * Keeps what the intake has no room for until the source is resumed.
 * Thread: the loop.  Owns: its buffer and the unpacker; not the intake.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_FEED_H
#define CONNECTORS_FEED_H

#include "connectors/inflate.h"
#include "engine/intake.h"

#define FEED_BYTES (256u << 10)

struct feed {
	struct intake *in;
	struct inflate *z;
	char *bytes; /* FEED_BYTES */
	size_t at, len;
	bool last; /* nothing follows what is in bytes */
};

enum feed_result { FEED_MORE, FEED_WAIT, FEED_END };

void feed_init(struct feed *f, struct intake *in);
void feed_fini(struct feed *f);

/**
 * feed_push(f, err): move bytes[at..len) on.  FEED_MORE: all of it went, fill
 * the buffer again; FEED_WAIT: no room, call again after a resume; FEED_END;
 * or negative: broken packed input.
 */
int feed_push(struct feed *f, struct err *err);

#endif
