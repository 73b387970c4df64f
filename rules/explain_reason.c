/*
 * Why an operator does not hold though its parts are there.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/explain.h"

#define NBSP "\302\240"

/* Both sides are there, but not near: how far apart they stand. */
static void
put_gap(struct explain *e, uint32_t node)
{
	const uint32_t *parts = op_children(e->m, &e->rs->nodes[node]);
	uint32_t frames = e->m->frames_used;
	struct occ_list a = ops_occurrences(e->m, parts[0]);
	struct occ_list b = ops_occurrences(e->m, parts[1]);
	uint32_t least = UINT32_MAX;

	for (uint32_t i = 0; i < a.count; i++)
		for (uint32_t k = 0; k < b.count; k++) {
			const struct occ *x = &a.items[i], *y = &b.items[k];
			uint32_t gap = UINT32_MAX;

			if (x->end <= y->first)
				gap = y->first - x->end;
			else if (y->end <= x->first &&
				 !e->rs->nodes[node].ordered)
				gap = x->first - y->end;
			if (gap < least)
				least = gap;
		}
	e->m->frames_used = frames;
	if (a.count == 0 || b.count == 0)
		return;
	if (least == UINT32_MAX)
		buf_text(e->out, EXPLAIN_SAY(e, ": not in this order",
		    NBSP ": pas dans cet ordre"));
	else if (least == 1)
		buf_text(e->out, EXPLAIN_SAY(e, ": 1 word stands between",
		    NBSP ": 1 mot les sépare"));
	else
		buf_printf(e->out, EXPLAIN_SAY(e, ": %u words stand between",
		    NBSP ": %u mots les séparent"), least);
}

static void
put_times(struct explain *e, uint32_t times)
{
	if (times == 0)
		buf_text(e->out, EXPLAIN_SAY(e, ": not found",
		    NBSP ": pas trouvé"));
	else if (times == 1)
		buf_text(e->out, EXPLAIN_SAY(e, ": found once",
		    NBSP ": trouvé 1 fois"));
	else
		buf_printf(e->out, EXPLAIN_SAY(e, ": found %u times",
		    NBSP ": trouvé %u fois"), times);
}

/* Why a text operator does not hold though its parts may. */
void
explain_reason(struct explain *e, uint32_t node)
{
	const struct flat_node *n = &e->rs->nodes[node];
	uint32_t part;

	if (n->kind == NODE_NEAR) {
		put_gap(e, node);
		return;
	}
	if (n->kind != NODE_ATLEAST && n->kind != NODE_SENTENCE &&
	    n->kind != NODE_WITHIN)
		return;
	part = op_children(e->m, n)[0];
	if (n->kind == NODE_ATLEAST)
		put_times(e, op_atleast_count(e->m, part));
	else if (n->kind == NODE_SENTENCE && op_eval(e->m, part))
		buf_text(e->out, EXPLAIN_SAY(e, ": not in one sentence",
		    NBSP ": pas dans une même phrase"));
	else if (n->kind == NODE_WITHIN)
		buf_text(e->out, EXPLAIN_SAY(e, ": not all so close together",
		    NBSP ": pas tous si proches"));
}
