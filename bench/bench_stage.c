/*
 * The prefilter alone: real posts against generated rules, whose coined names
 * hardly any of them has, so that next to nothing is left to confirm.
 *
 * The difference to match/rules/... is what candidates cost.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <sys/stat.h>

#include "bench/folded.h"
#include "bench/generator/rules.h"
#include "engine/base/must.h"
#include "rules/rules.h"

#define MADE "build/bench-data"

static struct ruleset *
load_rules(uint32_t count)
{
	static const struct rules_options options = {0};
	struct diag *diag = diag_new();
	struct ruleset *rs = NULL;
	char path[200];
	const char *paths[] = {path};

	mkdir(MADE, 0777);
	snprintf(path, sizeof(path), MADE "/made-%u", count);
	if (rules_write(path, count) == 0)
		rs = ruleset_load(paths, 1, &options, diag);
	diag_print(diag, stderr, false);
	diag_free(diag);
	return rs;
}

static void
prefilter(struct bench_state *state, uint32_t rules)
{
	const struct text *texts;
	struct ruleset *rs;
	struct matcher *m;
	struct post post;
	uint32_t count;
	size_t hits = 0;

	texts = bench_match_texts(state, &count);
	if (texts == NULL)
		return;
	rs = load_rules(rules);
	if (rs == NULL) {
		bench_skip(state, "no rules at " MADE);
		return;
	}
	m = matcher_new();
	matcher_fit(m, rs);
	post_clear(&post);
	while (bench_next(state)) {
		hits = 0;
		for (uint32_t i = 0; i < count; i++) {
			struct text view = texts[i];

			hits += rules_match(m, &post, &view, 0)->hits_count;
		}
		bench_keep(&hits);
	}
	bench_items(state, count);
	bench_figure(state, "hits", (double)hits);
	matcher_free(m);
	ruleset_unref(rs);
}

static void
prefilter_1000(struct bench_state *state)
{
	prefilter(state, 1000);
}

static void
prefilter_100000(struct bench_state *state)
{
	prefilter(state, 100000);
}

void bench_stage_register(void);

void
bench_stage_register(void)
{
	bench_add("match/prefilter/1000", prefilter_1000);
	bench_add("match/prefilter/100000", prefilter_100000);
}
