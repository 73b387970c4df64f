/*
 * The tokens of a post that are like one key, or that a map may know: up to
 * 64 at a time, a bit for each.
 *
 * Vectors where the processor has them; all paths give the same bits.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_SCAN_H
#define RULES_SCAN_H

#include "rules/prefilter.h"

#define SCAN_TOKENS 64u /* at a time, at most */

/** scan_keys(keys, count, key, mask): bit i: ${keys}[i] is ${key} in the bits
 * of ${mask}. */
uint64_t scan_keys(
    const uint64_t *keys, uint32_t count, uint64_t key, uint64_t mask);

/** scan_map(map, keys, count, home): bit i: both bits of ${keys}[i], as an
 * anchor of ${home} would have them, are set in ${map}. */
uint64_t scan_map(const struct probe_map *map, const uint64_t *keys,
    uint32_t count, unsigned home);

#endif
