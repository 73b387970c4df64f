/*
 * The index with AVX2: 64 bytes as two halves.
 *
 * Marks and blanks are found by one look-up by both halves of each byte; what
 * is noted is packed eight bytes at a time, and the kinds of all that was noted
 * are found by vectors in the end.  The last bytes are copied among blanks, so
 * nothing past them is read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_index_step.h"

#if defined(__x86_64__)

#include "connectors/json_avx2.h"

/* Bits of the look-up: a byte has those that both of its halves have. */
#define COMMA 0x01
#define COLON 0x02   /* and U+001A */
#define BRACKET 0x04 /* and braces */
#define FEED 0x08    /* line feed, form feed */
#define SPACE 0x10
#define TAB 0x20     /* and CR */

struct block {
	__m256i low, high;
};

INLINE uint64_t
parity(uint64_t bits)
{
	const __m128i ones = _mm_set1_epi8(-1);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
	    _mm_set_epi64x(0, (int64_t)bits), ones, 0));
}

INLINE uint64_t
bits(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) |
	    (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

INLINE uint64_t
is(const struct block *v, unsigned char c)
{
	const __m256i all = _mm256_set1_epi8((char)c);

	return bits(_mm256_cmpeq_epi8(v->low, all),
	    _mm256_cmpeq_epi8(v->high, all));
}

/* The classes of 32 bytes. */
INLINE __m256i
classes(__m256i v)
{
	const __m256i low = table(_mm_setr_epi8(SPACE, 0, 0, 0, 0, 0, 0, 0, 0,
	    TAB, COLON | FEED, BRACKET, COMMA | FEED, BRACKET | TAB, 0, 0));
	const __m256i high = table(_mm_setr_epi8(FEED | TAB, COLON,
	    COMMA | SPACE, COLON, 0, BRACKET, 0, BRACKET, 0, 0, 0, 0, 0, 0, 0,
	    0));

	/* A byte that is not ASCII finds nothing in the first. */
	return _mm256_and_si256(_mm256_shuffle_epi8(low, v),
	    _mm256_shuffle_epi8(high, upper(v)));
}

INLINE uint64_t
none_of(__m256i low, __m256i high, char set)
{
	const __m256i zero = _mm256_setzero_si256();
	const __m256i all = _mm256_set1_epi8(set);

	return bits(_mm256_cmpeq_epi8(_mm256_and_si256(low, all), zero),
	    _mm256_cmpeq_epi8(_mm256_and_si256(high, all), zero));
}

struct out {
	uint32_t *at;
	unsigned char *kind;
	uint64_t *slash;
	const struct step_packs *packs;
	uint32_t count;
};

/*
 * Append what is noted of the block at ${p}: eight bytes at a time, whose
 * places the table has in a row.  No jump depends on how many there are; a
 * loop over them is guessed wrong once a block.  Kinds are the bytes
 * themselves for now.
 */
INLINE void
put(struct out *o, uint64_t places, const char *p, uint32_t base)
{
	const __m256i eight = _mm256_loadu_si256(
	    (const __m256i *)(const void *)o->packs->eight);
	__m256i bases = _mm256_set1_epi32((int)base);
	uint32_t *at = o->at + o->count;
	unsigned char *kind = o->kind + o->count;

	for (unsigned i = 0; i < 64; i += 8, places >>= 8) {
		__m128i pack = _mm_loadl_epi64((const __m128i *)(const void *)
			(o->packs->places + (places & 0xff)));
		__m128i v = _mm_loadl_epi64(
		    (const __m128i *)(const void *)(p + i));
		uint64_t count = (uint64_t)_mm_popcnt_u64(places & 0xff);

		_mm256_storeu_si256((__m256i *)(void *)at,
		    _mm256_add_epi32(bases, _mm256_cvtepu8_epi32(pack)));
		_mm_storel_epi64(
		    (__m128i *)(void *)kind, _mm_shuffle_epi8(v, pack));
		bases = _mm256_add_epi32(bases, eight);
		at += count;
		kind += count;
	}
	o->count = (uint32_t)(kind - o->kind);
}

/* Kinds as sums, of a byte, of what the two halves of a byte stand for: LOW_A
 * is that of the lower half 10, HIGH_2 that of the upper half 2. */
#define LESS(kind, other) (((kind) - (other)) & 0xff)

enum {
	LOW_A = 0,
	HIGH_0 = LESS(JSON_END, LOW_A),
	HIGH_1 = LESS(JSON_STRAY, LOW_A),
	HIGH_3 = LESS(JSON_COLON, LOW_A),
	LOW_C = LESS(JSON_STRAY, HIGH_0),
	HIGH_2 = LESS(JSON_COMMA, LOW_C),
	LOW_2 = LESS(JSON_STRING, HIGH_2),
	LOW_D = LESS(JSON_NUMBER, HIGH_2),
	HIGH_5 = LESS(JSON_CLOSE_ARRAY, LOW_D),
	LOW_B = LESS(JSON_ARRAY, HIGH_5),
	HIGH_7 = LESS(JSON_CLOSE_OBJECT, LOW_D),
	LOW_4 = LESS(JSON_TRUE, HIGH_7),
	LOW_6 = 0,
	HIGH_6 = LESS(JSON_FALSE, LOW_6),
	LOW_E = LESS(JSON_NULL, HIGH_6),
};

_Static_assert(LESS(JSON_OBJECT, LOW_B) == HIGH_7, "one sum for the fourth");

static const unsigned char kinds_low[16] = {[0x2] = LOW_2, [0x4] = LOW_4,
    [0x6] = LOW_6, [0xa] = LOW_A, [0xb] = LOW_B, [0xc] = LOW_C, [0xd] = LOW_D,
    [0xe] = LOW_E};
static const unsigned char kinds_high[16] = {HIGH_0, HIGH_1, HIGH_2, HIGH_3,
    [0x5] = HIGH_5, HIGH_6, HIGH_7};

/* Which halves go together: upper ones by bit, and their bits. */
static const unsigned char pairs_low[16] = {[0x2] = 0x04, [0x4] = 0x80,
    [0x6] = 0x40, [0xa] = 0x0b, [0xb] = 0xa0, [0xc] = 0x05, [0xd] = 0xa4,
    [0xe] = 0x40};
static const unsigned char pairs_high[16] = {0x01, 0x02, 0x04, 0x08,
    [0x5] = 0x20, 0x40, 0x80};

/* The kinds of 32 bytes; 0 where no value begins like that. */
INLINE __m256i
kinds_of(__m256i v)
{
	__m256i half = upper(v);
	__m256i sum = _mm256_add_epi8(
	    _mm256_shuffle_epi8(load_table(kinds_low), v),
	    _mm256_shuffle_epi8(load_table(kinds_high), half));
	__m256i both = _mm256_and_si256(
	    _mm256_shuffle_epi8(load_table(pairs_low), v),
	    _mm256_shuffle_epi8(load_table(pairs_high), half));
	__m256i none = _mm256_cmpeq_epi8(_mm256_setzero_si256(), both);
	__m256i digit = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));

	digit = _mm256_cmpeq_epi8(
	    digit, _mm256_min_epu8(digit, _mm256_set1_epi8(9)));
	return _mm256_blendv_epi8(_mm256_andnot_si256(none, sum),
	    _mm256_set1_epi8(JSON_NUMBER), digit);
}

