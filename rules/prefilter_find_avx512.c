/*
 * prefilter_find.c with AVX-512: eight tokens at a time.  Their bytes are
 * picked out of two registers, the suspects squeezed together.  The words of
 * the maps are loaded one by one: where this was measured (Zen 5), gathering
 * eight takes 3.8 ns and loading them 1.4.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/matcher.h"
#include "rules/sieve.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512                                                                 \
	__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,"            \
			      "avx512vbmi,avx512bitalg,bmi,bmi2,"              \
			      "popcnt"))) static
#define AVX512_INLINE AVX512 inline __attribute__((always_inline))

#define LANES 8u

AVX512_INLINE __m512i
all(uint64_t x)
{
	return _mm512_set1_epi64((long long)x);
}

/* Eight words at ${index}, of sixteen bits each: four are taken out at once.
 * The compiler takes the places from registers; the way through memory was
 * measured to be slower. */
AVX512_INLINE __m512i
words_at(const uint64_t *words, __m512i index)
{
	__m128i few = _mm512_cvtepi64_epi16(index);
	uint64_t a = (uint64_t)_mm_cvtsi128_si64(few);
	uint64_t b = (uint64_t)_mm_extract_epi64(few, 1);

	return _mm512_set_epi64((long long)words[b >> 48],
	    (long long)words[b >> 32 & 0xffff],
	    (long long)words[(uint32_t)b >> 16],
	    (long long)words[b & 0xffff], (long long)words[a >> 48],
	    (long long)words[a >> 32 & 0xffff],
	    (long long)words[(uint32_t)a >> 16],
	    (long long)words[a & 0xffff]);
}

/* Eight tokens: their first and second 8 bytes, of which PROBE_BYTES, zeros
 * behind each, and the byte before each, eight times; and what has a byte
 * that is not ASCII where one of all their bytes is none. */
struct eight {
	__m512i first, second, before, all;
};

#define BYTES_8(n)                                                             \
	all(UINT64_C(0x0706050403020100) + (n) * UINT64_C(0x0101010101010101))

/* From two registers that hold the text from before the first token on. */
AVX512_INLINE struct eight
pick(const char *bytes, size_t left, __m256i from, __m256i len)
{
	const __m512i bytes_0 = _mm512_set4_epi32(
	    0x08080808, 0x08080808, 0, 0);
	__m512i low = _mm512_loadu_si512(bytes);
	__m512i high = _mm512_maskz_loadu_epi8(
	    _bzhi_u64(UINT64_MAX, left < 64 ? (unsigned)left : 64),
	    bytes + 64);
	__m512i both = _mm512_cvtepu32_epi64(_mm256_or_si256(from,
	    _mm256_slli_epi32(_mm256_min_epu32(len,
		_mm256_set1_epi32(PROBE_BYTES)), 8)));
	__m512i at = _mm512_shuffle_epi8(both, bytes_0);
	__m512i lens = _mm512_shuffle_epi8(
	    both, _mm512_or_si512(bytes_0, all(0x0101010101010101)));
	struct eight e;

	e.first = _mm512_maskz_permutex2var_epi8(
	    _mm512_cmplt_epu8_mask(BYTES_8(0), lens), low,
	    _mm512_add_epi8(at, BYTES_8(1)), high);
	e.second = _mm512_maskz_permutex2var_epi8(
	    _mm512_cmplt_epu8_mask(BYTES_8(8), lens), low,
	    _mm512_add_epi8(at, BYTES_8(9)), high);
	e.before = _mm512_permutex2var_epi8(low, at, high);
	e.all = _mm512_or_si512(low, high);
	return e;
}

/* Tokens so far apart that they are not in two registers. */
AVX512 struct eight
pick_apart(const struct text *text, uint32_t t, uint32_t count)
{
	uint64_t first[LANES] = {0}, second[LANES] = {0}, before[LANES] = {0};

	for (uint32_t i = 0; i < count; i++) {
		const char *p = text->bytes + text->at[t + i];
		uint32_t len = text->end[t + i] - text->at[t + i];

		len = len < PROBE_BYTES ? len : PROBE_BYTES;
		first[i] = probe_load(p) & probe_mask(len);
		second[i] = len > 8 ? probe_load(p + 8) & probe_mask(len - 8)
				    : 0;
		before[i] = (unsigned char)p[-1] *
			    UINT64_C(0x0101010101010101);
	}
	return (struct eight){_mm512_loadu_si512(first),
	    _mm512_loadu_si512(second), _mm512_loadu_si512(before),
	    all(UINT64_MAX)};
}

/* At most so far from the first of eight tokens to the last one's end. */
#define APART 127u

