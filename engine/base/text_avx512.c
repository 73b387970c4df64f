/*
 * Folding with AVX-512 (VBMI and VBMI2): 64 bytes at a time.
 *
 * Two look-ups of 128 entries say what each ASCII byte folds to and what it
 * is, and what the bytes of a longer character become, pair of lead bytes by
 * pair; accents and quotes that fold to one byte of ASCII are replaced by it
 * before.  What is neither (a stop) is folded alone.  Stretches between stops
 * are squeezed out of the same block one after the other, without the blanks
 * after a blank; a block at the end is loaded under a mask, so nothing past it
 * is read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512                                                                \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,"         \
			      "avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))

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
	uint64_t stop, token, blank, drop;
	uint64_t emoji; /* the first bytes of those of four */
};

#define INLINE static inline __attribute__((always_inline)) AVX512

INLINE __m512i
all(unsigned byte)
{
	return _mm512_set1_epi8((char)byte);
}

/* The entries of a table of 128. */
INLINE __m512i
look(const unsigned char table[static 128], __m512i index)
{
	return _mm512_permutex2var_epi8(_mm512_loadu_si512(table), index,
	    _mm512_loadu_si512(table + 64));
}

static const _Alignas(64) unsigned char places[64] = {0, 1, 2, 3, 4, 5,
    6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
    58, 59, 60, 61, 62, 63};

/* Each byte's neighbour, ${by} places on (or, negative, before). */
INLINE __m512i
moved(__m512i v, int by)
{
	return _mm512_permutexvar_epi8(
	    _mm512_add_epi8(_mm512_load_si512(places), all((unsigned)by)), v);
}

/* What the kinds of characters that begin at ${lead}, of ${n} bytes each, say
 * of their bytes; returns those that are folded here. */
INLINE uint64_t
put_kinds(struct block *b, __m512i kind, uint64_t lead, unsigned n)
{
	uint64_t good = lead &
	    _mm512_testn_epi8_mask(kind, all(WIDE_STOP));
	uint64_t token = good & _mm512_movepi8_mask(kind);
	uint64_t rest = (good & _mm512_test_epi8_mask(
				    kind, all(WIDE_NO_SECOND))) << 1;

	b->stop &= ~(good | good << 1);
	b->token |= token | token << 1;
	b->blank |= good & _mm512_test_epi8_mask(kind, all(WIDE_BLANK));
	b->drop |= rest |
	    (good & _mm512_test_epi8_mask(kind, all(WIDE_NO_FIRST)));
	if (n == 3) {
		b->stop &= ~(good << 2);
		b->token |= token << 2;
		b->drop |= (good & _mm512_test_epi8_mask(
				kind, all(WIDE_NO_THIRD))) << 2;
	}
	return good;
}

/* Characters of two bytes, those that share all but the lowest bit of the
 * first byte at once. */
INLINE void
fold_pairs(struct block *b, const struct text_wide *wide, const char *p,
    __m512i v, uint64_t lead)
{
	const __m512i next = _mm512_and_si512(moved(v, 1), all(63));
	const __m512i either = _mm512_or_si512(v, all(1));
	uint64_t odd = _mm512_test_epi8_mask(v, all(1));
	__m512i index = _mm512_mask_add_epi8(next, odd, next, all(64));
	__m512i index_2 = moved(index, -1);

	while (lead != 0) {
		unsigned char c = (unsigned char)p[_tzcnt_u64(lead)];
		const struct text_pairs *t = &wide->pairs[(c >> 1) & 15];
		uint64_t same = lead &
		    _mm512_cmpeq_epi8_mask(either, all(c | 1u));
		uint64_t good =
		    put_kinds(b, look(t->kind, index), same, 2);

		b->folded = _mm512_mask_mov_epi8(
		    b->folded, good, look(t->first, index));
		b->folded = _mm512_mask_mov_epi8(
		    b->folded, good << 1, look(t->second, index_2));
		lead &= ~same;
	}
}

