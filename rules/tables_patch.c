/*
 * The tables of a set of which few units have changed: those of the set
 * before, but for what hangs on these.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/patch.h"

struct merge {
	struct builder *b;
	struct ruleset *rs;
	const struct ruleset *old;
	const uint8_t *changed; /* by unit */
	bool topical;
};

static void
anchors_of(struct merge *m, uint32_t unit)
{
	if (!m->topical)
		tables_mains(m->b, m->rs, unit);
	else if (unit >= m->rs->brands_count &&
		 unit < unit_of_rule(m->rs, 0))
		anchor_unit(
		    m->b, unit, m->rs->units[unit].match, NODE_NONE);
}

/* All anchors by unit, as a full load gathers them. */
static void
merge_anchors(struct merge *m, const struct anchor *kept, uint32_t count)
{
	uint32_t units = ruleset_units(m->rs), next = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t unit = kept[i].hook.unit;

		for (; next <= unit; next++)
			if (m->changed[next])
				anchors_of(m, next);
		if (!m->changed[unit])
			builder_push(&m->b->anchors, &kept[i], 1);
	}
	for (; next < units; next++)
		if (m->changed[next])
			anchors_of(m, next);
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int
by_unit(const void *a, const void *b)
{
	const struct disguised *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x->token > y->token) - (x->token < y->token);
}

static void
merge_rest(struct merge *m, const struct prefilter *old)
{
	struct builder *b = m->b;

	for (uint32_t i = 0; i < old->always_count; i++)
		if (!m->changed[old->always[i]])
			builder_push(&b->always, &old->always[i], 1);
	for (uint32_t i = 0; i < old->disguised_count; i++)
		if (!m->changed[old->disguised[i].unit])
			builder_push(&b->disguised, &old->disguised[i], 1);
	if (b->always.count > 1)
		qsort(b->always.items, b->always.count, sizeof(uint32_t),
		    by_value);
	if (b->disguised.count > 1)
		qsort(b->disguised.items, b->disguised.count,
		    sizeof(struct disguised), by_unit);
	b->soft |= old->soft;
}

/* ---- who hangs on whom --------------------------------------------------- */

struct pair {
	uint32_t range, rule;
};

static int
by_range(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->range != y->range)
		return x->range < y->range ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

/* The ${count} ranges of ${old} without changed rules, and with ${pairs}. */
static void
merge_ranges(struct merge *m, struct ranges *out, const struct ranges *old,
    uint32_t count, const struct grow *pairs)
{
	struct arena *arena = m->rs->arena;
	const uint8_t *changed = m->changed + unit_of_rule(m->rs, 0);
	const struct pair *add = pairs->items, *last = add + pairs->count;
	uint32_t n = 0;

	out->first = arena_alloc(arena, sizeof(uint32_t) * (count + 1ul));
	out->items = arena_alloc(arena,
	    sizeof(uint32_t) * (old->first[count] + pairs->count + 1ul));
	for (uint32_t r = 0; r < count; r++) {
		out->first[r] = n;
		for (uint32_t i = old->first[r]; i < old->first[r + 1]; i++) {
			uint32_t rule = old->items[i];

			while (add != last && add->range == r &&
			       add->rule < rule)
				out->items[n++] = add++->rule;
			if (!changed[rule])
				out->items[n++] = rule;
		}
		while (add != last && add->range == r)
			out->items[n++] = add++->rule;
	}
	out->first[count] = n;
}

static void
merge_rules(struct merge *m, const struct decls *d, const uint32_t *index)
{
	struct ruleset *rs = m->rs;
	struct grow brands = {.item_bytes = sizeof(struct pair)};
	struct grow sectors = {.item_bytes = sizeof(struct pair)};

	for (uint32_t i = 0; i < d->rules_count; i++) {
		const struct rule_decl *r = &d->rules[i];
		struct pair pair = {r->d.sector == RULES_NONE
					? rs->sectors_count
					: r->d.sector,
		    index[i]};

		if (r->every_brand)
			builder_push(&sectors, &pair, 1);
		for (uint32_t k = 0; !r->every_brand && k < r->brands_count;
		     k++) {
			pair.range = r->brands[k];
			builder_push(&brands, &pair, 1);
		}
	}
	if (brands.count > 1)
		qsort(brands.items, brands.count, sizeof(struct pair),
		    by_range);
	if (sectors.count > 1)
		qsort(sectors.items, sectors.count, sizeof(struct pair),
		    by_range);
	merge_ranges(m, &rs->brand_rules, &m->old->brand_rules,
	    rs->brands_count, &brands);
	merge_ranges(m, &rs->sector_rules, &m->old->sector_rules,
	    rs->sectors_count + 1, &sectors);
	free(brands.items);
	free(sectors.items);
}

void
tables_patch(struct builder *b, struct ruleset *rs, struct patch *p,
    const uint8_t *changed)
{
	struct merge m = {b, rs, p->old, changed, false};

	tables_sets(b, rs, p->old);
	merge_anchors(&m, p->base->mains, p->base->mains_count);
	merge_rest(&m, &p->old->mains);
	patch_base_anchors(&p->next, false, &b->anchors);
	rs->mains = (struct prefilter){0};
	tables_prefilter(b, rs, &rs->mains);
	m.topical = true;
	merge_anchors(&m, p->base->topical, p->base->topical_count);
	merge_rest(&m, &p->old->topical);
	patch_base_anchors(&p->next, true, &b->anchors);
	rs->topical = (struct prefilter){0};
	tables_prefilter(b, rs, &rs->topical);
	merge_rules(&m, &p->decls, p->index[HIT_RULE]);
}
