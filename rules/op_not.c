/*
 * Not this; never alone.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return !op_eval(m, op_children(m, node)[0]);
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	(void)m, (void)node, (void)out; /* what is absent stands nowhere */
}

const struct rule_op op_not = {
    .about = {"NOT", "A AND NOT B", "the post does not have it; never alone",
	"kitkat AND NOT (recipe OR recette)", "KitKat boycott now",
	"my KitKat recipe"},
    .eval = eval,
    .occurrences = occurrences,
};
