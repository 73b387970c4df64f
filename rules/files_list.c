/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "rules/files.h"
#include "rules/patch.h"

struct entries {
	struct node **items;
	struct slice *texts; /* as written */
	uint32_t count, room;
	bool wrong;
	struct files_until until;
};

static void
add_entry(struct files *f, struct entries *e, const struct yaml *scalar,
    int64_t end_ms)
{
	struct node *node =
	    phrase_build(f->scope, scalar->place, scalar->text);

	if (node == NULL) {
		e->wrong = true;
		return;
	}
	if (end_ms != TIME_NONE &&
	    files_until_past(
		f, &e->until, scalar->text, scalar->place, end_ms))
		return;
	if (e->count == e->room) {
		e->room = e->room * 2 + 16;
		e->items = must_grow(e->items, e->room * sizeof(*e->items));
		e->texts = must_grow(e->texts, e->room * sizeof(*e->texts));
	}
	e->texts[e->count] = arena_text(f->decls->arena, scalar->text);
	e->items[e->count++] = node;
}

/* {text: x, until: 2026-12-31} */
static const struct yaml *
read_map(struct files *f, const struct yaml *map, int64_t *end_ms)
{
	static const char *const keys[] = {"text", "until", NULL};
	const struct yaml *text = yaml_get(map, "text");
	const struct yaml *until = yaml_get(map, "until");
	struct slice day;

	if (!files_value_keys(f, map, "an entry of a list", keys))
		return NULL;
	if (text == NULL) {
		files_value_error(f, map, "missing-key",
		    "write {text: 'stop buying', until: 2026-12-31}",
		    "text is missing");
		return NULL;
	}
	if (until != NULL && (!files_value_text(f, until, &day) ||
				 !files_until_parse(
				     f, day, until->place, end_ms)))
		return NULL;
	return files_value_scalar(f, text);
}

static void
read_items(struct files *f, struct entries *e, const struct yaml *list)
{
	for (const struct yaml *v = list->first; v != NULL; v = v->next) {
		int64_t end_ms = TIME_NONE;
		const struct yaml *scalar =
		    v->kind == YAML_MAP && !v->broken
			? read_map(f, v, &end_ms)
			: files_value_scalar(f, v);

		if (scalar != NULL && !scalar->broken)
			add_entry(f, e, scalar, end_ms);
		else
			e->wrong = true;
	}
}

/* One line of a list file: trimmed; a '#' alone or before a blank begins a
 * comment, so that #tags need no quotes. */
static void
read_line(struct files *f, struct entries *e, const char *path,
    struct slice line, uint32_t number)
{
	struct yaml scalar = {.kind = YAML_SCALAR};
	struct slice day;
	int64_t end_ms = TIME_NONE;
	bool ends;
	size_t i = 0;

	while (i < line.len && (line.data[i] == ' ' || line.data[i] == '\t'))
		i++;
	while (line.len > i && (line.data[line.len - 1] == ' ' ||
				   line.data[line.len - 1] == '\t' ||
				   line.data[line.len - 1] == '\r'))
		line.len--;
	if (i == line.len)
		return;
	if (line.data[i] == '#' && (i + 1 == line.len ||
				       line.data[i + 1] == ' ' ||
				       line.data[i + 1] == '\t' ||
				       line.data[i + 1] == '#'))
		return;
	scalar.place = (struct place){path, number, (uint32_t)i + 1, 0};
	scalar.text = (struct slice){line.data + i, line.len - i};
	ends = files_until_split(&scalar.text, &day);
	for (size_t k = 0; k < scalar.text.len; scalar.place.width++) {
		uint32_t c;
		size_t n =
		    utf8_decode(scalar.text.data + k, scalar.text.len - k, &c);

		if (n == 0 || c == 0) {
			scalar.place.column += scalar.place.width;
			scalar.place.width = 1;
			diag_add(f->diag, DIAG_ERROR, scalar.place, "utf8",
			    "save the file as UTF-8",
			    "byte 0x%02x is not UTF-8 text",
			    (unsigned char)scalar.text.data[k]);
			e->wrong = true;
			return;
		}
		k += n;
	}
	if (ends && !files_until_parse(f, day, scalar.place, &end_ms))
		e->wrong = true;
	else
		add_entry(f, e, &scalar, end_ms);
}

static void
read_lines(struct files *f, struct entries *e, const char *path,
    struct slice bytes)
{
	uint32_t number = 1;
	unsigned errors = diag_errors(f->diag);

	if (bytes.len >= 3 && !memcmp(bytes.data, "\xef\xbb\xbf", 3)) {
		bytes.data += 3;
		bytes.len -= 3;
	}
	/* a file that is no list at all is not worth a thousand errors */
	while (bytes.len > 0 && diag_errors(f->diag) - errors < 10) {
		const char *end = memchr(bytes.data, '\n', bytes.len);
		size_t len =
		    end == NULL ? bytes.len : (size_t)(end - bytes.data);

		read_line(f, e, path, (struct slice){bytes.data, len},
		    number++);
		len += end != NULL;
		bytes.data += len;
		bytes.len -= len;
	}
}

