/*
 * An explanation for people: a tree, '+' for what held and '-' for what did
 * not, each with the words that decided.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/explain.h"

/* Places of one atom that are shown. */
#define WORDS_SHOWN 5u
#define NBSP "\302\240"

static void
put_ink(struct explain *e, const char *code)
{
	if (e->colour)
		buf_printf(e->out, "\033[%sm", code);
}

static void
put_mark(struct explain *e, unsigned depth, bool held)
{
	for (unsigned i = 0; i < depth; i++)
		buf_text(e->out, "  ");
	put_ink(e, held ? "32" : "31");
	buf_text(e->out, held ? "+ " : "- ");
	put_ink(e, "0");
}

static void
put_words(struct explain *e, uint32_t node)
{
	struct occ_list list = matcher_occs(e->m);
	uint32_t frame = e->m->frames_used - 1;

	spans_of_node(e->m, node, &list);
	for (uint32_t i = 0; i < list.count && i < WORDS_SHOWN; i++) {
		struct explain_word w = explain_word(e, &list.items[i]);

		buf_text(e->out, i == 0 ? "  " : ", ");
		put_ink(e, "1");
		buf_char(e->out, '"');
		buf_plain(e->out, w.text);
		buf_char(e->out, '"');
		put_ink(e, "0");
		if (w.title)
			buf_text(e->out, EXPLAIN_SAY(e, " (title)",
			    " (titre)"));
		else
			buf_printf(e->out, " [%u,%u)", w.start, w.end);
	}
	if (list.count > WORDS_SHOWN)
		buf_printf(e->out, EXPLAIN_SAY(e, " and %u more", " et %u de "
		    "plus"), list.count - WORDS_SHOWN);
	e->m->frames_used = frame;
}

/* The first part that is not as it should be. */
static void
put_here(struct explain *e)
{
	put_ink(e, "1;31");
	buf_text(e->out,
	    EXPLAIN_SAY(e, "  <-- fails here", "  <-- échoue ici"));
	put_ink(e, "0");
}

static void
put_node(struct explain *e, uint32_t node, unsigned depth)
{
	bool held = op_eval(e->m, node);
	uint32_t count;
	const uint32_t *parts = explain_parts(e, node, &count);
	bool or = e->rs->nodes[node].kind == NODE_OR, mark = e->mark;
	struct scope scope = e->m->scope;

	e->mark &= !held; /* what a true NOT excludes is rightly absent */
	put_mark(e, depth, held);
	explain_node(e, node, e->out);
	if (count == 0 && held)
		put_words(e, node);
	if (!held)
		explain_reason(e, node);
	if (or &&!held && count > EXPLAIN_PARTS)
		buf_printf(e->out, EXPLAIN_SAY(e, ": none of %u",
		    NBSP ": aucun des %u"), count);
	if (explain_fails_first(e, node, held))
		put_here(e);
	buf_char(e->out, '\n');
	if (or &&!held && count > EXPLAIN_PARTS)
		return;
	explain_enter(e, node, held);
	for (uint32_t i = 0; i < count; i++)
		if (! or || !held || op_eval(e->m, parts[i]))
			put_node(e, parts[i], depth + 1);
	e->m->scope = scope;
	if (held)
		e->mark = mark;
}

static void
put_unit_query(struct explain *e, const struct unit *unit)
{
	if (unit->match != NODE_NONE)
		put_node(e, unit->match, 3);
	if (unit->not != NODE_NONE) {
		bool clear = !op_eval(e->m, unit->not );

		put_mark(e, 3, clear);
		buf_text(e->out, clear ?
		    EXPLAIN_SAY(e, "and not excluded", "et pas exclu") :
		    EXPLAIN_SAY(e, "excluded by not:", "exclu par not:"));
		if (!clear && e->mark)
			put_here(e);
		e->mark &= clear;
		buf_char(e->out, '\n');
		if (!clear)
			put_node(e, unit->not, 4);
	}
	if (unit->topic != RULES_NONE) {
		bool there = rule_topic(e->m, unit->topic);

		put_mark(e, 3, there);
		buf_printf(e->out, "topic:%.*s",
		    SLICE_ARG(e->rs->topics[unit->topic].id));
		if (!there && e->mark)
			put_here(e);
		e->mark &= there;
		buf_char(e->out, '\n');
	}
}

static void
put_sector(struct explain *e, uint32_t sector)
{
	if (sector == RULES_NONE)
		buf_text(e->out, EXPLAIN_SAY(e, "  (common)", "  (commun)"));
	else
		buf_printf(
		    e->out, "  (%.*s)", SLICE_ARG(e->rs->sectors[sector].id));
}