static AVX2 void
name_kinds(unsigned char *kind, uint32_t count)
{
	for (uint32_t i = 0; i < count; i += 32) {
		__m256i *at = (__m256i *)(void *)(kind + i);

		_mm256_storeu_si256(at, kinds_of(_mm256_loadu_si256(at)));
	}
}

/* What is wrong with UTF-8 in the block. */
INLINE void
check_block(struct utf8 *u, const struct block *v, uint64_t *beyond)
{
	uint64_t high = bits(v->low, v->high);

	/* The last three bytes before may owe something to the first. */
	if (high | *beyond >> 61) {
		check_utf8(u, v->low);
		check_utf8(u, v->high);
	}
	*beyond = high;
}

INLINE void
take_block(
    struct step *s, struct out *o, const struct block *v, const char *p,
    uint32_t base)
{
	const __m256i last = _mm256_set1_epi8(0x1f);
	__m256i low = classes(v->low), high = classes(v->high);
	struct step_bits b;

	b.quote = is(v, '"');
	b.slash = is(v, '\\');
	b.mark = ~none_of(low, high, COMMA | COLON | BRACKET | FEED);
	b.scalar = none_of(low, high, -1);
	b.control =
	    bits(_mm256_cmpeq_epi8(_mm256_max_epu8(v->low, last), last),
		_mm256_cmpeq_epi8(_mm256_max_epu8(v->high, last), last));
	o->slash[base / 64] = b.slash;
	put(o, step_places(s, &b, parity), p, base);
}

AVX2 uint32_t
json_index_avx2_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	const __m256i blanks = _mm256_set1_epi8(' ');
	struct step s = {0};
	struct utf8 u = {blanks, _mm256_setzero_si256()};
	struct out o = {
	    index->at, index->kind, index->slash, &index->packs, 0};
	uint64_t beyond = 0;
	char rest[64];

	for (uint32_t at = 0; at < len; at += 64) {
		const char *p = bytes + at;
		struct block v;

		if (len - at < 64) {
			memset(rest, ' ', sizeof(rest));
			memcpy(rest, p, len - at);
			p = rest;
		}
		v.low = _mm256_loadu_si256((const __m256i *)(const void *)p);
		v.high = _mm256_loadu_si256(
		    (const __m256i *)(const void *)(p + 32));
		check_block(&u, &v, &beyond);
		take_block(&s, &o, &v, p, at);
	}
	if (beyond >> 61)
		check_utf8(&u, blanks);
	name_kinds(o.kind, o.count);
	faults->utf8 = !_mm256_testz_si256(u.faults, u.faults);
	faults->control = s.control != 0;
	faults->unclosed = s.in_string != 0;
	return o.count;
}

#else

uint32_t
json_index_avx2_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	return json_index_plain_pass(index, bytes, len, faults);
}

#endif