AVX512_INLINE struct eight
load_tokens(const struct text *text, uint32_t t, uint32_t count,
    __mmask8 have)
{
	uint32_t first = text->at[t];
	__m256i from = _mm256_maskz_loadu_epi32(have, text->at + t);
	__m256i to = _mm256_maskz_loadu_epi32(have, text->end + t);

	if (__builtin_expect(text->end[t + count - 1] - first > APART, 0))
		return pick_apart(text, t, count);
	/* there are TEXT_PADDING bytes behind the text */
	return pick(text->bytes + first - 1, text->len - first + 1,
	    _mm256_maskz_sub_epi32(have, from, _mm256_set1_epi32((int)first)),
	    _mm256_sub_epi32(to, from));
}

/* probe_wide() */
AVX512_INLINE __m512i
wide_of(__m512i first, __m512i second)
{
	return _mm512_xor_si512(first,
	    _mm512_mullo_epi64(second, all(UINT64_C(0xD6E8FEB86659FD93))));
}

/* probe_hash() */
AVX512_INLINE __m512i
hash_of(__m512i key, unsigned home)
{
	return _mm512_mullo_epi64(
	    _mm512_xor_si512(key, all(home * UINT64_C(0x2c9277b5))),
	    all(PROBE_FACTOR));
}

/* Eight masks in one word, by token. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* ${a} where ${mask} is set, ${b} elsewhere. */
AVX512_INLINE __m512i
either(__m512i a, __m512i b, uint64_t mask)
{
	return _mm512_ternarylogic_epi64(a, b, all(mask), 0xe4);
}

/* Of the eight bits that a word is asked for, those behind which the next is
 * set too. */
AVX512_INLINE uint64_t
two_set(__m512i words, __m512i numbers)
{
	uint64_t bits = _cvtmask64_u64(
	    _mm512_bitshuffle_epi64_mask(words, numbers));

	return bits & bits >> 1;
}

/* The words of eight tokens. */
AVX512_INLINE __m512i
sieve_words(const uint64_t *words, uint8_t shift, uint32_t mask, __m512i hash)
{
	return words_at(words, _mm512_and_si512(
	    _mm512_srl_epi64(hash, _mm_cvtsi32_si128(shift)), all(mask)));
}

/* The numbers of bits that four kinds have, eight of them. */
#define NUMBERS(hash, a, b, c, d)                                              \
	_mm512_multishift_epi64_epi8(all((a) | (uint64_t)(b) << 16 |          \
		(uint64_t)(c) << 32 | (uint64_t)(d) << 48), hash)

/* Of all that the words hold, as enum suspect in eight bytes: but SIGN for what
 * stands behind one or not. */
AVX512_INLINE uint64_t
sift(__m512i words, __m512i hash, __m512i wide)
{
	__m512i numbers = either(hash_of(wide, WIDE),
	    NUMBERS(hash, SIEVE_SHORT, SIEVE_SIGNED, SIEVE_LONG, 0),
	    UINT64_MAX << 48);

	return two_set(words, numbers) & EACH(SUSPECTS_SIFTED);
}

/* The same of a fine sieve, and pairs, which are in the word of either. */
AVX512_INLINE uint64_t
sift_fine(__m512i words, __m512i words_before, __m512i short_words,
    __m512i hash, __m512i wide, __m512i pair)
{
	__m512i numbers = either(hash_of(wide, WIDE),
	    either(_mm512_srli_epi64(hash_of(pair, PROBE_PAIR), 24),
		NUMBERS(hash, SIEVE_SIGNED_FINE, 0, 0, 0),
		UINT64_MAX << 16),
	    UINT64_MAX << 40);
	uint64_t heads = two_set(short_words,
	    NUMBERS(hash, SIEVE_SHORT, SIEVE_FIVE, SIEVE_LONG, SIEVE_EIGHT));
	uint64_t found = two_set(words, numbers);
	uint64_t wides = found & found >> 1;
	uint64_t pairs = two_set(words_before, numbers);

	pairs = wides | (pairs & pairs >> 1);
	return ((heads | heads >> 2) & EACH(SUSPECT_SHORT | SUSPECT_LONG)) |
	       (found << 2 & EACH(SUSPECT_SIGN)) |
	       (wides << 1 & EACH(SUSPECT_WORD)) |
	       (pairs >> 1 & EACH(SUSPECT_PAIR));
}

/* Bytes before a token: # $ @ and the last byte of a point médian; and what
 * else joins a token to an inclusive group. */
#define SIGNS all(INT64_C(0x2f282d2eb7402423))
#define SIGNS_JOIN 0xf8
#define SIGNS_POINT 0x08

/* What is wanted of all that was found. */
AVX512_INLINE uint64_t
wanted(uint64_t found, uint64_t signs)
{
	uint64_t behind = (found | found >> 2) &
			  (signs | signs >> 1 | signs >> 2);

	behind = ((behind | signs >> 3) & EACH(1)) * SUSPECT_SIGN;
	return behind | (found & ~EACH(SUSPECT_SIGN));
}

