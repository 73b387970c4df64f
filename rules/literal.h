/*
 * Literals that a regex cannot match without.
 *
 * Reads the pattern's text, conservatively: what it does not understand
 * gives no literal, never a wrong one.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_LITERAL_H
#define RULES_LITERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"
#include "rules/frequency.h"

#define LITERAL_BYTES_MAX 48u
#define LITERALS_MAX 64u

struct literal {
	char text[LITERAL_BYTES_MAX];
	uint32_t len;
	/* stands where PCRE2 sees a word begin; ASCII letters only */
	bool starts_word;
	bool whole; /* and where it ends PCRE2 sees the word end */
	/* the token after it begins with, or the one before it ends with,
	 * these bytes; as struct hook keeps them */
	bool near_before;
	uint8_t near_bytes; /* 0: nothing is known */
	uint32_t near;
	/* all of that token, where both are whole */
	char beside[LITERAL_BYTES_MAX];
	uint32_t beside_len; /* 0: it is not known */
	uint32_t cost;       /* as frequency.h */
};

/* One of them occurs in each match. */
struct literal_set {
	struct literal items[LITERALS_MAX];
	uint32_t count; /* 0: none is known */
	uint32_t cost;  /* sum */
};

/**
 * literal_find(out, frequency, pattern, caseless): the cheapest set of
 * literals, at least one of which is in every text that matches.
 */
void literal_find(struct literal_set *out, struct frequency *frequency,
    struct slice pattern, bool caseless);

#endif
