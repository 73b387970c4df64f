/*
 * Bytes of an input, unpacked if they are packed.
 *
 * The first bytes say what it is: gzip (several members, one after another),
 * zstd (several frames, skippable ones too) or anything else, which passes
 * through unchanged.  Works block by block on the caller's buffers; a cut of
 * the input anywhere gives the same output.
 * Thread: one at a time.  Owns: the state of the library, at most about
 * 128 MiB (the largest window of zstd that is accepted), usually far less.
 * Never: reads ahead, looks at file names, blocks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_INFLATE_H
#define CONNECTORS_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/err.h"

enum inflate_result {
	INFLATE_END,  /* the input is over and all of it is in the output */
	INFLATE_MORE, /* all of ${in} is used: hand in the next bytes */
	INFLATE_FULL, /* ${out} is full: take it, then call again with the rest
	               * of ${in}, even when that is empty */
};

struct inflate;

/** inflate_open(): for one input from its first byte; never NULL. */
struct inflate *inflate_open(void);

/** inflate_close(z): free it; NULL is legal. */
void inflate_close(struct inflate *z);

/** inflate_reset(z): as freshly opened, memory kept. */
void inflate_reset(struct inflate *z);

/**
 * inflate_feed(z, in, in_len, last, &used, out, room, &made, err): read from
 * ${in} (may be NULL with ${in_len} 0) and write up to ${room} > 0 bytes.
 * ${last} says that nothing follows ${in}.  Sets ${used} and ${made} always,
 * on errors too: what was made before a cut end is good.  Returns an enum
 * inflate_result, or a negative code: broken or truncated input, with the
 * format, the place in the packed input and the reason in ${err}; the state
 * then only takes inflate_reset and inflate_close.  Of a broken input, bytes
 * that its checksum would have refused may have come out before.
 */
int inflate_feed(struct inflate *z, const char *in, size_t in_len, bool last,
    size_t *used, char *out, size_t room, size_t *made, struct err *err);

/** inflate_format(z): "gzip", "zstd", "plain", or "unknown" before the first
 * four bytes. */
const char *inflate_format(const struct inflate *z);

#endif
