/*
 * "@macro(name)": a query that has a name.
 *
 * A macro is read once, in the scope of its own file; who names it gets a
 * NODE_MACRO of his own above the tree that all share.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "rules/query_parts.h"

bool
query_macro_user(struct macro_decl *macro, struct place place,
    enum macro_told bit, const char *help, struct buf *out)
{
	if (macro->told & bit)
		return false;
	macro->told |= (uint8_t)bit;
	buf_printf(out, "%s; it is named as @macro(%.*s) at %s:%u", help,
	    SLICE_ARG(macro->d.id), place.path, place.line);
	buf_char(out, '\0');
	return true;
}

/* "a > b > a", when ${macro} is named while it is read. */
static void
tell_circle(struct query_scope *scope, const struct macro_decl *macro,
    struct place place)
{
	const struct macro_decl *path[MACRO_DEPTH_MAX + 1];
	const struct macro_decl *m = scope->macro;
	struct buf text = {0};
	unsigned n = 0;

	for (path[n++] = m; m != macro; path[n++] = m)
		m = m->within;
	for (; n > 0; n--)
		buf_printf(&text, "%.*s > ", SLICE_ARG(path[n - 1]->d.id));
	diag_add(scope->diag, DIAG_ERROR, place, "macro-cycle",
	    "take one of them out", "macros that name themselves: %.*s%.*s",
	    SLICE_ARG(buf_slice(&text)), SLICE_ARG(macro->d.id));
	buf_fini(&text);
}

/* Its query under ${mode}; the caller has put the scope in place. */
static void
parse(struct query_scope *scope, struct macro_decl *macro,
    enum macro_mode mode)
{
	struct macro_form *form = &macro->forms[mode];
	unsigned errors = diag_errors(scope->diag);
	struct parser p = {.scope = scope,
	    .exact = mode == MACRO_EXACT,
	    .disguised = mode == MACRO_DISGUISED};

	form->done = true;
	if (macro->query == NULL)
		return;
	scope->nodes_left = QUERY_NODES_MAX;
	lex_start(&p.lex, scope, macro->query);
	form->node = query_whole(&p);
	form->size = p.terms + (QUERY_NODES_MAX - scope->nodes_left);
	form->depth = p.deepest;
	form->below = p.macros_below;
	if (diag_errors(scope->diag) != errors)
		form->node = NULL;
}

static const struct macro_form *
read_form(struct query_scope *scope, struct macro_decl *macro,
    enum macro_mode mode)
{
	struct query_scope saved = *scope;

	if (macro->forms[mode].done)
		return &macro->forms[mode];
	macro->open = true;
	macro->within = scope->macro;
	scope->macro = macro;
	scope->macro_depth++;
	scope->file = macro->from;
	scope->file_also = macro->d.file;
	scope->file_common = macro->d.sector == RULES_NONE;
	scope->brand_allowed = true;
	scope->from = 0;
	scope->labels = false;
	parse(scope, macro, mode);
	macro->open = false;
	/* what was gathered meanwhile stays */
	saved.text = scope->text;
	macro->labels |= scope->labels;
	saved.labels |= scope->labels;
	*scope = saved;
	return &macro->forms[mode];
}

struct node *
query_macro_read(struct query_scope *scope, struct macro_decl *macro)
{
	return read_form(scope, macro, MACRO_PLAIN)->node;
}

/* The word brand of a macro is that of the rule which names it. */
static void
take_brand(struct parser *p, struct macro_decl *macro, struct place place)
{
	struct query_scope *scope = p->scope;
	struct buf help = {0};

	if (macro->brand.line == 0)
		return;
	if (scope->macro != NULL) {
		if (scope->macro->brand.line == 0)
			scope->macro->brand = macro->brand;
	} else if (!scope->brand_allowed &&
		   query_macro_user(macro, place, TOLD_BRAND,
		       scope->brand_help, &help)) {
		diag_add(scope->diag, DIAG_ERROR, macro->brand, "brand-word",
		    help.data, "the word brand has no meaning here");
	}
	buf_fini(&help);
}

/* It reads well, but not as words for exact: or disguised: do. */
static void
tell_mode(struct parser *p, const struct lex_token *t,
    struct macro_decl *macro, enum macro_mode mode)
{
	if (mode == MACRO_PLAIN || (macro->told & TOLD_MODE) != 0 ||
	    query_macro_read(p->scope, macro) == NULL)
		return;
	macro->told |= TOLD_MODE;
	query_error(p, t->from, t->to, "macro-mode",
	    "write its words there, or take out what is told of it",
	    mode == MACRO_EXACT
		? "this macro cannot stand behind exact:"
		: "this macro cannot stand behind disguised:");
}

static bool
fits(struct parser *p, const struct lex_token *t,
    const struct macro_form *form)
{
	p->terms += form->size;
	if (p->depth + form->depth > p->deepest)
		p->deepest = p->depth + form->depth;
	if (form->below + 1 > p->macros_below)
		p->macros_below = form->below + 1;
	if (p->terms > MACRO_TERMS_MAX) {
		query_error(p, t->from, t->to, "query-too-large",
		    "words go into a @list",
		    "with this macro the query has too many terms");
		return false;
	}
	if (p->deepest <= QUERY_DEPTH_MAX &&
	    p->macros_below <= MACRO_DEPTH_MAX)
		return true;
	query_error(p, t->from, t->to, "query-depth",
	    "name the innermost macros directly",
	    "with this macro the query is nested too deep");
	return false;
}

struct node *
query_macro(struct parser *p, const struct lex_token *t)
{
	struct query_scope *scope = p->scope;
	const struct query_list *found = scope_find_macro(scope, t->text);
	enum macro_mode mode = p->exact	      ? MACRO_EXACT
			       : p->disguised ? MACRO_DISGUISED
					      : MACRO_PLAIN;
	const struct macro_form *form;
	struct macro_decl *macro;
	struct node *node;

	if (found == NULL) {
		scope_unknown_macro(scope, t->place, t->text);
		return NULL;
	}
	macro = found->macro;
	macro->used = true;
	if (macro->open) {
		tell_circle(scope, macro, t->place);
		return NULL;
	}
	if (scope->macro_depth == MACRO_DEPTH_MAX)
		return query_error(p, t->from, t->to, "query-depth",
		    "name the innermost macros directly",
		    "too many macros name each other");
	form = read_form(scope, macro, mode);
	scope->labels |= macro->labels;
	take_brand(p, macro, t->place);
	if (form->node == NULL)
		tell_mode(p, t, macro, mode);
	if (form->node == NULL || !fits(p, t, form))
		return NULL;
	node = query_node(p, NODE_MACRO, t->place);
	node->group.macro = macro;
	node->group.count = 1;
	node->group.items =
	    arena_alloc(scope->arena, sizeof(*node->group.items));
	node->group.items[0] = form->node;
	return node;
}
