/*
 * local.d: a user's own changes to files that are not to be edited.
 *
 * Files in a folder of that name are read after all others.  An entry of an
 * id that exists changes it: with override: true the keys that it gives take
 * the place of the old ones, with disable: true it matches nothing any more.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "rules/files.h"

bool
files_local_path(const char *path)
{
	const char *at = path;

	while ((at = strstr(at, "local.d/")) != NULL) {
		if (at == path || at[-1] == '/')
			return true;
		at++;
	}
	return false;
}

/* The folder beside ${path}, if there is one. */
static void
walk_beside(struct files_paths *paths, const char *path, struct diag *diag)
{
	size_t len = strlen(path);
	char *beside = must_alloc(len + sizeof("../local.d"));
	struct stat st;

	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	snprintf(beside, len + sizeof("local.d"), "%.*slocal.d", (int)len,
	    path);
	if (!files_local_path(path) && !stat(beside, &st) &&
	    S_ISDIR(st.st_mode))
		files_walk(paths, beside, diag);
	free(beside);
}

void
files_local_walk(struct files_paths *paths, const char *const *given,
    size_t count, struct diag *diag)
{
	struct files_path *sorted;
	size_t kept = 0;

	paths->may_be_empty = true;
	for (size_t i = 0; i < count; i++)
		walk_beside(paths, given[i], diag);
	sorted = must_alloc((paths->count + 1) * sizeof(*sorted));
	for (int local = 0; local < 2; local++)
		for (size_t i = 0; i < paths->count; i++)
			if (files_local_path(paths->items[i].path) == local)
				sorted[kept++] = paths->items[i];
	free(paths->items);
	paths->items = sorted;
	paths->room = paths->count + 1;
}

bool
files_local_flag(struct files *f, const struct yaml *node, const char *key)
{
	const struct yaml *v =
	    node->kind == YAML_MAP ? yaml_get(node, key) : NULL;

	if (v == NULL || v->broken)
		return false;
	if (v->kind == YAML_SCALAR && slice_is(v->text, "true"))
		return true;
	if (v->kind != YAML_SCALAR || !slice_is(v->text, "false"))
		files_value_error(f, v, "bad-value", "write true, or no key",
		    "this is neither true nor false");
	return false;
}

static bool
is_order(struct slice key)
{
	return slice_is(key, "override") || slice_is(key, "disable");
}

/* ${base} with the keys of ${over} in place of its own. */
static const struct yaml *
merge(struct files *f, const struct yaml *base, const struct yaml *over)
{
	struct yaml *out = arena_alloc(f->trees, sizeof(*out)), **tail;

	*out = *base;
	out->first = NULL;
	out->count = 0;
	tail = &out->first;
	for (int pass = 0; pass < 2; pass++) {
		const struct yaml *v = pass == 0 ? over->first : base->first;

		for (; v != NULL; v = v->next) {
			char key[64];

			snprintf(key, sizeof(key), "%.*s", SLICE_ARG(v->key));
			if (is_order(v->key) ||
			    (pass == 1 && yaml_get(over, key) != NULL))
				continue;
			*tail = arena_alloc(f->trees, sizeof(**tail));
			**tail = *v;
			(*tail)->next = NULL;
			tail = &(*tail)->next;
			out->count++;
		}
	}
	return out;
}

void
files_local_entry(struct files *f, uint32_t file, const struct yaml *over,
    const struct yaml **base, struct decl *d)
{
	if (files_local_flag(f, over, "disable")) {
		d->disabled = f->any_disabled = true;
		return;
	}
	*base = merge(f, yaml_open(f->trees, *base), over);
	d->over = file;
}

bool
files_local_may(struct files *f, uint32_t file, const struct yaml *node)
{
	return f->items[file].local && node->kind == YAML_MAP &&
	       (files_local_flag(f, node, "override") ||
		   files_local_flag(f, node, "disable"));
}

