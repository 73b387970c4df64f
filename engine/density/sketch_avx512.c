/*
 * Eight runs at a time: AVX-512DQ multiplies numbers of 64 bits.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/sketch_least.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "engine/base/cpu.h"

#define AVX512 __attribute__((target("avx512f,avx512dq")))
#define LANES 8u

static inline __attribute__((always_inline)) AVX512 __m512i
mix(__m512i x)
{
	const __m512i factor = _mm512_set1_epi64((int64_t)SKETCH_FACTOR);

	x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 32));
	x = _mm512_mullo_epi64(x, factor);
	x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 32));
	x = _mm512_mullo_epi64(x, factor);
	return _mm512_xor_si512(x, _mm512_srli_epi64(x, 32));
}

/* The hash so far times 31, and one token more. */
static inline __attribute__((always_inline)) AVX512 __m512i
join(__m512i hash, __m512i token)
{
	hash = _mm512_sub_epi64(_mm512_slli_epi64(hash, 5), hash);
	return mix(_mm512_add_epi64(hash, token));
}

AVX512 void
sketch_least_avx512(
    uint64_t least[SKETCH_HASHES], const uint64_t *tokens, uint32_t runs)
{
	static const uint64_t salts[SKETCH_HASHES] = SKETCH_SALTS;
	__m512i low[SKETCH_HASHES];

	for (unsigned k = 0; k < SKETCH_HASHES; k++)
		low[k] = _mm512_set1_epi64((int64_t)least[k]);
	for (uint32_t i = 0; i < runs; i += LANES) {
		uint32_t lanes = runs - i < LANES ? runs - i : LANES;
		__mmask8 have = (__mmask8)((1u << lanes) - 1);
		__m512i hash = mix(_mm512_maskz_loadu_epi64(have, tokens + i));

		hash = join(hash,
		    _mm512_maskz_loadu_epi64(have, tokens + i + 1));
		hash = join(hash,
		    _mm512_maskz_loadu_epi64(have, tokens + i + 2));
		for (unsigned k = 0; k < SKETCH_HASHES; k++)
			low[k] = _mm512_mask_min_epu64(low[k], have, low[k],
			    mix(_mm512_xor_si512(hash,
				_mm512_set1_epi64((int64_t)salts[k]))));
	}
	for (unsigned k = 0; k < SKETCH_HASHES; k++)
		least[k] = _mm512_reduce_min_epu64(low[k]);
}

bool
sketch_wide_here(void)
{
	return cpu_level() >= CPU_AVX512;
}

#else

void
sketch_least_avx512(
    uint64_t least[SKETCH_HASHES], const uint64_t *tokens, uint32_t runs)
{
	sketch_least_plain(least, tokens, runs);
}

bool
sketch_wide_here(void)
{
	return false;
}

#endif
