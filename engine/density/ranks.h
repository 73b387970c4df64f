/*
 * How many times has this been seen in the last hour?
 *
 * A counting table of fixed size: open addressing.  A key is forgotten by
 * itself when its latest minute leaves the window; of keys that came more than
 * once there is a list per event minute, so that they are counted right.
 * Full: the oldest minute goes, and is counted.  The slots double, a dozen
 * times at most, with the keys that there are at once.
 * Thread: the loop.  Owns: its tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RANKS_H
#define ENGINE_RANKS_H

#include <stdint.h>

struct ranks;

/* ${minute} was forgotten early because the table was full. */
struct ranks_events {
	void (*forgot)(void *self, int64_t minute);
	void *self;
};

#define RANKS_NEVER INT64_MIN

/** ranks_new(entries, events): holds ${entries} at most; ${events} may be
 * NULL. */
struct ranks *ranks_new(uint32_t entries, const struct ranks_events *events);
void ranks_free(struct ranks *r);

/**
 * ranks_advance(r, minute): ${minute} is the newest one now; entries of
 * minutes <= ${minute} - WINDOW_MINUTES are forgotten.  Never goes back.
 */
void ranks_advance(struct ranks *r, int64_t minute);

/**
 * ranks_add(r, key, minute): count ${key}, not 0, in ${minute}, which must be
 * inside the window; returns how many entries of it there are now.
 */
uint32_t ranks_add(struct ranks *r, uint64_t key, int64_t minute);

/** ranks_add_tagged(r, key, minute, before): the same with a tag; ${before} is
 * the latest minute in which ${key} had one, or RANKS_NEVER. */
uint32_t ranks_add_tagged(struct ranks *r, uint64_t key, int64_t minute,
    int64_t *before);

/** ranks_prepare(r, key): it will be asked for soon: a hint, no more. */
void ranks_prepare(const struct ranks *r, uint64_t key);

/** ranks_count(r, key): how many entries of ${key} there are. */
uint32_t ranks_count(const struct ranks *r, uint64_t key);

/** ranks_forgotten(r): entries that went early because it was full. */
uint64_t ranks_forgotten(const struct ranks *r);

/** ranks_key(a, b): one key of two; never 0. */
static inline uint64_t
ranks_key(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b * 0x9e3779b97f4a7c15u)) + b;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	x ^= x >> 31;
	return x == 0 ? 1 : x;
}

#endif
