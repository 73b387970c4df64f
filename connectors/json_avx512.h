/*
 * What the AVX-512 paths of the index and of stencils share.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_AVX512_H
#define CONNECTORS_JSON_AVX512_H

#include "connectors/json_index_step.h"

#include <immintrin.h>

#define AVX512                                                                \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,"         \
			      "avx512vbmi2,bmi,bmi2,popcnt,pclmul")))
#define INLINE static inline __attribute__((always_inline)) AVX512

INLINE uint64_t
is(__m512i v, char c)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

/* The block before, if it ends in bytes that are not ASCII; what is wrong. */
struct utf8 {
	__m512i before, faults;
};

INLINE __m512i
utf8_table(unsigned i)
{
	return _mm512_broadcast_i32x4(_mm_loadu_si128(
	    (const __m128i *)(const void *)json_index_utf8[i]));
}

INLINE void
check_utf8(struct utf8 *u, __m512i v)
{
	const __m512i half = _mm512_set1_epi8(15);
	__m512i lanes = _mm512_alignr_epi32(v, u->before, 12);
	__m512i one = _mm512_alignr_epi8(v, lanes, 15);
	__m512i two = _mm512_alignr_epi8(v, lanes, 14);
	__m512i three = _mm512_alignr_epi8(v, lanes, 13);
	__m512i a = _mm512_shuffle_epi8(utf8_table(0),
	    _mm512_and_si512(_mm512_srli_epi16(one, 4), half));
	__m512i b = _mm512_shuffle_epi8(
	    utf8_table(1), _mm512_and_si512(one, half));
	__m512i c = _mm512_shuffle_epi8(utf8_table(2),
	    _mm512_and_si512(_mm512_srli_epi16(v, 4), half));
	__m512i owed = _mm512_and_si512(
	    _mm512_set1_epi8((char)STEP_SECOND),
	    _mm512_or_si512(
		_mm512_subs_epu8(two, _mm512_set1_epi8(0x60)),
		_mm512_subs_epu8(three, _mm512_set1_epi8(0x70))));
	__m512i wrong = _mm512_and_si512(_mm512_and_si512(a, b), c);

	u->faults = _mm512_or_si512(
	    u->faults, _mm512_xor_si512(wrong, owed));
	u->before = v;
}

#endif
