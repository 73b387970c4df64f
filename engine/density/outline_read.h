/*
 * Inside of the outline: what is read of tokens.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_OUTLINE_READ_H
#define ENGINE_OUTLINE_READ_H

#include "engine/density/outline.h"

#define OUTLINE_HEAD 7u /* bytes of a token in its first load */
#define OUTLINE_TAIL 5u /* and in its last */
#define OUTLINE_SHORT (OUTLINE_HEAD + OUTLINE_TAIL)
#define OUTLINE_TAIL_BITS UINT64_C(0xffffffffff)
#define OUTLINE_COLON UINT64_C(0x2f2f3a) /* "://" behind the tail */

/* Factors of a token's hash. */
#define OUTLINE_FACTOR_TAIL UINT64_C(0x9e3779b97f4a7c15)
#define OUTLINE_FACTOR UINT64_C(0xd6e8feb86659fd93)

/**
 * outline_read(o, t): the hashes, names, tags, words and letters of
 * ${o->count} tokens from ${o->first} on, as if all were short; ${*colons} are
 * those with "://" behind them, ${*longer} those that are not short.  Both
 * give the same, but letters are known with AVX-512 alone, which the other
 * wants.
 */
typedef void outline_read(struct outline *o, const struct text *t,
    uint64_t *colons, uint64_t *longer);
outline_read outline_read_plain, outline_read_avx512;

#endif
