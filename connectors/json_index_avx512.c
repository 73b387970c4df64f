/*
 * The index with AVX-512 (VBMI and VBMI2): 64 bytes at a time.
 *
 * One look-up of 128 entries gives the kind of each byte; what is noted is
 * squeezed out of the block, once as kinds and once as offsets.  The last
 * bytes are loaded under a mask, so nothing past them is read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/json_index_step.h"

#if defined(__x86_64__)

#include "connectors/json_avx512.h"

INLINE uint64_t
parity(uint64_t bits)
{
	const __m128i ones = _mm_set1_epi8(-1);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
	    _mm_set_epi64x(0, (int64_t)bits), ones, 0));
}

/*
 * Eight blocks.  ASCII is passed over by one test for all of them: asked for
 * each block, it would be guessed wrong too often in posts of all languages.
 */
INLINE void
check_eight(struct utf8 *u, const char *p)
{
	__m512i all = u->before;

	for (unsigned i = 0; i < 8; i++)
		all = _mm512_or_si512(all, _mm512_loadu_si512(p + 64 * i));
	if (_mm512_movepi8_mask(all) == 0)
		return;
	for (unsigned i = 0; i < 8; i++)
		check_utf8(u, _mm512_loadu_si512(p + 64 * i));
}

struct out {
	uint32_t *at;
	unsigned char *kind;
	uint32_t count;
};

/* Append what is noted of a block. */
INLINE void
put(struct out *o, uint64_t places, __m512i kind, uint32_t base)
{
	static const _Alignas(64) unsigned char offsets[64] = {0, 1, 2, 3, 4,
	    5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
	    23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
	    40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56,
	    57, 58, 59, 60, 61, 62, 63};
	const __m512i bases = _mm512_set1_epi32((int)base);
	__m512i set = _mm512_maskz_compress_epi8(
	    places, _mm512_load_si512(offsets));
	uint32_t count = (uint32_t)_mm_popcnt_u64(places);
	uint32_t *at = o->at + o->count;

	/* Nearly always enough, so that no guess goes wrong. */
	kind = _mm512_maskz_compress_epi8(places, kind);
	_mm256_storeu_si256((__m256i *)(void *)(o->kind + o->count),
	    _mm512_castsi512_si256(kind));
	_mm512_storeu_si512(at, _mm512_add_epi32(bases,
	    _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set))));
	_mm512_storeu_si512(at + 16, _mm512_add_epi32(bases,
	    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 1))));
	if (__builtin_expect(count > 32, 0)) {
		_mm512_storeu_si512(o->kind + o->count, kind);
		_mm512_storeu_si512(at + 32, _mm512_add_epi32(bases,
		    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 2))));
		_mm512_storeu_si512(at + 48, _mm512_add_epi32(bases,
		    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 3))));
	}
	o->count += count;
}

INLINE void
take_block(struct step *s, struct out *o, uint64_t *slash, __m512i v,
    uint32_t base)
{
	const __m512i low = _mm512_loadu_si512(json_index_kinds);
	const __m512i high = _mm512_loadu_si512(json_index_kinds + 64);
	__mmask64 ascii = _mm512_testn_epi8_mask(v, _mm512_set1_epi8(-128));
	__m512i kind = _mm512_maskz_permutex2var_epi8(ascii, low, v, high);
	struct step_bits b;

	b.quote = is(v, '"');
	b.slash = is(v, '\\');
	b.mark = _mm512_test_epi8_mask(kind, _mm512_set1_epi8((char)JSON_MARK));
	b.scalar = _mm512_testn_epi8_mask(
	    kind, _mm512_set1_epi8((char)(JSON_MARK | STEP_BLANK)));
	b.control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
	*slash = b.slash;
	put(o, step_places(s, &b, parity), kind, base);
}

AVX512 uint32_t
json_index_avx512_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	const __m512i blanks = _mm512_set1_epi8(' ');
	struct step s = {0};
	struct utf8 u = {blanks, _mm512_setzero_si512()};
	struct out o = {index->at, index->kind, 0};
	uint64_t *slash = index->slash;
	uint32_t at = 0, checked = 0;

	for (; at + 64 <= len; at += 64) {
		if (at == checked && at + 512 <= len) {
			check_eight(&u, bytes + at);
			checked += 512;
		}
		take_block(
		    &s, &o, slash++, _mm512_loadu_si512(bytes + at), at);
	}
	for (; checked + 64 <= len; checked += 64)
		check_utf8(&u, _mm512_loadu_si512(bytes + checked));
	if (at < len) {
		__m512i v = _mm512_mask_loadu_epi8(
		    blanks, _bzhi_u64(~UINT64_C(0), len - at), bytes + at);

		check_utf8(&u, v);
		take_block(&s, &o, slash, v, at);
	}
	check_utf8(&u, blanks);
	faults->utf8 = _mm512_test_epi8_mask(u.faults, u.faults) != 0;
	faults->control = s.control != 0;
	faults->unclosed = s.in_string != 0;
	return o.count;
}

#else

uint32_t
json_index_avx512_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	return json_index_plain_pass(index, bytes, len, faults);
}

#endif
