/*
 * The teams of an organisation file.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/settings.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* One team while it is read. */
struct team_in {
	struct team *team;
	const struct yaml *node;
	struct team_people staff;
	const struct zone *zone;
	bool own_holidays;
};

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

static void
read_name(struct reading *r, void *into, const struct yaml *n)
{
	struct team *team = ((struct team_in *)into)->team;

	organisation_read_name(r, &team->name_fr, &team->name_en, n);
}

static void
read_kind(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const kinds[] = {
	    "centre", "department", "brand", "region", "agency", "ambassador"};
	int kind =
	    organisation_read_word(r, n, "kind of a team", kinds, COUNT(kinds));

	if (kind >= 0)
		((struct team_in *)into)->team->kind =
		    (enum team_kind)(TEAM_CENTRE + kind);
}

static void
read_brands(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct team_in *)into)->team->brands, n);
}

static void
read_sectors(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct team_in *)into)->team->sectors, n);
}

static void
read_topics(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct team_in *)into)->team->topics, n);
}

static void
read_departments(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(
	    r, &((struct team_in *)into)->team->departments, n);
}

static void
read_languages(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_codes(
	    r, &((struct team_in *)into)->team->languages, n);
}

static void
read_countries(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_codes(
	    r, &((struct team_in *)into)->team->countries, n);
}

static void
read_min_level(struct reading *r, void *into, const struct yaml *n)
{
	struct team *team = ((struct team_in *)into)->team;
	int64_t most;

	if (n->kind == YAML_SCALAR && n->text.len == 1)
		organisation_read_levels(r, n, &team->min_level, &most);
	else
		settings_wants(r->diag, n, "a level from 0 to 4");
}

static void
read_levels(struct reading *r, void *into, const struct yaml *n)
{
	struct team_in *in = into;

	if (yaml_get(in->node, "min_level") != NULL)
		diag_add(r->diag, DIAG_ERROR, n->key_place, "twice",
		    "levels: [1, 4] says both ends",
		    "levels and min_level say the same thing");
	organisation_read_levels(
	    r, n, &in->team->min_level, &in->team->max_level);
}

static void
read_talk(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const talks[] = {"external", "internal", "both"};
	int talk = organisation_read_word(r, n, "talk", talks, COUNT(talks));

	if (talk >= 0)
		((struct team_in *)into)->team->talk = (enum talk)(talk + 1);
}

static void
read_hours(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_hours(r, &((struct team_in *)into)->team->hours, n);
}

static void
read_zone(struct reading *r, void *into, const struct yaml *n)
{
	struct team_in *in = into;

	in->zone = organisation_read_zone(r, n);
}

static void
read_holidays(struct reading *r, void *into, const struct yaml *n)
{
	struct team_in *in = into;

	in->own_holidays = true;
	in->team->hours.holidays =
	    organisation_read_holidays(r, n, &in->team->hours.holidays_count);
}

static void
read_capacity(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_number(
	    r, n, 1, 1000000, &((struct team_in *)into)->team->capacity);
}

static void
read_people(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_people(r, &((struct team_in *)into)->staff, n);
}

/* Teams by id; a person who stands in is a map. */
static void
read_deputies(struct reading *r, void *into, const struct yaml *n)
{
	struct team_in *in = into;
	bool list = n->kind == YAML_LIST;
	const struct yaml *item = list ? n->first : n;
	const struct team *team;

	in->team->deputies = arena_alloc(
	    r->o->arena, (n->count + 1) * sizeof(*in->team->deputies));
	for (; item != NULL; item = list ? item->next : NULL) {
		if (item->kind == YAML_MAP) {
			organisation_read_person(r, &in->staff, item, true);
			continue;
		}
		team = organisation_read_team_ref(r, item);
		if (team == in->team)
			diag_add(r->diag, DIAG_ERROR, item->place, "own-deputy",
			    "another team, or a person: "
			    "{name: Claire}",
			    "team '%s' cannot stand in for itself", team->id);
		else if (team != NULL)
			in->team->deputies[in->team->deputies_count++] = team;
	}
}

static void
read_under(struct reading *r, void *into, const struct yaml *n)
{
	((struct team_in *)into)->team->under =
	    organisation_read_team_ref(r, n);
}

static void
read_channel(struct reading *r, void *into, const struct yaml *n)
{
	if (n->kind == YAML_SCALAR && is_channel(n->text))
		((struct team_in *)into)->team->channel =
		    organisation_read_text(r, n);
	else
		settings_wants(r->diag, n,
		    "printable letters without blanks, at most 200");
}

static void
read_stage(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const stages[] = {"live", "pilot", "shadow"};
	int stage =
	    organisation_read_word(r, n, "stage", stages, COUNT(stages));

	if (stage >= 0)
		((struct team_in *)into)->team->stage = (enum team_stage)stage;
}

static void
read_pilot(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct team_in *)into)->team->pilot, n);
}

static const struct read_key team_keys[] = {
    {"id", NULL},
    {"name", read_name},
    {"kind", read_kind},
    {"brands", read_brands},
    {"sectors", read_sectors},
    {"topics", read_topics},
    {"departments", read_departments},
    {"languages", read_languages},
    {"countries", read_countries},
    {"levels", read_levels},
    {"min_level", read_min_level},
    {"talk", read_talk},
    {"hours", read_hours},
    {"zone", read_zone},
    {"holidays", read_holidays},
    {"capacity", read_capacity},
    {"people", read_people},
    {"deputies", read_deputies},
    {"under", read_under},
    {"channel", read_channel},
    {"stage", read_stage},
    {"pilot", read_pilot},
};

