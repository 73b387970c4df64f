/*
 * Who answers for an alert, in order: the heart of the five models.
 *
 * A model makes a chain of choices.  The first of them that is on duty owns
 * the alert, whatever the hour: time plays no part in the chain, so that the
 * proof of coverage and an alert at three in the morning go by the same one.
 * Thread: any; a chain belongs to one.  Owns: its own room.
 * To add a model: a name in organisation.h, a builder in route_models.c, its
 * table in tests/cases/organisation, its page in docs/ORGANISATION.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_CHAIN_H
#define ENGINE_ROUTE_CHAIN_H

#include "engine/organisation/organisation_plan.h"

/* What of an alert decides; ids may be NULL, but for the sector. */
struct route_subject {
	const char *sector, *brand, *topic, *department, *lang, *country;
	enum alert_kind kind;
	enum alert_subject subject;
	uint8_t level, previous_level;
	enum talk talk; /* external or internal */
};

/* Why a team stands where it stands. */
enum route_reason {
	REASON_ROUTE,        /* a route of the file says so */
	REASON_CENTRE,       /* centralised: the centre answers for all */
	REASON_HUB_LEVEL,    /* grave: the hub */
	REASON_HUB_SECTOR,   /* a whole sector: the hub */
	REASON_HUB,          /* nobody nearer is there: the hub */
	REASON_GROUP_LEVEL, REASON_GROUP_SECTOR, REASON_GROUP,
	REASON_BRAND, REASON_SECTOR, REASON_COUNTRY, REASON_TOPIC,
	REASON_DEPARTMENT, REASON_LANGUAGE, REASON_ALL, /* how near it is */
	REASON_SPOKE,        /* of a hub that is not there */
	REASON_AMBASSADOR,
	REASON_NET,          /* honeycomb: nobody nearer */
	REASON_INTERIM,      /* not its task, but it is there */
	REASON_TONGUE,       /* nobody speaks the language */
	REASON_DEPUTY,       /* stands in for the choice before it */
	ROUTE_REASONS,
};

struct route_choice {
	const struct team *team;
	const struct team *for_team; /* of a deputy: for whom */
	enum route_reason reason;
	uint32_t rank;   /* equal ranks: equally near */
	uint32_t route;  /* of REASON_ROUTE: which, from 1 */
	bool promised;   /* false: a stopgap that no promise counts on */
};

struct route_chain {
	struct route_choice *choices; /* by rank, within it by id */
	size_t count, room;
	const struct team **found; /* room for the teams of one tier */
	uint32_t *near;
	size_t found_room;
	uint32_t ranks;
	bool promised_only; /* leave stopgaps out */
};

/** route_chain_build(o, teams, count, s, chain): ${teams} are those of ${o}
 * that may matter, in order of id; ${chain} is reused. */
void route_chain_build(const struct organisation *o,
    const struct team *const *teams, size_t count,
    const struct route_subject *s, struct route_chain *chain);
void route_chain_fini(struct route_chain *chain);

/** route_subject_of(o, alert): what decides about it. */
struct route_subject route_subject_of(const struct organisation *o,
    const struct alert *alert);

/** route_matches(m, s): does a match mean it?  By the higher level. */
bool route_matches(const struct alert_match *m, const struct route_subject *s);

/** route_concerns(team, s): brands or sectors hold it, and topics. */
bool route_concerns(const struct team *team, const struct route_subject *s);

/** route_speaks(team, s): its language, or that is not known. */
bool route_speaks(const struct team *team, const struct route_subject *s);

/** route_is_live(team, s): neither in shadow nor a pilot of other brands. */
bool route_is_live(const struct team *team, const struct route_subject *s);

/** route_level(s): the higher of the level and the one it fell from. */
uint8_t route_level(const struct route_subject *s);

/** route_stands_in(team, s): can it, as a deputy?  It is live, it is there
 * for this level and it speaks the language; the rest it takes over. */
bool route_stands_in(const struct team *team, const struct route_subject *s);

/** route_near(team, s): how narrowly it names the subject; 0: not at all. */
uint32_t route_near(const struct team *team, const struct route_subject *s);

/** route_is_told(o, team, s): does it hear of it, owner or not? */
bool route_is_told(const struct organisation *o, const struct team *team,
    const struct route_subject *s);

#endif
