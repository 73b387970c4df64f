/*
 * Only in the title, only in the text.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	struct scope scope = m->scope;
	bool found = matcher_enter_part(m, node->ordered) &&
		     op_eval(m, op_children(m, node)[0]);

	m->scope = scope;
	return found;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct flat_node *child =
	    &m->rs->nodes[op_children(m, node)[0]];
	struct scope scope = m->scope;

	if (matcher_enter_part(m, node->ordered))
		ops_table[child->kind]->occurrences(m, child, out);
	m->scope = scope;
}

const struct rule_op op_part = {
    .about = {"title:", "title:word, title:\"two words\", title:(A OR B), "
			"text:...",
	"as if the post had nothing but its title, or nothing but its text",
	"text:kitkat", "Un KitKat ?", "Un Twix ?"},
    .eval = eval,
    .occurrences = occurrences,
};
