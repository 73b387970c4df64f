/*
 * The same posts again and again, as if time went on.
 *
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_GENERATOR_REPEAT_H
#define BENCH_GENERATOR_REPEAT_H

#include <stdint.h>
#include <stdio.h>

/** repeat_write(in, to, rounds, over_ms): the posts of ${in} so many times.
 * In each round ids get a suffix and times move on by the span of the file;
 * times are drawn out until the whole takes ${over_ms}.  Reads all of ${in}
 * into memory.  0, or -1 when ${to} cannot be written. */
int repeat_write(FILE *in, FILE *to, unsigned rounds, int64_t over_ms);

#endif
