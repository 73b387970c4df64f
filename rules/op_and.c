/*
 * All of them.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	const uint32_t *children = op_children(m, node);
	uint32_t first = 0;

	if (op_and_pairs(m, node)) {
		if (!op_set_eval(m, node->extra - 1))
			return false;
		first = 2;
	}
	for (uint32_t i = first; i < node->count; i++)
		if (!op_eval(m, children[i]))
			return false;
	return true;
}

/* As an operand of NEAR, a true AND stands wherever one of its parts does. */
static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);

	for (uint32_t i = 0; i < node->count; i++) {
		const struct flat_node *child = &m->rs->nodes[children[i]];

		ops_table[child->kind]->occurrences(m, child, out);
	}
}

const struct rule_op op_and = {
    .about = {"AND", "A AND B", "the post has both, anywhere",
	"kitkat AND palm", "palm oil in my KitKat", "a KitKat, please"},
    .eval = eval,
    .occurrences = occurrences,
};
