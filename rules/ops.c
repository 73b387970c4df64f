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

struct occ_list
ops_occurrences(struct matcher *m, uint32_t index)
{
	const struct flat_node *node = &m->rs->nodes[index];
	struct occ_list list = matcher_occs(m);

	if (ops_table[node->kind]->eval(m, node)) {
		ops_table[node->kind]->occurrences(m, node, &list);
		matcher_occ_sort(&list);
	}
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
