/*
 * What conditions over time have counted: the state behind signal_condition.c.
 *
 * Conditions are known by their ids and texts, so that a reload keeps the
 * windows of those that it did not change.
 * Thread: the loop.  Owns: copies of the conditions, their watches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CONDITIONS_H
#define ENGINE_CONDITIONS_H

#include "engine/base/limits.h"
#include "engine/base/pack.h"
#include "engine/density/signal.h"
#include "engine/density/tally.h"

/* A copy of what the rules say. */
struct condition {
	char *id, *text, *name_fr, *name_en;
	struct rules_term *terms;
	uint8_t *steps;
	uint32_t terms_count, steps_count;
	uint8_t level;
	bool gone; /* no longer among the rules */
	struct watch **watches; /* by serial of the key */
	uint32_t watches_count;
};

/* One term at the end of a minute. */
struct reading {
	uint64_t value;
	int64_t threshold, norm; /* millionths; -1: not known yet */
	bool holds;
};

struct watch {
	struct condition *of;
	struct key *key;
	bool awake; /* something is in its windows, or it is open */
	bool open;
	int64_t open_at;
	int64_t held_at; /* last minute in which it held */
	struct tally *tallies;
	struct reading *readings;
	int64_t *frozen; /* norms of when it began */
};

/* All zero is empty. */
struct conditions {
	struct condition **all;
	uint32_t count;
	struct condition **map; /* by index of the present rules */
	uint64_t rules;         /* id of those */
	bool mapped;
	struct watch **awake;
	uint32_t awake_count, awake_room;
	uint32_t watches;
	int64_t minute; /* the last one judged */
};

void conditions_fini(struct conditions *c);

/** conditions_map(c, rules): indices mean this set from now on. */
void conditions_map(struct conditions *c, const struct ruleset *rules);

/** conditions_watch(c, index, key, minute): awake in the open ${minute}; NULL
 * when there are too many. */
struct watch *conditions_watch(struct conditions *c, uint32_t index,
    struct key *key, int64_t minute);

/** conditions_find(of, key): its watch of ${key}, or NULL. */
struct watch *conditions_find(const struct condition *of,
    const struct key *key);

/** conditions_add(of, key, minute): a watch of ${key}, which has none. */
struct watch *conditions_add(struct condition *of, struct key *key,
    int64_t minute);

/** conditions_wake(c, w): it is judged from now on. */
void conditions_wake(struct conditions *c, struct watch *w);

enum condition_change { CONDITION_SAME, CONDITION_BEGINS, CONDITION_ENDS };

/** conditions_judge(w, minute): ${minute} is over. */
enum condition_change conditions_judge(struct watch *w, int64_t minute);

/** conditions_rest(c): let those sleep that have nothing to count. */
void conditions_rest(struct conditions *c);

/** conditions_save(c, out), conditions_load(c, in, keys): for a file, with
 * copies of the conditions, as rules come later; into an empty one.  Load
 * returns false when it is not of this version. */
void conditions_save(const struct conditions *c, struct buf *out);
bool conditions_load(struct conditions *c, struct unpack *in,
    const struct keys *keys);

#endif
