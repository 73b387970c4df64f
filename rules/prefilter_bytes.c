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

static inline bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

/* A word of regexes: letters, whatever stands beside them. */
struct word {
	uint32_t from, to;
	uint64_t wide;
};

/* The word that begins at ${from}, or that ends at ${to}. */
static struct word
word_from(const struct text *text, uint32_t from)
{
	struct word w = {from, from, 0};
	uint64_t key;

	while (is_letter(text->bytes[w.to])) /* zeros are behind the text */
		w.to++;
	w.wide = prefilter_wide(text->bytes + from, w.to - from, &key);
	return w;
}

static struct word
word_to(const struct text *text, uint32_t to)
{
	struct word w = {to, to, 0};
	uint64_t key;

	while (w.from > 0 && is_letter(text->bytes[w.from - 1]))
		w.from--;
	w.wide = prefilter_wide(text->bytes + w.from, to - w.from, &key);
	return w;
}

static void
look_up_pair(
    struct matcher *m, const struct prefilter *table, uint64_t pair)
{
	const struct probe_entry *last, *e;

	for (e = probe_find(table, PROBE_PAIR, pair, &last); e < last; e++)
		if (probe_same(e, PROBE_PAIR, pair))
			prefilter_take(m, table, e);
}

/* A word that is whole for PCRE2 and for us may be part of a token: alone, and
 * with the words beside it. */
static void
look_up_whole(
    struct matcher *m, const struct prefilter *table, struct word w)
{
	const struct text *text = m->text;
	const struct probe_entry *last, *e;
	uint32_t len = w.to - w.from, at;

	for (e = probe_find(table, WIDE, w.wide, &last); e < last; e++) {
		const struct flat_token *token = &m->rs->tokens[e->token];

		if (probe_same(e, WIDE, w.wide) &&
		    token->form == TOKEN_EXACT && token->len == len &&
		    !memcmp(text->bytes + w.from, m->rs->bytes + token->text,
			len))
			prefilter_take(m, table, e);
	}
	if (table->probes[PROBE_PAIR].count == 0)
		return;
	for (at = w.to; at < text->len && !is_letter(text->bytes[at]);)
		at++;
	if (at < text->len)
		look_up_pair(m, table,
		    probe_pair(w.wide, word_from(text, at).wide));
	for (at = w.from; at > 0 && !is_letter(text->bytes[at - 1]);)
		at--;
	if (at > 0)
		look_up_pair(
		    m, table, probe_pair(word_to(text, at).wide, w.wide));
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
	look_up_whole(m, table, word_from(m->text, at));
}

/* The last token that begins at or before ${at}; there is one. */
static uint32_t
token_at(const struct text *text, uint32_t at)
{
	uint32_t low = 0;

	for (uint32_t n = text->tokens; n > 1;) {
		uint32_t half = n / 2;

		low += text->at[low + half] <= at ? half : 0;
		n -= half;
	}
	return low;
}

/* Where tokens begin and end as well everything was looked up. */
static void
look_up_start(struct matcher *m, const struct prefilter *table, uint32_t at)
{
	if (is_letter(m->text->bytes[at]) &&
	    m->text->at[token_at(m->text, at)] != at)
		look_up_soft(m, table, at);
}

static void
look_up_end(struct matcher *m, const struct prefilter *table, uint32_t at)
{
	if (is_letter(m->text->bytes[at - 1]) &&
	    m->text->end[token_at(m->text, at - 1)] != at)
		look_up_whole(m, table, word_to(m->text, at));
}

/* Of 16 bytes: which are not ASCII, and which are as high as letters are. */
struct sixteen_bits {
	uint64_t beyond, letters;
};

#if defined(__SSE2__)
static inline struct sixteen_bits
look_at(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (struct sixteen_bits){(uint64_t)_mm_movemask_epi8(v),
	    (uint64_t)_mm_movemask_epi8(
		_mm_cmpgt_epi8(v, _mm_set1_epi8('_' - 1)))};
}
#else
/* The top bits of eight bytes, side by side. */
static inline uint64_t
tops(uint64_t word)
{
	return (word & UINT64_C(0x8080808080808080)) *
		   UINT64_C(0x0002040810204081) >>
	       56;
}

static inline struct sixteen_bits
look_at(const char *p)
{
	const uint64_t low_7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
	const uint64_t add = UINT64_C(0x2121212121212121); /* 0x80 - '_' */
	uint64_t a = probe_load(p), b = probe_load(p + 8);

	return (struct sixteen_bits){tops(a) | tops(b) << 8,
	    tops(((a & low_7) + add) & ~a) |
		tops(((b & low_7) + add) & ~b) << 8};
}
#endif

/* PCRE2 sees a word begin at a letter behind a combining mark, and end before
 * one; our tokens do not.  Such places are rare: most texts are ASCII when they
 * are folded. */
void
prefilter_scan_soft(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;
	uint64_t carry = 0, carry_letter = 0;

	for (uint32_t i = 0; i < text->len; i += 64) {
		const char *p = text->bytes + i;
		uint64_t bits = 0, letters = 0, starts, ends;

		for (unsigned k = 0; k < 64; k += 16) {
			struct sixteen_bits some = look_at(p + k);

			bits |= some.beyond << k;
			letters |= some.letters << k;
		}
		starts = letters & (bits << 1 | carry);
		ends = bits & (letters << 1 | carry_letter);
		if (text->len - i < 64)
			starts &= (UINT64_C(1) << (text->len - i)) - 1;
		carry = bits >> 63;
		carry_letter = letters >> 63;
		for (; starts != 0; starts &= starts - 1)
			look_up_start(m, table,
			    i + (uint32_t)__builtin_ctzll(starts));
		for (; ends != 0; ends &= ends - 1)
			look_up_end(m, table,
			    i + (uint32_t)__builtin_ctzll(ends));
	}
}
