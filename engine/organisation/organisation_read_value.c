/*
 * Single values of an organisation file.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/settings.h"
#include "engine/settings_value.h"

#define NAMES_MAX 64u

void
organisation_read_keys(struct reading *r, const struct yaml *map,
    const struct read_key *rows, size_t count, const char *what, void *into)
{
	const char *names[NAMES_MAX];

	REQUIRE(count <= NAMES_MAX);
	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].name;
	for (const struct yaml *n = map->first; n != NULL; n = n->next) {
		size_t i = 0;

		while (i < count && !slice_is(n->key, rows[i].name))
			i++;
		if (i == count)
			settings_unknown(r->diag, n->key_place,
			    "unknown-setting", what, n->key, names, count);
		else if (rows[i].read != NULL)
			rows[i].read(r, into, n);
	}
}

static const char *
copy(struct reading *r, struct slice text)
{
	return arena_text(r->o->arena, text).data;
}

const char *
organisation_read_text(struct reading *r, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR && node->text.len > 0 &&
	    memchr(node->text.data, 0, node->text.len) == NULL)
		return copy(r, node->text);
	settings_wants(r->diag, node, "a text");
	return NULL;
}

/* The form of all ids: [a-z0-9_-]+ */
bool
organisation_read_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' &&
		    c != '-')
			return false;
	}
	return text.len > 0;
}

enum form { FORM_ID, FORM_CODE, FORM_WORD };

/* NULL when it has not the form. */
static const char *
formed(struct reading *r, enum form form, const struct yaml *item)
{
	char *text;

	if (item->kind != YAML_SCALAR || item->text.len == 0 ||
	    memchr(item->text.data, 0, item->text.len) != NULL)
		return NULL;
	text = arena_alloc(r->o->arena, item->text.len + 1);
	memcpy(text, item->text.data, item->text.len);
	for (char *c = text; form == FORM_CODE && *c != 0; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	if (form == FORM_WORD ||
	    organisation_read_id((struct slice){text, item->text.len}))
		return text;
	return NULL;
}

static void
read_list(struct reading *r, struct team_scope *scope, const struct yaml *node,
    enum form form, const char *want)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	struct place *places;

	if (node->kind == YAML_MAP) {
		settings_wants(r->diag, node, "\"*\" or a list");
		return;
	}
	scope->ids = arena_alloc(
	    r->o->arena, (node->count + 1) * sizeof(*scope->ids));
	places =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*places));
	scope->places = places;
	for (; item != NULL; item = list ? item->next : NULL) {
		const char *id = formed(r, form, item);

		if (item->kind == YAML_SCALAR && slice_is(item->text, "*")) {
			scope->all = true;
		} else if (id != NULL) {
			places[scope->count] = item->place;
			scope->ids[scope->count++] = id;
		} else {
			settings_wants(r->diag, item, want);
		}
	}
}

void
organisation_read_scope(
    struct reading *r, struct team_scope *scope, const struct yaml *node)
{
	read_list(r, scope, node, FORM_ID,
	    "\"*\" or ids of small letters, digits, - and _");
}

void
organisation_read_codes(
    struct reading *r, struct team_scope *scope, const struct yaml *node)
{
	read_list(r, scope, node, FORM_CODE,
	    "\"*\" or codes of two letters, as in [fr, en]");
}

void
organisation_read_words(
    struct reading *r, struct team_scope *scope, const struct yaml *node)
{
	read_list(r, scope, node, FORM_WORD, "a list of names");
}

static void
read_name_fr(struct reading *r, void *into, const struct yaml *node)
{
	((const char **)into)[0] = organisation_read_text(r, node);
}

static void
read_name_en(struct reading *r, void *into, const struct yaml *node)
{
	((const char **)into)[1] = organisation_read_text(r, node);
}

void
organisation_read_name(struct reading *r, const char **fr, const char **en,
    const struct yaml *node)
{
	static const struct read_key name_keys[] = {
	    {"fr", read_name_fr},
	    {"en", read_name_en},
	};
	const char *names[2] = {NULL, NULL};

	if (node->kind == YAML_MAP)
		organisation_read_keys(
		    r, node, name_keys, 2, "language of a name", names);
	else if (node->kind == YAML_SCALAR && node->text.len > 0)
		names[0] = names[1] = organisation_read_text(r, node);
	else
		settings_wants(r->diag, node, "a text, or {fr: ..., en: ...}");
	*fr = names[0] != NULL ? names[0] : names[1];
	*en = names[1] != NULL ? names[1] : names[0];
}

static bool
is_level(struct slice text, int64_t *level)
{
	if (text.len != 1 || text.data[0] < '0' || text.data[0] > '4')
		return false;
	*level = text.data[0] - '0';
	return true;
}

