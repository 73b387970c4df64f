/*
 * The parts of a key: the pairs of a brand, the brands of a sector, by id.
 *
 * Thread: the loop.  Owns: nothing; the list belongs to its key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_KEY_PARTS_H
#define ENGINE_KEY_PARTS_H

#include "engine/density/keys.h"

/** key_parts_order(a, b): sector, brand, pair, by id; as strcmp. */
int key_parts_order(const struct key *a, const struct key *b);

/** key_parts_add(up, part): ${part} is one of ${up}'s from now on. */
void key_parts_add(struct key *up, struct key *part);

/** key_parts_pair(brand, topic): its pair with ${topic}, or NULL. */
struct key *key_parts_pair(const struct key *brand, const char *topic);

/** key_parts_active(key): whether any of its parts is. */
bool key_parts_active(const struct key *key);

#endif
