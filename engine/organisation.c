/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/zone.h"
#include "engine/organisation_plan.h"
#include "engine/playbooks.h"
#include "engine/settings.h"

struct organisation *
organisation_new(void)
{
	struct organisation *o = must_alloc(sizeof(*o));

	o->arena = arena_new();
	o->plan = arena_alloc(o->arena, sizeof(*o->plan));
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

/* The form of all ids: [a-z0-9_-]+ */
static bool
is_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' &&
		    c != '-')
			return false;
	}
	return text.len > 0;
}

/* A channel may have colons and dots as well: it ends a Redis key. */
static bool
is_channel(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] <= ' ' ||
		    (unsigned char)text.data[i] >= 127)
			return false;
	return text.len > 0 && text.len <= 200;
}

static const char *
copy(struct organisation *o, struct slice text)
{
	return arena_text(o->arena, text).data;
}

static void
read_name(struct organisation *o, struct team *team, const struct yaml *node,
    struct diag *diag)
{
	static const char *const names[] = {"fr", "en"};

	if (node->kind == YAML_SCALAR && node->text.len > 0) {
		team->name_fr = team->name_en = copy(o, node->text);
		return;
	}
	if (node->kind != YAML_MAP) {
		settings_wants(diag, node, "a text, or {fr: ..., en: ...}");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (!slice_is(n->key, "fr") && !slice_is(n->key, "en"))
			settings_unknown(diag, n->key_place, "unknown-language",
			    "language", n->key, names, 2);
		else if (n->kind != YAML_SCALAR || n->text.len == 0)
			settings_wants(diag, n, "a text");
		else if (slice_is(n->key, "fr"))
			team->name_fr = copy(o, n->text);
		else
			team->name_en = copy(o, n->text);
	}
}

static void
read_scope(struct organisation *o, struct team_scope *scope,
    const struct yaml *node, struct diag *diag)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;

	if (node->kind == YAML_MAP) {
		settings_wants(diag, node, "\"*\" or a list of ids");
		return;
	}
	scope->ids = arena_alloc(
	    o->arena, (node->count + 1) * sizeof(*scope->ids));
	for (; item != NULL; item = list ? item->next : NULL) {
		if (item->kind == YAML_SCALAR && slice_is(item->text, "*"))
			scope->all = true;
		else if (item->kind == YAML_SCALAR && is_id(item->text))
			scope->ids[scope->count++] = copy(o, item->text);
		else
			settings_wants(diag, item,
			    "\"*\" or ids of small letters, digits, - and _");
	}
}

static void
read_team_key(struct organisation *o, struct team *team, const struct yaml *n,
    struct diag *diag)
{
	static const char *const names[] = {
	    "id", "name", "brands", "sectors", "min_level", "channel"};

	if (slice_is(n->key, "id"))
		return;
	if (slice_is(n->key, "name")) {
		read_name(o, team, n, diag);
	} else if (slice_is(n->key, "brands")) {
		read_scope(o, &team->brands, n, diag);
	} else if (slice_is(n->key, "sectors")) {
		read_scope(o, &team->sectors, n, diag);
	} else if (slice_is(n->key, "min_level")) {
		if (n->kind == YAML_SCALAR && n->text.len == 1 &&
		    n->text.data[0] >= '0' && n->text.data[0] <= '4')
			team->min_level = n->text.data[0] - '0';
		else
			settings_wants(diag, n, "a level from 0 to 4");
	} else if (slice_is(n->key, "channel")) {
		if (n->kind == YAML_SCALAR && is_channel(n->text))
			team->channel = copy(o, n->text);
		else
			settings_wants(diag, n,
			    "printable letters without blanks, at most 200");
	} else {
		settings_unknown(diag, n->key_place, "unknown-setting",
		    "setting of a team", n->key, names, 6);
	}
}

