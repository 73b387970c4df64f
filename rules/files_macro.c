/*
 * macros: queries that have a name, "name: query" or "name: {match: query}".
 *
 * Declared with the lists, before any entry is read; read when the first
 * entry names them (query_macro.c).
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "rules/files.h"

/* Room for one more pointer, in powers of two. */
static void
append(struct decls *d, struct macro_decl *macro)
{
	uint32_t n = d->macros_count;

	if ((n & (n - 1)) == 0) { /* 0, 1, 2, 4, ... */
		struct macro_decl **all = arena_alloc(
		    d->arena, (n * 2ul + 1) * sizeof(struct macro_decl *));

		if (n > 0)
			memcpy(all, d->macros, n * sizeof(*all));
		d->macros = all;
	}
	d->macros[d->macros_count++] = macro;
}

/* ${node} with its query under match:, however it was written. */
static const struct yaml *
as_map(struct files *f, const struct yaml *node)
{
	struct yaml *map, *match;

	if (node->kind != YAML_SCALAR)
		return node;
	map = arena_alloc(f->trees, sizeof(*map));
	match = arena_alloc(f->trees, sizeof(*match));
	*match = *node;
	match->key = SLICE("match");
	match->next = NULL;
	*map = (struct yaml){.kind = YAML_MAP,
	    .place = node->place,
	    .key = node->key,
	    .key_place = node->key_place,
	    .broken = node->broken,
	    .first = match,
	    .count = 1};
	return map;
}

static void
change(struct files *f, uint32_t file, const struct yaml *node)
{
	struct query_list *all;
	uint32_t count, changed = 0;
	struct suggest s;
	struct buf help = {0};

	all = scope_all_macros(f->scope, &count);
	suggest_start(&s, node->key);
	for (uint32_t i = 0; i < count; i++) {
		if (!files_local_serves(f, file, &all[i]))
			continue;
		suggest_offer(&s, all[i].name);
		if (!slice_equal(all[i].name, node->key))
			continue;
		files_local_entry(f, file, node, &all[i].macro->yaml,
		    &all[i].macro->d);
		changed++;
	}
	suggest_say(&s, "macros that this file may change", &help);
	if (changed == 0)
		diag_add(f->diag, DIAG_ERROR, node->key_place, "unknown-macro",
		    help.data, "there is no macro '%.*s' to change",
		    SLICE_ARG(node->key));
	buf_fini(&help);
}

void
files_macro(struct files *f, uint32_t file, const struct yaml *node)
{
	struct query_list item = {.file = file, .place = node->key_place};
	const struct query_list *twin;
	struct macro_decl *macro;

	if (!files_value_id(f, node->key, node->key_place))
		return;
	if (files_local_may(f, file, node)) {
		change(f, file, node);
		return;
	}
	item.name = arena_text(f->decls->arena, node->key);
	macro = arena_alloc(f->decls->arena, sizeof(*macro));
	macro->yaml = as_map(f, node);
	macro->d = (struct decl){.id = item.name,
	    .place = node->key_place,
	    .file = file,
	    .over = RULES_NONE,
	    .sector = f->items[file].sector};
	item.macro = macro;
	twin = scope_add_macro(
	    f->scope, &item, f->items[file].sector == RULES_NONE);
	if (twin == NULL) {
		append(f->decls, macro);
		return;
	}
	diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
	    "give one of them another name",
	    "the macro '%.*s' is already declared at %s:%u",
	    SLICE_ARG(item.name), twin->place.path, twin->place.line);
}

static void
ready(struct files *f, struct macro_decl *macro)
{
	static const char *const keys[] = {"match", "hit", "miss", NULL};
	const struct yaml *node = macro->yaml, *query;

	if (!files_value_keys(f, node, "a macro", keys))
		return;
	files_examples(f, &macro->d, node);
	query = yaml_get(node, "match");
	if (query == NULL) {
		files_value_error(f, node, "missing-key",
		    "write name: 'query', or match: and a query below the name",
		    "match is missing");
		return;
	}
	if (query->broken || (query = files_value_scalar(f, query)) == NULL)
		return;
	if (query->text.len == 0) {
		files_value_error(f, node, "missing-term",
		    "write a query after the colon", "an empty query");
		return;
	}
	files_local_scope(f, &macro->d, query);
	macro->from = f->scope->file;
	macro->query = query;
}

void
files_macros_ready(struct files *f)
{
	for (uint32_t i = 0; i < f->decls->macros_count; i++) {
		struct macro_decl *macro = f->decls->macros[i];

		ready(f, macro);
		if (!macro->d.disabled)
			continue;
		macro->used = true; /* who disables it knows */
		for (int k = 0; k < MACRO_MODES; k++) {
			macro->forms[k].node =
			    files_local_never(f, &macro->d);
			macro->forms[k].size = 1;
			macro->forms[k].done = true;
		}
	}
}

void
files_macros_end(struct files *f)
{
	const struct rules_options *options = f->options;

	for (uint32_t i = 0; i < f->decls->macros_count; i++) {
		struct macro_decl *macro = f->decls->macros[i];

		macro->d.match = query_macro_read(f->scope, macro);
		macro->yaml = macro->query = NULL;
	}
	for (uint32_t i = 0; i < f->decls->macros_count &&
			     options != NULL && options->pedantic;
	     i++) {
		const struct macro_decl *macro = f->decls->macros[i];

		if (!macro->used && !f->any_disabled)
			diag_add(f->diag, DIAG_WARNING, macro->d.place,
			    "unused-macro",
			    "name it in a query as @macro(name), or delete it",
			    "no query names the macro '%.*s'",
			    SLICE_ARG(macro->d.id));
	}
}
