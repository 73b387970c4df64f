/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "rules/import_parts.h"

/* A part that falls out: where, why, and what that does to the rule. */
static void
tell(struct import_parser *p, const struct import_node *node,
    struct buf *comments, bool more)
{
	struct slice text = {
	    p->text.data + node->from, node->to - node->from};
	struct buf said = {0};

	buf_text(&said, node->why);
	buf_text(&said, more ? "; without it the query finds less"
			     : "; without it the query finds more");
	buf_char(&said, '\0');
	import_note(p, DIAG_WARNING, node->from, node->to, "not-carried",
	    said.data, "this does not carry over");
	buf_text(comments, "# not carried over: ");
	buf_plain(comments, text);
	buf_printf(comments, " (%s)\n", said.data);
	buf_fini(&said);
}

/* What has no place inside NEAR, title: and their like; or NULL. */
static const struct import_node *
no_place(const struct import_node *node)
{
	if (node->kind == IMPORT_GONE || node->kind == IMPORT_NOT ||
	    (node->kind == IMPORT_TERM && node->field))
		return node;
	for (uint32_t i = 0; i < node->count; i++) {
		const struct import_node *bad = no_place(node->items[i]);

		if (bad != NULL)
			return bad;
	}
	return NULL;
}

static bool
is_word_group(const struct import_node *node)
{
	return node->kind == IMPORT_NEAR || node->kind == IMPORT_ATLEAST ||
	    node->kind == IMPORT_TITLE;
}

/* Whether all of ${node} falls out: a word group does for any part of it that
 * has no place there. */
static bool
falls_out(struct import_node *node)
{
	const struct import_node *bad =
	    is_word_group(node) ? no_place(node) : NULL;

	if (bad != NULL)
		import_gone(node, bad->kind == IMPORT_GONE ? bad->why :
			bad->kind == IMPORT_NOT
			? "NOT cannot stand inside such a group here"
			: "fields cannot stand inside such a group here");
	return node->kind == IMPORT_GONE;
}

struct import_node *
import_prune(struct import_parser *p, struct import_node *node,
    struct buf *comments, bool more)
{
	uint32_t kept = 0;
	bool inner = node->kind == IMPORT_NOT ? !more : more;

	if (falls_out(node)) {
		tell(p, node, comments, more);
		return NULL;
	}
	if (node->kind == IMPORT_TERM || is_word_group(node))
		return node;
	for (uint32_t i = 0; i < node->count; i++) {
		/* A part less of an AND finds more, of an OR less. */
		bool effect = node->kind == IMPORT_AND ? !inner : inner;
		struct import_node *item = import_prune(p, node->items[i],
		    comments, falls_out(node->items[i]) ? effect : inner);

		if (item != NULL)
			node->items[kept++] = item;
	}
	node->count = kept;
	if (kept == 1 && node->kind != IMPORT_NOT)
		return node->items[0];
	return kept > 0 ? node : NULL;
}

static void
write_operand(const struct import_node *node, enum import_kind parent,
    struct buf *out)
{
	bool bare = node->kind == IMPORT_TERM || node->kind == IMPORT_ATLEAST ||
	    node->kind == IMPORT_TITLE ||
	    (node->kind == IMPORT_NOT && parent == IMPORT_AND) ||
	    node->kind == parent;

	if (parent == IMPORT_NEAR && node->kind == IMPORT_NEAR)
		bare = false;
	if (!bare)
		buf_char(out, '(');
	import_write(node, out);
	if (!bare)
		buf_char(out, ')');
}

static void
write_joined(const struct import_node *node, const char *with, struct buf *out)
{
	for (uint32_t i = 0; i < node->count; i++) {
		if (i > 0)
			buf_printf(out, " %s ", with);
		if (node->count == 1)
			import_write(node->items[i], out);
		else
			write_operand(node->items[i], node->kind, out);
	}
}

void
import_write(const struct import_node *node, struct buf *out)
{
	char near[32];

	switch (node->kind) {
	case IMPORT_AND:
		write_joined(node, "AND", out);
		break;
	case IMPORT_OR:
		write_joined(node, "OR", out);
		break;
	case IMPORT_NEAR:
		snprintf(near, sizeof(near), "%sNEAR/%ld",
		    node->ordered ? "O" : "", node->number);
		write_joined(node, near, out);
		break;
	case IMPORT_NOT:
		buf_text(out, "NOT ");
		write_operand(node->items[0], IMPORT_NOT, out);
		break;
	case IMPORT_ATLEAST:
		buf_printf(out, "ATLEAST/%ld(", node->number);
		import_write(node->items[0], out);
		buf_char(out, ')');
		break;
	case IMPORT_TITLE:
		buf_text(out, "title:");
		if (node->items[0]->kind == IMPORT_TERM) {
			import_write(node->items[0], out);
			break;
		}
		buf_char(out, '(');
		import_write(node->items[0], out);
		buf_char(out, ')');
		break;
	default:
		buf_slice_put(out, node->text);
		break;
	}
}
