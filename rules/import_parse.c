/*
 * or = and { OR and };  and = near { [AND] near | NOT near }
 * near = unary { NEAR/n unary };  unary = NOT unary | ( or ) | term
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/import_parts.h"

static struct import_node *parse_or(struct import_parser *p);

struct import_node *
import_node(struct import_parser *p, enum import_kind kind)
{
	struct import_node *node = arena_alloc(p->arena, sizeof(*node));

	node->kind = kind;
	node->from = p->from;
	node->to = p->to;
	node->number = -1;
	return node;
}

struct import_node *
import_gone(struct import_node *node, const char *why)
{
	node->kind = IMPORT_GONE;
	node->why = why;
	return node;
}

static struct import_node *
fail(struct import_parser *p, const char *help, const char *text)
{
	if (!p->failed)
		import_note(p, DIAG_ERROR, p->from, p->to, "unreadable-query",
		    help, text);
	p->failed = true;
	return NULL;
}

static void
add(struct import_parser *p, struct import_node *node,
    struct import_node *item)
{
	struct import_node **old = node->items;

	/* doubles at each power of two */
	if ((node->count & (node->count - 1)) == 0) {
		node->items = arena_alloc(p->arena,
		    (node->count * 2 + 2) * sizeof(struct import_node *));
		if (node->count > 0)
			memcpy(node->items, old,
			    node->count * sizeof(struct import_node *));
	}
	node->items[node->count++] = item;
	node->to = item->to > node->to ? item->to : node->to;
}

static struct import_node *
parse_group(struct import_parser *p)
{
	size_t from = p->from;
	struct import_node *node;

	import_lex(p);
	node = parse_or(p);
	if (node == NULL)
		return NULL;
	if (p->token != TOKEN_CLOSE) {
		p->from = from;
		p->to = from + 1;
		return fail(p, "close it with ')'",
		    "this parenthesis is not closed");
	}
	/* parentheses are kept by the shape of the tree */
	node->from = from;
	node->to = p->to;
	import_lex(p);
	return node;
}

/* The values of "site:(a OR b)" each as a field of its own. */
static bool
spread(struct import_parser *p, struct import_node *node, struct slice name)
{
	if (node->kind == IMPORT_TERM && !node->field) {
		struct slice value = node->text;
		struct import_node *field;

		if (value.len >= 2 && value.data[0] == '"') {
			value.data++;
			value.len -= 2;
		}
		p->from = node->from;
		p->to = node->to;
		field = import_term_field(p, name, value);
		*node = *field;
		return true;
	}
	if (node->kind != IMPORT_AND && node->kind != IMPORT_OR &&
	    node->kind != IMPORT_NOT)
		return false;
	for (uint32_t i = 0; i < node->count; i++)
		if (!spread(p, node->items[i], name))
			return false;
	return true;
}

static struct import_node *
parse_field(struct import_parser *p)
{
	struct slice name = p->name;
	size_t from = p->from, to, next;
	struct import_node *node, *title;
	enum import_token token;

	if (!p->open) {
		node = import_term_field(p, name, p->value);
		import_lex(p);
		return node;
	}
	node = parse_group(p);
	if (node == NULL)
		return NULL;
	to = node->to;
	if (slice_is(name, "title")) {
		title = import_node(p, IMPORT_TITLE);
		add(p, title, node);
		title->from = from;
		title->to = to;
		return title;
	}
	token = p->token;
	next = p->from;
	if (!spread(p, node, name))
		import_gone(node, "such a group of values is not known here");
	p->next = next;
	import_lex(p);
	REQUIRE(p->failed || p->token == token);
	node->from = from;
	node->to = to;
	return node;
}

static struct import_node *parse_unary(struct import_parser *p);

/* NOT x, ATLEAST/n x. */
static struct import_node *
parse_wrapped(struct import_parser *p, enum import_kind kind)
{
	struct import_node *node = import_node(p, kind), *item;

	node->number = p->number;
	if (++p->depth > IMPORT_DEPTH_MAX)
		return fail(p, NULL, "the query is nested too deep");
	import_lex(p);
	item = parse_unary(p);
	p->depth--;
	if (item == NULL)
		return NULL;
	add(p, node, item);
	return node;
}

