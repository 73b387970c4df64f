/*
 * A reader of regexes that only wants to know what must be there.
 *
 * While it reads it knows whether a letter at this place would begin a word
 * ("edge"): behind \b, a blank, a sign, the start.  Only such literals can be
 * looked up at token starts.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/literal.h"

#include <string.h>

#define DEPTH_MAX 32u

/* Cost of looking at every byte of every post, beside the literal's own. */
#define INNER_COST 2000u

struct reader {
	const char *p, *end;
	const struct frequency *frequency;
	bool caseless;
	bool lost; /* something we do not know: no literal at all */
};

/* The letters read so far, side by side. */
struct run {
	char text[LITERAL_BYTES_MAX];
	uint32_t len;
	bool starts_word;
};

enum element_kind {
	ELEMENT_CHAR,    /* one character as written */
	ELEMENT_NONWORD, /* one character that is no letter, digit or _ */
	ELEMENT_ANY,     /* some text, maybe none */
	ELEMENT_EDGE,    /* zero width: a letter here begins a word */
	ELEMENT_NOTHING, /* zero width: says nothing */
	ELEMENT_GROUP,
};

struct element {
	enum element_kind kind;
	const char *at; /* CHAR: its bytes */
	uint32_t len;
	bool edge_after; /* GROUP: its end is an edge */
};

static bool alternation(
    struct reader *r, bool edge, unsigned depth, struct literal_set *out);

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ASCII that is neither a letter, a digit nor '_'. */
static bool
is_nonword(char c)
{
	return (c & 0x80) == 0 && !is_letter(c) && !is_digit(c);
}

static bool
peek(const struct reader *r, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(r->end - r->p) >= n && !memcmp(r->p, text, n);
}

static void
offer(struct reader *r, struct literal_set *best, struct run *run)
{
	struct literal l = {.len = run->len, .starts_word = run->starts_word};
	struct slice text = {run->text, run->len};

	memcpy(l.text, run->text, run->len);
	run->len = 0;
	if (l.starts_word && l.len >= 2)
		l.cost = frequency_prefix(r->frequency, text);
	else if (l.len >= 3)
		l.cost = INNER_COST + frequency_inner(r->frequency, text);
	else
		return;
	if (best->count == 0 || l.cost < best->cost) {
		best->items[0] = l;
		best->count = 1;
		best->cost = l.cost;
	}
}

/* Reads to behind the ${close} that ends what began; for what is skipped. */
static void
skip_past(struct reader *r, char close)
{
	while (r->p < r->end && *r->p != close)
		r->p++;
	if (r->p == r->end)
		r->lost = true;
	else
		r->p++;
}

/* A class, from behind its '['.  Says whether it only holds characters that
 * are no part of words, and whether it holds \w. */
static void
read_class(struct reader *r, bool *nonword, bool *holds_word)
{
	bool negated = peek(r, "^"), first = true;

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
		if (c == '[' &&
		    (peek(r, ":") || peek(r, ".") || peek(r, "="))) {
			r->lost = true;
			return;
		}
		if (c == '\\' && r->p < r->end) {
			c = *r->p++;
			*holds_word |= c == 'w' && !negated;
			if (c == 'Q' || c == 'E')
				r->lost = true;
			if (!is_nonword(c) && !strchr("shvWntr", c))
				*nonword = false;
		} else if (!is_nonword(c) ||
			   (c == '-' && !first && !peek(r, "]"))) {
			*nonword = false; /* a range may hold letters */
		}
	}
}

