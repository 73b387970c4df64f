/*
 * An organisation file from its first key to its last.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include <stdlib.h>
#include <string.h>

#include "engine/settings.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* "Office" where the file does not say what that is. */
static const struct hours_span office = {
    .days = 0x1f, .from_min = 9 * 60, .to_min = 18 * 60};

static void
read_model(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const models[] = {
	    "organic", "centralised", "coordinated", "dandelion", "honeycomb"};
	int model =
	    organisation_read_word(r, n, "model", models, COUNT(models));

	(void)into;
	if (model >= 0)
		r->o->model = (enum model)(MODEL_ORGANIC + model);
}

static void
read_languages(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_codes(
	    r, &((struct organisation_plan *)into)->languages, n);
}

/* Level by level: what ${read} makes of each value. */
static void
read_by_level(struct reading *r, const struct yaml *node,
    void (*read)(struct reading *r, int64_t level, const struct yaml *n))
{
	if (node->kind != YAML_MAP) {
		settings_wants(
		    r->diag, node, "{1: ..., 2: ..., 3: ..., 4: ...}");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		if (n->key.len == 1 && n->key.data[0] >= '1' &&
		    n->key.data[0] <= '4')
			read(r, n->key.data[0] - '0', n);
		else
			diag_add(r->diag, DIAG_ERROR, n->key_place,
			    "wrong-value", "levels are 1, 2, 3, 4",
			    "'%.*s' is no level", SLICE_ARG(n->key));
}

static void
promise_level(struct reading *r, int64_t level, const struct yaml *n)
{
	static const char *const promises[] = {"none", "office", "always"};
	int promise =
	    organisation_read_word(r, n, "promise", promises, COUNT(promises));

	if (promise >= 0)
		r->o->plan->promise[level] = (enum promise)promise;
}

static void
read_promise(struct reading *r, void *into, const struct yaml *n)
{
	struct organisation_plan *plan = into;

	plan->promises = true;
	plan->promise_place = n->key_place;
	read_by_level(r, n, promise_level);
}

static void
answer_level(struct reading *r, int64_t level, const struct yaml *n)
{
	organisation_read_duration(r, n, &r->o->answer_within_ms[level]);
}

static void
read_answer_within(struct reading *r, void *into, const struct yaml *n)
{
	(void)into;
	read_by_level(r, n, answer_level);
}

static void
read_deputy_from(struct reading *r, void *into, const struct yaml *n)
{
	int64_t level;

	if (organisation_read_number(r, n, 1, 4, &level))
		((struct organisation_plan *)into)->deputy_from = (int)level;
}

static void
read_rules(struct reading *r, void *into, const struct yaml *n)
{
	struct organisation_plan *plan = into;

	plan->rules = organisation_read_paths(r, n, &plan->rules_count);
	plan->rules_place = n->place;
}

static void
read_playbooks(struct reading *r, void *into, const struct yaml *n)
{
	struct organisation_plan *plan = into;

	plan->playbooks = organisation_read_paths(r, n, &plan->playbooks_count);
}

static void
read_noise_budget(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_number(
	    r, n, 1, 100000, &((struct organisation_plan *)into)->noise_budget);
}

static void
internal_sources(struct reading *r, void *into, const struct yaml *n)
{
	(void)into;
	organisation_read_words(r, &r->o->internal_sources, n);
}

static void
internal_sectors(struct reading *r, void *into, const struct yaml *n)
{
	(void)into;
	organisation_read_scope(r, &r->o->internal_sectors, n);
}

static void
read_internal(struct reading *r, void *into, const struct yaml *n)
{
	static const struct read_key internal_keys[] = {
	    {"sources", internal_sources},
	    {"sectors", internal_sectors},
	};

	(void)into;
	if (n->kind == YAML_MAP)
		organisation_read_keys(r, n, internal_keys,
		    COUNT(internal_keys), "setting of internal", NULL);
	else
		settings_wants(r->diag, n, "{sources: [...], sectors: [...]}");
}

/* What teams go by is read before them, and so has no reader here. */
static const struct read_key file_keys[] = {
    {"model", read_model},
    {"zone", NULL},
    {"languages", read_languages},
    {"office", NULL},
    {"holidays", NULL},
    {"promise", read_promise},
    {"deputy_from", read_deputy_from},
    {"rules", read_rules},
    {"answer_within", read_answer_within},
    {"internal", read_internal},
    {"teams", NULL},
    {"routes", organisation_read_routes},
    {"escalation", organisation_read_escalation},
    {"silences", organisation_read_silences},
    {"mute", organisation_read_mutes},
    {"inhibit", organisation_read_inhibits},
    {"group", organisation_read_group},
    {"noise_budget", read_noise_budget},
    {"playbooks", read_playbooks},
};

static void
read_first(struct reading *r, const struct yaml *root)
{
	struct organisation_plan *plan = r->o->plan;
	const struct yaml *n = yaml_get(root, "zone");

	if (n != NULL)
		r->zone = organisation_read_zone(r, n);
	n = yaml_get(root, "holidays");
	if (n != NULL)
		plan->holidays =
		    organisation_read_holidays(r, n, &plan->holidays_count);
	plan->office.spans = &office;
	plan->office.spans_count = 1;
	n = yaml_get(root, "office");
	if (n != NULL && n->kind == YAML_SCALAR)
		settings_wants(r->diag, n,
		    "{days: mon-fri, from: \"09:00\", to: \"18:00\"}");
	else if (n != NULL)
		organisation_read_hours(r, &plan->office, n);
	plan->office.zone = r->zone;
	plan->office.holidays = plan->holidays;
	plan->office.holidays_count = plan->holidays_count;
}

static void
read_root(struct reading *r, const struct yaml *root)
{
	const struct yaml *teams = yaml_get(root, "teams");

	read_first(r, root);
	if (teams == NULL || teams->kind == YAML_SCALAR || teams->count == 0)
		diag_add(r->diag, DIAG_ERROR,
		    teams != NULL ? teams->place : root->place, "no-team",
		    "teams: {social: {sectors: \"*\"}}",
		    "an organisation has at least one team");
	else
		organisation_read_teams(r, teams);
	organisation_read_keys(
	    r, root, file_keys, COUNT(file_keys), "setting", r->o->plan);
	if (r->o->teams_count > 0)
		organisation_read_check(r, root);
}

bool
organisation_load(struct organisation *o, const char *path, struct diag *diag)
{
	struct reading r = {.o = o, .diag = diag, .zone = zone_utc()};
	unsigned errors = diag_errors(diag);
	const struct yaml *root = settings_load(o->arena, path, diag);

	if (root == NULL)
		return false;
	o->plan->path = arena_text(o->arena, slice_of(path)).data;
	if (root->kind == YAML_MAP)
		read_root(&r, root);
	else
		settings_wants(diag, root, "teams:");
	free(r.zones);
	return diag_errors(diag) == errors;
}
