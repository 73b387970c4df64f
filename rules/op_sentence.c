/*
 * In one sentence: as if the post were that sentence alone.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	uint32_t child = op_children(m, node)[0];
	struct scope scope = m->scope;
	bool found = false;

	matcher_sentences(m);
	for (uint32_t i = 0; i < m->sentences_count && !found; i++) {
		found = matcher_enter_sentence(m, i) && op_eval(m, child);
		m->scope = scope;
	}
	return found;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	uint32_t index = op_children(m, node)[0];
	const struct flat_node *child = &m->rs->nodes[index];
	struct scope scope = m->scope;

	matcher_sentences(m);
	for (uint32_t i = 0; i < m->sentences_count && !out->full; i++) {
		if (matcher_enter_sentence(m, i) && op_eval(m, index))
			ops_table[child->kind]->occurrences(m, child, out);
		m->scope = scope;
	}
}

const struct rule_op op_sentence = {
    .about = {"SENTENCE", "SENTENCE(A B ...)",
	"all of them in one sentence of the post; the title is one sentence",
	"SENTENCE(kitkat rappel*)", "Quoi ? KitKat : 3 lots rappelés.",
	"J'aime KitKat. Rappel : il pleut."},
    .eval = eval,
    .occurrences = occurrences,
};
