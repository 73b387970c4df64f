/*
 * Who speaks and how often, as a plan has it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"
#include "engine/settings.h"

#define GROW(array, count) \
	((array) = must_grow((array), ((count) + 1ul) * sizeof(*(array))), \
	    memset(&(array)[count], 0, sizeof(*(array))), &(array)[(count)++])

/* ---- people and kinds of talk ------------------------------------------- */

static uint32_t
group_index(struct scenario_reader *r, const struct yaml *node)
{
	const char *names[64];
	uint32_t i = 0;

	for (; i < r->s->groups_count && i < 64; i++) {
		names[i] = r->s->groups[i].name;
		if (node->kind == YAML_SCALAR && slice_is(node->text, names[i]))
			return i;
	}
	settings_unknown(r->diag, node->place, "unknown-people", "people",
	    node->text, names, i);
	return SCENARIO_ORDINARY;
}

static void
read_group(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario_group *g = NULL;
	double v;

	for (uint32_t i = 0; i < r->s->groups_count; i++)
		if (slice_is(node->key, r->s->groups[i].name))
			g = &r->s->groups[i];
	if (g == NULL) {
		g = GROW(r->s->groups, r->s->groups_count);
		*g = (struct scenario_group){
		    arena_text(r->s->arena, node->key).data, 20, 1000, 1};
	}
	if (node->kind != YAML_MAP) {
		settings_wants(r->diag, node, "accounts:, followers:, spread:");
		return;
	}
	scenario_read_keys(r, node, "accounts followers spread");
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (slice_is(n->key, "accounts") &&
		    scenario_read_number(r, n, 1, 100000, &v))
			g->accounts = (uint32_t)v;
		else if (slice_is(n->key, "followers"))
			scenario_read_number(r, n, 1, 1e8, &g->followers);
		else if (slice_is(n->key, "spread"))
			scenario_read_number(r, n, 0, 3, &g->spread);
	}
}

/* A kind is known by its texts; kinds: only says more about it. */
static uint32_t
kind_index(struct scenario_reader *r, const struct yaml *node,
    struct slice name)
{
	struct scenario *s = r->s;
	const char *names[128];
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->kinds_count; i++)
		if (slice_is(name, s->kinds[i].name))
			return i;
	for (uint32_t i = 0; i < s->texts_count; i++) {
		struct scenario_kind *k;

		if (n < 128)
			names[n++] = s->texts[i].name;
		if (!slice_is(name, s->texts[i].name))
			continue;
		k = GROW(s->kinds, s->kinds_count);
		k->name = s->texts[i].name;
		k->by = SCENARIO_ORDINARY;
		return s->kinds_count - 1;
	}
	settings_unknown(r->diag, node->place, "unknown-kind", "kind of talk",
	    name, names, n);
	return SCENARIO_ANY;
}

static uint32_t
kind_of_key(struct scenario_reader *r, const struct yaml *node)
{
	return kind_index(r, node, node->key);
}

static uint32_t
lang_of_key(struct scenario_reader *r, const struct yaml *node)
{
	uint32_t lang = scenario_read_lang(r, node->key);

	if (lang == SCENARIO_ANY)
		settings_unknown(r->diag, node->key_place, "unknown-language",
		    "language", node->key, r->s->langs, r->s->langs_count);
	return lang;
}

static void
read_kind(struct scenario_reader *r, const struct yaml *node)
{
	uint32_t k = kind_index(r, node, node->key);

	if (k == SCENARIO_ANY)
		return;
	if (node->kind != YAML_MAP) {
		settings_wants(r->diag, node, "by:, source:, form:");
		return;
	}
	scenario_read_keys(r, node, "by source form");
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (slice_is(n->key, "by"))
			r->s->kinds[k].by = group_index(r, n);
		else if (slice_is(n->key, "source"))
			r->s->kinds[k].source = scenario_read_text(r, n);
		else if (slice_is(n->key, "form"))
			r->s->kinds[k].form = scenario_read_text(r, n);
	}
}

/* ---- streams ------------------------------------------------------------ */

static void
read_points(struct scenario_reader *r, const struct yaml *node,
    struct scenario_stream *st)
{
	if (node->kind != YAML_LIST || node->count < 2 ||
	    node->count > SCENARIO_POINTS_MAX) {
		settings_wants(r->diag, node, "2 to 32 pairs [time, count]");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		uint32_t i = st->points_count;

		if (n->kind != YAML_LIST || n->count != 2) {
			settings_wants(r->diag, n, "[time, count]");
			continue;
		}
		if (!scenario_read_time(r, n->first, &st->points[i].at_ms) ||
		    !scenario_read_number(r, n->first->next, 0, 1e9,
			&st->points[i].count))
			continue;
		if (i > 0 && (st->points[i].at_ms < st->points[i - 1].at_ms +
				     MINUTE_MS ||
				 st->points[i].count < st->points[i - 1].count))
			settings_wants(r->diag, n, "a later time, no less");
		else
			st->points_count++;
	}
}

static void
read_stream_key(struct scenario_reader *r, const struct yaml *n,
    struct scenario_stream *st, double *per)
{
	double v;

