/*
 * What no single key of an organisation file can know.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* What changes who owns an alert, but only under a model. */
static void
without_model(struct reading *r, const struct yaml *root)
{
	static const char *const of_file[] = {
	    "routes", "promise", "deputy_from", "languages", "internal"};
	static const char *const of_team[] = {"topics", "departments",
	    "languages", "countries", "levels", "talk", "stage", "pilot",
	    "under"};
	const struct yaml *teams = yaml_get(root, "teams"), *n;

	for (size_t i = 0; i < COUNT(of_file); i++)
		if ((n = yaml_get(root, of_file[i])) != NULL)
			diag_add(r->diag, DIAG_WARNING, n->key_place,
			    "no-model", "add model: coordinated, or another",
			    "'%s' changes nothing without a model", of_file[i]);
	for (teams = teams->first; teams != NULL; teams = teams->next)
		for (size_t i = 0; i < COUNT(of_team); i++)
			if (teams->kind == YAML_MAP &&
			    (n = yaml_get(teams, of_team[i])) != NULL)
				diag_add(r->diag, DIAG_WARNING, n->key_place,
				    "no-model",
				    "add model: coordinated, or another",
				    "'%s' of a team changes nothing without a "
				    "model",
				    of_team[i]);
}

static size_t
count_kind(const struct organisation *o, enum team_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < o->teams_count; i++)
		count +=
		    o->teams[i].kind == kind && o->teams[i].stage == STAGE_LIVE;
	return count;
}

static void
check_model(struct reading *r, const struct yaml *root)
{
	const struct organisation *o = r->o;
	const struct yaml *model = yaml_get(root, "model");
	const struct yaml *promise = yaml_get(root, "promise");
	const bool has_centre = count_kind(o, TEAM_CENTRE) > 0;

	if (!has_centre &&
	    (o->model == MODEL_CENTRALISED || o->model == MODEL_COORDINATED ||
		o->model == MODEL_DANDELION))
		diag_add(r->diag, DIAG_ERROR, model->place, "no-centre",
		    "give one team kind: centre (and stage: live)",
		    "the model %s has a centre, and no team here is one",
		    organisation_model_name(o->model));
	if (o->model == MODEL_ORGANIC && promise != NULL)
		diag_add(r->diag, DIAG_ERROR, promise->key_place,
		    "organic-promise",
		    "leave it out, or choose a model with a centre",
		    "nobody can promise one owner under the organic model: "
		    "every team concerned may answer");
	if (r->o->plan->deputy_from < ORGANISATION_LEVELS && promise == NULL)
		diag_add(r->diag, DIAG_WARNING,
		    yaml_get(root, "deputy_from")->key_place, "no-promise",
		    "promise: {1: office, 2: office, 3: always, 4: always}",
		    "a deputy is promised, but no owner is");
}

static void
check_team(struct reading *r, const struct team *team)
{
	const struct team *above = team->under;

	if (team->kind == TEAM_PLAIN)
		diag_add(r->diag, DIAG_ERROR, team->place, "no-kind",
		    "centre, department, brand, region, agency or ambassador",
		    "team '%s' has no kind:, which the model goes by",
		    team->id);
	for (size_t i = 0;
	     above != NULL && above != team && i <= r->o->teams_count; i++)
		above = above->under;
	if (above != NULL)
		diag_add(r->diag, DIAG_ERROR, team->place, "cycle", NULL,
		    "team '%s' is under itself", team->id);
	if ((team->stage == STAGE_PILOT) !=
	    (team->pilot.all || team->pilot.count > 0))
		diag_add(r->diag, DIAG_ERROR, team->place, "no-pilot",
		    "stage: pilot goes with pilot: [the brands it owns]",
		    team->stage == STAGE_PILOT
			? "team '%s' is a pilot of no brand"
			: "team '%s' has pilot: and is no pilot",
		    team->id);
	for (size_t i = 0; i < team->deputies_count; i++)
		if (team->deputies[i]->stage == STAGE_SHADOW)
			diag_add(r->diag, DIAG_WARNING, team->place,
			    "shadow-deputy", NULL,
			    "'%s' stands in for '%s', but is in shadow and "
			    "owns nothing",
			    team->deputies[i]->id, team->id);
}

void
organisation_read_check(struct reading *r, const struct yaml *root)
{
	const struct yaml *teams = yaml_get(root, "teams");

	if (teams == NULL)
		return;
	if (r->o->model == MODEL_NONE) {
		if (yaml_get(root, "model") == NULL)
			without_model(r, root);
		return;
	}
	check_model(r, root);
	for (size_t i = 0; i < r->o->teams_count; i++)
		check_team(r, &r->o->teams[i]);
}
