/*
 * Where queries begin and end: for X a rule a line, or the JSON of its API;
 * else the whole input is one query.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/json.h"
#include "engine/base/must.h"
#include "rules/import.h"

struct list {
	struct import_entry *items;
	size_t count, room;
};

static struct import_entry *
more(struct list *l)
{
	if (l->count == l->room) {
		l->room = l->room * 2 + 16;
		l->items = must_grow(l->items, l->room * sizeof(*l->items));
	}
	l->items[l->count] = (struct import_entry){.line = 1};
	return &l->items[l->count++];
}

/* Text of a JSON string, with the place of each byte as that of its start. */
static void
json_query(const struct json *j, struct slice input, struct arena *arena,
    struct import_entry *e)
{
	struct buf text = {0};
	uint32_t *at;

	json_text(j, &text);
	e->source.text = arena_text(arena, buf_slice(&text));
	at = arena_alloc(arena, (text.len + 1) * sizeof(*at));
	for (size_t i = 0; i <= text.len; i++) {
		size_t offset = (size_t)(j->raw.data - input.data);

		/* exact as long as nothing is escaped */
		at[i] = (uint32_t)(offset + (text.len == j->raw.len ? i : 0));
	}
	e->source.at = at;
	buf_fini(&text);
}

static bool
from_json(const char *path, struct slice input, struct arena *arena,
    struct list *l)
{
	struct json j;
	enum json_kind kind;
	struct import_entry e = {.line = 1};
	struct slice key = SLICE("");

	json_init(&j, input);
	while ((kind = json_next(&j)) != JSON_END && kind != JSON_BROKEN) {
		if (kind == JSON_KEY) {
			key = j.raw;
		} else if (kind == JSON_TEXT && slice_is(key, "value")) {
			json_query(&j, input, arena, &e);
			e.source.path = path;
			e.source.input = input;
		} else if (kind == JSON_TEXT && slice_is(key, "tag")) {
			struct buf tag = {0};

			json_text(&j, &tag);
			e.name = arena_text(arena, buf_slice(&tag));
			buf_fini(&tag);
		} else if (kind == JSON_OBJECT_END && e.source.path != NULL) {
			*more(l) = e;
			e = (struct import_entry){.line = 1};
		}
	}
	return kind == JSON_END;
}

static void
add_lines(const char *path, struct slice input, struct list *l)
{
	const char *p = input.data, *end = p + input.len;
	uint32_t line = 1;

	for (; p < end; line++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct slice text;

		stop = stop == NULL ? end : stop;
		text = (struct slice){p, (size_t)(stop - p)};
		p = stop + 1;
		while (text.len > 0 &&
		    strchr(" \t\r", text.data[text.len - 1]) != NULL)
			text.len--;
		if (text.len > 0)
			*more(l) = (struct import_entry){
			    .source = {path, input, text, NULL}, .line = line};
	}
}

size_t
import_lines(const char *path, struct slice input, enum import_dialect dialect,
    struct arena *arena, struct diag *diag, struct import_entry **entries)
{
	struct list l = {0};
	size_t at = 0;

	while (at < input.len && strchr(" \t\r\n", input.data[at]) != NULL)
		at++;
	if (dialect != IMPORT_X) {
		more(&l)->source =
		    (struct import_source){path, input, input, NULL};
	} else if (at < input.len &&
	    (input.data[at] == '{' || input.data[at] == '[')) {
		if (!from_json(path, input, arena, &l))
			diag_add(diag, DIAG_ERROR,
			    (struct place){path, 1, 1, 0}, "unreadable",
			    "the answer of GET .../stream/rules, or a rule a "
			    "line",
			    "this is no JSON");
	} else {
		add_lines(path, input, &l);
	}
	*entries = l.items;
	return l.count;
}
