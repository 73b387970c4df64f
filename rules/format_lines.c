/*
 * Maps of a file, line by line: an entry is the comments above its key, the
 * line of the key, and what follows up to the next one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/format.h"

#define LEVELS 3u /* sections, entries, their keys */

/* Keys in the order in which they are read: who it is, what it says, what
 * proves it. */
static const char *const order[LEVELS][24] = {
    {"sector", "name", "lists", "macros", "groups", "relays", "brands",
	"topics", "rules", "calibration"},
    {NULL},
    {"override", "disable", "name", "company", "brand", "topic", "role",
	"department", "family", "severity", "weight", "group", "replaces",
	"match", "when", "not", "own", "hit", "miss"},
};

struct entry {
	const struct yaml *node;
	size_t lead, key, end; /* lines from 0; end: behind the last */
	unsigned rank;
};

static unsigned
rank_of(struct slice key, unsigned level)
{
	unsigned i = 0;

	while (order[level][i] != NULL && !slice_is(key, order[level][i]))
		i++;
	return i;
}

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.data[n] == ' ')
		n++;
	return n;
}

static bool
is_blank(struct slice line)
{
	return indent_of(line) == line.len;
}

static bool
is_comment(struct slice line)
{
	size_t n = indent_of(line);

	return n < line.len && line.data[n] == '#';
}

static bool
is_content(const struct format *f, size_t line)
{
	return f->inside[line] ||
	    (!is_blank(f->lines[line]) && !is_comment(f->lines[line]));
}

/* A map whose keys stand on lines of their own, at one indentation. */
static bool
is_block(const struct format *f, const struct yaml *map)
{
	const struct yaml *v = map->first;

	if (map->kind != YAML_MAP || v == NULL)
		return false;
	for (; v != NULL; v = v->next) {
		size_t line = v->key_place.line;

		if (line == 0 || line > f->lines_count ||
		    v->key_place.column != map->first->key_place.column ||
		    indent_of(f->lines[line - 1]) + 1 != v->key_place.column ||
		    (v->next != NULL && v->next->key_place.line <= line))
			return false;
	}
	return true;
}

static size_t
content_end(const struct format *f, size_t from, size_t to)
{
	while (to > from && !is_content(f, to - 1))
		to--;
	return to;
}

static int
by_rank(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->key < y->key ? -1 : x->key > y->key;
}

/* A line as it is, moved so that what stood at ${from} stands at ${to}. */
static void
put_moved(struct slice line, size_t from, size_t to, struct buf *out)
{
	size_t n = indent_of(line);

	if (n == line.len) {
		buf_char(out, '\n');
		return;
	}
	n = n + to > from ? n + to - from : 0;
	buf_printf(out, "%*s%.*s\n", (int)n, "",
	    (int)(line.len - indent_of(line)), line.data + indent_of(line));
}

/* Comments and blanks before a key, several blank lines as one. */
static void
put_lead(const struct format *f, size_t from, size_t to, size_t indent,
    bool first, struct buf *out)
{
	bool blank = first;

	for (size_t i = from; i < to; i++) {
		struct slice line = f->lines[i];

		if (!is_blank(line))
			put_moved(line, indent_of(line), indent, out);
		else if (!blank)
			buf_char(out, '\n');
		blank = is_blank(line);
	}
}

/* A map whose lines are [from, to). */
struct block {
	const struct yaml *map;
	size_t from, to;
	unsigned level;
	bool queries; /* in brands, topics or rules */
};

static void put_map(
    const struct format *f, const struct block *b, struct buf *out);

static bool
has_queries(const struct yaml *section)
{
	return slice_is(section->key, "brands") ||
	    slice_is(section->key, "topics") ||
	    slice_is(section->key, "rules");
}

static void
put_entry(const struct format *f, const struct entry *e, unsigned level,
    bool queries, struct buf *out)
{
	size_t indent = (size_t)level * 2;
	size_t was = e->node->key_place.column - 1;
	unsigned deepest = queries ? LEVELS - 1 : 1;

	if (level == LEVELS - 1 && format_is_query(e->node->key) &&
	    format_value(f, e->node, indent, out))
		return;
	if (level < deepest && is_block(f, e->node) &&
	    e->node->first->key_place.line > e->key + 1) {
		const struct block inner = {
		    e->node, e->key + 1, e->end, level + 1, queries};

		put_moved(f->lines[e->key], was, indent, out);
		put_map(f, &inner, out);
		return;
	}
	for (size_t i = e->key; i < e->end; i++)
		put_moved(f->lines[i], was, indent, out);
}

static struct entry *
entries_of(const struct format *f, const struct yaml *map, size_t from,
    size_t to, unsigned level)
{
	struct entry *entries =
	    must_alloc((map->count + 1) * sizeof(*entries));
	size_t n = 0, at = from;

	for (const struct yaml *v = map->first; v != NULL; v = v->next) {
		size_t next =
		    v->next == NULL ? to : v->next->key_place.line - 1;

		entries[n] = (struct entry){.node = v,
		    .lead = at,
		    .key = v->key_place.line - 1,
		    .rank = rank_of(v->key, level)};
		at = entries[n].end =
		    content_end(f, entries[n].key + 1, next);
		n++;
	}
	return entries;
}

/* The first line behind what stands at the top of the file for all of it: up
 * to the last blank line before the first key. */
static size_t
header_end(const struct format *f, size_t from, size_t key)
{
	size_t end = from;

	for (size_t i = from; i < key; i++)
		if (is_blank(f->lines[i]) || is_content(f, i))
			end = i + 1;
	return end;
}

static void
put_map(const struct format *f, const struct block *b, struct buf *out)
{
	struct entry *entries =
	    entries_of(f, b->map, b->from, b->to, b->level);

	if (b->level == 0) {
		size_t end = header_end(f, b->from, entries[0].key);

		put_lead(f, b->from, end, 0, true, out);
		entries[0].lead = end;
	}
	if (b->level != 1) /* entries stay in the order of their author */
		qsort(entries, b->map->count, sizeof(*entries), by_rank);
	for (size_t i = 0; i < b->map->count; i++) {
		const struct entry *e = &entries[i];

		put_lead(f, e->lead, e->key, (size_t)b->level * 2, i == 0, out);
		put_entry(f, e, b->level,
		    b->level == 0 ? has_queries(e->node) : b->queries, out);
	}
	free(entries);
}

void
format_lines(const struct format *f, struct buf *out)
{
	size_t end = content_end(f, 0, f->lines_count);
	size_t last = f->lines_count;

	put_map(f, &(const struct block){f->root, 0, end, 0, false}, out);
	while (last > end && is_blank(f->lines[last - 1]))
		last--;
	put_lead(f, end, last, 0, false, out);
}