/* One team: its id is the key in a map, the member id in a list. */
static void
read_team(struct organisation *o, const struct yaml *node, struct diag *diag)
{
	const struct yaml *named =
	    node->kind == YAML_MAP ? yaml_get(node, "id") : NULL;
	struct slice id = node->key;
	struct team *team;

	if (node->kind != YAML_MAP) {
		settings_wants(diag, node, "a team: {brands: ..., ...}");
		return;
	}
	if (named != NULL && named->kind == YAML_SCALAR)
		id = named->text;
	if (!is_id(id)) {
		diag_add(diag, DIAG_ERROR,
		    named != NULL         ? named->place
			: id.data != NULL ? node->key_place
					  : node->place,
		    "bad-id", "small letters, digits, - and _",
		    "a team has an id");
		return;
	}
	o->teams =
	    must_grow(o->teams, (o->teams_count + 1) * sizeof(*o->teams));
	team = &o->teams[o->teams_count++];
	*team = (struct team){.id = copy(o, id),
	    .min_level = 1,
	    .max_level = 4,
	    .talk = TALK_EXTERNAL,
	    .hours = {.always = true, .zone = zone_utc()},
	    .place = node->key.data != NULL ? node->key_place : node->place};
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		read_team_key(o, team, n, diag);
	if (team->name_fr == NULL)
		team->name_fr = team->name_en;
	if (team->name_en == NULL)
		team->name_en = team->name_fr;
	if (team->name_en == NULL)
		team->name_fr = team->name_en = team->id;
	if (team->channel == NULL)
		team->channel = team->id;
	if (!team->brands.all && !team->sectors.all &&
	    team->brands.count + team->sectors.count == 0)
		diag_add(diag, DIAG_ERROR, team->place, "idle-team",
		    "give it brands or sectors, \"*\" for all",
		    "team '%s' would get nothing", team->id);
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct team *)a)->id,
	    ((const struct team *)b)->id);
}

static void
refuse_twins(const struct organisation *o, struct diag *diag)
{
	for (size_t i = 1; i < o->teams_count; i++)
		if (!strcmp(o->teams[i - 1].id, o->teams[i].id))
			diag_add(diag, DIAG_ERROR, o->teams[i].place,
			    "twice", NULL, "team '%s' is there twice",
			    o->teams[i].id);
}

/* Paths as seen from the folder of the file; setup reads them. */
static void
read_playbooks(struct organisation *o, const struct yaml *node,
    struct diag *diag)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;

	if (node->kind == YAML_MAP) {
		settings_wants(diag, node, "a path or a list of paths");
		return;
	}
	o->plan->playbooks = arena_alloc(
	    o->arena, (node->count + 1) * sizeof(*o->plan->playbooks));
	for (; item != NULL; item = list ? item->next : NULL) {
		if (item->kind != YAML_SCALAR || item->text.len == 0) {
			settings_wants(diag, item, "a path");
			continue;
		}
		o->plan->playbooks[o->plan->playbooks_count++] =
		    settings_path(o->arena, item->place.path,
			arena_text(o->arena, item->text).data);
	}
}

bool
organisation_load(struct organisation *o, const char *path, struct diag *diag)
{
	static const char *const names[] = {"teams", "playbooks"};
	unsigned errors = diag_errors(diag);
	const struct yaml *root = settings_load(o->arena, path, diag);
	const struct yaml *teams;

	if (root == NULL)
		return false;
	if (root->kind != YAML_MAP)
		return settings_wants(diag, root, "teams:");
	for (const struct yaml *n = root->first; n != NULL; n = n->next)
		if (slice_is(n->key, "playbooks"))
			read_playbooks(o, n, diag);
		else if (!slice_is(n->key, "teams"))
			settings_unknown(diag, n->key_place, "unknown-setting",
			    "setting", n->key, names, 2);
	teams = yaml_get(root, "teams");
	if (teams == NULL || teams->kind == YAML_SCALAR || teams->count == 0) {
		diag_add(diag, DIAG_ERROR,
		    teams != NULL ? teams->place : root->place, "no-team",
		    "teams: {social: {sectors: \"*\"}}",
		    "an organisation has at least one team");
		return false;
	}
	for (const struct yaml *n = teams->first; n != NULL; n = n->next)
		read_team(o, n, diag);
	if (o->teams_count > 0)
		qsort(o->teams, o->teams_count, sizeof(*o->teams), by_id);
	refuse_twins(o, diag);
	return diag_errors(diag) == errors;
}
