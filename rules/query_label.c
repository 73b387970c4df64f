/*
 * "topic:palm-oil": what other entries say of the same post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/query_parts.h"

/* The id that follows; moves on. */
static struct node *
one(struct parser *p, enum label_kind what, size_t from)
{
	struct lex *lex = &p->lex;
	struct node *node;

	lex_value(lex);
	if (lex->token.kind == LEX_BAD)
		return NULL;
	node = query_node(
	    p, NODE_LABEL, lex_place(lex, from, lex->token.to));
	node->label.what = what;
	node->label.id = arena_text(p->scope->arena, lex->token.text);
	lex_next(lex);
	return node;
}

/* "(a OR b)", behind the opening parenthesis. */
static struct node *
several(struct parser *p, enum label_kind what)
{
	struct lex *lex = &p->lex;
	struct lex_token open = lex->token;
	struct node *or = query_node(p, NODE_OR, open.place);
	uint32_t room = 0;

	for (;;) {
		struct node **items = or->group.items, *node;

		while (lex->next < lex->text.len &&
		       strchr(" \t\r\n", lex->text.data[lex->next]) != NULL)
			lex->next++;
		if (lex->next == lex->text.len)
			break;
		if (strchr("()", lex->text.data[lex->next]) != NULL)
			return query_error(p, lex->next, lex->next + 1,
			    "no-label", "write the ids: topic:(one OR two)",
			    "the id of an entry is wanted here");
		node = one(p, what, lex->next);
		if (node == NULL)
			return NULL;
		if (or->group.count == room) {
			room = room * 2 + 4;
			items = arena_alloc(
			    p->scope->arena, room * sizeof(*items));
			for (uint32_t i = 0; i < or->group.count; i++)
				items[i] = or->group.items[i];
			or->group.items = items;
		}
		items[or->group.count++] = node;
		if (lex->token.kind == LEX_CLOSE) {
			lex_next(lex);
			return or->group.count == 1 ? node : or;
		}
		if (lex->token.kind == LEX_BAD)
			return NULL;
		if (lex->token.kind == LEX_END)
			break;
		if (lex->token.kind != LEX_OR)
			return query_error(p, lex->token.from, lex->token.to,
			    "values-with-or",
			    "both are topic:a AND topic:b",
			    "write OR between the ids of a label");
	}
	return query_error(p, open.from, open.to, "unclosed-parenthesis",
	    "close it with ')'", "this parenthesis is not closed");
}

struct node *
query_label(struct parser *p, const struct lex_token *t)
{
	static const char *const names[] = {
	    [LABEL_BRAND] = "brand",
	    [LABEL_SECTOR] = "sector",
	    [LABEL_TOPIC] = "topic",
	    [LABEL_RULE] = "rule",
	};
	struct lex *lex = &p->lex;
	unsigned what = 0;

	while (!slice_is(t->text, names[what]))
		what++;
	p->scope->labels = true;
	if (!slice_is(t->sign, ":"))
		return query_error(p, t->from, t->to, "no-label",
		    "write the id behind a colon: topic:recall",
		    "the id of an entry is wanted here");
	if (lex->text.data[lex->next] == '(') {
		lex_next(lex);
		return several(p, (enum label_kind)what);
	}
	return one(p, (enum label_kind)what, t->from);
}
