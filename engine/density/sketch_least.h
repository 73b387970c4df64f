/*
 * Inside of the sketch: hashes of tokens, and the smallest over runs of three.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SKETCH_LEAST_H
#define ENGINE_SKETCH_LEAST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/text.h"

#define SKETCH_RUN 3u    /* tokens of a shingle */
#define SKETCH_HASHES 4u /* two per half */
#define SKETCH_AT_ONCE 64u /* tokens hashed in one go */
#define SKETCH_FACTOR UINT64_C(0xd6e8feb86659fd93)

/* A hash of a run is mixed with each of these. */
#define SKETCH_SALTS {UINT64_C(0x9e3779b97f4a7c15),                           \
	UINT64_C(0xbf58476d1ce4e5b9), UINT64_C(0x94d049bb133111eb),           \
	UINT64_C(0xc2b2ae3d27d4eb4f)}

/**
 * sketch_hash(hashes, t, first, count): XXH3 of ${count} tokens of ${t} from
 * ${first} on, SKETCH_AT_ONCE at most.
 * sketch_least(least, tokens, runs): lower ${least} by the runs that begin at
 * each of the first ${runs} of ${tokens}, hashes with two more behind them.
 * All give the same; those of AVX-512 want sketch_wide_here().
 */
typedef void sketch_hash(uint64_t *hashes, const struct text *t,
    uint32_t first, uint32_t count);
typedef void sketch_least(uint64_t least[SKETCH_HASHES],
    const uint64_t *tokens, uint32_t runs);
sketch_hash sketch_hash_plain, sketch_hash_avx512;
sketch_least sketch_least_plain, sketch_least_avx512;

/** sketch_wide_here(): whether this processor has AVX-512. */
bool sketch_wide_here(void);

#endif
