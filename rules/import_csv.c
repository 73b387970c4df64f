/*
 * Tables of queries: commas, semicolons or tabs, quotes doubled in quotes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <strings.h>

#include "engine/base/must.h"
#include "rules/import.h"

enum column { NAME, QUERY, BRAND, TOPIC, WEIGHT, SEVERITY, HIT, MISS, COLUMNS };

static const char *const names[COLUMNS] = {
    "name", "query", "brand", "topic", "weight", "severity", "hit", "miss"};

#define CELLS_MAX 64u

struct cell {
	struct slice text;
	const uint32_t *at; /* offset of each byte, and of the end */
	uint32_t line;
};

struct table {
	struct slice input;
	struct arena *arena;
	size_t next;
	uint32_t line;
	char comma;
	struct cell cells[CELLS_MAX];
	size_t count;
};

static void
read_cell(struct table *t, struct cell *cell)
{
	struct buf text = {0};
	uint32_t *at = NULL;
	size_t room = 0;
	bool quoted = t->next < t->input.len && t->input.data[t->next] == '"';

	cell->line = t->line;
	t->next += quoted;
	for (;; t->next++) {
		char c = t->next < t->input.len ? t->input.data[t->next] : '\n';
		bool end = t->next >= t->input.len;

		if (text.len + 1 >= room) {
			room = room * 2 + 64;
			at = must_grow(at, room * sizeof(*at));
		}
		at[text.len] = (uint32_t)t->next;
		if (end || (!quoted && (c == t->comma || c == '\n')))
			break;
		if (quoted && c == '"') {
			if (t->next + 1 >= t->input.len ||
			    t->input.data[t->next + 1] != '"') {
				quoted = false;
				continue;
			}
			t->next++;
		}
		t->line += c == '\n';
		buf_char(&text, c);
	}
	while (text.len > 0 && strchr(" \t\r", text.data[text.len - 1]) != NULL)
		text.len--;
	cell->text = arena_text(t->arena, buf_slice(&text));
	cell->at = memcpy(
	    arena_alloc(t->arena, (text.len + 1) * sizeof(*at)), at,
	    (text.len + 1) * sizeof(*at));
	buf_fini(&text);
	free(at);
}

/* False at the end of the input. */
static bool
read_row(struct table *t)
{
	struct cell spare;

	t->count = 0;
	if (t->next >= t->input.len)
		return false;
	for (;;) {
		read_cell(t, t->count < CELLS_MAX ? &t->cells[t->count]
						  : &spare);
		t->count += t->count < CELLS_MAX;
		if (t->next >= t->input.len)
			return true;
		if (t->input.data[t->next++] == '\n') {
			t->line++;
			return true;
		}
	}
}

/* The sign that the first line has most of. */
static char
comma_of(struct slice input)
{
	static const char signs[] = ",;\t";
	size_t best = 0, found = 0;

	for (size_t k = 0; k < 3; k++) {
		size_t n = 0;
		bool quoted = false;

		for (size_t i = 0; i < input.len; i++) {
			if (input.data[i] == '"')
				quoted = !quoted;
			if (!quoted && input.data[i] == '\n')
				break;
			n += !quoted && input.data[i] == signs[k];
		}
		if (n > found) {
			found = n;
			best = k;
		}
	}
	return signs[best];
}

static bool
is_name(struct slice cell, const char *name)
{
	return cell.len == strlen(name) &&
	    !strncasecmp(cell.data, name, cell.len);
}

/* Where each column is; false: the first row is no header. */
static bool
header(const struct table *t, size_t where[COLUMNS])
{
	bool has_query = false;

	for (size_t c = 0; c < COLUMNS; c++)
		where[c] = CELLS_MAX;
	for (size_t i = 0; i < t->count; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (is_name(t->cells[i].text, names[c]) ||
			    (c == QUERY &&
				(is_name(t->cells[i].text, "boolean") ||
				    is_name(t->cells[i].text,
					"booleanQuery")))) {
				where[c] = i;
				has_query = has_query || c == QUERY;
			}
	if (!has_query)
		for (size_t c = 0; c < COLUMNS; c++)
			where[c] = c;
	return has_query;
}

static struct slice
cell_of(const struct table *t, const size_t where[COLUMNS], enum column c)
{
	return where[c] < t->count ? t->cells[where[c]].text : SLICE("");
}

size_t
import_csv(const char *path, struct slice input, struct arena *arena,
    struct diag *diag, struct import_entry **entries)
{
	struct table t = {.input = input, .arena = arena, .line = 1};
	size_t where[COLUMNS], count = 0, room = 0;
	bool first = true;

	*entries = NULL;
	if (input.len >= 3 && !memcmp(input.data, "\xef\xbb\xbf", 3))
		t.next = 3;
	t.comma = comma_of(input);
	while (read_row(&t)) {
		struct import_entry e = {.line = t.cells[0].line};

		if (first && header(&t, where)) {
			first = false;
			continue;
		}
		first = false;
		if (t.count == 1 && t.cells[0].text.len == 0)
			continue;
		if (cell_of(&t, where, QUERY).len == 0) {
			diag_add(diag, DIAG_ERROR,
			    (struct place){path, e.line, 1, 0}, "no-query",
			    "columns: name, query, brand, topic, weight, "
			    "severity, hit, miss; the first row may name them",
			    "a row without a query");
			continue;
		}
		e.name = cell_of(&t, where, NAME);
		e.brand = cell_of(&t, where, BRAND);
		e.topic = cell_of(&t, where, TOPIC);
		e.weight = cell_of(&t, where, WEIGHT);
		e.severity = cell_of(&t, where, SEVERITY);
		e.hit = cell_of(&t, where, HIT);
		e.miss = cell_of(&t, where, MISS);
		e.source = (struct import_source){path, input,
		    cell_of(&t, where, QUERY), t.cells[where[QUERY]].at};
		if (count == room) {
			room = room * 2 + 64;
			*entries = must_grow(*entries, room * sizeof(e));
		}
		(*entries)[count++] = e;
	}
	return count;
}
