/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/yaml_tree.h"

#include <stdarg.h>
#include <stdio.h>

#include "engine/base/utf8.h"

void
yaml_tree_note(struct yaml_tree *t, enum diag_level level, struct place place,
    const char *code, const char *help, const char *format, ...)
{
	struct yaml_pending *p;
	char text[200];
	va_list args;

	if (t->pending_count == YAML_PENDING_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	p = &t->pending[t->pending_count++];
	*p = (struct yaml_pending){level, place, code, help,
	    arena_text(t->arena, slice_of(text)).data};
}

void
yaml_tree_tell(struct yaml_tree *t)
{
	for (unsigned i = 0; i < t->pending_count; i++) {
		const struct yaml_pending *p = &t->pending[i];

		diag_add(t->diag, p->level, p->place, p->code, p->help, "%s",
		    p->text);
	}
	t->pending_count = 0;
}

/* libyaml counts characters; the file is bytes.  Marks grow, mostly. */
size_t
yaml_tree_byte(struct yaml_tree *t, size_t character)
{
	while (t->at_character < character && t->at_byte < t->bytes.len) {
		t->at_byte += utf8_step(t->scratch + t->at_byte,
		    t->bytes.len - t->at_byte);
		t->at_character++;
	}
	while (t->at_character > character) {
		do
			t->at_byte--;
		while ((t->scratch[t->at_byte] & 0xc0) == 0x80);
		t->at_character--;
	}
	return t->at_byte;
}

/* "#kitkat OR x" behind a plain scalar: to YAML a comment. */
static struct slice
tail_of(const struct yaml_tree *t, size_t end, bool empty)
{
	const char *p = t->bytes.data;
	size_t i = end, stop;

	while (i < t->bytes.len && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i + 1 >= t->bytes.len || p[i] != '#' || (i == end && !empty) ||
	    p[i + 1] == ' ' || p[i + 1] == '\t' || p[i + 1] == '#' ||
	    p[i + 1] == '\r' || p[i + 1] == '\n')
		return SLICE_NONE;
	stop = i;
	while (stop < t->bytes.len && p[stop] != '\n')
		stop++;
	while (p[stop - 1] == ' ' || p[stop - 1] == '\t' || p[stop - 1] == '\r')
		stop--;
	return (struct slice){p + i, stop - i};
}

/* A copy of ${text} with a NUL behind it and the '@'s put back. */
struct slice
yaml_tree_text(struct yaml_tree *t, const char *text, size_t len)
{
	char *copy = arena_alloc(t->arena, len + 1);

	memcpy(copy, text, len);
	for (size_t i = 0; t->stand_in != 0 && i < len; i++)
		if (copy[i] == t->stand_in)
			copy[i] = '@';
	return (struct slice){copy, len};
}

bool
yaml_tree_cut(const struct yaml_tree *t, size_t line)
{
	for (unsigned i = 0; i < t->cut_count; i++)
		if (t->cut[i] == line)
			return true;
	return false;
}

static void
hang(struct yaml_tree *t, struct yaml *node)
{
	struct yaml_frame *f = &t->stack[t->depth - 1];

	if (f->last == NULL)
		f->node->first = node;
	else
		f->last->next = node;
	f->last = node;
	f->node->count++;
}

void
yaml_tree_add(struct yaml_tree *t, struct yaml *node)
{
	struct yaml_frame *f;
	const struct yaml *twin;

	if (t->depth == 0) {
		if (t->root == NULL)
			t->root = node;
		return;
	}
	f = &t->stack[t->depth - 1];
	if (f->node->kind == YAML_MAP) {
		node->key = f->key;
		node->key_place = f->key_place;
		f->have_key = false;
		twin = yaml_keys_add(&t->keys, f->node, node);
		if (twin != NULL) {
			yaml_tree_note(t, DIAG_ERROR, node->key_place,
			    "repeated-key",
			    "keep one of them; YAML would silently forget the "
			    "other",
			    "'%.*s' is already on line %u",
			    SLICE_ARG(node->key), twin->key_place.line);
			return;
		}
	}
	hang(t, node);
}

void
yaml_tree_sign(struct yaml_tree *t, const struct yaml *node)
{
	if (t->stand_in != 0 && !node->quoted && t->at_sign.line == 0 &&
	    node->raw.len > 0 && node->raw.data[0] == '@') {
		t->at_sign = node->place;
		yaml_tree_note(t, DIAG_WARNING, node->place, "yaml-start",
		    "Vigie reads it, other programs will not: put it in single "
		    "quotes",
		    "YAML wants quotes around what begins with '@'");
	}
}

void
yaml_tree_tail(struct yaml_tree *t, struct yaml *node, size_t end)
{
	struct place p = node->place;

	node->tail = tail_of(t, end, node->raw.len == 0);
	if (node->tail.data == NULL || t->flow == 0)
		return;
	/* inside brackets the comment swallowed what closes them, too */
	p.column += p.width;
	p.width = 0;
	yaml_tree_note(t, DIAG_WARNING, p, "yaml-comment",
	    "put the value in quotes if '#' is part of it",
	    "' #' begins a comment: YAML does not see '%.*s'",
	    (int)(node->tail.len < 60 ? node->tail.len : 60), node->tail.data);
	node->tail = SLICE_NONE;
}

