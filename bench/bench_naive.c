/*
 * The peer that anybody would write: one PCRE2 program per brand, JIT-ed,
 * each run over each post, one after the other.
 *
 * It is given an easy task: only the brands, on text that was folded for it,
 * as bytes without UTF.  bench/peers has it whole, with rules and the proof
 * that hits are the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/folded.h"
#include "bench/peers/peers.h"

/* Posts of one turn: 1,000 patterns take 0.1 ms for each. */
#define POSTS 256u

static struct peers_patterns *
read_patterns(unsigned rules)
{
	const char *shared = getenv("VIGIE_SHARED");
	char path[400];

	snprintf(path, sizeof(path), "%s/perf/rules-%u",
	    shared != NULL ? shared : "../shared", rules);
	return peers_patterns_read(path);
}

static void
naive(struct bench_state *state, unsigned rules)
{
	struct peers_patterns *p;
	struct peers_confirm *codes;
	const struct text *texts;
	uint32_t count, hits = 0;

	texts = bench_match_texts(state, &count);
	if (texts == NULL)
		return;
	p = read_patterns(rules);
	if (p == NULL) {
		bench_skip(state, "no such rule set");
		return;
	}
	codes = peers_confirm_new(p);
	count = count < POSTS ? count : POSTS;
	while (bench_next(state)) {
		hits = 0;
		for (uint32_t i = 0; i < count; i++)
			for (uint32_t k = 0; k < p->brands; k++)
				hits += peers_confirm_hit(codes, k,
				    texts[i].bytes, texts[i].len);
		bench_keep(&hits);
	}
	bench_items(state, count);
	bench_figure(state, "patterns", p->brands);
	bench_figure(state, "hits_per_1000_posts",
	    1000.0 * (double)hits / (double)count);
	peers_confirm_free(codes);
	peers_patterns_free(p);
}

static void
naive_10(struct bench_state *state)
{
	naive(state, 10);
}

static void
naive_1000(struct bench_state *state)
{
	naive(state, 1000);
}

void bench_naive_register(void);

void
bench_naive_register(void)
{
	bench_add("peer/pcre2-loop/10", naive_10);
	bench_add("peer/pcre2-loop/1000", naive_1000);
}
