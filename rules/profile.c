/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/profile.h"

#include <stdlib.h>

#include "rules/cost.h"
#include "rules/op.h"
#include "rules/regex.h"

/* All of the first posts are timed, then one in so many: reading the clock
 * takes about as long as looking at a short rule. */
#define TIMED_FIRST 4096u
#define TIMED_EVERY 16u

struct rules_profile {
	const struct ruleset *rs;
	struct matcher *m;
	struct profile profile;
	struct ranges regexes; /* unit: its regexes */
	struct rules_profile_row *rows;
	uint64_t posts, timed;
	int64_t ns;       /* of those that were timed */
	int64_t clock_ns; /* of reading the clock once */
};

void
profile_note(struct profile *p, uint32_t unit)
{
	if (p->looked_count == p->looked_room) {
		p->looked_room = p->looked_room * 2 + 256;
		p->looked = must_grow(
		    p->looked, p->looked_room * sizeof(*p->looked));
	}
	p->looked[p->looked_count++] = unit;
}

/* ---- which regexes a unit has ---- */

struct regexes {
	uint32_t *items;
	uint32_t count, room;
};

static void
find_regexes(const struct ruleset *rs, uint32_t node, struct regexes *out)
{
	const struct flat_node *n;

	if (node == NODE_NONE)
		return;
	n = &rs->nodes[node];
	switch ((enum node_kind)n->kind) {
	case NODE_REGEX:
		if (out->count == out->room) {
			out->room = out->room * 2 + 64;
			out->items = must_grow(
			    out->items, out->room * sizeof(*out->items));
		}
		out->items[out->count++] = n->first;
		break;
	case NODE_PHRASE:
	case NODE_BRAND:
	case NODE_FIELD:
	case NODE_LABEL:
	case NODE_EXACT:
	case NODE_DISGUISED:
		break;
	default:
		/* a list has none, and may be long */
		if (n->kind == NODE_OR && n->extra != SET_NONE &&
		    rs->sets[n->extra].name.len > 0)
			break;
		for (uint32_t i = 0; i < n->count; i++)
			find_regexes(rs, rs->children[n->first + i], out);
		break;
	}
}

struct rules_profile *
rules_profile_new(const struct ruleset *rs)
{
	struct rules_profile *p = must_alloc(sizeof(*p));
	uint32_t units = ruleset_units(rs);
	struct regexes found = {0};
	struct clock clock = clock_wall();
	int64_t start;

	ruleset_warm(rs); /* what a unit's first post takes is not its cost */
	p->rs = rs;
	p->m = matcher_new();
	matcher_fit(p->m, rs);
	p->m->profile = &p->profile;
	p->profile.clock = clock;
	p->profile.units =
	    must_alloc(sizeof(*p->profile.units) * (units + 1ul));
	p->regexes.first = must_alloc(sizeof(uint32_t) * (units + 1ul));
	for (uint32_t i = 0; i < units; i++) {
		p->regexes.first[i] = found.count;
		find_regexes(rs, rs->units[i].match, &found);
		find_regexes(rs, rs->units[i].not, &found);
	}
	p->regexes.first[units] = found.count;
	p->regexes.items = found.items;
	/* the least of many: one may have been interrupted */
	p->clock_ns = INT64_MAX;
	start = clock.tick_ns(clock.self);
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock.tick_ns(clock.self);

		if (now - start < p->clock_ns)
			p->clock_ns = now - start;
		start = now;
	}
	return p;
}

void
rules_profile_free(struct rules_profile *p)
{
	if (p == NULL)
		return;
	matcher_free(p->m);
	free(p->profile.units);
	free(p->profile.looked);
	free(p->regexes.first);
	free(p->regexes.items);
	free(p->rows);
	free(p);
}

/* ---- posts ---- */

/* Those that ran run again, alone, with the clock around them. */
static void
time_regexes(struct rules_profile *p, uint32_t unit)
{
	struct clock *clock = &p->profile.clock;
	struct profile_unit *u = &p->profile.units[unit];

	for (uint32_t i = p->regexes.first[unit];
	     i < p->regexes.first[unit + 1]; i++) {
		uint32_t regex = p->regexes.items[i];
		int64_t start;

		if (matcher_state(p->m, p->m->regexes[regex]) < 0)
			continue;
		p->m->regexes[regex] = 0;
		start = clock->tick_ns(clock->self);
		regex_test(p->m, regex);
		u->regex_ns +=
		    clock->tick_ns(clock->self) - start - p->clock_ns;
	}
}

const struct verdict *
rules_profile_post(
    struct rules_profile *p, const struct post *post, struct text *text)
{
	struct profile *profile = &p->profile;
	const struct verdict *v;
	int64_t start = 0;

	profile->timing =
	    p->posts < TIMED_FIRST || p->posts % TIMED_EVERY == 0;
	profile->looked_count = 0;
	p->posts++;
	if (profile->timing)
		start = profile->clock.tick_ns(profile->clock.self);
	v = profile_match(p->m, post, text, 0);
	if (profile->timing) {
		p->ns += profile->clock.tick_ns(profile->clock.self) - start -
			 p->clock_ns * (1 + 2 * profile->looked_count);
		p->timed++;
	}
	for (uint32_t i = 0; i < v->overruns; i++)
		profile->units[p->rs->regexes[v->overrun_rules[i]].unit]
		    .overruns++;
	for (uint32_t i = 0; i < profile->looked_count; i++)
		time_regexes(p, profile->looked[i]);
	return v;
}

static int64_t
scaled(int64_t ns, uint64_t of, uint64_t all)
{
	return of == 0 || ns < 0
		   ? 0
		   : (int64_t)((double)ns * (double)all / (double)of);
}

static int
dearest(const void *a, const void *b)
{
	const struct rules_profile_row *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static struct rules_profile_row
row_of(const struct rules_profile *p, uint32_t unit)
{
	const struct profile_unit *u = &p->profile.units[unit];
	struct rules_profile_row row = {.kind = HIT_BRAND,
	    .index = unit,
	    .candidates = u->candidates,
	    .looks = u->looks,
	    .hits = u->hits,
	    .overruns = u->overruns};

	if (unit >= unit_of_rule(p->rs, 0)) {
		row.kind = HIT_RULE;
		row.index = unit - unit_of_rule(p->rs, 0);
	} else if (unit >= p->rs->brands_count) {
		row.kind = HIT_TOPIC;
		row.index = unit - p->rs->brands_count;
	}
	row.ns = scaled(u->ns - p->clock_ns * (int64_t)u->timed, u->timed,
	    u->looks);
	row.regex_ns = scaled(u->regex_ns, u->timed, u->looks);
	if (row.regex_ns > row.ns)
		row.regex_ns = row.ns;
	return row;
}

const struct rules_profile_row *
rules_profile_end(struct rules_profile *p, struct rules_profile_total *total,
    uint32_t *count)
{
	uint32_t units = ruleset_units(p->rs);

	p->rows = must_grow(p->rows, sizeof(*p->rows) * (units + 1ul));
	*count = 0;
	for (uint32_t i = 0; i < units; i++)
		if (p->profile.units[i].looks > 0)
			p->rows[(*count)++] = row_of(p, i);
	qsort(p->rows, *count, sizeof(*p->rows), dearest);
	*total = (struct rules_profile_total){
	    p->posts, scaled(p->ns, p->timed, p->posts)};
	return p->rows;
}
