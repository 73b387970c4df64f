/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peers/peers_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench.h"
#include "engine/base/must.h"
#include "rules/rules.h"

/* Texts of a timed pass: they fit the second-level cache, as a text that was
 * just folded would. */
#define TIMED_MAX 2048u
#define TIMED_MIN 64u
#define CHECKED_MIN 1024u
#define PASS_NS 150e6  /* shortest time that is measured */
#define SLOW_NS 1500e6 /* a pass of a slow peer may take as long */

/* What fires, and what was asked of one text. */
struct judge {
	const struct peers_patterns *p;
	const struct peers_kind *kind;
	struct peers_confirm *confirm;
	struct peers_hits hits;
	uint32_t *asked, *held; /* stamps of lists that were confirmed */
	uint32_t *fired;        /* rules of this text */
	uint32_t fired_count;
};

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint32_t *
zeros(size_t n)
{
	uint32_t *all = must_alloc((n + 1) * sizeof(*all));

	memset(all, 0, (n + 1) * sizeof(*all));
	return all;
}

static void
judge_init(struct judge *j, const struct peers_patterns *p,
    const struct peers_kind *kind)
{
	memset(j, 0, sizeof(*j));
	j->p = p;
	j->kind = kind;
	j->confirm = peers_confirm_new(p);
	j->hits.patterns = zeros(p->count);
	j->hits.stamp = zeros(p->count);
	j->asked = zeros(p->count);
	j->held = zeros(p->count);
	j->fired = zeros(p->rules_count);
}

static void
judge_fini(struct judge *j)
{
	peers_confirm_free(j->confirm);
	free(j->hits.patterns);
	free(j->hits.stamp);
	free(j->asked);
	free(j->held);
	free(j->fired);
}

static bool
holds(struct judge *j, uint32_t pattern, const struct text *t)
{
	uint32_t now = j->hits.text;

	if (j->kind->lists && pattern < j->p->brands + j->p->lists)
		return j->hits.stamp[pattern] == now;
	if (j->asked[pattern] != now) {
		j->asked[pattern] = now;
		j->held[pattern] =
		    peers_confirm_hit(j->confirm, pattern, t->bytes, t->len) ?
		    now : 0;
	}
	return j->held[pattern] == now;
}

static void
judge_text(struct judge *j, void *peer, const struct text *t)
{
	const struct peers_patterns *p = j->p;

	j->hits.count = 0;
	j->hits.text++;
	j->fired_count = 0;
	j->kind->scan(peer, t->bytes, t->len, &j->hits);
	for (uint32_t i = 0; i < j->hits.count; i++) {
		uint32_t brand = j->hits.patterns[i];

		if (brand >= p->brands)
			continue;
		for (uint32_t k = p->rules_of[brand];
		    k < p->rules_of[brand + 1]; k++) {
			const struct peers_rule *rule = &p->rules[k];

			if ((rule->list == PEERS_NONE ||
				holds(j, rule->list, t)) &&
			    (rule->other == PEERS_NONE ||
				!holds(j, rule->other, t)) &&
			    (rule->order == PEERS_NONE ||
				holds(j, rule->order, t)))
				j->fired[j->fired_count++] = k;
		}
	}
	bench_keep(&j->fired_count);
}

/* Members of ${a} that ${b} has not. */
static uint32_t
lacking(const uint32_t *a, uint32_t a_count, const uint32_t *b,
    uint32_t b_count, uint32_t limit)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a_count; i++) {
		bool found = a[i] >= limit;

		for (uint32_t k = 0; k < b_count && !found; k++)
			found = a[i] == b[k];
		n += !found;
	}
	return n;
}

static void
check_text(struct judge *j, const struct peers_truth *truth, uint32_t i,
    struct peers_result *out)
{
	const uint32_t *brands = truth->brands + truth->brands_at[i];
	const uint32_t *rules = truth->rules + truth->rules_at[i];
	uint32_t nb = truth->brands_at[i + 1] - truth->brands_at[i];
	uint32_t nr = truth->rules_at[i + 1] - truth->rules_at[i];

	out->brands += nb;
	out->rules += nr;
	out->brands_missing += lacking(brands, nb, j->hits.patterns,
	    j->hits.count, UINT32_MAX);
	out->brands_more += lacking(j->hits.patterns, j->hits.count, brands,
	    nb, j->p->brands);
	out->rules_missing += lacking(rules, nr, j->fired, j->fired_count,
	    UINT32_MAX);
	out->rules_more += lacking(j->fired, j->fired_count, rules, nr,
	    UINT32_MAX);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Texts of a pass, and passes, so that it takes long enough and not longer. */
static uint32_t
fit(double ns, uint32_t count, uint32_t *passes)
{
	double n = SLOW_NS / ns;
	uint32_t timed = n > TIMED_MAX ? TIMED_MAX : (uint32_t)n;

	if (timed < TIMED_MIN)
		timed = TIMED_MIN;
	if (timed > count)
		timed = count;
	*passes = 1 + (uint32_t)(PASS_NS / (ns * (double)timed));
	return timed;
}

/* A text once more, when what is built on the way has been. */
static double
warm_ns(struct judge *j, void *peer, const struct peers_texts *texts)
{
	uint32_t n = texts->count < TIMED_MIN ? texts->count : TIMED_MIN;
	double began = cpu_ns();

	for (uint32_t i = 0; i < n; i++)
		judge_text(j, peer, &texts->texts[i]);
	return (cpu_ns() - began) / n;
}

int
peers_run(const struct peers_kind *kind, const struct peers_patterns *p,
    const struct peers_texts *texts, const struct peers_truth *truth,
    struct peers_result *out, char *why, size_t room)
{
	double began = cpu_ns(), ns;
	struct judge j;
	uint32_t passes, checked;
	void *peer = kind->open(p, why, room);

