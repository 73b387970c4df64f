/*
 * The nearest to our fold that ICU has: case folding, NFD, U+0300-036F
 * dropped, through UTF-16.
 *
 * Thread: the main one.  Owns: its buffers, for the life of the process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_ICU_FOLD_H
#define BENCH_ICU_FOLD_H

#include "bench/bench.h"
#include "engine/base/text.h"

/** icu_fold_here(): whether ICU was there when this was built. */
bool icu_fold_here(void);

/** icu_fold(text): valid until the next call. */
struct slice icu_fold(struct slice text);

/** icu_fold_same_letters(t): the share of the letters of Latin (but for what
 * NFKC or the contract make of some), Greek and Cyrillic that ${t} folds to the
 * same bytes. */
double icu_fold_same_letters(struct text *t);

#endif
