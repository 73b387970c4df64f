/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/query_parts.h"

#include <stdlib.h>
#include <strings.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"

/* Bytes of a query that a help line repeats. */
#define QUOTED_MAX 100

/* ${list}: terms side by side are joined by AND, as in SENTENCE(a b). */
static struct node *parse_group(struct parser *p, bool list);

static void
push(struct parser *p, struct node *node)
{
	if (p->count == p->room) {
		p->room = p->room * 2 + 16;
		p->stack = must_grow(p->stack, p->room * sizeof(*p->stack));
	}
	p->stack[p->count++] = node;
}

struct node *
query_error(struct parser *p, size_t from, size_t to, const char *code,
    const char *help, const char *text)
{
	diag_add(p->scope->diag, DIAG_ERROR, lex_place(&p->lex, from, to), code,
	    help, "%s", text);
	return NULL;
}

/* The node of what the stack holds from ${base} on; a chain of one is its
 * operand, groups of the same kind are flattened. */
static struct node *
pop_group(struct parser *p, size_t base, enum node_kind kind,
    struct place place)
{
	struct node *node;
	uint32_t n = 0;

	if (p->count - base == 1)
		return p->stack[--p->count];
	node = arena_alloc(p->scope->arena, sizeof(*node));
	node->kind = kind;
	node->place = place;
	for (size_t i = base; i < p->count; i++) {
		const struct node *item = p->stack[i];

		n += item->kind == kind && item->group.list.data == NULL
		    ? item->group.count
		    : 1;
	}
	node->group.items =
	    arena_alloc(p->scope->arena, n * sizeof(*node->group.items));
	for (size_t i = base; i < p->count; i++) {
		struct node *item = p->stack[i];

		if (item->kind != kind || item->group.list.data != NULL) {
			node->group.items[node->group.count++] = item;
			continue;
		}
		for (uint32_t k = 0; k < item->group.count; k++)
			node->group.items[node->group.count++] =
			    item->group.items[k];
	}
	p->count = base;
	return node;
}

static struct node *
parse_list(struct parser *p, const struct lex_token *t)
{
	const struct query_list *list = scope_find_list(p->scope, t->text);

	if (list == NULL) {
		scope_unknown_list(p->scope, t->place, t->text);
		return NULL;
	}
	return list->node;
}

struct node *
query_node(struct parser *p, enum node_kind kind, struct place place)
{
	struct node *node = arena_alloc(p->scope->arena, sizeof(*node));

	node->kind = kind;
	node->place = place;
	return node;
}

static struct node *
parse_term(struct parser *p)
{
	struct lex_token t = p->lex.token;
	struct place place = t.place;
	struct node *node = NULL;

	switch (t.kind) {
	case LEX_WORD:
		query_word_warn(p, &t);
		__attribute__((fallthrough));
	case LEX_PHRASE:
		node = query_phrase(p, &t);
		break;
	case LEX_REGEX:
		node = query_node(p, NODE_REGEX, place);
		node->regex.pattern = arena_text(p->scope->arena, t.text);
		node->regex.raw = t.raw;
		node->regex.pcre2_options = t.pcre2_options;
		node->regex.next = p->scope->regexes;
		p->scope->regexes = node;
		break;
	case LEX_LIST:
		node = query_entries(p, &t, parse_list(p, &t));
		break;
	case LEX_MACRO:
		node = query_macro(p, &t);
		break;
	case LEX_BRAND:
		if (p->scope->macro != NULL &&
		    p->scope->macro->brand.line == 0)
			p->scope->macro->brand = place;
		break;
	default:
		REQUIRE(t.kind == LEX_BAD);
		return NULL;
	}
	lex_next(&p->lex);
	/* an error inside a term does not hide those of its neighbours */
	return node != NULL ? node : query_node(p, NODE_BRAND, place);
}

struct node *
query_inside(struct parser *p, const struct lex_token *open, bool list)
{
	struct node *node;

	lex_next(&p->lex);
	if (p->lex.token.kind == LEX_CLOSE)
		return query_error(p, open->from, p->lex.token.to,
		    "empty-group", "put a query between the parentheses",
		    "nothing between these parentheses");
	node = parse_group(p, list);
	if (node == NULL)
		return NULL;
	if (p->lex.token.kind != LEX_CLOSE)
		return query_error(p, open->from, open->to,
		    "unclosed-parenthesis", "close it with ')'",
		    "this parenthesis is not closed");
	lex_next(&p->lex);
	return node;
}

