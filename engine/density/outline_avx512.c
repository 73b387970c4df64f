/*
 * Eight tokens at a time: each of the two loads is a gather.
 *
 * There are zeros around the text.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/outline_read.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define INLINE static inline __attribute__((always_inline)) AVX512
#define LANES 8u

INLINE __m512i
numbers(uint64_t x)
{
	return _mm512_set1_epi64((int64_t)x);
}

/* What of the two loads belongs to tokens of ${len} bytes, the rest zeros. */
INLINE void
keep_theirs(__m512i *head, __m512i *tail, __m256i len)
{
	const __m256i seven = _mm256_set1_epi32(OUTLINE_HEAD);
	__m512i bits = _mm512_cvtepu32_epi64(
	    _mm256_slli_epi32(_mm256_min_epu32(len, seven), 3));
	__m512i keep = _mm512_srlv_epi64(numbers(~UINT64_C(0)),
	    _mm512_sub_epi64(numbers(8 * OUTLINE_HEAD), bits));

	keep = _mm512_and_si512(keep, numbers(~UINT64_C(0xff)));
	*head = _mm512_and_si512(*head, keep);
	*tail = _mm512_maskz_and_epi64(_mm256_cmpgt_epu32_mask(len, seven),
	    *tail, numbers(OUTLINE_TAIL_BITS));
}

/* Which have a byte that is neither zero, a..z nor outside ASCII. */
INLINE __mmask8
with_others(__m512i x)
{
	__m512i from_a = _mm512_sub_epi8(x, _mm512_set1_epi8('a'));
	__mmask64 others = _mm512_cmpgt_epu8_mask(from_a,
			       _mm512_set1_epi8('z' - 'a')) &
	    ~_mm512_movepi8_mask(x);

	x = _mm512_maskz_mov_epi8(others, x);
	return _mm512_test_epi64_mask(x, x);
}

/* Of tokens of ${len} bytes, 13 if longer. */
INLINE __m256i
hash(__m512i head, __m512i tail, __m256i len)
{
	__m512i h = _mm512_add_epi64(head, _mm512_cvtepu32_epi64(len));

	h = _mm512_add_epi64(
	    h, _mm512_mullo_epi64(tail, numbers(OUTLINE_FACTOR_TAIL)));
	h = _mm512_xor_si512(h, _mm512_srli_epi64(h, 32));
	h = _mm512_mullo_epi64(h, numbers(OUTLINE_FACTOR));
	return _mm512_cvtepi64_epi32(_mm512_srli_epi64(h, 32));
}

AVX512 void
outline_read_avx512(struct outline *o, const struct text *t, uint64_t *colons,
    uint64_t *longer)
{
	const __m512i zero = _mm512_setzero_si512();
	const uint32_t *at = t->at + o->first, *end = t->end + o->first;
	uint64_t names = 0, tags = 0, words = 0, found = 0, above = 0;
	uint64_t others = 0;

	for (uint32_t i = 0; i < o->count; i += LANES) {
		uint32_t rest = o->count - i;
		__mmask8 have = (__mmask8)(
		    rest < LANES ? (1u << rest) - 1 : 0xffu);
		__m256i a = _mm256_maskz_loadu_epi32(have, at + i);
		__m256i e = _mm256_maskz_loadu_epi32(have, end + i);
		__m256i len = _mm256_sub_epi32(e, a);
		__m512i head = _mm512_mask_i32gather_epi64(
		    zero, have, a, t->bytes - 1, 1);
		__m512i tail = _mm512_mask_i32gather_epi64(
		    zero, have, e, t->bytes - OUTLINE_TAIL, 1);
		__m512i sign = _mm512_and_si512(head, numbers(0xff));

		names |= (uint64_t)_mm512_cmpeq_epi64_mask(
			     sign, numbers('@')) << i;
		tags |= (uint64_t)_mm512_cmpeq_epi64_mask(
			    sign, numbers('#')) << i;
		words |= (uint64_t)_mm256_cmpge_epu32_mask(len,
			     _mm256_set1_epi32(OUTLINE_WORD_BYTES)) << i;
		above |= (uint64_t)_mm256_cmpgt_epu32_mask(len,
			     _mm256_set1_epi32(OUTLINE_SHORT)) << i;
		found |= (uint64_t)_mm512_cmpeq_epi64_mask(
			     _mm512_srli_epi64(tail, 8 * OUTLINE_TAIL),
			     numbers(OUTLINE_COLON)) << i;
		len = _mm256_min_epu32(
		    len, _mm256_set1_epi32(OUTLINE_SHORT + 1));
		keep_theirs(&head, &tail, len);
		others |= (uint64_t)(with_others(head) |
			      with_others(tail)) << i;
		_mm256_storeu_si256((__m256i *)(void *)(o->hashes + i),
		    hash(head, tail, len));
	}
	o->names = names;
	o->tags = tags;
	o->words = words;
	o->letters = words & ~(others | above);
	*colons = found;
	*longer = above;
}

#else

void
outline_read_avx512(struct outline *o, const struct text *t, uint64_t *colons,
    uint64_t *longer)
{
	outline_read_plain(o, t, colons, longer);
}

#endif
