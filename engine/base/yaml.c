/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/yaml_plain.h"
#include "engine/base/yaml_tree.h"

enum outcome { READ, SYNTAX, HOPELESS };

static struct place
place_of(const struct yaml_tree *r, const yaml_event_t *e)
{
	struct place p = {r->path, (uint32_t)e->start_mark.line + 1,
	    (uint32_t)e->start_mark.column + 1, 0};

	if (e->end_mark.line == e->start_mark.line)
		p.width =
		    (uint32_t)(e->end_mark.column - e->start_mark.column);
	return p;
}

static void
refuse_extras(struct yaml_tree *r, const yaml_event_t *e,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct place p = place_of(r, e);

	p.width = 0;
	if (anchor != NULL)
		yaml_tree_note(r, DIAG_ERROR, p, "yaml-anchor",
		    "a value that begins with '&' needs quotes",
		    "anchors (&%s) are not part of rule files",
		    (const char *)anchor);
	if (tag != NULL)
		yaml_tree_note(r, DIAG_ERROR, p, "yaml-tag",
		    "a value that begins with '!' needs quotes",
		    "tags (%s) are not part of rule files", (const char *)tag);
}

static bool
on_scalar(struct yaml_tree *r, const yaml_event_t *e)
{
	struct yaml_frame *f = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
	yaml_scalar_style_t style = e->data.scalar.style;
	struct slice text =
	    yaml_tree_text(r, (const char *)e->data.scalar.value,
		e->data.scalar.length);
	size_t from = yaml_tree_byte(r, e->start_mark.index);
	size_t to = yaml_tree_byte(r, e->end_mark.index);
	struct yaml *node;

	refuse_extras(r, e, e->data.scalar.anchor, e->data.scalar.tag);
	if (memchr(text.data, 0, text.len) != NULL)
		yaml_tree_note(r, DIAG_ERROR, place_of(r, e), "nul", NULL,
		    "a NUL in a value");
	if (f != NULL && f->node->kind == YAML_MAP && !f->have_key) {
		f->have_key = true;
		f->key = text;
		f->key_place = place_of(r, e);
		if (slice_is(text, "<<"))
			yaml_tree_note(r, DIAG_ERROR, f->key_place,
			    "yaml-merge", NULL,
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
	node->broken = to == from && yaml_tree_cut(r, e->start_mark.line);
	if (style == YAML_PLAIN_SCALAR_STYLE && !node->broken)
		yaml_tree_tail(r, node, to);
	yaml_tree_sign(r, node);
	yaml_tree_add(r, node);
	return true;
}

static bool
on_start(struct yaml_tree *r, const yaml_event_t *e)
{
	bool map = e->type == YAML_MAPPING_START_EVENT;
	bool flow = map
	    ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
	    : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	struct yaml_frame *f = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
	struct yaml *node = arena_alloc(r->arena, sizeof(*node));

	refuse_extras(r, e,
	    map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor,
	    map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
	node->kind = map ? YAML_MAP : YAML_LIST;
	node->place = place_of(r, e);
	if (r->depth == YAML_DEPTH_MAX) {
		yaml_tree_tell(r);
		diag_add(r->diag, DIAG_ERROR, node->place, "yaml-depth", NULL,
		    "more than %u levels of nesting", YAML_DEPTH_MAX);
		return false;
	}
	if (f != NULL && f->node->kind == YAML_MAP && !f->have_key) {
		yaml_tree_tell(r);
		diag_add(r->diag, DIAG_ERROR, node->place, "yaml-key",
		    "if it is text, put it in quotes",
		    "a key is a word, not a %s", map ? "map" : "list");
		return false;
	}
	yaml_tree_add(r, node);
	r->flow += flow || r->flow > 0;
	r->stack[r->depth++] = (struct yaml_frame){.node = node};
	return true;
}

static bool
on_event(struct yaml_tree *r, const yaml_event_t *e)
{
	struct place place = place_of(r, e);
	struct yaml *node;

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++r->documents == 2)
			yaml_tree_note(r, DIAG_ERROR, place, "yaml-documents",
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
		yaml_tree_note(r, DIAG_ERROR, place, "yaml-alias",
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
		yaml_tree_add(r, node);
		return true;
	default:
		return true;
	}
}

static void
remember_trouble(struct yaml_tree *r, const yaml_parser_t *parser)
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
remember_scalar(struct yaml_tree *r, const yaml_event_t *e)
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
forget(struct yaml_tree *r)
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
read_once(struct yaml_tree *r)
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
free_at_signs(struct yaml_tree *r)
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
read_all(struct yaml_tree *r)
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
	struct yaml_tree *r;
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
	if (yaml_scan(path, bytes, r->scratch, diag) && read_all(r)) {
		yaml_tree_tell(r);
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
yaml_parse_closed(struct arena *arena, const char *path, struct slice bytes,
    struct diag *diag, const char *const *closed, bool *plain)
{
	struct yaml *root = yaml_plain_parse(arena, path, bytes, closed);

	*plain = root != NULL;
	return root != NULL ? root : yaml_parse_most(arena, path, bytes, diag);
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
