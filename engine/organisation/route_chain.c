/*
 * A chain of choices, tier by tier.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/route_parts.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"

static bool
is_there(const struct route_chain *chain, const struct team *team)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->choices[i].team == team)
			return true;
	return false;
}

static void
add(struct route_chain *chain, struct route_choice choice)
{
	if (is_there(chain, choice.team))
		return;
	if (chain->count == chain->room) {
		chain->room = chain->room * 2 + 16;
		chain->choices = must_grow(
		    chain->choices, chain->room * sizeof(*chain->choices));
	}
	chain->choices[chain->count++] = choice;
}

/* Who stands in for it, each a step further: its deputies, and whoever leads
 * the ambassadors. */
static void
add_deputies(struct build *b, const struct route_choice *of)
{
	struct route_choice choice = *of;

	choice.for_team = of->for_team != NULL ? of->for_team : of->team;
	choice.reason = REASON_DEPUTY;
	for (size_t i = 0; i < of->team->deputies_count; i++) {
		choice.team = of->team->deputies[i];
		choice.rank = ++b->chain->ranks;
		if (route_stands_in(choice.team, b->s))
			add(b->chain, choice);
	}
	if (of->team->kind != TEAM_AMBASSADOR || of->team->under == NULL)
		return;
	choice.team = of->team->under;
	choice.rank = ++b->chain->ranks;
	if (route_stands_in(choice.team, b->s))
		add(b->chain, choice);
}

void
route_chain_one(struct build *b, const struct team *team,
    enum route_reason reason, uint32_t route)
{
	struct route_choice choice = {.team = team,
	    .reason = reason,
	    .rank = ++b->chain->ranks,
	    .route = route,
	    .promised = true};

	if (!route_is_live(team, b->s))
		return;
	add(b->chain, choice);
	add_deputies(b, &choice);
}

/* The narrowest thing that it names. */
static enum route_reason
reason_of(uint32_t near)
{
	static const enum route_reason reasons[] = {REASON_BRAND, REASON_SECTOR,
	    REASON_COUNTRY, REASON_TOPIC, REASON_DEPARTMENT, REASON_LANGUAGE};

	for (unsigned i = 0; i < 6; i++)
		if ((near & (32u >> i)) != 0)
			return reasons[i];
	return REASON_ALL;
}

/* May it own this at all? */
static bool
may_own(const struct build *b, const struct team *team, unsigned flags)
{
	const struct route_subject *s = b->s;
	uint8_t level = route_level(s);

	if (level < team->min_level || level > team->max_level ||
	    !route_is_live(team, s) || !route_concerns(team, s))
		return false;
	if ((flags & TIER_ANY_TALK) == 0 && (team->talk & s->talk) == 0)
		return false;
	if ((flags & TIER_ANY_TONGUE) == 0 && !route_speaks(team, s))
		return false;
	/* A place that is not known is no reason to wake up Belgium. */
	return team->countries.all || team->countries.count == 0 ||
	       organisation_holds(&team->countries, s->country);
}

static void
sort_found(struct route_chain *chain, size_t count)
{
	/* nearest first; within that by id, as they came */
	for (size_t i = 1; i < count; i++) {
		const struct team *team = chain->found[i];
		uint32_t near = chain->near[i];
		size_t k = i;

		for (; k > 0 && chain->near[k - 1] < near; k--) {
			chain->found[k] = chain->found[k - 1];
			chain->near[k] = chain->near[k - 1];
		}
		chain->found[k] = team;
		chain->near[k] = near;
	}
}

static size_t
find(struct build *b, const struct tier *tier)
{
	struct route_chain *chain = b->chain;
	size_t count = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct team *team = b->teams[i];
		uint32_t near;

		if ((tier->kinds >> team->kind & 1) == 0 ||
		    !may_own(b, team, tier->flags))
			continue;
		near = route_near(team, b->s);
		if ((tier->near != 0 && (near & tier->near) == 0) ||
		    (tier->only != NULL && !tier->only(team)))
			continue;
		chain->found[count] = team;
		chain->near[count++] = near;
	}
	sort_found(chain, count);
	return count;
}

void
route_chain_tier(struct build *b, const struct tier *tier)
{
	struct route_chain *chain = b->chain;
	size_t count;

	if (chain->promised_only && (tier->flags & TIER_STOPGAP) != 0)
		return;
	count = find(b, tier);

	for (size_t i = 0, end; i < count; i = end) {
		struct route_choice choice = {.rank = ++chain->ranks,
		    .promised = (tier->flags & TIER_STOPGAP) == 0};

		for (end = i; end < count && chain->near[end] == chain->near[i];
		     end++) {
			choice.team = chain->found[end];
			choice.reason = tier->reason == REASON_ALL
					    ? reason_of(chain->near[end])
					    : tier->reason;
			add(chain, choice);
		}
		for (size_t k = i; k < end && (tier->flags & TIER_ALONE) == 0;
		     k++) {
			choice.team = chain->found[k];
			add_deputies(b, &choice);
		}
	}
}

/* The first route that fits wins; it may be the model's own choice that comes
 * behind it, when its owner is not there. */
static void
add_route(struct build *b)
{
	const struct organisation *o = b->o;

	for (size_t i = 0; i < o->routes_count; i++) {
		const struct route_rule *rule = &o->routes[i];

		if (rule->go_on || rule->owner == NULL ||
		    !route_matches(&rule->match, b->s))
			continue;
		route_chain_one(b, rule->owner, REASON_ROUTE, (uint32_t)i + 1);
		return;
	}
}

void
route_chain_build(const struct organisation *o, const struct team *const *teams,
    size_t count, const struct route_subject *s, struct route_chain *chain)
{
	struct build b = {o, teams, count, s, chain};

	if (chain->found_room < count) {
		chain->found_room = count;
		chain->found =
		    must_grow(chain->found, count * sizeof(*chain->found));
		chain->near =
		    must_grow(chain->near, count * sizeof(*chain->near));
	}
	chain->count = 0;
	chain->ranks = 0;
	add_route(&b);
	route_models_build(&b);
}

void
route_chain_fini(struct route_chain *chain)
{
	free(chain->choices);
	free(chain->found);
	free(chain->near);
	*chain = (struct route_chain){0};
}
