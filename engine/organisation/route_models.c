/*
 * What each model means (docs/ORGANISATION.md, decision 0090).
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/route_parts.h"

#include "engine/base/must.h"

#define CENTRE (1u << TEAM_CENTRE)
#define DEPARTMENT (1u << TEAM_DEPARTMENT)
#define AMBASSADOR (1u << TEAM_AMBASSADOR)
#define MARKET (1u << TEAM_BRAND | 1u << TEAM_REGION | 1u << TEAM_AGENCY)
#define ANY (CENTRE | DEPARTMENT | AMBASSADOR | MARKET)

#define NAMES_ANYTHING 63u
#define NAMES_TOPIC 6u /* or its department */

/* From here on an alert is grave: it is no longer a spoke's. */
#define GRAVE 3
#define CRISIS 4

static void
tier(struct build *b, unsigned kinds, uint32_t near, enum route_reason reason,
    unsigned flags)
{
	route_chain_tier(b, &(struct tier){kinds, near, reason, flags, NULL});
}

/* One team at the centre answers all; others hear of what concerns them. */
static void
centralised(struct build *b)
{
	tier(b, CENTRE, 0, REASON_CENTRE, 0);
}

/* Hub and spoke: the spokes answer for what is theirs as long as it is not
 * grave; the hub for what is grave, for sectors, and where no spoke is.
 * Departments advise. */
static void
coordinated(struct build *b)
{
	bool grave = route_level(b->s) >= GRAVE;

	if (!grave && b->s->brand != NULL)
		tier(b, MARKET, NAMES_ANYTHING, REASON_ALL, 0);
	tier(b, CENTRE, 0,
	    b->s->brand == NULL ? REASON_HUB_SECTOR
	    : grave             ? REASON_HUB_LEVEL
				: REASON_HUB,
	    0);
	tier(b, MARKET, NAMES_ANYTHING, REASON_INTERIM, TIER_STOPGAP);
}

static bool
is_hub(const struct team *team)
{
	return team->under == NULL || team->under->kind == TEAM_CENTRE;
}

static bool
is_spoke(const struct team *team)
{
	return !is_hub(team);
}

static void
hubs(struct build *b, bool interim)
{
	unsigned flags = interim ? TIER_STOPGAP : 0;

	route_chain_tier(
	    b, &(struct tier){MARKET, NAMES_ANYTHING,
		   interim ? REASON_INTERIM : REASON_ALL, flags, is_hub});
	route_chain_tier(
	    b, &(struct tier){ANY & ~CENTRE, 0,
		   interim ? REASON_INTERIM : REASON_SPOKE, flags, is_spoke});
}

/* Several hubs, each with its spokes: a hub answers for all of its own, the
 * group for sectors and for a crisis. */
static void
dandelion(struct build *b)
{
	bool crisis = route_level(b->s) >= CRISIS;

	if (!crisis && b->s->brand != NULL)
		hubs(b, false);
	tier(b, CENTRE, 0,
	    b->s->brand == NULL ? REASON_GROUP_SECTOR
	    : crisis            ? REASON_GROUP_LEVEL
				: REASON_GROUP,
	    0);
	hubs(b, true);
}

/* Everybody answers: who knows the matter, then who knows the brand, then
 * anybody; the centre is the net underneath. */
static void
honeycomb(struct build *b)
{
	tier(b, DEPARTMENT, NAMES_TOPIC, REASON_ALL, 0);
	tier(b, AMBASSADOR, NAMES_TOPIC, REASON_AMBASSADOR, 0);
	tier(b, MARKET, NAMES_ANYTHING, REASON_ALL, 0);
	tier(b, ANY & ~CENTRE, 0, REASON_ALL, 0);
	tier(b, CENTRE, 0, REASON_NET, 0);
}

/* Nobody arranges anything: the nearest is only the nearest. */
static void
organic(struct build *b)
{
	tier(b, ANY, 0, REASON_ALL, TIER_ALONE);
}

/* Talk among staff goes the other way: the department answers its people, and
 * the neck of the hourglass only when none is there. */
static void
internal(struct build *b)
{
	tier(b, DEPARTMENT, NAMES_TOPIC, REASON_ALL, 0);
	tier(b, AMBASSADOR, NAMES_TOPIC, REASON_AMBASSADOR, 0);
	tier(b, ANY & ~CENTRE, 0, REASON_ALL, 0);
	tier(b, CENTRE, 0, REASON_NET, 0);
	tier(b, CENTRE, 0, REASON_INTERIM, TIER_STOPGAP | TIER_ANY_TALK);
}

void
route_models_build(struct build *b)
{
	static void (*const models[MODELS_COUNT])(struct build * b) = {
	    [MODEL_ORGANIC] = organic,
	    [MODEL_CENTRALISED] = centralised,
	    [MODEL_COORDINATED] = coordinated,
	    [MODEL_DANDELION] = dandelion,
	    [MODEL_HONEYCOMB] = honeycomb,
	};

	REQUIRE(models[b->o->model] != NULL);
	if (b->s->talk == TALK_INTERNAL && b->o->model != MODEL_ORGANIC)
		internal(b);
	else
		models[b->o->model](b);
	/* Better somebody whose task it is not than nobody at all, and better
	 * somebody who must have it translated. */
	if (b->o->model != MODEL_CENTRALISED)
		tier(b, ANY, 0, REASON_INTERIM,
		    TIER_STOPGAP | TIER_ANY_TALK | TIER_ALONE);
	tier(b, CENTRE, 0, REASON_TONGUE, TIER_STOPGAP | TIER_ANY_TONGUE);
	if (b->o->model != MODEL_CENTRALISED)
		tier(b, ANY, 0, REASON_TONGUE,
		    TIER_STOPGAP | TIER_ANY_TONGUE | TIER_ALONE);
}
