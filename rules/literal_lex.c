/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/literal_lex.h"

#include <string.h>

bool
literal_peek(const struct literal_reader *r, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(r->end - r->p) >= n && !memcmp(r->p, text, n);
}

void
literal_skip_past(struct literal_reader *r, char close)
{
	while (r->p < r->end && *r->p != close)
		r->p++;
	if (r->p == r->end)
		r->lost = true;
	else
		r->p++;
}

void
literal_class(struct literal_reader *r, bool *nonword, bool *holds_word)
{
	bool negated = literal_peek(r, "^"), first = true;

	r->p += negated;
	*nonword = !negated;
	*holds_word = false;
	for (;; first = false) {
		char c;

		if (r->p == r->end) {
			r->lost = true;
			return;
		}
		c = *r->p++;
		if (c == ']' && !first)
			return;
		if (c == '[' && (literal_peek(r, ":") || literal_peek(r, ".") ||
				    literal_peek(r, "="))) {
			r->lost = true;
			return;
		}
		if (c == '\\' && r->p < r->end) {
			c = *r->p++;
			*holds_word |= c == 'w' && !negated;
			if (c == 'Q' || c == 'E')
				r->lost = true;
			if (!literal_is_nonword(c) && !strchr("shvntr", c))
				*nonword = false;
		} else if (!literal_is_nonword(c) ||
			   (c == '-' && !first && !literal_peek(r, "]"))) {
			*nonword = false; /* a range may hold letters */
		}
	}
}

struct literal_element
literal_escape(struct literal_reader *r)
{
	struct literal_element e = {.kind = ELEMENT_ANY};
	char c;

	if (r->p == r->end) {
		r->lost = true;
		return e;
	}
	c = *r->p++;
	if (literal_is_nonword(c)) {
		e = (struct literal_element){
		    .kind = ELEMENT_CHAR, .at = r->p - 1, .len = 1};
	} else if (c == 'b' || c == 'A') {
		e.kind = ELEMENT_EDGE;
	} else if (strchr("BGKzZ", c) != NULL) {
		e.kind = ELEMENT_NOTHING;
		e.ends_word = c == 'z' || c == 'Z';
	} else if (strchr("sWhvRntrfea", c) != NULL) {
		e.kind = ELEMENT_NONWORD;
		e.blank = c != 'W'; /* a mark is no \w, but in a token */
	} else if (strchr("xpPogkN", c) != NULL) {
		if (literal_peek(r, "{"))
			literal_skip_past(r, '}');
		else if (c == 'p' || c == 'P')
			r->p += r->p < r->end;
		else if (c != 'N')
			r->lost = true;
	} else if (strchr("dDwSHVXC", c) == NULL) {
		r->lost = true; /* \Q, \c, references: rare, not worth it */
	}
	return e;
}

bool
literal_quantifier(struct literal_reader *r, bool *optional)
{
	*optional = false;
	if (r->p == r->end)
		return false;
	if (*r->p == '{') {
		const char *p = r->p + 1;

		if (p == r->end || !literal_is_digit(*p))
			return false; /* a brace as such */
		while (p < r->end && literal_is_digit(*p))
			*optional |= *p++ == '0';
		if (p < r->end && *p == ',')
			while (++p < r->end && literal_is_digit(*p))
				;
		if (p == r->end || *p != '}')
			return false;
		r->p = p + 1; /* "10" counts as optional: no harm */
	} else if (*r->p == '?' || *r->p == '*' || *r->p == '+') {
		*optional = *r->p++ != '+';
	} else {
		return false;
	}
	if (r->p < r->end && (*r->p == '?' || *r->p == '+'))
		r->p++;
	return true;
}