/* Quotes, dashes, dots and blanks of three bytes. */
INLINE void
fold_triples(struct block *b, const struct text_triples *t, __m512i v,
    uint64_t lead)
{
	__m512i next = moved(v, 1);
	__m512i index = _mm512_or_si512(
	    _mm512_and_si512(moved(v, 2), all(63)),
	    _mm512_and_si512(_mm512_slli_epi16(next, 5), all(64)));
	uint64_t good = put_kinds(b, look(t->kind, index), lead, 3);

	b->folded = _mm512_mask_mov_epi8(
	    b->folded, good, look(t->first, index));
	b->folded = _mm512_mask_mov_epi8(
	    b->folded, good << 1, look(t->second, moved(index, -1)));
	b->folded = _mm512_mask_mov_epi8(
	    b->folded, good << 2, look(t->third, moved(index, -2)));
}

/* Those of four bytes that are emoji and nothing else: they stay. */
INLINE void
fold_emoji(struct block *b, const struct text_wide *wide, __m512i v,
    uint64_t lead)
{
	__m512i rows = _mm512_permutexvar_epi8(
	    v, _mm512_loadu_si512(wide->emoji));
	uint64_t good = lead & _mm512_movepi8_mask(rows) >> 2;
	uint64_t bytes = good | good << 1;

	bytes |= bytes << 2;
	b->emoji = good;
	b->stop &= ~bytes;
	b->token |= bytes;
}

/* Characters that are whole within ${have}. */
INLINE void
fold_wide(struct block *b, const struct text_wide *wide, const char *p,
    __m512i v, uint64_t have)
{
	uint64_t pairs = have >> 1 & _mm512_cmple_epu8_mask(
	    _mm512_sub_epi8(v, all(0xc2)), all(0xdf - 0xc2));
	uint64_t e2 = have >> 2 & _mm512_cmpeq_epi8_mask(v, all(0xe2));
	uint64_t f0 = have >> 3 & _mm512_cmpeq_epi8_mask(v, all(0xf0));

	if (pairs != 0)
		fold_pairs(b, wide, p, v, pairs);
	if (e2 != 0) {
		e2 &= _mm512_cmpeq_epi8_mask(
		    _mm512_or_si512(v, all(2)), all(0x82)) >> 1;
		fold_triples(b, &wide->triples, v, e2);
	}
	if (f0 != 0) {
		f0 &= _mm512_cmpeq_epi8_mask(v, all(0x9f)) >> 1;
		fold_emoji(b, wide, v, f0);
	}
}

INLINE struct block
read_block(const struct text_wide *wide, const char *p, uint64_t have)
{
	const __m512i low = _mm512_load_si512(kinds);
	const __m512i high = _mm512_load_si512(kinds + 64);
	__m512i v = _mm512_maskz_loadu_epi8(have, p);
	__m512i kind = _mm512_permutex2var_epi8(low, v, high);
	uint64_t beyond = _mm512_movepi8_mask(v);
	__mmask64 upper = _mm512_cmplt_epu8_mask(
	    _mm512_sub_epi8(v, all('A')), all(26));
	struct block b = {.stop = beyond |
		_mm512_test_epi8_mask(kind, all(AMPERSAND)),
	    .token = _mm512_movepi8_mask(kind) & ~beyond};
	uint64_t blank = _mm512_test_epi8_mask(kind, all(BLANK)) & ~b.stop;

	b.folded = _mm512_mask_add_epi8(v, upper, v, all(0x20));
	b.folded = _mm512_mask_mov_epi8(b.folded, blank, all(' '));
	b.blank = blank;
	if (beyond != 0)
		fold_wide(&b, wide, p, v, have);
	return b;
}

/* What stands on ${from} up to the next byte that is kept. */
INLINE uint64_t
next_kept(uint64_t from, uint64_t drop)
{
	return from | (((from & drop) + drop) & ~drop);
}

/* What is kept of the block if no blank stands before it: all but what is
 * dropped and the blanks behind a blank. */
INLINE uint64_t
kept(const struct block *b)
{
	return ~(b->drop | (b->blank & next_kept(b->blank << 1, b->drop)));
}

