/*
 * Who there is: the teams, what each watches, from which level on, and where
 * its messages go.
 *
 *	teams:
 *	  social:   {name: {fr: Équipe sociale, en: Social team}, sectors: "*"}
 *	  crisis:   {brands: "*", sectors: [confectionery], min_level: 3}
 *	  kitkat:   {brands: [kitkat], channel: agency-kitkat}
 *
 * teams may be a list as well, each with its id.  Without a file there is one
 * team, all, with everything.
 * Thread: start and reload.  Owns: all texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ORGANISATION_H
#define ENGINE_ORGANISATION_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"

/* A list of ids, or everything. */
struct team_scope {
	bool all; /* "*" */
	const char **ids;
	size_t count;
};

struct team {
	const char *id, *name_fr, *name_en; /* names fall back to the id */
	struct team_scope brands, sectors;
	int64_t min_level;   /* 0..4, default 1 */
	const char *channel; /* default: the id */
	struct place place;  /* of its key, for later checks */
};

struct organisation {
	struct arena *arena;
	struct team *teams; /* in order of id */
	size_t teams_count;
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

void organisation_free(struct organisation *o);

#endif
