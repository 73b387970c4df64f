/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"
#include "engine/settings.h"

/* A quarter at four in the morning, all of it at half past seven in the
 * evening: breakfast, lunch and after work. */
static const double usual_hours[24] = {0.32, 0.27, 0.25, 0.25, 0.25, 0.30, 0.42,
    0.58, 0.66, 0.70, 0.74, 0.82, 0.84, 0.76, 0.74, 0.78, 0.84, 0.90, 0.96,
    1.00, 0.97, 0.86, 0.66, 0.45};

static uint32_t
new_lang(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario *s = r->s;

	if (s->langs_count == SCENARIO_LANGS_MAX || node->key.len == 0 ||
	    node->key.len > 8) {
		settings_wants(r->diag, node, "up to 8 codes of languages");
		return SCENARIO_ANY;
	}
	s->langs[s->langs_count] = arena_text(s->arena, node->key).data;
	return s->langs_count++;
}

static uint32_t
new_source(struct scenario_reader *r, const struct yaml *node)
{
	uint32_t i = 0;

	while (r->s->sources[i] != NULL && i + 1 < SCENARIO_SHARES_MAX)
		i++;
	r->s->sources[i] = arena_text(r->s->arena, node->key).data;
	return i;
}

static void
read_title(struct scenario_reader *r, const struct yaml *node)
{
	const struct yaml *fr = yaml_get(node, "fr");
	const struct yaml *en = yaml_get(node, "en");

	if (node->kind != YAML_MAP || fr == NULL || en == NULL) {
		settings_wants(r->diag, node, "{fr: text, en: text}");
		return;
	}
	r->s->title_fr = scenario_read_text(r, fr);
	r->s->title_en = scenario_read_text(r, en);
}

static const char **
read_texts(struct scenario_reader *r, const struct yaml *node, size_t *count)
{
	const char **texts;

	*count = 0;
	if (node->kind != YAML_LIST || node->count == 0) {
		settings_wants(r->diag, node, "a list of texts");
		return NULL;
	}
	texts = arena_alloc(r->s->arena, node->count * sizeof(*texts));
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		texts[(*count)++] = scenario_read_text(r, n);
	return texts;
}

static void
read_rules(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario *s = r->s;

	s->rules = read_texts(r, node, &s->rules_count);
	for (size_t i = 0; i < s->rules_count; i++)
		s->rules[i] = settings_path(
		    s->arena, node->place.path, s->rules[i]);
}

