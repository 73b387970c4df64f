/*
 * A record as bytes of a file, its author under a key.
 *
 * A member that is added to struct record and that the loop reads is to be
 * added here too: a warm restart judges what was read back.
 * Thread: the loop.  Owns: nothing.  Never: an author's name on the disk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECORD_PACK_H
#define ENGINE_RECORD_PACK_H

#include "engine/base/pack.h"
#include "engine/record.h"

/**
 * record_pack(r, text, account, hex, out): all but times, line and shares;
 * ${text} is what its parts point into, or NULL.  ${hex}: the digits of its
 * author, which only a record that is RECORD_KEYED may do without.
 */
void record_pack(const struct record *r, const char *text, uint64_t account,
    const char *hex, struct buf *out);

/** record_named(r): its author is to be given as digits. */
static inline bool
record_named(const struct record *r)
{
	return r->author.len > 0 && !(r->flags & RECORD_KEYED);
}

/** record_unpack(r, text, in): the same back, flagged RECORD_KEYED; its
 * parts are put behind ${text}. */
void record_unpack(struct record *r, struct buf *text, struct unpack *in);

#endif
