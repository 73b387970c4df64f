/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "rules/files.h"

void
files_value_error(struct files *f, const struct yaml *node, const char *code,
    const char *help, const char *text)
{
	struct place place = node->kind == YAML_SCALAR && node->text.len > 0
	    ? node->place
	    : node->key_place;

	if (node->broken)
		return; /* told by the YAML reader */
	if (place.line == 0)
		place = node->place;
	diag_add(f->diag, DIAG_ERROR, place, code, help, "%s", text);
}

static const char *
not_a_map(const struct yaml *node)
{
	const struct slice t = node->text;

	for (size_t i = 0; node->kind == YAML_SCALAR && i + 1 < t.len; i++)
		if (t.data[i] == ':' && t.data[i + 1] != ' ')
			return "write 'key: value', with a blank after the "
			       "colon";
	return "write one 'key: value' per line below it, indented";
}

bool
files_value_keys(struct files *f, const struct yaml *map, const char *what,
    const char *const *keys)
{
	if (map->broken)
		return false;
	if (map->kind != YAML_MAP) {
		char text[120];

		snprintf(text, sizeof(text), "%s needs keys, not %s", what,
		    map->kind == YAML_LIST   ? "a list"
			: map->text.len == 0 ? "nothing"
					     : "a text");
		files_value_error(f, map, "no-map", not_a_map(map), text);
		return false;
	}
	for (const struct yaml *v = map->first; v != NULL; v = v->next) {
		struct suggest s;
		struct buf help = {0};
		size_t i = 0;

		while (keys[i] != NULL && !slice_is(v->key, keys[i]))
			i++;
		if (keys[i] != NULL)
			continue;
		suggest_start(&s, v->key);
		for (i = 0; keys[i] != NULL; i++)
			suggest_offer(&s, slice_of(keys[i]));
		buf_printf(&help, "keys of %s", what);
		buf_char(&help, '\0');
		{
			struct buf said = {0};

			suggest_say(&s, help.data, &said);
			diag_add(f->diag, DIAG_ERROR, v->key_place,
			    "unknown-key", said.data, "unknown key '%.*s'",
			    SLICE_ARG(v->key));
			buf_fini(&said);
		}
		buf_fini(&help);
	}
	return true;
}

bool
files_value_id(struct files *f, struct slice id, struct place place)
{
	bool good = id.len > 0;

	for (size_t i = 0; i < id.len && good; i++) {
		char c = id.data[i];

		good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '_' || c == '-';
	}
	if (!good)
		diag_add(f->diag, DIAG_ERROR, place, "bad-id",
		    "ids are made of a-z 0-9 _ and -; names for people go "
		    "under name:",
		    "'%.*s' cannot be an id", SLICE_ARG(id));
	return good;
}

bool
files_value_text(struct files *f, const struct yaml *node, struct slice *out)
{
	if (node->broken)
		return false;
	if (node->kind != YAML_SCALAR) {
		files_value_error(f, node, "no-text", NULL,
		    node->kind == YAML_LIST ? "one text is wanted, not a list"
					    : "one text is wanted, not keys");
		return false;
	}
	if (node->text.len == 0) {
		files_value_error(f, node, "no-text",
		    "write a value after the colon, or delete the line",
		    "a text is missing");
		return false;
	}
	*out = arena_text(f->decls->arena, node->text);
	return true;
}

/* Decimal text to thousandths; false when it is no such number. */
static bool
parse_milli(struct slice t, int64_t *out)
{
	size_t i = 0, digits = 0;
	int64_t v = 0, unit = 1000;
	bool minus = false;

	if (i < t.len && (t.data[i] == '-' || t.data[i] == '+'))
		minus = t.data[i++] == '-';
	for (; i < t.len && t.data[i] >= '0' && t.data[i] <= '9'; i++) {
		v = v * 10 + (t.data[i] - '0');
		if (++digits > 9)
			return false;
	}
	v *= 1000;
	if (digits > 0 && i < t.len && t.data[i] == '.') {
		if (++i == t.len)
			return false;
		for (; i < t.len && t.data[i] >= '0' && t.data[i] <= '9'; i++) {
			unit /= 10;
			if (unit == 0)
				return false;
			v += (t.data[i] - '0') * unit;
		}
	}
	*out = minus ? -v : v;
	return digits > 0 && i == t.len;
}