static void
read_hours(struct scenario_reader *r, const struct yaml *node)
{
	uint32_t i = 0;

	if (node->kind != YAML_LIST || node->count != 24) {
		settings_wants(r->diag, node, "24 numbers from 0 to 1");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		scenario_read_number(r, n, 0, 1, &r->s->hours[i++]);
}

static void
read_key(struct scenario_reader *r, const struct yaml *n)
{
	struct scenario *s = r->s;
	double zone;

	if (slice_is(n->key, "scenario"))
		s->name = scenario_read_text(r, n);
	else if (slice_is(n->key, "title"))
		read_title(r, n);
	else if (slice_is(n->key, "rules"))
		read_rules(r, n);
	else if (slice_is(n->key, "brands"))
		s->brands = read_texts(r, n, &s->brands_count);
	else if (slice_is(n->key, "from"))
		scenario_read_time(r, n, &s->from_ms);
	else if (slice_is(n->key, "to"))
		scenario_read_time(r, n, &s->to_ms);
	else if (slice_is(n->key, "crisis"))
		scenario_read_time(r, n, &s->crisis_ms);
	else if (slice_is(n->key, "statement"))
		scenario_read_time(r, n, &s->statement_ms);
	else if (slice_is(n->key, "zone") &&
	    scenario_read_number(r, n, -12, 14, &zone))
		s->zone_min = (int32_t)(zone * 60);
	else if (slice_is(n->key, "hours"))
		read_hours(r, n);
	else if (slice_is(n->key, "weekend"))
		scenario_read_number(r, n, 0, 2, &s->weekend);
	else if (slice_is(n->key, "languages"))
		scenario_read_shares(r, n, new_lang, &s->default_langs);
	else if (slice_is(n->key, "networks"))
		scenario_read_shares(r, n, new_source, &s->networks);
}

/* The texts of another file first, so that those of this one replace them. */
static void
read_include(struct scenario_reader *r, const struct yaml *node)
{
	struct scenario *s = r->s;
	const struct yaml *root = settings_load(s->arena,
	    settings_path(s->arena, node->place.path,
		scenario_read_text(r, node)), r->diag);

	if (root == NULL || root->kind != YAML_MAP)
		return;
	scenario_read_keys(r, root, "shared slots texts");
	if (yaml_get(root, "slots") != NULL)
		scenario_read_words(r, yaml_get(root, "slots"), &s->slots,
		    &s->slots_count);
	if (yaml_get(root, "texts") != NULL)
		scenario_read_words(r, yaml_get(root, "texts"), &s->texts,
		    &s->texts_count);
}

/* A slot that nothing fills would vanish in silence. */
static void
check_slots(struct scenario_reader *r, const struct yaml *root)
{
	const struct scenario *s = r->s;

	for (uint32_t k = 0; k < s->kinds_count; k++)
		for (uint32_t t = 0; t < s->texts_count; t++) {
			const struct scenario_words *w = &s->texts[t];

			if (strcmp(w->name, s->kinds[k].name) != 0)
				continue;
			for (uint32_t i = 0; i < w->count; i++)
				scenario_text_check(s, w->items[i], r->diag,
				    root->place);
		}
}

static void
read_plan(struct scenario_reader *r, const struct yaml *root)
{
	struct scenario *s = r->s;
	const struct yaml *n;

	scenario_read_keys(r, root, "scenario title about sampling brands "
	    "rules include from to crisis statement zone hours weekend "
	    "languages networks people kinds slots texts streams posts");
	for (n = root->first; n != NULL; n = n->next)
		read_key(r, n);
	if (s->name == NULL || s->title_fr == NULL || s->rules_count == 0 ||
	    s->langs_count == 0 || s->from_ms == TIME_NONE ||
	    s->to_ms == TIME_NONE || s->to_ms <= s->from_ms) {
		settings_wants(r->diag, root, "scenario:, title:, rules:, "
		    "languages:, and to: later than from:");
		return;
	}
	if (s->networks.count == 0) {
		s->sources[0] = "net";
		s->networks = (struct scenario_shares){
		    .parts = {1}, .count = 1, .sum = 1};
	}
	if ((n = yaml_get(root, "include")) != NULL)
		read_include(r, n);
	if ((n = yaml_get(root, "slots")) != NULL)
		scenario_read_words(r, n, &s->slots, &s->slots_count);
	if ((n = yaml_get(root, "texts")) != NULL)
		scenario_read_words(r, n, &s->texts, &s->texts_count);
	scenario_streams_read(r, root);
	check_slots(r, root);
}

struct scenario *
scenario_load(const char *path, struct diag *diag)
{
	struct scenario *s = must_alloc(sizeof(*s));
	struct scenario_reader r = {s, diag};
	unsigned errors = diag_errors(diag);
	const struct yaml *root;

	s->arena = arena_new();
	s->from_ms = s->to_ms = s->crisis_ms = s->statement_ms = TIME_NONE;
	s->weekend = 0.9;
	memcpy(s->hours, usual_hours, sizeof(s->hours));
	root = settings_load(s->arena, path, diag);
	if (root != NULL && root->kind == YAML_MAP)
		read_plan(&r, root);
	else if (root != NULL)
		settings_wants(diag, root, "the keys of a scenario");
	if (diag_errors(diag) == errors)
		return s;
	scenario_free(s);
	return NULL;
}

void
scenario_free(struct scenario *s)
{
	if (s == NULL)
		return;
	free(s->groups);
	free(s->kinds);
	free(s->texts);
	free(s->slots);
	free(s->streams);
	free(s->posts);
	arena_free(s->arena);
	free(s);
}

const char *
scenario_name(const struct scenario *s)
{
	return s->name;
}

const char *
scenario_title(const struct scenario *s, bool french)
{
	return french ? s->title_fr : s->title_en;
}

const char *const *
scenario_rules(const struct scenario *s, size_t *count)
{
	*count = s->rules_count;
	return s->rules;
}

bool
scenario_is_about(const struct scenario *s, const char *brand)
{
	bool about = s->brands_count == 0;

	for (size_t i = 0; brand != NULL && i < s->brands_count; i++)
		about = about || !strcmp(brand, s->brands[i]);
	return about;
}

int64_t
scenario_from_ms(const struct scenario *s)
{
	return s->from_ms;
}

int64_t
scenario_to_ms(const struct scenario *s)
{
	return s->to_ms;
}

int64_t
scenario_crisis_ms(const struct scenario *s)
{
	return s->crisis_ms;
}

int64_t
scenario_statement_ms(const struct scenario *s)
{
	return s->statement_ms;
}
