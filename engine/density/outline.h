/*
 * Up to 64 tokens of a text, what they are and a hash of each: read once of a
 * post that leaves a record, for its sketch and its terms.
 *
 * Two loads say all of a token that has at most 12 bytes: the byte before it
 * with its first seven, and its last five with the three behind it, which may
 * be "://".  No other byte of the text is looked at, but for tokens that are
 * longer and the few bytes between those of a link.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_OUTLINE_H
#define ENGINE_OUTLINE_H

#include <stdbool.h>

#include "engine/base/text.h"

#define OUTLINE_TOKENS_MAX 64u
#define OUTLINE_SPARE 32u /* hashes that may be read behind the last */
#define OUTLINE_WORD_BYTES 6u

/* Bit i is token ${first} + i. */
struct outline {
	uint32_t first, count;
	uint32_t web_end, link_end; /* tokens up to these stand in one */
	uint64_t tokens; /* all */
	uint64_t web;    /* of links that begin with http or https */
	uint64_t links;  /* of any kind; these included */
	uint64_t names;  /* a @ stands before them */
	uint64_t tags;   /* a # does */
	uint64_t words;  /* OUTLINE_WORD_BYTES long at least */
	uint64_t letters; /* some of those that are made of letters alone */
	uint32_t hashes[OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
};

/** outline_of(o, t): of the first tokens of ${t}; outline_next(o, t): of those
 * that follow, false when there are none. */
void outline_of(struct outline *o, const struct text *t);
bool outline_next(struct outline *o, const struct text *t);

#endif