bool
files_value_milli(struct files *f, const struct yaml *node, int32_t least,
    int32_t most, int32_t *out)
{
	struct buf help = {0};
	int64_t v;
	bool number = node->kind == YAML_SCALAR &&
	    parse_milli(node->text, &v);

	if (node->broken)
		return false;
	if (number && v >= least && v <= most) {
		*out = (int32_t)v;
		return true;
	}
	buf_text(&help, "a number from ");
	buf_fixed(&help, least, 3, 0);
	buf_text(&help, " to ");
	buf_fixed(&help, most, 3, 0);
	if (node->kind == YAML_SCALAR && memchr(node->text.data, ',',
					     node->text.len) != NULL)
		buf_text(&help, ", with a point: 0.5");
	else
		buf_text(&help, ", with at most three decimals");
	buf_char(&help, '\0');
	files_value_error(f, node, "bad-number", help.data,
	    number ? "this number is out of range" : "this is no number");
	buf_fini(&help);
	return false;
}

const struct yaml *
files_value_scalar(struct files *f, const struct yaml *node)
{
	struct yaml *whole;
	struct place place;
	char *text;

	if (node->kind != YAML_SCALAR) {
		files_value_error(f, node, "no-text",
		    "write it as text, in single quotes if it begins with "
		    "[ or {",
		    node->kind == YAML_LIST ? "a text is wanted, not a list"
					    : "a text is wanted, not keys");
		return NULL;
	}
	if (node->tail.data == NULL)
		return node;
	whole = arena_alloc(f->trees, sizeof(*whole));
	*whole = *node;
	text = arena_alloc(f->trees, node->text.len + 1 + node->tail.len + 1);
	memcpy(text, node->text.data, node->text.len);
	whole->text.data = text;
	whole->text.len = node->text.len;
	if (node->text.len > 0)
		text[whole->text.len++] = ' ';
	memcpy(text + whole->text.len, node->tail.data, node->tail.len);
	whole->text.len += node->tail.len;
	whole->raw.len = (size_t)(node->tail.data + node->tail.len -
	    whole->raw.data);
	place = yaml_place(whole, whole->text.len - node->tail.len,
	    node->tail.len);
	diag_add(f->diag, DIAG_WARNING, place, "yaml-comment",
	    "Vigie reads it as part of the text; put the whole value in single "
	    "quotes so that every program does",
	    "YAML takes what follows ' #' for a comment");
	return whole;
}

struct node *
files_value_query(struct files *f, const struct yaml *map, const char *key,
    const char *brand_help)
{
	const struct yaml *node = yaml_get(map, key);

	if (node == NULL || node->broken)
		return NULL;
	node = files_value_scalar(f, node);
	if (node == NULL)
		return NULL;
	if (node->text.len == 0) {
		files_value_error(f, node, "missing-term",
		    "write a query after the colon", "an empty query");
		return NULL;
	}
	if (f->entry->disabled)
		return strcmp(key, "not") != 0 ? files_local_never(f, f->entry)
					      : NULL;
	files_local_scope(f, f->entry, node);
	f->scope->brand_allowed = brand_help == NULL;
	f->scope->brand_help = brand_help;
	return query_parse(f->decls->arena, node, f->scope, f->diag);
}

void
files_value_name(struct files *f, const struct yaml *node, struct slice *fr,
    struct slice *en)
{
	static const char *const keys[] = {"fr", "en", NULL};
	const struct yaml *v;

	*fr = *en = SLICE_NONE;
	if (node->broken)
		return;
	if (node->kind == YAML_SCALAR) {
		files_value_text(f, node, fr);
	} else if (files_value_keys(f, node, "a name", keys)) {
		if ((v = yaml_get(node, "fr")) != NULL)
			files_value_text(f, v, fr);
		if ((v = yaml_get(node, "en")) != NULL)
			files_value_text(f, v, en);
	}
	if (fr->data == NULL)
		*fr = *en;
	if (en->data == NULL)
		*en = *fr;
}
