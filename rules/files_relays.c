/*
 * relays: whose word carries far, by class: accounts ('@anna_press', handle
 * or id, with its sign) and sites ('lemonde.fr', their subdomains too).
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/files.h"

#define SITE_BYTES_MAX 253u /* of a host name, RFC 1035 */

static const char *const keys[] = {"reach", "journalist", "press", "ngo",
    "regulator", "elected", NULL};
static const enum rules_relay classes[] = {RELAY_REACH, RELAY_JOURNALIST,
    RELAY_PRESS, RELAY_NGO, RELAY_REGULATOR, RELAY_ELECTED};

static void
refuse(struct files *f, struct place place, struct slice text)
{
	diag_add(f->diag, DIAG_ERROR, place, "no-relay",
	    "write an account with its sign, '@anna_press', or a site, "
	    "'lemonde.fr'",
	    "'%.*s' is neither an account nor a site", SLICE_ARG(text));
}

static void
add(struct files *f, enum rules_relay class, bool site, struct slice text,
    struct place place)
{
	struct decls *d = f->decls;

	if (d->relays_count == f->relays_room) {
		f->relays_room = f->relays_room * 2 + 64;
		d->relays = must_grow(
		    d->relays, f->relays_room * sizeof(*d->relays));
	}
	d->relays[d->relays_count++] = (struct relay_decl){
	    arena_text(f->decls->arena, text), site, (uint8_t)class, place};
}

/* "www.LeMonde.fr" to "lemonde.fr"; false when it is no host name. */
static bool
site_name(struct slice text, char *out, size_t *len)
{
	bool dot = false;

	if (text.len > 4 && !memcmp(text.data, "www.", 4)) {
		text.data += 4;
		text.len -= 4;
	}
	if (text.len > SITE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.'))
			return false;
		dot |= c == '.' && i > 0 && i + 1 < text.len;
		out[i] = c;
	}
	*len = text.len;
	return dot;
}

static void
read_entry(struct files *f, enum rules_relay class, struct slice text,
    struct place place)
{
	struct text *t = &f->scope->text;
	char site[SITE_BYTES_MAX];
	size_t len;

	if (text.len > 1 && text.data[0] == '@') {
		text_fold(t, SLICE_NONE, text, TEXT_QUERY);
		if (t->len > 1 && t->bytes[0] == '@' && t->len <= RELAY_BYTES)
			add(f, class, false,
			    (struct slice){t->bytes + 1, t->len - 1}, place);
		else
			refuse(f, place, text);
	} else if (site_name(text, site, &len)) {
		add(f, class, true, (struct slice){site, len}, place);
	} else {
		refuse(f, place, text);
	}
}

/* One line of a file, trimmed; a '#' begins a comment. */
static void
read_line(struct files *f, enum rules_relay class, const char *path,
    struct slice line, uint32_t number)
{
	uint32_t column = 1;

	while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
		line.data++;
		line.len--;
		column++;
	}
	while (line.len > 0 && strchr(" \t\r", line.data[line.len - 1]))
		line.len--;
	if (line.len > 0 && line.data[0] != '#')
		read_entry(f, class, line,
		    (struct place){path, number, column, (uint32_t)line.len});
}

static void
read_lines(struct files *f, enum rules_relay class, const char *path,
    struct slice bytes)
{
	unsigned errors = diag_errors(f->diag);
	uint32_t number = 1;

	/* a file that is no list at all is not worth a thousand errors */
	while (bytes.len > 0 && diag_errors(f->diag) - errors < 10) {
		const char *end = memchr(bytes.data, '\n', bytes.len);
		size_t len =
		    end == NULL ? bytes.len : (size_t)(end - bytes.data);

		read_line(f, class, path, (struct slice){bytes.data, len},
		    number++);
		len += end != NULL;
		bytes.data += len;
		bytes.len -= len;
	}
}

