/*
 * Inside of folding: what text.c, text_plain.c, text_avx2.c, text_step.c and
 * text_exact.c share.  Nobody else includes this.
 *
 * A part (the title, or the text) is folded by a fast path: vectors or a loop
 * for ASCII, text_step for one character that is not.  It knows sequences
 * that fold one character at a time.  Marks out of order, an iota subscript
 * among marks, a joiner before something odd: it gives up, and text_exact
 * does the part again, stage by stage.
 *
 * Tokens are bits, one per folded byte: ${in} says that the byte is part of a
 * token, ${force} that a token begins here even if one was under way.
 * Thread: that of the struct text.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_TEXT_STEP_H
#define ENGINE_BASE_TEXT_STEP_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/unicode.h"

#define STEP_JOINER 0x200du
#define STEP_KEYCAP 0x20e3u
#define STEP_IOTA 0x345u

/* What the folded bytes so far end with, as far as emoji care. */
enum step_tail {
	TAIL_NONE,
	TAIL_BASE,   /* an emoji */
	TAIL_STYLED, /* and a variation selector */
	TAIL_DONE,   /* and a skin tone or tags */
	TAIL_JOINED, /* and a joiner */
	TAIL_FLAG,   /* half a flag */
	TAIL_KEY,    /* a digit, # or * */
	TAIL_KEY_STYLED,
};

struct text_wide;

struct fold {
	char *bytes;
	uint64_t *in, *force;
	uint32_t out;      /* folded bytes so far */
	uint32_t tail_end; /* ${tail} holds while out == tail_end */
	uint32_t mark_end; /* ${mark_ccc} likewise */
	uint32_t broken;   /* a joiner or selector was dropped here: the next
	                    * one does not continue a sequence either */
	enum step_tail tail;
	uint8_t mark_ccc;
	bool query;
	uint32_t *map, *until; /* NULL in text_fold */
	const struct text_wide *wide;
	struct text_trail *trail; /* room for those of a part */
	uint32_t trail_count;
};

/* A code point between two stages of text_exact.c, and where it was. */
struct step_item {
	uint32_t c, from, until;
};

/* What vectors do with characters of two, three and four bytes. */
enum wide_kind {
	WIDE_BLANK = 1,
	WIDE_STOP = 2, /* they do not know it */
	WIDE_NO_FIRST = 4, /* it folds to no byte, to one, to two */
	WIDE_NO_SECOND = 8,
	WIDE_NO_THIRD = 16,
	WIDE_TOKEN = 128,
};

#define WIDE_HARD 0x80 /* in tables of what folds to ASCII: not to one byte */

/* By the lowest 7 bits of the character. */
struct text_pairs {
	unsigned char kind[128], first[128], second[128];
};

struct text_triples {
	unsigned char kind[128], first[128], second[128], third[128];
};

struct text_wide {
	struct text_pairs pairs[16];
	struct text_triples triples; /* E2 80 xx, then E2 82 xx */
	unsigned char emoji[64];     /* F0 9F: by the third byte */
	/* What folds to one byte of ASCII that is no blank, else WIDE_HARD: of
	 * C2 xx and C3 xx, and of E2 80 xx. */
	unsigned char latin[128], quotes[64];
};

/** text_wide_fill(w): from the tables of unicode.h. */
void text_wide_fill(struct text_wide *w);

struct text_scratch {
	char *memory; /* bytes with padding on both sides */
	struct text_wide wide;
	uint64_t *in, *force;
	struct step_item *source, *folded, *marks;
};

/* Folded bytes for one byte of input, at most: U+FDFA has 3 and gives 33.
 * And folded code points: it gives 18. */
#define STEP_BYTES_MAX 11u
#define STEP_CODES_MAX 6u
/* Bytes that one character folds to, at most. */
#define STEP_CLUSTER_MAX 33u

static inline void
step_bits(uint64_t *bits, uint32_t at, uint64_t mask)
{
	uint32_t i = at >> 6, shift = at & 63;

	bits[i] |= mask << shift;
	bits[i + 1] |= mask >> 1 >> (63 - shift);
}

/* What follows a selector or joiner, in one word. */
enum step_next {
	NEXT_OTHER,
	NEXT_EMOJI,
	NEXT_TONE,
	NEXT_TAG,
	NEXT_KEYCAP,
	NEXT_JOINER,
	NEXT_DOUBT, /* dropped itself, a selector or an entity */
};

enum step_next text_step_next(uint32_t c, uint32_t word);

/** text_step_keeps(tail, c, next, after): does the joiner or selector ${c}
 * stand inside an emoji sequence, followed by ${next} and ${after}? */
