/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "rules/query_parts.h"

struct term {
	const char *name;
	struct node *(*parse)(struct parser *p, const struct lex_token *token);
};

static const struct term prefixes[] = {
#define PREFIX(name, function) {#name, function},
#define CALL(name, function)
#include "rules/terms.def"
#undef PREFIX
#undef CALL
    {NULL, NULL},
};

static const struct term calls[] = {
#define PREFIX(name, function)
#define CALL(name, function) {#name, function},
#include "rules/terms.def"
#undef PREFIX
#undef CALL
    {NULL, NULL},
};

static const struct term *
find(const struct term *table, struct slice name)
{
	for (; table->name != NULL; table++)
		if (slice_is(name, table->name))
			return table;
	return NULL;
}

static struct node *
unknown(struct parser *p, const struct lex_token *t)
{
	bool prefix = t->kind == LEX_PREFIX;
	const struct term *row = prefix ? prefixes : calls;
	struct suggest suggest;
	struct buf help = {0}, text = {0};

	buf_printf(&text, "unknown %s '%.*s'", prefix ? "field" : "operator",
	    (int)(t->to - t->from), p->lex.text.data + t->from);
	buf_char(&text, '\0');
	suggest_start(&suggest, t->text);
	for (; row->name != NULL; row++) {
		if (t->text.len == strlen(row->name) &&
		    !strncasecmp(t->text.data, row->name, t->text.len))
			buf_printf(&help, "it is written %s%s", row->name,
			    prefix ? ":" : "(");
		suggest_offer(&suggest, slice_of(row->name));
	}
	if (help.len == 0)
		suggest_say(&suggest,
		    prefix ? "known before a ':'" : "known before a '('",
		    &help);
	buf_text(&help, prefix ? "; to search the text, put it in double quotes"
			       : "; before a group write AND, OR, NOT or "
				 "NEAR/n and a blank");
	buf_char(&help, '\0');
	query_error(p, t->from, t->to,
	    prefix ? "unknown-field" : "unknown-operator", help.data,
	    text.data);
	buf_fini(&help);
	buf_fini(&text);
	return NULL;
}

struct node *
query_term(struct parser *p)
{
	struct lex_token t = p->lex.token;
	const struct term *row =
	    find(t.kind == LEX_PREFIX ? prefixes : calls, t.text);

	return row != NULL ? row->parse(p, &t) : unknown(p, &t);
}
