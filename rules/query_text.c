/*
 * Terms about the text: "a b"~n, title:, text:, exact:, SENTENCE, ATLEAST.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/query_parts.h"

void
query_near_far(struct parser *p, const struct lex_token *t)
{
	if (t->near <= NEAR_WARN)
		return;
	diag_add(p->scope->diag, DIAG_WARNING, t->place, "near-far",
	    "most pairs that belong together are within 10 words; AND asks "
	    "for both anywhere, SENTENCE(a b) for both in one sentence",
	    "over %u words apart, two words rarely have to do with each other",
	    NEAR_WARN);
}

static struct node *
wrap(struct parser *p, enum node_kind kind, struct place place,
    struct node *inner)
{
	struct node *node = query_node(p, kind, place);

	node->group.items =
	    arena_alloc(p->scope->arena, sizeof(*node->group.items));
	node->group.items[0] = inner;
	node->group.count = 1;
	return node;
}

/* One word of a phrase as a phrase of its own. */
static struct node *
word_of(struct parser *p, const struct node *phrase, uint32_t i)
{
	struct node *node = query_node(p, NODE_PHRASE, phrase->place);

	node->phrase.tokens = phrase->phrase.tokens + i;
	node->phrase.count = 1;
	return node;
}

/* "a b"~n is a NEAR/n b; of three words and more, all must be there with at
 * most n others among them. */
static struct node *
within(struct parser *p, const struct lex_token *t, struct node *phrase)
{
	uint32_t count = phrase->phrase.count;
	struct node *node;

	if (p->exact || p->disguised)
		return query_error(p, t->from, t->to, "within-words",
		    "write it with NEAR: exact:A NEAR/5 exact:B",
		    "~n stands behind plain phrases only");
	if (count < 2 || count > WITHIN_WORDS_MAX)
		return query_error(p, t->from, t->to, "within-words",
		    "write \"palm boycott\"~5, or a NEAR/5 b",
		    count < 2 ? "~n needs two words or more between the quotes"
			      : "too many words before a ~n");
	query_near_far(p, t);
	node = query_node(p, count == 2 ? NODE_NEAR : NODE_WITHIN, t->place);
	node->near = t->near;
	node->group.count = count;
	node->group.items =
	    arena_alloc(p->scope->arena, count * sizeof(*node->group.items));
	for (uint32_t i = 0; i < count; i++)
		node->group.items[i] = word_of(p, phrase, i);
	return node;
}

/* Whether ${phrase} can be looked for in disguise: words without wildcards,
 * and one that is long enough not to be met by accident. */
static bool
can_disguise(const struct node *phrase)
{
	bool enough = false;

	for (uint32_t i = 0; i < phrase->phrase.count; i++) {
		const struct token *token = &phrase->phrase.tokens[i];

		if (token->wild || token->sign != 0)
			return false;
		enough |= token->text.len >= DISGUISED_MIN;
	}
	return enough;
}

static struct node *
disguise(struct parser *p, const struct lex_token *t, struct node *phrase)
{
	if (!can_disguise(phrase))
		return query_error(p, t->from, t->to, "disguised-word",
		    "write a whole word of three letters or more, without * ? "
		    "# @ $",
		    "this cannot be looked for in disguise");
	phrase->kind = NODE_DISGUISED;
	return phrase;
}

/* Entries that cannot be disguised stay what they are. */
static struct node *
disguised_list(struct parser *p, const struct node *list)
{
	struct node *node = query_node(p, NODE_OR, list->place);

	node->group.count = list->group.count;
	node->group.dated = list->group.dated;
	node->group.items = arena_alloc(p->scope->arena,
	    node->group.count * sizeof(*node->group.items));
	for (uint32_t i = 0; i < node->group.count; i++) {
		struct node *item = list->group.items[i];

		if (item->kind == NODE_PHRASE && can_disguise(item)) {
			struct node *copy =
			    query_node(p, NODE_DISGUISED, item->place);

			copy->phrase = item->phrase;
			item = copy;
		}
		node->group.items[i] = item;
	}
	return node;
}

struct node *
query_entries(
    struct parser *p, const struct lex_token *t, struct node *list)
{
	if (p->exact)
		return query_error(p, t->from, t->to, "exact-list",
		    "the entries of lists are folded: write exact:(A OR B)",
		    "a list cannot stand behind exact:");
	return list != NULL && p->disguised ? disguised_list(p, list) : list;
}

