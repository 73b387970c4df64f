/*
 * What the paths of json_index.c share: 64 bytes at a time as bits.
 *
 * Bit i of each word below is byte i of the block.  A path says which bytes
 * are what; the steps here say what that means behind the block before.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_INDEX_STEP_H
#define CONNECTORS_JSON_INDEX_STEP_H

#include "connectors/json_index.h"

/* In the tables of a path, beside the kinds: a blank. */
#define STEP_BLANK 0x20

/* Places that a path may write behind the last one, and that a reader may
 * look at (json_shape_parts.h). */
#define STEP_SLACK 1152

/* Filled at open; for a path that packs places by eight bytes. */
struct step_packs {
	uint64_t places[256]; /* by eight bits: of those that are set */
	uint32_t eight[8];    /* 8: as a constant, it is made anew each time */
};

struct json_index {
	uint32_t *at;
	unsigned char *kind;
	uint64_t *slash;
	struct step_packs packs;
	size_t bytes_max;
	struct json_places places;
};

/* What was wrong somewhere in the run. */
struct step_faults {
	bool utf8, control, unclosed;
};

/** A pass: fill at, kind, slash; returns how many places there are. */
typedef uint32_t json_index_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults);

json_index_pass json_index_plain_pass, json_index_avx2_pass,
    json_index_avx512_pass;

/* By byte: its kind, or STEP_BLANK. */
extern const unsigned char json_index_kinds[256];

/* Behind the block before. */
struct step {
	uint64_t escaped;   /* 1: the next byte stands behind a backslash */
	uint64_t in_string; /* all ones: the next byte stands in a string */
	uint64_t word;      /* 1: a word or number may go on */
	uint64_t control;   /* faults so far */
};

/* The bytes of a block, by class. */
struct step_bits {
	uint64_t quote, slash, control;
	uint64_t mark, scalar; /* neither: a blank */
};

/*
 * What can be wrong with two bytes in a row, as bits: those that the first
 * one's upper half, its lower half and the second one's upper half all allow.
 * STEP_SECOND alone is not wrong where a character of three or four bytes
 * goes on, and wrong there when it is missing.
 */
#define STEP_SHORT 0x01     /* a first byte, then no continuation */
#define STEP_LONG 0x02      /* ASCII, then a continuation */
#define STEP_E0 0x04        /* E0 80..9F */
#define STEP_ED 0x08        /* ED A0..BF */
#define STEP_C0 0x10        /* C0, C1 */
#define STEP_F4 0x20        /* F4 90..BF, and above F4 */
#define STEP_F0 0x40        /* F0 80..8F, and above F4 */
#define STEP_SECOND 0x80    /* two continuations */

/* By half bytes: the first one's upper, its lower, the second one's upper. */
extern const unsigned char json_index_utf8[3][16];

/* The bytes behind an odd number of backslashes. */
static inline uint64_t
step_escaped(struct step *s, uint64_t slash)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	uint64_t before = s->escaped, runs, first, from_even, from_odd, odd;

	if (slash == 0) {
		s->escaped = 0;
		return before;
	}
	/* Adding its first bit to a run carries to the bit behind it. */
	runs = slash & ~before;
	first = runs & ~(runs << 1);
	from_even = (runs + (first & even)) & ~runs;
	s->escaped = (uint64_t)__builtin_add_overflow(
	    runs, first & ~even, &from_odd);
	odd = (from_even & ~even) | (from_odd & ~runs & even);
	return odd | before;
}

/* Bit i: the number of bits up to i, itself included, is odd. */
static inline uint64_t
step_parity(uint64_t bits)
{
	for (unsigned by = 1; by < 64; by *= 2)
		bits ^= bits << by;
	return bits;
}

/* The places to note; ${parity} gives the bits of step_parity. */
static inline __attribute__((always_inline)) uint64_t
step_places(struct step *s, const struct step_bits *b,
    uint64_t (*parity)(uint64_t))
{
	uint64_t quote = b->quote & ~step_escaped(s, b->slash);
	uint64_t in = parity(quote) ^ s->in_string; /* with the first quote */
	uint64_t plain = b->scalar & ~quote;
	uint64_t start = b->scalar & ~(plain << 1 | s->word);

	s->in_string = 0 - (in >> 63); /* all ones or none */
	s->word = plain >> 63;
	s->control |= b->control & in;
	return (b->mark | start) & ~(in ^ quote);
}

#endif
