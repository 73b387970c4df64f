/*
 * Which rules and topics the harm of the last hour comes from.
 *
 * The harm of a post is divided among its positive reasons by their weights.
 * At most CAUSES_MAX reasons are kept at a time for one key; others still
 * count in H, only not by name.
 * Thread: the loop.  Owns: its items; the struct is the caller's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CAUSES_H
#define ENGINE_CAUSES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/limits.h"
#include "engine/base/slice.h"

#define CAUSES_MAX 24u
#define CAUSE_WORDS 4u
#define CAUSE_WORD_BYTES 48u
#define CAUSE_NOTED 5u

/* First one line of the caches, where posts bring no word that is new. */
struct cause {
	const char *name; /* "kitkat-boycott", "topic:palm-oil"; interned */
	int32_t weight_milli;
	uint32_t words_count;
	int64_t harm; /* of the window, millionths */
	/* of the words that were added last: their hashes, the latest first */
	uint64_t noted[CAUSE_NOTED];
	char words[CAUSE_WORDS][CAUSE_WORD_BYTES]; /* as posted, each once */
	int64_t minutes[WINDOW_MINUTES];
};

struct causes {
	int64_t minute;
	uint32_t count, room;
	struct cause *items; /* grows to CAUSES_MAX: most keys have few */
	uint64_t said; /* bits: minutes in which one of them has something */
	bool idle;     /* one of them may have no harm left */
	/* of each the low bits of where its name lies: an item is eleven
	 * lines of the caches, so that others are not looked at */
	uint32_t tags[CAUSES_MAX];
};
#define CAUSES_LINE 64u /* in which nearly all keys have all of theirs */

/** causes_new(minute): empty, where a line of the caches begins; to be
 * freed after causes_fini. */
struct causes *causes_new(int64_t minute);

/** causes_init(c, minute): empty; all zero before. */
void causes_init(struct causes *c, int64_t minute);

/** causes_fini(c): give the items back. */
void causes_fini(struct causes *c);

/** causes_advance(c, minute): forget what has left the hour. */
void causes_advance(struct causes *c, int64_t minute);

/** causes_ahead(c, minute): fetch what causes_advance asks for;
 * causes_ahead_add(c, minute, name): what causes_add does. */
void causes_ahead(const struct causes *c, int64_t minute);
void causes_ahead_add(const struct causes *c, int64_t minute,
    const char *name);

/** causes_tag(name): its place in tags. */
static inline uint32_t
causes_tag(const char *name)
{
	return (uint32_t)(uintptr_t)name;
}

/** causes_add(c, minute, name, weight, harm, words): ${words} are quoted
 * words with ", " between them; ${minute} lies in the window. */
void causes_add(struct causes *c, int64_t minute, const char *name,
    int32_t weight_milli, int64_t harm, struct slice words);

/** causes_ranked(c, order): indices by harm, then by name; their number. */
uint32_t causes_ranked(const struct causes *c, uint32_t order[CAUSES_MAX]);

/**
 * causes_save(c, out), causes_load(c, in, intern, self): for a file;
 * ${intern} gives the names that live as long as the keys.
 */
struct buf;
struct unpack;
void causes_save(const struct causes *c, struct buf *out);
void causes_load(struct causes *c, struct unpack *in,
    const char *(*intern)(void *self, struct slice name), void *self);

#endif
