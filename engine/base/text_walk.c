/*
 * Places of plain text without a map.
 *
 * Plain are ASCII but '&', the letters of Latin-1 that are a base letter and
 * a mark, and curly single quotes: each of them is one byte when folded.  A
 * blank that was dropped, or anything else, shows as bytes that differ, and
 * ends the walk; whoever walked asks text_map then.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_walk.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* U+00C0 to U+00DF by base letter; U+00E0 on are the same. */
static const char bases[32] = "aaaaaa.ceeeeiiii.nooooo..uuuuy..";

/* The bytes of the plain character at ${p}, which folds to ${folded}; 0: it
 * is none, or it folds to something else. */
static uint32_t
plain_step(const unsigned char *p, size_t left, char folded)
{
	unsigned char c = *p;

	if (c < 0x80) {
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c >= '\t' && c <= '\r')
			c = ' ';
		return c != '&' && c == (unsigned char)folded;
	}
	if (c == 0xc3 && left > 1)
		return folded != '.' && bases[p[1] & 31] == folded ? 2 : 0;
	if (c == 0xe2 && left > 2 && p[1] == 0x80 &&
	    (p[2] == 0x98 || p[2] == 0x99))
		return folded == '\'' ? 3 : 0;
	return 0;
}

#ifdef __SSE2__
/* Whether the 16 bytes at ${p} are plain ASCII that folds to ${folded}. */
static bool
plain_block(const char *p, const char *folded)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i f = _mm_loadu_si128((const __m128i *)(const void *)folded);
	__m128i from_a = _mm_sub_epi8(v, _mm_set1_epi8('A'));
	__m128i upper = _mm_cmpeq_epi8(
	    _mm_min_epu8(from_a, _mm_set1_epi8('Z' - 'A')), from_a);
	__m128i lower =
	    _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(' ')));
	__m128i odd = _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')));

	return _mm_movemask_epi8(_mm_cmpeq_epi8(lower, f)) == 0xffff &&
	    _mm_movemask_epi8(odd) == 0;
}
#endif

/* On to folded byte ${to}. */
static bool
walk_to(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t to)
{
	const unsigned char *p = (const unsigned char *)text.data;

	while (w->folded < to) {
		uint32_t n;

#ifdef __SSE2__
		if (to - w->folded >= 16 && text.len - w->posted >= 16 &&
		    plain_block(text.data + w->posted, t->bytes + w->folded)) {
			w->folded += 16;
			w->posted += 16;
			continue;
		}
#endif
		n = w->posted == text.len
		    ? 0
		    : plain_step(p + w->posted, text.len - w->posted,
			  t->bytes[w->folded]);
		if (n == 0)
			return false;
		w->folded++;
		w->posted += n;
	}
	return true;
}

bool
text_walk_span(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t at, uint32_t end, uint32_t *start, uint32_t *stop)
{
	const unsigned char *p = (const unsigned char *)text.data;

	if (at < w->folded)
		*w = (struct text_walk){0};
	if (!walk_to(w, t, text, at))
		return false;
	*start = w->posted;
	if (!walk_to(w, t, text, end))
		return false;
	*stop = w->posted;
	/* what follows must not belong to it: a mark, a blank dropped */
	return t->bytes[end - 1] != ' ' &&
	    (w->posted == text.len
		    ? t->len == end
		    : end < t->len &&
			plain_step(p + w->posted, text.len - w->posted,
			    t->bytes[end]) > 0);
}
