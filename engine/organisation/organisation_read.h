/*
 * Inside of organisation_read*.c: an organisation file becomes its struct.
 *
 * One table of keys per thing that has keys; a reader per key.  Every reader
 * tells what is wrong at its place and goes on, so that all is told at once.
 * Thread: start and reload.  Owns: nothing but the struct reading.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ORGANISATION_READ_H
#define ENGINE_ORGANISATION_READ_H

#include "engine/base/yaml.h"
#include "engine/base/zone.h"
#include "engine/organisation/organisation_plan.h"

struct reading {
	struct organisation *o;
	struct diag *diag;
	const struct zone *zone; /* of the file */
	const struct zone **zones; /* loaded so far, each once */
	size_t zones_count;
};

struct read_key {
	const char *name;
	void (*read)(struct reading *r, void *into, const struct yaml *node);
};

/**
 * organisation_read_keys(r, map, rows, count, what, into): give each value of
 * ${map} to its row; an unknown key is an error with the nearest one.  "id"
 * is passed over where ${rows} has it without a reader.
 */
void organisation_read_keys(struct reading *r, const struct yaml *map,
    const struct read_key *rows, size_t count, const char *what, void *into);

/* ---- values (organisation_read_value.c) */

const char *organisation_read_text(struct reading *r, const struct yaml *node);
bool organisation_read_id(struct slice text);
void organisation_read_scope(struct reading *r, struct team_scope *scope,
    const struct yaml *node);
void organisation_read_codes(struct reading *r, struct team_scope *scope,
    const struct yaml *node);
void organisation_read_words(struct reading *r, struct team_scope *scope,
    const struct yaml *node);
void organisation_read_name(struct reading *r, const char **fr,
    const char **en, const struct yaml *node);
bool organisation_read_levels(struct reading *r, const struct yaml *node,
    int64_t *least, int64_t *most);
bool organisation_read_number(struct reading *r, const struct yaml *node,
    int64_t least, int64_t most, int64_t *v);
bool organisation_read_duration(struct reading *r, const struct yaml *node,
    int64_t *ms);
bool organisation_read_bool(struct reading *r, const struct yaml *node,
    bool *v);
/** One of ${names}, or -1 after an error that says which there are. */
int organisation_read_word(struct reading *r, const struct yaml *node,
    const char *what, const char *const *names, size_t count);
/** The team that ${node} names, or NULL after an error. */
const struct team *organisation_read_team_ref(struct reading *r,
    const struct yaml *node);
const struct team **organisation_read_team_refs(struct reading *r,
    const struct yaml *node, size_t *count);
/** organisation_read_paths(r, node, &count): as the program sees them. */
const char **organisation_read_paths(struct reading *r,
    const struct yaml *node, size_t *count);

/** The first of a list, or NULL after an error; whether it is a map, else an
 * error; an error for each of ${names} that a map lacks. */
const struct yaml *organisation_read_list(struct reading *r,
    const struct yaml *node, const char *want);
bool organisation_read_map(struct reading *r, const struct yaml *node,
    const char *want);
void organisation_read_wanted(struct reading *r, const struct yaml *node,
    const char *what, const char *const *names, size_t count);

/* ---- hours (organisation_read_hours.c) */

const struct zone *organisation_read_zone(struct reading *r,
    const struct yaml *node);
void organisation_read_hours(struct reading *r, struct hours *hours,
    const struct yaml *node);
bool organisation_read_span(struct reading *r, struct hours_span *span,
    const struct yaml *node);
uint8_t organisation_read_days(struct reading *r, const struct yaml *node);
const struct holiday *organisation_read_holidays(struct reading *r,
    const struct yaml *node, size_t *count);
/** "2026-12-01T08:00Z", or a day: its first moment in the file's zone. */
bool organisation_read_time(struct reading *r, const struct yaml *node,
    int64_t *ms);

/* ---- the rest */

void organisation_read_match(struct reading *r, struct alert_match *match,
    const struct yaml *node);
/** organisation_read_match_text(o, text, match): of a command; its ids live in
 * ${o}.  False: it cannot be read, or it is one of everything. */
bool organisation_read_match_text(struct organisation *o, struct slice text,
    struct alert_match *match);
/** Pass 1 makes all teams with their ids, in order; pass 2 fills them. */
void organisation_read_teams(struct reading *r, const struct yaml *node);
/** A person of a team: room for it is there. */
struct team_people {
	struct team *team;
	struct person *people; /* room for all */
};
void organisation_read_people(struct reading *r, struct team_people *in,
    const struct yaml *node);
void organisation_read_person(struct reading *r, struct team_people *in,
    const struct yaml *node, bool is_deputy);
/** Hours that the team's people do not say are the team's. */
void organisation_read_people_hours(struct reading *r,
    struct team_people *in, bool own_holidays);
void organisation_read_routes(struct reading *r, void *into,
    const struct yaml *node);
void organisation_read_escalation(struct reading *r, void *into,
    const struct yaml *node);
void organisation_read_silences(struct reading *r, void *into,
    const struct yaml *node);
void organisation_read_mutes(struct reading *r, void *into,
    const struct yaml *node);
void organisation_read_inhibits(struct reading *r, void *into,
    const struct yaml *node);
void organisation_read_group(struct reading *r, void *into,
    const struct yaml *node);
/** What no single key can know: the model against the teams. */
void organisation_read_check(struct reading *r, const struct yaml *root);

#endif