static void
read_file(struct files *f, struct entries *e, const struct yaml *node)
{
	const char *base = node->place.path, *slash = strrchr(base, '/');
	struct slice name, bytes;
	size_t folder = slash == NULL ? 0 : (size_t)(slash + 1 - base), room;
	char *path;
	int rc;

	e->wrong = true;
	if (!files_value_text(f, node, &name))
		return;
	room = folder + name.len + 1;
	path = must_alloc(room);
	if (name.data[0] == '/')
		folder = 0;
	snprintf(path, room, "%.*s%s", (int)folder, base, name.data);
	rc = files_walk_read(f, path, &bytes);
	if (rc != 0) {
		diag_add(f->diag, DIAG_ERROR, node->place, "unreadable",
		    "the path is relative to this rule file",
		    "cannot read the list '%s': %s", path, strerror(rc));
	} else {
		files_hash(f, bytes);
		if (f->base != NULL)
			patch_base_list(f->base, path, bytes);
		e->wrong = false;
		read_lines(f, e, diag_file(f->diag, path, bytes), bytes);
	}
	free((void *)(uintptr_t)bytes.data);
	free(path);
}

static struct node *
list_node(struct files *f, struct entries *e, const struct yaml *node,
    struct slice name)
{
	struct node *list;

	if (e->wrong)
		return NULL;
	if (e->count == 0 && e->until.count[UNTIL_PAST] == 0) {
		files_value_error(f, node, "empty-list", NULL,
		    "a list without entries");
		return NULL;
	}
	list = arena_alloc(f->decls->arena, sizeof(*list));
	list->kind = NODE_OR;
	list->place = node->key_place;
	if (e->count == 0) { /* all are over */
		e->items = must_grow(e->items, sizeof(*e->items));
		e->texts = must_grow(e->texts, sizeof(*e->texts));
		e->texts[0] = SLICE("\1expired");
		e->items[e->count++] = files_local_never(
		    f, &(struct decl){.place = node->key_place});
	}
	list->group.dated =
	    e->until.count[UNTIL_PAST] > 0 || e->until.undecided > 0;
	f->decls->dated |= list->group.dated;
	list->group.count = e->count;
	list->group.list = name;
	list->group.items = arena_alloc(
	    f->decls->arena, e->count * sizeof(*list->group.items));
	memcpy(list->group.items, e->items, e->count * sizeof(*e->items));
	return list;
}

static const struct slice *
copy_texts(struct files *f, const struct entries *e)
{
	struct slice *texts =
	    arena_alloc(f->decls->arena, e->count * sizeof(*texts));

	memcpy(texts, e->texts, e->count * sizeof(*texts));
	return texts;
}

static bool
finish(struct files *f, struct entries *e, const struct yaml *node,
    struct slice name, struct query_list *out)
{
	out->node = list_node(f, e, node, name);
	if (out->node != NULL) {
		out->texts = copy_texts(f, e);
		out->texts_count = e->count;
		files_until_warn(f, &e->until, name);
	}
	free(e->items);
	free(e->texts);
	return out->node != NULL;
}

bool
files_list_read(struct files *f, const struct yaml *node, struct slice name,
    struct query_list *out)
{
	static const char *const keys[] = {"file", NULL};
	struct entries e = {0};

	if (node->kind == YAML_LIST) {
		read_items(f, &e, node);
	} else if (node->kind == YAML_MAP) {
		const struct yaml *path = yaml_get(node, "file");

		e.wrong = true;
		files_value_keys(f, node, "a list", keys);
		if (path != NULL)
			read_file(f, &e, path);
	} else {
		e.wrong = true;
		files_value_error(f, node, "no-list",
		    "write [one, 'two words'] or {file: path}",
		    "a list is wanted here");
	}
	return finish(f, &e, node, name, out);
}

bool
files_list_file(struct files *f, const struct yaml *node, struct slice name,
    struct query_list *out)
{
	struct entries e = {0};

	read_file(f, &e, yaml_get(node, "file"));
	return finish(f, &e, node, name, out);
}

void
files_list(struct files *f, uint32_t file, const struct yaml *node)
{
	struct query_list list = {.file = file, .place = node->key_place};
	const struct query_list *twin;

	if (!files_value_id(f, node->key, node->key_place))
		return;
	if (files_local_may(f, file, node)) {
		files_local_list(f, file, node);
		return;
	}
	list.name = arena_text(f->decls->arena, node->key);
	files_list_read(f, node, list.name, &list);
	twin = scope_add_list(
	    f->scope, &list, f->items[file].sector == RULES_NONE);
	if (twin != NULL)
		diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
		    "give one of them another name",
		    "the list '%.*s' is already declared at %s:%u",
		    SLICE_ARG(list.name), twin->place.path, twin->place.line);
}
