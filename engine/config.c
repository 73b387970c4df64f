/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/config.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/lifecycle/nomarketing_read.h"
#include "engine/settings_value.h"
#include "engine/density/signals.h"

/* What a reader of one key has in hand. */
struct reader {
	struct config *config;
	const struct config_types *types;
	struct diag *diag;
	const struct yaml *root;
};

#define TYPES_MAX 64

struct config *
config_new(void)
{
	static const int64_t theta[CONFIG_LEVELS] = {5, 10, 20, 35};
	struct config *config = must_alloc(sizeof(*config));

	config->arena = arena_new();
	for (size_t i = 0; i < CONFIG_LEVELS; i++)
		config->theta_micro[i] = theta[i] * 1000000;
	config->alpha_micro = 20 * 1000000;
	config->signals = signals_settings_new();
	return config;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->sources_count; i++)
		free(config->sources[i]);
	for (size_t i = 0; i < config->sinks_count; i++)
		free(config->sinks[i]);
	free(config->sources);
	free(config->sinks);
	free(config->rules);
	free(config->playbooks);
	signals_settings_free(config->signals);
	arena_free(config->arena);
	free(config);
}

const char *
config_find(const char *option)
{
	const char *named = option != NULL ? option : getenv("VIGIE_CONFIG");

	return named != NULL && named[0] != '\0' ? named : NULL;
}

const char *
config_control(const struct config *config)
{
	char path[4096];

	if (config->control_socket != NULL || config->state_dir == NULL)
		return config->control_socket;
	snprintf(path, sizeof(path), "%s/control.sock", config->state_dir);
	return arena_text(config->arena, slice_of(path)).data;
}

static struct source *
source_push(struct config *config, const struct source_type *type)
{
	struct source *s = must_alloc(type->size);

	s->type = type;
	snprintf(s->name, sizeof(s->name), "%s", type->name);
	config->sources = must_grow(config->sources,
	    (config->sources_count + 1) * sizeof(struct source *));
	config->sources[config->sources_count++] = s;
	return s;
}

static struct sink *
sink_push(struct config *config, const struct sink_type *type)
{
	struct sink *s = must_alloc(type->size);

	s->type = type;
	snprintf(s->name, sizeof(s->name), "%s", type->name);
	config->sinks = must_grow(config->sinks,
	    (config->sinks_count + 1) * sizeof(struct sink *));
	config->sinks[config->sinks_count++] = s;
	return s;
}

struct source *
config_add_source(struct config *config, const struct source_type *type)
{
	struct source *s = source_push(config, type);

	settings_read(type->settings, NULL, NULL, s, config->arena, NULL);
	return s;
}

struct sink *
config_add_sink(struct config *config, const struct sink_type *type)
{
	struct sink *s = sink_push(config, type);

	settings_read(type->settings, NULL, NULL, s, config->arena, NULL);
	return s;
}

static const char *
copy_path(struct reader *r, const struct yaml *node)
{
	return settings_path(r->config->arena, node->place.path,
	    arena_text(r->config->arena, node->text).data);
}

/* rules: and playbooks: one path, or several. */
static void
read_paths(struct reader *r, const struct yaml *node)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	struct config *c = r->config;
	bool rules = slice_is(node->key, "rules");
	const char ***paths = rules ? &c->rules : &c->playbooks;
	size_t *count = rules ? &c->rules_count : &c->playbooks_count;

	if (node->kind == YAML_MAP) {
		settings_wants(r->diag, node, "a path or a list of paths");
		return;
	}
	for (; item != NULL; item = list ? item->next : NULL) {
		if (item->kind != YAML_SCALAR || item->text.len == 0) {
			settings_wants(r->diag, item, "a path");
			continue;
		}
		*paths = must_grow(*paths, (*count + 1) * sizeof(**paths));
		(*paths)[(*count)++] = copy_path(r, item);
	}
}

