/*
 * As a reader reads it: look-alike letters, letters one by one.
 *
 * The plain word counts too.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/disguise.h"
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	const struct flat_node *phrase = &m->rs->nodes[node->first];
	uint32_t from, to;

	if (op_eval(m, node->first))
		return true;
	disguise_words(m);
	for (uint32_t i = 0; i < m->disguises_words; i++)
		if (disguise_place(m, phrase, i, &from, &to))
			return true;
	return false;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct flat_node *phrase = &m->rs->nodes[node->first];
	uint32_t from, to;

	ops_table[phrase->kind]->occurrences(m, phrase, out);
	disguise_words(m);
	for (uint32_t i = 0; i < m->disguises_words; i++)
		if (disguise_place(m, phrase, i, &from, &to))
			matcher_occ_push(out, matcher_place(m, from, to));
}

const struct rule_op op_disguised = {
    .about = {"disguised:", "disguised:word, disguised:\"two words\", "
			    "disguised:(A OR B)",
	"also with look-alike letters, digits and signs (0 for o, $ for s, "
	"Cyrillic), and with its letters set apart",
	"disguised:nestle", "boycott N€stlé !", "nestor et le reste"},
    .eval = eval,
    .occurrences = occurrences,
};
