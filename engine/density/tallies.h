/*
 * How many accounts did harm to a key within the hour, and within the near
 * half of it.
 *
 * An account counts at the latest minute in which it did harm.  Each minute
 * has a list of the keys for which some account was counted there, or moved
 * on from there; both numbers follow from walking it when the minute turns
 * older, in the order of memory, and nothing is looked for.
 * Thread: the loop.  Owns: the lists.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_TALLIES_H
#define ENGINE_TALLIES_H

#include <stdint.h>

#include "engine/density/ranks.h"

struct tallies;

/** tallies_new(near_minutes): the near part of the window. */
struct tallies *tallies_new(int near_minutes);
void tallies_free(struct tallies *t);

/** tallies_advance(t, minute): ${minute} is the newest one now. */
void tallies_advance(struct tallies *t, int64_t minute);

/** tallies_add(t, key, minute, before): an account did harm to ${key} < 2^31,
 * and before that in the minute ${before}, or RANKS_NEVER. */
void tallies_add(struct tallies *t, uint32_t key, int64_t minute,
    int64_t before);

/** tallies_forget(t, minute): who was counted there is not any more. */
void tallies_forget(struct tallies *t, int64_t minute);

/** tallies_hour(t, key), tallies_near(t, key): accounts. */
uint32_t tallies_hour(const struct tallies *t, uint32_t key);
uint32_t tallies_near(const struct tallies *t, uint32_t key);

#endif