static struct node *
missing_operand(struct parser *p)
{
	const struct lex_token *t = &p->lex.token;
	const struct yaml *at = p->lex.at;

	if (t->kind == LEX_END && at->tail.data != NULL)
		return query_error(p, t->from, t->to, "missing-term",
		    "YAML takes ' #' for the start of a comment: put the query "
		    "in single quotes",
		    "the query ends where a word should follow");
	if (t->kind == LEX_END)
		return query_error(p, t->from, t->to, "missing-term",
		    "write a word, a \"phrase\" or a group here",
		    t->from == 0 ? "an empty query"
				 : "the query ends where a word should follow");
	if (t->kind == LEX_CLOSE)
		return query_error(p, t->from, t->to, "missing-term",
		    "write a word, a \"phrase\" or a group before it",
		    "this ')' stands where a word should be");
	return query_error(p, t->from, t->to, "missing-term",
	    "operators stand between two sides; to search the word itself put "
	    "it in double quotes",
	    "an operator where a word should be");
}

struct node *
query_operand(struct parser *p)
{
	struct lex_token t = p->lex.token;
	struct node *node, *inner;

	if (p->depth == QUERY_DEPTH_MAX &&
	    (t.kind == LEX_NOT || t.kind == LEX_OPEN ||
		t.kind == LEX_PREFIX || t.kind == LEX_CALL))
		return query_error(p, t.from, t.to, "query-depth",
		    "move parts of it into lists",
		    "the query is nested too deep");
	p->terms++;
	if (++p->depth > p->deepest)
		p->deepest = p->depth;
	if (t.kind == LEX_NOT) {
		lex_next(&p->lex);
		inner = query_operand(p);
		node = NULL;
		if (inner != NULL) {
			node = query_node(p, NODE_NOT, t.place);
			node->group.items = arena_alloc(
			    p->scope->arena, sizeof(*node->group.items));
			node->group.items[0] = inner;
			node->group.count = 1;
		}
	} else if (t.kind == LEX_OPEN) {
		node = query_inside(p, &t, false);
	} else if (t.kind == LEX_PREFIX || t.kind == LEX_CALL) {
		node = query_term(p);
	} else if (t.kind == LEX_BAD || t.kind >= LEX_WORD) {
		node = parse_term(p);
	} else {
		node = missing_operand(p);
	}
	p->depth--;
	return node;
}

static struct node *
parse_near(struct parser *p)
{
	struct node *left = query_operand(p), *right;
	unsigned chain = 0;

	while (left != NULL && p->lex.token.kind == LEX_NEAR) {
		struct lex_token near = p->lex.token;

		if (chain++ == QUERY_DEPTH_MAX)
			return query_error(p, near.from, near.to, "query-depth",
			    "use fewer NEAR in a row",
			    "the query is nested too deep");
		query_near_far(p, &near);
		lex_next(&p->lex);
		right = query_operand(p);
		left = right == NULL
		    ? NULL
		    : near_build(p->scope, &near, near.place, left, right);
	}
	return left;
}

static void
quote(struct buf *out, struct parser *p, size_t from, size_t to)
{
	struct slice text = p->lex.text;

	while (to > from && (text.data[to - 1] == ' ' ||
				text.data[to - 1] == '\n'))
		to--;
	for (size_t i = from; i < to; i++)
		if (text.data[i] != '\n')
			buf_char(out, text.data[i]);
		else
			buf_char(out, ' ');
}

/*
 * "a AND b OR c": show both readings.  ${first} is where the chain began,
 * ${last} its last operand, ${op} the operator that does not fit.
 */
static struct node *
mixed(struct parser *p, size_t first, size_t last, struct lex_token op)
{
	bool is_or = op.kind == LEX_OR;
	struct buf help = {0};
	size_t right, end;

	if (op.kind != LEX_NOT)
		lex_next(&p->lex);
	right = p->lex.token.from;
	if (parse_near(p) == NULL)
		return NULL;
	end = p->lex.token.from;
	if (end - first > QUOTED_MAX) {
		buf_printf(&help, "write (... %s ...) %s ..., or "
		    "... %s (... %s ...)",
		    is_or ? "AND" : "OR", is_or ? "OR" : "AND",
		    is_or ? "AND" : "OR", is_or ? "OR" : "AND");
	} else {
		buf_text(&help, "write (");
		quote(&help, p, first, op.from);
		buf_text(&help, is_or ? ") OR " : ") AND ");
		quote(&help, p, right, end);
		buf_text(&help, ", or ");
		quote(&help, p, first, last);
		buf_text(&help, " (");
		quote(&help, p, last, end);
		buf_text(&help, ")");
	}
	buf_char(&help, '\0');
	query_error(p, op.from, op.to, "mixed-and-or", help.data,
	    "AND and OR side by side need parentheses");
	buf_fini(&help);
	return NULL;
}

