/*
 * Close to each other: NEAR in either order, ONEAR in that order.
 *
 * Two places are near when they do not overlap and at most n tokens stand
 * between them; so a place is never its own neighbour, but two places of the
 * same word are.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
ordered_near(const struct occ *a, const struct occ *b, uint32_t most)
{
	return a->end <= b->first && b->first - a->end <= most;
}

/* A regex that touches no token is near nothing. */
static void
drop_tokenless(struct occ_list *list)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].first < list->items[i].end) {
			if (kept < i)
				list->items[kept] = list->items[i];
			kept++;
		}
	list->count = kept;
}

/* Whether some a stands before some b and near it: the first b at or behind
 * each a's end is the nearest one. */
static bool
any_ordered(const struct occ_list *a, const struct occ_list *b, uint32_t most)
{
	for (uint32_t i = 0; i < a->count; i++) {
		uint32_t low = 0, high = b->count;

		while (low < high) {
			uint32_t mid = low + (high - low) / 2;

			if (b->items[mid].first >= a->items[i].end)
				high = mid;
			else
				low = mid + 1;
		}
		if (low < b->count &&
		    ordered_near(&a->items[i], &b->items[low], most))
			return true;
	}
	return false;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	const uint32_t *children = op_children(m, node);
	uint32_t frames = m->frames_used;
	struct occ_list a, b;
	bool found = false;

	a = ops_occurrences(m, children[0]);
	if (a.count > 0) {
		b = ops_occurrences(m, children[1]);
		drop_tokenless(&a);
		drop_tokenless(&b);
		found = any_ordered(&a, &b, node->extra) ||
			(!node->ordered && any_ordered(&b, &a, node->extra));
	}
	m->frames_used = frames;
	return found;
}

/* A near pair stands from the start of the earlier to the end of the later. */
static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);
	uint32_t frames = m->frames_used;
	struct occ_list a = ops_occurrences(m, children[0]);
	struct occ_list b = ops_occurrences(m, children[1]);

	drop_tokenless(&a);
	drop_tokenless(&b);
	for (uint32_t i = 0; i < a.count && !out->full; i++) {
		for (uint32_t k = 0; k < b.count; k++) {
			const struct occ *x = &a.items[i], *y = &b.items[k];

			if (ordered_near(x, y, node->extra))
				matcher_occ_push(
				    out, (struct occ){
					     x->first, y->end, x->from, y->to});
			else if (!node->ordered &&
				 ordered_near(y, x, node->extra))
				matcher_occ_push(
				    out, (struct occ){
					     y->first, x->end, y->from, x->to});
		}
	}
	m->frames_used = frames;
}

const struct rule_op op_near = {
    .about = {"NEAR", "A NEAR/n B, A ONEAR/n B",
	"at most n tokens between a place of A and one of B, in either order; "
	"ONEAR: A first",
	"nestle NEAR/2 boycott*", "Boycottons donc tous Nestlé !",
	"Nestlé répond aujourd'hui à ceux qui appellent au boycott"},
    .eval = eval,
    .occurrences = occurrences,
};
