/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/organisation.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/zone.h"
#include "engine/organisation/organisation_plan.h"
#include "engine/organisation/playbooks.h"

static const char *const models[MODELS_COUNT] = {"none", "organic",
    "centralised", "coordinated", "dandelion", "honeycomb"};
static const char *const kinds[TEAM_KINDS] = {"plain", "centre", "department",
    "brand", "region", "agency", "ambassador"};
static const char *const stages[STAGES_COUNT] = {"live", "pilot", "shadow"};

/* How long an alert may wait for somebody to take it, unless the file says
 * otherwise: at level 1 half a working day. */
#define MINUTES(n) ((n) * INT64_C(60000))
static const int64_t answer_within_ms[ORGANISATION_LEVELS] = {
    0, MINUTES(240), MINUTES(60), MINUTES(30), MINUTES(15)};

struct organisation *
organisation_new(void)
{
	struct organisation *o = must_alloc(sizeof(*o));
	struct organisation_plan *plan;

	o->arena = arena_new();
	plan = arena_alloc(o->arena, sizeof(*plan));
	plan->deputy_from = ORGANISATION_LEVELS;
	plan->office.zone = zone_utc();
	o->plan = plan;
	memcpy(o->answer_within_ms, answer_within_ms, sizeof(answer_within_ms));
	return o;
}

void
organisation_free(struct organisation *o)
{
	if (o == NULL)
		return;
	free(o->teams);
	playbooks_free(o->playbooks);
	arena_free(o->arena);
	free(o);
}

void
organisation_everyone(struct organisation *o)
{
	REQUIRE(o->teams_count == 0);
	o->teams = must_alloc(sizeof(*o->teams));
	o->teams_count = 1;
	o->teams[0] = (struct team){
	    .id = "all",
	    .name_fr = "Tout le monde",
	    .name_en = "Everyone",
	    .brands = {.all = true},
	    .sectors = {.all = true},
	    .min_level = 0,
	    .max_level = 4,
	    .talk = TALK_BOTH,
	    .hours = {.always = true, .zone = zone_utc()},
	    .channel = "all",
	};
}

bool
organisation_holds(const struct team_scope *scope, const char *id)
{
	if (id == NULL)
		return false;
	if (scope->all)
		return true;
	for (size_t i = 0; i < scope->count; i++)
		if (!strcmp(scope->ids[i], id))
			return true;
	return false;
}

const char *
organisation_model_name(enum model model)
{
	REQUIRE(model < MODELS_COUNT);
	return models[model];
}

const char *
organisation_kind_name(enum team_kind kind)
{
	REQUIRE(kind < TEAM_KINDS);
	return kinds[kind];
}

const char *
organisation_stage_name(enum team_stage stage)
{
	REQUIRE(stage < STAGES_COUNT);
	return stages[stage];
}
