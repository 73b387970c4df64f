/*
 * What the paths in plain C of the index and of stencils share.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_PLAIN_H
#define CONNECTORS_JSON_PLAIN_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>

/* Bytes that plain_run() looks at. */
#define PLAIN_BYTES 16u

/* How many of the bytes at ${p} stand before the first that needs a look within
 * a string: a quote, a backslash, a control character, one beyond ASCII. */
static inline uint32_t
plain_run(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i marks = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	/* signed: what is beyond ASCII is less, too */
	__m128i less = _mm_cmplt_epi8(v, _mm_set1_epi8(' '));
	uint32_t stops = (uint32_t)_mm_movemask_epi8(_mm_or_si128(marks, less));

	return (uint32_t)__builtin_ctz(stops | 1u << PLAIN_BYTES);
}

#else
#include <endian.h>

#define PLAIN_BYTES 8u

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static inline uint32_t
plain_run(const char *p)
{
	uint64_t word, quote, slash, stops;

	memcpy(&word, p, sizeof(word));
	word = le64toh(word);
	quote = word ^ ONES * '"';
	slash = word ^ ONES * '\\';
	stops = (word | (word - ONES * 0x20) | (quote - ONES) |
		    (slash - ONES)) & HIGHS;
	return stops == 0 ? PLAIN_BYTES : (uint32_t)__builtin_ctzll(stops) / 8;
}
#endif

#endif
