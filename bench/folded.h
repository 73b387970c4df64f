/*
 * The folded posts that benches of matching share.
 *
 * Thread: the main one.  Owns: the posts, for the life of the process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_FOLDED_H
#define BENCH_FOLDED_H

#include "bench/bench.h"
#include "engine/base/text.h"

/** bench_match_texts(state, &count): lean posts, folded; NULL: there are
 * none, and ${state} is skipped. */
const struct text *bench_match_texts(
    struct bench_state *state, uint32_t *count);

#endif
