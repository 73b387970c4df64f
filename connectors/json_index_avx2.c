/*
 * The index with AVX2: 64 bytes as two halves.
 *
 * Marks and blanks are found by one look-up by both halves of each byte; the
 * kinds of the few bytes that are noted come from the table.  The last bytes
 * are copied among blanks, so nothing past them is read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_index_step.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))
#define INLINE static inline __attribute__((always_inline)) AVX2

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

INLINE __m256i
table(__m128i both)
{
	return _mm256_broadcastsi128_si256(both);
}

/* The half block before; what is wrong. */
struct utf8 {
	__m256i before, faults;
};

INLINE __m256i
upper(__m256i v)
{
	return _mm256_and_si256(
	    _mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
}

INLINE __m256i
utf8_table(unsigned i)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128(
	    (const __m128i *)(const void *)json_index_utf8[i]));
}

/* Not inlined: the other state then stays in registers. */
static __attribute__((noinline)) AVX2 void
check_utf8(struct utf8 *u, __m256i v)
{
	const __m256i first_high = utf8_table(0);
	const __m256i first_low = utf8_table(1);
	const __m256i second_high = utf8_table(2);
	__m256i lanes = _mm256_permute2x128_si256(u->before, v, 0x21);
	__m256i one = _mm256_alignr_epi8(v, lanes, 15);
	__m256i two = _mm256_alignr_epi8(v, lanes, 14);
	__m256i three = _mm256_alignr_epi8(v, lanes, 13);
	__m256i a = _mm256_shuffle_epi8(first_high, upper(one));
	__m256i b = _mm256_shuffle_epi8(
	    first_low, _mm256_and_si256(one, _mm256_set1_epi8(15)));
	__m256i c = _mm256_shuffle_epi8(second_high, upper(v));
	__m256i owed = _mm256_and_si256(_mm256_set1_epi8((char)STEP_SECOND),
	    _mm256_or_si256(
		_mm256_subs_epu8(two, _mm256_set1_epi8(0x60)),
		_mm256_subs_epu8(three, _mm256_set1_epi8(0x70))));
	__m256i wrong = _mm256_and_si256(_mm256_and_si256(a, b), c);

	u->faults = _mm256_or_si256(
	    u->faults, _mm256_xor_si256(wrong, owed));
	u->before = v;
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
	uint32_t count;
};

INLINE void
put(struct out *o, uint64_t places, const struct block *v, uint32_t base)
{
	uint32_t count = (uint32_t)_mm_popcnt_u64(places);
	uint32_t *at = o->at + o->count;
	unsigned char *kind = o->kind + o->count;
	_Alignas(32) unsigned char copy[96]; /* [64]: behind the last place */

	_mm256_store_si256((__m256i *)(void *)copy, v->low);
	_mm256_store_si256((__m256i *)(void *)(copy + 32), v->high);
	copy[64] = 0;
	/* Four at once: fewer guesses for the processor than places. */
	for (uint32_t done = 0; done < count; done += 4) {
		for (uint32_t i = 0; i < 4; i++) {
			uint32_t here = (uint32_t)_tzcnt_u64(places);

			at[done + i] = base + here;
			kind[done + i] = json_index_kinds[copy[here]];
			places = _blsr_u64(places);
		}
	}
	o->count += count;
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
    struct step *s, struct out *o, const struct block *v, uint32_t base)
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
	put(o, step_places(s, &b, parity), v, base);
}

AVX2 uint32_t
json_index_avx2_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	const __m256i blanks = _mm256_set1_epi8(' ');
	struct step s = {0};
	struct utf8 u = {blanks, _mm256_setzero_si256()};
	struct out o = {index->at, index->kind, index->slash, 0};
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
		take_block(&s, &o, &v, at);
	}
	if (beyond >> 61)
		check_utf8(&u, blanks);
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
