/*
 * The weight of a post: of all of it, or of what speaks for one brand.
 *
 * Weights add up; a group gives no more than its caps; what a fired composite
 * replaces gives nothing.  `match`, explain and the harm of a post all sum
 * here.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/ruleset.h"

bool
rules_speaks_for(const struct hit *hit, uint32_t sector, uint32_t brand)
{
	if (hit->kind == HIT_RULE && hit->brand != RULES_NONE)
		return hit->brand == brand;
	if (hit->kind == HIT_BRAND ||
	    (hit->kind == HIT_RULE && brand != RULES_NONE))
		return false;
	return hit->sector == sector || hit->sector == RULES_NONE;
}

/* Hits are sorted by their key. */
static bool
fired(const struct ruleset *rs, const struct verdict *v, uint32_t rule,
    uint32_t brand)
{
	uint64_t rank = rs->units[unit_of_rule(rs, rule)].rank;
	uint64_t key = rank << 32 | brand;
	uint32_t low = 0, high = v->hits_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		uint64_t at = ruleset_hit_key(rs, &v->hits[mid]);

		if (at == key)
			return true;
		if (at < key)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* Whether a rule that replaces ${unit} fired for ${brand}. */
static bool
covered(const struct ruleset *rs, const struct verdict *v, uint32_t unit,
    uint32_t brand)
{
	for (uint32_t i = rs->replacers.first[unit];
	     i < rs->replacers.first[unit + 1]; i++)
		if (fired(rs, v, rs->replacers.items[i], brand))
			return true;
	return false;
}

bool
rules_replaced(const struct ruleset *rs, const struct verdict *v,
    const struct hit *hit, const struct rules_about *about)
{
	uint32_t unit = ruleset_hit_unit(rs, hit), brands = 0;

	if (rs->replacers.first == NULL ||
	    rs->replacers.first[unit] == rs->replacers.first[unit + 1])
		return false;
	if (about != NULL)
		return covered(rs, v, unit, about->brand);
	if (covered(rs, v, unit, RULES_NONE))
		return true;
	if (hit->kind == HIT_RULE && hit->brand != RULES_NONE)
		return covered(rs, v, unit, hit->brand);
	/* It speaks for each brand that is named: replaced for all of them. */
	for (uint32_t i = 0; i < v->hits_count; i++) {
		if (v->hits[i].kind != HIT_BRAND)
			continue;
		brands++;
		if (!covered(rs, v, unit, v->hits[i].brand))
			return false;
	}
	return brands > 0;
}

static uint32_t
group_of(const struct ruleset *rs, const struct hit *hit)
{
	if (hit->kind == HIT_BRAND)
		return RULES_NONE;
	return hit->kind == HIT_TOPIC ? rs->topics[hit->index].group
				      : rs->rules[hit->index].group;
}

static int64_t
capped(const struct ruleset *rs, const int64_t *groups)
{
	int64_t sum = 0;

	for (uint32_t g = 0; g < rs->groups_count; g++) {
		const struct rules_group *of = &rs->groups[g];

		sum += groups[g] < of->min_milli   ? of->min_milli
		       : groups[g] > of->max_milli ? of->max_milli
						   : groups[g];
	}
	return sum;
}

struct rules_weight
score_weigh(const struct ruleset *rs, const struct verdict *v,
    const struct rules_about *about, int64_t *in)
{
	struct rules_weight w = {0};
	const struct hit *last = NULL; /* that counted */

	REQUIRE(rs->groups_count <= RULE_GROUPS_MAX);
	for (uint32_t g = 0; g < rs->groups_count; g++)
		in[g] = 0;
	for (uint32_t i = 0; i < v->hits_count; i++) {
		const struct hit *hit = &v->hits[i];
		uint32_t group;

		if (about != NULL) {
			if (!rules_speaks_for(
				hit, about->sector, about->brand))
				continue;
			if (hit->severity > w.severity)
				w.severity = hit->severity;
			if (hit->kind == HIT_TOPIC)
				w.roles |= rs->topics[hit->index].roles;
		}
		/* A rule that fires for several brands counts once; its hits
		 * stand side by side. */
		if (last != NULL && last->kind == hit->kind &&
		    last->index == hit->index)
			continue;
		if (rs->replacers.first != NULL &&
		    rules_replaced(rs, v, hit, about))
			continue;
		last = hit;
		w.positive |= hit->weight_milli > 0;
		group = rs->groups_count > 0 ? group_of(rs, hit) : RULES_NONE;
		if (group == RULES_NONE)
			w.milli += hit->weight_milli;
		else
			in[group] += hit->weight_milli;
	}
	w.milli += capped(rs, in);
	return w;
}

struct rules_weight
rules_weigh(const struct ruleset *rs, const struct verdict *v,
    const struct rules_about *about)
{
	int64_t groups[RULE_GROUPS_MAX];

	return score_weigh(rs, v, about, groups);
}
