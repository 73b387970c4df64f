/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/sieve.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/frequency.h"
#include "rules/inclusive.h"

/* Bits per anchor, before rounding up: while the sieve fits the first-level
 * cache beside the post, while it leaves the second room for the rest, and
 * beyond.  A word is chosen by sixteen bits at most. */
#define BITS_PER_ANCHOR_FEW 64u
#define BITS_FEW (UINT32_C(1) << 18)
#define BITS_PER_ANCHOR 32u
#define BITS_SOME (UINT32_C(1) << 20)
#define BITS_PER_ANCHOR_MANY 16u
#define WORD_BITS_LEAST 9
#define WORD_BITS_MOST 16

/* Salts that are tried; of large tables, which take their time, fewer. */
#define SALTS 16u
#define SALTS_LARGE 3u

struct common {
	uint64_t key, wide;
	uint32_t per_million;
};

/* Words that are written. */
struct filling {
	const struct probe_sieve *sieve;
	uint64_t *words, *short_words;
};

static bool
is_short(const struct sieve_anchor *anchor)
{
	return anchor->home < PROBE_PAIR &&
	       anchor->home % PROBE_WIDTHS >= FOUR;
}

/* A short prefix, in the words of all that may follow it. */
static void
put_short(const struct filling *f, const struct sieve_anchor *anchor)
{
	const struct probe_sieve *s = f->sieve;
	uint64_t *words = s->fine ? f->short_words : f->words;
	uint64_t key = anchor->key & probe_mask(anchor->head);
	uint64_t thirds = anchor->head > 2 ? 1 : 256;
	uint64_t fourths = anchor->head > 3 ? 1 : 32;
	uint64_t bits = sieve_bits(sieve_hash(s, key),
	    s->fine && anchor->head > 4 ? SIEVE_FIVE : SIEVE_SHORT);

	for (uint64_t third = 0; third < thirds; third++) {
		for (uint64_t fourth = 0; fourth < fourths; fourth++) {
			uint64_t hash = sieve_hash(
			    s, key | third << 16 | fourth << 24);

			words[hash >> (s->fine ? s->short_shift : s->shift) &
			      (s->fine ? s->short_mask : s->mask)] |= bits;
		}
	}
}

/* A longer one, all of whose words are one. */
static void
put_long(const struct filling *f, const struct sieve_anchor *anchor)
{
	const struct probe_sieve *s = f->sieve;
	uint64_t hash = sieve_hash(s, anchor->key);

	if (s->fine)
		f->short_words[hash >> s->short_shift & s->short_mask] |=
		    sieve_bits(
			hash, anchor->head == 8 ? SIEVE_EIGHT : SIEVE_LONG);
	else
		f->words[hash >> s->shift & s->mask] |=
		    sieve_bits(hash, SIEVE_LONG);
}

/* A whole word or a pair. */
static void
put_whole(
    const struct filling *f, uint64_t key, uint64_t wide, unsigned home)
{
	const struct probe_sieve *s = f->sieve;
	uint64_t hash = probe_hash(wide, home);

	f->words[sieve_hash(s, key) >> s->shift & s->mask] |=
	    s->fine ? sieve_three_bits(hash) : sieve_bits(hash, SIEVE_WORD);
}

/* What stands behind a sign, and is not short. */
static void
put_signed(const struct filling *f, const struct sieve_anchor *anchor)
{
	const struct probe_sieve *s = f->sieve;
	uint64_t hash = sieve_hash(s, anchor->key);

	f->words[hash >> s->shift & s->mask] |=
	    sieve_bits(hash, s->fine ? SIEVE_SIGNED_FINE : SIEVE_SIGNED);
}

static void
fill(const struct filling *f, const struct sieve_anchor *anchors,
    uint32_t count)
{
	const struct probe_sieve *s = f->sieve;

	memset(f->words, 0, sizeof(*f->words) * (s->mask + 1ul));
	memset(f->short_words, 0,
	    sizeof(*f->short_words) * (s->short_mask + 1ul));
	for (uint32_t i = 0; i < count; i++) {
		const struct sieve_anchor *a = &anchors[i];

		if (is_short(a))
			put_short(f, a);
		else if (a->home == PROBE_PAIR || a->home == WIDE)
			put_whole(f, a->key, a->wide, a->home);
		else if (a->home >= PROBE_SIGNED)
			put_signed(f, a);
		else
			put_long(f, a);
	}
	for (unsigned i = 0; i < INCLUSIVE_KEYS; i++) {
		uint64_t key = probe_load(inclusive_keys[i]);

		put_whole(f, key, key, WIDE);
	}
}

