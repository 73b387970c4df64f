/*
 * Signs are found 64 bytes at a time, and the tokens beside them 16 at a
 * time: a post has few signs, and asking each token for one is mostly waiting
 * for guesses that were wrong.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/outline.h"

#include "engine/base/cpu.h"
#include "engine/density/links.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define INLINE static inline __attribute__((always_inline)) AVX512
#define LANES 16u
#define WORD 64u
#define BYTES_MAX 512u
#define WORDS_MAX (BYTES_MAX / WORD)

/* Bit i is byte i of the text. */
struct signs {
	uint64_t colons[WORDS_MAX], names[WORDS_MAX], tags[WORDS_MAX];
	uint64_t blanks[WORDS_MAX];
	uint32_t words;
};

INLINE uint64_t
bytes_that_are(__m512i x, char c)
{
	return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(c));
}

INLINE void
find_signs(const struct text *t, struct signs *s)
{
	s->words = (t->len + WORD - 1) / WORD;
	for (uint32_t w = 0; w < s->words; w++) {
		__m512i x = _mm512_loadu_si512(t->bytes + w * WORD);

		s->colons[w] = bytes_that_are(x, ':');
		s->names[w] = bytes_that_are(x, '@');
		s->tags[w] = bytes_that_are(x, '#');
		s->blanks[w] =
		    bytes_that_are(x, ' ') | bytes_that_are(x, '\n');
	}
}

INLINE __mmask16
lanes_of(uint32_t rest)
{
	return (__mmask16)(rest < LANES ? (1u << rest) - 1 : 0xffffu);
}

/* The tokens whose number in ${of} is ${x}; those where it is smaller. */
INLINE uint64_t
tokens_at(const uint32_t *of, uint32_t count, uint32_t x)
{
	__m512i want = _mm512_set1_epi32((int)x);
	uint64_t found = 0;

	for (uint32_t i = 0; i < count; i += LANES) {
		__mmask16 have = lanes_of(count - i);

		found |= (uint64_t)_mm512_mask_cmpeq_epu32_mask(have,
		    _mm512_maskz_loadu_epi32(have, of + i), want) << i;
	}
	return found;
}

INLINE uint64_t
tokens_before(const uint32_t *of, uint32_t count, uint32_t x)
{
	__m512i end = _mm512_set1_epi32((int)x);
	uint64_t found = 0;

	for (uint32_t i = 0; i < count; i += LANES) {
		__mmask16 have = lanes_of(count - i);

		found |= (uint64_t)_mm512_mask_cmplt_epu32_mask(have,
		    _mm512_maskz_loadu_epi32(have, of + i), end) << i;
	}
	return found;
}

INLINE uint64_t
long_tokens(const struct text *t)
{
	__m512i least = _mm512_set1_epi32(OUTLINE_WORD_BYTES);
	uint64_t found = 0;

	for (uint32_t i = 0; i < t->tokens; i += LANES) {
		__mmask16 have = lanes_of(t->tokens - i);
		__m512i len = _mm512_sub_epi32(
		    _mm512_maskz_loadu_epi32(have, t->end + i),
		    _mm512_maskz_loadu_epi32(have, t->at + i));

		found |= (uint64_t)_mm512_mask_cmpge_epu32_mask(
			     have, len, least) << i;
	}
	return found;
}

/* The tokens that begin right behind one of ${signs}. */
INLINE uint64_t
behind(const struct text *t, const uint64_t *signs, uint32_t words)
{
	uint64_t found = 0;

	for (uint32_t w = 0; w < words; w++)
		for (uint64_t m = signs[w]; m != 0; m &= m - 1)
			found |= tokens_at(t->at, t->tokens, w * WORD +
			    (uint32_t)__builtin_ctzll(m) + 1);
	return found;
}

/* The first blank from byte ${from} on, or the end. */
INLINE uint32_t
blank_from(const struct text *t, const struct signs *s, uint32_t from)
{
	uint32_t w = from / WORD;
	uint64_t m = s->blanks[w] & ~UINT64_C(0) << from % WORD;

	while (m == 0) {
		if (++w == s->words)
			return t->len;
		m = s->blanks[w];
	}
	return w * WORD + (uint32_t)__builtin_ctzll(m);
}

INLINE void
add_link(const struct text *t, const struct signs *s, uint32_t colon,
    struct outline *o)
{
	uint64_t first = tokens_at(t->end, t->tokens, colon), link;

	/* There are zeros behind the end. */
	if (first == 0 || memcmp(t->bytes + colon, "://", 3) != 0)
		return;
	link = tokens_before(t->at, t->tokens, blank_from(t, s, colon)) &
	    ~(first - 1);
	o->links |= link;
	if (links_is_web(t, (uint32_t)__builtin_ctzll(first)))
		o->web |= link;
}

static AVX512 struct outline
outline_avx512(const struct text *t)
{
	struct outline o = {.known = true};
	struct signs s;

	o.tokens = t->tokens == 0 ? 0 :
	    ~UINT64_C(0) >> (OUTLINE_TOKENS_MAX - t->tokens);
	find_signs(t, &s);
	o.words = long_tokens(t);
	o.names = behind(t, s.names, s.words);
	o.tags = behind(t, s.tags, s.words);
	for (uint32_t w = 0; w < s.words; w++)
		for (uint64_t m = s.colons[w]; m != 0; m &= m - 1)
			add_link(t, &s, w * WORD +
			    (uint32_t)__builtin_ctzll(m), &o);
	return o;
}

static AVX512 uint32_t
take_avx512(const struct text *t, uint64_t which, uint32_t *at, uint32_t *end)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < t->tokens; i += LANES) {
		__mmask16 some = (__mmask16)(which >> i);
		uint32_t n = (uint32_t)__builtin_popcount(some);
		__mmask16 put = (__mmask16)((1u << n) - 1);

		_mm512_mask_storeu_epi32(at + count, put,
		    _mm512_maskz_compress_epi32(some,
			_mm512_maskz_loadu_epi32(some, t->at + i)));
		_mm512_mask_storeu_epi32(end + count, put,
		    _mm512_maskz_compress_epi32(some,
			_mm512_maskz_loadu_epi32(some, t->end + i)));
		count += n;
	}
	return count;
}

struct outline
outline_of(const struct text *t)
{
	if (t->tokens > OUTLINE_TOKENS_MAX || t->len > BYTES_MAX ||
	    cpu_level() < CPU_AVX512)
		return (struct outline){.known = false};
	return outline_avx512(t);
}

uint32_t
outline_take(const struct text *t, uint64_t which,
    uint32_t at[OUTLINE_TOKENS_MAX], uint32_t end[OUTLINE_TOKENS_MAX])
{
	return take_avx512(t, which, at, end);
}

#else

struct outline
outline_of(const struct text *t)
{
	(void)t;
	return (struct outline){.known = false};
}

uint32_t
outline_take(const struct text *t, uint64_t which,
    uint32_t at[OUTLINE_TOKENS_MAX], uint32_t end[OUTLINE_TOKENS_MAX])
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < t->tokens; i++) {
		if ((which >> i & 1) == 0)
			continue;
		at[count] = t->at[i];
		end[count++] = t->end[i];
	}
	return count;
}

#endif