void
files_local_unknown(struct files *f, const struct yaml *node, const char *what,
    const struct files_ids *ids)
{
	struct suggest s;
	struct buf help = {0};
	char known[24];

	suggest_start(&s, node->key);
	for (size_t i = 0; i < ids->count; i++)
		suggest_offer(&s, ids->items[i].id);
	snprintf(known, sizeof(known), "%ss", what);
	suggest_say(&s, known, &help);
	diag_add(f->diag, DIAG_ERROR, node->key_place, "unknown-id", help.data,
	    "there is no %s '%.*s' to change", what, SLICE_ARG(node->key));
	buf_fini(&help);
}

/* Whether ${file} wants to change anything. */
static bool
orders(const struct files_file *file)
{
	static const char *const keys[] = {
	    "brands", "topics", "rules", "lists", "macros", "groups"};
	const struct yaml *node;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		node = yaml_get(file->root, keys[i]);
		if (node == NULL || node->broken || node->kind != YAML_MAP)
			continue;
		for (const struct yaml *v = node->first; v != NULL;
		     v = v->next)
			if (v->kind == YAML_MAP &&
			    (yaml_get(v, "override") != NULL ||
				yaml_get(v, "disable") != NULL))
				return true;
	}
	node = yaml_get(file->root, "calibration");
	return node != NULL && node->kind == YAML_MAP &&
	       yaml_get(node, "override") != NULL;
}

void
files_local_sector(struct files *f, const struct files_file *file)
{
	const struct yaml *node = yaml_get(file->root, "sector");
	struct buf help = {0};
	struct suggest s;

	suggest_start(&s, node->text);
	for (uint32_t i = 0; i < file->sector; i++)
		suggest_offer(&s, f->decls->sectors[i].id);
	if (s.best.data != NULL || orders(file)) {
		suggest_say(&s, "sectors of the other files", &help);
		diag_add(f->diag, DIAG_WARNING, node->place, "unknown-sector",
		    help.data, "no other file has the sector '%.*s'",
		    SLICE_ARG(node->text));
	}
	buf_fini(&help);
}

void
files_local_scope(struct files *f, const struct decl *d,
    const struct yaml *node)
{
	bool over = d->over != RULES_NONE &&
		    node->place.path == f->items[d->over].path;
	uint32_t file = over ? d->over : d->file;

	f->scope->file = file;
	f->scope->file_common = f->items[file].sector == RULES_NONE;
	f->scope->file_also = over ? d->file : file;
}

/* A word that no post has: its bytes are none of a token. */
struct node *
files_local_never(struct files *f, const struct decl *d)
{
	struct node *node = arena_alloc(f->decls->arena, sizeof(*node));

	node->kind = NODE_PHRASE;
	node->place = d->place;
	node->phrase.count = 1;
	node->phrase.tokens =
	    arena_alloc(f->decls->arena, sizeof(*node->phrase.tokens));
	node->phrase.tokens[0].text = SLICE("\1disabled");
	return node;
}

/* ---- lists --------------------------------------------------------------- */

bool
files_local_serves(
    const struct files *f, uint32_t file, const struct query_list *list)
{
	uint32_t sector = f->items[file].sector;

	return list->file == RULES_NONE
		   ? sector == RULES_NONE
		   : !f->items[list->file].local &&
			 f->items[list->file].sector == sector;
}

static bool
named(const struct query_list *from, struct slice text)
{
	for (uint32_t i = 0; i < from->texts_count; i++)
		if (slice_equal(from->texts[i], text))
			return true;
	return false;
}

