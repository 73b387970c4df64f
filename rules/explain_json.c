/*
 * An explanation for programs: one JSON object.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/explain.h"

/* Places of one atom that are written. */
#define WORDS_MAX 16u

static void
put_key(struct explain *e, const char *key)
{
	buf_printf(e->out, "\"%s\":", key);
}

static void
put_bool(struct explain *e, const char *key, bool value)
{
	put_key(e, key);
	buf_text(e->out, value ? "true" : "false");
}

static void
put_id(struct explain *e, const char *key, const struct slice *id)
{
	put_key(e, key);
	if (id == NULL)
		buf_text(e->out, "null");
	else
		buf_json(e->out, *id);
}

static void
put_words(struct explain *e, uint32_t node)
{
	struct occ_list list = matcher_occs(e->m);
	uint32_t frame = e->m->frames_used - 1;

	if (node != NODE_NONE)
		spans_of_node(e->m, node, &list);
	buf_text(e->out, ",\"words\":[");
	for (uint32_t i = 0; i < list.count && i < WORDS_MAX; i++) {
		struct explain_word w = explain_word(e, &list.items[i]);

		buf_text(e->out, i > 0 ? ",{\"text\":" : "{\"text\":");
		buf_json(e->out, w.text);
		if (w.title)
			buf_text(e->out, ",\"title\":true}");
		else
			buf_printf(e->out, ",\"start\":%u,\"end\":%u}", w.start,
			    w.end);
	}
	buf_char(e->out, ']');
	e->m->frames_used = frame;
}

static void
put_node(struct explain *e, uint32_t node)
{
	bool held = op_eval(e->m, node);
	uint32_t count, written = 0;
	const uint32_t *parts = explain_parts(e, node, &count);
	bool or = e->rs->nodes[node].kind == NODE_OR, mark = e->mark;
	struct scope scope = e->m->scope;
	struct buf name = {0};

	e->mark &= !held; /* what a true NOT excludes is rightly absent */
	explain_node(e, node, &name);
	buf_text(e->out, "{\"query\":");
	buf_json(e->out, buf_slice(&name));
	buf_fini(&name);
	buf_char(e->out, ',');
	put_bool(e, "true", held);
	if (explain_fails_first(e, node, held))
		buf_text(e->out, ",\"fails_here\":true");
	if (count == 0 && held)
		put_words(e, node);
	if (count > 0) {
		buf_printf(e->out, ",\"of\":%u,\"parts\":[", count);
		explain_enter(e, node, held);
		for (uint32_t i = 0; i < count; i++) {
			if (or &&(held ? !op_eval(e->m, parts[i])
				       : count > EXPLAIN_PARTS))
				continue;
			buf_text(e->out, written++ > 0 ? "," : "");
			put_node(e, parts[i]);
		}
		e->m->scope = scope;
		buf_char(e->out, ']');
	}
	if (held)
		e->mark = mark;
	buf_char(e->out, '}');
}

/* The parts of a unit's query, each under its key of the rule file. */
static void
put_query(struct explain *e, uint32_t unit, const char *match_key)
{
	const struct unit *u = &e->rs->units[unit];

	if (u->match != NODE_NONE) {
		buf_char(e->out, ',');
		put_key(e, match_key);
		put_node(e, u->match);
	}
	if (u->not != NODE_NONE) {
		buf_char(e->out, ',');
		put_key(e, "not");
		put_node(e, u->not );
	}
}

static const struct slice *
sector_id(const struct explain *e, uint32_t sector)
{
	return sector == RULES_NONE ? NULL : &e->rs->sectors[sector].id;
}

static void
put_weight(struct explain *e, int32_t weight_milli, uint8_t severity)
{
	buf_char(e->out, ',');
	put_key(e, "weight");
	buf_fixed(e->out, weight_milli, 3, 3);
	buf_printf(e->out, ",\"severity\":%u", severity);
}

static void
put_replaced(struct explain *e, const struct hit *hit)
{
	if (rules_replaced(e->rs, e->verdict, hit, NULL))
		buf_text(e->out, ",\"replaced\":true");
}

/* Groups that gave something, before and after their caps. */
static void
put_groups(struct explain *e)
{
	int64_t sums[RULE_GROUPS_MAX];
	unsigned written = 0;

	if (e->rs->groups_count == 0)
		return;
	score_weigh(e->rs, e->verdict, NULL, sums);
	buf_text(e->out, ",\"groups\":[");
	for (uint32_t g = 0; g < e->rs->groups_count; g++) {
		const struct rules_group *of = &e->rs->groups[g];

		if (sums[g] == 0)
			continue;
		buf_text(e->out, written++ > 0 ? ",{" : "{");
		put_id(e, "group", &of->id);
		buf_text(e->out, ",\"sum\":");
		buf_fixed(e->out, sums[g], 3, 3);
		buf_text(e->out, ",\"counted\":");
		buf_fixed(e->out,
		    sums[g] < of->min_milli   ? of->min_milli
		    : sums[g] > of->max_milli ? of->max_milli
					      : sums[g],
		    3, 3);
		buf_char(e->out, '}');
	}
	buf_char(e->out, ']');
}

static void
put_brands(struct explain *e)
{
	unsigned written = 0;

	for (uint32_t b = 0; b < e->rs->brands_count; b++) {
		const struct unit *u = &e->rs->units[b];

		e->m->brand = RULES_NONE;
		if (u->match != NODE_NONE && !op_eval(e->m, u->match))
			continue;
		buf_text(e->out, written++ > 0 ? ",{" : "{");
		put_id(e, "brand", &e->rs->brands[b].id);
		buf_char(e->out, ',');
		put_id(e, "sector", sector_id(e, e->rs->brands[b].sector));
		buf_char(e->out, ',');
		put_bool(e, "named", explain_true(e, b, b));
		put_query(e, b, "match");
		buf_char(e->out, '}');
	}
}

