/*
 * Random numbers with a seed that somebody chose (xoshiro256**, Blackman and
 * Vigna 2018; seeded by splitmix64).  The same seed gives the same numbers on
 * every machine.  Never for secrets.  Thread: one per struct.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_RAND_H
#define ENGINE_BASE_RAND_H

#include <stdint.h>

struct rand {
	uint64_t s[4];
};

void rand_seed(struct rand *r, uint64_t seed);
uint64_t rand_next(struct rand *r);

/** rand_below(r, n): 0..n-1, n > 0, without bias that matters (n < 2^32). */
uint32_t rand_below(struct rand *r, uint32_t n);

/** rand_unit(r): [0, 1). */
double rand_unit(struct rand *r);

#endif
