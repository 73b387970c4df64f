/*
 * Posts that come twice: (source, id) within 60 minutes of the clock.
 *
 * Thread: the loop.  Owns: a fixed table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SEEN_H
#define ENGINE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

struct seen;

struct seen *seen_new(uint32_t ids);
void seen_free(struct seen *s);

/** seen_advance(s, minute): the newest minute is now ${minute}. */
void seen_advance(struct seen *s, int64_t minute);

/** seen_prepare(s, id): a hint that ${id} comes soon. */
void seen_prepare(const struct seen *s, uint64_t id);

/** seen_before(s, id, minute): true for a repetition; else remember it. */
bool seen_before(struct seen *s, uint64_t id, int64_t minute);

/** seen_forgotten(s): ids dropped early because the table was full. */
uint64_t seen_forgotten(const struct seen *s);

#endif
