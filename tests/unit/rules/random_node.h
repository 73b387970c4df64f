/*
 * Random queries over a small vocabulary, so that hits are frequent: every
 * kind of node, inside every other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_RANDOM_NODE_H
#define TESTS_RULES_RANDOM_NODE_H

#include <stdio.h>
#include <string.h>

#include "engine/base/rand.h"
#include "rules/ast.h"
#include "tests/unit/rules/random_field.h"
#include "tests/unit/rules/random_words.h"

#define BRANDS 4
#define TOPICS 3
#define RULES 6

#define PICK(r, list) list[rand_below(r, sizeof(list) / sizeof(*list))]

struct world {
	struct rand rand;
	struct arena *arena;
	struct text scratch;
	struct decls decls;
	struct buf shown; /* the declarations, for a failure */
	/* what a label may name without a cycle: so many of each */
	uint32_t brands, topics, rules, sectors;
	/* the words of this world: few, so that they stand close together, or
	 * all */
	uint32_t words_from, words_count;
};

static void *
make(struct world *w, size_t bytes)
{
	return arena_alloc(w->arena, bytes);
}

static const char *
pick_word(struct world *w)
{
	uint32_t all = sizeof(words) / sizeof(*words);

	return words[(w->words_from + rand_below(&w->rand, w->words_count)) %
		     all];
}

/* As the parser does: fold, one token each. */
static struct node *
make_phrase(struct world *w, const char *query)
{
	struct text *t = &w->scratch;
	struct node *node = make(w, sizeof(*node));

	text_fold(t, SLICE_NONE, slice_of(query), TEXT_QUERY);
	node->kind = NODE_PHRASE;
	node->phrase.count = t->tokens;
	node->phrase.tokens = make(w, sizeof(struct token) * t->tokens);
	for (uint32_t i = 0; i < t->tokens; i++) {
		struct token *token = &node->phrase.tokens[i];
		char sign = t->bytes[(int64_t)t->at[i] - 1];

		token->text = arena_text(w->arena,
		    (struct slice){t->bytes + t->at[i], t->end[i] - t->at[i]});
		token->wild =
		    memchr(token->text.data, '*', token->text.len) != NULL ||
		    memchr(token->text.data, '?', token->text.len) != NULL;
		if (i == 0 && sign != '\0' && strchr("#@$", sign) != NULL)
			token->sign = sign;
	}
	buf_printf(&w->shown, "\"%s\"", query);
	return node->phrase.count > 0 ? node : make_phrase(w, "kit");
}

static struct node *
make_label(struct world *w)
{
	static const char *const names[] = {"brand", "sector", "topic", "rule"};
	struct rand *r = &w->rand;
	enum label_kind what = (enum label_kind)rand_below(r, 4);
	uint32_t most = what == LABEL_BRAND    ? w->brands
			: what == LABEL_SECTOR ? w->sectors
			: what == LABEL_TOPIC  ? w->topics
					       : w->rules;
	struct decls *d = &w->decls;
	struct node *node;
	uint32_t i;

	if (most == 0)
		return NULL;
	i = rand_below(r, most);
	node = make(w, sizeof(*node));
	node->kind = NODE_LABEL;
	node->label.what = what;
	node->label.id = what == LABEL_BRAND    ? d->brands[i].d.id
			 : what == LABEL_SECTOR ? d->sectors[i].id
			 : what == LABEL_TOPIC  ? d->topics[i].d.id
						: d->rules[i].d.id;
	buf_printf(&w->shown, "%s:%.*s", names[what],
	    SLICE_ARG(node->label.id));
	return node;
}