/*
 * Append the bytes [from, to) of the block, not empty, that are in ${keep},
 * which becomes what was kept of them; ${blank}: behind a blank.  Whether the
 * last byte is one now.  (What was just stored is known
 * here: reading it back would wait for all 64 bytes of it.)  A blank before
 * costs at most the first byte, and hardly ever says what the last one is: so
 * blocks need not wait for each other.
 */
INLINE bool
put_stretch(struct fold *f, const struct block *b, uint64_t *to_keep,
    uint32_t from, uint32_t to, bool blank, uint32_t *out)
{
	uint32_t at = *out;
	uint64_t keep = *to_keep;
	uint64_t within = _bzhi_u64(~UINT64_C(0), to) >> from << from;
	uint64_t first = _blsi_u64(within & ~b->drop);
	uint64_t emoji = b->emoji;

	keep &= within;
	within = keep & b->blank; /* the highest bit of both: a blank is last */
	within = within > (keep ^ within) || (keep == 0 && blank);
	keep &= ~(first & b->blank & (0 - (uint64_t)blank));
	*to_keep = keep;
	_mm512_storeu_si512(
	    f->bytes + at, _mm512_maskz_compress_epi8(keep, b->folded));
	step_bits(f->in, at, _pext_u64(b->token, keep));
	*out = at + (uint32_t)_mm_popcnt_u64(keep);
	if (emoji != 0) {
		step_bits(f->force, at, _pext_u64(emoji & keep, keep));
		step_bits(f->force, at + 1,
		    _pext_u64(emoji << 3 & keep, keep));
		if ((emoji << 3 & keep) >> (63 - _lzcnt_u64(keep | 1)) != 0) {
			f->tail = TAIL_BASE;
			f->tail_end = *out;
		}
	}
	return within;
}

/* Behind a joiner an emoji is not one of its own. */
INLINE uint64_t
stops_at(const struct fold *f, const struct block *b, uint32_t at,
    uint32_t out)
{
	uint64_t stops = b->stop;

	if (b->emoji != 0 && f->tail_end == out && f->tail == TAIL_JOINED)
		stops |= UINT64_C(1) << at & b->emoji;
	return stops >> at << at;
}

/* How much of ${left} bytes one block takes: it does not end within a
 * character, which would have to be folded alone. */
INLINE uint32_t
block_size(const char *p, size_t left)
{
	if (left <= 64)
		return (uint32_t)left;
	if (__builtin_expect((unsigned char)p[63] < 0x80, 1))
		return 64;
	if ((unsigned char)p[63] >= 0xc0)
		return 63;
	if ((unsigned char)p[62] >= 0xe0)
		return 62;
	return (unsigned char)p[61] >= 0xf0 ? 61 : 64;
}

/* Append the block of ${size} bytes at ${p}, and what goes on behind it;
 * returns where the next one begins, or NULL to give up.  ${all_kept}: the
 * bytes that were kept, 0 if some were folded alone. */
INLINE const char *
put_any(struct fold *f, const char *p, const char *end, uint32_t size,
    uint64_t *blank, uint32_t *out, uint64_t *all_kept)
{
	struct block b = read_block(f->wide, p, _bzhi_u64(~UINT64_C(0), size));
	uint64_t keep = kept(&b);
	const char *first = p;
	uint32_t at = 0;

	for (;;) {
		uint64_t stops = stops_at(f, &b, at, *out);
		uint32_t to = stops == 0 ? size : (uint32_t)_tzcnt_u64(stops);

		uint64_t stretch = keep;

		if (to > at)
			*blank = put_stretch(
			    f, &b, &stretch, at, to, *blank != 0, out);
		p = first + to;
		*all_kept = to - at == size ? stretch : 0;
		if (to == size)
			return p;
		f->out = *out;
		p = step_one(f, p, end);
		if (p == NULL)
			return NULL;
		*out = f->out;
		*blank = f->bytes[(ptrdiff_t)*out - 1] == ' ';
		at = (uint32_t)(p - first);
		if (at >= size)
			return p;
	}
}

