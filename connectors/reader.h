/*
 * A file, or standard input, read by plain read() into the caller's memory;
 * gzip and zstd are recognised by content and unpacked.
 *
 * Thread: one at a time.  Owns: its descriptor, and the unpacker if needed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_READER_H
#define CONNECTORS_READER_H

#include <stdint.h>
#include <sys/types.h>

#include "engine/base/err.h"

struct reader;

/** reader_open(path, &r, err): "-" is standard input.  Returns 0, or negative
 * with a sentence. */
int reader_open(const char *path, struct reader **r, struct err *err);
void reader_close(struct reader *r);

/** reader_read(r, to, room, err): bytes put there, 0 at the end, negative: it
 * cannot be read, or is packed and broken.  ${self} is a struct reader. */
ssize_t reader_read(void *self, char *to, size_t room, struct err *err);

/** reader_bytes(r): bytes taken from the file so far (packed ones). */
uint64_t reader_bytes(const struct reader *r);

/** reader_size(path): bytes of a file; 0: no regular file. */
uint64_t reader_size(const char *path);

/** reader_waits(r): the descriptor if reading it may block for long, else -1:
 * a regular file. */
int reader_waits(const struct reader *r);

#endif
