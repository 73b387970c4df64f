/*
 * Folding with AVX2: 32 bytes of ASCII at a time.
 *
 * A block is lower-cased, blanks become spaces, and one look-up by both
 * halves of each byte says what is a token byte, a blank or '&'.  All bytes
 * before the first stop (a byte outside ASCII, '&', the second of two blanks)
 * are taken at once, then the stop is dealt with alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

/* Bits of the look-up: a byte has those that both of its halves have. */
#define DIGIT 0x01
#define LETTER_LOW 0x02  /* a to o */
#define LETTER_HIGH 0x04 /* p to z */
#define UNDERLINE 0x08
#define CONTROL 0x10     /* tab to carriage return */
#define SPACE 0x20
#define AMPERSAND 0x40

#define TOKEN (DIGIT | LETTER_LOW | LETTER_HIGH | UNDERLINE)

struct block {
	uint32_t stop, token;
};

static inline AVX2 __m256i
table(char a, char b, char c, char d, char e, char f, char g, char h, char i,
    char j, char k, char l, char m, char n, char o, char p)
{
	return _mm256_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p,
	    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}

/* Fold 32 bytes from ${p} to ${out}, as if all were ASCII. */
static inline __attribute__((always_inline)) AVX2 struct block
fold_block(const char *p, char *out)
{
	enum { LL = LETTER_LOW, LH = LETTER_HIGH, D = DIGIT, C = CONTROL };
	const __m256i low = table(D | LH | SPACE, D | LL | LH, D | LL | LH,
	    D | LL | LH, D | LL | LH, D | LL | LH, D | LL | LH | AMPERSAND,
	    D | LL | LH, D | LL | LH, D | LL | LH | C, LL | LH | C, LL | C,
	    LL | C, LL | C, LL, LL | UNDERLINE);
	const __m256i high = table(C, 0, SPACE | AMPERSAND, D, LL,
	    LH | UNDERLINE, LL, LH, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i half = _mm256_set1_epi8(15);
	const __m256i zero = _mm256_setzero_si256();
	const __m256i space = _mm256_set1_epi8(' ');
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i kind = _mm256_and_si256(
	    _mm256_shuffle_epi8(low, _mm256_and_si256(v, half)),
	    _mm256_shuffle_epi8(high,
		_mm256_and_si256(_mm256_srli_epi16(v, 4), half)));
	__m256i upper = _mm256_and_si256(
	    _mm256_cmpgt_epi8(v, _mm256_set1_epi8('A' - 1)),
	    _mm256_cmpgt_epi8(_mm256_set1_epi8('Z' + 1), v));
	__m256i other = _mm256_cmpeq_epi8(
	    _mm256_and_si256(kind, _mm256_set1_epi8(TOKEN)), zero);
	__m256i solid = _mm256_cmpeq_epi8(
	    _mm256_and_si256(kind, _mm256_set1_epi8(CONTROL | SPACE)), zero);
	uint32_t blank = ~(uint32_t)_mm256_movemask_epi8(solid);
	uint32_t before = blank << 1 | (out[-1] == ' ');

	v = _mm256_or_si256(v, _mm256_and_si256(upper, space));
	_mm256_storeu_si256((__m256i *)(void *)out,
	    _mm256_blendv_epi8(space, v, solid));
	return (struct block){
	    /* '&' is bit 6 of its kind, a byte outside ASCII its own bit 7 */
	    (uint32_t)_mm256_movemask_epi8(
		_mm256_or_si256(v, _mm256_slli_epi16(kind, 1))) |
		(blank & before),
	    ~(uint32_t)_mm256_movemask_epi8(other)};
}

AVX2 bool
text_avx2_part(struct fold *f, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;
	char rest[64] = {0};
	struct block block;
	uint32_t n;

	while (end - p >= 32) {
		block = fold_block(p, f->bytes + f->out);
		n = (uint32_t)_tzcnt_u32(block.stop);
		step_bits(f->in, f->out, _bzhi_u32(block.token, n));
		f->out += n;
		p += n;
		if (n == 32)
			continue;
		p = step_stop(f, p, end);
		if (p == NULL)
			return false;
	}
	/* The last bytes are folded where reading past them is legal. */
	memcpy(rest, p, (size_t)(end - p));
	end = rest + (end - p);
	for (p = rest; p < end;) {
		uint32_t left = (uint32_t)(end - p);

		block = fold_block(p, f->bytes + f->out);
		n = (uint32_t)_tzcnt_u32(block.stop);
		if (n > left)
			n = left;
		step_bits(f->in, f->out, _bzhi_u32(block.token, n));
		f->out += n;
		p += n;
		if (n == left)
			break;
		p = step_stop(f, p, end);
		if (p == NULL)
			return false;
	}
	return true;
}

static inline AVX2 uint32_t
take(uint64_t bits, uint32_t base, uint32_t *to)
{
	uint32_t count = (uint32_t)_mm_popcnt_u64(bits);

	/* Eight at once: one guess for the processor, not one per token. */
	for (uint32_t done = 0; done < count; done += 8) {
		for (uint32_t i = 0; i < 8; i++) {
			to[done + i] = base + (uint32_t)_tzcnt_u64(bits);
			bits = _blsr_u64(bits);
		}
	}
	return count;
}

AVX2 void
text_avx2_tokens(struct text *t, struct fold *f)
{
	step_take_tokens(t, f, take);
}

#else

bool
text_avx2_part(struct fold *f, struct slice part)
{
	return text_plain_part(f, part);
}

void
text_avx2_tokens(struct text *t, struct fold *f)
{
	text_plain_tokens(t, f);
}

#endif
