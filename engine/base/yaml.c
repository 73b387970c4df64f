/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "engine/base/yaml_keys.h"
#include "engine/base/yaml_parts.h"

/* Problems of one pass that are not about syntax; told when it succeeds. */
#define PENDING_MAX 200

struct pending {
	enum diag_level level;
	struct place place;
	const char *code, *help, *text;
};

struct frame {
	struct yaml *node, *last;
	bool have_key;
	struct slice key;
	struct place key_place;
};

struct reader {
	struct arena *arena;
	const char *path;
	struct slice bytes; /* without a byte order mark */
	char *scratch;      /* what libyaml reads: errors taken out */
	size_t at_byte, at_character;
	struct frame stack[YAML_DEPTH_MAX];
	unsigned depth, flow;
	struct yaml *root;
	unsigned documents;
	struct yaml_trouble trouble;
	struct pending pending[PENDING_MAX];
	unsigned pending_count;
	uint32_t cut[YAML_REPAIRS_MAX]; /* 0-based lines of broken entries */
	unsigned cut_count;
	char stand_in; /* for '@' at the start of a value, or 0 */
	struct place at_sign; /* the first of them */
	struct yaml_keys keys;
	struct diag *diag;
};

enum outcome { READ, SYNTAX, HOPELESS };

static void __attribute__((format(printf, 6, 7)))
note(struct reader *r, enum diag_level level, struct place place,
    const char *code, const char *help, const char *format, ...)
{
	struct pending *p;
	char text[200];
	va_list args;

	if (r->pending_count == PENDING_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	p = &r->pending[r->pending_count++];
	*p = (struct pending){level, place, code, help,
	    arena_text(r->arena, slice_of(text)).data};
}

static void
tell(struct reader *r)
{
	for (unsigned i = 0; i < r->pending_count; i++) {
		const struct pending *p = &r->pending[i];

		diag_add(r->diag, p->level, p->place, p->code, p->help, "%s",
		    p->text);
	}
	r->pending_count = 0;
}

/* libyaml counts characters; the file is bytes.  Marks grow, mostly. */
static size_t
byte_at(struct reader *r, size_t character)
{
	while (r->at_character < character && r->at_byte < r->bytes.len) {
		r->at_byte += utf8_step(r->scratch + r->at_byte,
		    r->bytes.len - r->at_byte);
		r->at_character++;
	}
	while (r->at_character > character) {
		do
			r->at_byte--;
		while ((r->scratch[r->at_byte] & 0xc0) == 0x80);
		r->at_character--;
	}
	return r->at_byte;
}

static struct place
place_of(const struct reader *r, const yaml_event_t *e)
{
	struct place p = {r->path, (uint32_t)e->start_mark.line + 1,
	    (uint32_t)e->start_mark.column + 1, 0};

	if (e->end_mark.line == e->start_mark.line)
		p.width =
		    (uint32_t)(e->end_mark.column - e->start_mark.column);
	return p;
}

/* "#kitkat OR x" behind a plain scalar: to YAML a comment. */
static struct slice
tail_of(const struct reader *r, size_t end, bool empty)
{
	const char *p = r->bytes.data;
	size_t i = end, stop;

	while (i < r->bytes.len && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i + 1 >= r->bytes.len || p[i] != '#' || (i == end && !empty) ||
	    p[i + 1] == ' ' || p[i + 1] == '\t' || p[i + 1] == '#' ||
	    p[i + 1] == '\r' || p[i + 1] == '\n')
		return SLICE_NONE;
	stop = i;
	while (stop < r->bytes.len && p[stop] != '\n')
		stop++;
	while (p[stop - 1] == ' ' || p[stop - 1] == '\t' || p[stop - 1] == '\r')
		stop--;
	return (struct slice){p + i, stop - i};
}

/* A copy of ${text} with a NUL behind it and the '@'s put back. */
static struct slice
copy_text(struct reader *r, const yaml_char_t *text, size_t len)
{
	char *copy = arena_alloc(r->arena, len + 1);

	memcpy(copy, text, len);
	for (size_t i = 0; r->stand_in != 0 && i < len; i++)
		if (copy[i] == r->stand_in)
			copy[i] = '@';
	return (struct slice){copy, len};
}

static bool
is_cut(const struct reader *r, const yaml_event_t *e)
{
	for (unsigned i = 0; i < r->cut_count; i++)
		if (r->cut[i] == e->start_mark.line)
			return true;
	return false;
}

static void
hang(struct reader *r, struct yaml *node)
{
	struct frame *f = &r->stack[r->depth - 1];

	if (f->last == NULL)
		f->node->first = node;
	else
		f->last->next = node;
	f->last = node;
	f->node->count++;
}

static void
add_node(struct reader *r, struct yaml *node)
{
	struct frame *f;
	const struct yaml *twin;

	if (r->depth == 0) {
		if (r->root == NULL)
			r->root = node;
		return;
	}
	f = &r->stack[r->depth - 1];
	if (f->node->kind == YAML_MAP) {
		node->key = f->key;
		node->key_place = f->key_place;
		f->have_key = false;
		twin = yaml_keys_add(&r->keys, f->node, node);
		if (twin != NULL) {
			note(r, DIAG_ERROR, node->key_place, "repeated-key",
			    "keep one of them; YAML would silently forget the "
			    "other",
			    "'%.*s' is already on line %u",
			    SLICE_ARG(node->key), twin->key_place.line);
			return;
		}
	}
	hang(r, node);
}

static void
refuse_extras(struct reader *r, const yaml_event_t *e, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	struct place p = place_of(r, e);

	p.width = 0;
	if (anchor != NULL)
		note(r, DIAG_ERROR, p, "yaml-anchor",
		    "a value that begins with '&' needs quotes",
		    "anchors (&%s) are not part of rule files",
		    (const char *)anchor);
	if (tag != NULL)
		note(r, DIAG_ERROR, p, "yaml-tag",
		    "a value that begins with '!' needs quotes",
		    "tags (%s) are not part of rule files", (const char *)tag);
}

static void
note_at_sign(struct reader *r, const struct yaml *node)
{
	if (r->stand_in != 0 && !node->quoted && r->at_sign.line == 0 &&
	    node->raw.len > 0 && node->raw.data[0] == '@') {
		r->at_sign = node->place;
		note(r, DIAG_WARNING, node->place, "yaml-start",
		    "Vigie reads it, other programs will not: put it in single "
		    "quotes",
		    "YAML wants quotes around what begins with '@'");
	}
}

static void
note_tail(struct reader *r, struct yaml *node)
{
	struct place p = node->place;

	if (node->tail.data == NULL || r->flow == 0)
		return;
	/* inside brackets the comment swallowed what closes them, too */
	p.column += p.width;
	p.width = 0;
	note(r, DIAG_WARNING, p, "yaml-comment",
	    "put the value in quotes if '#' is part of it",
	    "' #' begins a comment: YAML does not see '%.*s'",
	    (int)(node->tail.len < 60 ? node->tail.len : 60), node->tail.data);
	node->tail = SLICE_NONE;
}

static bool
on_scalar(struct reader *r, const yaml_event_t *e)
{
	struct frame *f = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
	yaml_scalar_style_t style = e->data.scalar.style;
	struct slice text =
	    copy_text(r, e->data.scalar.value, e->data.scalar.length);
	size_t from = byte_at(r, e->start_mark.index);
	size_t to = byte_at(r, e->end_mark.index);
	struct yaml *node;

	refuse_extras(r, e, e->data.scalar.anchor, e->data.scalar.tag);
	if (memchr(text.data, 0, text.len) != NULL)
		note(r, DIAG_ERROR, place_of(r, e), "nul", NULL,
		    "a NUL in a value");
	if (f != NULL && f->node->kind == YAML_MAP && !f->have_key) {
		f->have_key = true;
		f->key = text;
		f->key_place = place_of(r, e);
		if (slice_is(text, "<<"))
			note(r, DIAG_ERROR, f->key_place, "yaml-merge", NULL,
			    "merge keys (<<) are not part of rule files");
		return true;
	}
	node = arena_alloc(r->arena, sizeof(*node));
	node->kind = YAML_SCALAR;
	node->place = place_of(r, e);
	node->text = text;
	node->raw = (struct slice){r->bytes.data + from, to - from};
	node->quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	    style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	node->broken = to == from && is_cut(r, e);
	if (style == YAML_PLAIN_SCALAR_STYLE && !node->broken)
		node->tail = tail_of(r, to, to == from);
	note_at_sign(r, node);
	note_tail(r, node);
	add_node(r, node);
	return true;
}

static bool
on_start(struct reader *r, const yaml_event_t *e)
{
	bool map = e->type == YAML_MAPPING_START_EVENT;
	bool flow = map
	    ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
	    : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	struct frame *f = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
	struct yaml *node = arena_alloc(r->arena, sizeof(*node));

	refuse_extras(r, e,
	    map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor,
	    map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
	node->kind = map ? YAML_MAP : YAML_LIST;
	node->place = place_of(r, e);
	if (r->depth == YAML_DEPTH_MAX) {
		tell(r);
		diag_add(r->diag, DIAG_ERROR, node->place, "yaml-depth", NULL,
		    "more than %u levels of nesting", YAML_DEPTH_MAX);
		return false;
	}
	if (f != NULL && f->node->kind == YAML_MAP && !f->have_key) {
		tell(r);
		diag_add(r->diag, DIAG_ERROR, node->place, "yaml-key",
		    "if it is text, put it in quotes",
		    "a key is a word, not a %s", map ? "map" : "list");
		return false;
	}
	add_node(r, node);
	r->flow += flow || r->flow > 0;
	r->stack[r->depth++] = (struct frame){.node = node};
	return true;
}

static bool
on_event(struct reader *r, const yaml_event_t *e)
{
	struct place place = place_of(r, e);
	struct yaml *node;

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++r->documents == 2)
			note(r, DIAG_ERROR, place, "yaml-documents",
			    "put it into a file of its own",
			    "a second document begins here ('---')");
		return true;
	case YAML_SCALAR_EVENT:
		return on_scalar(r, e);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return on_start(r, e);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		r->flow -= r->flow > 0;
		return true;
	case YAML_ALIAS_EVENT:
		note(r, DIAG_ERROR, place, "yaml-alias",
		    "put a value that begins with '*' in single quotes: "
		    "'*kat OR kitkat'",
		    "'*' at the start of a value is an alias to YAML");
		if (r->depth > 0 && r->stack[r->depth - 1].node->kind ==
			YAML_MAP && !r->stack[r->depth - 1].have_key) {
			r->stack[r->depth - 1].have_key = true;
			r->stack[r->depth - 1].key = SLICE("*");
			r->stack[r->depth - 1].key_place = place;
			return true;
		}
		node = arena_alloc(r->arena, sizeof(*node));
		node->place = place;
		node->broken = true;
		node->text = SLICE("");
		add_node(r, node);
		return true;
	default:
		return true;
	}
}