/* What follows a backslash. */
static struct element
read_escape(struct reader *r)
{
	struct element e = {.kind = ELEMENT_ANY};
	char c;

	if (r->p == r->end) {
		r->lost = true;
		return e;
	}
	c = *r->p++;
	if (is_nonword(c)) {
		e = (struct element){
		    .kind = ELEMENT_CHAR, .at = r->p - 1, .len = 1};
	} else if (c == 'b' || c == 'A') {
		e.kind = ELEMENT_EDGE;
	} else if (strchr("BGKzZ", c) != NULL) {
		e.kind = ELEMENT_NOTHING;
	} else if (strchr("sWhvRntrfea", c) != NULL) {
		e.kind = ELEMENT_NONWORD;
	} else if (strchr("xpPogkN", c) != NULL) {
		if (peek(r, "{"))
			skip_past(r, '}');
		else if (c == 'p' || c == 'P')
			r->p += r->p < r->end;
		else if (c != 'N')
			r->lost = true;
	} else if (strchr("dDwSHVXC", c) == NULL) {
		r->lost = true; /* \Q, \c, references: rare, not worth it */
	}
	return e;
}

/* From behind "(?<=" or "(?<!". */
static struct element
read_lookbehind(struct reader *r, bool negative, unsigned depth)
{
	struct element e = {.kind = ELEMENT_NOTHING};
	struct literal_set ignored;
	const char *start = r->p;

	ignored.count = 0;
	if (alternation(r, false, depth + 1, &ignored) && !negative)
		e.kind = ELEMENT_EDGE;
	if (!negative || r->lost)
		return e;
	/* (?<!\w) and (?<![\w.@-]): no word character stands before. */
	if (r->p - start == 2 && !memcmp(start, "\\w", 2)) {
		e.kind = ELEMENT_EDGE;
	} else if (start < r->p && *start == '[') {
		struct reader inner = *r;
		bool nonword, holds_word;

		inner.p = start + 1;
		inner.end = r->p;
		read_class(&inner, &nonword, &holds_word);
		if (holds_word && inner.p == inner.end && !inner.lost)
			e.kind = ELEMENT_EDGE;
	}
	return e;
}

/* From behind a '('. */
static struct element
read_group(struct reader *r, bool edge, unsigned depth, struct literal_set *out)
{
	struct element e = {.kind = ELEMENT_GROUP};

	if (depth >= DEPTH_MAX || peek(r, "*")) {
		r->lost = true;
		return e;
	}
	if (peek(r, "?<=") || peek(r, "?<!")) {
		bool negative = r->p[2] == '!';

		r->p += 3;
		e = read_lookbehind(r, negative, depth);
	} else if (peek(r, "?=") || peek(r, "?!")) {
		struct literal_set ignored;

		ignored.count = 0;
		r->p += 2;
		alternation(r, edge, depth + 1, &ignored);
		e.kind = ELEMENT_NOTHING;
	} else {
		if (peek(r, "?:") || peek(r, "?>") || peek(r, "?|"))
			r->p += 2;
		else if (peek(r, "?<") || peek(r, "?P<"))
			skip_past(r, '>');
		else if (peek(r, "?"))
			r->lost = true; /* options, conditions, recursion */
		if (!r->lost)
			e.edge_after = alternation(r, edge, depth + 1, out);
	}
	if (r->p == r->end || *r->p != ')')
		r->lost = true;
	else
		r->p++;
	return e;
}

static struct element
read_element(
    struct reader *r, bool edge, unsigned depth, struct literal_set *group)
{
	struct element e = {.kind = ELEMENT_ANY};
	bool nonword, holds_word;
	char c = *r->p++;

	group->count = 0;
	switch (c) {
	case '(':
		return read_group(r, edge, depth, group);
	case '[':
		read_class(r, &nonword, &holds_word);
		e.kind = nonword ? ELEMENT_NONWORD : ELEMENT_ANY;
		return e;
	case '\\':
		return read_escape(r);
	case '^':
		e.kind = ELEMENT_EDGE;
		return e;
	case '$':
		e.kind = ELEMENT_NOTHING;
		return e;
	case '.':
		return e;
	default:
		e = (struct element){
		    .kind = ELEMENT_CHAR, .at = r->p - 1, .len = 1};
		while (r->p < r->end && (c & 0x80) && (*r->p & 0xc0) == 0x80) {
			r->p++;
			e.len++;
		}
		return e;
	}
}

