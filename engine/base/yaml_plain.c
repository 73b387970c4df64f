/*
 * A quick reader of what nearly all lines of rule files are.
 *
 * Block maps and lists, one-line values: plain words, quotes, brackets.  A
 * file with anything else is refused whole and read by libyaml, which alone
 * speaks of errors; what is accepted becomes the very tree that libyaml would
 * give (test_yaml_plain compares them).
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/yaml_plain.h"

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "engine/base/yaml_plain_parts.h"

/* Bytes of a key; libyaml takes up to 1,024 characters. */
#define KEY_MAX 120u

/* Keys of an entry that is left closed; the longest has fifteen. */
#define ENTRY_KEYS_MAX 16u

static struct yaml *value(struct plain *p, size_t indent);

/* ---- collections --------------------------------------------------------- */

static void
hang(struct yaml *node, struct yaml **last, struct yaml *child)
{
	if (*last == NULL)
		node->first = child;
	else
		(*last)->next = child;
	*last = child;
	node->count++;
}

/* "key:" at the cursor, a blank or the end of the line behind it. */
static bool
key(struct plain *p, struct slice *name, struct place *place)
{
	size_t from = p->at, to = from;

	while (to < p->end && (yaml_plain_letter(p->bytes[to]) ||
				  (p->bytes[to] == '-' && to > from)))
		to++;
	if (to == from || to - from > KEY_MAX || to == p->end ||
	    p->bytes[to] != ':' ||
	    (to + 1 < p->end && p->bytes[to + 1] != ' '))
		return false;
	*place = yaml_plain_place(p, from, to);
	*name = (struct slice){p->bytes + from, to - from};
	p->at = to + 1;
	yaml_plain_blanks(p);
	return true;
}

/* A value under its key; no key twice. */
static bool
hang_key(struct plain *p, struct yaml *map, struct yaml **last,
    struct yaml *child, struct slice name, struct place place)
{
	/* the table outlives what is spare */
	if (p->arena == p->spare && map->count == ENTRY_KEYS_MAX)
		return false;
	child->key = arena_text(p->arena, name);
	child->key_place = place;
	if (yaml_keys_add(&p->keys, map, child) != NULL)
		return false;
	hang(map, last, child);
	return true;
}

/* The items of [..] or {..}, whose opening bracket is at the cursor. */
static struct yaml *
flow_items(struct plain *p, struct yaml *node, char close)
{
	struct yaml *last = NULL;

	p->at++;
	yaml_plain_blanks(p);
	if (p->at < p->end && p->bytes[p->at] == close) {
		p->at++;
		return node;
	}
	for (;;) {
		struct slice name = SLICE_NONE;
		struct place place = {0};
		struct yaml *child;

		if (close == '}' && !key(p, &name, &place))
			return NULL;
		child = value(p, 0);
		if (child == NULL)
			return NULL;
		if (close == ']')
			hang(node, &last, child);
		else if (!hang_key(p, node, &last, child, name, place))
			return NULL;
		yaml_plain_blanks(p);
		if (p->at == p->end)
			return NULL;
		if (p->bytes[p->at] == close)
			break;
		if (p->bytes[p->at] != ',')
			return NULL;
		p->at++;
		yaml_plain_blanks(p);
	}
	p->at++;
	return node;
}

static struct yaml *
flow(struct plain *p, enum yaml_kind kind)
{
	struct place place = yaml_plain_place(p, p->at, p->at + 1);
	struct yaml *node = yaml_plain_node(p, kind, place);
	bool outer = p->flow;

	p->flow = true;
	node = flow_items(p, node, kind == YAML_MAP ? '}' : ']');
	p->flow = outer;
	return node;
}

static bool
is_closed(const struct plain *p, struct slice name)
{
	for (size_t i = 0; p->closed != NULL && p->closed[i] != NULL; i++)
		if (slice_is(name, p->closed[i]))
			return true;
	return false;
}

/* An entry that is read through, and closed if it is a map. */
static struct yaml *
entry(struct plain *p, size_t indent)
{
	struct plain before = *p;
	bool nested = p->at == p->end;
	struct yaml *node, *out = NULL;

	p->arena = p->spare;
	node = value(p, indent);
	p->arena = before.arena;
	if (node == NULL)
		return NULL;
	if (node->kind == YAML_MAP) {
		size_t from = nested ? p->opened : before.at;

		out = yaml_plain_node(p, YAML_MAP, node->place);
		out->closed = true;
		out->raw = (struct slice){p->bytes + from, p->mark - from};
		arena_reset(p->spare);
		return out;
	}
	arena_reset(p->spare);
	before.keys = p->keys;
	*p = before;
	return value(p, indent);
}

