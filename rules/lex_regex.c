/*
 * /regex/flags: where it ends, its flags, and capitals or accents in it that
 * could never match because the text is folded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pcre2.h>

#include "engine/base/utf8.h"
#include "rules/query.h"

static bool
lex_flag(struct lex *lex, char c)
{
	switch (c) {
	case 'i':
		lex->token.pcre2_options |= PCRE2_CASELESS;
		return true;
	case 's':
		lex->token.pcre2_options |= PCRE2_DOTALL;
		return true;
	case 'm':
		lex->token.pcre2_options |= PCRE2_MULTILINE;
		return true;
	case 'x':
		lex->token.pcre2_options |= PCRE2_EXTENDED;
		return true;
	case 'n':
		lex->token.pcre2_options |= PCRE2_NO_AUTO_CAPTURE;
		return true;
	case 'U':
		lex->token.pcre2_options |= PCRE2_UNGREEDY;
		return true;
	case 'r':
		lex->token.raw = true;
		return true;
	default:
		return false;
	}
}

/* Bytes of the group or class syntax at ${p} whose letters are names, not
 * text: \p{Lu}, (?<name>, (*UTF), [:alpha:]; 0 if there is none. */
static size_t
syntax(const char *p, size_t left)
{
	char close = 0;
	size_t n = 2;

	if (p[0] == '\\' && left > 1) {
		/* \x{41}, \p{Lu}, \k<name>, and after all others one letter */
		if (left > 2 && strchr("pPxNkgo", p[1]) != NULL)
			close = p[2] == '{' ? '}' : p[2] == '<' ? '>' : 0;
		if (p[1] == 'x' && close == 0)
			return left < 4 ? left : 4;
		if (close == 0)
			return 1 + utf8_step(p + 1, left - 1);
	} else if (p[0] == '(' && left > 1 && p[1] == '*') {
		close = ')';
	} else if (p[0] == '(' && left > 2 && p[1] == '?') {
		char c = p[2];

		if (c == 'P' && left > 3)
			close = p[3] == '<' ? '>' : ')';
		else if (c == '<' && left > 3 && p[3] != '=' && p[3] != '!')
			close = '>';
		else if (c == '&' || c == '\'' || c == 'R')
			close = c == '\'' ? '\'' : ')';
		n = 3;
	} else if (p[0] == '[' && left > 1 && p[1] == ':') {
		close = ']';
	}
	if (close == 0)
		return 0;
	while (n < left && (p[n] != close || n == 2))
		n++;
	return n < left ? n + 1 : left;
}

static bool
folds(struct query_scope *scope, const char *p, size_t n)
{
	struct text *t = &scope->text;

	text_fold(t, SLICE_NONE, (struct slice){p, n}, TEXT_QUERY);
	return t->len != n || memcmp(t->bytes, p, n) != 0;
}

static void
warn_unfolded(struct lex *lex)
{
	const struct lex_token *token = &lex->token;
	const char *p = token->text.data;
	size_t left, n;

	for (size_t i = 0; i < token->text.len; i += n) {
		bool capital = p[i] >= 'A' && p[i] <= 'Z';
		size_t from = token->from + 1 + i;

		left = token->text.len - i;
		n = syntax(p + i, left);
		if (n > 0)
			continue;
		n = utf8_step(p + i, left);
		if (capital ? (token->pcre2_options & PCRE2_CASELESS) != 0
			    : n == 1 || !folds(lex->scope, p + i, n))
			continue;
		diag_add(lex->scope->diag, DIAG_WARNING,
		    lex_place(lex, from, from + n), "regex-folded",
		    "write it in small letters without accents, or add the "
		    "flag r to read the raw text",
		    "'%.*s' never matches: texts are read without capitals "
		    "and accents",
		    (int)n, p + i);
		return;
	}
}

static void
bad_regex(struct lex *lex, size_t from, size_t to, const char *code,
    const char *help, const char *text)
{
	diag_add(lex->scope->diag, DIAG_ERROR, lex_place(lex, from, to), code,
	    help, "%s", text);
	lex->token.kind = LEX_BAD;
	lex->next = lex->text.len;
}

void
lex_regex(struct lex *lex, size_t from)
{
	struct slice text = lex->text;
	size_t end = from + 1;

	lex->token = (struct lex_token){.kind = LEX_REGEX, .from = from};
	while (end < text.len && text.data[end] != '/')
		end += text.data[end] == '\\' ? 2 : 1;
	if (end >= text.len) {
		bad_regex(lex, from, from + 1, "unclosed-regex",
		    "close it with '/'; a slash inside is written \\/",
		    "this regex is not closed");
		return;
	}
	lex->token.text =
	    (struct slice){text.data + from + 1, end - from - 1};
	lex->token.to = ++end;
	if (lex->token.text.len == 0) {
		bad_regex(lex, from, end, "empty-regex", NULL,
		    "an empty regex");
		return;
	}
	while (end < text.len &&
	    ((text.data[end] >= 'a' && text.data[end] <= 'z') ||
		(text.data[end] >= 'A' && text.data[end] <= 'Z'))) {
		if (!lex_flag(lex, text.data[end])) {
			bool always = strchr("gu", text.data[end]) != NULL;

			bad_regex(lex, end, end + 1, "regex-flag",
			    always
				? "leave it out: all places are found anyway, "
				  "and letters are those of Unicode"
				: "flags: i (case), s (dot is any), m (lines), "
				  "x (blanks free), n (no captures), U (short "
				  "matches first), r (raw text)",
			    "unknown regex flag");
			return;
		}
		lex->token.to = ++end;
	}
	lex->next = end;
	if (!lex->token.raw)
		warn_unfolded(lex);
}
