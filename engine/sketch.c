/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sketch.h"

#include <stdbool.h>
#include <string.h>

/* Tokens are short: the call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define RUN 3u       /* tokens of a shingle */
#define HASHES 4u    /* two per half */

struct least {
	uint64_t of[HASHES];
	uint64_t run[RUN]; /* hashes of the last tokens, oldest first */
	uint32_t tokens;
};

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ (x >> 32);
}

static void
add_run(struct least *l, uint64_t hash)
{
	static const uint64_t salts[HASHES] = {0x9e3779b97f4a7c15u,
	    0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu, 0xc2b2ae3d27d4eb4fu};

	for (unsigned i = 0; i < HASHES; i++) {
		uint64_t h = mix(hash ^ salts[i]);

		if (h < l->of[i])
			l->of[i] = h;
	}
}

static uint64_t
run_hash(const struct least *l, uint32_t count)
{
	uint64_t hash = 0;

	for (uint32_t i = RUN - count; i < RUN; i++)
		hash = mix(hash * 31 + l->run[i]);
	return hash;
}

static void
add_token(struct least *l, const char *bytes, size_t len)
{
	for (uint32_t i = 1; i < RUN; i++)
		l->run[i - 1] = l->run[i];
	l->run[RUN - 1] = XXH3_64bits(bytes, len);
	if (++l->tokens >= RUN)
		add_run(l, run_hash(l, RUN));
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
	struct least l = {.of = {UINT64_MAX, UINT64_MAX, UINT64_MAX,
			      UINT64_MAX}};
	uint32_t low, high;

	read_tokens(&l, t, false);
	if (l.tokens == 0) /* nothing but links and mentions */
		read_tokens(&l, t, true);
	if (l.tokens == 0)
		return 0;
	if (l.tokens < RUN)
		add_run(&l, run_hash(&l, l.tokens));
	low = (uint32_t)mix(l.of[0] ^ mix(l.of[1]));
	high = (uint32_t)mix(l.of[2] ^ mix(l.of[3]) ^ 1);
	return (uint64_t)(high | 1) << 32 | low;
}