	memset(out, 0, sizeof(*out));
	if (peer == NULL)
		return -1;
	out->open_s = (cpu_ns() - began) / 1e9;
	judge_init(&j, p, kind);
	began = cpu_ns();
	for (checked = 0; checked < texts->count; checked++) {
		if (checked >= CHECKED_MIN && cpu_ns() - began > 2 * SLOW_NS)
			break;
		judge_text(&j, peer, &texts->texts[checked]);
		check_text(&j, truth, checked, out);
	}
	out->checked = checked;
	ns = warm_ns(&j, peer, texts);
	out->timed = fit(ns, texts->count, &passes);
	for (unsigned run = 0; run < PEERS_RUNS; run++) {
		began = cpu_ns();
		for (uint32_t k = 0; k < passes; k++)
			for (uint32_t i = 0; i < out->timed; i++)
				judge_text(&j, peer, &texts->texts[i]);
		out->ns[run] = (cpu_ns() - began) / passes / out->timed;
	}
	qsort(out->ns, PEERS_RUNS, sizeof(out->ns[0]), by_size);
	judge_fini(&j);
	kind->close(peer);
	return 0;
}

void
peers_run_vigie(const struct ruleset *rs, const struct peers_texts *texts,
    struct peers_result *out)
{
	struct matcher *m = matcher_new();
	uint32_t n = texts->count < TIMED_MAX ? texts->count : TIMED_MAX;
	double began;
	uint32_t passes = 0;

	memset(out, 0, sizeof(*out));
	matcher_fit(m, rs);
	for (unsigned run = 0; run < PEERS_RUNS; run++) {
		began = cpu_ns();
		for (passes = 0; passes == 0 || cpu_ns() - began < PASS_NS;
		    passes++)
			for (uint32_t i = 0; i < n; i++)
				bench_keep(rules_match(m, &texts->posts[i],
				    &texts->texts[i], 0));
		out->ns[run] = (cpu_ns() - began) / passes / n;
	}
	qsort(out->ns, PEERS_RUNS, sizeof(out->ns[0]), by_size);
	out->checked = texts->count;
	out->timed = n;
	matcher_free(m);
}

static int
by_id(const void *a, const void *b)
{
	const struct peers_rule *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

/* Of each rule of the set its number among the patterns' rules. */
static uint32_t *
rules_map(const struct ruleset *rs, const struct peers_patterns *p)
{
	uint32_t *map = zeros(ruleset_rules(rs));
	const struct peers_rule **sorted =
	    must_alloc((p->rules_count + 1ul) * sizeof(*sorted));

	REQUIRE(ruleset_rules(rs) == p->rules_count);
	for (uint32_t i = 0; i < p->rules_count; i++)
		sorted[i] = &p->rules[i];
	qsort(sorted, p->rules_count, sizeof(*sorted), by_id);
	for (uint32_t i = 0; i < p->rules_count; i++) {
		REQUIRE(slice_is(ruleset_rule(rs, i)->id, sorted[i]->id));
		map[i] = (uint32_t)(sorted[i] - p->rules);
	}
	free(sorted);
	return map;
}

/* The same of brands: the patterns have them in order of the files. */
static uint32_t *
brands_map(const struct ruleset *rs, const struct peers_patterns *p)
{
	uint32_t *map = zeros(ruleset_brands(rs));
	uint32_t *of_rule = rules_map(rs, p);

	memset(map, 0xff, ruleset_brands(rs) * sizeof(*map));
	for (uint32_t b = 0; b < p->brands; b++)
		for (uint32_t lo = 0, hi = ruleset_brands(rs); lo < hi;) {
			uint32_t mid = (lo + hi) / 2;
			int order = slice_order(slice_of(p->brand_ids[b]),
			    ruleset_brand(rs, mid)->id);

			if (order == 0)
				map[mid] = b;
			if (order <= 0)
				hi = mid;
			else
				lo = mid + 1;
		}
	free(of_rule);
	return map;
}

static void
put(uint32_t **all, uint32_t *count, uint32_t value)
{
	if ((*count & (*count - 1)) == 0)
		*all = must_grow(*all, (*count * 2ul + 1) * sizeof(**all));
	(*all)[(*count)++] = value;
}

struct peers_truth *
peers_truth_new(const struct ruleset *rs, const struct peers_patterns *p,
    const struct peers_texts *texts)
{
	struct peers_truth *t = must_alloc(sizeof(*t));
	uint32_t *rules = rules_map(rs, p), *brands = brands_map(rs, p);
	struct matcher *m = matcher_new();
	uint32_t nb = 0, nr = 0;

	memset(t, 0, sizeof(*t));
	t->brands_at = zeros(texts->count + 1ul);
	t->rules_at = zeros(texts->count + 1ul);
	matcher_fit(m, rs);
	for (uint32_t i = 0; i < texts->count; i++) {
		const struct verdict *v = rules_match(m, &texts->posts[i],
		    &texts->texts[i], 0);

		for (uint32_t k = 0; k < v->hits_count; k++) {
			const struct hit *hit = &v->hits[k];

			if (hit->kind == HIT_BRAND)
				put(&t->brands, &nb, brands[hit->brand]);
			else if (hit->kind == HIT_RULE)
				put(&t->rules, &nr, rules[hit->index]);
		}
		t->brands_at[i + 1] = nb;
		t->rules_at[i + 1] = nr;
	}
	matcher_free(m);
	free(rules);
	free(brands);
	return t;
}

void
peers_truth_free(struct peers_truth *t)
{
	free(t->brands);
	free(t->rules);
	free(t->brands_at);
	free(t->rules_at);
	free(t);
}
