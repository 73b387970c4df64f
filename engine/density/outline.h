/*
 * Which tokens of a short text stand in links, are names or are tags: asked
 * once of a post that leaves a record, for its sketch and its terms.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_OUTLINE_H
#define ENGINE_OUTLINE_H

#include <stdbool.h>

#include "engine/base/text.h"

#define OUTLINE_TOKENS_MAX 64u
#define OUTLINE_WORD_BYTES 6u

/* Bit i is token i. */
struct outline {
	bool known;      /* else nothing of it is */
	uint64_t tokens; /* all */
	uint64_t web;    /* of links that begin with http or https */
	uint64_t links;  /* of any kind; these included */
	uint64_t names;  /* a @ stands before them */
	uint64_t tags;   /* a # does */
	uint64_t words;  /* OUTLINE_WORD_BYTES long at least */
};

/** outline_of(t): not known when ${t} is long, or without AVX-512. */
struct outline outline_of(const struct text *t);

/** outline_take(t, which, at, end): where those of ${which}, from an outline
 * of ${t}, begin and end; returns how many. */
uint32_t outline_take(const struct text *t, uint64_t which,
    uint32_t at[OUTLINE_TOKENS_MAX], uint32_t end[OUTLINE_TOKENS_MAX]);

#endif
