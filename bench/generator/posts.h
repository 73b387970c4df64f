/*
 * Generated posts: lean (Jetstream's shape and followers) or fat (X v1.1), in
 * the talk, length and share of matching ones that are asked for.
 *
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_GENERATOR_POSTS_H
#define BENCH_GENERATOR_POSTS_H

#include <stdio.h>

#include "bench/generator/words.h"

struct posts_wish {
	bool fat;
	enum words_lang lang;
	uint32_t count, seed;
	uint32_t length;  /* bytes of text, about; 0: 40 to 230 as people do */
	uint32_t percent; /* of posts that fire one of ${rules} rules */
	uint32_t rules;
	uint32_t span_s;  /* from the first to the last of them */
};

/** posts_write(out, wish): one a line. */
void posts_write(FILE *out, const struct posts_wish *wish);

#endif
