/*
 * How many times has this been seen in the last hour?
 *
 * A counting table of fixed size: open addressing, and a list of entries per
 * event minute so that each is forgotten when its minute leaves the window.
 * Full: the oldest minute goes, and is counted.  Entries are asked for at the
 * start, and their pages touched as they are used; the slots double, a dozen
 * times at most, with the keys that there are at once.
 * Thread: the loop.  Owns: its tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RANKS_H
#define ENGINE_RANKS_H

#include <stdbool.h>
#include <stdint.h>

struct ranks;

/* Called when an entry with ${tag} is forgotten and none is left of its key;
 * and, for tagged entries, when it turns older than the near limit. */
struct ranks_events {
	void (*gone)(void *self, uint32_t tag);
	void (*aged)(void *self, uint32_t tag);
	void *self;
};

#define RANKS_NO_TAG 0u

/** ranks_new(entries, near_minutes, events): holds ${entries} at most. */
struct ranks *ranks_new(uint32_t entries, int near_minutes,
    const struct ranks_events *events);
void ranks_free(struct ranks *r);

/**
 * ranks_advance(r, minute): ${minute} is the newest one now; entries of
 * minutes <= ${minute} - WINDOW_MINUTES are forgotten.  Never goes back.
 */
void ranks_advance(struct ranks *r, int64_t minute);

/**
 * ranks_add(r, key, minute, tag, &first): count ${key} in ${minute}, which
 * must be inside the window; returns how many entries of it there are now.
 * ${first} (may be NULL): bit 0, it is the first with a tag; bit 1, the
 * first with a tag within the near limit.
 */
uint32_t ranks_add(struct ranks *r, uint64_t key, int64_t minute, uint32_t tag,
    unsigned *first);

/** ranks_prepare(r, key): it will be asked for soon: a hint, no more. */
void ranks_prepare(const struct ranks *r, uint64_t key);

/** ranks_count(r, key): how many entries of ${key} there are. */
uint32_t ranks_count(const struct ranks *r, uint64_t key);

/** ranks_forgotten(r): entries that went early because it was full. */
uint64_t ranks_forgotten(const struct ranks *r);

/** ranks_key(a, b): one key of two. */
uint64_t ranks_key(uint64_t a, uint64_t b);

#endif
