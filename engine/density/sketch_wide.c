/*
 * Eight runs at a time with AVX2, sixteen with AVX-512.
 *
 * Lanes behind the last run are all ones, in each order the largest.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/sketch_least.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define INLINE static inline __attribute__((always_inline))

INLINE AVX2 __m256i
join_8(__m256i hash, const uint32_t *tokens)
{
	const __m256i factor = _mm256_set1_epi32((int)SKETCH_FACTOR_TOKEN);

	return _mm256_add_epi32(_mm256_mullo_epi32(hash, factor),
	    _mm256_loadu_si256((const __m256i *)(const void *)tokens));
}

INLINE AVX2 __m256i
runs_8(const uint32_t *tokens)
{
	__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)tokens);

	x = join_8(join_8(x, tokens + 1), tokens + 2);
	x = _mm256_xor_si256(x, _mm256_srli_epi32(x, 16));
	x = _mm256_mullo_epi32(x, _mm256_set1_epi32((int)SKETCH_FACTOR_RUN));
	return _mm256_xor_si256(x, _mm256_srli_epi32(x, 15));
}

/* Numbers that begin with byte ${from} of four. */
#define TURNED(from) _mm256_broadcastsi128_si256(_mm_setr_epi8(               \
	(from) & 3, ((from) + 1) & 3, ((from) + 2) & 3, ((from) + 3) & 3,     \
	4 + ((from) & 3), 4 + (((from) + 1) & 3), 4 + (((from) + 2) & 3),     \
	4 + (((from) + 3) & 3), 8 + ((from) & 3), 8 + (((from) + 1) & 3),     \
	8 + (((from) + 2) & 3), 8 + (((from) + 3) & 3), 12 + ((from) & 3),    \
	12 + (((from) + 1) & 3), 12 + (((from) + 2) & 3),                     \
	12 + (((from) + 3) & 3)))

/* The least of each, beside each other, below what is there. */
INLINE AVX2 void
lower(uint32_t least[SKETCH_ORDERS], __m256i a, __m256i b, __m256i c,
    __m256i d)
{
	__m256i ab = _mm256_min_epu32(_mm256_unpacklo_epi32(a, b),
	    _mm256_unpackhi_epi32(a, b));
	__m256i cd = _mm256_min_epu32(_mm256_unpacklo_epi32(c, d),
	    _mm256_unpackhi_epi32(c, d));
	__m256i all = _mm256_min_epu32(_mm256_unpacklo_epi64(ab, cd),
	    _mm256_unpackhi_epi64(ab, cd));
	__m128i *to = (__m128i *)(void *)least;

	_mm_storeu_si128(to, _mm_min_epu32(_mm_loadu_si128(to),
	    _mm_min_epu32(_mm256_castsi256_si128(all),
		_mm256_extracti128_si256(all, 1))));
}

AVX2 void
sketch_least_avx2(uint32_t least[SKETCH_ORDERS], const uint32_t *tokens,
    uint32_t runs)
{
	const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	const __m256i by_8 = TURNED(3), by_16 = TURNED(2), by_24 = TURNED(1);
	__m256i a = _mm256_set1_epi32(-1), b = a, c = a, d = a;

	for (uint32_t i = 0; i < runs; i += 8) {
		__m256i last = _mm256_set1_epi32((int)(runs - i) - 1);
		__m256i x = _mm256_or_si256(runs_8(tokens + i),
		    _mm256_cmpgt_epi32(lanes, last));

		a = _mm256_min_epu32(a, x);
		b = _mm256_min_epu32(b, _mm256_shuffle_epi8(x, by_8));
		c = _mm256_min_epu32(c, _mm256_shuffle_epi8(x, by_16));
		d = _mm256_min_epu32(d, _mm256_shuffle_epi8(x, by_24));
	}
	lower(least, a, b, c, d);
}

INLINE AVX512 __m512i
join_16(__m512i hash, const uint32_t *tokens)
{
	const __m512i factor = _mm512_set1_epi32((int)SKETCH_FACTOR_TOKEN);

	return _mm512_add_epi32(_mm512_mullo_epi32(hash, factor),
	    _mm512_loadu_si512(tokens));
}

INLINE AVX512 __m512i
runs_16(const uint32_t *tokens)
{
	__m512i x = _mm512_loadu_si512(tokens);

	x = join_16(join_16(x, tokens + 1), tokens + 2);
	x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
	x = _mm512_mullo_epi32(x, _mm512_set1_epi32((int)SKETCH_FACTOR_RUN));
	return _mm512_xor_si512(x, _mm512_srli_epi32(x, 15));
}

INLINE AVX512 __m256i
lower_half(__m512i x)
{
	return _mm256_min_epu32(
	    _mm512_castsi512_si256(x), _mm512_extracti32x8_epi32(x, 1));
}

AVX512 void
sketch_least_avx512(uint32_t least[SKETCH_ORDERS], const uint32_t *tokens,
    uint32_t runs)
{
	__m512i a = _mm512_set1_epi32(-1), b = a, c = a, d = a;

	for (uint32_t i = 0; i < runs; i += 16) {
		__mmask16 over = (__mmask16)(
		    runs - i < 16 ? 0xffffu << (runs - i) : 0);
		__m512i x = _mm512_mask_mov_epi32(runs_16(tokens + i), over,
		    _mm512_set1_epi32(-1));

		a = _mm512_min_epu32(a, x);
		b = _mm512_min_epu32(b, _mm512_rol_epi32(x, 8));
		c = _mm512_min_epu32(c, _mm512_rol_epi32(x, 16));
		d = _mm512_min_epu32(d, _mm512_rol_epi32(x, 24));
	}
	lower(least, lower_half(a), lower_half(b), lower_half(c),
	    lower_half(d));
}

AVX512 uint32_t
sketch_take_avx512(uint32_t *to, const uint32_t *hashes, uint64_t which)
{
	uint32_t count = 0;

	for (; which != 0; which >>= 16, hashes += 16) {
		__mmask16 some = (__mmask16)which;

		_mm512_storeu_si512(to + count, _mm512_maskz_compress_epi32(
		    some, _mm512_loadu_si512(hashes)));
		count += (uint32_t)__builtin_popcount(some);
	}
	return count;
}

#else

uint32_t
sketch_take_avx512(uint32_t *to, const uint32_t *hashes, uint64_t which)
{
	return sketch_take_plain(to, hashes, which);
}

void
sketch_least_avx2(uint32_t least[SKETCH_ORDERS], const uint32_t *tokens,
    uint32_t runs)
{
	sketch_least_plain(least, tokens, runs);
}

void
sketch_least_avx512(uint32_t least[SKETCH_ORDERS], const uint32_t *tokens,
    uint32_t runs)
{
	sketch_least_plain(least, tokens, runs);
}

#endif
