/*
 * The one loop that runs for each token of each post: its key, its hashes, a
 * bit of each in the maps.  No branch depends on the text but for signs;
 * the paths differ in how 16 bytes without what follows the token are loaded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/cpu.h"
#include "rules/matcher.h"
#include "rules/sieve.h"

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

/* Bytes before a token for which it is looked at more closely, where some
 * anchor wants one; so it always is behind the last byte of a point médian. */
static const bool sign_of[256] = {['#'] = true, ['@'] = true, ['$'] = true};

/* 15 bytes of ones, 17 of zeros. */
static const char edge[32] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

struct sixteen {
	uint64_t first, second;
};

typedef struct sixteen load_fn(const char *p, uint32_t len);

/* The first bytes of a token, zeros behind it. */
ALWAYS_INLINE struct sixteen
load_plain(const char *p, uint32_t len)
{
	const char *mask =
	    edge + PROBE_BYTES - (len < PROBE_BYTES ? len : PROBE_BYTES);

	return (struct sixteen){probe_load(p) & probe_load(mask),
	    probe_load(p + 8) & probe_load(mask + 8)};
}

ALWAYS_INLINE uint32_t
find(struct matcher *m, const struct prefilter *table, bool fresh, bool large,
    load_fn *load)
{
	const struct probe_sieve sieve = table->sieve;
	const char *bytes = m->text->bytes;
	const uint32_t *at = m->text->at, *end = m->text->end;
	uint64_t *keys = m->keys, *wides = m->wides, before = 0;
	uint64_t word_before = 0;
	uint32_t *out = m->suspects, count = 0;

	for (uint32_t t = 0, n = m->text->tokens; t < n; t++) {
		uint64_t key, wide, hash, word, hit;
		unsigned char before_it;

		if (fresh) {
			struct sixteen s =
			    load(bytes + at[t], end[t] - at[t]);

			key = s.first;
			wide = probe_wide(s.first, s.second);
			keys[t] = key;
			wides[t] = wide;
		} else {
			key = keys[t];
			wide = wides[t];
		}
		before_it = (unsigned char)bytes[(int64_t)at[t] - 1];
		hash = sieve_hash(&sieve, key);
		word = sieve_word(&sieve, hash);
		hit = sieve_find(
		    &sieve, word, hash, wide, sign_of[before_it], large);
		hit |= before_it == 0xb7 ? SUSPECT_SIGN : 0u;
		if (large)
			hit |= sieve_pair(word_before, word,
				   probe_pair(before, wide)) *
			       SUSPECT_PAIR;
		before = wide;
		word_before = word;
		out[count] = t << SUSPECT_SHIFT | (uint32_t)hit;
		count += hit != 0;
	}
	return count;
}

typedef uint32_t find_fn(
    struct matcher *m, const struct prefilter *table, bool fresh);

ALWAYS_INLINE uint32_t
find_any(struct matcher *m, const struct prefilter *table, bool fresh,
    load_fn *load)
{
	if (!fresh)
		return table->large
		    ? find(m, table, false, true, load_plain)
		    : find(m, table, false, false, load_plain);
	return table->large
	    ? find(m, table, true, true, load)
	    : find(m, table, true, false, load);
}

static uint32_t
find_plain(struct matcher *m, const struct prefilter *table, bool fresh)
{
	return find_any(m, table, fresh, load_plain);
}

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

AVX2 ALWAYS_INLINE struct sixteen
load_avx2(const char *p, uint32_t len)
{
	const char *mask =
	    edge + PROBE_BYTES - (len < PROBE_BYTES ? len : PROBE_BYTES);
	__m128i v = _mm_and_si128(
	    _mm_loadu_si128((const __m128i *)(const void *)p),
	    _mm_loadu_si128((const __m128i *)(const void *)mask));

	return (struct sixteen){(uint64_t)_mm_cvtsi128_si64(v),
	    (uint64_t)_mm_extract_epi64(v, 1)};
}

AVX2 static uint32_t
find_avx2(struct matcher *m, const struct prefilter *table, bool fresh)
{
	return find_any(m, table, fresh, load_avx2);
}

static find_fn *const finders[] = {find_plain, find_avx2,
    prefilter_find_avx512};

#else

static find_fn *const finders[] = {find_plain, find_plain, find_plain};

#endif

uint32_t
prefilter_find(struct matcher *m, const struct prefilter *table, bool fresh)
{
	m->ascii = false;
	m->joined = true;
	return finders[cpu_level()](m, table, fresh);
}

void
prefilter_keys(struct matcher *m)
{
	const struct text *text = m->text;

	for (uint32_t t = 0; t < text->tokens; t++) {
		struct sixteen s = load_plain(
		    text->bytes + text->at[t], text->end[t] - text->at[t]);

		m->keys[t] = s.first;
		m->wides[t] = probe_wide(s.first, s.second);
	}
	inclusive_find(m);
}

uint64_t
prefilter_wide(const char *p, uint32_t len, uint64_t *key)
{
	struct sixteen s = load_plain(p, len);

	*key = s.first;
	return probe_wide(s.first, s.second);
}
