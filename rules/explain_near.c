/*
 * What nearly matched: how far a post is from a rule, and the part of a tree
 * that fails first.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "rules/explain.h"

/* Alternatives that are looked through for the nearest; of longer ORs any one
 * word would do. */
#define ALTERNATIVES_MAX 64u

/* How many parts would have to be otherwise. */
static uint32_t
missing(const struct explain *e, uint32_t node)
{
	uint32_t count, sum = 0;
	const uint32_t *parts = explain_parts(e, node, &count);
	enum node_kind kind = (enum node_kind)e->rs->nodes[node].kind;

	if (op_eval(e->m, node))
		return 0;
	if (count == 0 || kind == NODE_NOT ||
	    (kind == NODE_OR && count > ALTERNATIVES_MAX))
		return 1;
	if (kind == NODE_OR)
		sum = UINT32_MAX;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = missing(e, parts[i]);

		if (kind != NODE_OR)
			sum += n;
		else if (n < sum)
			sum = n;
	}
	return sum > 0 ? sum : 1; /* all there, but not so near */
}

/* How many of its words the post has. */
static uint32_t
found(const struct explain *e, uint32_t node)
{
	uint32_t count, sum = 0;
	const uint32_t *parts = explain_parts(e, node, &count);
	enum node_kind kind = (enum node_kind)e->rs->nodes[node].kind;

	if (kind == NODE_NOT || kind == NODE_FIELD)
		return 0;
	if (count == 0 || (kind == NODE_OR && count > ALTERNATIVES_MAX))
		return op_eval(e->m, node);
	for (uint32_t i = 0; i < count; i++)
		sum += found(e, parts[i]);
	return sum;
}

uint32_t
explain_brand_of(const struct explain *e, uint32_t rule)
{
	const struct ranges *r = &e->rs->brand_rules;

	for (uint32_t b = 0; b < e->rs->brands_count; b++)
		for (uint32_t i = r->first[b]; i < r->first[b + 1]; i++)
			if (r->items[i] == rule)
				return b;
	return RULES_NONE;
}

static void
rate(struct explain *e, uint32_t rule, struct explain_near *out)
{
	const struct unit *u = &e->rs->units[unit_of_rule(e->rs, rule)];

	e->m->brand = RULES_NONE;
	*out = (struct explain_near){.rule = rule};
	if (u->match != NODE_NONE) {
		out->found = found(e, u->match);
		out->missing = missing(e, u->match);
	}
	out->missing += e->rs->rules[rule].for_brands;
	if (u->not != NODE_NONE)
		out->missing += op_eval(e->m, u->not );
	if (u->topic != RULES_NONE) {
		bool there = rule_topic(e->m, u->topic);

		out->found += there;
		out->missing += !there;
	}
}

static bool
is_nearer(const struct explain_near *a, const struct explain_near *b)
{
	if (a->missing != b->missing)
		return a->missing < b->missing;
	return a->found > b->found;
}

/* Rules that are shown anyway: those of brands that are named, and those
 * without a brand whose words are all there. */
static uint8_t *
shown_rules(struct explain *e)
{
	uint8_t *shown = must_alloc(e->rs->rules_count + 1ul);

	for (uint32_t i = 0; i < e->verdict->hits_count; i++) {
		const struct hit *hit = &e->verdict->hits[i];
		uint32_t state = 0, rule;

		if (hit->kind == HIT_RULE)
			shown[hit->index] = 1;
		while (hit->kind == HIT_BRAND &&
		       explain_next_rule(e, hit->index, &state, &rule))
			shown[rule] = 1;
	}
	return shown;
}

uint32_t
explain_nearest(struct explain *e, struct explain_near *out)
{
	uint8_t *shown = shown_rules(e);
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->rs->rules_count; i++) {
		struct explain_near near;
		uint32_t at;

		if (shown[i] || e->rs->rules[i].is_term)
			continue;
		rate(e, i, &near);
		if (near.found == 0 ||
		    (near.missing == 1 && !e->rs->rules[i].for_brands &&
			op_eval(e->m,
			    e->rs->units[unit_of_rule(e->rs, i)].match)))
			continue;
		if (count < EXPLAIN_NEAREST)
			count++;
		else if (!is_nearer(&near, &out[count - 1]))
			continue;
		for (at = count - 1; at > 0 && is_nearer(&near, &out[at - 1]);
		     at--)
			out[at] = out[at - 1];
		out[at] = near;
	}
	free(shown);
	return count;
}

bool
explain_fails_first(struct explain *e, uint32_t node, bool held)
{
	uint32_t count;
	const uint32_t *parts = explain_parts(e, node, &count);
	enum node_kind kind = (enum node_kind)e->rs->nodes[node].kind;
	struct scope scope = e->m->scope;
	bool all = true;

	if (held || !e->mark)
		return false;
	explain_enter(e, node, held);
	for (uint32_t i = 0; kind != NODE_OR && kind != NODE_NOT && i < count;
	     i++)
		all &= op_eval(e->m, parts[i]);
	e->m->scope = scope;
	if (all)
		e->mark = false;
	return all;
}

bool
rules_explain_find(const struct ruleset *rs, struct slice id,
    enum hit_kind *kind, uint32_t *index)
{
	static const char *const prefixes[] = {"rule:", "brand:", "topic:"};
	static const enum hit_kind kinds[] = {HIT_RULE, HIT_BRAND, HIT_TOPIC};
	const uint32_t counts[] = {
	    rs->rules_count, rs->brands_count, rs->topics_count};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		size_t n = strlen(prefixes[k]);
		struct slice name = id;

		if (id.len > n && !memcmp(id.data, prefixes[k], n))
			name = (struct slice){id.data + n, id.len - n};
		for (uint32_t i = 0; i < counts[k]; i++) {
			struct slice other = kinds[k] == HIT_RULE
						 ? rs->rules[i].id
					     : kinds[k] == HIT_BRAND
						 ? rs->brands[i].id
						 : rs->topics[i].id;

			if (!slice_equal(name, other))
				continue;
			*kind = kinds[k];
			*index = i;
			return true;
		}
	}
	return false;
}
