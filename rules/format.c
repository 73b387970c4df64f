/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/format.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

/* A plain scalar that YAML does not take as Vigie does gets quotes. */
struct edits {
	struct slice bytes;
	struct buf *out;
	const char *at; /* copied so far */
};

static bool
wants_quotes(const struct yaml *node)
{
	return node->kind == YAML_SCALAR && !node->quoted && !node->broken &&
	    (node->tail.data != NULL ||
		(node->raw.len > 0 && node->raw.data[0] == '@'));
}

static void
quote_one(struct edits *e, const struct yaml *node)
{
	const char *from = node->raw.data, *to = from + node->raw.len;

	if (memchr(from, '\n', node->raw.len) != NULL || from < e->at)
		return; /* of several lines: left, and told by check */
	if (node->tail.data != NULL)
		to = node->tail.data + node->tail.len;
	buf_put(e->out, e->at, (size_t)(from - e->at));
	if (node->raw.len == 0) { /* "match: #tag": raw is before the blank */
		buf_char(e->out, ' ');
		from = node->tail.data;
	}
	buf_char(e->out, '\'');
	for (; from < to; from++) {
		if (*from == '\'')
			buf_char(e->out, '\'');
		buf_char(e->out, *from);
	}
	buf_char(e->out, '\'');
	e->at = to;
}

/* In the order of the file, which is that of the tree. */
static void
quote_all(struct edits *e, const struct yaml *node)
{
	if (wants_quotes(node))
		quote_one(e, node);
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		quote_all(e, v); /* YAML_DEPTH_MAX */
}

static struct yaml *
parse(struct arena *arena, struct slice bytes)
{
	struct diag *quiet = diag_new();
	const char *path = diag_file(quiet, "", SLICE(""));
	struct yaml *root = yaml_parse(arena, path, bytes, quiet);

	diag_free(quiet);
	return root;
}

/* ---- the proof ---------------------------------------------------------- */

static bool
same_text(struct slice a, struct slice b, bool query)
{
	size_t i = 0, k = 0;

	if (!query)
		return slice_equal(a, b);
	/* Layout may only add or take blanks, and those beside signs. */
	for (;;) {
		while (i < a.len && strchr(" \t\r\n", a.data[i]) != NULL)
			i++;
		while (k < b.len && strchr(" \t\r\n", b.data[k]) != NULL)
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (a.data[i++] != b.data[k++])
			return false;
	}
}

static struct slice
whole_text(struct arena *arena, const struct yaml *node)
{
	struct buf b = {0};
	struct slice text;

	if (node->tail.data == NULL)
		return node->text;
	buf_slice_put(&b, node->text);
	if (b.len > 0)
		buf_char(&b, ' ');
	buf_slice_put(&b, node->tail);
	text = arena_text(arena, buf_slice(&b));
	buf_fini(&b);
	return text;
}

/* Whether two trees say the same; keys in any order, YAML_DEPTH_MAX. */
static bool
same(struct arena *arena, const struct yaml *a, const struct yaml *b)
{
	const struct yaml *v, *w;

	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == YAML_SCALAR)
		return same_text(whole_text(arena, a), whole_text(arena, b),
		    format_is_query(a->key));
	for (v = a->first, w = b->first; v != NULL; v = v->next) {
		const struct yaml *other = w;

		if (a->kind == YAML_MAP && !slice_equal(v->key, w->key)) {
			char key[64];

			if (v->key.len >= sizeof(key))
				return false;
			memcpy(key, v->key.data, v->key.len);
			key[v->key.len] = '\0';
			other = yaml_get(b, key);
		}
		if (other == NULL || !same(arena, v, other))
			return false;
		w = w->next;
	}
	return true;
}

/* ---- the file ----------------------------------------------------------- */

static void
split(struct format *f)
{
	const char *p = f->bytes.data, *end = p + f->bytes.len;
	size_t n = 1;

	for (const char *c = p; c < end; c++)
		n += *c == '\n';
	f->lines = arena_alloc(f->arena, n * sizeof(*f->lines));
	f->inside = arena_alloc(f->arena, n * sizeof(*f->inside));
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		const char *line = p;

		p = stop == NULL ? end : stop + 1;
		stop = stop == NULL ? end : stop;
		while (stop > line && strchr(" \t\r", stop[-1]) != NULL)
			stop--;
		f->lines[f->lines_count++] =
		    (struct slice){line, (size_t)(stop - line)};
	}
}

/* Lines that go on with a scalar: a '#' in them is none of a comment. */
static void
mark_inside(struct format *f, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR && node->raw.len > 0) {
		const char *p = node->raw.data, *end = p + node->raw.len;
		size_t line = node->place.line;

		while (end > p && strchr(" \t\r\n", end[-1]) != NULL)
			end--;
		for (; p < end && line < f->lines_count; p++)
			if (*p == '\n')
				f->inside[line++] = true;
	}
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		mark_inside(f, v);
}

static bool
is_rules(const struct yaml *root)
{
	static const char *const keys[] = {"sector", "name", "calibration",
	    "lists",
	    "macros", "brands", "topics", "rules", "relays", "groups"};
	const struct yaml *v;

	if (root->kind != YAML_MAP || root->first == NULL ||
	    yaml_get(root, "teams") != NULL ||
	    yaml_get(root, "sources") != NULL ||
	    yaml_get(root, "sinks") != NULL)
		return false;
	v = yaml_get(root, "rules");
	if (v != NULL && v->kind == YAML_LIST)
		return false; /* a configuration: rules: [path] */
	for (v = root->first; v != NULL; v = v->next)
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			if (slice_is(v->key, keys[i]))
				return true;
	return false;
}

static bool
lay_out(struct arena *arena, const struct yaml *before, struct slice bytes,
    struct buf *out)
{
	struct buf quoted = {0};
	struct edits edits = {bytes, &quoted, bytes.data};
	struct diag *quiet = diag_new();
	struct format f = {.arena = arena};
	const struct yaml *after;
	bool good = false;

	quote_all(&edits, before);
	buf_put(&quoted, edits.at,
	    (size_t)(bytes.data + bytes.len - edits.at));
	buf_char(&quoted, '\0'); /* for who looks behind the end */
	f.bytes = (struct slice){quoted.data, quoted.len - 1};
	f.root = parse(arena, f.bytes);
	if (f.root != NULL) {
		f.scope = scope_new(arena, quiet);
		f.scope->brand_allowed = true;
		split(&f);
		mark_inside(&f, f.root);
		format_lines(&f, out);
		after = parse(arena, buf_slice(out));
		good = after != NULL && same(arena, before, after);
		scope_free(f.scope);
	}
	diag_free(quiet);
	buf_fini(&quoted);
	return good;
}

enum format_result
format_text(const char *path, struct slice bytes, struct buf *out,
    struct diag *diag)
{
	struct arena *arena = arena_new();
	const char *name = diag_file(diag, path, bytes);
	const struct yaml *root = yaml_parse(arena, name, bytes, diag);
	struct slice text = bytes;
	enum format_result result = FORMAT_LEFT;
	struct buf laid = {0};

	if (text.len >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3)) {
		text.data += 3;
		text.len -= 3;
	}
	if (root == NULL)
		result = FORMAT_BROKEN;
	else if (text.len > 0 && is_rules(root) &&
	    lay_out(arena, root, text, &laid))
		result = FORMAT_DONE;
	if (result == FORMAT_DONE)
		buf_slice_put(out, buf_slice(&laid));
	else if (result == FORMAT_LEFT)
		buf_slice_put(out, bytes);
	buf_fini(&laid);
	arena_free(arena);
	return result;
}
