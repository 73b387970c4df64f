/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sketch.h"

#include <stdbool.h>
#include <string.h>

#include "engine/sketch_least.h"

/* Tokens are short: the call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define RUN SKETCH_RUN
#define HASHES SKETCH_HASHES
#define CHUNK 64u /* tokens hashed before their runs are */

struct least {
	uint64_t of[HASHES];
	uint64_t tokens[CHUNK]; /* hashes; runs of all but the last two done */
	uint32_t count, all;
	sketch_least *lower;
};

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= SKETCH_FACTOR;
	x ^= x >> 32;
	x *= SKETCH_FACTOR;
	return x ^ (x >> 32);
}

static void
add_run(uint64_t least[HASHES], uint64_t hash)
{
	static const uint64_t salts[HASHES] = SKETCH_SALTS;

	for (unsigned i = 0; i < HASHES; i++) {
		uint64_t h = mix(hash ^ salts[i]);

		if (h < least[i])
			least[i] = h;
	}
}

static uint64_t
run_hash(const uint64_t *tokens, uint32_t count)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < count; i++)
		hash = mix(hash * 31 + tokens[i]);
	return hash;
}

void
sketch_least_plain(
    uint64_t least[HASHES], const uint64_t *tokens, uint32_t runs)
{
	for (uint32_t i = 0; i < runs; i++)
		add_run(least, run_hash(tokens + i, RUN));
}

/* The last two tokens begin runs that are not whole yet. */
static void
add_runs(struct least *l)
{
	uint32_t runs = l->count - (RUN - 1);

	l->lower(l->of, l->tokens, runs);
	memmove(l->tokens, l->tokens + runs, (RUN - 1) * sizeof(*l->tokens));
	l->count = RUN - 1;
}

static inline void
add_token(struct least *l, const char *bytes, size_t len)
{
	if (l->count == CHUNK)
		add_runs(l);
	l->tokens[l->count++] = XXH3_64bits(bytes, len);
	l->all++;
}

/* The token index after the link that begins at token ${i}: links end at a
 * blank. */
static uint32_t
after_link(const struct text *t, uint32_t i)
{
	uint32_t end = t->end[i];

	while (end < t->len && t->bytes[end] != ' ' && t->bytes[end] != '\n')
		end++;
	while (i < t->tokens && t->at[i] < end)
		i++;
	return i;
}

static bool
token_is(const struct text *t, uint32_t i, const char *word)
{
	size_t len = t->end[i] - t->at[i];

	return len == strlen(word) && !memcmp(t->bytes + t->at[i], word, len);
}

static bool
begins_link(const struct text *t, uint32_t i)
{
	/* There are zeros behind the end. */
	return t->bytes[t->end[i]] == ':' &&
	    !memcmp(t->bytes + t->end[i], "://", 3) &&
	    (token_is(t, i, "http") || token_is(t, i, "https"));
}

static void
read_tokens(struct least *l, const struct text *t, bool all)
{
	for (uint32_t i = 0; i < t->tokens;) {
		uint32_t at = t->at[i];

		if (!all && begins_link(t, i)) {
			i = after_link(t, i);
			continue;
		}
		if (!all && ((i == 0 && token_is(t, i, "rt")) ||
			(at > 0 && t->bytes[at - 1] == '@'))) {
			i++;
			continue;
		}
		add_token(l, t->bytes + at, t->end[i] - at);
		i++;
	}
}

uint64_t
sketch_of(const struct text *t)
{
	struct least l;
	uint32_t low, high;

	memset(l.of, 0xff, sizeof(l.of));
	l.count = l.all = 0;
	l.lower = sketch_least_here() ? sketch_least_avx512 :
					sketch_least_plain;
	read_tokens(&l, t, false);
	if (l.all == 0) /* nothing but links and mentions */
		read_tokens(&l, t, true);
	if (l.all == 0)
		return 0;
	if (l.all < RUN)
		add_run(l.of, run_hash(l.tokens, l.all));
	else
		add_runs(&l);
	low = (uint32_t)mix(l.of[0] ^ mix(l.of[1]));
	high = (uint32_t)mix(l.of[2] ^ mix(l.of[3]) ^ 1);
	return (uint64_t)(high | 1) << 32 | low;
}