/* What the file says for all, where the team says nothing. */
static void
fill_hours(struct reading *r, struct team_in *in)
{
	struct hours *h = &in->team->hours;

	h->zone = in->zone;
	/* Whoever is there round the clock is there on holidays. */
	if (!in->own_holidays && !h->always) {
		h->holidays = r->o->plan->holidays;
		h->holidays_count = r->o->plan->holidays_count;
	}
	organisation_read_people_hours(r, &in->staff, in->own_holidays);
}

static size_t
count_people(const struct yaml *node)
{
	const struct yaml *people = yaml_get(node, "people");
	const struct yaml *deputies = yaml_get(node, "deputies");

	return (people != NULL ? people->count : 0) +
	       (deputies != NULL ? deputies->count : 0) + 1;
}

/* Does it say nothing at all about what is its own? */
static bool
is_unlimited(const struct team *team)
{
	const struct team_scope *scopes[] = {
	    &team->brands, &team->sectors, &team->topics, &team->departments};

	for (size_t i = 0; i < COUNT(scopes); i++)
		if (scopes[i]->all || scopes[i]->count > 0)
			return false;
	return true;
}

static void
fill_team(struct reading *r, struct team *team, const struct yaml *node)
{
	struct team_in in = {.team = team, .node = node, .zone = r->zone};

	in.staff.team = team;
	in.staff.people = arena_alloc(
	    r->o->arena, count_people(node) * sizeof(*in.staff.people));
	team->people = in.staff.people;
	organisation_read_keys(
	    r, node, team_keys, COUNT(team_keys), "setting of a team", &in);
	fill_hours(r, &in);
	if (team->name_en == NULL)
		team->name_fr = team->name_en = team->id;
	if (team->channel == NULL)
		team->channel = team->id;
	if (team->kind == TEAM_DEPARTMENT && is_unlimited(team)) {
		/* its id is the name that topics give it */
		team->departments.ids =
		    arena_alloc(r->o->arena, sizeof(team->id));
		team->departments.ids[0] = team->id;
		team->departments.count = 1;
	}
	if (!team->brands.all && !team->sectors.all &&
	    team->brands.count + team->sectors.count == 0) {
		if (team->topics.count + team->departments.count +
			team->languages.count + team->countries.count >
		    0)
			/* a department: its topics, whatever the brand */
			team->brands.all = team->sectors.all = true;
		else
			diag_add(r->diag, DIAG_ERROR, team->place, "idle-team",
			    "give it brands or sectors, \"*\" for all",
			    "team '%s' would get nothing", team->id);
	}
}

/* Its id is the key in a map, the member id in a list. */
static bool
name_team(struct reading *r, const struct yaml *node, struct slice *id)
{
	const struct yaml *named =
	    node->kind == YAML_MAP ? yaml_get(node, "id") : NULL;

	*id = node->key;
	if (node->kind != YAML_MAP)
		return settings_wants(
		    r->diag, node, "a team: {brands: ..., ...}");
	if (named != NULL && named->kind == YAML_SCALAR)
		*id = named->text;
	if (organisation_read_id(*id))
		return true;
	diag_add(r->diag, DIAG_ERROR,
	    named != NULL      ? named->place
	    : id->data != NULL ? node->key_place
			       : node->place,
	    "bad-id", "small letters, digits, - and _", "a team has an id");
	return false;
}

struct named {
	struct slice id;
	const struct yaml *node;
};

static int
by_id(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = slice_order(x->id, y->id);

	if (order != 0)
		return order;
	/* of two the one that stands first */
	return x->node->place.line != y->node->place.line
		   ? (x->node->place.line > y->node->place.line) * 2 - 1
		   : (x->node->place.column > y->node->place.column) * 2 - 1;
}

void
organisation_read_teams(struct reading *r, const struct yaml *node)
{
	struct organisation *o = r->o;
	struct named *named = must_alloc((node->count + 1) * sizeof(*named));
	size_t count = 0;

	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		if (name_team(r, n, &named[count].id))
			named[count++].node = n;
	qsort(named, count, sizeof(*named), by_id);
	o->teams = must_alloc((count + 1) * sizeof(*o->teams));
	for (size_t i = 0; i < count; i++) {
		const struct yaml *n = named[i].node;

		o->teams[i] =
		    (struct team){.id = arena_text(o->arena, named[i].id).data,
			.min_level = 1,
			.max_level = 4,
			.talk = TALK_EXTERNAL,
			.hours = {.always = true, .zone = zone_utc()},
			.place = n->key.data != NULL ? n->key_place : n->place};
		if (i > 0 && slice_equal(named[i].id, named[i - 1].id))
			diag_add(r->diag, DIAG_ERROR, o->teams[i].place,
			    "twice", NULL, "team '%s' is there twice",
			    o->teams[i].id);
	}
	o->teams_count = count;
	for (size_t i = 0; i < count; i++)
		fill_team(r, &o->teams[i], named[i].node);
	free(named);
}
