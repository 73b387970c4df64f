/*
 * What stands directly before a term: "lang:", "reach>=", "SENTENCE(".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <strings.h>

#include "rules/query.h"

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
blank_or_end(struct slice text, size_t at)
{
	return at >= text.len || strchr(" \t\r\n)", text.data[at]) != NULL;
}

/* From ${sign}, where ':' or a comparison stands behind the name. */
static void
prefix(struct lex *lex, size_t from, size_t sign)
{
	struct slice text = lex->text;
	struct slice name = {text.data + from, sign - from};
	size_t to = sign + 1;

	if (text.data[sign] != ':' && text.data[sign] != '=' &&
	    to < text.len && text.data[to] == '=')
		to++;
	if (text.len - to >= 2 && !memcmp(text.data + to, "//", 2)) {
		lex_bad(lex, from, to + 2, "url-in-query",
		    "to find who links there write url:\"example.org/page\" or "
		    "site:example.org; to search the text, put it in double "
		    "quotes",
		    "an address is not a word");
		return;
	}
	if (blank_or_end(text, to)) {
		lex_bad(lex, from, to, "missing-value",
		    "write it without a blank: title:recall, title:\"two "
		    "words\"; to search the text, put it in double quotes",
		    "nothing stands behind '%.*s'", (int)(to - from),
		    text.data + from);
		return;
	}
	lex_set(lex, LEX_PREFIX, from, to);
	lex->token.text = name;
	lex->token.sign = (struct slice){text.data + sign, to - sign};
}

/* "NAME(" or "NAME/12(": ${end} is where the name ends. */
static bool
call(struct lex *lex, size_t from, size_t end, size_t to)
{
	struct slice text = lex->text;
	bool numbered = end < to && text.data[end] == '/';
	size_t i = end + numbered;
	uint32_t n = 0;

	for (; i < to && digit(text.data[i]); i++)
		if (n < 100000000)
			n = n * 10 + (uint32_t)(text.data[i] - '0');
	if (i < to || (numbered && i == end + 1) || (!numbered && i > end))
		return false;
	lex_set(lex, LEX_CALL, from, to + 1);
	lex->token.text = (struct slice){text.data + from, end - from};
	lex->token.near = n;
	lex->token.numbered = numbered;
	return true;
}

bool
lex_term(struct lex *lex, size_t from, size_t to)
{
	struct slice text = lex->text;
	bool open = to < text.len && text.data[to] == '(', capitals = true;
	size_t i = from;

	while (i < to && letter(text.data[i])) {
		capitals = capitals && text.data[i] < 'a';
		i++;
	}
	if (i > from && i < to && strchr(":<>=", text.data[i]) != NULL) {
		prefix(lex, from, i);
		return true;
	}
	if (i > from && open && call(lex, from, i, to))
		return true;
	if (open) {
		lex_bad(lex, from, to + 1, "unknown-operator",
		    "before a group write AND, OR, NOT or NEAR/n and a blank",
		    "unknown operator '%.*s('", (int)(to - from),
		    text.data + from);
		return true;
	}
	if (i > from && capitals && i + 1 < to && text.data[i] == '/' &&
	    digit(text.data[i + 1])) {
		lex_bad(lex, from, to, "unknown-operator",
		    "operators: AND, OR, NOT, NEAR/n, ONEAR/n, ATLEAST/n(x); "
		    "to search the text, put it in double quotes",
		    "unknown operator '%.*s'", (int)(to - from),
		    text.data + from);
		return true;
	}
	return false;
}
