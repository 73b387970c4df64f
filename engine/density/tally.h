/*
 * How often a term of a condition was true within its window: posts, or
 * different accounts, and what is normal for it.
 *
 * The norm is the density detector's, fed with posts per tick of five minutes:
 * window / 5 times exp(mu) - 1 (detector.h), known after a day.
 * Thread: the loop.  Owns: its buckets, one per minute of the window.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include "engine/density/crowd.h"
#include "engine/density/detector.h"
#include "rules/rules.h"

struct tally {
	uint32_t *buckets; /* by minute % room */
	uint32_t room, window;
	int64_t minute;    /* newest */
	int64_t ticked;    /* last minute that the detector knows of */
	uint64_t total;    /* of the window */
	struct crowd crowd;
	struct detector detector;
	bool authors, of_norm;
};

/** tally_init(t, term, minute, since): empty at ${minute}; it has been
 * watched since ${since}. */
void tally_init(struct tally *t, const struct rules_term *term,
    int64_t minute, int64_t since);
void tally_fini(struct tally *t);

/** tally_add(t, account, minute): one post; too old ones do not count. */
void tally_add(struct tally *t, uint64_t account, int64_t minute);

/** tally_close(t, minute): ${minute} is over; what left the window goes. */
void tally_close(struct tally *t, int64_t minute);

/** tally_value(t): posts or accounts of the window. */
uint64_t tally_value(const struct tally *t);

/** tally_norm(t): posts of a normal window in millionths; -1: not known yet,
 * or not asked for. */
int64_t tally_norm(const struct tally *t);

/** tally_save(t, out), tally_load(t, in): for a file; into one that
 * tally_init made of the same term. */
void tally_save(const struct tally *t, struct buf *out);
void tally_load(struct tally *t, struct unpack *in);

#endif