/* ${v} with what vectors fold to one byte of ASCII at the last byte of each
 * character; ${gone}: the bytes before. */
INLINE __m512i
shorten(const struct text_wide *wide, __m512i v, uint64_t *gone)
{
	__m512i before = moved(v, -1);
	__mmask64 two = _mm512_cmpeq_epi8_mask(
	    _mm512_or_si512(before, all(1)), all(0xc3));
	__mmask64 three = _mm512_mask_cmpeq_epi8_mask(
	    _mm512_cmpeq_epi8_mask(before, all(0x80)), moved(v, -2),
	    all(0xe2));
	/* of the index seven bits count: six, and which of C2 and C3 it is */
	__m512i index = _mm512_ternarylogic_epi32(
	    v, _mm512_slli_epi16(before, 6), all(63), 0xe4);
	__m512i x = _mm512_mask_mov_epi8(v, two, look(wide->latin, index));
	uint64_t threes = _cvtmask64_u64(three);

	*gone = _cvtmask64_u64(two) >> 1 | threes >> 1 | threes >> 2;
	return _mm512_mask_permutexvar_epi8(
	    x, three, v, _mm512_loadu_si512(wide->quotes));
}

/* Append the block if it is of ASCII without an ampersand and of what folds to
 * it, one byte for a character; what is kept of it, or 0.  Behind a blank
 * ${blank} is 1, else 0. */
INLINE uint64_t
put_ascii(struct fold *f, __m512i v, uint64_t have, uint64_t *blank,
    uint32_t *out)
{
	const __m512i low = _mm512_load_si512(kinds);
	const __m512i high = _mm512_load_si512(kinds + 64);
	uint64_t gone, blanks, keep;
	__m512i x = shorten(f->wide, v, &gone);
	__m512i kind = _mm512_permutex2var_epi8(low, x, high);
	__mmask64 upper = _mm512_cmplt_epu8_mask(
	    _mm512_sub_epi8(v, all('A')), all(26));
	uint32_t at = *out;

	/* the ampersand's bit goes on top; what goes to a neighbour does not */
	if ((_mm512_movepi8_mask(_mm512_or_si512(
		 x, _mm512_slli_epi16(kind, 6))) & ~gone) != 0)
		return 0;
	blanks = _mm512_test_epi8_mask(kind, all(BLANK)) & have & ~gone;
	x = _mm512_mask_add_epi8(x, upper, x, all(0x20));
	x = _mm512_mask_mov_epi8(x, blanks, all(' '));
	keep = have & ~(gone | (blanks & (blanks << 1 | *blank)));
	_mm512_storeu_si512(
	    f->bytes + at, _mm512_maskz_compress_epi8(keep, x));
	step_bits(f->in, at, _pext_u64(_mm512_movepi8_mask(kind), keep));
	*out = at + (uint32_t)_mm_popcnt_u64(keep);
	/* the last byte of the block, kept or not */
	*blank = (blanks & (have ^ have >> 1)) != 0;
	return keep;
}

AVX512 bool
text_avx512_part(struct fold *f, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;
	uint64_t blank = f->bytes[(ptrdiff_t)f->out - 1] == ' ';
	uint32_t out = f->out;
	struct text_trail *trail = f->trail;

	for (; p < end; trail++) {
		uint32_t size = block_size(p, (size_t)(end - p));
		uint64_t have = _bzhi_u64(~UINT64_C(0), size);

		trail->folded = out;
		trail->posted = (uint32_t)(p - part.data);
		trail->keep = put_ascii(f, _mm512_maskz_loadu_epi8(have, p),
		    have, &blank, &out);
		if (trail->keep != 0) {
			p += size;
			continue;
		}
		p = put_any(f, p, end, size, &blank, &out, &trail->keep);
		if (p == NULL)
			return false;
	}
	f->out = out;
	f->trail_count = (uint32_t)(trail - f->trail);
	return true;
}

static inline AVX512 uint32_t
take(uint64_t bits, uint32_t base, uint32_t *to)
{
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
