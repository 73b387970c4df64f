/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <strings.h>

#include "rules/import_parts.h"

static bool
starts(const struct import_parser *p, size_t at, const char *with)
{
	size_t n = strlen(with);

	return p->text.len - at >= n && !memcmp(p->text.data + at, with, n);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Blanks, unbreakable ones, and <<<comments>>> of Brandwatch. */
static void
skip(struct import_parser *p)
{
	while (p->next < p->text.len) {
		if (blank(p->text.data[p->next])) {
			p->next++;
		} else if (starts(p, p->next, "\xc2\xa0")) {
			p->next += 2;
		} else if (p->dialect == IMPORT_BRANDWATCH &&
		    starts(p, p->next, "<<<")) {
			while (p->next < p->text.len &&
			    !starts(p, p->next, ">>>"))
				p->next++;
			p->next += p->next < p->text.len ? 3 : 0;
		} else {
			return;
		}
	}
}

/* Bytes of the double quote at ${at}, 0: none. */
static size_t
quote(const struct import_parser *p, size_t at)
{
	if (p->text.data[at] == '"')
		return 1;
	if (starts(p, at, "\xe2\x80\x9c") || starts(p, at, "\xe2\x80\x9d") ||
	    starts(p, at, "\xe2\x80\x9e"))
		return 3;
	if (starts(p, at, "\xc2\xab") || starts(p, at, "\xc2\xbb"))
		return 2;
	return 0;
}

static void
bad(struct import_parser *p, const char *help, const char *text)
{
	import_note(p, DIAG_ERROR, p->from, p->to, "unreadable-query", help,
	    text);
	p->token = TOKEN_BAD;
	p->failed = true;
	p->next = p->text.len;
}

/* From behind the opening quote; sets value, to, next. */
static bool
lex_quoted(struct import_parser *p, size_t at)
{
	size_t start = at + quote(p, at), i = start;

	while (i < p->text.len && quote(p, i) == 0)
		i++;
	p->to = i;
	if (i == p->text.len) {
		p->to = start;
		bad(p, "close it with the same quote",
		    "this quote is not closed");
		return false;
	}
	p->value = (struct slice){p->text.data + start, i - start};
	p->to = p->next = i + quote(p, i);
	p->quoted = true;
	return true;
}

static long
number_at(const struct import_parser *p, size_t *at)
{
	long n = 0;
	size_t from = *at;

	while (*at < p->text.len && p->text.data[*at] >= '0' &&
	    p->text.data[*at] <= '9') {
		if (n < 100000)
			n = n * 10 + (p->text.data[*at] - '0');
		(*at)++;
	}
	return *at == from ? -1 : n;
}

static size_t
word_end(const struct import_parser *p, size_t at)
{
	while (at < p->text.len && !blank(p->text.data[at]) &&
	    strchr("()\"", p->text.data[at]) == NULL && quote(p, at) == 0 &&
	    !starts(p, at, "\xc2\xa0"))
		at++;
	return at;
}

static bool
keyword(const struct import_parser *p, struct slice word, const char *name)
{
	size_t n = strlen(name);

	return word.len == n &&
	    (p->dialect == IMPORT_MELTWATER
		    ? !strncasecmp(word.data, name, n)
		    : !memcmp(word.data, name, n));
}

/* "NEAR/5", "NEAR/5f", "ONEAR", "ATLEAST/3"; the number in p->number. */
static bool
lex_counted(struct import_parser *p, struct slice word)
{
	static const struct {
		const char *name;
		enum import_token token;
		bool ordered;
	} rows[] = {{"NEAR", TOKEN_NEAR, false}, {"ONEAR", TOKEN_NEAR, true},
	    {"ATLEAST", TOKEN_ATLEAST, false}};

	if (p->dialect == IMPORT_X)
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = strlen(rows[i].name), at = p->from + n;
		struct slice head = {word.data, n};

		if (word.len < n || !keyword(p, head, rows[i].name))
			continue;
		p->number = 4; /* Meltwater's NEAR */
		p->ordered = rows[i].ordered;
		if (word.len > n) {
			if (word.data[n] != '/')
				continue;
			at++;
			p->number = number_at(p, &at);
			if (at < p->to && (p->text.data[at] | 0x20) == 'f' &&
			    rows[i].token == TOKEN_NEAR) {
				p->ordered = true;
				at++;
			}
			if (p->number < 0 || at < p->to)
				continue;
		} else if (p->dialect != IMPORT_MELTWATER ||
		    rows[i].token != TOKEN_NEAR) {
			continue;
		}
		p->token = rows[i].token;
		return true;
	}
	return false;
}

