/*
 * Entries asked for by name, each judged once per post and brand.
 *
 * Whoever the prefilter did not queue cannot match.  Cycles were refused at
 * load, and chains are no longer than LABEL_DEPTH_MAX.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

/* A unit that is queued by itself: its state once judged. */
static bool
judged(struct matcher *m, uint32_t unit, uint32_t brand)
{
	uint32_t before = m->brand;
	bool found;

	switch (matcher_state(m, m->units[unit])) {
	case UNIT_QUEUED:
	case UNIT_PROVEN:
		found = rule_eval(m, unit, brand);
		m->brand = before;
		m->units[unit] =
		    matcher_word(m, found ? UNIT_TRUE : UNIT_FALSE);
		return found;
	case UNIT_TRUE:
		return true;
	default:
		return false;
	}
}

bool
rule_brand(struct matcher *m, uint32_t brand)
{
	return judged(m, brand, RULES_NONE); /* its rule:x is of any brand */
}

/* Which brands the post may name: those queued. */
static bool
next_brand(const struct matcher *m, uint32_t *at, uint32_t *brand)
{
	while (*at < m->queue_count) {
		*brand = m->queue[(*at)++];
		if (*brand < m->rs->brands_count)
			return true;
	}
	return false;
}

bool
rule_sector(struct matcher *m, uint32_t sector)
{
	uint32_t at = 0, brand;

	while (next_brand(m, &at, &brand))
		if (m->rs->brands[brand].sector == sector &&
		    rule_brand(m, brand))
			return true;
	return false;
}

static bool
in_range(const struct ranges *r, uint32_t range, uint32_t rule)
{
	uint32_t low = r->first[range], high = r->first[range + 1];

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (r->items[mid] == rule)
			return true;
		if (r->items[mid] < rule)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* Whether the rule is for that brand. */
static bool
hangs(const struct ruleset *rs, uint32_t rule, uint32_t brand)
{
	return in_range(&rs->brand_rules, brand, rule) ||
	       in_range(&rs->sector_rules, rs->brands[brand].sector, rule) ||
	       in_range(&rs->sector_rules, rs->sectors_count, rule);
}

/* The last brand that a rule was judged for is remembered: rules are judged
 * brand by brand. */
static bool
fires_for(struct matcher *m, uint32_t rule, uint32_t brand)
{
	uint32_t before = m->brand;
	int state = matcher_state(m, m->fired[rule]);
	bool found;

	if (state >= 0 && m->fired_brand[rule] == brand)
		return state == UNIT_TRUE;
	found = hangs(m->rs, rule, brand) && rule_brand(m, brand) &&
		rule_eval(m, unit_of_rule(m->rs, rule), brand);
	m->brand = before;
	m->fired[rule] = matcher_word(m, found ? UNIT_TRUE : UNIT_FALSE);
	m->fired_brand[rule] = brand;
	return found;
}

bool
rule_fires(struct matcher *m, uint32_t rule, uint32_t brand)
{
	uint32_t at = 0, other;

	if (!m->rs->rules[rule].for_brands)
		return judged(m, unit_of_rule(m->rs, rule), RULES_NONE);
	if (brand != RULES_NONE)
		return fires_for(m, rule, brand);
	while (next_brand(m, &at, &other))
		if (fires_for(m, rule, other))
			return true;
	return false;
}
