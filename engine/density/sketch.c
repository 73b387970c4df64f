/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/sketch.h"

#include <stdbool.h>
#include <string.h>

#include "engine/base/cpu.h"
#include "engine/density/sketch_least.h"

#define RUN SKETCH_RUN
#define ORDERS SKETCH_ORDERS
#define CARRIED (RUN - 1)

struct sketch {
	uint32_t least[ORDERS];
	/* The last two so far begin runs that are not whole yet. */
	uint32_t tokens[CARRIED + OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
	uint32_t carried;
	sketch_least *lower;
	sketch_take *take;
};

static uint32_t
turn(uint32_t x, unsigned bits)
{
	return x << bits | x >> (32 - bits);
}

static void
add_run(uint32_t least[ORDERS], uint32_t hash)
{
	hash = (hash ^ hash >> 16) * SKETCH_FACTOR_RUN;
	hash ^= hash >> 15;
	for (unsigned i = 0; i < ORDERS; i++) {
		uint32_t h = i == 0 ? hash : turn(hash, 8 * i);

		if (h < least[i])
			least[i] = h;
	}
}

static uint32_t
run_hash(const uint32_t *tokens, uint32_t count)
{
	uint32_t hash = 0;

	for (uint32_t i = 0; i < count; i++)
		hash = hash * SKETCH_FACTOR_TOKEN + tokens[i];
	return hash;
}

void
sketch_least_plain(
    uint32_t least[ORDERS], const uint32_t *tokens, uint32_t runs)
{
	for (uint32_t i = 0; i < runs; i++)
		add_run(least, run_hash(tokens + i, RUN));
}

uint32_t
sketch_take_plain(uint32_t *to, const uint32_t *hashes, uint64_t which)
{
	uint32_t count = 0;

	for (; which != 0; which &= which - 1)
		to[count++] = hashes[__builtin_ctzll(which)];
	return count;
}

static void
add_tokens(struct sketch *s, const struct outline *o, uint64_t which)
{
	uint32_t count;

	/* Most posts are short, and all of them counts. */
	if (s->carried == 0 && which == o->tokens && o->count >= RUN) {
		s->lower(s->least, o->hashes, o->count - CARRIED);
		memcpy(s->tokens, o->hashes + o->count - CARRIED,
		    CARRIED * sizeof(*s->tokens));
		s->carried = CARRIED;
		return;
	}
	count = s->carried +
	    s->take(s->tokens + s->carried, o->hashes, which);
	if (count >= RUN) {
		s->lower(s->least, s->tokens, count - CARRIED);
		memmove(s->tokens, s->tokens + count - CARRIED,
		    CARRIED * sizeof(*s->tokens));
		count = CARRIED;
	}
	s->carried = count;
}

/* What begins a post that repeats another one. */
static bool
begins_rt(const struct text *t, const struct outline *o)
{
	return o->first == 0 && o->count > 0 && t->end[0] - t->at[0] == 2 &&
	    memcmp(t->bytes + t->at[0], "rt", 2) == 0;
}

/* All tokens but a leading "rt", mentions and those of links; or really
 * all. */
static void
add_text(struct sketch *s, const struct text *t, const struct outline *first,
    bool all)
{
	struct outline next;
	uint64_t out = first->web | first->names | begins_rt(t, first);

	add_tokens(s, first, all ? first->tokens : first->tokens & ~out);
	if (first->count == t->tokens)
		return;
	next = *first;
	while (outline_next(&next, t)) {
		out = next.web | next.names;
		add_tokens(s, &next, all ? next.tokens : next.tokens & ~out);
	}
}

static uint32_t
half(uint32_t a, uint32_t b)
{
	uint64_t x = (uint64_t)a << 32 | b;

	x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 32) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(x >> 32);
}

uint64_t
sketch_of(const struct text *t, const struct outline *o)
{
	enum cpu_level level = cpu_level();
	struct sketch s;
	uint32_t high, low;

	memset(s.least, 0xff, sizeof(s.least));
	s.carried = 0;
	s.lower = level >= CPU_AVX512 ? sketch_least_avx512 :
	    level >= CPU_AVX2         ? sketch_least_avx2 :
					sketch_least_plain;
	s.take = level >= CPU_AVX512 ? sketch_take_avx512 : sketch_take_plain;
	add_text(&s, t, o, false);
	if (s.carried == 0) /* nothing but links and mentions */
		add_text(&s, t, o, true);
	if (s.carried == 0)
		return 0;
	/* Fewer than three in all: a run, and the only one. */
	if ((s.least[0] & s.least[1] & s.least[2] & s.least[3]) == UINT32_MAX)
		add_run(s.least, run_hash(s.tokens, s.carried));
	low = half(s.least[0], s.least[1]);
	high = half(s.least[2], s.least[3]);
	return (uint64_t)(high | 1) << 32 | low;
}
