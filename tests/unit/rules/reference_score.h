/*
 * Weights for the slow evaluator: groups with caps, composites that replace
 * their parts (docs/decisions/0012-weights-together.md), for a post as a
 * whole and for each brand that it speaks of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_SCORE_H
#define TESTS_RULES_REFERENCE_SCORE_H

#include "tests/unit/rules/reference_base.h"

struct ref_hit {
	bool topic;
	uint32_t index, brand; /* of rules, or of topics */
};

struct ref_fired {
	const struct decls *decls;
	struct ref_hit items[256];
	uint32_t count;
	const bool *named;
};

/* Whether some rule that replaces ${hit} fired for ${brand}. */
static bool
ref_covered(const struct ref_fired *f, const struct ref_hit *hit,
    uint32_t brand)
{
	for (uint32_t i = 0; i < f->count; i++) {
		const struct rule_decl *by;

		if (f->items[i].topic || f->items[i].brand != brand)
			continue;
		by = &f->decls->rules[f->items[i].index];
		for (uint32_t k = 0; k < by->replaces_count; k++)
			if (by->replaces[k].topic == hit->topic &&
			    by->replaces[k].index == hit->index)
				return true;
	}
	return false;
}

/* In the score of the whole post. */
static bool
ref_gone(const struct ref_fired *f, const struct ref_hit *hit)
{
	uint32_t named = 0, covered = 0;

	if (ref_covered(f, hit, RULES_NONE))
		return true;
	if (hit->brand != RULES_NONE)
		return ref_covered(f, hit, hit->brand);
	for (uint32_t b = 0; b < f->decls->brands_count; b++) {
		named += f->named[b];
		covered += f->named[b] && ref_covered(f, hit, b);
	}
	return named > 0 && named == covered;
}

/* A rule of a brand speaks for it; a topic for the brands of its sector or,
 * without one, for all; a rule without a brand for the sector itself. */
static bool
ref_speaks(const struct ref_fired *f, const struct ref_hit *hit,
    const struct rules_about *about)
{
	uint32_t sector = hit->topic ? f->decls->topics[hit->index].d.sector
				     : f->decls->rules[hit->index].d.sector;

	if (!hit->topic && hit->brand != about->brand)
		return false;
	if (!hit->topic && about->brand != RULES_NONE)
		return true;
	return sector == RULES_NONE || sector == about->sector;
}

/* Each rule and topic once; a group no more than its caps. */
static int64_t
ref_score(const struct ref_fired *f, const struct rules_about *about)
{
	const struct decls *d = f->decls;
	int64_t groups[RULE_GROUPS_MAX] = {0}, sum = 0;

	for (uint32_t i = 0; i < f->count; i++) {
		const struct ref_hit *hit = &f->items[i];
		uint32_t group;
		int32_t weight;
		bool again = false;

		for (uint32_t k = 0; k < i; k++)
			again |= f->items[k].topic == hit->topic &&
				 f->items[k].index == hit->index &&
				 (about != NULL
					 ? ref_speaks(f, &f->items[k], about)
					 : !ref_gone(f, &f->items[k]));
		if (again || (about == NULL
				     ? ref_gone(f, hit)
				     : !ref_speaks(f, hit, about) ||
					   ref_covered(f, hit, about->brand)))
			continue;
		group = hit->topic ? d->topics[hit->index].group
				   : d->rules[hit->index].group;
		weight = hit->topic ? d->topics[hit->index].weight_milli
				    : d->rules[hit->index].weight_milli;
		if (group == RULES_NONE)
			sum += weight;
		else
			groups[group] += weight;
	}
	for (uint32_t g = 0; g < d->groups_count; g++)
		sum += groups[g] < d->groups[g].min_milli
			   ? d->groups[g].min_milli
		       : groups[g] > d->groups[g].max_milli
			   ? d->groups[g].max_milli
			   : groups[g];
	return sum;
}

#endif