bool text_step_keeps(enum step_tail tail, uint32_t c, enum step_next next,
    enum step_next after);

/** text_step_tail(tail, c, class): the tail after ${c}, which is kept. */
enum step_tail text_step_tail(
    enum step_tail tail, uint32_t c, enum unicode_class class);

/** text_step_emit(f, c, class): append a folded character; false when marks
 * are out of order. */
bool text_step_emit(struct fold *f, uint32_t c, enum unicode_class class);

/**
 * text_step_slow(f, p, end, word): one character at ${p} that step_one does
 * not know; what follows it, or NULL to give up.
 */
const char *text_step_slow(
    struct fold *f, const char *p, const char *end, uint32_t word);
/** text_step_entity(f, p, end): the same for '&'. */
const char *text_step_entity(struct fold *f, const char *p, const char *end);

/** text_entity_read(p, end, &c): bytes of the entity at ${p}, 0 if none. */
unsigned text_entity_read(const char *p, const char *end, uint32_t *c);

/** text_exact_part(f, scratch, part, mapped): fold a part stage by stage. */
void text_exact_part(struct fold *f, struct text_scratch *scratch,
    struct slice part, bool mapped);

/* Folds a part; false when it gave up, with ${f} and its bits in any state. */
typedef bool step_part(struct fold *f, struct slice part);
/* Tokens from the bits of all parts, which are cleared. */
typedef void step_tokens(struct text *t, struct fold *f);

/** The fast paths, and the one that fills the map. */
step_part text_plain_part, text_avx2_part, text_avx512_part;
step_tokens text_plain_tokens, text_avx2_tokens, text_avx512_tokens;
bool text_plain_map(struct fold *f, struct slice part, bool mapped);

static inline uint32_t
step_decode(const unsigned char *p, unsigned *n)
{
	if (p[0] < 0x80) {
		*n = 1;
		return p[0];
	}
	if (p[0] < 0xe0) {
		*n = 2;
		return (p[0] & 31u) << 6 | (p[1] & 63u);
	}
	if (p[0] < 0xf0) {
		*n = 3;
		return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
	}
	*n = 4;
	return (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 |
	    (p[3] & 63u);
}

/* One character that is '&' or not ASCII; what follows it, or NULL. */
static inline __attribute__((always_inline)) const char *
step_one(struct fold *f, const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t word, bytes;
	unsigned n, len;

	if (u[0] < 0x80)
		return text_step_entity(f, p, end);
	if (u[0] < 0xe0) {
		word = unicode_get_2(u[0], u[1]);
		n = 2;
	} else if (u[0] < 0xf0) {
		word = unicode_get_3(u);
		n = 3;
	} else {
		word = unicode_get(step_decode(u, &n));
	}
	if (__builtin_expect((word & UNICODE_UNEASY) != 0, 0))
		return text_step_slow(f, p, end, word);
	bytes = UNICODE_BYTES(word);
	len = UNICODE_LEN(word);
	memcpy(f->bytes + f->out, &bytes, 4);
	if (word & UNICODE_WORD_BIT)
		step_bits(f->in, f->out, (1u << len) - 1);
	f->out += len;
	return p + n;
}

/* What vectors stop at, of ASCII a blank behind a blank or '&', and what is not
 * ASCII behind it; what follows, or NULL to give up. */
static inline __attribute__((always_inline)) const char *
step_stop(struct fold *f, const char *p, const char *end)
{
	do {
		if (*p != '&' && (unsigned char)*p < 0x80)
			return p + 1;
		p = step_one(f, p, end);
	} while (p != NULL && p < end && (unsigned char)*p >= 0x80);
	return p;
}

/* Entries behind the last token that ${take} may write. */
#define STEP_TOKEN_SLACK 16u

/* ${take} writes the place of each bit, ${base} added; returns how many. */
static inline __attribute__((always_inline)) void
step_take_tokens(struct text *t, struct fold *f,
    uint32_t (*take)(uint64_t bits, uint32_t base, uint32_t *to))
{
	uint32_t begun = 0, ended = 0;
	uint64_t carry = 0;

	for (uint32_t i = 0; i <= t->len >> 6; i++) {
		uint64_t in = f->in[i], force = f->force[i] & in;
		uint64_t before = in << 1 | carry;

		f->in[i] = 0;
		f->force[i] = 0;
		begun += take((in & ~before) | force, i * 64, t->at + begun);
		ended += take(before & (~in | force), i * 64, t->end + ended);
		carry = in >> 63;
	}
	t->tokens = begun;
}

#endif
