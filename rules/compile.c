/*
 * Declarations to a ruleset.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/builder.h"
#include "rules/condition.h"
#include "rules/coverage.h"
#include "rules/regex_known.h"

/* Bytes behind the token texts, so that loads of a token's second 8
 * bytes stay inside. */
#define BYTES_PADDING 16u

static void *
copy(struct ruleset *rs, const void *items, uint32_t count, size_t item_bytes,
    size_t padding)
{
	size_t bytes = (size_t)count * item_bytes;
	void *to = arena_alloc(rs->arena, bytes + padding + 1);

	if (bytes > 0)
		memcpy(to, items, bytes);
	return to;
}

/* ---- what people see: names, weights --------------------------------------
 */

static void
copy_sectors(struct ruleset *rs, const struct decls *d)
{
	rs->sectors_count = d->sectors_count;
	rs->sectors =
	    copy(rs, d->sectors, d->sectors_count, sizeof(*rs->sectors), 0);
	for (uint32_t i = 0; i < d->sectors_count; i++)
		rs->sectors[i].id = arena_text(rs->arena, d->sectors[i].id);
}

static void
copy_brands(struct ruleset *rs, const struct decls *d)
{
	rs->brands_count = d->brands_count;
	rs->brands =
	    arena_alloc(rs->arena, sizeof(*rs->brands) * (d->brands_count + 1));
	for (uint32_t i = 0; i < d->brands_count; i++) {
		const struct brand_decl *from = &d->brands[i];
		struct rules_brand *to = &rs->brands[i];
		struct slice *own = NULL;

		rs->disabled[HIT_BRAND] += from->d.disabled;
		to->id = arena_text(rs->arena, from->d.id);
		to->name = from->name.len > 0
			       ? arena_text(rs->arena, from->name)
			       : to->id;
		if (from->company.len > 0)
			to->company = arena_text(rs->arena, from->company);
		to->sector = from->d.sector;
		if (from->own_count > 0)
			own = arena_alloc(
			    rs->arena, sizeof(*own) * from->own_count);
		for (uint32_t k = 0; k < from->own_count; k++)
			own[k] = arena_text(rs->arena, from->own[k]);
		to->own = own;
		to->own_count = from->own_count;
	}
}

static void
copy_topics(struct ruleset *rs, const struct decls *d)
{
	rs->topics_count = d->topics_count;
	rs->topics =
	    arena_alloc(rs->arena, sizeof(*rs->topics) * (d->topics_count + 1));
	for (uint32_t i = 0; i < d->topics_count; i++) {
		const struct topic_decl *t = &d->topics[i];

		rs->disabled[HIT_TOPIC] += t->d.disabled;
		rs->topics[i] = (struct rules_topic){
		    .id = arena_text(rs->arena, t->d.id),
		    .name_fr = arena_text(rs->arena, t->name_fr),
		    .name_en = arena_text(rs->arena, t->name_en),
		    .department = arena_text(rs->arena, t->department),
		    .sector = t->d.sector,
		    .weight_milli = t->weight_milli,
		    .severity = t->severity,
		    .roles = t->roles,
		    .family = t->family,
		    .group = t->group,
		};
	}
}

static void
copy_relays(struct ruleset *rs, const struct decls *d)
{
	rs->relay_reach = d->relay_reach;
	rs->relays_count = d->relays_count;
	rs->relays = arena_alloc(
	    rs->arena, sizeof(*rs->relays) * (d->relays_count + 1ul));
	for (uint32_t i = 0; i < d->relays_count; i++) {
		const struct relay_decl *from = &d->relays[i];

		rs->relays[i] = (struct ruleset_relay){
		    arena_text(rs->arena, from->text), from->site,
		    from->class};
	}
}