static struct common *
common_words(uint32_t *count)
{
	struct common *all = NULL;
	uint32_t per_million, room = 0;
	const char *p;

	*count = 0;
	for (unsigned i = 0; (p = frequency_class(i, &per_million)) != NULL;
	     i++) {
		while (*p != '\0') {
			char word[2 * PROBE_BYTES] = {0};
			uint32_t len = (uint32_t)strcspn(p, " ");
			struct common *to;

			if (*count == room) {
				room = room * 2 + 1024;
				all = must_grow(all, sizeof(*all) * room);
			}
			to = &all[(*count)++];
			memcpy(word, p, len < PROBE_BYTES ? len : PROBE_BYTES);
			to->wide = prefilter_wide(word, len, &to->key);
			to->per_million = per_million;
			p += len + (p[len] == ' ');
		}
	}
	return all;
}

/* How many common words of a million tokens would be suspects. */
static uint64_t
price(const struct probe_sieve *sieve, const struct common *all,
    uint32_t count)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t hash = sieve_hash(sieve, all[i].key);

		if (sieve_find(sieve, sieve_word(sieve, hash), hash,
			all[i].wide, false, sieve->fine))
			sum += all[i].per_million;
	}
	return sum;
}

static uint8_t
word_bits(uint64_t anchors)
{
	uint64_t want = anchors * BITS_PER_ANCHOR_FEW;
	uint8_t bits = WORD_BITS_LEAST;

	if (want > BITS_FEW)
		want = anchors * BITS_PER_ANCHOR;
	if (want > BITS_SOME)
		want = anchors * BITS_PER_ANCHOR_MANY;
	while (bits < WORD_BITS_MOST && UINT64_C(64) << bits < want)
		bits++;
	return bits;
}

void
sieve_build(struct prefilter *out, struct arena *arena,
    const struct sieve_anchor *anchors, uint32_t count)
{
	struct probe_sieve sieve = {.fine = out->large}, best;
	struct filling filling = {.sieve = &sieve};
	uint64_t least = UINT64_MAX;
	uint32_t common_count, salts = out->large ? SALTS_LARGE : SALTS;
	uint32_t shorts = 0, longs = 0;
	uint8_t bits, short_bits;
	struct common *common = common_words(&common_count);

	for (uint32_t i = 0; i < count; i++) {
		shorts += is_short(&anchors[i]);
		longs += anchors[i].home == SIX;
	}
	sieve.shorts = shorts > 0;
	bits = word_bits(count + INCLUSIVE_KEYS);
	short_bits = sieve.fine ? word_bits(2ul * (shorts + longs)) : 0;
	sieve.shift = (uint8_t)((sieve.fine ? SIEVE_END_FINE : SIEVE_END) -
				bits);
	sieve.short_shift = (uint8_t)(SIEVE_END - short_bits);
	sieve.mask = (UINT32_C(1) << bits) - 1;
	sieve.short_mask = (UINT32_C(1) << short_bits) - 1;
	filling.words = arena_alloc(
	    arena, sizeof(*filling.words) << bits);
	filling.short_words = arena_alloc(
	    arena, sizeof(*filling.short_words) << short_bits);
	sieve.words = filling.words;
	sieve.short_words = filling.short_words;
	best = sieve;
	/* without anchors there is nothing to choose */
	for (uint32_t i = 0; i < salts && count > 0; i++) {
		uint64_t sum;

		sieve.salt = (i + 1) * UINT64_C(0x6c62272e07bb0142);
		fill(&filling, anchors, count);
		sum = price(&sieve, common, common_count);
		if (sum < least) {
			least = sum;
			best = sieve;
		}
	}
	sieve = best;
	fill(&filling, anchors, count);
	out->sieve = sieve;
	free(common);
}
