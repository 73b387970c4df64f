/*
 * What the AVX2 paths of the index and of stencils share.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_AVX2_H
#define CONNECTORS_JSON_AVX2_H

#include "connectors/json_index_step.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))
#define INLINE static inline __attribute__((always_inline)) AVX2

INLINE __m256i
table(__m128i both)
{
	return _mm256_broadcastsi128_si256(both);
}

/* The half block before; what is wrong. */
struct utf8 {
	__m256i before, faults;
};

INLINE __m256i
upper(__m256i v)
{
	return _mm256_and_si256(
	    _mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
}

INLINE __m256i
load_table(const unsigned char bytes[static 16])
{
	return table(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

/* Not inlined: the other state then stays in registers. */
static __attribute__((noinline)) AVX2 void
check_utf8(struct utf8 *u, __m256i v)
{
	const __m256i first_high = load_table(json_index_utf8[0]);
	const __m256i first_low = load_table(json_index_utf8[1]);
	const __m256i second_high = load_table(json_index_utf8[2]);
	__m256i lanes = _mm256_permute2x128_si256(u->before, v, 0x21);
	__m256i one = _mm256_alignr_epi8(v, lanes, 15);
	__m256i two = _mm256_alignr_epi8(v, lanes, 14);
	__m256i three = _mm256_alignr_epi8(v, lanes, 13);
	__m256i a = _mm256_shuffle_epi8(first_high, upper(one));
	__m256i b = _mm256_shuffle_epi8(
	    first_low, _mm256_and_si256(one, _mm256_set1_epi8(15)));
	__m256i c = _mm256_shuffle_epi8(second_high, upper(v));
	__m256i owed = _mm256_and_si256(_mm256_set1_epi8((char)STEP_SECOND),
	    _mm256_or_si256(
		_mm256_subs_epu8(two, _mm256_set1_epi8(0x60)),
		_mm256_subs_epu8(three, _mm256_set1_epi8(0x70))));
	__m256i wrong = _mm256_and_si256(_mm256_and_si256(a, b), c);

	u->faults = _mm256_or_si256(
	    u->faults, _mm256_xor_si256(wrong, owed));
	u->before = v;
}

#endif
