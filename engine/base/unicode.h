/*
 * What folding does to one character, from tables made by gen/unicode.c.
 *
 * Each code point has one word: the bytes it folds to when they are three at
 * most, and how these bytes count as tokens.  "Folds to" is the whole of
 * CONTRACT 3 for this character alone: NFKC, case folding, NFD, marks and
 * format characters dropped, quotes, blanks.  What depends on neighbours
 * (the order of marks, emoji sequences, runs of blanks) is left to text_*.c.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_UNICODE_H
#define ENGINE_BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* The word of a code point, from the lowest bit: 2 bits length of the bytes
 * in the upper 24 bits (first byte lowest), 3 bits class, 2 bits kind, 1 bit
 * iota.  Length 0 with class and kind 0: the character is dropped. */
#define UNICODE_LEN(w) ((w) & 3u)
#define UNICODE_CLASS(w) (((w) >> 2) & 7u)
#define UNICODE_KIND(w) (((w) >> 5) & 3u)
#define UNICODE_BYTES(w) ((w) >> 8)
/* Its compatibility decomposition holds U+0345, which case folding turns
 * from a mark into a letter. */
#define UNICODE_IOTA 0x80u
/* No bit of this in a word: inline bytes, class other or word. */
#define UNICODE_UNEASY 0xf8u
#define UNICODE_WORD_BIT 0x04u

enum unicode_class {
	UNICODE_OTHER,
	UNICODE_WORD,    /* letter, digit, _ */
	UNICODE_MARK,    /* belongs to the token before it */
	UNICODE_CJK,     /* a token of its own */
	UNICODE_EMOJI,   /* Emoji, also those not assigned yet */
	UNICODE_FLAG,    /* regional indicator: two make a token */
	UNICODE_SPECIAL, /* U+0345, 200D, 20E3, FE0E, FE0F, E0020-E007F */
	UNICODE_BLANK,
};

enum unicode_kind {
	UNICODE_INLINE, /* the bytes are in the word */
	UNICODE_SAME,   /* folds to itself */
	UNICODE_POOL,   /* word >> 16 is the offset, (word >> 8) & 255 the
	                 * length in unicode_pool; classes may differ */
	UNICODE_HANGUL, /* a syllable: folds to its jamo, by arithmetic */
};

extern const uint8_t unicode_group[0x110];
extern const uint16_t unicode_block[];
extern const uint32_t unicode_word[];
extern const char unicode_pool[];

/** unicode_get(c): the word of ${c} <= 0x10ffff. */
static inline uint32_t
unicode_get(uint32_t c)
{
	uint32_t group = unicode_group[c >> 12];
	uint32_t block = unicode_block[group << 6 | ((c >> 6) & 63)];

	return unicode_word[block << 6 | (c & 63)];
}

/** unicode_get_2(lead, next): the same for two bytes of UTF-8: the blocks of
 * U+0000-07FF come first and in order. */
static inline uint32_t
unicode_get_2(unsigned char lead, unsigned char next)
{
	return unicode_word[(lead & 31u) << 6 | (next & 63u)];
}

/** unicode_get_3(p): for three bytes: the groups of the BMP are in order. */
static inline uint32_t
unicode_get_3(const unsigned char *p)
{
	uint32_t block = unicode_block[(p[0] & 15u) << 6 | (p[1] & 63u)];

	return unicode_word[block << 6 | (p[2] & 63u)];
}

/** unicode_ccc(c): canonical combining class, 0 for most. */
uint8_t unicode_ccc(uint32_t c);

/**
 * unicode_iota(c, parts): the compatibility decomposition of ${c} when it
 * begins with a vowel that takes an iota subscript or holds one; returns
 * how many code points (at most UNICODE_PARTS), 0 for all others.
 */
#define UNICODE_PARTS 4
unsigned unicode_iota(uint32_t c, uint32_t parts[static UNICODE_PARTS]);

/** unicode_pair(a, b): what Greek ${a} and mark ${b} compose to, or 0. */
uint32_t unicode_pair(uint32_t a, uint32_t b);

/* Tables behind these three functions. */
struct unicode_ccc_range {
	uint32_t first, last;
	uint8_t ccc;
};
struct unicode_iota_entry {
	uint32_t c, parts[UNICODE_PARTS];
};
struct unicode_pair_entry {
	uint32_t a, b, c;
};
extern const struct unicode_ccc_range unicode_ccc_ranges[];
extern const uint32_t unicode_ccc_count;
extern const struct unicode_iota_entry unicode_iotas[];
extern const uint32_t unicode_iota_count;
extern const struct unicode_pair_entry unicode_pairs[];
extern const uint32_t unicode_pair_count;

#endif