static void
copy_rules(struct ruleset *rs, const struct decls *d)
{
	rs->rules_count = d->rules_count;
	rs->rules =
	    arena_alloc(rs->arena, sizeof(*rs->rules) * (d->rules_count + 1));
	for (uint32_t i = 0; i < d->rules_count; i++) {
		const struct rule_decl *r = &d->rules[i];

		rs->disabled[HIT_RULE] += r->d.disabled;
		rs->rules[i] = (struct rules_rule){
		    .id = arena_text(rs->arena, r->d.id),
		    .sector = r->d.sector,
		    .topic = r->topic,
		    .weight_milli = r->weight_milli,
		    .severity = r->severity,
		    .family = r->family,
		    .group = r->group,
		    .department = arena_text(rs->arena, r->department),
		    .for_brands = r->every_brand || r->brands_count > 0,
		    .is_term = r->is_term,
		    .condition = r->condition,
		    .term = r->term,
		};
	}
}

static void
copy_groups(struct ruleset *rs, const struct decls *d)
{
	rs->groups_count = d->groups_count;
	rs->groups = arena_alloc(
	    rs->arena, sizeof(*rs->groups) * (d->groups_count + 1));
	for (uint32_t i = 0; i < d->groups_count; i++)
		rs->groups[i] = (struct rules_group){
		    arena_text(rs->arena, d->groups[i].id),
		    d->groups[i].min_milli, d->groups[i].max_milli};
}

static void
copy_terms(struct ruleset *rs, struct rules_condition *to,
    const struct condition_decl *from)
{
	struct rules_term *terms =
	    arena_alloc(rs->arena, from->terms_count * sizeof(*terms));

	for (uint32_t i = 0; i < from->terms_count; i++)
		terms[i] = from->terms[i].term;
	to->terms = terms;
	to->terms_count = from->terms_count;
	to->steps = copy(rs, from->steps, from->steps_count, 1, 0);
	to->steps_count = from->steps_count;
}

/* What a condition shares with its terms is taken from their rules. */
static void
copy_conditions(struct ruleset *rs, const struct decls *d)
{
	rs->conditions_count = d->conditions_count;
	rs->conditions = arena_alloc(rs->arena,
	    sizeof(*rs->conditions) * (d->conditions_count + 1ul));
	for (uint32_t i = 0; i < d->conditions_count; i++) {
		const struct condition_decl *c = &d->conditions[i];
		struct rules_condition *to = &rs->conditions[i];

		*to = (struct rules_condition){
		    .id = arena_text(rs->arena, c->id),
		    .text = arena_text(rs->arena, c->text),
		    .name_fr = arena_text(rs->arena, c->name_fr),
		    .name_en = arena_text(rs->arena, c->name_en)};
		copy_terms(rs, to, c);
	}
	for (uint32_t i = 0; i < rs->rules_count; i++) {
		struct rules_rule *r = &rs->rules[i];
		struct rules_condition *c;

		if (!r->is_term)
			continue;
		c = &rs->conditions[r->condition];
		/* Const for all who read the set; it is being made. */
		((struct rules_term *)(uintptr_t)c->terms)[r->term].rule = i;
		c->sector = r->sector;
		c->topic = r->topic;
		c->severity = r->severity;
		c->for_brands = r->for_brands;
		r->weight_milli = 0;
		r->severity = 0;
	}
}

/* ---- queries --------------------------------------------------------------
 */

static void
flatten_units(struct builder *b, struct ruleset *rs)
{
	const struct decls *d = b->decls;

	for (uint32_t i = 0; i < d->brands_count; i++)
		anchor_use(b, d->brands[i].d.match);
	for (uint32_t i = 0; i < d->rules_count; i++)
		anchor_use(b, d->rules[i].d.match);
	b->rs = rs;
	b->flattened = must_alloc(ruleset_units(rs) + 1ul);
	for (uint32_t i = 0; i < ruleset_units(rs); i++)
		flatten_unit(b, i);
	free(b->flattened);
}

/* Those that have examples, also when no entry names them: the selftest asks
 * them.  Their regexes would not run for a post. */
static void
flatten_macros(struct builder *b, struct ruleset *rs)
{
	const struct decls *d = b->decls;

	rs->macro_nodes = arena_alloc(
	    rs->arena, sizeof(*rs->macro_nodes) * (d->macros_count + 1ul));
	for (uint32_t i = 0; i < d->macros_count; i++) {
		const struct decl *macro = &d->macros[i]->d;

		rs->macro_nodes[i] = macro->examples_count > 0
					 ? flatten_node(b, macro->match, 0)
					 : NODE_NONE;
	}
}