static void
remember_trouble(struct reader *r, const yaml_parser_t *parser)
{
	struct yaml_trouble *t = &r->trouble;

	t->problem = parser->problem != NULL ? parser->problem : "no memory";
	t->context = parser->context;
	t->line = (uint32_t)parser->problem_mark.line;
	t->column = (uint32_t)parser->problem_mark.column;
	t->context_line = (uint32_t)parser->context_mark.line;
	t->context_column = (uint32_t)parser->context_mark.column;
}

static void
remember_scalar(struct reader *r, const yaml_event_t *e)
{
	struct yaml_trouble *t = &r->trouble;
	yaml_scalar_style_t style = e->data.scalar.style;

	t->last_quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	    style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	t->last_line = (uint32_t)e->start_mark.line;
	t->last_column = (uint32_t)e->start_mark.column;
	t->last_end_line = (uint32_t)e->end_mark.line;
	t->last_end_column = (uint32_t)e->end_mark.column;
}

static void
forget(struct reader *r)
{
	r->at_byte = r->at_character = 0;
	r->depth = r->flow = r->documents = r->pending_count = 0;
	r->root = NULL;
	r->at_sign = (struct place){0};
	r->trouble = (struct yaml_trouble){0};
	yaml_keys_clear(&r->keys);
}