/* Brands that are named, and those that their own `not` took back. */
static unsigned
put_brands(struct explain *e)
{
	unsigned shown = 0;

	for (uint32_t b = 0; b < e->rs->brands_count; b++) {
		const struct unit *u = &e->rs->units[b];
		bool held;

		e->m->brand = RULES_NONE;
		if (u->match != NODE_NONE && !op_eval(e->m, u->match))
			continue;
		held = explain_true(e, b, b);
		if (shown++ == 0)
			buf_text(e->out,
			    EXPLAIN_SAY(e, "brands\n", "marques\n"));
		put_mark(e, 1, held);
		ruleset_unit_name(e->rs, b, e->out);
		put_sector(e, e->rs->brands[b].sector);
		if (held)
			put_words(e, u->match);
		buf_char(e->out, '\n');
		if (!held)
			put_unit_query(e, u);
	}
	return shown;
}

static void
put_topics(struct explain *e)
{
	unsigned shown = 0;

	for (uint32_t i = 0; i < e->verdict->hits_count; i++) {
		const struct hit *hit = &e->verdict->hits[i];

		if (hit->kind != HIT_TOPIC)
			continue;
		if (shown++ == 0)
			buf_text(e->out,
			    EXPLAIN_SAY(e, "topics\n", "sujets\n"));
		put_mark(e, 1, true);
		rules_name(e->rs, hit, e->out);
		put_sector(e, hit->sector);
		explain_weight(e, hit->weight_milli, hit->severity);
		explain_replaced(e, hit);
		put_words(
		    e, e->rs->units[unit_of_topic(e->rs, hit->index)].match);
		buf_char(e->out, '\n');
	}
}

static void
put_rule(struct explain *e, uint32_t rule, uint32_t brand)
{
	const struct rules_rule *r = &e->rs->rules[rule];
	uint32_t unit = unit_of_rule(e->rs, rule);

	bool named = r->for_brands ? brand != RULES_NONE &&
					 explain_true(e, brand, brand)
				   : true;
	bool fires = explain_true(e, unit, brand) && named;

	put_mark(e, 1, fires);
	if (r->is_term)
		buf_printf(e->out, EXPLAIN_SAY(e, "condition %.*s, term %u",
		    "condition %.*s, terme %u"),
		    SLICE_ARG(e->rs->conditions[r->condition].id),
		    r->term + 1);
	else
		buf_slice_put(e->out, r->id);
	if (brand != RULES_NONE)
		buf_printf(e->out, EXPLAIN_SAY(e, " for %.*s", " pour %.*s"),
		    SLICE_ARG(e->rs->brands[brand].id));
	if (r->is_term)
		buf_text(e->out, EXPLAIN_SAY(e, "  counts", "  compte"));
	else
		explain_weight(e, r->weight_milli, r->severity);
	if (fires)
		explain_replaced(e, &(struct hit){.kind = HIT_RULE,
				    .index = rule,
				    .brand = brand});
	buf_char(e->out, '\n');
	e->mark = !fires;
	e->m->brand = named ? brand : RULES_NONE;
	if (!named) {
		put_mark(e, 3, false);
		if (brand == RULES_NONE)
			buf_text(e->out, EXPLAIN_SAY(e,
			    "none of its brands is named",
			    "aucune de ses marques n'est nommée"));
		else
			buf_printf(e->out, EXPLAIN_SAY(e,
			    "brand:%.*s is not named",
			    "brand:%.*s n'est pas nommée"),
			    SLICE_ARG(e->rs->brands[brand].id));
		put_here(e);
		buf_char(e->out, '\n');
		e->mark = false;
	}
	put_unit_query(e, &e->rs->units[unit]);
	e->mark = false;
}

static void
put_rules(struct explain *e)
{
	const char *rules = EXPLAIN_SAY(e, "rules\n", "règles\n");
	const struct verdict *v = e->verdict;
	unsigned shown = 0;

	for (uint32_t i = 0; i < v->hits_count; i++) {
		uint32_t state = 0, rule;

		if (v->hits[i].kind == HIT_RULE &&
		    v->hits[i].brand == RULES_NONE) {
			buf_text(e->out, shown++ == 0 ? rules : "");
			put_rule(e, v->hits[i].index, RULES_NONE);
		}
		while (v->hits[i].kind == HIT_BRAND &&
		       explain_next_rule(e, v->hits[i].index, &state, &rule)) {
			buf_text(e->out, shown++ == 0 ? rules : "");
			put_rule(e, rule, v->hits[i].index);
		}
	}
	for (uint32_t i = 0; i < v->terms_count; i++) {
		if (v->terms[i].brand != RULES_NONE)
			continue; /* among the brand's rules */
		buf_text(e->out, shown++ == 0 ? rules : "");
		put_rule(e, v->terms[i].rule, RULES_NONE);
	}
}

static bool
has_hit(const struct verdict *v, enum hit_kind kind, uint32_t index)
{
	for (uint32_t i = 0; i < v->hits_count; i++)
		if (v->hits[i].kind == kind && v->hits[i].index == index)
			return true;
	return false;
}

