/*
 * "lang:fr", "author:(a OR @list(b))", "followers:100..5k", "reach>=10k".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/query_field.h"

static enum field_id
id_of(struct slice name)
{
	unsigned id = 0;

	while (!slice_is(name, field_name((enum field_id)id)))
		id++;
	return (enum field_id)id;
}

static bool
one_of(enum field_type type)
{
	return type == FIELD_TYPE_KIND || type == FIELD_TYPE_HAS ||
	       type == FIELD_TYPE_IS;
}

static bool
add_value(struct field_parse *c, struct slice text, size_t from, size_t to)
{
	struct field_value v = {text, from, to};

	if (text.len == 0) {
		query_error(c->p, from, to, "missing-value",
		    "write the value directly behind it",
		    "there is nothing between these quotes");
		return false;
	}
	if (one_of(field_type(c->field->id)))
		return query_value_word(c, &v);
	if (!query_value_text(c, &v))
		return false;
	if (c->count == c->room) {
		c->room = c->room * 2 + 16;
		c->values = must_grow(c->values, c->room * sizeof(*c->values));
	}
	c->values[c->count++] = scope_word(c->p->scope, v.text);
	return true;
}

static bool
add_list(struct field_parse *c, const struct lex_token *t)
{
	const struct query_list *list = scope_find_list(c->p->scope, t->text);

	if (list == NULL) {
		scope_unknown_list(c->p->scope, t->place, t->text);
		return false;
	}
	for (uint32_t i = 0; i < list->texts_count; i++)
		if (!add_value(c, list->texts[i], t->from, t->to))
			return false;
	return true;
}

/* What stands at ${c}'s lexer: a list, or a value as it is written. */
static bool
take_value(struct field_parse *c)
{
	struct lex *lex = &c->p->lex;
	struct slice rest = {
	    lex->text.data + lex->next, lex->text.len - lex->next};

	if ((rest.len >= 6 && !memcmp(rest.data, "@list(", 6)) ||
	    (rest.len >= 7 && !memcmp(rest.data, "@macro(", 7)))
		lex_next(lex);
	else
		lex_value(lex);
	c->end = lex->token.to;
	switch (lex->token.kind) {
	case LEX_LIST:
		return add_list(c, &lex->token);
	case LEX_WORD:
	case LEX_PHRASE:
		return add_value(
		    c, lex->token.text, lex->token.from, lex->token.to);
	case LEX_MACRO:
		query_error(c->p, lex->token.from, lex->token.to,
		    "macro-in-field",
		    "values go into a list: author:@list(name); the macro may "
		    "have the field in it",
		    "a macro is a query, and no value of a field");
		return false;
	default:
		return false; /* told */
	}
}

static void
skip_blanks(struct lex *lex)
{
	while (lex->next < lex->text.len &&
	       strchr(" \t\r\n", lex->text.data[lex->next]) != NULL)
		lex->next++;
}

/* "(a OR b)", behind the opening parenthesis. */
static bool
take_group(struct field_parse *c)
{
	struct lex *lex = &c->p->lex;
	struct lex_token open = lex->token;

	for (;;) {
		skip_blanks(lex);
		if (lex->next < lex->text.len &&
		    (lex->text.data[lex->next] == '(' ||
			lex->text.data[lex->next] == ')')) {
			query_error(c->p, lex->next, lex->next + 1,
			    "missing-term", "write the values: (one OR two)",
			    "a value should stand here");
			return false;
		}
		if (lex->next == lex->text.len)
			break;
		if (!take_value(c))
			return false;
		lex_next(lex);
		c->end = lex->token.to;
		if (lex->token.kind == LEX_CLOSE)
			return true;
		if (lex->token.kind == LEX_BAD)
			return false;
		if (lex->token.kind == LEX_END)
			break;
		if (lex->token.kind != LEX_OR) {
			query_error(c->p, lex->token.from, lex->token.to,
			    "values-with-or",
			    "a value with blanks stands in double quotes",
			    "write OR between the values of a field");
			return false;
		}
	}
	query_error(c->p, open.from, open.to, "unclosed-parenthesis",
	    "close it with ')'", "this parenthesis is not closed");
	return false;
}

