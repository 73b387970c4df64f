/*
 * "topic:palm-oil": what other entries say of the same post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/query_parts.h"

struct node *
query_label(struct parser *p, const struct lex_token *t)
{
	static const char *const names[] = {
	    [LABEL_BRAND] = "brand",
	    [LABEL_SECTOR] = "sector",
	    [LABEL_TOPIC] = "topic",
	    [LABEL_RULE] = "rule",
	};
	struct node *node = query_node(p, NODE_LABEL, t->place);
	struct lex *lex = &p->lex;
	unsigned what = 0;

	while (!slice_is(t->text, names[what]))
		what++;
	if (!slice_is(t->sign, ":") || lex->text.data[lex->next] == '(')
		return query_error(p, t->from, t->to, "no-label",
		    "write one id behind the colon: topic:a OR topic:b",
		    "the id of an entry is wanted here");
	lex_value(lex);
	if (lex->token.kind == LEX_BAD)
		return NULL;
	node->label.what = (enum label_kind)what;
	node->label.id = arena_text(p->scope->arena, lex->token.text);
	node->place = lex_place(lex, t->from, lex->token.to);
	p->scope->labels = true;
	lex_next(lex);
	return node;
}
