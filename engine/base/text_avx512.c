/*
 * Folding with AVX-512 (VBMI and VBMI2): 64 bytes at a time.
 *
 * Two look-ups of 128 entries say what each ASCII byte folds to and what it
 * is.  Stretches between characters that are not ASCII are squeezed out of
 * the same block one after the other, without the blanks after a blank; a
 * block at the end is loaded under a mask, so nothing past it is read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512                                                                \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,"         \
			      "avx512vbmi2,bmi,bmi2,popcnt")))

/* What a byte of ASCII is, beside what it folds to. */
#define TOKEN 0x80
#define BLANK 0x01
#define AMPERSAND 0x02

#define EIGHT(x) x, x, x, x, x, x, x, x
#define TWENTY_SIX(x) EIGHT(x), EIGHT(x), EIGHT(x), x, x

static const _Alignas(64) unsigned char kinds[128] = {
	EIGHT(0), 0, BLANK, BLANK, BLANK, BLANK, BLANK, 0, 0,
	EIGHT(0), EIGHT(0), BLANK, 0, 0, 0, 0, 0, AMPERSAND, 0, EIGHT(0),
	EIGHT(TOKEN), TOKEN, TOKEN, 0, 0, 0, 0, 0, 0,
	0, TWENTY_SIX(TOKEN), 0, 0, 0, 0, TOKEN,
	0, TWENTY_SIX(TOKEN), 0, 0, 0, 0, 0};

struct block {
	__m512i folded;
	uint64_t stop, token, blank;
};

static inline __attribute__((always_inline)) AVX512 struct block
read_block(const char *p, uint64_t have)
{
	const __m512i low = _mm512_load_si512(kinds);
	const __m512i high = _mm512_load_si512(kinds + 64);
	__m512i v = _mm512_maskz_loadu_epi8(have, p);
	__m512i kind = _mm512_permutex2var_epi8(low, v, high);
	__mmask64 upper = _mm512_cmplt_epu8_mask(
	    _mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
	struct block b;

	b.stop = _mm512_movepi8_mask(v) |
	    _mm512_test_epi8_mask(kind, _mm512_set1_epi8(AMPERSAND));
	b.token = _mm512_movepi8_mask(kind);
	b.blank = _mm512_test_epi8_mask(kind, _mm512_set1_epi8(BLANK)) &
	    ~b.stop;
	v = _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8(0x20));
	b.folded = _mm512_mask_mov_epi8(v, b.blank, _mm512_set1_epi8(' '));
	return b;
}

/* Append the bytes [from, to) of the block, all of them ASCII. */
static inline __attribute__((always_inline)) AVX512 void
put_stretch(struct fold *f, const struct block *b, uint32_t from, uint32_t to)
{
	char *out = f->bytes + f->out;
	uint64_t after = b->blank << 1 | (uint64_t)(out[-1] == ' ') << from;
	uint64_t keep = _bzhi_u64(~(b->blank & after), to) >> from << from;

	_mm512_storeu_si512(out, _mm512_maskz_compress_epi8(keep, b->folded));
	step_bits(f->in, f->out, _pext_u64(b->token, keep));
	f->out += (uint32_t)_mm_popcnt_u64(keep);
}

AVX512 bool
text_avx512_part(struct fold *f, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;

	while (p < end) {
		size_t left = (size_t)(end - p);
		uint32_t size = left < 64 ? (uint32_t)left : 64;
		struct block b = read_block(p, _bzhi_u64(~UINT64_C(0), size));
		const char *first = p;
		uint32_t at = 0;

		for (;;) {
			uint64_t stops = b.stop >> at << at;
			uint32_t to = stops == 0 ? size
			    : (uint32_t)_tzcnt_u64(stops);

			if (to > at)
				put_stretch(f, &b, at, to);
			p = first + to;
			if (to == size)
				break;
			p = step_one(f, p, end);
			if (p == NULL)
				return false;
			at = (uint32_t)(p - first);
			if (at >= size)
				break;
		}
	}
	return true;
}

static inline AVX512 uint32_t
take(uint64_t bits, uint32_t base, uint32_t *to)
{
	static const _Alignas(64) unsigned char places[64] = {0, 1, 2, 3, 4, 5,
	    6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
	    24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
	    58, 59, 60, 61, 62, 63};
	const __m512i base_16 = _mm512_set1_epi32((int)base);
	__m512i set = _mm512_maskz_compress_epi8(
	    bits, _mm512_load_si512(places));
	uint32_t count = (uint32_t)_mm_popcnt_u64(bits);

	_mm512_storeu_si512(to, _mm512_add_epi32(base_16,
	    _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set))));
	for (uint32_t done = 16; done < count; done += 16) {
		set = _mm512_alignr_epi64(set, set, 2);
		_mm512_storeu_si512(to + done, _mm512_add_epi32(base_16,
		    _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set))));
	}
	return count;
}

AVX512 void
text_avx512_tokens(struct text *t, struct fold *f)
{
	step_take_tokens(t, f, take);
}

#else

bool
text_avx512_part(struct fold *f, struct slice part)
{
	return text_plain_part(f, part);
}

void
text_avx512_tokens(struct text *t, struct fold *f)
{
	text_plain_tokens(t, f);
}

#endif
