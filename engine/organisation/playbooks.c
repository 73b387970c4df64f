/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/playbooks.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/organisation/playbooks_read.h"
#include "engine/settings.h"

#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)

struct playbooks *
playbooks_new(void)
{
	struct playbooks *p = must_alloc(sizeof(*p));

	p->arena = arena_new();
	return p;
}

void
playbooks_free(struct playbooks *p)
{
	if (p == NULL)
		return;
	free(p->items);
	free(p->statements);
	arena_free(p->arena);
	free(p);
}

const struct playbook_statement *
playbooks_statement(const struct playbooks *p, const char *id)
{
	for (size_t i = 0; i < p->statements_count; i++)
		if (!strcmp(p->statements[i].id, id))
			return &p->statements[i];
	return NULL;
}

static bool
has_playbook(const struct playbooks *p, struct slice id)
{
	for (size_t i = 0; i < p->count; i++)
		if (slice_is(id, p->items[i].id))
			return true;
	return false;
}

static void
twice(struct diag *diag, const struct yaml *node, const char *what)
{
	diag_add(diag, DIAG_ERROR, node->key_place, "twice", NULL,
	    "%s '%.*s' is there twice", what, SLICE_ARG(node->key));
}

static void
add_playbook(struct playbooks *p, const struct yaml *node, struct diag *diag)
{
	struct playbook *made;

	if (has_playbook(p, node->key)) {
		twice(diag, node, "playbook");
		return;
	}
	if (p->count == p->room) {
		p->room = p->room * 2 + 8;
		p->items = must_grow(p->items, p->room * sizeof(*p->items));
	}
	made = &p->items[p->count++];
	*made = (struct playbook){0};
	playbooks_read_one(p->arena, made, node, diag);
}

static void
add_statement(struct playbooks *p, const struct yaml *node, struct diag *diag)
{
	struct playbook_statement *made;

	if (p->statements_count == p->statements_room) {
		p->statements_room = p->statements_room * 2 + 8;
		p->statements = must_grow(p->statements,
		    p->statements_room * sizeof(*p->statements));
	}
	made = &p->statements[p->statements_count];
	*made = (struct playbook_statement){0};
	playbooks_read_statement(p->arena, made, node, diag);
	if (made->id == NULL)
		return;
	if (playbooks_statement(p, made->id) != NULL)
		twice(diag, node, "statement");
	else
		p->statements_count++;
}

bool
playbooks_load(struct playbooks *p, const char *path, struct diag *diag)
{
	static const char *const names[] = {
	    "playbooks", "statements", "common"};
	unsigned errors = diag_errors(diag);
	const struct yaml *root = settings_load(p->arena, path, diag);

	if (root == NULL)
		return false;
	if (root->kind != YAML_MAP)
		return settings_wants(
		    diag, root, "playbooks: and statements:");
	for (const struct yaml *n = root->first; n != NULL; n = n->next) {
		bool books = slice_is(n->key, names[0]);

		if (slice_is(n->key, names[2])) {
			playbooks_read_common(p, n, diag);
			continue;
		}
		if (!books && !slice_is(n->key, names[1])) {
			settings_unknown(diag, n->key_place, "unknown-setting",
			    "setting", n->key, names, 3);
			continue;
		}
		if (n->kind != YAML_MAP) {
			settings_wants(diag, n, books ?
			    "playbooks by id" : "statements by id");
			continue;
		}
		for (const struct yaml *v = n->first; v != NULL; v = v->next)
			if (books)
				add_playbook(p, v, diag);
			else
				add_statement(p, v, diag);
	}
	return diag_errors(diag) == errors;
}

static void
check_statements(const struct playbooks *p, const struct playbook_names *names,
    struct diag *diag)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *id = names->items[i].id;
		const char **known;

		if (playbooks_statement(p, id) != NULL)
			continue;
		known = must_alloc((p->statements_count + 1) * sizeof(*known));
		for (size_t k = 0; k < p->statements_count; k++)
			known[k] = p->statements[k].id;
		settings_unknown(diag, names->items[i].place,
		    "unknown-statement", "statement", slice_of(id), known,
		    p->statements_count);
		free(known);
	}
}

bool
playbooks_check(const struct playbooks *p, struct diag *diag)
{
	unsigned errors = diag_errors(diag);

	for (size_t i = 0; i < p->count; i++) {
		const struct playbook *b = &p->items[i];

		check_statements(p, &b->statements, diag);
		for (size_t k = 0; k < b->stages_count; k++)
			check_statements(p, &b->stages[k].statements, diag);
	}
	return diag_errors(diag) == errors;
}

void
playbooks_doubts(const struct playbooks *p, int64_t now_ms,
    bool (*topic_known)(void *self, const char *topic, struct buf *help),
    void *self, struct diag *diag)
{
	struct buf help = {0};

	for (size_t i = 0; i < p->statements_count; i++) {
		const struct playbook_statement *s = &p->statements[i];

		if (s->expires_ms == TIME_NONE ||
		    s->expires_ms > now_ms + 30 * DAY_MS)
			continue;
		diag_add(diag, DIAG_WARNING, s->place, "expired",
		    "have it read and approved again, and move expires:",
		    s->expires_ms <= now_ms ?
		    "statement '%s' has expired (%s): no alert offers it" :
		    "statement '%s' expires within 30 days (%s)",
		    s->id, s->expires);
	}
	for (size_t i = 0; topic_known != NULL && i < p->count; i++) {
		const struct playbook_names *topics = &p->items[i].topics;

		for (size_t k = 0; k < topics->count; k++) {
			buf_clear(&help);
			if (topic_known(self, topics->items[k].id, &help) ||
			    help.len == 0)
				continue;
			buf_char(&help, '\0');
			diag_add(diag, DIAG_WARNING, topics->items[k].place,
			    "unknown-topic", help.data,
			    "no rule file has the topic '%s'",
			    topics->items[k].id);
		}
	}
	buf_fini(&help);
}