/* What stands between operators. */
static struct import_node *
parse_unary(struct import_parser *p)
{
	struct import_node *node;

	switch (p->token) {
	case TOKEN_NOT:
		return parse_wrapped(p, IMPORT_NOT);
	case TOKEN_ATLEAST:
		return parse_wrapped(p, IMPORT_ATLEAST);
	case TOKEN_OPEN:
		if (++p->depth > IMPORT_DEPTH_MAX)
			return fail(p, NULL, "the query is nested too deep");
		node = parse_group(p);
		p->depth--;
		return node;
	case TOKEN_FIELD:
		return parse_field(p);
	case TOKEN_WORD:
		node = import_term_word(p);
		break;
	case TOKEN_PHRASE:
		node = import_term_phrase(p);
		break;
	case TOKEN_EXACT:
		node = import_term_exact(p);
		break;
	default:
		return fail(p, "a word, a phrase or a group is wanted",
		    "something is missing here");
	}
	import_lex(p);
	return node;
}

static struct import_node *
parse_near(struct import_parser *p)
{
	struct import_node *node = parse_unary(p);

	if (node == NULL)
		return NULL;
	while (p->token == TOKEN_NEAR) {
		struct import_node *near = import_node(p, IMPORT_NEAR);

		near->number = p->number;
		near->ordered = p->ordered;
		near->from = node->from;
		add(p, near, node);
		import_lex(p);
		node = parse_unary(p);
		if (node == NULL)
			return NULL;
		add(p, near, node);
		node = near;
	}
	return node;
}

static struct import_node *
parse_and(struct import_parser *p)
{
	struct import_node *node = parse_near(p), *group = NULL;

	while (node != NULL && p->token != TOKEN_END &&
	    p->token != TOKEN_CLOSE && p->token != TOKEN_OR) {
		if (group == NULL) {
			group = import_node(p, IMPORT_AND);
			group->from = node->from;
			add(p, group, node);
		}
		if (p->token == TOKEN_AND) {
			if (p->dialect == IMPORT_X)
				import_note(p, DIAG_WARNING, p->from, p->to,
				    "differs", NULL,
				    "X takes AND for a word; here it joins "
				    "both sides");
			import_lex(p);
		} else if (p->token != TOKEN_NOT && p->dialect != IMPORT_X) {
			import_note(p, DIAG_WARNING, p->from, p->to, "differs",
			    "a phrase stands in double quotes",
			    "no operator before it: read as AND");
		}
		node = parse_near(p);
		if (node != NULL)
			add(p, group, node);
	}
	return node == NULL || group == NULL ? node : group;
}

static struct import_node *
parse_or(struct import_parser *p)
{
	size_t from = p->from;
	struct import_node *node = parse_and(p), *group = NULL;
	bool mixed = node != NULL && node->kind == IMPORT_AND &&
	    p->text.data[node->from] != '(';

	while (node != NULL && p->token == TOKEN_OR) {
		if (group == NULL) {
			group = import_node(p, IMPORT_OR);
			group->from = node->from;
			add(p, group, node);
		}
		import_lex(p);
		node = parse_and(p);
		if (node == NULL)
			return NULL;
		mixed = mixed || (node->kind == IMPORT_AND &&
				     p->text.data[node->from] != '(');
		add(p, group, node);
	}
	if (group != NULL && mixed && p->dialect != IMPORT_X)
		import_note(p, DIAG_WARNING, from, group->to, "differs",
		    "look at the parentheses of the result",
		    "AND and OR without parentheses: AND is read first");
	return node == NULL || group == NULL ? node : group;
}

struct import_node *
import_parse(struct import_parser *p)
{
	struct import_node *node;

	import_lex(p);
	if (p->token == TOKEN_END)
		return fail(p, NULL, "an empty query");
	node = parse_or(p);
	if (node != NULL && p->token == TOKEN_CLOSE)
		return fail(p, "delete it, or open one before",
		    "this ')' closes nothing");
	return p->failed ? NULL : node;
}
