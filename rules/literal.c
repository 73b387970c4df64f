/*
 * A reader of regexes that only wants to know what must be there.
 *
 * While it reads it knows whether a letter at this place would begin a word
 * ("edge"): behind \b, a blank, a sign, the start.  Only such literals can be
 * looked up at token starts; if no letter can follow them, as whole tokens.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/literal_lex.h"

#include <string.h>

#define DEPTH_MAX 32u

/* Cost of looking at every byte of every post, beside the literal's own. */
#define INNER_COST 2000u

/* The letters read so far, side by side. */
struct run {
	char text[LITERAL_BYTES_MAX];
	uint32_t len;
	bool starts_word;
};

/* One alternative while it is read.  Where only blanks or signs stand between
 * two runs, each is the other's neighbour. */
struct walk {
	struct literal_reader *r;
	struct literal_set *best;
	struct run run, last;
	bool last_is_best;
	bool gap;  /* a blank or sign, and nothing else, since the last run */
	bool edge; /* a letter here would begin a word */
	bool ended; /* the word of the run ends here */
};

static bool alternation(struct literal_reader *r, bool edge, unsigned depth,
    struct literal_set *out);

/* Two words in a row, of which nothing else is in the token of either. */
static void
put_beside(struct literal *l, const char *text, uint32_t len)
{
	memcpy(l->beside, text, len);
	l->beside_len = len;
}

/* ${l} begins behind the gap; what was last ends before it. */
static void
join(struct walk *w, struct literal *l)
{
	const struct run *last = &w->last;
	uint32_t tail = last->len < 4 ? last->len : 4;
	uint32_t head = l->len < 4 ? l->len : 4;

	l->near_bytes = (uint8_t)tail;
	l->near_before = true;
	memcpy(
	    (char *)&l->near + 4 - tail, last->text + last->len - tail, tail);
	if (l->whole && last->starts_word)
		put_beside(l, last->text, last->len);
	if (w->last_is_best && w->best->items[0].near_bytes == 0) {
		w->best->items[0].near_bytes = (uint8_t)head;
		memcpy(&w->best->items[0].near, l->text, head);
		if (l->whole && w->best->items[0].whole)
			put_beside(&w->best->items[0], l->text, l->len);
	}
}

/* The run is over, and with it its word if that is ${ended}: is it the best
 * literal yet? */
static void
offer(struct walk *w, bool ended)
{
	struct literal l = {.len = w->run.len,
	    .starts_word = w->run.starts_word,
	    .whole = w->run.starts_word && (ended || w->ended)};
	struct slice text = {w->run.text, w->run.len};

	w->ended = false;
	if (l.len == 0)
		return;
	memcpy(l.text, text.data, l.len);
	if (w->gap && w->last.len > 0 && l.starts_word)
		join(w, &l);
	w->last = w->run;
	w->run.len = 0;
	w->run.starts_word = false;
	w->last_is_best = w->gap = false;
	if (l.whole && l.len >= 2)
		l.cost = frequency_word(w->r->frequency, text);
	else if (l.starts_word && l.len >= 2)
		l.cost = frequency_prefix(w->r->frequency, text);
	else if (l.len >= 3)
		l.cost = INNER_COST + frequency_inner(w->r->frequency, text);
	else
		return;
	if (w->best->count == 0 || l.cost < w->best->cost) {
		w->best->items[0] = l;
		w->best->count = 1;
		w->best->cost = l.cost;
		w->last_is_best = true;
	}
}

static void
part(struct walk *w)
{
	w->last.len = 0;
	w->last_is_best = w->gap = false;
}

/* Whether what was read from ${start} on is \w, or a class that holds it. */
static bool
is_word_class(const struct literal_reader *r, const char *start)
{
	struct literal_reader inner = *r;
	bool nonword, holds_word;

	if (r->p - start == 2 && !memcmp(start, "\\w", 2))
		return true;
	if (start >= r->p || *start != '[')
		return false;
	inner.p = start + 1;
	inner.end = r->p;
	literal_class(&inner, &nonword, &holds_word);
	return holds_word && inner.p == inner.end && !inner.lost;
}

/* From behind "(?<=" or "(?<!". */
static struct literal_element
read_lookbehind(struct literal_reader *r, bool negative, unsigned depth)
{
	struct literal_element e = {.kind = ELEMENT_NOTHING};
	struct literal_set ignored;
	const char *start = r->p;

	ignored.count = 0;
	if (alternation(r, false, depth + 1, &ignored) && !negative)
		e.kind = ELEMENT_EDGE;
	/* (?<!\w) and (?<![\w.@-]): no word character stands before. */
	if (negative && !r->lost && is_word_class(r, start))
		e.kind = ELEMENT_EDGE;
	return e;
}

/* From behind a '('. */
static struct literal_element
read_group(struct literal_reader *r, bool edge, unsigned depth,
    struct literal_set *out)
{
	struct literal_element e = {.kind = ELEMENT_GROUP};

