/*
 * Links in a folded text: a token with "://" behind it, up to the next blank.
 *
 * Found by their colons, so that a text without one costs one look.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LINKS_H
#define ENGINE_LINKS_H

#include <stdbool.h>
#include <string.h>

#include "engine/base/text.h"

/** links_byte(t, from, c): the first byte ${c} at or behind byte ${from}, or
 * the end of the text. */
static inline uint32_t
links_byte(const struct text *t, uint32_t from, char c)
{
	const char *at = from >= t->len
	    ? NULL : memchr(t->bytes + from, c, t->len - from);

	return at == NULL ? t->len : (uint32_t)(at - t->bytes);
}

/** links_colon(t, from): the same of the next "://". */
static inline uint32_t
links_colon(const struct text *t, uint32_t from)
{
	uint32_t at = links_byte(t, from, ':');

	/* There are zeros behind the end. */
	while (at < t->len && memcmp(t->bytes + at, "://", 3) != 0)
		at = links_byte(t, at + 1, ':');
	return at;
}

/** links_token(t, first, byte): the first token from ${first} on that ends at
 * ${byte} or begins behind it; ${byte} is in no token. */
static inline uint32_t
links_token(const struct text *t, uint32_t first, uint32_t byte)
{
	while (first < t->tokens && t->end[first] < byte)
		first++;
	return first;
}

/** links_is_web(t, i): token ${i}, with "://" behind it, is http or https. */
static inline __attribute__((always_inline)) bool
links_is_web(const struct text *t, uint32_t i)
{
	const char *scheme = t->bytes + t->at[i];
	uint32_t len = t->end[i] - t->at[i];

	return (len == 4 && memcmp(scheme, "http", 4) == 0) ||
	    (len == 5 && memcmp(scheme, "https", 5) == 0);
}

/** links_after(t, i): the first token behind the link that begins at ${i}. */
static inline uint32_t
links_after(const struct text *t, uint32_t i)
{
	uint32_t end = t->end[i];

	while (end < t->len && t->bytes[end] != ' ' && t->bytes[end] != '\n')
		end++;
	while (i < t->tokens && t->at[i] < end)
		i++;
	return i;
}

#endif
