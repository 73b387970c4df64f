/*
 * "a b c"~n: all the words, in any order, each at a token of its own, with at
 * most n other tokens among them.
 *
 * It stands where a shortest such window stands.  From each token that is one
 * of the words on, tokens are taken one by one, and matched to words by
 * augmenting paths, until every word has its own.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

/* A token that is one of the words; occ.end is the set of them, by bits. */
static bool
gather(struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);
	struct occ_list lists[WITHIN_WORDS_MAX] = {{0}};
	uint32_t at[WITHIN_WORDS_MAX] = {0};

	for (uint32_t i = 0; i < node->count; i++) {
		lists[i] = ops_occurrences(m, children[i]);
		if (lists[i].count == 0)
			return false;
	}
	while (out->count < OCC_FRAME_ITEMS) {
		struct occ next = {.first = UINT32_MAX};

		for (uint32_t i = 0; i < node->count; i++) {
			const struct occ *occ = &lists[i].items[at[i]];

			if (at[i] == lists[i].count || occ->first > next.first)
				continue;
			if (occ->first < next.first)
				next = (struct occ){
				    occ->first, 0, occ->from, occ->to};
			next.end |= UINT32_C(1) << i;
			if (occ->from < next.from)
				next.from = occ->from;
		}
		if (next.first == UINT32_MAX)
			return true;
		for (uint32_t i = 0; i < node->count; i++)
			at[i] += next.end >> i & 1;
		out->items[out->count++] = next;
	}
	*out->cut = true;
	return true;
}

/* Give item ${i} one of its words, moving others if need be. */
static bool
augment(const struct occ_list *list, uint32_t i, uint32_t *holder,
    uint32_t *tried)
{
	uint32_t words = list->items[i].end & ~*tried;

	for (; words != 0; words = list->items[i].end & ~*tried) {
		uint32_t word = (uint32_t)__builtin_ctz(words);

		*tried |= UINT32_C(1) << word;
		if (holder[word] == UINT32_MAX ||
		    augment(list, holder[word], holder, tried)) {
			holder[word] = i;
			return true;
		}
	}
	return false;
}

/* The first item behind the shortest window from ${i} on, 0 if none. */
static uint32_t
window_end(const struct occ_list *list, const struct flat_node *node,
    uint32_t i)
{
	uint64_t end = (uint64_t)list->items[i].first + node->count +
		       node->extra;
	uint32_t holder[WITHIN_WORDS_MAX], found = 0;

	memset(holder, 0xff, sizeof(holder));
	for (; i < list->count && list->items[i].first < end; i++) {
		uint32_t tried = 0;

		if (augment(list, i, holder, &tried) && ++found == node->count)
			return i + 1;
	}
	return 0;
}

/* All shortest windows to ${out}, or with NULL whether there is one. */
static bool
windows(struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	uint32_t frames = m->frames_used, last = 0;
	struct occ_list list = matcher_occs(m);
	bool found = false;

	if (!gather(m, node, &list))
		list.count = 0;
	for (uint32_t i = list.count; i-- > 0 && (!found || out != NULL);) {
		uint32_t end = window_end(&list, node, i);
		const struct occ *a = &list.items[i];

		if (end == 0 || end == last)
			continue; /* a later one ends there: it is shorter */
		found = true;
		last = end;
		if (out != NULL)
			matcher_occ_push(out,
			    (struct occ){a->first,
				list.items[end - 1].first + 1, a->from,
				list.items[end - 1].to});
	}
	m->frames_used = frames;
	return found;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return windows(m, node, NULL);
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	windows(m, node, out);
}

const struct rule_op op_within = {
    .about = {"~n", "\"a b c\"~n",
	"all the words, in any order, with at most n others among them",
	"\"palme huile kitkat\"~2", "KitKat sans huile de palme",
	"KitKat : trois ans sans une goutte d'huile de palme"},
    .eval = eval,
    .occurrences = occurrences,
};
