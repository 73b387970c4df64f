/*
 * XXH3 of eight tokens at a time.
 *
 * Tokens are short and of lengths in no order: what XXH3 does for 1 to 3, 4
 * to 8 and 9 to 16 bytes is done for all of them, and each takes its own; the
 * few longer ones are hashed alone.  A token's first eight bytes come by one
 * load each; there are zeros around the text.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/sketch_least.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define STEP static inline __attribute__((always_inline)) AVX512 __m512i
#define LANES 8u

/* Of XXH3's secret, pieces upon each other as it wants them, and its factors.
 * Nothing is called between vectors: who is called may lose their halves. */
#define FLIP_3 UINT64_C(0x87275a9b)
#define FLIP_8 UINT64_C(0xc73ab174c5ecd5a2)
#define FLIP_FIRST UINT64_C(0x6782737bea4239b9)
#define FLIP_LAST UINT64_C(0xaf56bc3b0996523a)
#define FACTOR_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define FACTOR_3 UINT64_C(0x165667b19e3779f9)
#define FACTOR_8 UINT64_C(0x9fb21c651e98df25)
#define FACTOR_16 UINT64_C(0x165667919e3779f9)

STEP
numbers(uint64_t x)
{
	return _mm512_set1_epi64((int64_t)x);
}

/* x ^= x >> bits, of which the compiler wants to know the number */
#define FALL(x, bits) _mm512_xor_si512(x, _mm512_srli_epi64(x, bits))

STEP
byte_at(__m512i x, __m512i i)
{
	return _mm512_and_si512(_mm512_srlv_epi64(x, _mm512_slli_epi64(i, 3)),
	    numbers(0xff));
}

/* Of 1 to 3 bytes. */
STEP
hash_3(__m512i x, __m512i len)
{
	__m512i middle = byte_at(x, _mm512_srli_epi64(len, 1));
	__m512i last = byte_at(x, _mm512_sub_epi64(len, numbers(1)));
	__m512i h = _mm512_and_si512(x, numbers(0xff));

	h = _mm512_or_si512(_mm512_slli_epi64(h, 16),
	    _mm512_slli_epi64(middle, 24));
	h = _mm512_or_si512(h, last);
	h = _mm512_or_si512(h, _mm512_slli_epi64(len, 8));
	h = _mm512_xor_si512(h, numbers(FLIP_3));
	h = FALL(h, 33);
	h = _mm512_mullo_epi64(h, numbers(FACTOR_2));
	h = FALL(h, 29);
	h = _mm512_mullo_epi64(h, numbers(FACTOR_3));
	return FALL(h, 32);
}

/* Of 4 to 8. */
STEP
hash_8(__m512i x, __m512i len)
{
	const __m512i factor = numbers(FACTOR_8);
	__m512i back = _mm512_slli_epi64(
	    _mm512_sub_epi64(len, numbers(4)), 3);
	__m512i last = _mm512_and_si512(
	    _mm512_srlv_epi64(x, back), numbers(0xffffffff));
	__m512i h = _mm512_or_si512(_mm512_slli_epi64(x, 32), last);

	h = _mm512_xor_si512(h, numbers(FLIP_8));
	h = _mm512_xor_si512(h, _mm512_xor_si512(
	    _mm512_rol_epi64(h, 49), _mm512_rol_epi64(h, 24)));
	h = _mm512_mullo_epi64(h, factor);
	h = _mm512_xor_si512(h,
	    _mm512_add_epi64(_mm512_srli_epi64(h, 35), len));
	h = _mm512_mullo_epi64(h, factor);
	return FALL(h, 28);
}

/* Both halves of the product, one upon the other. */
STEP
fold_product(__m512i a, __m512i b)
{
	const __m512i low = numbers(0xffffffff);
	__m512i a1 = _mm512_srli_epi64(a, 32), b1 = _mm512_srli_epi64(b, 32);
	__m512i p = _mm512_mul_epu32(a, b);
	__m512i q = _mm512_add_epi64(
	    _mm512_mul_epu32(a, b1), _mm512_srli_epi64(p, 32));
	__m512i r = _mm512_add_epi64(
	    _mm512_mul_epu32(a1, b), _mm512_and_si512(q, low));
	__m512i high = _mm512_add_epi64(_mm512_mul_epu32(a1, b1),
	    _mm512_add_epi64(
		_mm512_srli_epi64(q, 32), _mm512_srli_epi64(r, 32)));

	return _mm512_xor_si512(high, _mm512_or_si512(
	    _mm512_slli_epi64(r, 32), _mm512_and_si512(p, low)));
}

/* Of 9 to 16: ${last} are the last eight. */
STEP
hash_16(__m512i x, __m512i last, __m512i len)
{
	const __m512i turn = _mm512_broadcast_i32x4(_mm_set_epi8(
	    8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
	__m512i h;

	x = _mm512_xor_si512(x, numbers(FLIP_FIRST));
	last = _mm512_xor_si512(last, numbers(FLIP_LAST));
	h = _mm512_add_epi64(len, _mm512_shuffle_epi8(x, turn));
	h = _mm512_add_epi64(h, last);
	h = _mm512_add_epi64(h, fold_product(x, last));
	h = FALL(h, 37);
	h = _mm512_mullo_epi64(h, numbers(FACTOR_16));
	return FALL(h, 32);
}

AVX512 void
sketch_hash_avx512(uint64_t *hashes, const struct text *t, uint32_t first,
    uint32_t count)
{
	const __m512i zero = _mm512_setzero_si512();
	const __m256i eight = _mm256_set1_epi32(8);
	uint64_t over_16 = 0; /* by token: those are hashed behind */

	for (uint32_t i = 0; i < count; i += LANES) {
		uint32_t lanes = count - i < LANES ? count - i : LANES;
		__mmask8 have = (__mmask8)((1u << lanes) - 1);
		__m256i at = _mm256_maskz_loadu_epi32(
		    have, t->at + first + i);
		__m256i end = _mm256_maskz_loadu_epi32(
		    have, t->end + first + i);
		__m512i len = _mm512_cvtepu32_epi64(
		    _mm256_sub_epi32(end, at));
		__m512i x = _mm512_mask_i32gather_epi64(
		    zero, have, at, t->bytes, 1);
		__mmask8 over_3 = _mm512_cmpgt_epu64_mask(len, numbers(3));
		__mmask8 over_8 = _mm512_cmpgt_epu64_mask(len, numbers(8));
		__m512i h = _mm512_mask_mov_epi64(
		    hash_3(x, len), over_3, hash_8(x, len));

		if (over_8 != 0) {
			__m512i last = _mm512_mask_i32gather_epi64(zero,
			    over_8, _mm256_sub_epi32(end, eight), t->bytes, 1);

			h = _mm512_mask_mov_epi64(
			    h, over_8, hash_16(x, last, len));
		}
		_mm512_mask_storeu_epi64(hashes + i, have, h);
		over_16 |= (uint64_t)_mm512_mask_cmpgt_epu64_mask(
			       have, len, numbers(16)) << i;
	}
	for (; over_16 != 0; over_16 &= over_16 - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(over_16);

		sketch_hash_plain(hashes + k, t, first + k, 1);
	}
}

#else

void
sketch_hash_avx512(uint64_t *hashes, const struct text *t, uint32_t first,
    uint32_t count)
{
	sketch_hash_plain(hashes, t, first, count);
}

#endif
