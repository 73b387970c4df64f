/*
 * The table of operators, from ops.def.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

const struct rule_op *const ops_table[NODE_KINDS] = {
#define OP(kind, table) [kind] = &table,
#include "rules/ops.def"
#undef OP
};

static const struct rule_op *const rows[] = {
#define OP(kind, table) &table,
#include "rules/ops.def"
#undef OP
};

/* Who asks whether operands are near asks next where they are, and then which
 * of their words.  What labels say hangs on more than the text. */
static inline bool
keeps(const struct matcher *m)
{
	return !m->scope.narrow && m->rs->labels_count == 0 && op_uses_sets(m);
}

static bool
take_kept(const struct matcher *m, uint32_t node, struct occ_list *list)
{
	for (uint32_t i = 0; i < m->kept_nodes_count; i++) {
		const struct kept_node *kept = &m->kept_nodes[i];

		if (kept->node != node || kept->brand != m->brand)
			continue;
		for (uint32_t k = 0; k < kept->count; k++)
			list->items[k] = kept->items[k];
		list->count = kept->count;
		return true;
	}
	return false;
}

static void
keep(struct matcher *m, uint32_t node, const struct occ_list *list)
{
	struct kept_node *kept = &m->kept_nodes[m->kept_nodes_count];

	if (m->kept_nodes_count == KEPT_NODES || list->count > KEPT_NODE_OCCS)
		return;
	m->kept_nodes_count++;
	kept->node = node;
	kept->brand = m->brand;
	kept->count = list->count;
	for (uint32_t i = 0; i < list->count; i++)
		kept->items[i] = list->items[i];
}

struct occ_list
ops_occurrences(struct matcher *m, uint32_t index)
{
	const struct flat_node *node = &m->rs->nodes[index];
	struct occ_list list = matcher_occs(m);

	if (keeps(m) && take_kept(m, index, &list))
		return list;
	/* phrases that are not there have no places: one look is enough */
	if (node->kind == NODE_PHRASE || node->kind == NODE_OR ||
	    ops_table[node->kind]->eval(m, node)) {
		ops_table[node->kind]->occurrences(m, node, &list);
		matcher_occ_sort(&list);
	}
	if (keeps(m))
		keep(m, index, &list);
	return list;
}

static const struct rules_operator fields[] = {
#define FIELD(id, name, type, values, help, query, hit, miss)                  \
	{#name ":", values, help, query, hit, miss},
#include "rules/fields.def"
#undef FIELD
};

const struct rules_operator *
rules_operators(size_t i)
{
	if (i < sizeof(rows) / sizeof(*rows))
		return &rows[i]->about;
	i -= sizeof(rows) / sizeof(*rows);
	return i < FIELDS ? &fields[i] : NULL;
}