static bool
take_values(struct field_parse *c)
{
	struct lex *lex = &c->p->lex;

	if (!slice_is(c->token->sign, ":")) {
		query_error(c->p, c->token->from, c->token->to, "no-comparison",
		    "write a colon and the value, as in lang:fr",
		    "this field is no number to be compared");
		return false;
	}
	if (lex->next < lex->text.len && lex->text.data[lex->next] == '(') {
		lex_next(lex);
		return take_group(c);
	}
	return take_value(c);
}

static int
by_text(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	bool wild_x = memchr(x->data, '*', x->len) != NULL;
	bool wild_y = memchr(y->data, '*', y->len) != NULL;

	if (wild_x != wild_y)
		return wild_x ? 1 : -1;
	return slice_order(*x, *y);
}

/* Sorted, each once, those with a '*' last. */
static void
store_values(struct field_parse *c)
{
	struct field *f = c->field;
	struct slice *values;
	uint32_t kept = 0;

	if (c->count == 0)
		return;
	qsort(c->values, c->count, sizeof(*c->values), by_text);
	values = arena_alloc(
	    c->p->scope->arena, c->count * sizeof(*values));
	for (uint32_t i = 0; i < c->count; i++)
		if (kept == 0 || !slice_equal(values[kept - 1], c->values[i]))
			values[kept++] = c->values[i];
	f->values = values;
	f->count = kept;
	while (f->plain < kept && memchr(values[f->plain].data, '*',
				      values[f->plain].len) == NULL)
		f->plain++;
}

struct node *
query_field(struct parser *p, const struct lex_token *token)
{
	struct node *node = query_node(p, NODE_FIELD, token->place);
	struct field_parse c = {.p = p, .token = token};
	enum field_type type;
	bool good;

	node->field = c.field =
	    arena_alloc(p->scope->arena, sizeof(*node->field));
	c.field->id = id_of(token->text);
	type = field_type(c.field->id);
	if (type == FIELD_TYPE_NUMBER || type == FIELD_TYPE_HOUR ||
	    type == FIELD_TYPE_SAMPLE) {
		lex_value(&p->lex);
		c.end = p->lex.token.to;
		good = p->lex.token.kind != LEX_BAD && query_value_number(&c);
	} else {
		good = take_values(&c);
		if (good)
			store_values(&c);
	}
	free(c.values);
	if (!good)
		return NULL;
	c.field->text = arena_text(p->scope->arena,
	    (struct slice){p->lex.text.data + token->from,
		c.end - token->from});
	lex_next(&p->lex);
	return node;
}

struct node *
query_field_other(struct parser *p, const struct lex_token *token)
{
	static const struct {
		const char *name, *help;
	} rows[] = {
#define OTHER(name, help) {#name, help},
#include "rules/fields_other.def"
#undef OTHER
	};
	char text[120];
	size_t i = 0;

	while (!slice_is(token->text, rows[i].name))
		i++;
	snprintf(text, sizeof(text), "unknown field '%.*s'",
	    (int)(token->to - token->from), p->lex.text.data + token->from);
	return query_error(p, token->from, token->to, "unknown-field",
	    rows[i].help, text);
}

struct node *
query_field_refused(struct parser *p, const struct lex_token *token)
{
	return query_error(p, token->from, token->to, "refused-field",
	    "Vigie judges what is said, not who the author seems to be: such "
	    "guesses are profiling (GDPR articles 9 and 22) and do not change "
	    "how an answer is written; to search the text, put it in double "
	    "quotes",
	    "gender, age, origin, faith and opinions of authors are not "
	    "fields, on purpose");
}
