/*
 * One operator of the query language at match time.
 *
 * To add one: a kind in ast.h, its syntax in query.c, op_<name>.c with this
 * table, one line in ops.def, a test.  eval says whether the post has it;
 * occurrences says where, for NEAR around it and for spans; both read only
 * m->scope, and trust no cache while it is narrow (a label of another rule
 * sets it to matcher_scope_all for as long as it judges).  Depth is
 * bounded by QUERY_DEPTH_MAX, so the recursion between them is too.
 * Thread: the matcher's.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_OP_H
#define RULES_OP_H

#include "rules/matcher.h"

struct rule_op {
	struct rules_operator about;

	bool (*eval)(struct matcher *m, const struct flat_node *node);

	/* Adds to ${out}, unsorted and with repeats: ops_occurrences() puts
	 * that right.  Only called when eval said yes. */
	void (*occurrences)(struct matcher *m, const struct flat_node *node,
	    struct occ_list *out);
};

extern const struct rule_op *const ops_table[NODE_KINDS];

#define OP(kind, table) extern const struct rule_op table;
#include "rules/ops.def"
#undef OP

static inline bool
op_eval(struct matcher *m, uint32_t index)
{
	const struct flat_node *node = &m->rs->nodes[index];

	return ops_table[node->kind]->eval(m, node);
}

/** ops_occurrences(m, node): where ${node} stands, sorted, each once; none
 * when it is false.  In the next frame of the matcher. */
struct occ_list ops_occurrences(struct matcher *m, uint32_t node);

/** op_atleast_count(m, node): places of ${node} that do not overlap. */
uint32_t op_atleast_count(struct matcher *m, uint32_t node);

/** op_or_places(m, node, out): places of the phrases of an OR that are looked
 * up together; how many of its first children these are, 0 when there is no
 * such set. */
uint32_t op_or_places(
    struct matcher *m, const struct flat_node *node, struct occ_list *out);

/** op_set_eval(m, set): whether some phrase of the set is there; judged once
 * per post.  op_set_places(m, set, out): where they are, of one that is. */
bool op_set_eval(struct matcher *m, uint32_t set);
void op_set_places(struct matcher *m, uint32_t set, struct occ_list *out);

/** op_uses_sets(m): without the prefilter the phrases are searched one by one,
 * so that the tables have something to be compared with. */
static inline bool
op_uses_sets(const struct matcher *m)
{
	return !(m->flags & MATCH_NO_PREFILTER) && m->inclusives_count == 0;
}

/** op_and_pairs(m, node): whether ${node}, an AND, begins with the word brand,
 * which is true, and with set node->extra - 1. */
static inline bool
op_and_pairs(const struct matcher *m, const struct flat_node *node)
{
	return node->extra != 0 && op_uses_sets(m) && !m->scope.narrow &&
	    m->brand != RULES_NONE &&
	    m->rs->units[m->brand].match != NODE_NONE;
}

static inline const uint32_t *
op_children(const struct matcher *m, const struct flat_node *node)
{
	return m->rs->children + node->first;
}

#endif
