/*
 * How many alerts each brand has had in a week, against what its people can
 * look into: the noise budget.  It is told, and nothing is held back by it.
 *
 * Counted are alerts that begin (not their further messages) about a brand or
 * one of its topics, and those of a sector for itself, in seven days of UTC.
 * Thread: the loop.  Owns: its rows, one per brand that ever had an alert.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BUDGET_H
#define ENGINE_BUDGET_H

#include "engine/density/keys.h"

struct budget;

struct budget *budget_new(void);
void budget_free(struct budget *b);

/** budget_count(b, key, minute, begins): alerts of the seven days up to that
 * of ${minute}, with this one when it ${begins}. */
uint32_t budget_count(struct budget *b, const struct key *key,
    int64_t minute, bool begins);

/** budget_json(b, minute, budget, out): a list of those that had alerts in the
 * seven days up to that of ${minute}; returns how many are over ${budget}. */
uint32_t budget_json(const struct budget *b, int64_t minute, int64_t budget,
    struct buf *out);

/** budget_over(b, budget, out): for people, "KitKat 8, Lion 6": who had more
 * than ${budget} alerts in seven days since the start, and how many in the
 * worst seven; returns how many they are. */
uint32_t budget_over(const struct budget *b, int64_t budget, struct buf *out);

/** budget_save(b, out), budget_load(b, in, keys): for a file. */
struct unpack;
void budget_save(const struct budget *b, struct buf *out);
void budget_load(struct budget *b, struct unpack *in,
    const struct keys *keys);

#endif
