/*
 * The decoders: lines of JSON to posts (engine/decoder.h is the contract).
 *
 * The lines of a batch share one structural index.  When that refuses the
 * batch (broken UTF-8, an unclosed string, a control character in a string),
 * each of its lines is indexed alone, so that one bad line takes nothing from
 * its neighbours and the verdict on a line is always that of the line alone
 * (json_index.h says why both give the same).
 *
 * Lines that are known but for their values need no index (json_stencil.h);
 * other lines of a shape that was met before are read by it (json_shape.h),
 * the rest by the walk (json_walk.h); all find the same.
 *
 * A line is one JSON object between blanks; a byte order mark may stand in
 * front of it.  Anything else - a number, an array, two objects - is a bad
 * line.  Values that no field wants are not validated (json_walk.h), wanted
 * ones by the table of decode_field.h.  Lines end at "\n"; a "\r" before it
 * is a blank.
 * Thread: one state per worker.  Owns: index and scratch in the state.
 * Never: allocates after open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_H
#define CONNECTORS_DECODE_H

#include "engine/decoder.h"

/** decode_auto: each line by its own shape.  Longest batch: BATCH_BYTES +
 * LINE_BYTES_MAX bytes. */
extern const struct decoder decode_auto;

/** decode_find(name): "auto" or a format of decoders.def; NULL: unknown. */
const struct decoder *decode_find(const char *name);

/** decode_list(i): the i-th decoder, auto first; NULL behind the last. */
const struct decoder *decode_list(unsigned i);

/** decode_set_fast(state, on): off: every line alone, for tests; the results
 * are the same. */
void decode_set_fast(void *state, bool on);

/** decode_known_lines(state): how many lines were read by a known shape
 * (json_shape.h), for tests. */
uint64_t decode_known_lines(const void *state);

/** decode_laid_lines(state): those of them read without an index
 * (json_stencil.h). */
uint64_t decode_laid_lines(const void *state);

#endif
