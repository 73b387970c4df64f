/*
 * Tables of what vectors fold beside ASCII, read off those of unicode.h: all
 * characters of two bytes, U+2000-203F and U+2080-20BF of three, and which
 * rows of emoji are emoji throughout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

static bool
is_plain(uint32_t word)
{
	unsigned class = UNICODE_CLASS(word);

	return UNICODE_KIND(word) == UNICODE_INLINE &&
	    (word & UNICODE_IOTA) == 0 &&
	    (class == UNICODE_OTHER || class == UNICODE_WORD ||
		(class == UNICODE_BLANK && UNICODE_LEN(word) == 1));
}

/* How many bytes ${word} folds to, if vectors can do it; else -1. */
static int
easy(uint32_t word, unsigned most)
{
	return is_plain(word) && UNICODE_LEN(word) <= most
	    ? (int)UNICODE_LEN(word) : -1;
}

static unsigned char
kind_of(uint32_t word, int len)
{
	static const unsigned char gone[] = {
	    WIDE_NO_FIRST | WIDE_NO_SECOND | WIDE_NO_THIRD,
	    WIDE_NO_SECOND | WIDE_NO_THIRD, WIDE_NO_THIRD, 0};
	unsigned char kind;

	if (len < 0)
		return WIDE_STOP;
	kind = gone[len];
	if (UNICODE_CLASS(word) == UNICODE_WORD)
		kind |= WIDE_TOKEN;
	if (UNICODE_CLASS(word) == UNICODE_BLANK)
		kind |= WIDE_BLANK;
	return kind;
}

static bool
is_ascii_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The one byte that ${word} folds to, if it is as that byte of ASCII would
 * be. */
static unsigned char
short_of(uint32_t word)
{
	unsigned char c = (unsigned char)UNICODE_BYTES(word);
	unsigned class = is_ascii_word(c) ? UNICODE_WORD : UNICODE_OTHER;

	if (easy(word, 3) != 1 || UNICODE_CLASS(word) != class || c <= ' ' ||
	    c >= 0x7f || c == '&' || (c >= 'A' && c <= 'Z'))
		return WIDE_HARD;
	return c;
}

void
text_wide_fill(struct text_wide *w)
{
	for (uint32_t c = 0x80; c < 0x800; c++) {
		uint32_t word = unicode_get(c);
		struct text_pairs *t = &w->pairs[c >> 7];

		t->kind[c & 127] = kind_of(word, easy(word, 2));
		t->first[c & 127] = (unsigned char)UNICODE_BYTES(word);
		t->second[c & 127] = (unsigned char)(word >> 16);
	}
	for (uint32_t i = 0; i < 128; i++) {
		uint32_t word = unicode_get(0x2000 + (i & 63) + (i & 64) * 2);
		struct text_triples *t = &w->triples;

		t->kind[i] = kind_of(word, easy(word, 3));
		t->first[i] = (unsigned char)UNICODE_BYTES(word);
		t->second[i] = (unsigned char)(word >> 16);
		t->third[i] = (unsigned char)(word >> 24);
	}
	for (uint32_t i = 0; i < 128; i++)
		w->latin[i] = short_of(unicode_get(0x80 + i));
	for (uint32_t i = 0; i < 64; i++)
		w->quotes[i] = short_of(unicode_get(0x2000 + i));
	for (uint32_t row = 0; row < 64; row++) {
		w->emoji[row] = 0xff;
		for (uint32_t c = 0x1f000 + row * 64, i = 0; i < 64; i++) {
			uint32_t word = unicode_get(c + i);
			bool tone = c + i >= 0x1f3fb && c + i <= 0x1f3ff;

			if (UNICODE_KIND(word) != UNICODE_SAME || tone ||
			    UNICODE_CLASS(word) != UNICODE_EMOJI)
				w->emoji[row] = 0;
		}
	}
}
