/*
 * A query that has a name: what it names, as if in parentheses.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return op_eval(m, op_children(m, node)[0]);
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct flat_node *tree = &m->rs->nodes[op_children(m, node)[0]];

	ops_table[tree->kind]->occurrences(m, tree, out);
}

const struct rule_op op_macro = {
    .about = {"@macro", "@macro(name)",
	"the query of that name, as if it stood there in parentheses; see "
	"macros: in a rule file",
	"@macro(anger) AND kitkat", "KitKat, shame on you", "KitKat, thanks"},
    .eval = eval,
    .occurrences = occurrences,
};