/* One pass of libyaml over the scratch. */
static enum outcome
read_once(struct reader *r)
{
	enum outcome outcome = READ;
	yaml_parser_t parser;
	bool end = false;

	forget(r);
	REQUIRE(yaml_parser_initialize(&parser));
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)r->scratch, r->bytes.len);
	while (!end && outcome == READ) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			remember_trouble(r, &parser);
			outcome = SYNTAX;
			break;
		}
		if (event.type == YAML_SCALAR_EVENT)
			remember_scalar(r, &event);
		end = event.type == YAML_STREAM_END_EVENT;
		if (!on_event(r, &event))
			outcome = HOPELESS;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return outcome;
}

/*
 * YAML reserves '@' at the start of a value, but "own: [@kitkat]" is what
 * people write.  Let a character that the file does not use stand for every
 * '@' that begins a word, and put it back in the values.
 */
static bool
free_at_signs(struct reader *r)
{
	const char *c = "^~+=$<;/_";
	size_t at = 0;

	if (r->stand_in != 0 ||
	    strstr(r->trouble.problem, "cannot start any token") == NULL)
		return false;
	forget(r); /* keeps r->trouble's marks out of byte_at's way */
	while (*c != '\0' && memchr(r->scratch, *c, r->bytes.len) != NULL)
		c++;
	if (*c == '\0')
		return false;
	for (size_t i = 1; i < r->bytes.len; i++)
		if (r->scratch[i] == '@' &&
		    strchr(" \t[,{", r->scratch[i - 1]) != NULL) {
			r->scratch[i] = *c;
			at++;
		}
	r->stand_in = *c;
	return at > 0;
}