static struct node *
make_atom(struct world *w, bool brand)
{
	struct rand *r = &w->rand;
	struct node *node;
	const char *exact;
	char text[200] = "";
	uint32_t n;

	switch (rand_below(r, 13)) {
	case 12:
		return make_phrase(w, PICK(r, formed));
	case 11:
		buf_text(&w->shown, "disguised:");
		node = make_phrase(w, PICK(r, disguises));
		node->kind = NODE_DISGUISED;
		return node;
	case 10:
		node = make_label(w);
		if (node != NULL)
			return node;
		break;
	case 8:
		node = make(w, sizeof(*node));
		node->kind = NODE_FIELD;
		node->field = random_field(r, w->arena, &w->shown);
		return node;
	case 9:
		exact = PICK(r, exacts);
		buf_text(&w->shown, "exact:");
		node = make_phrase(w, exact);
		node->kind = NODE_EXACT;
		node->phrase.exact = slice_of(exact);
		n = strchr("#@$", *exact) != NULL;
		node->phrase.core = n;
		node->phrase.core_len = (uint32_t)strlen(exact) - n;
		return node;
	case 0:
		return make_phrase(w, PICK(r, wilds));
	case 1:
		node = make(w, sizeof(*node));
		node->kind = NODE_REGEX;
		node->regex.pattern = slice_of(PICK(r, patterns));
		buf_printf(&w->shown, "/%.*s/", SLICE_ARG(node->regex.pattern));
		return node;
	case 2:
		if (brand) {
			node = make(w, sizeof(*node));
			node->kind = NODE_BRAND;
			buf_text(&w->shown, "brand");
			return node;
		}
		break;
	case 3:
		strcat(text, PICK(r, ((const char *[]){"#", "@", "$"})));
		break;
	default:
		break;
	}
	n = 1 + rand_below(r, 4) / 2;
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			strcat(text, " ");
		strcat(text,
		    rand_below(r, 8) == 0 ? PICK(r, wilds) : pick_word(w));
	}
	return make_phrase(w, text);
}

/* One token. */
static struct node *
make_word(struct world *w)
{
	struct rand *r = &w->rand;
	struct node *node = make_phrase(
	    w, rand_below(r, 4) == 0 ? PICK(r, wilds) : pick_word(w));

	node->phrase.count = 1;
	return node;
}

/* Kinds, the frequent ones more often. */
static const struct {
	enum node_kind kind;
	uint32_t least, most; /* parts */
} node_kinds[] = {{NODE_OR, 1, 7}, {NODE_OR, 1, 7}, {NODE_AND, 1, 3},
    {NODE_NEAR, 2, 2}, {NODE_NEAR, 2, 2}, {NODE_NOT, 1, 1},
    {NODE_WITHIN, 3, 4}, {NODE_SENTENCE, 1, 1}, {NODE_SENTENCE, 1, 1},
    {NODE_ATLEAST, 1, 1},
    {NODE_PART, 1, 1}, {NODE_MACRO, 1, 1}};

static struct node *
make_node(struct world *w, unsigned depth, bool brand)
{
	static const char *const names[NODE_KINDS] = {[NODE_AND] = "AND",
	    [NODE_OR] = "OR", [NODE_NOT] = "NOT", [NODE_NEAR] = "NEAR",
	    [NODE_WITHIN] = "WITHIN", [NODE_SENTENCE] = "SENTENCE",
	    [NODE_ATLEAST] = "ATLEAST", [NODE_PART] = "PART",
	    [NODE_MACRO] = "MACRO"};
	struct rand *r = &w->rand;
	struct node *node;
	uint32_t all = sizeof(node_kinds) / sizeof(*node_kinds);
	uint32_t kind = rand_below(r, all + 2);
	uint32_t count;

	if (depth == 0 || kind < 2)
		return make_atom(w, brand);
	kind -= 2;
	node = make(w, sizeof(*node));
	node->kind = node_kinds[kind].kind;
	node->near = rand_below(r, 4);
	node->ordered = rand_below(r, 2) == 0;
	if (node->kind == NODE_ATLEAST)
		node->near = 1 + rand_below(r, 3);
	if (node->kind == NODE_MACRO) {
		node->group.macro = make(w, sizeof(*node->group.macro));
		node->group.macro->d.id = SLICE("m");
	}
	count = node_kinds[kind].most + 1 - node_kinds[kind].least;
	count = node_kinds[kind].least + rand_below(r, count);
	if (node->kind == NODE_OR && rand_below(r, 3) == 0)
		node->group.list = SLICE("some");
	node->group.count = count;
	node->group.items = make(w, sizeof(struct node *) * count);
	buf_printf(&w->shown, "%s%d%s(", names[node->kind], (int)node->near,
	    node->ordered ? "o" : "");
	for (uint32_t i = 0; i < count; i++) {
		if (node->group.list.len > 0)
			node->group.items[i] = make_phrase(w, pick_word(w));
		else if (node->kind == NODE_WITHIN)
			node->group.items[i] = make_word(w);
		else
			node->group.items[i] = make_node(w, depth - 1, brand);
		buf_char(&w->shown, i + 1 < count ? ' ' : ')');
	}
	return node;
}

#endif