/* Two terms side by side: why people write that. */
static struct node *
missing_operator(struct parser *p)
{
	const struct lex_token *t = &p->lex.token;
	const char *help = "write AND or OR between them, or put a phrase in "
			   "double quotes";
	struct slice w = t->text;

	if (t->kind == LEX_WORD && w.len == 3 && !strncasecmp(w.data, "and", 3))
		help = "did you mean AND? write \"and\" in double quotes to "
		       "search the word";
	else if (t->kind == LEX_WORD && w.len == 2 &&
	    (!strncasecmp(w.data, "or", 2) || !strncasecmp(w.data, "ou", 2)))
		help = "did you mean OR? put the words in double quotes to "
		       "search them";
	else if (t->kind == LEX_WORD && w.len == 3 &&
	    !strncasecmp(w.data, "not", 3))
		help = "did you mean AND NOT? write \"not\" in double quotes "
		       "to search the word";
	else if (t->kind == LEX_WORD && w.len == 2 &&
	    !strncasecmp(w.data, "et", 2))
		help = "did you mean AND? put the words in double quotes to "
		       "search them";
	else if (p->lex.at->quoted && memchr(p->lex.text.data, '"',
					  p->lex.text.len) == NULL)
		help = "the quotes around the value belong to YAML; for a "
		       "phrase write '\"stop buying\"', else AND or OR";
	return query_error(p, t->from, t->to, "missing-operator", help,
	    "two terms side by side without an operator");
}

static struct node *
parse_group(struct parser *p, bool list)
{
	size_t base = p->count, first = p->lex.token.from, last = first;
	struct place place = p->lex.token.place;
	enum lex_kind chain = LEX_END;
	struct node *node = parse_near(p);

	while (node != NULL) {
		struct lex_token op = p->lex.token;
		enum lex_kind kind = op.kind;

		push(p, node);
		if (kind == LEX_END || kind == LEX_CLOSE)
			return pop_group(p, base,
			    chain == LEX_OR ? NODE_OR : NODE_AND, place);
		if (kind == LEX_BAD)
			return NULL;
		if (kind == LEX_NOT)
			kind = LEX_AND; /* "a NOT b"; query_operand takes it */
		if (list && chain != LEX_OR && kind >= LEX_OPEN &&
		    kind != LEX_OR && kind != LEX_AND)
			kind = LEX_AND;
		if (kind != LEX_AND && kind != LEX_OR)
			return missing_operator(p);
		if (chain != LEX_END && chain != kind)
			return mixed(p, first, last, op);
		chain = kind;
		if (op.kind == LEX_AND || op.kind == LEX_OR)
			lex_next(&p->lex);
		last = p->lex.token.from;
		node = parse_near(p);
	}
	return NULL;
}

struct node *
query_whole(struct parser *p)
{
	struct node *node = parse_group(p, false);

	if (node != NULL && p->lex.token.kind == LEX_CLOSE)
		node = query_error(p, p->lex.token.from, p->lex.token.to,
		    "unopened-parenthesis", "delete it, or open one before",
		    "this ')' closes nothing");
	free(p->stack);
	return node;
}

static struct node *
check(struct parser *p, struct node *node)
{
	const struct node *not = near_negative(node);

	if (not == NULL)
		return node;
	near_tell(p->scope, node, not, "negative-query",
	    p->scope->brand_allowed
		? "say what must be there first: brand AND NOT x"
		: "say what must be there first: a AND NOT x",
	    "with this NOT the query would match almost every post");
	return NULL;
}

struct node *
query_parse(struct arena *arena, const struct yaml *at,
    struct query_scope *scope, struct diag *diag)
{
	unsigned errors = diag_errors(diag);
	struct parser p = {.scope = scope};
	struct node *node;

	REQUIRE(arena == scope->arena && diag == scope->diag);
	scope->nodes_left = QUERY_NODES_MAX;
	lex_start(&p.lex, scope, at);
	node = query_whole(&p);
	if (node != NULL)
		node = check(&p, node);
	return diag_errors(diag) == errors ? node : NULL;
}
