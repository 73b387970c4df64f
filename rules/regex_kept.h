/*
 * Codes of regexes in a kept set, so that who reads it need not compile them.
 *
 * They lie in it as PCRE2 serialises them, sixteen in a piece; a piece is
 * unpacked when a post asks for one of them.  No machine code: what comes from
 * here is for the interpreter, and compiled anew for the JIT.
 * Thread: fill: who makes the set; take: any.
 * Owns: nothing; the bytes are the set's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_REGEX_KEPT_H
#define RULES_REGEX_KEPT_H

#include <stdint.h>

struct buf;
struct regex;
struct ruleset;

/* Sets with more regexes have none of it: compiling them all takes 7 us each,
 * in front of whoever saves. */
#define REGEX_KEPT_MAX 2048u

struct regex_kept {
	uint32_t count, bytes_count;
	uint32_t *regexes; /* their numbers, rising */
	uint32_t *pieces;  /* where the piece of each sixteen begins */
	char *bytes;
};

/** regex_kept_fill(kept, regexes, count): of those the interpreter may run;
 * none of too many.  regex_kept_fini(kept): free what it filled. */
void regex_kept_fill(struct regex_kept *kept, const struct regex *regexes,
    uint32_t count);
void regex_kept_fini(struct regex_kept *kept);

/** regex_kept_pieces(kept): how many. */
uint32_t regex_kept_pieces(const struct regex_kept *kept);

/** regex_kept_take(kept, regexes, i): give regex ${i}, and others, their code,
 * if it is there. */
void regex_kept_take(const struct regex_kept *kept, struct regex *regexes,
    uint32_t i);

#endif
