/*
 * The sieve of a scanned table: what a token may be, by one word of memory.
 *
 * The word is chosen by the token's first bytes; in it an anchor has two bits
 * by all of its bytes that a token must have: of whole words, of prefixes, of
 * short prefixes, and of what stands behind a sign.  Which word goes with
 * which bytes hangs on a salt, so chosen that common words of French and
 * English find no bits.
 * The sieve of a large table is fine: six bytes choose the word, prefixes have
 * words of their own and are known by as many bytes as they have, whole words
 * by three bits.  Pairs of tokens are in it too, in the word of the rarer.
 * Thread: any may read.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_SIEVE_H
#define RULES_SIEVE_H

#include "rules/prefilter.h"

/* One product says all of the first eight bytes: what is below its bit 8 * n
 * hangs on the first n of them alone. */
static inline uint64_t
sieve_hash(const struct probe_sieve *sieve, uint64_t key)
{
	return (key ^ sieve->salt) * PROBE_FACTOR;
}

/* Numbers of words end at this bit of sieve_hash(): three bytes choose a word,
 * and of the fourth as much as sets letters apart, so that a short prefix has
 * few words, or all; if it is fine, six. */
#define SIEVE_END 29
#define SIEVE_END_FINE 48

/* Where in its hash a kind has the numbers of its two bits. */
#define SIEVE_PLACES(a, b) ((a) | (b) << 8)
enum sieve_place {
	SIEVE_SHORT = SIEVE_PLACES(0, 8), /* two bytes, as their words tell
					   * more */
	SIEVE_LONG = SIEVE_PLACES(36, 42),
	SIEVE_SIGNED = SIEVE_PLACES(34, 40),
	SIEVE_FIVE = SIEVE_PLACES(28, 34), /* this and more if it is fine */
	SIEVE_EIGHT = SIEVE_PLACES(52, 58),
	SIEVE_SIGNED_FINE = SIEVE_PLACES(18, 24),
	SIEVE_WORD = SIEVE_PLACES(48, 56), /* of probe_hash() */
	SIEVE_THIRD = 40, /* and of these if it is fine; pairs too */
};

static inline uint64_t
sieve_bits(uint64_t hash, unsigned place)
{
	return UINT64_C(1) << (hash >> (place >> 8) & 63) |
	       UINT64_C(1) << (hash >> (place & 63) & 63);
}

/* Whether they are set in ${word}; in bit 0. */
static inline uint64_t
sieve_has(uint64_t word, uint64_t hash, unsigned place)
{
	return word >> (hash >> (place >> 8) & 63) &
	       word >> (hash >> (place & 63) & 63) & 1;
}

/* The three bits of whole words and pairs, by probe_hash(). */
static inline uint64_t
sieve_three_bits(uint64_t hash)
{
	return sieve_bits(hash, SIEVE_WORD) |
	       UINT64_C(1) << (hash >> SIEVE_THIRD & 63);
}

static inline uint64_t
sieve_has_three(uint64_t word, uint64_t hash)
{
	return sieve_has(word, hash, SIEVE_WORD) &
	       word >> (hash >> SIEVE_THIRD & 63);
}

/* The word of a token, and in a fine sieve that of prefixes. */
static inline uint64_t
sieve_word(const struct probe_sieve *sieve, uint64_t hash)
{
	return sieve->words[hash >> sieve->shift & sieve->mask];
}

static inline uint64_t
sieve_short_word(const struct probe_sieve *sieve, uint64_t hash)
{
	return sieve->short_words[hash >> sieve->short_shift &
				  sieve->short_mask];
}

/**
 * sieve_find(sieve, word, hash, wide, sign, fine): what a token with the hash
 * and the wide key, whose word is ${word}, may be, as enum suspect; ${sign}:
 * it stands behind one; ${fine}: sieve->fine.
 */
static inline uint64_t
sieve_find(const struct probe_sieve *sieve, uint64_t word, uint64_t hash,
    uint64_t wide, bool sign, bool fine)
{
	uint64_t few = 0, more, hit, whole = probe_hash(wide, WIDE);

	if (fine) {
		uint64_t shorts = sieve_short_word(sieve, hash);

		hit = sieve_has_three(word, whole) * SUSPECT_WORD;
		few = sieve_has(shorts, hash, SIEVE_SHORT) |
		      sieve_has(shorts, hash, SIEVE_FIVE);
		more = sieve_has(shorts, hash, SIEVE_LONG) |
		       sieve_has(shorts, hash, SIEVE_EIGHT);
	} else {
		hit = sieve_has(word, whole, SIEVE_WORD) * SUSPECT_WORD;
		if (sieve->shorts)
			few = sieve_has(word, hash, SIEVE_SHORT);
		more = sieve_has(word, hash, SIEVE_LONG);
	}
	hit |= more * SUSPECT_LONG | few * SUSPECT_SHORT;
	if (__builtin_expect(sign, 0)) {
		few |= sieve_has(
		    word, hash, fine ? SIEVE_SIGNED_FINE : SIEVE_SIGNED);
		hit |= few * SUSPECT_SIGN;
	}
	return hit;
}

/**
 * sieve_pair(before, word, pair): whether two tokens in a row, whose words
 * these are, may be the pair with this probe_pair(); in bit 0.
 */
static inline uint64_t
sieve_pair(uint64_t before, uint64_t word, uint64_t pair)
{
	uint64_t hash = probe_hash(pair, PROBE_PAIR);

	return sieve_has_three(before, hash) | sieve_has_three(word, hash);
}

/* An anchor as the sieve takes it. */
struct sieve_anchor {
	uint64_t key;  /* first bytes, zeros behind; of a pair: its anchor's */
	uint64_t wide; /* of WIDE; of a pair: probe_pair() */
	uint8_t home, head;
};

/** sieve_build(out, arena, anchors, count): make out->sieve, whose words are
 * in ${arena}; out->large is known.  Pairs and inner ones are no anchors. */
void sieve_build(struct prefilter *out, struct arena *arena,
    const struct sieve_anchor *anchors, uint32_t count);

#endif
