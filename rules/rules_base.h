/*
 * What a load of rules leaves behind for the next one, so that only what has
 * changed is read again (rules/patch.h).  Included by rules.h.
 *
 * Thread: one load at a time.  Owns: the bytes of the files, until it is freed
 * or a load replaces them.  Never: a set; it knows one by its generation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_RULES_BASE_H
#define RULES_RULES_BASE_H

#include <stddef.h>
#include <stdint.h>

struct rules_base;

/** rules_base_new(): empty; for the loads of one process, one at a time.
 * rules_base_free(NULL) is legal. */
struct rules_base *rules_base_new(void);
void rules_base_free(struct rules_base *base);

/* Of a compiled set in a folder: it served, there was none of these files as
 * they are, or it was damaged or of another program. */
enum rules_cached { RULES_CACHE_HIT, RULES_CACHE_MISS, RULES_CACHE_REFUSED };

uint64_t rules_base_cached(
    const struct rules_base *base, enum rules_cached what);

/** rules_base_bytes(base): memory it keeps; rules_base_patches(base): loads
 * for which it served. */
size_t rules_base_bytes(const struct rules_base *base);
uint64_t rules_base_patches(const struct rules_base *base);

#endif
