/*
 * Inside of route_chain.c and route_models.c: one chain under construction.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_PARTS_H
#define ENGINE_ROUTE_PARTS_H

#include "engine/organisation/route_chain.h"

struct build {
	const struct organisation *o;
	const struct team *const *teams;
	size_t count;
	const struct route_subject *s;
	struct route_chain *chain;
};

enum tier_flags {
	TIER_STOPGAP = 1,    /* there, but no promise counts on it */
	TIER_ANY_TALK = 2,   /* also who answers other conversations */
	TIER_ANY_TONGUE = 4, /* also who does not speak the language */
	TIER_ALONE = 8,      /* nobody stands in */
};

/* Some teams, the nearest first. */
struct tier {
	unsigned kinds;  /* bits by enum team_kind */
	uint32_t near;   /* one of these must be named; 0: none need be */
	enum route_reason reason; /* REASON_ALL: by how near it is */
	unsigned flags;
	bool (*only)(const struct team *team); /* or NULL */
};

/** route_chain_tier(b, tier): the teams of a tier that may own it, each group
 * of equally near ones followed by who stands in for them. */
void route_chain_tier(struct build *b, const struct tier *tier);

/** route_chain_one(b, team, reason, route): that team, and its deputies. */
void route_chain_one(struct build *b, const struct team *team,
    enum route_reason reason, uint32_t route);

/** route_models_build(b): the choices of the organisation's model. */
void route_models_build(struct build *b);

#endif
