/*
 * The escapes of a JSON string undone, and numbers read.
 *
 * Thread: any.  Owns: nothing.
 * Never: writes more than it reads, but for JSON_UNESCAPE_SLACK bytes behind
 * the result that may be overwritten; allocates; looks at the locale.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_UNESCAPE_H
#define CONNECTORS_JSON_UNESCAPE_H

#include <stdint.h>

#include "engine/base/slice.h"

#define JSON_UNESCAPE_SLACK 64

/**
 * json_unescape(to, from): write what stands between two quotes without its
 * escapes; up to JSON_UNESCAPE_SLACK bytes behind ${from} are read.  Returns
 * the end of what was written, or NULL: no such escape.  ${to} does not
 * overlap ${from}.
 */
char *json_unescape(char *to, struct slice from);

/** Its paths: the one that knows all escapes, and the one for processors of
 * CPU_AVX512. */
char *json_unescape_plain(char *to, struct slice from);
char *json_unescape_avx512(char *to, struct slice from);

/**
 * json_unescape_digits(text, &v): 1 to 18 digits and nothing else, without a
 * leading zero, as nearly every number is.  Up to 8 bytes behind ${text} are
 * read.
 */
bool json_unescape_digits(struct slice text, uint64_t *v);

/** json_unescape_load(p): eight bytes, the first in the lowest byte. */
static inline uint64_t
json_unescape_load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/** json_unescape_eight(word, &v): eight digits as a number, the first in the
 * lowest byte; false: some byte is no digit. */
static inline bool
json_unescape_eight(uint64_t word, uint64_t *v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	/* A digit is 0 to 9 now; what is more carries to its highest bit,
	 * unless that was set, and so it is for what carries beyond. */
	word ^= UINT64_C(0x30) * ones;
	if (((word + UINT64_C(0x76) * ones) | word) & UINT64_C(0x80) * ones)
		return false;
	word = word * 2561 >> 8;
	word = (word & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
	*v = (word & UINT64_C(0x0000ffff0000ffff)) * 42949672960001 >> 32;
	return true;
}

/** json_unescape_small(text, &v): as json_unescape_digits, for up to 16
 * digits; false where that might still say true. */
static inline bool
json_unescape_small(struct slice text, uint64_t *v)
{
	const uint64_t zero = UINT64_C(0x3030303030303030);
	const char *p = text.data;
	size_t len = text.len;
	uint64_t first, rest, low, high = 0;

	if (len - 1 >= 16 || (*p == '0' && len > 1))
		return false;
	first = json_unescape_load(p);
	if (len <= 8) {
		first = len == 8 ? first
		    : first << (64 - 8 * len) | zero >> (8 * len);
		return json_unescape_eight(first, v);
	}
	rest = json_unescape_load(p + len - 8);
	if (len < 16)
		first = first << (128 - 8 * len) | zero >> (8 * len - 64);
	if (!json_unescape_eight(first, &high) ||
	    !json_unescape_eight(rest, &low))
		return false;
	*v = high * 100000000 + low;
	return true;
}

/**
 * json_unescape_number(text, &whole, &exact): is ${text} a number by the
 * grammar of JSON, from end to end?  Its whole part, cut towards zero and at
 * +-INT64_MAX; ${exact} when it was written as an integer that fits.
 */
bool json_unescape_number(struct slice text, int64_t *whole, bool *exact);

#endif
