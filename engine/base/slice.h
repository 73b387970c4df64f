/*
 * A borrowed run of bytes: pointer and length, not terminated.
 *
 * Owns: nothing; valid as long as what it points into.
 * Thread: any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_SLICE_H
#define ENGINE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *data;
	size_t len; /* bytes */
};

/** SLICE("x"): the slice of a string literal. */
#define SLICE(lit) ((struct slice){(lit), sizeof(lit) - 1})
#define SLICE_NONE ((struct slice){NULL, 0})

/* printf("%.*s", SLICE_ARG(s)) */
#define SLICE_ARG(s) (int)(s).len, (s).data

static inline struct slice
slice_of(const char *text)
{
	return (struct slice){text, text == NULL ? 0 : strlen(text)};
}

static inline bool
slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

static inline bool
slice_is(struct slice a, const char *text)
{
	/* most differ in their first byte; no strlen for those */
	if (a.len > 0 && a.data[0] != text[0])
		return false;
	return slice_equal(a, slice_of(text));
}

/** slice_order(a, b): <0, 0, >0 by unsigned bytes, shorter first on a tie. */
static inline int
slice_order(struct slice a, struct slice b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int order = least == 0 ? 0 : memcmp(a.data, b.data, least);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

#endif
