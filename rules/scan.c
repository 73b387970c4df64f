/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/scan.h"

#include "engine/base/cpu.h"

static uint64_t
keys_plain(const uint64_t *keys, uint32_t count, uint64_t key, uint64_t mask)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < count; i++)
		bits |= (uint64_t)(((keys[i] ^ key) & mask) == 0) << i;
	return bits;
}

static uint64_t
map_plain(const struct probe_map *map, const uint64_t *keys, uint32_t count,
    unsigned home)
{
	const struct probe_map m = *map;
	uint64_t bits = 0, cut = probe_cut(home, UINT64_MAX);

	for (uint32_t i = 0; i < count; i++)
		bits |= probe_hit(&m, probe_hash(keys[i] & cut, home)) << i;
	return bits;
}

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"))) static

/* The product of each of four words and PROBE_FACTOR. */
AVX2 inline __m256i
times_factor(__m256i x)
{
	const __m256i low = _mm256_set1_epi64x(PROBE_FACTOR & UINT32_MAX);
	const __m256i high = _mm256_set1_epi64x(PROBE_FACTOR >> 32);
	__m256i cross = _mm256_add_epi64(_mm256_mul_epu32(x, high),
	    _mm256_mul_epu32(_mm256_srli_epi64(x, 32), low));

	return _mm256_add_epi64(
	    _mm256_mul_epu32(x, low), _mm256_slli_epi64(cross, 32));
}

AVX2 uint64_t
map_avx2(const struct probe_map *map, const uint64_t *keys, uint32_t count,
    unsigned home)
{
	const __m256i cut =
	    _mm256_set1_epi64x((long long)probe_cut(home, UINT64_MAX));
	const __m256i salt =
	    _mm256_set1_epi64x((long long)(home * UINT64_C(0x2c9277b5)));
	const __m256i low_6 = _mm256_set1_epi64x(63);
	const __m128i shift = _mm_cvtsi32_si128(map->shift);
	uint64_t bits = 0;
	uint32_t i = 0;

	for (; i + 4 <= count; i += 4) {
		__m256i v = _mm256_loadu_si256(
		    (const __m256i *)(const void *)(keys + i));
		__m256i hash = times_factor(
		    _mm256_xor_si256(_mm256_and_si256(v, cut), salt));
		__m256i word = _mm256_i64gather_epi64(
		    (const long long *)(const void *)map->words,
		    _mm256_srl_epi64(hash, shift), 8);
		__m256i a = _mm256_srlv_epi64(word,
		    _mm256_and_si256(_mm256_srli_epi64(hash, 42), low_6));
		__m256i b = _mm256_srlv_epi64(word,
		    _mm256_and_si256(_mm256_srli_epi64(hash, 36), low_6));
		__m256i both =
		    _mm256_slli_epi64(_mm256_and_si256(a, b), 63);

		bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(
			    _mm256_castsi256_pd(both))
			<< i;
	}
	return bits |
	       (i < count ? map_plain(map, keys + i, count - i, home) << i : 0);
}

AVX2 uint64_t
keys_avx2(const uint64_t *keys, uint32_t count, uint64_t key, uint64_t mask)
{
	const __m256i k = _mm256_set1_epi64x((long long)key);
	const __m256i m = _mm256_set1_epi64x((long long)mask);
	const __m256i none = _mm256_setzero_si256();
	uint64_t bits = 0;
	uint32_t i = 0;

	for (; i + 4 <= count; i += 4) {
		__m256i v = _mm256_loadu_si256(
		    (const __m256i *)(const void *)(keys + i));
		__m256i same = _mm256_cmpeq_epi64(
		    _mm256_and_si256(_mm256_xor_si256(v, k), m), none);

		bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(
			    _mm256_castsi256_pd(same))
			<< i;
	}
	for (; i < count; i++)
		bits |= (uint64_t)(((keys[i] ^ key) & mask) == 0) << i;
	return bits;
}

#define AVX512                                                                 \
	__attribute__((target("avx512f,avx512dq,avx512vl,bmi2"))) static

#define LANES 8u

AVX512 uint64_t
keys_avx512(const uint64_t *keys, uint32_t count, uint64_t key, uint64_t mask)
{
	const __m512i k = _mm512_set1_epi64((long long)key);
	const __m512i m = _mm512_set1_epi64((long long)mask);
	uint64_t bits = 0;

	for (uint32_t i = 0; i < count; i += LANES) {
		__mmask8 have = (__mmask8)_bzhi_u32(
		    0xff, count - i < LANES ? count - i : LANES);
		__m512i v = _mm512_maskz_loadu_epi64(have, keys + i);

		bits |= (uint64_t)_mm512_mask_testn_epi64_mask(
			    have, _mm512_xor_si512(v, k), m)
			<< i;
	}
	return bits;
}

/* A map of eight words, which is that of a short list, in one register. */
AVX512 uint64_t
map_avx512(const struct probe_map *map, const uint64_t *keys, uint32_t count,
    unsigned home)
{
	const __m512i one = _mm512_set1_epi64(1);
	const __m512i cut =
	    _mm512_set1_epi64((long long)probe_cut(home, UINT64_MAX));
	const __m512i salt =
	    _mm512_set1_epi64((long long)(home * UINT64_C(0x2c9277b5)));
	const __m512i factor = _mm512_set1_epi64((long long)PROBE_FACTOR);
	__m512i words;
	uint64_t bits = 0;

	if (map->shift != 61)
		return map_plain(map, keys, count, home);
	words = _mm512_loadu_si512(map->words);
	for (uint32_t i = 0; i < count; i += LANES) {
		__mmask8 have = (__mmask8)_bzhi_u32(
		    0xff, count - i < LANES ? count - i : LANES);
		__m512i v = _mm512_maskz_loadu_epi64(have, keys + i);
		__m512i hash = _mm512_mullo_epi64(
		    _mm512_xor_si512(_mm512_and_si512(v, cut), salt), factor);
		__m512i word = _mm512_permutexvar_epi64(
		    _mm512_srli_epi64(hash, 61), words);
		__m512i want = _mm512_or_si512(
		    _mm512_rolv_epi64(one, _mm512_srli_epi64(hash, 42)),
		    _mm512_rolv_epi64(one, _mm512_srli_epi64(hash, 36)));

		want = _mm512_andnot_si512(word, want);
		bits |= (uint64_t)_mm512_mask_testn_epi64_mask(have, want, want)
			<< i;
	}
	return bits;
}

static const struct {
	uint64_t (*keys)(const uint64_t *keys, uint32_t count, uint64_t key,
	    uint64_t mask);
	uint64_t (*map)(const struct probe_map *map, const uint64_t *keys,
	    uint32_t count, unsigned home);
} paths[] = {{keys_plain, map_plain}, {keys_avx2, map_avx2},
    {keys_avx512, map_avx512}};

#else

static const struct {
	uint64_t (*keys)(const uint64_t *keys, uint32_t count, uint64_t key,
	    uint64_t mask);
	uint64_t (*map)(const struct probe_map *map, const uint64_t *keys,
	    uint32_t count, unsigned home);
} paths[] = {{keys_plain, map_plain}, {keys_plain, map_plain},
    {keys_plain, map_plain}};

#endif

uint64_t
scan_keys(const uint64_t *keys, uint32_t count, uint64_t key, uint64_t mask)
{
	return paths[cpu_level()].keys(keys, count, key, mask);
}

uint64_t
scan_map(const struct probe_map *map, const uint64_t *keys, uint32_t count,
    unsigned home)
{
	return paths[cpu_level()].map(map, keys, count, home);
}
