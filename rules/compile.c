/*
 * Declarations to a ruleset.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/compile.h"
#include "rules/coverage.h"
#include "rules/patch.h"
#include "rules/regex_known.h"

/* Bytes behind the token texts, so that loads of a token's second 8
 * bytes stay inside. */
#define BYTES_PADDING 16u

static void *
copy(struct ruleset *rs, const void *items, uint32_t count, size_t item_bytes,
    size_t padding)
{
	size_t bytes = (size_t)count * item_bytes;
	void *to = arena_alloc(rs->arena, bytes + padding + 1);

	if (bytes > 0)
		memcpy(to, items, bytes);
	return to;
}

/* ---- queries --------------------------------------------------------------
 */

static void
flatten_units(struct builder *b, struct ruleset *rs)
{
	const struct decls *d = b->decls;

	for (uint32_t i = 0; i < d->brands_count; i++)
		anchor_use(b, d->brands[i].d.match);
	for (uint32_t i = 0; i < d->rules_count; i++)
		anchor_use(b, d->rules[i].d.match);
	b->rs = rs;
	b->flattened = must_alloc(ruleset_units(rs) + 1ul);
	for (uint32_t i = 0; i < ruleset_units(rs); i++)
		flatten_unit(b, i);
	free(b->flattened);
}

/* Those that have examples, also when no entry names them: the selftest asks
 * them.  Their regexes would not run for a post. */
static void
flatten_macros(struct builder *b, struct ruleset *rs)
{
	const struct decls *d = b->decls;

	rs->macro_nodes = arena_alloc(rs->shared->arena,
	    sizeof(*rs->macro_nodes) * (d->macros_count + 1ul));
	for (uint32_t i = 0; i < d->macros_count; i++) {
		const struct decl *macro = &d->macros[i]->d;

		rs->macro_nodes[i] = macro->examples_count > 0
					 ? flatten_node(b, macro->match, 0)
					 : NODE_NONE;
	}
}

static void
store_macros(struct builder *b, struct ruleset *rs)
{
	struct arena *arena = rs->shared->arena;

	rs->macro_names = arena_alloc(arena,
	    sizeof(*rs->macro_names) * (b->macro_names.count + 1ul));
	for (uint32_t i = 0; i < b->macro_names.count; i++)
		rs->macro_names[i] = arena_text(
		    arena, *grow_at(&b->macro_names, struct slice, i));
}

static void
store_fields(struct builder *b, struct ruleset *rs, uint32_t first)
{
	struct arena *arena = rs->shared->arena;

	rs->fields_count = b->fields.count;
	rs->fields = copy(
	    rs, b->fields.items, b->fields.count, sizeof(struct field), 0);
	for (uint32_t i = first; i < rs->fields_count; i++) {
		struct field *f = &rs->fields[i];
		struct slice *values =
		    arena_alloc(arena, sizeof(*values) * (f->count + 1ul));

		for (uint32_t k = 0; k < f->count; k++)
			values[k] = arena_text(arena, f->values[k]);
		f->values = values;
		f->text = arena_text(arena, f->text);
	}
}

/* Their texts; many in a row are of one file. */
static void
store_regexes(struct builder *b, struct ruleset *rs, uint32_t first)
{
	struct arena *arena = rs->shared->arena;
	struct slice path = SLICE_NONE;
	const char *of = NULL;

	rs->regexes_count = b->regexes.count;
	rs->regexes = copy(
	    rs, b->regexes.items, b->regexes.count, sizeof(struct regex), 0);
	for (uint32_t i = first; i < rs->regexes_count; i++) {
		struct regex *r = &rs->regexes[i];

		if (r->path.data != of) {
			of = r->path.data;
			path = arena_text(arena, r->path);
		}
		r->pattern = arena_text(arena, r->pattern);
		r->path = path;
	}
}

void
compile_program(
    struct builder *b, struct ruleset *rs, const struct ruleset *from)
{
	rs->nodes_count = b->nodes.count;
	rs->children_count = b->children.count;
	rs->tokens_count = b->tokens.count;
	rs->bytes_count = b->bytes.count;
	rs->labels_count = b->labels_count;
	rs->nodes = copy(
	    rs, b->nodes.items, b->nodes.count, sizeof(struct flat_node), 0);
	rs->children =
	    copy(rs, b->children.items, b->children.count, sizeof(uint32_t), 0);
	rs->tokens = copy(
	    rs, b->tokens.items, b->tokens.count, sizeof(struct flat_token), 0);
	rs->bytes = copy(rs, b->bytes.items, b->bytes.count, 1, BYTES_PADDING);
	rs->exacts_count = b->exacts.count;
	rs->exacts = copy(rs, b->exacts.items, b->exacts.count,
	    sizeof(struct flat_exact), 0);
	store_fields(b, rs, from == NULL ? 0 : from->fields_count);
	store_regexes(b, rs, from == NULL ? 0 : from->regexes_count);
}

struct ruleset *
ruleset_compile_with(const struct decls *decls,
    const struct rules_options *options, struct diag *diag)
{
	struct ruleset *rs = ruleset_new(NULL);
	unsigned errors = diag_errors(diag);
	struct builder b;

	builder_init(&b, decls, diag);
	if (options != NULL)
		b.known = regex_known_new(options->known, options->known_count);
	b.base = options != NULL ? options->base : NULL;
	rs->id = decls->id;
	compile_names(rs, decls);
	ruleset_own_build(rs);
	rs->units = arena_alloc(
	    rs->arena, sizeof(*rs->units) * (ruleset_units(rs) + 1ul));
	flatten_units(&b, rs);
	if (options != NULL && options->coverage != NULL &&
	    diag_errors(diag) == errors)
		coverage_take(options->coverage, &b);
	flatten_macros(&b, rs);
	compile_program(&b, rs, NULL);
	store_macros(&b, rs);
	if (diag_errors(diag) == errors)
		tables_build(&b, rs);
	rs->regexes_shared = b.regexes_shared;
	if (b.base != NULL)
		patch_base_uses(b.base, &b.uses, decls);
	builder_fini(&b);
	if (diag_errors(diag) != errors) {
		ruleset_unref(rs);
		return NULL;
	}
	return rs;
}

struct ruleset *
ruleset_compile(const struct decls *decls, struct diag *diag)
{
	return ruleset_compile_with(decls, NULL, diag);
}