	if (depth >= DEPTH_MAX || literal_peek(r, "*")) {
		r->lost = true;
		return e;
	}
	if (literal_peek(r, "?<=") || literal_peek(r, "?<!")) {
		bool negative = r->p[2] == '!';

		r->p += 3;
		e = read_lookbehind(r, negative, depth);
	} else if (literal_peek(r, "?=") || literal_peek(r, "?!")) {
		struct literal_set ignored;
		const char *start = r->p + 2;

		ignored.count = 0;
		r->p += 2;
		alternation(r, edge, depth + 1, &ignored);
		e.kind = ELEMENT_NOTHING;
		e.ends_word = start[-1] == '!' && !r->lost &&
			      is_word_class(r, start);
	} else {
		if (literal_peek(r, "?:") || literal_peek(r, "?>") ||
		    literal_peek(r, "?|"))
			r->p += 2;
		else if (literal_peek(r, "?<") || literal_peek(r, "?P<"))
			literal_skip_past(r, '>');
		else if (literal_peek(r, "?"))
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

static struct literal_element
read_element(struct literal_reader *r, bool edge, unsigned depth,
    struct literal_set *group)
{
	struct literal_element e = {.kind = ELEMENT_ANY};
	bool nonword, holds_word;
	char c = *r->p++;

	group->count = 0;
	switch (c) {
	case '(':
		return read_group(r, edge, depth, group);
	case '[':
		literal_class(r, &nonword, &holds_word);
		e.kind = nonword ? ELEMENT_NONWORD : ELEMENT_ANY;
		e.blank = nonword;
		return e;
	case '\\':
		return literal_escape(r);
	case '^':
		e.kind = ELEMENT_EDGE;
		return e;
	case '$':
		e.kind = ELEMENT_NOTHING;
		e.ends_word = true;
		return e;
	case '.':
		return e;
	default:
		e = (struct literal_element){
		    .kind = ELEMENT_CHAR, .at = r->p - 1, .len = 1};
		while (r->p < r->end && (c & 0x80) && (*r->p & 0xc0) == 0x80) {
			r->p++;
			e.len++;
		}
		return e;
	}
}

/* One character as written: on with the run, or an end to it. */
static void
take_char(struct walk *w, const struct literal_element *e)
{
	bool letter = e->len == 1 && literal_is_letter(*e->at);
	struct run *run = &w->run;

	if (e->len == 1 && literal_is_nonword(*e->at)) {
		offer(w, true);
		w->gap = w->edge = true;
		return;
	}
	if (w->r->caseless && e->len > 1) { /* it may have several forms */
		offer(w, false);
		part(w);
		w->edge = false;
		return;
	}
	if ((run->starts_word && !letter) ||
	    run->len + e->len > LITERAL_BYTES_MAX)
		offer(w, false);
	if (run->len == 0)
		run->starts_word = w->edge && letter;
	memcpy(run->text + run->len, e->at, e->len);
	if (w->r->caseless && letter && *e->at != '_')
		run->text[run->len] = (char)(*e->at | 0x20);
	run->len += e->len;
	w->edge = w->ended = false;
}

/* What is no plain character ends the run. */
static void
take_other(struct walk *w, const struct literal_element *e, bool optional,
    const struct literal_set *group)
{
	offer(w, !optional && (e->kind == ELEMENT_EDGE ||
				  e->kind == ELEMENT_NONWORD));
	switch (e->kind) {
	case ELEMENT_EDGE:
		w->edge = w->edge || !optional;
		return;
	case ELEMENT_NONWORD:
		w->edge = w->edge || !optional;
		if (!e->blank || optional)
			part(w);
		else
			w->gap = true;
		return;
	case ELEMENT_CHAR: /* optional */
		w->edge = w->edge && e->len == 1 && literal_is_nonword(*e->at);
		break;
	case ELEMENT_GROUP:
		w->edge = e->edge_after && (w->edge || !optional);
		if (!optional && group->count > 0 &&
		    (w->best->count == 0 || group->cost < w->best->cost))
			*w->best = *group;
		break;
	default:
		w->edge = false;
		break;
	}
	part(w);
}

static bool
sequence(struct literal_reader *r, bool edge, unsigned depth,
    struct literal_set *best)
{
	struct walk w = {.r = r, .best = best, .edge = edge};
	struct literal_set group;

	best->count = 0;
	while (r->p < r->end && *r->p != '|' && *r->p != ')' && !r->lost) {
		struct literal_element e =
		    read_element(r, w.edge, depth, &group);
		bool optional, repeated = literal_quantifier(r, &optional);

		if (e.kind == ELEMENT_NOTHING) {
			w.ended |= e.ends_word && !optional;
			continue;
		}
		if (e.kind != ELEMENT_CHAR || optional) {
			take_other(&w, &e, optional, &group);
			continue;
		}
		take_char(&w, &e);
		if (repeated && w.run.len > 0) {
			offer(&w, false); /* "fo+": fo, and who knows */
			part(&w);
		}
	}
	offer(&w, false);
	return w.edge;
}

/* Alternatives up to a ')' or the end; whether all of them end at an edge.
 * Every one must have a literal, or there is none. */
static bool
alternation(struct literal_reader *r, bool edge, unsigned depth,
    struct literal_set *out)
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
literal_find(struct literal_set *out, struct frequency *frequency,
    struct slice pattern, bool caseless)
{
	struct literal_reader r = {.p = pattern.data,
	    .end = pattern.data + pattern.len,
	    .frequency = frequency,
	    .caseless = caseless};

	alternation(&r, false, 0, out);
	if (r.lost || r.p != r.end)
		out->count = 0;
}
