/*
 * A word, a "phrase", a wildcard, a #tag: tokens in a row.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	const struct flat_token *head = &m->rs->tokens[node->first];
	uint64_t key = head->key, mask = probe_mask(head->head);
	const uint64_t *keys = m->keys;

	for (uint32_t t = m->scope.first, n = m->scope.end;
	     m->inclusives_count > 0 && t < n; t++) {
		uint32_t end = matcher_phrase_slow(m, node, t);

		if (end > 0 && end <= n)
			return true;
	}
	for (uint32_t t = m->scope.first, n = m->scope.end; t < n; t++)
		if (((keys[t] ^ key) & mask) == 0 && n - t >= node->count &&
		    matcher_phrase_at(m, node, t))
			return true;
	return false;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const struct text *text = m->text;
	bool sign = m->rs->tokens[node->first].sign != 0;

	for (uint32_t t = m->scope.first, n = m->scope.end; t < n; t++) {
		uint32_t end = matcher_phrase_end(m, node, t);

		if (end > 0 && end <= n)
			matcher_occ_push(out,
			    (struct occ){t, end, text->at[t] - sign,
				text->end[end - 1]});
	}
}

const struct rule_op op_phrase = {
    .about = {"phrase",
	"word, \"two words\", deforest*, wom?n, #tag, @user, "
	"$cash",
	"tokens in a row, whatever stands between; * is zero or more token "
	"characters, ? exactly one; # @ $ are asked for only when written",
	"\"huile de palme\" OR deforest* OR #palmoil",
	"L'huile de palme, encore", "la palme de l'huile"},
    .eval = eval,
    .occurrences = occurrences,
};
