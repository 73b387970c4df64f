/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/sieve.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/frequency.h"
#include "rules/inclusive.h"

/* Bits per anchor, before rounding up: while the sieve fits the first-level
 * cache beside the post, and beyond.  A word is chosen by sixteen bits at
 * most. */
#define BITS_PER_ANCHOR 32u
#define BITS_PER_ANCHOR_MANY 16u
#define BITS_FEW (UINT32_C(1) << 19)
#define WORD_BITS_LEAST 9
#define WORD_BITS_MOST 16

/* Salts that are tried; of large tables, which take their time, fewer. */
#define SALTS 16u
#define SALTS_LARGE 3u

struct common {
	uint64_t key, wide;
	uint32_t per_million;
};

static void
put(struct probe_sieve *sieve, uint64_t *words, uint64_t key, uint64_t bits)
{
	words[sieve_hash(sieve, key) >> sieve->shift] |= bits;
}

static bool
is_short(const struct sieve_anchor *anchor)
{
	return anchor->home == FOUR ||
	       anchor->home % PROBE_WIDTHS == TWO;
}

/* A short prefix, in the words of all that may follow it. */
static void
put_short(struct probe_sieve *sieve, uint64_t *words,
    const struct sieve_anchor *anchor)
{
	uint64_t key = anchor->key & probe_mask(anchor->head);
	uint64_t thirds = anchor->head > 2 ? 1 : 256;
	uint64_t fourths = anchor->head > 3 ? 1 : 32;
	uint64_t bits = sieve_bits(sieve_short(key), SIEVE_AT_SHORT);

	for (uint64_t third = 0; third < thirds; third++)
		for (uint64_t fourth = 0; fourth < fourths; fourth++)
			put(sieve, words, key | third << 16 | fourth << 24,
			    bits);
}

static void
put_anchor(struct probe_sieve *sieve, uint64_t *words,
    const struct sieve_anchor *anchor)
{
	uint64_t key = anchor->key, bits;

	if (is_short(anchor)) {
		put_short(sieve, words, anchor);
		return;
	}
	if (anchor->home >= PROBE_SIGNED)
		bits = sieve_bits(sieve_hash(sieve, key), SIEVE_AT_SIGNED);
	else if (anchor->home == WIDE)
		bits =
		    sieve_bits(probe_hash(anchor->wide, WIDE), SIEVE_AT_WORD);
	else
		bits = sieve_bits(sieve_long(key), SIEVE_AT_LONG);
	put(sieve, words, key, bits);
}

static void
fill(struct probe_sieve *sieve, uint64_t *words,
    const struct sieve_anchor *anchors, uint32_t count)
{
	memset(words, 0, sizeof(*words) << (64 - sieve->shift));
	for (uint32_t i = 0; i < count; i++)
		put_anchor(sieve, words, &anchors[i]);
	for (unsigned i = 0; i < INCLUSIVE_KEYS; i++) {
		uint64_t key = probe_load(inclusive_keys[i]);

		put(sieve, words, key,
		    sieve_bits(probe_hash(key, WIDE), SIEVE_AT_WORD));
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

	for (uint32_t i = 0; i < count; i++)
		if (sieve_find(sieve, all[i].key, all[i].wide, false))
			sum += all[i].per_million;
	return sum;
}

static uint8_t
word_bits(uint64_t anchors)
{
	uint64_t want = anchors * BITS_PER_ANCHOR;
	uint8_t bits = WORD_BITS_LEAST;

	if (want > BITS_FEW)
		want = anchors * BITS_PER_ANCHOR_MANY;
	while (bits < WORD_BITS_MOST && UINT64_C(64) << bits < want)
		bits++;
	return bits;
}

void
sieve_build(struct prefilter *out, struct arena *arena,
    const struct sieve_anchor *anchors, uint32_t count)
{
	uint8_t bits = word_bits(count + INCLUSIVE_KEYS);
	uint64_t *words = arena_alloc(arena, sizeof(*words) << bits);
	struct probe_sieve sieve = {words, 0, (uint8_t)(64 - bits), false};
	struct probe_sieve best = sieve;
	uint64_t least = UINT64_MAX;
	uint32_t common_count, salts = out->large ? SALTS_LARGE : SALTS;
	struct common *common = common_words(&common_count);

	for (uint32_t i = 0; i < count; i++)
		sieve.shorts |= is_short(&anchors[i]);
	/* without anchors there is nothing to choose */
	for (uint32_t i = 0; i < salts && count > 0; i++) {
		uint64_t sum;

		sieve.salt = (i + 1) * UINT64_C(0x6c62272e07bb0142);
		fill(&sieve, words, anchors, count);
		sum = price(&sieve, common, common_count);
		if (sum < least) {
			least = sum;
			best = sieve;
		}
	}
	fill(&best, words, anchors, count);
	out->sieve = best;
	free(common);
}
