/*
 * Places of plain text without a map.
 *
 * Plain are ASCII but '&', the letters of Latin-1 that are a base letter and
 * a mark, and curly single quotes: each of them is one byte when folded, but
 * a blank behind a blank, which is dropped.  Anything else shows as bytes that
 * differ, and ends the walk; whoever walked asks text_map then.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_walk.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* U+00C0 to U+00DF by base letter; U+00E0 on are the same. */
static const char bases[32] = "aaaaaa.ceeeeiiii.nooooo..uuuuy..";

static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The bytes of the plain character at ${p}, which folds to ${folded}; 0: it
 * is none, or it folds to something else. */
static inline uint32_t
plain_step(const char *p, size_t left, char folded)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned char c;

	if (left == 0)
		return 0;
	c = *u;
	if (c < 0x80) {
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (is_blank((char)c))
			c = ' ';
		return c != '&' && c == (unsigned char)folded;
	}
	if (c == 0xc3 && left > 1)
		return folded != '.' && bases[u[1] & 31] == folded ? 2 : 0;
	if (c == 0xe2 && left > 2 && u[1] == 0x80 &&
	    (u[2] == 0x98 || u[2] == 0x99))
		return folded == '\'' ? 3 : 0;
	return 0;
}

#ifdef __SSE2__
/* How many of the 16 bytes at ${p} are plain ASCII that folds to ${folded},
 * before the first that is not. */
static inline uint32_t
plain_run(const char *p, const char *folded)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i f = _mm_loadu_si128((const __m128i *)(const void *)folded);
	__m128i from_a = _mm_sub_epi8(v, _mm_set1_epi8('A'));
	__m128i upper = _mm_cmpeq_epi8(
	    _mm_min_epu8(from_a, _mm_set1_epi8('Z' - 'A')), from_a);
	__m128i lower =
	    _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(' ')));
	__m128i odd = _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')));
	uint32_t same = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lower, f));

	same &= ~(uint32_t)_mm_movemask_epi8(odd);
	return (uint32_t)__builtin_ctz(~same);
}
#endif

/* Over the blanks behind a blank. */
static inline void
skip_blanks(struct text_walk *w, const struct text *t, struct slice text)
{
	if (t->bytes[w->folded - 1] != ' ')
		return;
	while (w->posted < text.len && is_blank(text.data[w->posted]))
		w->posted++;
}

/* On to folded byte ${to}. */
static bool
walk_to(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t to)
{
	while (w->folded < to) {
		size_t left = text.len - w->posted;
		uint32_t folded = 0, posted;

#ifdef __SSE2__
		if (left >= 16)
			folded = plain_run(
			    text.data + w->posted, t->bytes + w->folded);
		if (folded > to - w->folded)
			folded = to - w->folded;
#endif
		posted = folded;
		if (folded == 0) {
			posted = plain_step(
			    text.data + w->posted, left, t->bytes[w->folded]);
			if (posted == 0)
				return false;
			folded = 1;
		}
		w->folded += folded;
		w->posted += posted;
		skip_blanks(w, t, text);
	}
	return true;
}

bool
text_walk_span(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t at, uint32_t end, uint32_t *start, uint32_t *stop)
{
	if (at < w->folded) {
		bool behind = at >= w->last_folded;

		w->folded = behind ? w->last_folded : 0;
		w->posted = behind ? w->last_posted : 0;
	}
	if (!walk_to(w, t, text, at))
		return false;
	w->last_folded = w->folded;
	*start = w->last_posted = w->posted;
	if (!walk_to(w, t, text, end))
		return false;
	*stop = w->posted;
	/* what follows must not belong to it: a mark, a blank dropped */
	return t->bytes[end - 1] != ' ' &&
	    (w->posted == text.len
		    ? t->len == end
		    : end < t->len &&
			plain_step(text.data + w->posted,
			    text.len - w->posted, t->bytes[end]) > 0);
}
