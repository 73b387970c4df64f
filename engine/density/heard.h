/*
 * Which brands were heard of, and how often within an hour.
 *
 * What a brand's pace knows is seven lines of the caches wide: it is told of
 * its posts by the hour, not one by one.  What is told is the same.
 * Thread: the loop.  Owns: its tables.  Never: a key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_HEARD_H
#define ENGINE_HEARD_H

#include "engine/density/keys.h"

/* Posts of one hour: their number, the minute of the last one in order and
 * of the latest in time. */
struct heard_posts {
	uint32_t count;
	int64_t last, latest;
};

struct heard;

/** heard_new(tell, self): ${tell} gets what was heard, brands in the order in
 * which they were first named in the hour. */
struct heard *heard_new(void (*tell)(void *self, const struct key *key,
			    const struct heard_posts *posts),
    void *self);
void heard_free(struct heard *h);

/** heard_add(h, key, minute): one post. */
void heard_add(struct heard *h, struct key *key, int64_t minute);

/** heard_ahead(h, key): a hint that it comes soon. */
void heard_ahead(const struct heard *h, const struct key *key);

/** heard_settle(h): what was not told yet is told now. */
void heard_settle(struct heard *h);

/** heard_count(h), heard_at(h, i): the brands, in the order in which they were
 * first named of all. */
uint32_t heard_count(const struct heard *h);
struct key *heard_at(const struct heard *h, uint32_t i);

#endif