/* "name:" and what is behind it: a word, "words", [a TO b], or a group. */
static bool
lex_field(struct import_parser *p, size_t end)
{
	size_t i = p->from, at;

	while (i < end && (p->text.data[i] == '_' ||
			      ((p->text.data[i] | 0x20) >= 'a' &&
				  (p->text.data[i] | 0x20) <= 'z')))
		i++;
	if (i == p->from || i == end || p->text.data[i] != ':')
		return false;
	p->name = (struct slice){p->text.data + p->from, i - p->from};
	p->token = TOKEN_FIELD;
	at = ++i;
	if (at < p->text.len && quote(p, at) > 0)
		return lex_quoted(p, at) || p->failed;
	if (at < p->text.len && p->text.data[at] == '(') {
		p->open = true;
		p->to = p->next = at + 1;
		return true;
	}
	if (at < p->text.len && p->text.data[at] == '[') {
		while (at < p->text.len && p->text.data[at] != ']')
			at++;
		at += at < p->text.len;
	} else {
		at = word_end(p, at);
	}
	p->value = (struct slice){p->text.data + i, at - i};
	p->to = p->next = at;
	return true;
}

static void
lex_word(struct import_parser *p)
{
	size_t end = word_end(p, p->from);
	struct slice word = {p->text.data + p->from, end - p->from};

	p->to = p->next = end;
	p->value = word;
	p->token = TOKEN_WORD;
	if (keyword(p, word, "AND") || keyword(p, word, "&"))
		p->token = TOKEN_AND;
	else if (keyword(p, word, "OR") || keyword(p, word, "|"))
		p->token = TOKEN_OR;
	else if (keyword(p, word, "NOT") && p->dialect != IMPORT_X)
		p->token = TOKEN_NOT;
	else if (!lex_counted(p, word))
		lex_field(p, end);
}

/* The ~5 behind a phrase. */
static void
lex_phrase(struct import_parser *p)
{
	size_t at;

	if (!lex_quoted(p, p->from))
		return;
	p->token = TOKEN_PHRASE;
	p->number = -1;
	at = p->next + 1;
	if (p->next < p->text.len && p->text.data[p->next] == '~') {
		p->number = number_at(p, &at);
		if (p->number >= 0)
			p->to = p->next = at;
	}
}

void
import_lex(struct import_parser *p)
{
	const char *c;

	if (p->failed)
		return;
	skip(p);
	p->from = p->to = p->next;
	p->open = p->quoted = p->ordered = false;
	p->number = -1;
	p->value = p->name = SLICE_NONE;
	if (p->next >= p->text.len) {
		p->token = TOKEN_END;
		return;
	}
	c = p->text.data + p->next;
	if (*c == '(' || *c == ')') {
		p->token = *c == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		p->to = ++p->next;
	} else if (*c == '-' && p->next + 1 < p->text.len && !blank(c[1]) &&
	    c[1] != '-') {
		p->token = TOKEN_NOT;
		p->to = ++p->next;
	} else if (*c == '{' && p->dialect == IMPORT_BRANDWATCH) {
		const char *end = memchr(c, '}', p->text.len - p->next);

		p->token = TOKEN_EXACT;
		if (end == NULL) {
			bad(p, "close it with }", "this { is not closed");
			return;
		}
		p->value = (struct slice){c + 1, (size_t)(end - c) - 1};
		p->to = p->next = p->next + (size_t)(end - c) + 1;
	} else if (quote(p, p->next) > 0) {
		lex_phrase(p);
	} else {
		lex_word(p);
	}
}