/* Tokens of which bits are set in ${found}, squeezed together. */
struct squeezed {
	uint32_t *out;
	uint32_t count, joined;
};

AVX512_INLINE void
put_many(struct squeezed *s, uint32_t first, uint64_t found,
    uint64_t signs)
{
	const __m256i lanes = _mm256_setr_epi32(0, 1 << SUSPECT_SHIFT,
	    2 << SUSPECT_SHIFT, 3 << SUSPECT_SHIFT, 4 << SUSPECT_SHIFT,
	    5 << SUSPECT_SHIFT, 6 << SUSPECT_SHIFT, 7 << SUSPECT_SHIFT);
	__m128i bytes = _mm_cvtsi64_si128((long long)found);
	__m128i joins = _mm_cvtsi64_si128(
	    (long long)(signs & EACH(SIGNS_JOIN)));
	__mmask16 have = _mm_test_epi8_mask(bytes, bytes);
	__m256i all = _mm256_add_epi32(_mm256_cvtepu8_epi32(bytes),
	    _mm256_add_epi32(lanes,
		_mm256_set1_epi32((int)(first << SUSPECT_SHIFT))));

	_mm256_storeu_si256((__m256i *)(void *)(s->out + s->count),
	    _mm256_maskz_compress_epi32((__mmask8)have, all));
	s->joined |= _mm_mask_test_epi8_mask(have, joins, joins);
	s->count += (uint32_t)__builtin_popcount(have);
}

/* probe_pair() of each token and the one before it. */
AVX512_INLINE __m512i
pairs_of(__m512i wide, __m512i before)
{
	return _mm512_add_epi64(wide,
	    _mm512_rol_epi64(_mm512_alignr_epi64(wide, before, 7), 23));
}

/* Whether there may be anything to put: signs are not asked yet. */
AVX512_INLINE bool
any_found(uint64_t found, uint64_t signs)
{
	return (found | (signs & EACH(SIGNS_POINT))) != 0;
}

AVX512_INLINE uint32_t
find(struct matcher *m, const struct prefilter *table, bool fresh, bool fine,
    bool many)
{
	const struct text *text = m->text;
	const struct probe_sieve sieve = table->sieve;
	__m512i last = _mm512_setzero_si512(), seen = last, last_words = last;
	struct squeezed s = {.out = m->suspects};

	for (uint32_t t = 0, n = text->tokens; t < n; t += LANES) {
		uint32_t some = n - t < LANES ? n - t : LANES;
		__mmask8 have = (__mmask8)_bzhi_u32(0xff, some);
		struct eight e = load_tokens(text, t, some, have);
		__m512i wide = wide_of(e.first, e.second);
		__m512i hash = _mm512_mullo_epi64(_mm512_xor_si512(e.first,
		    all(sieve.salt)), all(PROBE_FACTOR));
		__m512i words = sieve_words(
		    sieve.words, sieve.shift, sieve.mask, hash);
		uint64_t found, signs;

		seen = _mm512_or_si512(seen, e.all);
		if (fresh) {
			_mm512_storeu_si512(m->keys + t, e.first);
			_mm512_storeu_si512(m->wides + t, wide);
		}
		found = !fine ? sift(words, hash, wide)
			      : sift_fine(words,
			_mm512_alignr_epi64(words, last_words, 7),
			sieve_words(sieve.short_words, sieve.short_shift,
			    sieve.short_mask, hash),
			hash, wide, pairs_of(wide, last));
		last = wide;
		last_words = words;
		signs = _bzhi_u64(_cvtmask64_u64(_mm512_cmpeq_epi8_mask(
				      e.before, SIGNS)),
		    8 * some);
		found = _bzhi_u64(found, 8 * some);
		if (many || any_found(found, signs))
			put_many(&s, t, wanted(found, signs), signs);
	}
	m->ascii = _mm512_movepi8_mask(seen) == 0;
	m->joined = s.joined != 0;
	return s.count;
}

AVX512 uint32_t
find_words(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, true, false, false);
}

AVX512 uint32_t
find_large(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, true, true, false);
}

AVX512 uint32_t
find_again(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, false, false, false);
}

AVX512 uint32_t
find_large_again(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, false, true, false);
}

AVX512 uint32_t
find_many(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, true, true, true);
}

AVX512 uint32_t
find_many_again(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, false, true, true);
}

uint32_t
prefilter_find_avx512(
    struct matcher *m, const struct prefilter *table, bool fresh)
{
	if (table->turns)
		return fresh ? find_many(m, table) : find_many_again(m, table);
	if (!fresh)
		return table->large ? find_large_again(m, table)
				    : find_again(m, table);
	return table->large ? find_large(m, table) : find_words(m, table);
}

#endif
