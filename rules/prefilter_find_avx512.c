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
			      "avx512vbmi,avx512bitalg,bmi,bmi2"))) static
#define AVX512_INLINE AVX512 inline __attribute__((always_inline))

#define LANES 8u

AVX512_INLINE __m512i
all(uint64_t x)
{
	return _mm512_set1_epi64((long long)x);
}

/* Eight words at ${index}.  The compiler takes the places from the register;
 * the way through memory was measured to be slower. */
AVX512_INLINE __m512i
words_at(const uint64_t *words, __m512i index)
{
	uint64_t at[LANES];

	_mm512_storeu_si512(at, index);
	return _mm512_set_epi64((long long)words[at[7]],
	    (long long)words[at[6]], (long long)words[at[5]],
	    (long long)words[at[4]], (long long)words[at[3]],
	    (long long)words[at[2]], (long long)words[at[1]],
	    (long long)words[at[0]]);
}

/* The same where an index has sixteen bits: four are taken out at once. */
AVX512_INLINE __m512i
near_words_at(const uint64_t *words, __m512i index)
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

/* probe_hit_all(), as SUSPECT_PAIR. */
AVX512_INLINE uint64_t
pairs(const struct probe_map *map, __m512i hash)
{
	__m512i words = words_at(map->words,
	    _mm512_srl_epi64(hash, _mm_cvtsi32_si128(map->shift)));
	uint64_t bits = two_set(words, _mm512_multishift_epi64_epi8(
	    all(UINT64_C(0x212427242127242a)), hash));

	return (bits & bits >> 2 & EACH(1)) * SUSPECT_PAIR;
}

/* sieve_find(), as enum suspect in eight bytes. */
AVX512_INLINE uint64_t
sift(const struct probe_sieve *sieve, __m512i key, __m512i wide,
    __m512i before)
{
	__m512i hash = _mm512_mullo_epi64(
	    _mm512_xor_si512(_mm512_and_si512(key, all(SIEVE_BYTES)),
		all(sieve->salt)), all(PROBE_FACTOR));
	__m512i words = near_words_at(sieve->words,
	    _mm512_srl_epi64(hash, _mm_cvtsi32_si128(sieve->shift)));
	__m512i more = hash_of(
	    _mm512_and_si512(key, all(0xffffffffffff)), SIX);
	__m512i few = hash_of(
	    _mm512_and_si512(key, all(0xffff)), TWO);
	__m512i numbers = either(
	    either(hash_of(wide, WIDE), more,
		UINT64_C(0xffff) << SIEVE_AT_WORD),
	    either(hash, few, UINT64_C(0xffff) << SIEVE_AT_SIGNED),
	    UINT64_MAX << SIEVE_AT_LONG);
	uint64_t found = two_set(words, numbers), wanted;
	/* # $ @ and the last byte of a point médian */
	uint64_t signs = _cvtmask64_u64(_mm512_cmpeq_epi8_mask(
	    before, all(UINT64_C(0xb7402423))));

	wanted = (found | found >> 2) & (signs | signs >> 1 | signs >> 2);
	wanted = ((wanted | signs >> 3) & EACH(1)) * SUSPECT_SIGN;
	return wanted |
	       (found & EACH(SUSPECT_SHORT | SUSPECT_LONG | SUSPECT_WORD));
}

/* The tokens from ${first} on of which bits are set in ${found}, and those;
 * returns how many. */
AVX512_INLINE uint32_t
put_suspects(uint32_t *out, uint32_t first, uint64_t found)
{
	uint32_t count = 0;

	while (found != 0) {
		unsigned at = (unsigned)_tzcnt_u64(found) & ~7u;

		out[count++] = (first + at / 8) << SUSPECT_SHIFT |
			       (found >> at & 0xff);
		found &= ~(UINT64_C(0xff) << at);
	}
	return count;
}

/* probe_pair() of each token and the one before it. */
AVX512_INLINE __m512i
pairs_of(__m512i wide, __m512i before)
{
	return _mm512_add_epi64(wide,
	    _mm512_rol_epi64(_mm512_alignr_epi64(wide, before, 7), 23));
}

AVX512_INLINE uint32_t
find(struct matcher *m, const struct prefilter *table, bool fresh, bool large)
{
	const struct text *text = m->text;
	const struct probe_sieve sieve = table->sieve;
	__m512i last = _mm512_setzero_si512(), seen = last, wide;
	uint32_t count = 0;

	for (uint32_t t = 0, n = text->tokens; t < n; t += LANES) {
		uint32_t some = n - t < LANES ? n - t : LANES;
		__mmask8 have = (__mmask8)_bzhi_u32(0xff, some);
		struct eight e = load_tokens(text, t, some, have);
		uint64_t found;

		seen = _mm512_or_si512(seen, e.all);
		wide = wide_of(e.first, e.second);
		if (fresh) {
			_mm512_storeu_si512(m->keys + t, e.first);
			_mm512_storeu_si512(m->wides + t, wide);
		}
		found = sift(&sieve, e.first, wide, e.before);
		if (large)
			found |= pairs(&table->map,
			    hash_of(pairs_of(wide, last), PROBE_PAIR));
		last = wide;
		count += put_suspects(m->suspects + count, t,
		    _bzhi_u64(found, 8 * some));
	}
	m->ascii = _mm512_movepi8_mask(seen) == 0;
	return count;
}

AVX512 uint32_t
find_words(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, true, false);
}

AVX512 uint32_t
find_large(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, true, true);
}

AVX512 uint32_t
find_again(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, false, false);
}

AVX512 uint32_t
find_large_again(struct matcher *m, const struct prefilter *table)
{
	return find(m, table, false, true);
}

uint32_t
prefilter_find_avx512(
    struct matcher *m, const struct prefilter *table, bool fresh)
{
	if (!fresh)
		return table->large ? find_large_again(m, table)
				    : find_again(m, table);
	return table->large ? find_large(m, table) : find_words(m, table);
}

#endif
