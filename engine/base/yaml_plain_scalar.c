/*
 * Lines, places and one-line scalars of the quick YAML reader.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/yaml_plain_parts.h"

/* ---- places -------------------------------------------------------------- */

/* Characters that begin within [from, to). */
static uint32_t
characters(const char *p, size_t from, size_t to)
{
	uint32_t n = 0;

	for (size_t i = from; i < to; i++)
		n += ((unsigned char)p[i] & 0xc0) != 0x80;
	return n;
}

static struct place
place_at(struct plain *p, size_t at)
{
	p->column += characters(p->bytes, p->mark, at);
	p->mark = at;
	return (struct place){p->path, p->line, p->column, 0};
}

struct place
yaml_plain_place(struct plain *p, size_t from, size_t to)
{
	struct place place = place_at(p, from);

	place_at(p, to);
	place.width = p->column - place.column;
	return place;
}

/* ---- lines --------------------------------------------------------------- */

/* To the next line that is neither empty nor a comment; its indentation, or
 * SIZE_MAX at the end. */
size_t
yaml_plain_line(struct plain *p)
{
	while (p->next < p->len) {
		size_t start = p->next, at = start;
		const char *newline =
		    memchr(p->bytes + start, '\n', p->len - start);

		p->line++;
		p->end = newline == NULL ? p->len
					 : (size_t)(newline - p->bytes);
		p->next = p->end + (newline != NULL);
		while (at < p->end && p->bytes[at] == ' ')
			at++;
		if (at == p->end || p->bytes[at] == '#')
			continue;
		p->at = at;
		p->mark = start;
		p->column = 1;
		return at - start;
	}
	p->at = p->end = p->mark = p->len;
	return SIZE_MAX;
}

void
yaml_plain_blanks(struct plain *p)
{
	while (p->at < p->end && p->bytes[p->at] == ' ')
		p->at++;
}

/* Nothing else on this line, but maybe a comment. */
bool
yaml_plain_ends(struct plain *p)
{
	size_t from = p->at;

	yaml_plain_blanks(p);
	return p->at == p->end || (p->at > from && p->bytes[p->at] == '#');
}

/* ---- scalars ------------------------------------------------------------ */

struct yaml *
yaml_plain_node(struct plain *p, enum yaml_kind kind, struct place place)
{
	struct yaml *node = arena_alloc(p->arena, sizeof(*node));

	node->kind = kind;
	node->place = place;
	return node;
}

/* The scalar [from, to) whose text is [start, stop). */
static struct yaml *
scalar(struct plain *p, size_t from, size_t to, size_t start, size_t stop)
{
	struct yaml *node =
	    yaml_plain_node(p, YAML_SCALAR, yaml_plain_place(p, from, to));

	node->raw = (struct slice){p->bytes + from, to - from};
	node->text = arena_text(
	    p->arena, (struct slice){p->bytes + start, stop - start});
	node->quoted = from != start;
	p->at = to;
	return node;
}

/* Two quotes in a row stand for one. */
static void
undouble(struct yaml *node)
{
	char *text = (char *)(uintptr_t)node->text.data;
	size_t n = 0;

	for (size_t i = 0; i < node->text.len; i++) {
		text[n++] = text[i];
		i += text[i] == '\'';
	}
	text[n] = '\0';
	node->text.len = n;
}

struct yaml *
yaml_plain_quoted(struct plain *p, char quote)
{
	size_t from = p->at, i = from + 1;
	bool doubled = false;
	struct yaml *node;

	for (;; i++) {
		const char *c = memchr(p->bytes + i, quote, p->end - i);

		if (c == NULL)
			return NULL;
		i = (size_t)(c - p->bytes);
		if (quote == '"' || i + 1 >= p->end || c[1] != quote)
			break;
		doubled = true;
		i++;
	}
	if (quote == '"' &&
	    memchr(p->bytes + from, '\\', i - from) != NULL)
		return NULL;
	node = scalar(p, from, i + 1, from + 1, i);
	if (doubled)
		undouble(node);
	return node;
}

/* Whether a sign within a plain scalar of a block is just a sign. */
static bool
is_sign(const struct plain *p, size_t i)
{
	char c = p->bytes[i];

	if (c == ':') /* else the end of a key */
		return i + 1 < p->end && p->bytes[i + 1] != ' ';
	if (c == '#') /* else a comment */
		return p->bytes[i - 1] != ' ';
	return c > ' ' && c < 0x7f;
}

/* A dash right before a digit. */
static bool
is_number(const struct plain *p, size_t i)
{
	return i + 1 < p->end && p->bytes[i + 1] >= '0' &&
	    p->bytes[i + 1] <= '9';
}

/* A word or several without quotes, of signs that mean nothing to YAML. */
struct yaml *
yaml_plain_bare(struct plain *p)
{
	size_t from = p->at, i = from, stop = from;

	for (; i < p->end; i++) {
		char c = p->bytes[i];

		if (yaml_plain_letter(c) || (unsigned char)c >= 0x80 ||
		    c == '.' || c == '/' ||
		    (c == '-' && (i > from || is_number(p, i))) ||
		    (c == '(' && !p->flow))
			stop = i + 1;
		else if (p->flow && (c == ',' || c == ']' || c == '}'))
			break;
		else if (!p->flow && i > from && is_sign(p, i))
			stop = i + 1;
		else if (c != ' ' || i == from)
			return NULL;
	}
	if (stop == from)
		return NULL;
	return scalar(p, from, stop, from, stop);
}