static void
change(struct files *f, struct query_list *list, const struct query_list *add,
    const struct query_list *remove)
{
	struct node *node = arena_alloc(f->decls->arena, sizeof(*node));
	uint32_t most = list->texts_count + add->texts_count, n = 0;
	struct node **items =
	    arena_alloc(f->decls->arena, (most + 1) * sizeof(*items));
	struct slice *texts =
	    arena_alloc(f->decls->arena, (most + 1) * sizeof(*texts));

	for (uint32_t i = 0; i < list->texts_count; i++)
		if (!named(remove, list->texts[i])) {
			items[n] = list->node->group.items[i];
			texts[n++] = list->texts[i];
		}
	for (uint32_t i = 0; i < add->texts_count; i++) {
		items[n] = add->node->group.items[i];
		texts[n++] = add->texts[i];
	}
	if (n == 0) {
		items[0] = files_local_never(
		    f, &(struct decl){.place = list->place});
		texts[n++] = SLICE("\1disabled");
	}
	*node = *list->node;
	if (add->node != NULL)
		node->group.dated |= add->node->group.dated;
	node->group.items = items;
	node->group.count = n;
	list->node = node;
	list->texts = texts;
	list->texts_count = n;
}

/* ${whole}: without entries where the list is switched off. */
static void
replace(struct files *f, struct query_list *list,
    const struct query_list *whole)
{
	struct node *node = arena_alloc(f->decls->arena, sizeof(*node));

	*node = *list->node;
	node->group.count = whole->texts_count;
	node->group.items =
	    whole->node != NULL ? whole->node->group.items : NULL;
	node->group.dated = whole->node != NULL && whole->node->group.dated;
	list->node = node;
	list->texts = whole->texts;
	list->texts_count = whole->texts_count;
}

/* What is to go and stands nowhere is a slip: it would stay in silence. */
static void
tell_strangers(struct files *f, const struct yaml *said,
    const struct query_list *remove, const bool *found)
{
	for (uint32_t i = 0; i < remove->texts_count; i++)
		if (!found[i])
			diag_add(f->diag, DIAG_WARNING, said->place,
			    "unknown-entry",
			    "write it as it stands in the list",
			    "no entry '%.*s' to remove",
			    SLICE_ARG(remove->texts[i]));
}

void
files_local_list(struct files *f, uint32_t file, const struct yaml *node)
{
	static const char *const keys[] = {"override", "disable", "entries",
	    "file", "add", "remove", NULL};
	struct query_list add = {.texts_count = 0}, remove = add, whole = add;
	struct query_list *lists;
	uint32_t count, changed = 0;
	const struct yaml *v, *gone = yaml_get(node, "remove");
	bool good = files_value_keys(f, node, "a change to a list", keys);
	bool *found;

	if ((v = yaml_get(node, "entries")) != NULL)
		good &= files_list_read(f, v, node->key, &whole);
	else if (yaml_get(node, "file") != NULL)
		good &= files_list_file(f, node, node->key, &whole);
	if ((v = yaml_get(node, "add")) != NULL)
		good &= files_list_read(f, v, node->key, &add);
	if (gone != NULL)
		good &= files_list_read(f, gone, node->key, &remove);
	if (!good)
		return;
	found = arena_alloc(f->decls->arena, remove.texts_count + 1);
	memset(found, 0, remove.texts_count + 1);
	lists = scope_all_lists(f->scope, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (!slice_equal(lists[i].name, node->key) ||
		    !files_local_serves(f, file, &lists[i]) ||
		    lists[i].node == NULL)
			continue;
		if (whole.node != NULL || files_local_flag(f, node, "disable"))
			replace(f, &lists[i], &whole);
		for (uint32_t k = 0; k < remove.texts_count; k++)
			found[k] |= named(&lists[i], remove.texts[k]);
		change(f, &lists[i], &add, &remove);
		changed++;
	}
	if (changed > 0 && gone != NULL)
		tell_strangers(f, gone, &remove, found);
	if (changed == 0)
		diag_add(f->diag, DIAG_ERROR, node->key_place, "unknown-list",
		    "lists of files with the same sector: can be changed; "
		    "those of files without one in a file without one",
		    "there is no list '%.*s' to change", SLICE_ARG(node->key));
}
