/*
 * As written: capitals, accents and signs count.
 *
 * The folded form finds the places, what was posted there decides.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
written_at(struct matcher *m, const struct flat_exact *exact,
    const struct flat_node *phrase, uint32_t t)
{
	const struct text *text = m->text;
	struct slice want = {m->rs->bytes + exact->text, exact->len}, part;
	uint32_t start, stop;

	return matcher_span(m, text->at[t], text->end[t + phrase->count - 1],
		   &part, &start, &stop) &&
	       text_written(
		   part, start, stop, want, exact->core, exact->core_len);
}

static bool
each_place(struct matcher *m, const struct flat_node *node,
    struct occ_list *out)
{
	const struct flat_exact *exact = &m->rs->exacts[node->extra];
	const struct flat_node *phrase = &m->rs->nodes[exact->phrase];
	bool sign = m->rs->tokens[phrase->first].sign != 0, found = false;

	for (uint32_t t = m->scope.first, n = m->scope.end; t < n; t++) {
		if (n - t < phrase->count || !matcher_phrase_at(m, phrase, t) ||
		    !written_at(m, exact, phrase, t))
			continue;
		found = true;
		if (out == NULL)
			break;
		matcher_occ_push(out,
		    (struct occ){t, t + phrase->count, m->text->at[t] - sign,
			m->text->end[t + phrase->count - 1]});
	}
	return found;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return each_place(m, node, NULL);
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	each_place(m, node, out);
}

const struct rule_op op_exact = {
    .about = {"exact:", "exact:Word, exact:\"C'est non !\", exact:(A OR B)",
	"the text as posted: capitals, accents and signs count; entities and "
	"runs of blanks do not",
	"exact:\"Total\"", "Total annonce la fin", "la fin totale, total"},
    .eval = eval,
    .occurrences = occurrences,
};