static void
put_topics(struct explain *e)
{
	unsigned written = 0;

	for (uint32_t i = 0; i < e->verdict->hits_count; i++) {
		const struct hit *hit = &e->verdict->hits[i];

		if (hit->kind != HIT_TOPIC)
			continue;
		buf_text(e->out, written++ > 0 ? ",{" : "{");
		put_id(e, "topic", &e->rs->topics[hit->index].id);
		buf_char(e->out, ',');
		put_id(e, "sector", sector_id(e, hit->sector));
		put_weight(e, hit->weight_milli, hit->severity);
		put_replaced(e, hit);
		put_words(
		    e, e->rs->units[unit_of_topic(e->rs, hit->index)].match);
		buf_char(e->out, '}');
	}
}

static void
put_rule(struct explain *e, uint32_t rule, uint32_t brand)
{
	const struct rules_rule *r = &e->rs->rules[rule];
	uint32_t unit = unit_of_rule(e->rs, rule);

	buf_char(e->out, '{');
	put_id(e, "rule", &r->id);
	buf_char(e->out, ',');
	if (r->is_term) {
		put_id(e, "condition", &e->rs->conditions[r->condition].id);
		buf_printf(e->out, ",\"term\":%u,", r->term + 1);
	}
	put_id(
	    e, "brand", brand == RULES_NONE ? NULL : &e->rs->brands[brand].id);
	buf_char(e->out, ',');
	put_id(e, "sector", sector_id(e, r->sector));
	buf_char(e->out, ',');
	put_id(e, "topic",
	    r->topic == RULES_NONE ? NULL : &e->rs->topics[r->topic].id);
	buf_char(e->out, ',');
	put_bool(e, "fires",
	    explain_true(e, unit, brand) &&
		(!r->for_brands || (brand != RULES_NONE &&
				       explain_true(e, brand, brand))));
	e->m->brand = brand;
	put_weight(e, r->weight_milli, r->severity);
	if (explain_true(e, unit, brand))
		put_replaced(e, &(struct hit){.kind = HIT_RULE,
				    .index = rule,
				    .brand = brand});
	e->mark = !explain_true(e, unit, brand);
	put_query(e, unit, "when");
	e->mark = false;
	buf_char(e->out, '}');
}

/* One entry alone. */
static void
put_only(struct explain *e)
{
	uint32_t unit = ruleset_hit_unit(e->rs, e->only);
	struct buf name = {0};

	if (e->only->kind == HIT_RULE) {
		uint32_t brand = RULES_NONE;

		for (uint32_t i = 0; i < e->verdict->hits_count; i++) {
			const struct hit *hit = &e->verdict->hits[i];
			uint32_t state = 0, rule;

			while (hit->kind == HIT_BRAND &&
			       explain_next_rule(
				   e, hit->index, &state, &rule))
				if (rule == e->only->index)
					brand = hit->index;
		}
		if (brand == RULES_NONE)
			brand = explain_brand_of(e, e->only->index);
		put_rule(e, e->only->index, brand);
		buf_char(e->out, '\n');
		return;
	}
	ruleset_unit_name(e->rs, unit, &name);
	buf_text(e->out, "{\"entry\":");
	buf_json(e->out, buf_slice(&name));
	buf_fini(&name);
	buf_char(e->out, ',');
	e->mark = !explain_true(
	    e, unit, e->only->kind == HIT_BRAND ? unit : RULES_NONE);
	put_bool(e, "holds", !e->mark);
	put_query(e, unit, "match");
	buf_text(e->out, "}\n");
}

static void
put_rules(struct explain *e)
{
	const struct verdict *v = e->verdict;
	unsigned written = 0;

	for (uint32_t i = 0; i < v->hits_count; i++) {
		uint32_t state = 0, rule;

		if (v->hits[i].kind == HIT_RULE &&
		    v->hits[i].brand == RULES_NONE) {
			buf_text(e->out, written++ > 0 ? "," : "");
			put_rule(e, v->hits[i].index, RULES_NONE);
		}
		while (v->hits[i].kind == HIT_BRAND &&
		       explain_next_rule(e, v->hits[i].index, &state, &rule)) {
			buf_text(e->out, written++ > 0 ? "," : "");
			put_rule(e, rule, v->hits[i].index);
		}
	}
	for (uint32_t i = 0; i < v->terms_count; i++) {
		if (v->terms[i].brand != RULES_NONE)
			continue; /* among the brand's rules */
		buf_text(e->out, written++ > 0 ? "," : "");
		put_rule(e, v->terms[i].rule, RULES_NONE);
	}
}

void
explain_json(struct explain *e)
{
	if (e->only != NULL) {
		put_only(e);
		return;
	}
	buf_char(e->out, '{');
	put_bool(e, "matched", e->verdict->matched);
	buf_char(e->out, ',');
	put_key(e, "score");
	buf_fixed(e->out, e->verdict->score_milli, 3, 3);
	put_groups(e);
	buf_text(e->out, ",\"brands\":[");
	put_brands(e);
	buf_text(e->out, "],\"topics\":[");
	put_topics(e);
	buf_text(e->out, "],\"rules\":[");
	put_rules(e);
	buf_text(e->out, "]}\n");
}
