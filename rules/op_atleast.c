/*
 * So many times: places that do not overlap.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

/* By last byte; nearly sorted already. */
static void
sort_by_end(struct occ_list *list)
{
	for (uint32_t i = 1; i < list->count; i++) {
		struct occ occ = list->items[i];
		uint32_t k = i;

		for (; k > 0 && list->items[k - 1].to > occ.to; k--)
			list->items[k] = list->items[k - 1];
		list->items[k] = occ;
	}
}

uint32_t
op_atleast_count(struct matcher *m, uint32_t node)
{
	uint32_t frames = m->frames_used, count = 0, end = 0;
	struct occ_list list = ops_occurrences(m, node);

	sort_by_end(&list);
	for (uint32_t i = 0; i < list.count; i++)
		if (list.items[i].from >= end) {
			end = list.items[i].to;
			count++;
		}
	m->frames_used = frames;
	return count;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return op_atleast_count(m, op_children(m, node)[0]) >= node->extra;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct flat_node *child =
	    &m->rs->nodes[op_children(m, node)[0]];

	ops_table[child->kind]->occurrences(m, child, out);
}

const struct rule_op op_atleast = {
    .about = {"ATLEAST", "ATLEAST/n(A)",
	"A stands at n places or more that do not overlap",
	"ATLEAST/2(boycott* OR scandal*)", "Boycott ! Le scandale continue",
	"un boycott, un seul"},
    .eval = eval,
    .occurrences = occurrences,
};
