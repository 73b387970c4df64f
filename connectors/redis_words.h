/*
 * The words of a command that is being made, with the numbers in it.
 *
 * Thread: the loop.  Owns: the digits; texts are borrowed until it is sent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_WORDS_H
#define CONNECTORS_REDIS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "connectors/redis_entries.h"

#define REDIS_WORDS_MAX 1016u
#define REDIS_WORDS_ID 42u /* two numbers of 20 digits, a dash, an end */

struct redis_words {
	const char *words[REDIS_WORDS_MAX];
	size_t lens[REDIS_WORDS_MAX];
	int count;
	char texts[REDIS_WORDS_MAX][REDIS_WORDS_ID];
	uint32_t texts_count;
};

/** redis_words_begin(w, name, second): a new command; ${second} may be NULL. */
void redis_words_begin(struct redis_words *w, const char *name,
    const char *second);

/** redis_words_text(w, text), redis_words_id(w, id), redis_words_number(w, n):
 * one more word. */
void redis_words_text(struct redis_words *w, const char *text);
void redis_words_id(struct redis_words *w, struct redis_id id);
void redis_words_number(struct redis_words *w, int64_t number);

#endif
