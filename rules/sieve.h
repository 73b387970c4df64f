/*
 * The sieve of a scanned table: what a token may be, by one word of memory.
 *
 * The word is chosen by the token's first bytes; in it an anchor has two bits
 * by all of its bytes that a token must have: of whole words, of prefixes, of
 * short prefixes, and of what stands behind a sign.  Which word goes with
 * which bytes hangs on a salt, so chosen that common words of French and
 * English find no bits.
 * Thread: any may read.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_SIEVE_H
#define RULES_SIEVE_H

#include "rules/prefilter.h"

/* Which bytes choose a word: three, and of the fourth as much as sets letters
 * apart, so that a short prefix has few words, or all. */
#define SIEVE_BYTES UINT64_C(0x1fffffff)


static inline uint64_t
sieve_hash(const struct probe_sieve *sieve, uint64_t key)
{
	return ((key & SIEVE_BYTES) ^ sieve->salt) * PROBE_FACTOR;
}

static inline uint64_t
sieve_long(uint64_t key)
{
	return probe_hash(probe_cut(SIX, key), SIX);
}

/* Short prefixes go by two bytes, as their words tell more. */
static inline uint64_t
sieve_short(uint64_t key)
{
	return probe_hash(probe_cut(TWO, key), TWO);
}

/* Where in its hash a kind has the numbers of its two bits, eight bits apart:
 * so that four hashes make one word of eight numbers. */
enum sieve_place {
	SIEVE_AT_SHORT = 0,
	SIEVE_AT_SIGNED = 16, /* of sieve_hash() */
	SIEVE_AT_LONG = 32,
	SIEVE_AT_WORD = 48,
};

static inline uint64_t
sieve_bits(uint64_t hash, enum sieve_place at)
{
	return UINT64_C(1) << (hash >> (at + 8) & 63) |
	       UINT64_C(1) << (hash >> at & 63);
}

/* Whether they are set in ${word}; in bit 0. */
static inline uint64_t
sieve_has(uint64_t word, uint64_t hash, enum sieve_place at)
{
	return word >> (hash >> (at + 8) & 63) & word >> (hash >> at & 63) & 1;
}

/**
 * sieve_find(sieve, key, wide, sign): what a token with these keys may be, as
 * enum suspect; ${sign}: it stands behind one.
 */
static inline uint64_t
sieve_find(const struct probe_sieve *sieve, uint64_t key, uint64_t wide,
    bool sign)
{
	uint64_t hash = sieve_hash(sieve, key), hit;
	uint64_t word = sieve->words[hash >> sieve->shift], few = 0;

	hit = sieve_has(word, probe_hash(wide, WIDE), SIEVE_AT_WORD) *
		  SUSPECT_WORD |
	      sieve_has(word, sieve_long(key), SIEVE_AT_LONG) * SUSPECT_LONG;
	if (sieve->shorts) {
		few = sieve_has(word, sieve_short(key), SIEVE_AT_SHORT);
		hit |= few * SUSPECT_SHORT;
	}
	if (__builtin_expect(sign, 0))
		hit |= (few | sieve_has(word, hash, SIEVE_AT_SIGNED)) *
		       SUSPECT_SIGN;
	return hit;
}

/* An anchor as the sieve takes it. */
struct sieve_anchor {
	uint64_t key;  /* first bytes, zeros behind */
	uint64_t wide; /* of WIDE */
	uint8_t home, head;
};

/** sieve_build(out, arena, anchors, count): make out->sieve, whose words are
 * in ${arena}; out->large is known.  Pairs and inner ones are no anchors. */
void sieve_build(struct prefilter *out, struct arena *arena,
    const struct sieve_anchor *anchors, uint32_t count);

#endif