struct node *
query_phrase(struct parser *p, const struct lex_token *t)
{
	struct node *node;

	if (p->exact)
		node = phrase_exact(p->scope, t->place, t->text);
	else
		node = phrase_build(p->scope, t->place, t->text);
	if (node != NULL && p->disguised)
		node = disguise(p, t, node);
	if (node != NULL && t->kind == LEX_PHRASE && t->numbered)
		node = within(p, t, node);
	return node;
}

/* What stands behind a prefix: one term, or a group. */
static struct node *
operand(struct parser *p, const struct lex_token *t)
{
	if (t->sign.len != 1 || *t->sign.data != ':')
		return query_error(p, t->from, t->to, "field-sign",
		    "a ':' stands behind it, as in title:recall",
		    "this field is a text: it cannot be compared");
	lex_next(&p->lex);
	if (p->lex.token.kind == LEX_NOT)
		return query_error(p, p->lex.token.from, p->lex.token.to,
		    "missing-value", "write NOT before it: a AND NOT title:b",
		    "NOT cannot stand behind a ':'");
	return query_operand(p);
}

static struct node *
negative(struct parser *p, const struct node *inner)
{
	const struct node *not = near_negative(inner);

	if (not == NULL)
		return NULL;
	near_tell(p->scope, inner, not, "negative-query",
	    "say what must be there first: SENTENCE(a NOT b); or write NOT "
	    "before it: a AND NOT title:b",
	    "with this NOT it would match almost every post");
	return query_node(p, NODE_BRAND, inner->place);
}

static struct node *
part(struct parser *p, const struct lex_token *t, bool title)
{
	struct node *inner = operand(p, t), *node;

	if (inner == NULL)
		return NULL;
	node = negative(p, inner);
	if (node != NULL)
		return node;
	node = wrap(p, NODE_PART, t->place, inner);
	node->ordered = title;
	return node;
}

struct node *
query_title(struct parser *p, const struct lex_token *t)
{
	return part(p, t, true);
}

struct node *
query_body(struct parser *p, const struct lex_token *t)
{
	return part(p, t, false);
}

struct node *
query_exact(struct parser *p, const struct lex_token *t)
{
	bool exact = p->exact, disguised = p->disguised;
	struct node *node;

	p->exact = true;
	p->disguised = false;
	node = operand(p, t);
	p->exact = exact;
	p->disguised = disguised;
	return node;
}

struct node *
query_disguised(struct parser *p, const struct lex_token *t)
{
	bool exact = p->exact, disguised = p->disguised;
	struct node *node;

	p->exact = false;
	p->disguised = true;
	node = operand(p, t);
	p->exact = exact;
	p->disguised = disguised;
	return node;
}

static struct node *
unnumbered(struct parser *p, const struct lex_token *t)
{
	return query_error(p, t->from, t->to, "call-number",
	    "write SENTENCE(a b): both in one sentence",
	    "SENTENCE takes no number");
}

struct node *
query_sentence(struct parser *p, const struct lex_token *t)
{
	struct node *inner, *node;

	if (t->numbered)
		return unnumbered(p, t);
	inner = query_inside(p, t, true);
	if (inner == NULL)
		return NULL;
	node = negative(p, inner);
	return node != NULL ? node : wrap(p, NODE_SENTENCE, t->place, inner);
}

struct node *
query_atleast(struct parser *p, const struct lex_token *t)
{
	struct node *inner, *node;

	if (!t->numbered || t->near == 0 || t->near > ATLEAST_MAX)
		return query_error(p, t->from, t->to, "call-number",
		    "write ATLEAST/3(scandal*): three times or more",
		    !t->numbered    ? "ATLEAST needs a number after a slash"
			: t->near == 0 ? "ATLEAST/0 would match every post"
				       : "no post has it so often");
	inner = query_inside(p, t, false);
	if (inner == NULL)
		return NULL;
	if (near_not(inner) != NULL) {
		near_refuse(p->scope, inner, near_not(inner), "ATLEAST",
		    "ATLEAST/2(a)");
		return query_node(p, NODE_BRAND, inner->place);
	}
	if (near_has_and(inner))
		return query_error(p, t->from, t->to, "atleast-group",
		    "count words, or one of several: ATLEAST/2(a OR b); both "
		    "often: ATLEAST/2(a) AND ATLEAST/2(b)",
		    "AND cannot be counted");
	node = wrap(p, NODE_ATLEAST, t->place, inner);
	node->near = t->near;
	return node;
}
