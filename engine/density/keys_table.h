/*
 * What the files of keys share: the table itself.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_KEYS_TABLE_H
#define ENGINE_KEYS_TABLE_H

#include "engine/base/arena.h"
#include "engine/density/keys.h"
#include "engine/names.h"

#define KEYS_SLAB 64u /* keys that are made room for at a time */
#define KEYS_MANY 64u /* more than one brand has: the heap will grow */

struct rule_department {
	const char *reason, *department; /* interned */
};

struct keys {
	struct names *names;
	struct arena *arena; /* the keys: they never go */
	struct key *slab;    /* of the latest keys */
	struct buf scratch;
	int64_t start;
	uint32_t serials;
	struct key **all;
	uint32_t all_room;
	struct key **active;
	uint32_t active_count, active_room;
	uint32_t sorted; /* so many of the first are in order */
	/* by the indices of the present rules */
	struct name **sectors, **brands, **topics;
	struct key **pseudo, **brand_keys; /* NULL: not made yet */
	const char **topic_reasons, **rule_reasons;
	const char **brand_names, **topics_fr, **topics_en;
	const char **sectors_fr, **sectors_en; /* NULL: not named */
	const char **departments; /* NULL: not said */
	/* of the rules whose own is another than their topic's; by reason */
	struct rule_department *rule_departments;
	uint32_t rule_departments_count;
	uint32_t *sector_brands;
	uint32_t sectors_count, brands_count, topics_count, rules_count;
};

/** keys_label_sort(k): the rules' own departments, to be found by reason. */
void keys_label_sort(struct keys *k);

/** keys_intern(k, text): its one copy, for as long as ${k} lives. */
const char *keys_intern(struct keys *k, struct slice text);

/** keys_watched(k, kind, a, b, c, since): the name "kind:a\nb\nc" under which
 * a sector, a brand or a topic is watched. */
struct name *keys_watched(struct keys *k, const char *kind, struct slice a,
    struct slice b, struct slice c, int64_t since);

/** keys_make(k, since, subject): a new key, with the next serial. */
struct key *keys_make(struct keys *k, int64_t since,
    enum alert_subject subject);

/** keys_activate(k, key): put it on the list of active ones. */
void keys_activate(struct keys *k, struct key *key);

/** keys_enliven(key): give it what it has while it is active. */
void keys_enliven(struct key *key);

/** keys_let_go(key): of that, and of what harm it had. */
void keys_let_go(struct key *key);

#endif
