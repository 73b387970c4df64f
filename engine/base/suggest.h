/*
 * "Did you mean ...?": the known word nearest to an unknown one.
 *
 * Distance is Damerau-Levenshtein (one insertion, deletion, change or swap of
 * neighbours is one step), at most two steps and less than half the word.
 * Of equally near candidates the first offered wins.
 * Thread: one per struct.  Owns: nothing; candidates are borrowed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_SUGGEST_H
#define ENGINE_BASE_SUGGEST_H

#include <stdint.h>

#include "engine/base/slice.h"

/* Names that a help line lists before it says "...". */
#define SUGGEST_LISTED_MAX 12u

struct suggest {
	struct slice word, best;
	unsigned best_steps;
	struct slice listed[SUGGEST_LISTED_MAX];
	uint32_t offered;
};

/** suggest_start(s, word): ${word} is the unknown one. */
void suggest_start(struct suggest *s, struct slice word);

/** suggest_offer(s, candidate): a word that would have been known. */
void suggest_offer(struct suggest *s, struct slice candidate);

/**
 * suggest_say(s, what, out): "did you mean 'boycott'? lists of this file:
 * boycott, recall", where ${what} is "lists of this file"; without candidates
 * "there are no lists of this file".  ${out} is appended to, NUL-terminated.
 */
struct buf;
void suggest_say(const struct suggest *s, const char *what, struct buf *out);

/** suggest_steps(a, b, most): distance, or most + 1 when it is larger. */
unsigned suggest_steps(struct slice a, struct slice b, unsigned most);

#endif
