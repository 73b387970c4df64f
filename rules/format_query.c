/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "rules/format.h"

enum piece_kind { PIECE_TERM, PIECE_OPEN, PIECE_CLOSE, PIECE_NOT, PIECE_JOIN };

struct piece {
	enum piece_kind kind;
	struct slice text; /* as written: "AND", "brand", "SENTENCE(" */
	bool near;         /* JOIN: NEAR, ONEAR */
	size_t columns;
	size_t match; /* OPEN: index of its CLOSE */
};

struct pieces {
	struct piece *items;
	size_t count, room;
};

static size_t
columns_of(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; n++)
		i += utf8_step(text.data + i, text.len - i);
	return n;
}

/* The end of the parenthesis at ${at}, quotes respected; 0: there is none. */
static size_t
group_end(struct slice text, size_t at)
{
	unsigned depth = 0;
	bool quoted = false;

	for (; at < text.len; at++) {
		char c = text.data[at];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '(')
			depth++;
		else if (!quoted && c == ')' && --depth == 0)
			return at + 1;
	}
	return 0;
}

static struct piece *
add(struct pieces *p, enum piece_kind kind, struct slice text)
{
	if (p->count == p->room) {
		p->room = p->room * 2 + 64;
		p->items = must_grow(p->items, p->room * sizeof(*p->items));
	}
	p->items[p->count] = (struct piece){
	    .kind = kind, .text = text, .columns = columns_of(text)};
	return &p->items[p->count++];
}

/* "lang:fr", "title:(a OR b)": whole, as values have rules of their own. */
static bool
add_prefix(struct pieces *p, struct lex *lex)
{
	struct slice text = lex->text;
	size_t from = lex->token.from, to = lex->token.to;

	if (to < text.len && text.data[to] == '(') {
		to = group_end(text, to);
		if (to == 0)
			return false;
		lex->next = to;
	} else if (text.len - to >= 6 && !memcmp(text.data + to, "@list(", 6)) {
		lex_next(lex);
		to = lex->token.to;
	} else {
		lex_value(lex);
		to = lex->token.to;
	}
	if (lex->token.kind == LEX_BAD)
		return false;
	add(p, PIECE_TERM, (struct slice){text.data + from, to - from});
	return true;
}

static bool
add_token(struct pieces *p, struct lex *lex)
{
	const struct lex_token *t = &lex->token;
	struct slice text = {lex->text.data + t->from, t->to - t->from};

	switch (t->kind) {
	case LEX_BAD:
		return false;
	case LEX_PREFIX:
		return add_prefix(p, lex);
	case LEX_OPEN:
	case LEX_CALL:
		add(p, PIECE_OPEN, text);
		return true;
	case LEX_CLOSE:
		add(p, PIECE_CLOSE, text);
		return true;
	case LEX_NOT:
		add(p, PIECE_NOT, text);
		return true;
	case LEX_AND:
	case LEX_OR:
	case LEX_NEAR:
		add(p, PIECE_JOIN, text)->near = t->kind == LEX_NEAR;
		return true;
	default:
		add(p, PIECE_TERM, text);
		return true;
	}
}

/* Each '(' knows its ')'; false when they do not fit. */
static bool
match_groups(struct pieces *p)
{
	size_t open[QUERY_DEPTH_MAX + 1], depth = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].kind == PIECE_OPEN) {
			if (depth > QUERY_DEPTH_MAX)
				return false;
			open[depth++] = i;
		} else if (p->items[i].kind == PIECE_CLOSE) {
			if (depth == 0)
				return false;
			p->items[open[--depth]].match = i;
		}
	}
	return depth == 0;
}

static bool
take_apart(
    struct pieces *p, struct query_scope *scope, const struct yaml *node)
{
	struct lex lex;
	bool good = true;

	lex_start(&lex, scope, node);
	while (good && lex.token.kind != LEX_END) {
		good = add_token(p, &lex);
		if (good)
			lex_next(&lex);
	}
	good = good && p->count > 0 && match_groups(p);
	/* A newline in a phrase or a regex: who knows what it means. */
	for (size_t i = 0; good && i < p->count; i++)
		good = memchr(p->items[i].text.data, '\n',
			   p->items[i].text.len) == NULL;
	return good;
}

/* Whether a blank stands between pieces i - 1 and i. */
static bool
apart(const struct pieces *p, size_t i)
{
	return p->items[i - 1].kind != PIECE_OPEN &&
	    p->items[i].kind != PIECE_CLOSE;
}

static size_t
width(const struct pieces *p, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += p->items[i].columns + (i > from && apart(p, i));
	return n;
}

static void
put(const struct pieces *p, size_t from, size_t to, struct buf *out)
{
	for (size_t i = from; i < to; i++) {
		if (i > from && apart(p, i))
			buf_char(out, ' ');
		buf_slice_put(out, p->items[i].text);
	}
}

bool
format_query(
    struct query_scope *scope, const struct yaml *node, struct buf *out)
{
	struct pieces p = {0};
	bool good = take_apart(&p, scope, node);

	if (good)
		put(&p, 0, p.count, out);
	free(p.items);
	return good;
}

/* ---- folding ------------------------------------------------------------- */

struct fold {
	const struct pieces *p;
	struct buf *out;
	size_t column; /* 0: at the start of a line */
};

static void
end_line(struct fold *f)
{
	if (f->column > 0)
		buf_char(f->out, '\n');
	f->column = 0;
}

/* Pieces [from, to) on the line that is open if they fit, else on a new one
 * behind ${indent} blanks. */
static void
put_run(struct fold *f, size_t from, size_t to, size_t indent)
{
	size_t n = width(f->p, from, to);

	if (f->column > 0 && f->column + 1 + n >= FORMAT_COLUMNS)
		end_line(f);
	if (f->column == 0) {
		buf_printf(f->out, "%*s", (int)indent, "");
		f->column = indent;
	} else {
		buf_char(f->out, ' ');
		f->column++;
	}
	put(f->p, from, to, f->out);
	f->column += n;
}

/* Where the operand at ${from} ends: behind its group or term. */
static size_t
operand_end(const struct pieces *p, size_t from, size_t to)
{
	size_t i = from;

	while (i < to && p->items[i].kind == PIECE_NOT)
		i++;
	if (i < to && p->items[i].kind == PIECE_OPEN)
		i = p->items[i].match;
	return i < to ? i + 1 : to;
}

/* A chain of operands: as many on a line as there is room for; those that do
 * not fit one line open their group and go on inside.  The depth is bounded
 * by that of queries. */
static void
fold_chain(struct fold *f, size_t from, size_t to, size_t indent)
{
	while (from < to) {
		size_t end = operand_end(f->p, from, to), open = from;
		size_t next = end;

		if (next < to && f->p->items[next].kind == PIECE_JOIN)
			next++;
		while (open < end && f->p->items[open].kind == PIECE_NOT)
			open++;
		if (indent + width(f->p, from, next) < FORMAT_COLUMNS ||
		    open >= end || f->p->items[open].kind != PIECE_OPEN) {
			put_run(f, from, next, indent);
		} else {
			put_run(f, from, open + 1, indent);
			end_line(f);
			fold_chain(f, open + 1, end - 1, indent + 2);
			end_line(f);
			put_run(f, end - 1, next, indent);
		}
		from = next;
	}
}

void
format_fold(struct query_scope *scope, const struct yaml *node, size_t indent,
    struct buf *out)
{
	struct pieces p = {0};
	struct fold f = {.p = &p, .out = out};

	if (take_apart(&p, scope, node)) {
		fold_chain(&f, 0, p.count, indent);
		end_line(&f);
	}
	free(p.items);
}
