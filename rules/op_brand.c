/*
 * The word brand: the rule's brand, wherever its match found it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static uint32_t
brand_node(const struct matcher *m)
{
	return m->brand == RULES_NONE ? NODE_NONE
				      : m->rs->units[m->brand].match;
}

/* A rule is only judged for a brand that the post names, so the word itself
 * says nothing more, but inside SENTENCE or title:; its places matter to NEAR
 * and to spans.  The brand's own query is of no brand. */
static bool
eval(struct matcher *m, const struct flat_node *node)
{
	uint32_t match = brand_node(m), brand = m->brand;
	bool found;

	(void)node;
	if (match == NODE_NONE || !m->scope.narrow)
		return match != NODE_NONE;
	m->brand = RULES_NONE;
	found = op_eval(m, match);
	m->brand = brand;
	return found;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct flat_node *match = &m->rs->nodes[brand_node(m)];
	uint32_t brand = m->brand;

	(void)node;
	if (matcher_met(m, brand, out))
		return;
	m->brand = RULES_NONE;
	ops_table[match->kind]->occurrences(m, match, out);
	m->brand = brand;
}

const struct rule_op op_brand = {
    .about = {"brand", "brand",
	"in a rule's when: the places where the rule's brand is named",
	"brand NEAR/3 rappel", "Rappel de produits KitKat",
	"KitKat est une marque, et voici sans aucun rapport un rappel"},
    .eval = eval,
    .occurrences = occurrences,
};