	if (slice_is(n->key, "name"))
		st->name = scenario_read_text(r, n);
	else if (slice_is(n->key, "per_hour"))
		scenario_read_number(r, n, 0.001, 6000, &st->per_hour);
	else if (slice_is(n->key, "at"))
		scenario_read_time(r, n, &st->at_ms);
	else if (slice_is(n->key, "until"))
		scenario_read_time(r, n, &st->until_ms);
	else if (slice_is(n->key, "doubling"))
		scenario_read_minutes(r, n, &st->doubling_min);
	else if (slice_is(n->key, "half_life"))
		scenario_read_minutes(r, n, &st->half_life_min);
	else if (slice_is(n->key, "counts"))
		read_points(r, n, st);
	else if (slice_is(n->key, "one_post_for"))
		scenario_read_number(r, n, 1, 1e9, per);
	else if (slice_is(n->key, "kinds"))
		scenario_read_shares(r, n, kind_of_key, &st->kinds);
	else if (slice_is(n->key, "languages"))
		scenario_read_shares(r, n, lang_of_key, &st->langs);
	else if (slice_is(n->key, "reposts") &&
	    scenario_read_number(r, n, 0, 95, &v))
		st->reposts = (uint32_t)v;
	else if (slice_is(n->key, "bots") &&
	    scenario_read_number(r, n, 0, 100, &v))
		st->bots = (uint32_t)v;
}

static void
read_stream(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario_stream *st = GROW(r->s->streams, r->s->streams_count);
	double per = 1;

	st->at_ms = st->until_ms = TIME_NONE;
	st->doubling_min = 60;
	st->half_life_min = 720;
	st->langs = r->s->default_langs;
	scenario_read_keys(r, node, "name per_hour at until doubling half_life "
	    "counts one_post_for kinds languages reposts bots");
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		read_stream_key(r, n, st, &per);
	for (uint32_t i = 0; i < st->points_count; i++)
		st->points[i].count /= per;
	if (st->kinds.count == 0 || st->langs.count == 0)
		settings_wants(r->diag, node, "kinds: of talk, and languages:");
	if (st->per_hour <= 0 && st->points_count == 0)
		settings_wants(r->diag, node, "per_hour:, or counts:");
	/* What begins once trouble has begun is part of it. */
	st->wave = r->s->crisis_ms != TIME_NONE &&
	    ((st->at_ms != TIME_NONE && st->at_ms >= r->s->crisis_ms) ||
		(st->points_count > 0 &&
		    st->points[0].at_ms >= r->s->crisis_ms));
}

static void
read_post(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario_post *p = GROW(r->s->posts, r->s->posts_count);
	double v;

	*p = (struct scenario_post){.at_ms = TIME_NONE, .followers = 45000,
	    .kind = SCENARIO_ANY, .handle = "", .source = r->s->sources[0]};
	scenario_read_keys(r, node, "at handle kind language followers source");
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (slice_is(n->key, "at"))
			scenario_read_time(r, n, &p->at_ms);
		else if (slice_is(n->key, "handle"))
			p->handle = scenario_read_text(r, n);
		else if (slice_is(n->key, "source"))
			p->source = scenario_read_text(r, n);
		else if (slice_is(n->key, "kind"))
			p->kind = kind_index(r, n, n->text);
		else if (slice_is(n->key, "followers") &&
		    scenario_read_number(r, n, 0, 1e9, &v))
			p->followers = (uint32_t)v;
		else if (slice_is(n->key, "language") &&
		    scenario_read_lang(r, n->text) != SCENARIO_ANY)
			p->lang = scenario_read_lang(r, n->text);
		else if (slice_is(n->key, "language"))
			settings_wants(r->diag, n, "one of the languages");
	}
	if (p->at_ms == TIME_NONE || p->kind == SCENARIO_ANY || !*p->handle)
		settings_wants(r->diag, node, "at:, handle: and kind:");
	p->wave = r->s->crisis_ms != TIME_NONE && p->at_ms >= r->s->crisis_ms;
}

static void
each(struct scenario_reader *r, const struct yaml *root, const char *key,
    enum yaml_kind kind,
    void (*read)(struct scenario_reader *r, const struct yaml *node))
{
	const struct yaml *node = yaml_get(root, key);
	bool items = kind == YAML_LIST;

	if (node == NULL)
		return;
	if (node->kind != kind) {
		settings_wants(r->diag, node, items ? "a list" : "names");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (items && n->kind != YAML_MAP)
			settings_wants(r->diag, n, "keys and values");
		else
			read(r, n);
	}
}

void
scenario_streams_read(struct scenario_reader *r, const struct yaml *root)
{
	*GROW(r->s->groups, r->s->groups_count) =
	    (struct scenario_group){"ordinary", 6000, 180, 1.3};
	*GROW(r->s->groups, r->s->groups_count) =
	    (struct scenario_group){"bots", 60, 15, 0.8};
	each(r, root, "people", YAML_MAP, read_group);
	each(r, root, "kinds", YAML_MAP, read_kind);
	each(r, root, "streams", YAML_LIST, read_stream);
	each(r, root, "posts", YAML_LIST, read_post);
}
