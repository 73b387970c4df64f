/*
 * What people see of a set: names and weights, from the declarations.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/compile.h"
#include "rules/condition.h"

static struct slice
text(struct ruleset *rs, struct slice s)
{
	return s.len == 0 ? SLICE("") : arena_text(rs->shared->arena, s);
}

static void
copy_sectors(struct ruleset *rs, const struct decls *d)
{
	rs->sectors_count = d->sectors_count;
	rs->sectors = arena_alloc(rs->shared->arena,
	    sizeof(*rs->sectors) * (d->sectors_count + 1ul));
	if (d->sectors_count > 0)
		memcpy(rs->sectors, d->sectors,
		    sizeof(*rs->sectors) * d->sectors_count);
	for (uint32_t i = 0; i < d->sectors_count; i++) {
		rs->sectors[i].id = text(rs, d->sectors[i].id);
		rs->sectors[i].name_fr = text(rs, d->sectors[i].name_fr);
		rs->sectors[i].name_en = text(rs, d->sectors[i].name_en);
	}
}

void
compile_brand(
    struct ruleset *rs, struct rules_brand *to, const struct brand_decl *from)
{
	struct slice *own = NULL;

	*to = (struct rules_brand){.id = text(rs, from->d.id)};
	to->name = from->name.len > 0 ? text(rs, from->name) : to->id;
	if (from->company.len > 0)
		to->company = text(rs, from->company);
	to->sector = from->d.sector;
	if (from->own_count > 0)
		own = arena_alloc(
		    rs->shared->arena, sizeof(*own) * from->own_count);
	for (uint32_t k = 0; k < from->own_count; k++)
		own[k] = text(rs, from->own[k]);
	to->own = own;
	to->own_count = from->own_count;
}

void
compile_topic(
    struct ruleset *rs, struct rules_topic *to, const struct topic_decl *t)
{
	*to = (struct rules_topic){
	    .id = text(rs, t->d.id),
	    .name_fr = text(rs, t->name_fr),
	    .name_en = text(rs, t->name_en),
	    .department = text(rs, t->department),
	    .sector = t->d.sector,
	    .weight_milli = t->weight_milli,
	    .severity = t->severity,
	    .roles = t->roles,
	    .family = t->family,
	    .group = t->group,
	};
}

void
compile_rule(
    struct ruleset *rs, struct rules_rule *to, const struct rule_decl *r)
{
	*to = (struct rules_rule){
	    .id = text(rs, r->d.id),
	    .sector = r->d.sector,
	    .topic = r->topic,
	    .weight_milli = r->weight_milli,
	    .severity = r->severity,
	    .family = r->family,
	    .group = r->group,
	    .department = text(rs, r->department),
	    .for_brands = r->every_brand || r->brands_count > 0,
	    .is_term = r->is_term,
	    .condition = r->condition,
	    .term = r->term,
	};
}

static void
copy_entries(struct ruleset *rs, const struct decls *d)
{
	rs->brands_count = d->brands_count;
	rs->brands = arena_alloc(
	    rs->arena, sizeof(*rs->brands) * (d->brands_count + 1ul));
	for (uint32_t i = 0; i < d->brands_count; i++) {
		rs->disabled[HIT_BRAND] += d->brands[i].d.disabled;
		compile_brand(rs, &rs->brands[i], &d->brands[i]);
	}
	rs->topics_count = d->topics_count;
	rs->topics = arena_alloc(
	    rs->arena, sizeof(*rs->topics) * (d->topics_count + 1ul));
	for (uint32_t i = 0; i < d->topics_count; i++) {
		rs->disabled[HIT_TOPIC] += d->topics[i].d.disabled;
		compile_topic(rs, &rs->topics[i], &d->topics[i]);
	}
	rs->rules_count = d->rules_count;
	rs->rules = arena_alloc(
	    rs->arena, sizeof(*rs->rules) * (d->rules_count + 1ul));
	for (uint32_t i = 0; i < d->rules_count; i++) {
		rs->disabled[HIT_RULE] += d->rules[i].d.disabled;
		compile_rule(rs, &rs->rules[i], &d->rules[i]);
	}
}

static void
copy_relays(struct ruleset *rs, const struct decls *d)
{
	rs->relay_reach = d->relay_reach;
	rs->relays_count = d->relays_count;
	rs->relays = arena_alloc(
	    rs->shared->arena, sizeof(*rs->relays) * (d->relays_count + 1ul));
	for (uint32_t i = 0; i < d->relays_count; i++) {
		const struct relay_decl *from = &d->relays[i];

		rs->relays[i] = (struct ruleset_relay){
		    text(rs, from->text), from->site,
		    from->class};
	}
}

static void
copy_groups(struct ruleset *rs, const struct decls *d)
{
	rs->groups_count = d->groups_count;
	rs->groups = arena_alloc(
	    rs->shared->arena, sizeof(*rs->groups) * (d->groups_count + 1));
	for (uint32_t i = 0; i < d->groups_count; i++)
		rs->groups[i] = (struct rules_group){
		    text(rs, d->groups[i].id),
		    d->groups[i].min_milli, d->groups[i].max_milli};
}

static void
copy_terms(struct ruleset *rs, struct rules_condition *to,
    const struct condition_decl *from)
{
	uint8_t *steps;
	struct rules_term *terms =
	    arena_alloc(rs->shared->arena, from->terms_count * sizeof(*terms));

	for (uint32_t i = 0; i < from->terms_count; i++)
		terms[i] = from->terms[i].term;
	to->terms = terms;
	to->terms_count = from->terms_count;
	steps = arena_alloc(rs->shared->arena, from->steps_count + 1ul);
	if (from->steps_count > 0)
		memcpy(steps, from->steps, from->steps_count);
	to->steps = steps;
	to->steps_count = from->steps_count;
}

/* What a condition shares with its terms is taken from their rules. */
static void
copy_conditions(struct ruleset *rs, const struct decls *d)
{
	rs->conditions_count = d->conditions_count;
	rs->conditions = arena_alloc(rs->shared->arena,
	    sizeof(*rs->conditions) * (d->conditions_count + 1ul));
	for (uint32_t i = 0; i < d->conditions_count; i++) {
		const struct condition_decl *c = &d->conditions[i];
		struct rules_condition *to = &rs->conditions[i];

		*to = (struct rules_condition){
		    .id = text(rs, c->id),
		    .text = text(rs, c->text),
		    .name_fr = text(rs, c->name_fr),
		    .name_en = text(rs, c->name_en)};
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

void
compile_names(struct ruleset *rs, const struct decls *d)
{
	copy_sectors(rs, d);
	copy_entries(rs, d);
	copy_groups(rs, d);
	copy_conditions(rs, d);
	copy_relays(rs, d);
}
