/*
 * Inside of the sketch: the smallest of four orders over runs of three.
 *
 * A run has one hash of 32 bits, well mixed; turned by a byte it is another
 * order of the runs, which has nothing to do with the first as long as there
 * are far fewer runs than a byte has values, and little beyond.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SKETCH_LEAST_H
#define ENGINE_SKETCH_LEAST_H

#include <stdint.h>

#define SKETCH_RUN 3u    /* tokens of a shingle */
#define SKETCH_ORDERS 4u /* two per half */
#define SKETCH_FACTOR_TOKEN UINT32_C(0x9e3779b1)
#define SKETCH_FACTOR_RUN UINT32_C(0x85ebca6b)

/**
 * sketch_least(least, tokens, runs): lower ${least} by the runs that begin at
 * each of the first ${runs} of ${tokens}: hashes with OUTLINE_SPARE more
 * behind them, of which the first two are tokens.  All give the same; that of
 * AVX2 wants it.
 */
typedef void sketch_least(uint32_t least[SKETCH_ORDERS],
    const uint32_t *tokens, uint32_t runs);
sketch_least sketch_least_plain, sketch_least_avx2, sketch_least_avx512;

/**
 * sketch_take(to, hashes, which): those of 64 ${hashes} that ${which} has bits
 * for, one behind the other; returns how many.  Something may be written
 * behind them, no further than OUTLINE_SPARE.
 */
typedef uint32_t sketch_take(
    uint32_t *to, const uint32_t *hashes, uint64_t which);
sketch_take sketch_take_plain, sketch_take_avx512;

#endif