static void
read_one(struct reader *r, const struct yaml *node)
{
	static const struct setting rows[] = {
	    {.name = "organisation", .type = SETTING_PATH,
		.offset = offsetof(struct config, organisation)},
	    {.name = "state_dir", .type = SETTING_PATH,
		.offset = offsetof(struct config, state_dir)},
	    {.name = "cache", .type = SETTING_PATH,
		.offset = offsetof(struct config, cache)},
	    {.name = "key", .type = SETTING_TEXT,
		.offset = offsetof(struct config, key)},
	    {.name = "workers", .type = SETTING_INT, .min = 1,
		.max = WORKERS_MAX, .offset = offsetof(struct config, workers)},
	    {.name = "watch", .type = SETTING_BOOL,
		.offset = offsetof(struct config, watch)},
	};
	const struct yaml alone = {
	    .kind = YAML_MAP, .place = node->place, .count = 1};
	struct yaml copy = *node, map = alone;

	if (slice_is(node->key, "cache") && node->kind == YAML_SCALAR &&
	    slice_is(node->text, "none")) {
		r->config->no_cache = true;
		return;
	}
	copy.next = NULL;
	map.first = &copy;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct setting one[2] = {rows[i], {0}};

		if (slice_is(node->key, rows[i].name))
			settings_read(one, &map, NULL, r->config,
			    r->config->arena, r->diag);
	}
}

static void
read_control(struct reader *r, const struct yaml *node)
{
	static const struct setting rows[] = {
	    {.name = "socket", .type = SETTING_PATH, .required = true,
		.offset = offsetof(struct config, control_socket),
		.help = "path of the unix socket that vigie ctl talks to"},
	    {.name = NULL},
	};

	if (node->kind != YAML_MAP)
		settings_wants(r->diag, node, "{socket: PATH}");
	else
		settings_read(rows, node, NULL, r->config, r->config->arena,
		    r->diag);
}

static void
read_density(struct reader *r, const struct yaml *node)
{
	static const char *const names[] = {"theta", "alpha", "budget"};
	const struct yaml *budget;
	struct config *c = r->config;
	const struct yaml *theta, *alpha, *item;
	size_t n = 0;

	if (node->kind != YAML_MAP) {
		settings_wants(r->diag, node, "theta, alpha and budget");
		return;
	}
	for (item = node->first; item != NULL; item = item->next)
		if (!slice_is(item->key, "theta") &&
		    !slice_is(item->key, "alpha") &&
		    !slice_is(item->key, "budget"))
			settings_unknown(r->diag, item->key_place,
			    "unknown-setting", "setting", item->key, names, 3);
	alpha = yaml_get(node, "alpha");
	if (alpha != NULL &&
	    (alpha->kind != YAML_SCALAR ||
		!settings_value_micro(alpha->text, &c->alpha_micro) ||
		c->alpha_micro == 0))
		settings_wants(r->diag, alpha, "a number above 0");
	budget = yaml_get(node, "budget");
	if (budget != NULL &&
	    (budget->kind != YAML_SCALAR ||
		!settings_value_number(SETTING_INT, budget->text,
		    &c->budget) || c->budget < 1 || c->budget > 1000))
		settings_wants(r->diag, budget,
		    "alerts per brand and week, 1 to 1000");
	theta = yaml_get(node, "theta");
	if (theta == NULL)
		return;
	for (item = theta->first; item != NULL && n < CONFIG_LEVELS;
	     item = item->next, n++)
		if (item->kind != YAML_SCALAR ||
		    !settings_value_micro(item->text, &c->theta_micro[n]) ||
		    c->theta_micro[n] <= (n > 0 ? c->theta_micro[n - 1] : 0))
			break;
	if (theta->kind != YAML_LIST || item != NULL || n != CONFIG_LEVELS)
		settings_wants(r->diag, item != NULL ? item : theta,
		    "four rising numbers above 0, one per level 1 to 4");
}

static void
read_signals(struct reader *r, const struct yaml *node)
{
	signals_settings_read(r->config->signals, node, r->config->arena,
	    r->diag);
}

