/*
 * An alert, a team, and what they have to do with each other.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/route_chain.h"

/* How narrowly a team names something, the narrowest first. */
enum near {
	NEAR_BRAND = 32,
	NEAR_SECTOR = 16,
	NEAR_COUNTRY = 8,
	NEAR_TOPIC = 4,
	NEAR_DEPARTMENT = 2,
	NEAR_LANGUAGE = 1,
};

uint8_t
route_level(const struct route_subject *s)
{
	return s->level > s->previous_level ? s->level : s->previous_level;
}

struct route_subject
route_subject_of(const struct organisation *o, const struct alert *a)
{
	bool internal = organisation_holds(&o->internal_sectors, a->sector) ||
			organisation_holds(&o->internal_sources, a->source);

	return (struct route_subject){
	    .sector = a->sector,
	    .brand = a->brand,
	    .topic = a->topic != NULL ? a->topic : a->main_topic,
	    .department = a->department,
	    .lang = a->lang,
	    .country = a->country,
	    .kind = a->kind,
	    .subject = a->subject,
	    .level = a->level,
	    .previous_level = a->previous_level,
	    .talk = internal ? TALK_INTERNAL : TALK_EXTERNAL,
	};
}

static bool
is_limit(const struct team_scope *scope)
{
	return !scope->all && scope->count > 0;
}

static bool
allows(const struct team_scope *scope, const char *id)
{
	return !is_limit(scope) || organisation_holds(scope, id);
}

bool
route_matches(const struct alert_match *m, const struct route_subject *s)
{
	uint8_t level = route_level(s);

	return level >= m->level_min && level <= m->level_max &&
	       (m->kinds == 0 || (m->kinds >> s->kind & 1) != 0) &&
	       (m->subjects == 0 || (m->subjects >> s->subject & 1) != 0) &&
	       (m->talk == 0 || (m->talk & s->talk) != 0) &&
	       allows(&m->brands, s->brand) && allows(&m->sectors, s->sector) &&
	       allows(&m->topics, s->topic) &&
	       allows(&m->departments, s->department) &&
	       allows(&m->languages, s->lang) &&
	       allows(&m->countries, s->country);
}

static bool
is_named(const struct team_scope *scope, const char *id)
{
	return is_limit(scope) && organisation_holds(scope, id);
}

bool
route_concerns(const struct team *team, const struct route_subject *s)
{
	if (!organisation_holds(&team->brands, s->brand) &&
	    !organisation_holds(&team->sectors, s->sector))
		return false;
	if (!is_limit(&team->topics) && !is_limit(&team->departments))
		return true;
	return is_named(&team->topics, s->topic) ||
	       is_named(&team->departments, s->department);
}

bool
route_speaks(const struct team *team, const struct route_subject *s)
{
	return s->lang == NULL || allows(&team->languages, s->lang);
}

bool
route_is_live(const struct team *team, const struct route_subject *s)
{
	return team->stage == STAGE_LIVE ||
	       (team->stage == STAGE_PILOT &&
		   organisation_holds(&team->pilot, s->brand));
}

bool
route_stands_in(const struct team *team, const struct route_subject *s)
{
	uint8_t level = route_level(s);

	return level >= team->min_level && level <= team->max_level &&
	       route_is_live(team, s) && route_speaks(team, s);
}

uint32_t
route_near(const struct team *team, const struct route_subject *s)
{
	return (is_named(&team->brands, s->brand) ? NEAR_BRAND : 0u) |
	       (is_named(&team->sectors, s->sector) ? NEAR_SECTOR : 0u) |
	       (is_named(&team->countries, s->country) ? NEAR_COUNTRY : 0u) |
	       (is_named(&team->topics, s->topic) ? NEAR_TOPIC : 0u) |
	       (is_named(&team->departments, s->department) ? NEAR_DEPARTMENT
							    : 0u) |
	       (is_named(&team->languages, s->lang) ? NEAR_LANGUAGE : 0u);
}

/* A level is told to those for whom it is, and to those it leaves. */
static bool
hears_level(const struct team *team, const struct route_subject *s)
{
	return (s->level >= team->min_level && s->level <= team->max_level) ||
	       (s->previous_level >= team->min_level &&
		   s->previous_level <= team->max_level);
}

bool
route_is_told(const struct organisation *o, const struct team *team,
    const struct route_subject *s)
{
	if (!hears_level(team, s))
		return false;
	if (o->model == MODEL_HONEYCOMB)
		return true; /* everybody watches everything */
	if (o->model == MODEL_DANDELION && team->kind == TEAM_CENTRE &&
	    s->brand != NULL && route_level(s) < 3)
		return false; /* that is the hub's own affair */
	return route_concerns(team, s) && route_speaks(team, s) &&
	       (s->country == NULL || allows(&team->countries, s->country));
}
