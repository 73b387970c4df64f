/*
 * The pieces that a regex is written in, for literal.c.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_LITERAL_LEX_H
#define RULES_LITERAL_LEX_H

#include "rules/literal.h"

struct literal_reader {
	const char *p, *end;
	struct frequency *frequency;
	bool caseless;
	bool lost; /* something we do not know: no literal at all */
};

enum element_kind {
	ELEMENT_CHAR,    /* one character as written */
	ELEMENT_NONWORD, /* one character that is no letter, digit or _ */
	ELEMENT_ANY,     /* some text, maybe none */
	ELEMENT_EDGE,    /* zero width: a letter here begins a word */
	ELEMENT_NOTHING, /* zero width: says nothing */
	ELEMENT_GROUP,
};

struct literal_element {
	enum element_kind kind;
	const char *at; /* CHAR: its bytes */
	uint32_t len;
	bool edge_after; /* GROUP: its end is an edge */
	bool ends_word;  /* NOTHING: no letter or digit follows */
	bool blank;      /* NONWORD: nothing that could be a token's */
};

/** literal_is_letter(c): ASCII, or '_'.  literal_is_digit, literal_is_nonword
 * (ASCII that is neither): the rest. */
static inline bool
literal_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool
literal_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ASCII that is neither a letter, a digit nor '_'. */
static inline bool
literal_is_nonword(char c)
{
	return (c & 0x80) == 0 && !literal_is_letter(c) && !literal_is_digit(c);
}

/** literal_peek(r, text): whether ${text} comes next. */
bool literal_peek(const struct literal_reader *r, const char *text);

/** literal_skip_past(r, close): to behind the next ${close}. */
void literal_skip_past(struct literal_reader *r, char close);

/** literal_class(r, &nonword, &holds_word): a class, from behind its '['.
 * Whether it only holds characters that are no part of words, and whether it
 * holds \w. */
void literal_class(struct literal_reader *r, bool *nonword, bool *holds_word);

/** literal_escape(r): what follows a backslash. */
struct literal_element literal_escape(struct literal_reader *r);

/** literal_quantifier(r, &optional): a quantifier if there is one; whether it
 * allows none of what it stands behind. */
bool literal_quantifier(struct literal_reader *r, bool *optional);

#endif