/* 3, "3..4" or [3, 4] */
bool
organisation_read_levels(
    struct reading *r, const struct yaml *node, int64_t *least, int64_t *most)
{
	int64_t low, high;
	bool ok;

	if (node->kind == YAML_LIST && node->count == 2) {
		ok = is_level(node->first->text, &low) &&
		     is_level(node->first->next->text, &high);
	} else if (node->kind == YAML_SCALAR && node->text.len == 4 &&
		   !memcmp(node->text.data + 1, "..", 2)) {
		ok = is_level((struct slice){node->text.data, 1}, &low) &&
		     is_level((struct slice){node->text.data + 3, 1}, &high);
	} else {
		ok = node->kind == YAML_SCALAR && is_level(node->text, &low);
		high = ok ? low : 0;
	}
	if (!ok || low > high)
		return settings_wants(
		    r->diag, node, "a level from 0 to 4, or two: [1, 4], 1..4");
	*least = low;
	*most = high;
	return true;
}

bool
organisation_read_number(struct reading *r, const struct yaml *node,
    int64_t least, int64_t most, int64_t *v)
{
	char want[80];

	if (node->kind == YAML_SCALAR &&
	    settings_value_number(SETTING_INT, node->text, v) && *v >= least &&
	    *v <= most)
		return true;
	snprintf(want, sizeof(want), "a whole number from %lld to %lld",
	    (long long)least, (long long)most);
	return settings_wants(r->diag, node, want);
}

bool
organisation_read_duration(
    struct reading *r, const struct yaml *node, int64_t *ms)
{
	if (node->kind == YAML_SCALAR &&
	    settings_value_number(SETTING_DURATION, node->text, ms) && *ms > 0)
		return true;
	return settings_wants(r->diag, node, "a time such as 15m, 2h");
}

bool
organisation_read_bool(struct reading *r, const struct yaml *node, bool *v)
{
	if (node->kind == YAML_SCALAR && settings_value_bool(node->text, v))
		return true;
	return settings_wants(r->diag, node, "true or false");
}

int
organisation_read_word(struct reading *r, const struct yaml *node,
    const char *what, const char *const *names, size_t count)
{
	if (node->kind != YAML_SCALAR) {
		settings_wants(r->diag, node, "one word");
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (slice_is(node->text, names[i]))
			return (int)i;
	settings_unknown(r->diag, node->place, "wrong-value", what, node->text,
	    names, count);
	return -1;
}

const struct team *
organisation_read_team_ref(struct reading *r, const struct yaml *node)
{
	const struct organisation *o = r->o;
	const struct team *team;
	const char **names;
	const char *id;

	if (node->kind != YAML_SCALAR || node->text.len == 0) {
		settings_wants(r->diag, node, "the id of a team");
		return NULL;
	}
	id = copy(r, node->text);
	team = organisation_team(o, id);
	if (team != NULL)
		return team;
	names = must_alloc((o->teams_count + 1) * sizeof(*names));
	for (size_t i = 0; i < o->teams_count; i++)
		names[i] = o->teams[i].id;
	settings_unknown(r->diag, node->place, "unknown-team", "team",
	    node->text, names, o->teams_count);
	free(names);
	return NULL;
}

const struct team **
organisation_read_team_refs(
    struct reading *r, const struct yaml *node, size_t *count)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	const struct team **teams =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*teams));

	*count = 0;
	for (; item != NULL; item = list ? item->next : NULL) {
		const struct team *team = organisation_read_team_ref(r, item);

		if (team != NULL)
			teams[(*count)++] = team;
	}
	return teams;
}

const char **
organisation_read_paths(
    struct reading *r, const struct yaml *node, size_t *count)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	const char **paths =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*paths));

	*count = 0;
	for (; item != NULL; item = list ? item->next : NULL) {
		const char *path = organisation_read_text(r, item);

		if (path != NULL)
			paths[(*count)++] =
			    settings_path(r->o->arena, r->o->plan->path, path);
	}
	return paths;
}

const struct yaml *
organisation_read_list(
    struct reading *r, const struct yaml *node, const char *what)
{
	if (node->kind == YAML_LIST)
		return node->first;
	settings_wants(r->diag, node, what);
	return NULL;
}

bool
organisation_read_map(
    struct reading *r, const struct yaml *node, const char *want)
{
	return node->kind == YAML_MAP || settings_wants(r->diag, node, want);
}

/* The keys among ${names} that ${node} has not. */
void
organisation_read_wanted(struct reading *r, const struct yaml *node,
    const char *what, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (yaml_get(node, names[i]) == NULL)
			diag_add(r->diag, DIAG_ERROR, node->place,
			    "missing-setting", NULL, "%s has '%s:'", what,
			    names[i]);
}