/* A quantifier if there is one: says whether it allows none, and whether
 * there is one at all. */
static bool
read_quantifier(struct reader *r, bool *optional)
{
	*optional = false;
	if (r->p == r->end)
		return false;
	if (*r->p == '{') {
		const char *p = r->p + 1;

		if (p == r->end || !is_digit(*p))
			return false; /* a brace as such */
		while (p < r->end && is_digit(*p))
			*optional |= *p++ == '0';
		if (p < r->end && *p == ',')
			while (++p < r->end && is_digit(*p))
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

/* One character as written: on with the run, or an end to it. */
static void
take_char(struct reader *r, const struct element *e, struct run *run,
    bool *edge, struct literal_set *best)
{
	bool letter = e->len == 1 && is_letter(*e->at);

	if ((e->len == 1 && is_nonword(*e->at)) ||
	    (r->caseless && e->len > 1)) {
		offer(r, best, run);
		*edge = e->len == 1;
		return;
	}
	if (run->len > 0 && ((run->starts_word && !letter) ||
				run->len + e->len > LITERAL_BYTES_MAX))
		offer(r, best, run);
	else if (run->len == 0)
		run->starts_word = *edge && letter;
	if (run->len == 0 && !letter)
		run->starts_word = false;
	memcpy(run->text + run->len, e->at, e->len);
	if (r->caseless && letter && *e->at != '_')
		run->text[run->len] = (char)(*e->at | 0x20);
	run->len += e->len;
	*edge = false;
}

static bool
sequence(struct reader *r, bool edge, unsigned depth, struct literal_set *best)
{
	struct run run = {.len = 0};
	struct literal_set group;

	best->count = 0;
	while (r->p < r->end && *r->p != '|' && *r->p != ')' && !r->lost) {
		struct element e = read_element(r, edge, depth, &group);
		bool optional, repeated = read_quantifier(r, &optional);

		if (e.kind == ELEMENT_CHAR && !optional) {
			take_char(r, &e, &run, &edge, best);
			if (repeated)
				offer(r, best, &run);
			continue;
		}
		if (e.kind == ELEMENT_NOTHING)
			continue;
		offer(r, best, &run);
		switch (e.kind) {
		case ELEMENT_CHAR: /* optional */
			edge = edge && e.len == 1 && is_nonword(*e.at);
			break;
		case ELEMENT_NONWORD:
			edge = edge || !optional;
			break;
		case ELEMENT_EDGE:
			edge = edge || !optional;
			break;
		case ELEMENT_GROUP:
			edge = e.edge_after && (edge || !optional);
			if (!optional && group.count > 0 &&
			    (best->count == 0 || group.cost < best->cost))
				*best = group;
			break;
		default:
			edge = false;
			break;
		}
	}
	offer(r, best, &run);
	return edge;
}

/* Alternatives up to a ')' or the end; whether all of them end at an edge.
 * Every one must have a literal, or there is none. */
static bool
alternation(
    struct reader *r, bool edge, unsigned depth, struct literal_set *out)
{
	bool all_edges = true, all_found = true;
	struct literal_set one;

	out->count = 0;
	out->cost = 0;
	for (;;) {
		all_edges &= sequence(r, edge, depth, &one);
		if (one.count == 0 || out->count + one.count > LITERALS_MAX)
			all_found = false;
		for (uint32_t i = 0; all_found && i < one.count; i++)
			out->items[out->count++] = one.items[i];
		if (all_found)
			out->cost += one.cost;
		if (r->lost || r->p == r->end || *r->p != '|')
			break;
		r->p++;
	}
	if (!all_found)
		out->count = 0;
	return all_edges;
}

void
literal_find(struct literal_set *out, const struct frequency *frequency,
    struct slice pattern, bool caseless)
{
	struct reader r = {.p = pattern.data,
	    .end = pattern.data + pattern.len,
	    .frequency = frequency,
	    .caseless = caseless};

	alternation(&r, false, 0, out);
	if (r.lost || r.p != r.end)
		out->count = 0;
}
