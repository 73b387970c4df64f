/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/query.h"

/* The key of a star is an emoji whose first character is '*'. */
static bool
is_star_key(struct slice word)
{
	return slice_is(word, "*\xe2\x83\xa3") ||
	    slice_is(word, "*\xef\xb8\x8f\xe2\x83\xa3");
}

static bool
is_wild(struct slice word)
{
	if (is_star_key(word))
		return false;
	return memchr(word.data, '*', word.len) != NULL ||
	    memchr(word.data, '?', word.len) != NULL;
}

/* Nothing but '*' and '?': it would match every word of every post. */
static bool
is_only_wild(struct slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] != '*' && word.data[i] != '?')
			return false;
	return true;
}

/* No node: say why. */
static struct node *
no_phrase(struct query_scope *scope, struct place place, struct slice text)
{
	const struct text *t = &scope->text;
	const char *help = t->cut
	    ? "no post holds so much text; is a quote missing?"
	    : "a word or phrase needs at least one letter, digit or emoji";
	int shown = (int)(text.len < 40 ? text.len : 40);

	/* not half a character */
	while (shown > 0 && (size_t)shown < text.len &&
	    ((unsigned char)text.data[shown] & 0xc0) == 0x80)
		shown--;
	diag_add(scope->diag, DIAG_ERROR, place,
	    t->cut ? "too-long" : "no-word", help,
	    t->cut	     ? "the phrase '%.*s...' is too long"
		: t->tokens == 0 ? "there is no word in '%.*s'"
				 : "'%.*s' would match everything",
	    shown, text.data);
	return NULL;
}

/* The tokens of scope->text as a node. */
static struct node *
make(struct query_scope *scope, struct place place, enum node_kind kind)
{
	const struct text *t = &scope->text;
	struct node *node = arena_alloc(scope->arena, sizeof(*node));

	node->kind = kind;
	node->place = place;
	node->phrase.count = t->tokens;
	node->phrase.tokens = arena_alloc(
	    scope->arena, t->tokens * sizeof(*node->phrase.tokens));
	for (uint32_t i = 0; i < t->tokens; i++) {
		struct token *token = &node->phrase.tokens[i];
		const char *p = t->bytes + t->at[i];
		struct slice word = {p, t->end[i] - t->at[i]};

		token->text = scope_word(scope, word);
		token->wild = kind == NODE_PHRASE && is_wild(word);
		if (i == 0 && (p[-1] == '#' || p[-1] == '@' || p[-1] == '$'))
			token->sign = p[-1];
	}
	return node;
}

struct node *
phrase_build(struct query_scope *scope, struct place place, struct slice text)
{
	struct text *t = &scope->text;
	bool only_wild = true;

	text_fold(t, SLICE_NONE, text, TEXT_QUERY);
	for (uint32_t i = 0; i < t->tokens && only_wild; i++)
		only_wild = is_only_wild((struct slice){
		    t->bytes + t->at[i], t->end[i] - t->at[i]});
	if (t->tokens == 0 || t->cut || only_wild)
		return no_phrase(scope, place, text);
	return make(scope, place, NODE_PHRASE);
}

struct node *
phrase_exact(struct query_scope *scope, struct place place, struct slice text)
{
	struct text *t = &scope->text;
	struct node *node;
	uint32_t from, to;

	text_map(t, SLICE_NONE, text, TEXT_POST);
	if (t->tokens == 0 || t->cut)
		return no_phrase(scope, place, text);
	node = make(scope, place, NODE_EXACT);
	text_span(t, t->at[0], t->end[t->tokens - 1], &from, &to);
	node->phrase.exact = arena_text(scope->arena, text);
	node->phrase.core = from;
	node->phrase.core_len = to - from;
	return node;
}
