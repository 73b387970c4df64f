/*
 * What is true of trees: NEAR over AND groups, and negative queries.
 * Depth is bounded by QUERY_DEPTH_MAX, so these functions may call
 * themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "engine/base/buf.h"
#include "rules/query.h"

const struct node *
near_not(const struct node *node)
{
	if (node->kind == NODE_NOT || node->kind == NODE_FIELD ||
	    node->kind == NODE_LABEL)
		return node;
	if (node->kind != NODE_AND && node->kind != NODE_MACRO &&
	    (node->kind != NODE_OR || node->group.list.data != NULL))
		return NULL;
	for (uint32_t i = 0; i < node->group.count; i++) {
		const struct node *found = near_not(node->group.items[i]);

		if (found != NULL)
			return found;
	}
	return NULL;
}

/* Whether ${node}, negated or not, can only be true with a word of it. */
static bool
needs_word(const struct node *node, bool negated, const struct node **culprit)
{
	bool all;

	switch (node->kind) {
	case NODE_NOT:
		*culprit = node;
		return needs_word(node->group.items[0], !negated, culprit);
	case NODE_MACRO:
		return needs_word(node->group.items[0], negated, culprit);
	case NODE_AND:
	case NODE_OR:
		if (node->group.list.data != NULL)
			return !negated;
		all = (node->kind == NODE_OR) != negated;
		for (uint32_t i = 0; i < node->group.count; i++)
			if (needs_word(node->group.items[i], negated,
				culprit) != all)
				return !all;
		return all;
	default:
		return !negated;
	}
}

const struct node *
near_negative(const struct node *node)
{
	const struct node *culprit = NULL;

	return needs_word(node, false, &culprit) ? NULL : culprit;
}

bool
near_has_and(const struct node *node)
{
	if (node->kind == NODE_AND)
		return true;
	if (node->kind == NODE_MACRO)
		return near_has_and(node->group.items[0]);
	if (node->kind != NODE_OR || node->group.list.data != NULL)
		return false;
	for (uint32_t i = 0; i < node->group.count; i++)
		if (near_has_and(node->group.items[i]))
			return true;
	return false;
}

static struct node *
pair(struct query_scope *scope, const struct lex_token *token,
    struct place place, struct node *a, struct node *b)
{
	struct node *near = arena_alloc(scope->arena, sizeof(*near));

	near->kind = NODE_NEAR;
	near->place = place;
	near->near = token->near;
	near->ordered = token->ordered;
	near->group.count = 2;
	near->group.items =
	    arena_alloc(scope->arena, 2 * sizeof(*near->group.items));
	near->group.items[0] = a;
	near->group.items[1] = b;
	return near;
}

/* (x AND y) NEAR b is (x NEAR b) AND (y NEAR b); likewise an OR that holds
 * an AND.  ${left}: the group is the left side. */
static struct node *
spread(struct query_scope *scope, const struct lex_token *token,
    struct place place, struct node *a, struct node *b)
{
	bool left = near_has_and(a);
	const struct node *group = left ? a : b;
	struct node *out;

	if (scope->nodes_left == 0)
		return NULL;
	scope->nodes_left--;
	if (!left && !near_has_and(b))
		return pair(scope, token, place, a, b);
	out = arena_alloc(scope->arena, sizeof(*out));
	out->kind = group->kind;
	out->place = group->place;
	out->group.macro = group->group.macro;
	out->group.count = group->group.count;
	out->group.items = arena_alloc(
	    scope->arena, group->group.count * sizeof(*out->group.items));
	for (uint32_t i = 0; i < group->group.count; i++) {
		struct node *item = group->group.items[i];

		out->group.items[i] = left
		    ? spread(scope, token, place, item, b)
		    : spread(scope, token, place, a, item);
		if (out->group.items[i] == NULL)
			return NULL;
	}
	return out;
}

/* The outermost macro on the way from ${root} to ${node}, or NULL. */
static const struct node *
macro_of(const struct node *root, const struct node *node, bool *found)
{
	const struct node *macro = NULL;

	*found = root == node;
	if (*found || !ast_is_group(root))
		return NULL;
	for (uint32_t i = 0; i < root->group.count && !*found; i++)
		macro = macro_of(root->group.items[i], node, found);
	return *found && root->kind == NODE_MACRO ? root : macro;
}

void
near_tell(struct query_scope *scope, const struct node *root,
    const struct node *node, const char *code, const char *help,
    const char *text)
{
	struct buf said = {0};
	bool found;
	const struct node *macro = macro_of(root, node, &found);

	if (macro == NULL)
		diag_add(scope->diag, DIAG_ERROR, node->place, code, help,
		    "%s", text);
	else if (query_macro_user(macro->group.macro, macro->place,
		     node->kind == NODE_NOT ? TOLD_NOT : TOLD_PLACE, help,
		     &said))
		diag_add(scope->diag, DIAG_ERROR, node->place, code,
		    said.data, "%s", text);
	buf_fini(&said);
}

void
near_refuse(struct query_scope *scope, const struct node *root,
    const struct node *node, const char *name, const char *example)
{
	bool not = node->kind == NODE_NOT;
	char help[120], text[160];

	snprintf(help, sizeof(help), "%s outside of it: %s AND %s",
	    not ? "exclude" : "ask", example, not ? "NOT c" : "lang:fr");
	snprintf(text, sizeof(text), "%s inside %s",
	    not ? "NOT cannot stand"
		: "what is told of the whole post stands nowhere in its "
		  "text: not",
	    name);
	near_tell(scope, root, node, not ? "not-in-near" : "field-in-near",
	    help, text);
}

struct node *
near_build(struct query_scope *scope, const struct lex_token *token,
    struct place place, struct node *a, struct node *b)
{
	const struct node *not = near_not(a), *root = a;
	struct node *out;

	if (not == NULL)
		not = near_not(root = b);
	if (not != NULL) {
		near_refuse(scope, root, not, "NEAR", "(a NEAR/5 b)");
		return NULL;
	}
	out = spread(scope, token, place, a, b);
	if (out == NULL)
		diag_add(scope->diag, DIAG_ERROR, place, "query-too-large",
		    "use OR groups or a @list around NEAR",
		    "NEAR between these groups makes too many combinations");
	return out;
}
