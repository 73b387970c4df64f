/*
 * What weighs: groups with caps, families of gravity, composites that
 * replace what they combine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "rules/cycle.h"
#include "rules/files.h"

void
files_weight_declare(struct files *f, uint32_t file, const struct yaml *node)
{
	static const char *const keys[] = {"min", "max", NULL};
	static const char *const changes[] = {
	    "min", "max", "override", "disable", NULL};
	struct decls *d = f->decls;
	struct group_decl g = {.min_milli = -WEIGHT_GROUP_MAX,
	    .max_milli = WEIGHT_GROUP_MAX,
	    .place = node->key_place};
	const struct files_id *twin;
	const struct yaml *v;
	bool over = files_local_may(f, file, node);

	if (!files_value_id(f, node->key, node->key_place) ||
	    !files_value_keys(f, node, "a group", over ? changes : keys))
		return;
	if (over) {
		twin = files_ids_find(&f->groups, node->key);
		if (twin == NULL) {
			files_local_unknown(f, node, "group", &f->groups);
			return;
		}
		g = d->groups[twin->index];
		if (files_local_flag(f, node, "disable")) {
			g.min_milli = -WEIGHT_GROUP_MAX;
			g.max_milli = WEIGHT_GROUP_MAX;
		}
	}
	if ((v = yaml_get(node, "min")) != NULL)
		files_value_milli(f, v, -WEIGHT_GROUP_MAX, 0, &g.min_milli);
	if ((v = yaml_get(node, "max")) != NULL)
		files_value_milli(f, v, 0, WEIGHT_GROUP_MAX, &g.max_milli);
	if (over) {
		d->groups[twin->index] = g;
		return;
	}
	g.id = arena_text(d->arena, node->key);
	twin = files_ids_add(&f->groups,
	    (struct files_id){g.id, node->key_place, d->groups_count});
	if (twin != NULL) {
		diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
		    "groups are unique in the whole set: rename one of them",
		    "the group '%.*s' is already declared at %s:%u",
		    SLICE_ARG(g.id), twin->place.path, twin->place.line);
		return;
	}
	if (d->groups_count == RULE_GROUPS_MAX) {
		files_value_error(f, node, "too-many",
		    "several rules may share a group", "too many groups");
		return;
	}
	d->groups[d->groups_count++] = g;
}

void
files_weight_group(struct files *f, const struct yaml *node, uint32_t *out)
{
	const struct decls *d = f->decls;
	const struct files_id *id;
	struct suggest s;
	struct buf help = {0};
	struct slice name;

	node = yaml_get(node, "group");
	if (node == NULL || !files_value_text(f, node, &name))
		return;
	id = files_ids_find(&f->groups, name);
	if (id != NULL) {
		*out = id->index;
		return;
	}
	suggest_start(&s, name);
	for (uint32_t i = 0; i < d->groups_count; i++)
		suggest_offer(&s, d->groups[i].id);
	suggest_say(&s, "groups", &help);
	diag_add(f->diag, DIAG_ERROR, node->place, "unknown-group", help.data,
	    "unknown group '%.*s'", SLICE_ARG(name));
	buf_fini(&help);
}

void
files_weight_family(struct files *f, const struct yaml *node, uint8_t *family,
    uint8_t *severity)
{
	static const char *const names[] = {
	    "victim", "accident", "preventable"};
	struct slice name;

	node = yaml_get(node, "family");
	if (node == NULL || !files_value_text(f, node, &name))
		return;
	for (uint8_t i = 0; i < 3; i++)
		if (slice_is(name, names[i])) {
			*family = *severity = (uint8_t)(i + 1);
			return;
		}
	files_value_error(f, node, "bad-value",
	    "victim: it happens to the brand (severity 1); accident: it went "
	    "wrong (2); preventable: it should not have been (3)",
	    "there is no such family");
}

/* ---- composites ---------------------------------------------------------- */

static void
unknown(struct files *f, const struct yaml *node, bool topic)
{
	const struct decls *d = f->decls;
	struct slice name = node->text;
	struct suggest s;
	struct buf help = {0};

	if (topic) {
		name.data += 6;
		name.len -= 6;
	}
	suggest_start(&s, name);
	for (uint32_t i = 0; topic && i < d->topics_count; i++)
		suggest_offer(&s, d->topics[i].d.id);
	for (uint32_t i = 0; !topic && i < d->rules_count; i++)
		suggest_offer(&s, d->rules[i].d.id);
	suggest_say(&s, topic ? "topics" : "rules (a topic is topic:id)",
	    &help);
	diag_add(f->diag, DIAG_ERROR, node->place,
	    topic ? "unknown-topic" : "unknown-rule", help.data,
	    "unknown %s '%.*s'", topic ? "topic" : "rule", SLICE_ARG(name));
	buf_fini(&help);
}

static void
add_replaced(struct files *f, struct rule_decl *r, const struct yaml *node)
{
	struct slice name;
	bool topic;
	const struct files_id *id;

	if (!files_value_text(f, node, &name))
		return;
	topic = name.len > 6 && !memcmp(name.data, "topic:", 6);
	if (topic)
		id = files_ids_find(&f->topics,
		    (struct slice){name.data + 6, name.len - 6});
	else
		id = files_ids_find(&f->rules, name);
	if (id == NULL) {
		unknown(f, node, topic);
		return;
	}
	r->replaces[r->replaces_count++] =
	    (struct replaced){id->index, topic, node->place};
}

void
files_weight_replaces(
    struct files *f, struct rule_decl *r, const struct yaml *node)
{
	node = yaml_get(node, "replaces");
	if (node == NULL || node->broken)
		return;
	if (node->kind == YAML_MAP) {
		files_value_error(f, node, "no-list",
		    "write [rule-id, 'topic:id']",
		    "a list of rules and topics is wanted");
		return;
	}
	r->replaces = arena_alloc(f->decls->arena,
	    (node->count > 0 ? node->count : 1) * sizeof(*r->replaces));
	if (node->kind == YAML_SCALAR)
		add_replaced(f, r, node);
	else
		for (const struct yaml *v = node->first; v != NULL; v = v->next)
			add_replaced(f, r, v);
}

void
files_weight_check(struct files *f)
{
	const struct decls *d = f->decls;
	struct cycle c = {.nodes = d->rules_count};
	struct buf text = {0};

	for (uint32_t i = 0; i < d->rules_count; i++)
		for (uint32_t k = 0; k < d->rules[i].replaces_count; k++) {
			const struct replaced *r = &d->rules[i].replaces[k];

			if (r->topic)
				continue;
			cycle_add(&c, i, r->index);
			if (d->rules[r->index].is_term)
				diag_add(f->diag, DIAG_ERROR, r->place,
				    "condition-weight", "take it out",
				    "a condition over time weighs nothing "
				    "that could be replaced");
		}
	if (c.edges_count > 0 && cycle_find(&c)) {
		for (uint32_t i = 0; i < c.path_count; i++)
			buf_printf(&text, "%s%.*s", i > 0 ? " > " : "",
			    SLICE_ARG(d->rules[c.path[i]].d.id));
		diag_add(f->diag, DIAG_ERROR, d->rules[c.path[0]].d.place,
		    "cycle", "take one of them out of a replaces:",
		    "rules that replace each other: %.*s",
		    SLICE_ARG(buf_slice(&text)));
	}
	buf_fini(&text);
	cycle_fini(&c);
}
