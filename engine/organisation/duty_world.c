/*
 * What an organisation promises: brands, topics, languages, countries.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/duty_parts.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"

static const char *
copy(struct duty *d, struct slice text)
{
	return text.len == 0 ? NULL : arena_text(d->arena, text).data;
}

/* ---- of rule files */

static void
brands_of_rules(struct duty *d, const struct ruleset *rules)
{
	size_t sectors = ruleset_sectors(rules);
	size_t brands =
	    ruleset_brands(rules) - ruleset_disabled(rules, HIT_BRAND);

	d->brands =
	    arena_alloc(d->arena, (sectors + brands + 1) * sizeof(*d->brands));
	for (uint32_t i = 0; i < sectors; i++)
		d->brands[d->brands_count++].sector =
		    copy(d, ruleset_sector(rules, i)->id);
	for (uint32_t i = 0; i < brands; i++) {
		const struct rules_brand *b = ruleset_brand(rules, i);

		d->brands[d->brands_count++] =
		    (struct duty_brand){copy(d, b->id), copy(d, b->name),
			d->brands[b->sector].sector};
	}
}

static void
topics_of_rules(struct duty *d, const struct ruleset *rules)
{
	size_t topics =
	    ruleset_topics(rules) - ruleset_disabled(rules, HIT_TOPIC);

	d->topics = arena_alloc(d->arena, (topics + 1) * sizeof(*d->topics));
	d->topics_count = 1;
	for (uint32_t i = 0; i < topics; i++) {
		const struct rules_topic *t = ruleset_topic(rules, i);

		d->topics[d->topics_count++] =
		    (struct duty_topic){copy(d, t->id), copy(d, t->department),
			t->sector == RULES_NONE ? NULL
						: d->brands[t->sector].sector};
	}
}

/* ---- of the organisation itself */

struct names {
	const char **ids;
	size_t count;
};

static void
name(struct names *n, const char *id)
{
	for (size_t i = 0; i < n->count; i++)
		if (!strcmp(n->ids[i], id))
			return;
	n->ids = must_grow(n->ids, (n->count + 1) * sizeof(*n->ids));
	n->ids[n->count++] = id;
}

static void
name_scope(struct names *n, const struct team_scope *scope)
{
	for (size_t i = 0; i < scope->count; i++)
		name(n, scope->ids[i]);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort(struct names *n)
{
	if (n->count > 0)
		qsort(n->ids, n->count, sizeof(*n->ids), by_text);
}

/* What the file names; a house that names no brand answers for any. */
static void
named(struct duty *d)
{
	const struct organisation *o = d->o;
	struct names brands = {0}, sectors = {0}, topics = {0},
		     departments = {0};

	for (size_t i = 0; i < o->teams_count; i++) {
		name_scope(&brands, &o->teams[i].brands);
		name_scope(&sectors, &o->teams[i].sectors);
		name_scope(&topics, &o->teams[i].topics);
		name_scope(&departments, &o->teams[i].departments);
	}
	sort(&brands);
	sort(&sectors);
	sort(&topics);
	sort(&departments);
	if (sectors.count == 0)
		name(&sectors, DUTY_ANY);
	if (brands.count == 0)
		name(&brands, DUTY_ANY);
	d->brands = arena_alloc(
	    d->arena, (sectors.count + brands.count) * sizeof(*d->brands));
	for (size_t i = 0; i < sectors.count; i++)
		d->brands[d->brands_count++].sector = sectors.ids[i];
	for (size_t i = 0; i < brands.count; i++)
		d->brands[d->brands_count++] =
		    (struct duty_brand){brands.ids[i], brands.ids[i],
			sectors.count == 1 ? sectors.ids[0] : DUTY_ANY};
	d->topics = arena_alloc(d->arena,
	    (1 + topics.count + departments.count) * sizeof(*d->topics));
	d->topics_count = 1;
	for (size_t i = 0; i < topics.count; i++)
		d->topics[d->topics_count++].id = topics.ids[i];
	for (size_t i = 0; i < departments.count; i++)
		d->topics[d->topics_count++].department = departments.ids[i];
	free(brands.ids);
	free(sectors.ids);
	free(topics.ids);
	free(departments.ids);
}

/* ---- codes */

static const char **
codes(struct duty *d, struct names *n, bool unknown, size_t *count)
{
	const char **ids = arena_alloc(d->arena, (n->count + 1) * sizeof(*ids));

	*count = unknown ? 1 : 0;
	for (size_t i = 0; i < n->count && *count < DUTY_CODES_MAX; i++)
		ids[(*count)++] = n->ids[i];
	free(n->ids);
	return ids;
}

void
duty_world(struct duty *d, const struct ruleset *rules)
{
	const struct team_scope *promised = &d->o->plan->languages;
	struct names langs = {0}, countries = {0};

	if (rules != NULL) {
		d->from_rules = true;
		brands_of_rules(d, rules);
		topics_of_rules(d, rules);
	} else {
		named(d);
	}
	name_scope(&langs, promised);
	d->langs = codes(d, &langs, promised->count == 0, &d->langs_count);
	for (size_t i = 0; i < d->o->teams_count; i++)
		name_scope(&countries, &d->o->teams[i].countries);
	sort(&countries);
	d->countries = codes(d, &countries, true, &d->countries_count);
}
