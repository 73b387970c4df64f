/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/sketch.h"

#include <stdbool.h>
#include <string.h>

#include "engine/density/links.h"
#include "engine/density/sketch_least.h"

/* Tokens are short: the call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define RUN SKETCH_RUN
#define HASHES SKETCH_HASHES
#define CHUNK SKETCH_AT_ONCE /* tokens hashed before their runs are */

struct least {
	uint64_t of[HASHES];
	uint64_t tokens[CHUNK]; /* hashes; runs of all but the last two done */
	uint32_t count, all;
	sketch_hash *hash;
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

void
sketch_hash_plain(uint64_t *hashes, const struct text *t, uint32_t first,
    uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++)
		hashes[i - first] = XXH3_64bits(
		    t->bytes + t->at[i], t->end[i] - t->at[i]);
}

/* Tokens from ${first} up to ${end}. */
static void
add_tokens(struct least *l, const struct text *t, uint32_t first, uint32_t end)
{
	while (first < end) {
		uint32_t count = end - first;

		if (l->count == CHUNK)
			add_runs(l);
		if (count > CHUNK - l->count)
			count = CHUNK - l->count;
		l->hash(l->tokens + l->count, t, first, count);
		l->count += count;
		l->all += count;
		first += count;
	}
}

/* What begins a post that repeats another one. */
static bool
begins_rt(const struct text *t)
{
	return t->tokens > 0 && t->end[0] - t->at[0] == 2 &&
	    memcmp(t->bytes + t->at[0], "rt", 2) == 0;
}

/*
 * All tokens but a leading "rt", mentions and those of links, which go up to
 * a blank.  They are found by the signs that make them, and what lies between
 * is hashed in one go.
 */
static void
read_tokens(struct least *l, const struct text *t)
{
	uint32_t colon = links_colon(t, 0), sign = links_byte(t, 0, '@');
	uint32_t i = begins_rt(t), k;

	while (i < t->tokens && (colon < t->len || sign < t->len)) {
		uint32_t skip_to = 0;

		if (colon < sign) {
			k = links_token(t, i, colon);
			if (k < t->tokens && t->end[k] == colon &&
			    links_is_web(t, k))
				skip_to = links_after(t, k);
			colon = links_colon(t, colon + 1);
		} else {
			k = links_token(t, i, sign + 1);
			if (k < t->tokens && t->at[k] == sign + 1)
				/* even then it may begin a link */
				skip_to = t->end[k] == colon &&
				    links_is_web(t, k) ? links_after(t, k) :
						      k + 1;
			sign = links_byte(t, sign + 1, '@');
		}
		if (skip_to > 0) {
			add_tokens(l, t, i, k);
			i = skip_to;
		}
	}
	add_tokens(l, t, i, t->tokens);
}

/* The same by an outline, without a branch for each sign. */
static void
read_outlined(struct least *l, const struct text *t, const struct outline *o)
{
	uint32_t at[OUTLINE_TOKENS_MAX], end[OUTLINE_TOKENS_MAX];
	struct text kept = {.bytes = t->bytes, .at = at, .end = end};

	kept.tokens = outline_take(
	    t, o->tokens & ~(o->web | o->names | begins_rt(t)), at, end);
	add_tokens(l, &kept, 0, kept.tokens);
}

uint64_t
sketch_of(const struct text *t, const struct outline *o)
{
	bool wide = sketch_wide_here();
	struct least l;
	uint32_t low, high;

	memset(l.of, 0xff, sizeof(l.of));
	l.count = l.all = 0;
	l.hash = wide ? sketch_hash_avx512 : sketch_hash_plain;
	l.lower = wide ? sketch_least_avx512 : sketch_least_plain;
	if (o != NULL && o->known)
		read_outlined(&l, t, o);
	else
		read_tokens(&l, t);
	if (l.all == 0) /* nothing but links and mentions */
		add_tokens(&l, t, 0, t->tokens);
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