/* Rules without a brand whose when: is true, but not their topic, or what
 * their not: excludes is there too. */
static unsigned
put_near_misses(struct explain *e)
{
	unsigned shown = 0;

	e->m->brand = RULES_NONE;
	for (uint32_t i = 0; i < e->rs->rules_count; i++) {
		const struct rules_rule *r = &e->rs->rules[i];
		const struct unit *u = &e->rs->units[unit_of_rule(e->rs, i)];

		if (r->for_brands || r->is_term || u->match == NODE_NONE ||
		    has_hit(e->verdict, HIT_RULE, i) ||
		    !op_eval(e->m, u->match))
			continue;
		if (shown++ == 0)
			buf_text(e->out, EXPLAIN_SAY(e,
			    "rules without a brand that nearly fired\n",
			    "règles sans marque auxquelles il manque peu\n"));
		put_mark(e, 1, false);
		buf_slice_put(e->out, r->id);
		explain_weight(e, r->weight_milli, r->severity);
		buf_char(e->out, '\n');
		e->mark = true;
		put_unit_query(e, u);
	}
	return shown;
}

static void
put_nearest(struct explain *e)
{
	struct explain_near nearest[EXPLAIN_NEAREST];
	uint32_t count = explain_nearest(e, nearest);

	if (count > 0)
		buf_text(e->out, EXPLAIN_SAY(e, "nearest other rules\n",
		    "autres règles, les plus proches\n"));
	for (uint32_t i = 0; i < count; i++)
		put_rule(e, nearest[i].rule,
		    explain_brand_of(e, nearest[i].rule));
}

/* Of a brand or topic: its query. */
static void
put_entry(struct explain *e, uint32_t unit, uint32_t brand)
{
	bool held = explain_true(e, unit, brand);

	put_mark(e, 1, held);
	ruleset_unit_name(e->rs, unit, e->out);
	buf_char(e->out, '\n');
	e->mark = !held;
	put_unit_query(e, &e->rs->units[unit]);
}

/* One entry, for its brands that are named, else for its first. */
static void
put_only(struct explain *e)
{
	uint32_t index = e->only->index;
	bool shown = false;

	if (e->only->kind != HIT_RULE) {
		put_entry(e, ruleset_hit_unit(e->rs, e->only),
		    e->only->kind == HIT_BRAND ? index : RULES_NONE);
		return;
	}
	for (uint32_t i = 0; i < e->verdict->hits_count; i++) {
		const struct hit *hit = &e->verdict->hits[i];
		uint32_t state = 0, rule;

		while (hit->kind == HIT_BRAND &&
		       explain_next_rule(e, hit->index, &state, &rule))
			if (rule == index) {
				put_rule(e, rule, hit->index);
				shown = true;
			}
	}
	if (!shown)
		put_rule(e, index, explain_brand_of(e, index));
}

void
explain_people(struct explain *e)
{
	const struct verdict *v = e->verdict;
	unsigned brands, misses;

	if (e->only != NULL) {
		put_only(e);
		return;
	}
	put_ink(e, "1");
	buf_text(e->out, v->matched ?
	    EXPLAIN_SAY(e, "matches", "correspond") :
	    EXPLAIN_SAY(e, "does not match", "ne correspond pas"));
	put_ink(e, "0");
	if (v->hits_count > 0) {
		buf_text(e->out, ", score ");
		explain_milli(e, v->score_milli);
	}
	buf_char(e->out, '\n');
	if (v->hits_count > 0)
		explain_groups(e);
	brands = put_brands(e);
	put_topics(e);
	put_rules(e);
	misses = put_near_misses(e);
	if (!v->matched)
		put_nearest(e);
	if (brands + misses == 0 && v->hits_count == 0)
		buf_text(e->out, EXPLAIN_SAY(e,
		    "no brand is named, no topic and no rule applies\n",
		    "aucune marque n'est nommée, aucun sujet ni aucune règle "
		    "ne s'applique\n"));
	else if (!v->matched)
		buf_text(e->out, EXPLAIN_SAY(e,
		    "a post matches when a rule fires, or when it names a "
		    "brand and has a topic of its sector\n",
		    "un message correspond quand une règle s'applique, ou "
		    "quand il nomme une marque et traite d'un sujet de son "
		    "secteur\n"));
	for (uint32_t i = 0; i < v->overruns; i++)
		buf_printf(e->out, EXPLAIN_SAY(e,
		    "a regex of '%.*s' was stopped at its limits\n",
		    "une regex de «" NBSP "%.*s" NBSP "» a été arrêtée à ses "
		    "limites\n"),
		    SLICE_ARG(ruleset_regex_owner(e->rs, v->overrun_rules[i])));
}