/* The lines of a block at this ${indent}, the first of which is at hand. */
static struct yaml *
block(struct plain *p, size_t indent)
{
	bool list = p->bytes[p->at] == '-';
	struct yaml *node = yaml_plain_node(
	    p, list ? YAML_LIST : YAML_MAP, yaml_plain_place(p, p->at, p->at));
	struct yaml *last = NULL;
	size_t here = indent;

	if (p->depth == 2)
		p->opened = p->at;
	while (here == indent) {
		struct slice name = SLICE_NONE;
		struct place place = {0};
		struct yaml *child;

		if (list) {
			if (p->bytes[p->at] != '-' || p->at + 1 == p->end ||
			    p->bytes[p->at + 1] != ' ')
				return NULL;
			p->at++;
			yaml_plain_blanks(p);
			if (p->at == p->end)
				return NULL;
		} else if (!key(p, &name, &place)) {
			return NULL;
		}
		if (p->depth == 0)
			p->closing = is_closed(p, name);
		child = p->depth == 1 && p->closing && !list
			    ? entry(p, indent)
			    : value(p, indent);
		if (child == NULL)
			return NULL;
		if (list)
			hang(node, &last, child);
		else if (!hang_key(p, node, &last, child, name, place))
			return NULL;
		here = p->at - p->mark; /* see value() */
		if (p->at == p->len)
			break;
	}
	return here > indent && p->at < p->len ? NULL : node;
}

/* What follows a key or a dash.  In a block the next line is at hand
 * afterwards: p->mark its start, p->at its first sign. */
static struct yaml *
value(struct plain *p, size_t indent)
{
	struct yaml *node;
	bool nested = false;

	if (p->depth == YAML_DEPTH_MAX - 1)
		return NULL;
	p->depth++;
	if (p->at == p->end) {
		size_t deeper = p->flow ? SIZE_MAX : yaml_plain_line(p);

		nested = deeper != SIZE_MAX && deeper > indent;
		node = nested ? block(p, deeper) : NULL;
	} else if (p->bytes[p->at] == '\'' || p->bytes[p->at] == '"') {
		node = yaml_plain_quoted(p, p->bytes[p->at]);
	} else if (p->bytes[p->at] == '{' || p->bytes[p->at] == '[') {
		node = flow(p, p->bytes[p->at] == '{' ? YAML_MAP : YAML_LIST);
	} else {
		node = yaml_plain_bare(p);
	}
	p->depth--;
	if (node == NULL || nested || p->flow)
		return node;
	if (!yaml_plain_ends(p))
		return NULL;
	yaml_plain_line(p);
	return node;
}

/* ---- files --------------------------------------------------------------- */

/* Eight bytes from a blank to a tilde.  One that is less than a blank borrows
 * from the next, but has its own highest bit set by that. */
static bool
is_printable(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w - ones * 0x20) | (w + ones)) & ones * 0x80) == 0;
}

/* Nothing that yaml_scan.c would speak of, no tab and no return. */
static bool
is_clean(const char *p, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		uint32_t c = (unsigned char)p[i];

		n = 8;
		if (len - i >= n && is_printable(p + i))
			continue;
		n = 1;
		if (c >= 0x80)
			n = utf8_decode(p + i, len - i, &c);
		/* Maybe a blank that yaml_scan.c knows of, in the indentation.
		 */
		if (c >= 0xa0 && (i == 0 || p[i - 1] == '\n' ||
				     p[i - 1] == ' ') &&
		    (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
			c == 0x202f || c == 0x3000))
			return false;
		if (n == 0 || (c < 0x20 && c != '\n') ||
		    (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
		    c == 0xfeff || c == 0xfffe || c == 0xffff)
			return false;
	}
	return true;
}

struct yaml *
yaml_plain_parse(struct arena *arena, const char *path, struct slice bytes,
    const char *const *closed)
{
	struct plain p = {.arena = arena,
	    .path = path,
	    .bytes = bytes.data,
	    .len = bytes.len,
	    .closed = closed,
	    .spare = arena_new()};
	struct yaml *root = NULL;

	if (bytes.len <= RULE_FILE_BYTES_MAX && is_clean(p.bytes, p.len) &&
	    yaml_plain_line(&p) == 0 && p.bytes[p.at] != '-')
		root = block(&p, 0);
	yaml_keys_fini(&p.keys);
	arena_free(p.spare);
	return root != NULL && p.at == p.len ? root : NULL;
}

const struct yaml *
yaml_parse_entry(struct arena *arena, const char *path, struct slice bytes,
    uint32_t line)
{
	struct plain p = {.arena = arena,
	    .path = path,
	    .bytes = bytes.data,
	    .len = bytes.len,
	    .line = line - 1,
	    .depth = 1};
	struct yaml *map = NULL;
	size_t indent;

	if (is_clean(p.bytes, p.len) &&
	    (indent = yaml_plain_line(&p)) != SIZE_MAX &&
	    p.bytes[p.at] != '-')
		map = block(&p, indent);
	yaml_keys_fini(&p.keys);
	return map != NULL && p.at == p.len && map->count == 1 ? map->first
								: NULL;
}

const struct yaml *
yaml_open(struct arena *arena, const struct yaml *node)
{
	struct plain p = {.arena = arena,
	    .path = node->place.path,
	    .bytes = node->raw.data,
	    .len = node->raw.len,
	    .line = node->place.line,
	    .column = node->place.column,
	    .depth = 2};
	const char *newline;
	struct yaml *out;

	if (!node->closed)
		return node;
	newline = memchr(p.bytes, '\n', p.len);
	p.end = newline == NULL ? p.len : (size_t)(newline - p.bytes);
	p.next = p.end + (newline != NULL);
	out = p.bytes[0] == '{' ? flow(&p, YAML_MAP)
				: block(&p, node->place.column - 1);
	REQUIRE(out != NULL);
	yaml_keys_fini(&p.keys);
	out->key = node->key;
	out->key_place = node->key_place;
	return out;
}
