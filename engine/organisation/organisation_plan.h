/*
 * What an organisation file says beside its teams: routes, promises, steps of
 * escalation, silences, calendars, inhibition, grouping.
 *
 * Thread: start and reload write, then any reads.  Owns: nothing; all of it
 * lives in the organisation's arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ORGANISATION_PLAN_H
#define ENGINE_ORGANISATION_PLAN_H

#include "engine/alert.h"
#include "engine/organisation/organisation.h"

/* Which alerts are meant: what is not said does not matter. */
struct alert_match {
	struct team_scope brands, sectors, topics, departments, languages,
	    countries;
	uint8_t level_min, level_max; /* default 0 and 4 */
	uint32_t kinds;    /* bits by enum alert_kind; 0: any */
	uint32_t subjects; /* bits by enum alert_subject; 0: any */
	unsigned talk;     /* enum talk; 0: any */
	struct place place;
};

/* routes: the first that fits wins, before the model's own choice. */
struct route_rule {
	struct alert_match match;
	const struct team *owner; /* NULL with go_on: inform only */
	const struct team **inform;
	size_t inform_count;
	bool go_on; /* continue: true */
	struct place place;
};

/* Whom a step of escalation means beside teams. */
enum escalation_role {
	ESCALATE_TEAM, ESCALATE_OWNER, ESCALATE_DEPUTIES, ESCALATE_CENTRE,
	ESCALATE_INFORMED,
};

struct escalation_target {
	enum escalation_role role;
	const struct team *team; /* of ESCALATE_TEAM */
};

struct escalation_step {
	int64_t after_ms, repeat_ms; /* repeat 0: once */
	const struct escalation_target *to;
	size_t to_count;
};

struct silence {
	struct alert_match match;
	const char *author, *reason;
	int64_t until_ms;
	struct place place;
};

/* mute: nothing to this team on these days. */
struct mute {
	const struct team *team;
	struct alert_match match;
	struct hours hours;
	const char *reason;
	struct place place;
};

enum alert_trait {
	TRAIT_SECTOR = 1, TRAIT_BRAND = 2, TRAIT_TOPIC = 4, TRAIT_KIND = 8,
	TRAIT_LEVEL = 16, TRAIT_LANGUAGE = 32,
};

struct inhibit {
	struct alert_match source, target;
	unsigned equal; /* enum alert_trait */
	struct place place;
};

struct grouping {
	bool given;
	unsigned by; /* enum alert_trait */
	int64_t wait_ms, interval_ms, repeat_ms;
	int64_t backoff; /* the next repeat waits so many times as long */
};

enum promise { PROMISE_NONE, PROMISE_OFFICE, PROMISE_ALWAYS };

struct organisation_plan {
	const char *path; /* of the file, as it was given */
	struct hours office;
	const struct holiday *holidays;
	size_t holidays_count;
	struct team_scope languages; /* promised */
	enum promise promise[ORGANISATION_LEVELS];
	bool promises;      /* promise: was given */
	struct place promise_place, rules_place;
	int deputy_from;    /* 5: none promised */
	const char **rules; /* paths as the program sees them */
	size_t rules_count;
	const char **playbooks;
	size_t playbooks_count;
	const struct escalation_step *escalation;
	size_t escalation_count;
	const struct silence *silences;
	size_t silences_count;
	const struct mute *mutes;
	size_t mutes_count;
	const struct inhibit *inhibits;
	size_t inhibits_count;
	struct grouping group;
	int64_t noise_budget; /* messages per team and week; 0: none */
};

/** organisation_match(m, o, alert): is this one meant?  By the higher of its
 * level and the one it fell from. */
bool organisation_match(const struct alert_match *m,
    const struct organisation *o, const struct alert *alert);

#endif
