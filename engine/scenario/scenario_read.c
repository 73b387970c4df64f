/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"
#include "engine/settings_value.h"

const char *
scenario_read_text(struct scenario_reader *r, const struct yaml *node)
{
	if (node->kind != YAML_SCALAR || node->text.len == 0 ||
	    memchr(node->text.data, 0, node->text.len) != NULL) {
		settings_wants(r->diag, node, "a text");
		return "";
	}
	return arena_text(r->s->arena, node->text).data;
}

bool
scenario_read_number(struct scenario_reader *r, const struct yaml *node,
    double least, double most, double *v)
{
	struct slice text = node->text;
	bool below = node->kind == YAML_SCALAR && least < 0 && text.len > 1 &&
	    text.data[0] == '-';
	char want[64];
	int64_t micro;

	if (below) /* settings know no numbers below zero */
		text = (struct slice){text.data + 1, text.len - 1};
	if (node->kind == YAML_SCALAR && settings_value_micro(text, &micro)) {
		double read = (double)(below ? -micro : micro) / 1e6;

		if (read >= least && read <= most) {
			*v = read;
			return true;
		}
	}
	snprintf(want, sizeof(want), "a number from %g to %g", least, most);
	return settings_wants(r->diag, node, want);
}

bool
scenario_read_time(struct scenario_reader *r, const struct yaml *node,
    int64_t *ms)
{
	if (node->kind == YAML_SCALAR && clock_parse(node->text, ms))
		return true;
	return settings_wants(
	    r->diag, node, "a time such as 2010-03-17T09:05:00Z");
}

bool
scenario_read_minutes(struct scenario_reader *r, const struct yaml *node,
    double *minutes)
{
	int64_t ms;

	if (node->kind == YAML_SCALAR &&
	    settings_value_number(SETTING_DURATION, node->text, &ms) &&
	    ms >= MINUTE_MS && ms <= 60 * 1440 * MINUTE_MS) {
		*minutes = (double)ms / (double)MINUTE_MS;
		return true;
	}
	return settings_wants(r->diag, node, "a duration (m h d) up to 60d");
}

void
scenario_read_keys(struct scenario_reader *r, const struct yaml *map,
    const char *keys)
{
	const char *names[32];
	size_t count = 0;

	for (const char *p = keys; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		REQUIRE(count < sizeof(names) / sizeof(names[0]));
		names[count++] = arena_text(
		    r->s->arena, (struct slice){p, n}).data;
		p += n;
	}
	for (const struct yaml *n = map->first; n != NULL; n = n->next) {
		size_t i = 0;

		while (i < count && !slice_is(n->key, names[i]))
			i++;
		if (i == count)
			settings_unknown(r->diag, n->key_place, "unknown-key",
			    "key", n->key, names, count);
	}
}

void
scenario_read_shares(struct scenario_reader *r, const struct yaml *map,
    uint32_t (*index)(struct scenario_reader *r, const struct yaml *node),
    struct scenario_shares *to)
{
	memset(to, 0, sizeof(*to));
	if (map->kind != YAML_MAP || map->count == 0 ||
	    map->count > SCENARIO_SHARES_MAX) {
		settings_wants(r->diag, map, "names with a number each");
		return;
	}
	for (const struct yaml *n = map->first; n != NULL; n = n->next) {
		uint32_t what = index(r, n);
		double parts = 0;

		if (what == SCENARIO_ANY ||
		    !scenario_read_number(r, n, 1, 100000, &parts))
			continue;
		to->what[to->count] = what;
		to->parts[to->count++] = (uint32_t)parts;
		to->sum += (uint32_t)parts;
	}
}

uint32_t
scenario_read_lang(struct scenario_reader *r, struct slice code)
{
	struct scenario *s = r->s;

	for (uint32_t i = 0; i < s->langs_count; i++)
		if (slice_is(code, s->langs[i]))
			return i;
	return SCENARIO_ANY;
}

static void
read_list(struct scenario_reader *r, const struct yaml *node, const char *name,
    uint32_t lang, struct scenario_words **to, uint32_t *count)
{
	struct scenario_words w = {.name = name, .lang = lang};
	uint32_t i = 0;

	if (node->kind != YAML_LIST || node->count == 0) {
		settings_wants(r->diag, node, "a list of texts");
		return;
	}
	w.items = arena_alloc(r->s->arena, node->count * sizeof(*w.items));
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR) {
			settings_wants(r->diag, n, "a text");
			continue;
		}
		w.items[w.count++] = arena_text(r->s->arena, n->text);
	}
	while (i < *count && (strcmp((*to)[i].name, name) != 0 ||
				 (*to)[i].lang != lang))
		i++;
	if (i == *count) {
		*to = must_grow(*to, (*count + 1ul) * sizeof(**to));
		++*count;
	}
	(*to)[i] = w;
}

void
scenario_read_words(struct scenario_reader *r, const struct yaml *map,
    struct scenario_words **to, uint32_t *count)
{
	if (map->kind != YAML_MAP) {
		settings_wants(r->diag, map, "names with their texts");
		return;
	}
	for (const struct yaml *n = map->first; n != NULL; n = n->next) {
		const char *name = arena_text(r->s->arena, n->key).data;

		if (n->kind != YAML_MAP) {
			read_list(r, n, name, SCENARIO_ANY, to, count);
			continue;
		}
		for (const struct yaml *l = n->first; l != NULL; l = l->next) {
			uint32_t lang = scenario_read_lang(r, l->key);

			/* Shared texts may be in more languages than one
			 * scenario speaks. */
			if (lang != SCENARIO_ANY)
				read_list(r, l, name, lang, to, count);
		}
	}
}
