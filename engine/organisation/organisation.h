/*
 * Who there is: the model of the house, its teams, what each watches, when
 * somebody is there, who stands in, and what is promised to whom.
 *
 *	model: coordinated
 *	teams:
 *	  social: {kind: centre, brands: "*", sectors: "*", deputies: [crisis]}
 *	  crisis: {kind: agency, brands: "*", sectors: "*", levels: [3, 4]}
 *	  kitkat: {kind: brand, brands: [kitkat], hours: office}
 *
 * Without model: the nearest team owns, whatever the hour, and alerts keep
 * the bytes they had.  Without a file there is one team, all, with everything.
 * docs/ORGANISATION.md says what each model means; route.h asks it.
 * Thread: start and reload write, then any reads.  Owns: all texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ORGANISATION_H
#define ENGINE_ORGANISATION_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/organisation/hours.h"

#define ORGANISATION_LEVELS 5 /* 0 to 4 */

enum model {
	MODEL_NONE, /* the nearest owns */
	MODEL_ORGANIC, MODEL_CENTRALISED, MODEL_COORDINATED, MODEL_DANDELION,
	MODEL_HONEYCOMB,
	MODELS_COUNT,
};

enum team_kind {
	TEAM_PLAIN, /* a file without a model says none */
	TEAM_CENTRE, TEAM_DEPARTMENT, TEAM_BRAND, TEAM_REGION, TEAM_AGENCY,
	TEAM_AMBASSADOR,
	TEAM_KINDS,
};

enum team_stage { STAGE_LIVE, STAGE_PILOT, STAGE_SHADOW, STAGES_COUNT };

/* Which conversations: the public ones, those among staff. */
enum talk { TALK_EXTERNAL = 1, TALK_INTERNAL = 2, TALK_BOTH = 3 };

/* A list of ids, or everything. */
struct team_scope {
	bool all; /* "*" */
	const char **ids;
	const struct place *places; /* of each id in the file, or NULL */
	size_t count; /* 0 and not all: not said */
};

struct person {
	const char *name, *contact; /* contact may be NULL */
	bool is_deputy;             /* role: deputy */
	struct hours hours;         /* else the team's */
};

struct team {
	const char *id, *name_fr, *name_en; /* names fall back to the id */
	enum team_kind kind;
	struct team_scope brands, sectors;
	/* not said: no limit */
	struct team_scope topics, departments, languages, countries;
	int64_t min_level, max_level; /* 0..4, default 1 and 4 */
	enum talk talk;      /* that it answers; default external */
	struct hours hours;
	int64_t capacity;    /* alerts open at once; 0: not said */
	const struct team **deputies; /* in order */
	size_t deputies_count;
	const struct person *people;
	size_t people_count;
	const struct team *under; /* its hub or coordinator, or NULL */
	const char *channel; /* default: the id */
	enum team_stage stage;
	struct team_scope pilot; /* brands that a pilot owns already */
	struct place place;  /* of its key, for later checks */
};

struct alert_match;
struct organisation_plan;
struct playbooks;
struct route_rule;

struct organisation {
	struct arena *arena;
	enum model model;
	struct playbooks *playbooks; /* what setup_playbooks read, or NULL */
	struct team *teams; /* in order of id */
	size_t teams_count;
	const struct route_rule *routes; /* organisation_plan.h, in order */
	size_t routes_count;
	int64_t answer_within_ms[ORGANISATION_LEVELS]; /* by level; [0] is 0 */
	struct team_scope internal_sources, internal_sectors;
	/* steps, silences, calendars, grouping, promises: all there is beside
	 * teams and routes; never NULL (organisation_plan.h) */
	struct organisation_plan *plan;
};

/** organisation_new(): no team yet. */
struct organisation *organisation_new(void);

/** organisation_everyone(o): the one team all, when there is no file. */
void organisation_everyone(struct organisation *o);

/**
 * organisation_load(o, path, diag): fill a new ${o} from a file; false when
 * ${diag} got an error.
 */
bool organisation_load(struct organisation *o, const char *path,
    struct diag *diag);

/** organisation_holds(scope, id): is ${id}, which may be NULL, in it? */
bool organisation_holds(const struct team_scope *scope, const char *id);

/** organisation_team(o, id): or NULL. */
const struct team *organisation_team(const struct organisation *o,
    const char *id);

/**
 * organisation_on_duty(o, team, ms): is somebody of it there?  Its hours hold,
 * and those of at least one of its people, if it names any.
 */
bool organisation_on_duty(const struct organisation *o,
    const struct team *team, int64_t ms);

/** organisation_second(o, team, ms): the name of a second person of its own
 * that is there, or NULL. */
const char *organisation_second(const struct organisation *o,
    const struct team *team, int64_t ms);

/** organisation_back(o, team, ms): the first minute from ${ms} on at which it
 * is on duty, within a hundred days, or TIME_NONE. */
int64_t organisation_back(const struct organisation *o,
    const struct team *team, int64_t ms);

/** organisation_model_name(model), ..._kind_name, ..._stage_name: as they are
 * written in the file. */
const char *organisation_model_name(enum model model);
const char *organisation_kind_name(enum team_kind kind);
const char *organisation_stage_name(enum team_stage stage);

void organisation_free(struct organisation *o);

#endif
