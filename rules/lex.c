/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "engine/base/utf8.h"
#include "rules/query.h"

/* Bytes of the blank at ${p}, 0 if there is none: also the unbreakable ones
 * that word processors put before : and ?. */
static size_t
blank(const char *p, size_t left)
{
	if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		return 1;
	if (left >= 2 && !memcmp(p, "\xc2\xa0", 2))
		return 2;
	if (left >= 3 &&
	    (!memcmp(p, "\xe2\x80\xaf", 3) || !memcmp(p, "\xe3\x80\x80", 3)))
		return 3;
	return 0;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

struct place
lex_place(struct lex *lex, size_t from, size_t to)
{
	return yaml_place_next(&lex->aside, from, to - from);
}

void
lex_bad(struct lex *lex, size_t from, size_t to, const char *code,
    const char *help, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(lex->scope->diag, DIAG_ERROR, lex_place(lex, from, to), code,
	    help, "%s", text);
	lex->token.kind = LEX_BAD;
	lex->token.from = from;
	lex->token.to = to;
	lex->next = lex->text.len;
}

void
lex_set(struct lex *lex, enum lex_kind kind, size_t from, size_t to)
{
	lex->token = (struct lex_token){.kind = kind, .from = from, .to = to};
	lex->token.text = (struct slice){lex->text.data + from, to - from};
	lex->next = to;
}

/* How a quoted phrase opens and closes; the typographic ones come in by copy
 * and paste. */
static const struct quote {
	const char *open, *close[2];
	bool apostrophe; /* closes only before a blank, ')' or the end */
} quotes[] = {
    {"\"", {"\"", NULL}, false},
    {"\xe2\x80\x9c", {"\xe2\x80\x9d", "\xe2\x80\x9c"}, false},
    {"\xe2\x80\x9e", {"\xe2\x80\x9c", "\xe2\x80\x9d"}, false},
    {"\xc2\xab", {"\xc2\xbb", NULL}, false},
    {"'", {"'", NULL}, true},
    {"\xe2\x80\x98", {"\xe2\x80\x99", NULL}, true},
};

static bool
starts(struct slice text, size_t at, const char *with)
{
	size_t n = strlen(with);

	return text.len - at >= n && !memcmp(text.data + at, with, n);
}

static const struct quote *
quote_at(struct slice text, size_t at)
{
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		if (starts(text, at, quotes[i].open))
			return &quotes[i];
	return NULL;
}

/* The ~5 behind a phrase. */
static void
lex_within(struct lex *lex, size_t at)
{
	struct slice text = lex->text;
	size_t i = at + 1;
	uint32_t n = 0;

	if (at >= text.len || text.data[at] != '~')
		return;
	for (; i < text.len && digit(text.data[i]); i++)
		if (n < 100000000)
			n = n * 10 + (uint32_t)(text.data[i] - '0');
	if (i == at + 1) {
		lex_bad(lex, at, i, "near-number",
		    "write \"palm boycott\"~5: at most five words between them",
		    "'~' needs a number");
		return;
	}
	lex->token.to = lex->next = i;
	lex->token.near = n;
	lex->token.numbered = true;
}

static void
lex_quoted(struct lex *lex, size_t from, const struct quote *quote)
{
	struct slice text = lex->text;
	size_t start = from + strlen(quote->open);

	for (size_t i = start; i < text.len;
	     i += utf8_step(text.data + i, text.len - i))
		for (int k = 0; k < 2 && quote->close[k] != NULL; k++) {
			size_t end;

			if (!starts(text, i, quote->close[k]))
				continue;
			end = i + strlen(quote->close[k]);
			if (quote->apostrophe && end < text.len &&
			    text.data[end] != ')' && text.data[end] != '~' &&
			    !blank(text.data + end, text.len - end))
				continue;
			lex_set(lex, LEX_PHRASE, from, end);
			lex->token.text =
			    (struct slice){text.data + start, i - start};
			lex_within(lex, end);
			return;
		}
	lex_bad(lex, from, start, "unclosed-quote",
	    "close the phrase with the same quote",
	    "this quote is not closed");
}

/* "@list(name)", "@macro(name)". */
static void
lex_named(struct lex *lex, size_t from, enum lex_kind kind)
{
	struct slice text = lex->text;
	bool list = kind == LEX_LIST;
	size_t start = from + strlen(list ? "@list(" : "@macro(");
	size_t end = start, stop;

	while (end < text.len && text.data[end] != ')' &&
	    text.data[end] != '(')
		end++;
	if (end == text.len || text.data[end] == '(') {
		lex_bad(lex, from, start, "unclosed-parenthesis",
		    list ? "write @list(name)" : "write @macro(name)",
		    "this %s is not closed", list ? "@list(" : "@macro(");
		return;
	}
	lex_set(lex, kind, from, end + 1);
	while (start < end && blank(text.data + start, end - start))
		start++;
	for (stop = end; stop > start && text.data[stop - 1] == ' ';)
		stop--;
	lex->token.text = (struct slice){text.data + start, stop - start};
}

static size_t
word_end(struct slice text, size_t from)
{
	size_t i = from;

	while (i < text.len) {
		char c = text.data[i];

		if (c == '(' || c == ')' || c == '"' ||
		    (unsigned char)c < 0x20 ||
		    blank(text.data + i, text.len - i))
			break;
		if (i > from && (starts(text, i, "\xe2\x80\x9c") ||
				    starts(text, i, "\xe2\x80\x9d") ||
				    starts(text, i, "\xc2\xab") ||
				    starts(text, i, "\xc2\xbb")))
			break;
		i += utf8_step(text.data + i, text.len - i);
	}
	return i;
}

/* "NEAR/5", "ONEAR/12"; also the slips that are meant as one. */
static bool
lex_near(struct lex *lex, size_t from, size_t to)
{
	struct slice word = {lex->text.data + from, to - from};
	size_t skip = word.len > 0 && (word.data[0] | 0x20) == 'o';
	uint32_t n = 0;
	size_t i;

	if (word.len < skip + 4 || strncasecmp(word.data + skip, "near", 4))
		return false;
	i = skip + 4;
	if (i < word.len && word.data[i] != '/' && !digit(word.data[i]))
		return false; /* nearly */
	if (memcmp(word.data, skip ? "ONEAR" : "NEAR", i)) {
		if (i == word.len)
			return false; /* the word near */
		lex_bad(lex, from, to, "keyword-case",
		    "operators are in capitals: NEAR/5, ONEAR/5",
		    "'%.*s' is not an operator", SLICE_ARG(word));
		return true;
	}
	for (i++; i < word.len && digit(word.data[i]) && n < 100000000; i++)
		n = n * 10 + (uint32_t)(word.data[i] - '0');
	if (i < word.len || word.len <= skip + 5 ||
	    word.data[skip + 4] != '/') {
		lex_bad(lex, from, to, "near-number",
		    "write NEAR/5: at most five words between the two sides; "
		    "ONEAR/5 in this order",
		    "NEAR needs a number after a slash");
		return true;
	}
	lex_set(lex, LEX_NEAR, from, to);
	lex->token.near = n;
	lex->token.ordered = skip > 0;
	return true;
}

/* What other tools write for AND, OR, NOT, NEAR. */
static bool
lex_foreign(struct lex *lex, size_t from, size_t to)
{
	struct slice word = {lex->text.data + from, to - from};
	const char *help = NULL;

	if (slice_is(word, "|") || slice_is(word, "||") || slice_is(word, ","))
		help = "write OR between alternatives";
	else if (slice_is(word, "&") || slice_is(word, "&&") ||
	    slice_is(word, "+"))
		help = "write AND between things that must all be there";
	else if (word.len > 1 && word.data[0] == '~' && digit(word.data[1]))
		help = "for words near each other write: a NEAR/5 b";
	else if (word.data[0] == '-' || word.data[0] == '!')
		help = "to exclude, write NOT; to search the text, put it in "
		       "double quotes";
	else if (word.data[0] == '+' || word.data[0] == '|' ||
	    word.data[0] == '&')
		help = "write AND or OR as a word of its own";
	if (help == NULL)
		return false;
	lex_bad(lex, from, to, "unknown-operator", help,
	    "'%.*s' is not an operator", (int)(word.len < 40 ? word.len : 40),
	    word.data);
	return true;
}

static void
lex_brand(struct lex *lex, size_t from, size_t to)
{
	lex_set(lex, LEX_BRAND, from, to);
	if (lex->scope->brand_allowed)
		return;
	diag_add(lex->scope->diag, DIAG_ERROR, lex_place(lex, from, to),
	    "brand-word", lex->scope->brand_help,
	    "the word brand has no meaning here");
}

static void
lex_word(struct lex *lex, size_t from)
{
	size_t to = word_end(lex->text, from);
	struct slice word = {lex->text.data + from, to - from};

	if (word.len == 0) {
		lex_bad(lex, from, from + 1, "control-character",
		    "in double quotes YAML reads \\b itself: put the query in "
		    "single quotes",
		    "a control character in the query");
		return;
	}
	if (slice_is(word, "AND"))
		lex_set(lex, LEX_AND, from, to);
	else if (slice_is(word, "OR"))
		lex_set(lex, LEX_OR, from, to);
	else if (slice_is(word, "NOT"))
		lex_set(lex, LEX_NOT, from, to);
	else if (lex_near(lex, from, to) || lex_foreign(lex, from, to) ||
	    lex_term(lex, from, to))
		return;
	else if (slice_is(word, "brand"))
		lex_brand(lex, from, to);
	else
		lex_set(lex, LEX_WORD, from, to);
}

static void
place_token(struct lex *lex)
{
	if (lex->token.kind != LEX_BAD)
		lex->token.place = yaml_place_next(&lex->cursor,
		    lex->token.from, lex->token.to - lex->token.from);
}

void
lex_next(struct lex *lex)
{
	struct slice text = lex->text;
	size_t at = lex->next, n;
	const struct quote *quote;

	if (lex->token.kind == LEX_BAD)
		return;
	while (at < text.len &&
	    (n = blank(text.data + at, text.len - at)) > 0)
		at += n;
	if (at == text.len)
		lex_set(lex, LEX_END, at, at);
	else if (text.data[at] == '(')
		lex_set(lex, LEX_OPEN, at, at + 1);
	else if (text.data[at] == ')')
		lex_set(lex, LEX_CLOSE, at, at + 1);
	else if (text.data[at] == '/')
		lex_regex(lex, at);
	else if (starts(text, at, "@list("))
		lex_named(lex, at, LEX_LIST);
	else if (starts(text, at, "@macro("))
		lex_named(lex, at, LEX_MACRO);
	else if ((quote = quote_at(text, at)) != NULL)
		lex_quoted(lex, at, quote);
	else
		lex_word(lex, at);
	place_token(lex);
}

void
lex_value(struct lex *lex)
{
	size_t at = lex->next;
	const struct quote *quote = at < lex->text.len
	    ? quote_at(lex->text, at)
	    : NULL;

	if (lex->token.kind == LEX_BAD)
		return;
	if (quote != NULL)
		lex_quoted(lex, at, quote);
	else
		lex_set(lex, LEX_WORD, at, word_end(lex->text, at));
	place_token(lex);
}

void
lex_start(struct lex *lex, struct query_scope *scope, const struct yaml *at)
{
	*lex = (struct lex){.scope = scope, .at = at, .text = at->text,
	    .next = scope->from};
	yaml_place_start(&lex->cursor, at);
	lex->aside = lex->cursor;
	lex_next(lex);
}
