/*
 * Anchors that are not where a token begins.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/matcher.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bytes at any offset agree with the anchor: an inner literal, or the start
 * of a regex inside what is one token for us and two words for PCRE2. */
static void
look_up_bytes(struct matcher *m, const struct prefilter *table, unsigned home,
    uint64_t key, uint32_t at)
{
	const struct probe_entry *last, *e;
	const struct text *text = m->text;

	for (e = probe_find(table, home, key, &last); e < last; e++) {
		const struct flat_token *token = &m->rs->tokens[e->token];

		if (probe_same(e, home, key) && token->form != TOKEN_EXACT &&
		    token->form != TOKEN_GLOB && text->len - at >= token->len &&
		    !memcmp(text->bytes + at, m->rs->bytes + token->text,
			token->len))
			prefilter_take(m, table, e);
	}
}

void
prefilter_scan_inner(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;

	for (uint32_t i = 0; i < text->len; i++) {
		uint64_t word = probe_load(text->bytes + i);

		look_up_bytes(m, table, PROBE_INNER_FOUR, word, i);
		look_up_bytes(m, table, PROBE_INNER_TWO, word, i);
	}
}

static void
look_up_soft(struct matcher *m, const struct prefilter *table, uint32_t at)
{
	uint64_t key = probe_load(m->text->bytes + at);
	uint64_t rest =
	    probe_load(m->text->bytes + at + 8) & probe_mask(PROBE_BYTES - 8);

	look_up_bytes(m, table, WIDE, probe_wide(key, rest), at);
	look_up_bytes(m, table, SIX, key, at);
	look_up_bytes(m, table, FOUR, key, at);
	look_up_bytes(m, table, TWO, key, at);
}

#if defined(__SSE2__)
/* Which of 16 bytes are not ASCII. */
static inline uint64_t
beyond_ascii(const char *p)
{
	return (uint64_t)_mm_movemask_epi8(
	    _mm_loadu_si128((const __m128i *)(const void *)p));
}

static inline bool
any_beyond_ascii(const char *p, uint32_t len)
{
	__m128i any = _mm_setzero_si128();

	for (uint32_t i = 0; i < len; i += 16)
		any = _mm_or_si128(any,
		    _mm_loadu_si128((const __m128i *)(const void *)(p + i)));
	return _mm_movemask_epi8(any) != 0;
}
#else
static inline uint64_t
beyond_ascii(const char *p)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	const uint64_t gather = UINT64_C(0x0002040810204081);
	uint64_t low_8 = (probe_load(p) & high) * gather >> 56;

	return low_8 | ((probe_load(p + 8) & high) * gather >> 56) << 8;
}

static inline bool
any_beyond_ascii(const char *p, uint32_t len)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < len; i += 8)
		any |= probe_load(p + i);
	return (any & UINT64_C(0x8080808080808080)) != 0;
}
#endif

/* PCRE2 sees a word begin at a letter behind a combining mark; our tokens do
 * not.  Such places are rare: most texts are ASCII when they are folded. */
void
prefilter_scan_soft(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;
	uint64_t carry = 0;

	if (!any_beyond_ascii(text->bytes, text->len))
		return;
	for (uint32_t i = 0; i < text->len; i += 64) {
		const char *p = text->bytes + i;
		uint64_t bits = beyond_ascii(p) | beyond_ascii(p + 16) << 16 |
		    beyond_ascii(p + 32) << 32 | beyond_ascii(p + 48) << 48;
		uint64_t ends = (bits << 1 | carry) & ~bits;

		carry = bits >> 63;
		for (; ends != 0; ends &= ends - 1) {
			uint32_t at = i + (uint32_t)__builtin_ctzll(ends);

			if (text->bytes[at] >= '_')
				look_up_soft(m, table, at);
		}
	}
}