static void
store_macros(struct builder *b, struct ruleset *rs)
{
	rs->macro_names = copy(rs, b->macro_names.items, b->macro_names.count,
	    sizeof(struct slice), 0);
	for (uint32_t i = 0; i < b->macro_names.count; i++)
		rs->macro_names[i] = arena_text(rs->arena, rs->macro_names[i]);
}

static void
store_fields(struct builder *b, struct ruleset *rs)
{
	rs->fields_count = b->fields.count;
	rs->fields = copy(
	    rs, b->fields.items, b->fields.count, sizeof(struct field), 0);
	for (uint32_t i = 0; i < rs->fields_count; i++) {
		struct field *f = &rs->fields[i];
		struct slice *values = copy(
		    rs, f->values, f->count, sizeof(struct slice), 0);

		for (uint32_t k = 0; k < f->count; k++)
			values[k] = arena_text(rs->arena, values[k]);
		f->values = values;
		f->text = arena_text(rs->arena, f->text);
	}
}

static void
store_program(struct builder *b, struct ruleset *rs)
{
	rs->nodes_count = b->nodes.count;
	rs->children_count = b->children.count;
	rs->tokens_count = b->tokens.count;
	rs->bytes_count = b->bytes.count;
	rs->regexes_count = b->regexes.count;
	rs->labels_count = b->labels_count;
	rs->nodes = copy(
	    rs, b->nodes.items, b->nodes.count, sizeof(struct flat_node), 0);
	rs->children =
	    copy(rs, b->children.items, b->children.count, sizeof(uint32_t), 0);
	rs->tokens = copy(
	    rs, b->tokens.items, b->tokens.count, sizeof(struct flat_token), 0);
	rs->bytes = copy(rs, b->bytes.items, b->bytes.count, 1, BYTES_PADDING);
	rs->regexes = copy(
	    rs, b->regexes.items, b->regexes.count, sizeof(struct regex), 0);
	store_fields(b, rs);
	rs->exacts = copy(rs, b->exacts.items, b->exacts.count,
	    sizeof(struct flat_exact), 0);
	for (uint32_t i = 0; i < rs->regexes_count; i++) {
		struct regex *r = &rs->regexes[i];

		r->pattern = arena_text(rs->arena, r->pattern);
		r->path = arena_text(rs->arena, r->path);
		rs->regex_bytes += regex_bytes(r);
	}
}

struct ruleset *
ruleset_compile_with(const struct decls *decls,
    const struct rules_options *options, struct diag *diag)
{
	struct ruleset *rs = ruleset_new();
	unsigned errors = diag_errors(diag);
	struct builder b;

	builder_init(&b, decls, diag);
	if (options != NULL)
		b.known = regex_known_new(options->known, options->known_count);
	rs->id = decls->id;
	copy_sectors(rs, decls);
	copy_brands(rs, decls);
	copy_topics(rs, decls);
	copy_rules(rs, decls);
	copy_groups(rs, decls);
	copy_conditions(rs, decls);
	copy_relays(rs, decls);
	ruleset_own_build(rs);
	rs->units = arena_alloc(
	    rs->arena, sizeof(*rs->units) * (ruleset_units(rs) + 1ul));
	flatten_units(&b, rs);
	if (options != NULL && options->coverage != NULL &&
	    diag_errors(diag) == errors)
		coverage_take(options->coverage, &b);
	flatten_macros(&b, rs);
	store_program(&b, rs);
	store_macros(&b, rs);
	if (diag_errors(diag) == errors)
		tables_build(&b, rs);
	rs->regexes_shared = b.regexes_shared;
	builder_fini(&b);
	if (diag_errors(diag) != errors) {
		ruleset_unref(rs);
		return NULL;
	}
	return rs;
}

struct ruleset *
ruleset_compile(const struct decls *decls, struct diag *diag)
{
	return ruleset_compile_with(decls, NULL, diag);
}