/* Passes until one succeeds or nothing can be taken out any more. */
static bool
read_all(struct reader *r)
{
	for (unsigned repairs = 0;;) {
		enum outcome outcome = read_once(r);
		struct yaml_trouble trouble = r->trouble;
		uint32_t line, key_line;

		if (outcome == READ)
			return true;
		if (outcome == HOPELESS)
			return false;
		if (free_at_signs(r))
			continue;
		line = yaml_help(&trouble, r->path, r->bytes, r->diag);
		if (repairs++ == YAML_REPAIRS_MAX ||
		    !yaml_repair(r->scratch, r->bytes.len, line, &key_line))
			return false;
		if (key_line != UINT32_MAX && r->cut_count < YAML_REPAIRS_MAX)
			r->cut[r->cut_count++] = key_line;
	}
}

/* Things that are no rule file at all. */
static bool
refuse(const char *path, struct slice bytes, struct diag *diag)
{
	struct place whole = {path, 0, 0, 0};

	if (bytes.len > RULE_FILE_BYTES_MAX) {
		diag_add(diag, DIAG_ERROR, whole, "too-large", NULL,
		    "the file has more than %u MiB",
		    RULE_FILE_BYTES_MAX >> 20);
		return true;
	}
	if (bytes.len >= 2 && (!memcmp(bytes.data, "\xff\xfe", 2) ||
				  !memcmp(bytes.data, "\xfe\xff", 2))) {
		diag_add(diag, DIAG_ERROR, whole, "utf8",
		    "save it as UTF-8", "the file is UTF-16");
		return true;
	}
	return false;
}

struct yaml *
yaml_parse_most(struct arena *arena, const char *path, struct slice bytes,
    struct diag *diag)
{
	struct reader *r;
	struct yaml *root = NULL;

	if (refuse(path, bytes, diag))
		return NULL;
	if (bytes.len >= 3 && !memcmp(bytes.data, "\xef\xbb\xbf", 3)) {
		bytes.data += 3;
		bytes.len -= 3;
	}
	r = must_alloc(sizeof(*r));
	r->arena = arena;
	r->path = path;
	r->bytes = bytes;
	r->diag = diag;
	r->scratch = must_alloc(bytes.len + 1);
	if (bytes.len > 0)
		memcpy(r->scratch, bytes.data, bytes.len);
	yaml_scan(path, bytes, r->scratch, diag);
	if (read_all(r)) {
		tell(r);
		root = r->root;
		if (root == NULL) {
			root = arena_alloc(arena, sizeof(*root));
			root->kind = YAML_MAP;
			root->place = (struct place){path, 1, 1, 0};
		}
	}
	yaml_keys_fini(&r->keys);
	free(r->scratch);
	free(r);
	return root;
}

struct yaml *
yaml_parse(struct arena *arena, const char *path, struct slice bytes,
    struct diag *diag)
{
	unsigned errors = diag_errors(diag);
	struct yaml *root = yaml_parse_most(arena, path, bytes, diag);

	return diag_errors(diag) == errors ? root : NULL;
}

const struct yaml *
yaml_get(const struct yaml *map, const char *key)
{
	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml *v = map->first; v != NULL; v = v->next)
		if (slice_is(v->key, key))
			return v;
	return NULL;
}