static void
read_nomarketing(struct reader *r, const struct yaml *node)
{
	nomarketing_read(&r->config->nomarketing, node,
	    yaml_get(r->root, "key"), r->config->arena, r->diag);
}

/* The type: of one source or sink, a text, or NULL after an error. */
static const struct yaml *
part_type(struct reader *r, const struct yaml *part)
{
	const struct yaml *type = NULL;

	if (part->kind == YAML_MAP)
		type = yaml_get(part, "type");
	if (type != NULL && type->kind == YAML_SCALAR)
		return type;
	diag_add(r->diag, DIAG_ERROR, part->place, "missing-type",
	    "write it as {type: ..., ...}", "a source or sink has a type");
	return NULL;
}

static void
read_source(struct reader *r, const struct yaml *part)
{
	const struct yaml *type = part_type(r, part);
	const struct source_type *t;
	const char *names[TYPES_MAX];
	size_t i = 0;

	if (type == NULL)
		return;
	for (; (t = r->types->source_at(i)) != NULL; i++) {
		REQUIRE(i < TYPES_MAX);
		names[i] = t->name;
		if (slice_is(type->text, t->name)) {
			settings_read(t->settings, part, "type",
			    source_push(r->config, t), r->config->arena,
			    r->diag);
			return;
		}
	}
	settings_unknown(r->diag, type->place, "unknown-source",
	    "type of source", type->text, names, i);
}

static void
read_sink(struct reader *r, const struct yaml *part)
{
	const struct yaml *type = part_type(r, part);
	const struct sink_type *t;
	const char *names[TYPES_MAX];
	size_t i = 0;

	if (type == NULL)
		return;
	for (; (t = r->types->sink_at(i)) != NULL; i++) {
		REQUIRE(i < TYPES_MAX);
		names[i] = t->name;
		if (slice_is(type->text, t->name)) {
			settings_read(t->settings, part, "type",
			    sink_push(r->config, t), r->config->arena, r->diag);
			return;
		}
	}
	settings_unknown(r->diag, type->place, "unknown-sink", "type of sink",
	    type->text, names, i);
}

static void
read_parts(struct reader *r, const struct yaml *node)
{
	bool sources = slice_is(node->key, "sources");

	if (node->kind != YAML_LIST) {
		settings_wants(r->diag, node, "a list: [{type: ..., ...}]");
		return;
	}
	for (const struct yaml *p = node->first; p != NULL; p = p->next) {
		if (sources)
			read_source(r, p);
		else
			read_sink(r, p);
	}
}

static const struct {
	const char *name;
	void (*read)(struct reader *r, const struct yaml *node);
} keys[] = {
    {"rules", read_paths},
    {"playbooks", read_paths},
    {"organisation", read_one},
    {"workers", read_one},
    {"state_dir", read_one},
    {"cache", read_one},
    {"key", read_one},
    {"sources", read_parts},
    {"sinks", read_parts},
    {"density", read_density},
    {"control", read_control},
    {"watch", read_one},
    {"signals", read_signals},
    {"nomarketing", read_nomarketing},
};
#define KEYS (sizeof(keys) / sizeof(*keys))

bool
config_load(struct config *config, const char *path,
    const struct config_types *types, struct diag *diag)
{
	struct reader r = {config, types, diag, NULL};
	unsigned errors = diag_errors(diag);
	const struct yaml *root = settings_load(config->arena, path, diag);
	const char *names[KEYS];

	for (size_t i = 0; i < KEYS; i++)
		names[i] = keys[i].name;
	if (root == NULL)
		return false;
	if (root->kind != YAML_MAP)
		return settings_wants(
		    diag, root, "keys: rules, sources, sinks, ...");
	r.root = root;
	for (const struct yaml *n = root->first; n != NULL; n = n->next) {
		size_t i = 0;

		while (i < KEYS && !slice_is(n->key, names[i]))
			i++;
		if (i < KEYS)
			keys[i].read(&r, n);
		else
			settings_unknown(diag, n->key_place, "unknown-setting",
			    "setting", n->key, names, KEYS);
	}
	return diag_errors(diag) == errors;
}
