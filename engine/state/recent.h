/*
 * The posts that matched, as the judge took them in: what a restart judges
 * again, in the same order, and what people may look back at for 7 days.
 *
 * Frames of a log (frames.h), one per batch: names that are new to the file,
 * then events - a post, the clock passing a minute, a deletion.  Authors are
 * pseudonyms; texts are those that evidence shows, cut like them.  Ids, not
 * indices, so that it can be read under other rules.
 * Thread: the loop.  Owns: its buffers, not the log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECENT_H
#define ENGINE_RECENT_H

#include "engine/batch.h"
#include "engine/state/frames.h"
#include "engine/density/keys.h"

#define RECENT_KIND "recent"
#define RECENT_VERSION 1u

/* One post as the judge took it. */
struct recent_post {
	const struct batch *batch;
	const struct record *record;
	uint64_t account;
	int64_t now_ms; /* W, after it */
	int64_t t_ms;
	bool late;      /* in no window; its id is known */
};

/* ---- writing ----------------------------------------------------------- */

struct recent;

/** recent_new(frames, pseudonym): both are borrowed. */
struct pseudonym;
struct recent *recent_new(struct frames *frames, struct pseudonym *pseudonym);
void recent_free(struct recent *r);

/** recent_renamed(r): indices of keys mean other things from now on. */
void recent_renamed(struct recent *r);

/** recent_turn(r): the next frame begins a new file, so that the one before
 * it can be rewritten; recent_turned(r): it has, since that was asked. */
void recent_turn(struct recent *r);
bool recent_turned(const struct recent *r);

void recent_put(struct recent *r, const struct keys *k,
    const struct recent_post *post);

/** recent_clock(r, now): time passed without a post. */
void recent_clock(struct recent *r, int64_t now_ms);

/** recent_seal(r): the end of a batch: what came since the last is a frame
 * of its own, or nothing. */
void recent_seal(struct recent *r);

/* ---- reading ----------------------------------------------------------- */

struct recent_reader;

/** recent_reader_new(keys): names are looked up in ${keys}. */
struct recent_reader *recent_reader_new(const struct keys *keys);
void recent_reader_free(struct recent_reader *r);

/** recent_reader_start(r): another file begins. */
void recent_reader_start(struct recent_reader *r);

/**
 * recent_read(r, payload, wanted): one frame, in order, as a batch of records
 * (flags RECORD_KEYED); NULL when it is damaged.  Not ${wanted}: only its
 * names are read, and the batch is empty.  What the present rules do not know
 * is left out and counted.
 */
struct batch *recent_read(struct recent_reader *r,
    struct slice payload, bool wanted);

/** recent_late(r, i): record ${i} of that batch was late. */
bool recent_late(const struct recent_reader *r, uint32_t i);

/** recent_unknown(r): shares left out. */
uint64_t recent_unknown(const struct recent_reader *r);

/* ---- deletions --------------------------------------------------------- */

/** recent_strip(payload, has, self, out): the frame without the texts of the
 * posts that ${has} names; false: none of them is in it. */
bool recent_strip(struct slice payload, bool (*has)(void *self,
    uint64_t id_key), void *self, struct buf *out);

#endif