static void
read_file(struct files *f, enum rules_relay class, const struct yaml *node)
{
	static const char *const file_keys[] = {"file", NULL};
	const char *base = node->place.path, *slash = strrchr(base, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash + 1 - base), room;
	const struct yaml *value = yaml_get(node, "file");
	struct slice name, bytes;
	char *path;
	int rc;

	if (!files_value_keys(f, node, "a list", file_keys) || value == NULL ||
	    !files_value_text(f, value, &name))
		return;
	room = folder + name.len + 1;
	path = must_alloc(room);
	if (name.data[0] == '/')
		folder = 0;
	snprintf(path, room, "%.*s%s", (int)folder, base, name.data);
	rc = files_walk_read(f, path, &bytes);
	if (rc != 0) {
		diag_add(f->diag, DIAG_ERROR, value->place, "unreadable",
		    "the path is relative to this rule file",
		    "cannot read the list '%s': %s", path, strerror(rc));
	} else {
		files_hash(f, bytes);
		read_lines(f, class, diag_file(f->diag, path, bytes), bytes);
	}
	free((void *)(uintptr_t)bytes.data);
	free(path);
}

static void
read_class(struct files *f, enum rules_relay class, const struct yaml *node)
{
	if (node->broken)
		return;
	if (node->kind == YAML_MAP) {
		read_file(f, class, node);
		return;
	}
	if (node->kind == YAML_SCALAR) {
		files_value_error(f, node, "no-list",
		    "write ['@anna_press', 'lemonde.fr'] or {file: path}",
		    "a list of accounts and sites is wanted");
		return;
	}
	for (const struct yaml *v = node->first; v != NULL; v = v->next) {
		const struct yaml *scalar = files_value_scalar(f, v);
		struct slice text;

		if (scalar != NULL && files_value_text(f, scalar, &text))
			read_entry(f, class, text, scalar->place);
	}
}

/* Followers, whole; said once in the set. */
static void
read_reach(struct files *f, const struct yaml *node)
{
	uint64_t v = 0;
	bool good = node->kind == YAML_SCALAR && node->text.len > 0 &&
	    node->text.len <= 12;

	for (size_t i = 0; good && i < node->text.len; i++) {
		good = node->text.data[i] >= '0' && node->text.data[i] <= '9';
		v = v * 10 + (uint64_t)(node->text.data[i] - '0');
	}
	if (!good || v == 0) {
		files_value_error(f, node, "bad-number",
		    "followers from which an account is told of, as 100000",
		    "a whole number above 0 is wanted");
		return;
	}
	if (f->reach_place.line > 0)
		diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
		    "keep one of them", "reach is already said at %s:%u",
		    f->reach_place.path, f->reach_place.line);
	f->reach_place = node->key_place;
	f->decls->relay_reach = v;
}

void
files_relays(struct files *f, uint32_t file)
{
	const struct yaml *node = yaml_get(f->items[file].root, "relays");

	if (node == NULL || !files_value_keys(f, node, "relays", keys))
		return;
	for (size_t i = 0; keys[i] != NULL; i++) {
		const struct yaml *v = yaml_get(node, keys[i]);

		if (v != NULL && classes[i] == RELAY_REACH)
			read_reach(f, v);
		else if (v != NULL)
			read_class(f, classes[i], v);
	}
}

static int
relay_order(const void *a, const void *b)
{
	const struct relay_decl *x = a, *y = b;
	int order = slice_order(x->text, y->text);

	return order != 0 ? order : (int)x->site - (int)y->site;
}

void
files_relays_end(struct files *f)
{
	struct decls *d = f->decls;
	struct relay_decl *grown = d->relays;
	uint32_t kept = 0;

	if (d->relays_count > 1)
		qsort(d->relays, d->relays_count, sizeof(*d->relays),
		    relay_order);
	for (uint32_t i = 0; i < d->relays_count; i++) {
		const struct relay_decl *r = &d->relays[i], *last;

		last = kept > 0 ? &d->relays[kept - 1] : NULL;
		if (last == NULL || relay_order(last, r) != 0)
			d->relays[kept++] = *r;
		else if (last->class != r->class)
			diag_add(f->diag, DIAG_ERROR, r->place, "repeated-id",
			    "keep it in one class",
			    "'%.*s' already stands in another class at %s:%u",
			    SLICE_ARG(r->text), last->place.path,
			    last->place.line);
	}
	d->relays_count = kept;
	d->relays = arena_alloc(d->arena, (kept + 1ul) * sizeof(*grown));
	if (kept > 0)
		memcpy(d->relays, grown, kept * sizeof(*grown));
	free(grown);
}
