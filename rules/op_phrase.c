/*
 * A word, a "phrase", a wildcard, a #tag: tokens in a row.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"
#include "rules/scan.h"

/* Where a phrase may begin at the latest, and one more. */
static inline uint32_t
stop_of(const struct matcher *m, const struct flat_node *node)
{
	return m->scope.end < node->count ? 0
					  : m->scope.end - node->count + 1;
}

/* The tokens from ${t} on, up to ${stop}, that begin as the phrase does. */
static inline uint64_t
likely(const struct matcher *m, const struct flat_node *node, uint32_t t,
    uint32_t stop)
{
	const struct flat_token *head = &m->rs->tokens[node->first];

	return scan_keys(m->keys + t,
	    stop - t < SCAN_TOKENS ? stop - t : SCAN_TOKENS, head->key,
	    probe_mask(head->head));
}

/* With inclusive groups, which are fewer tokens for a phrase than they have:
 * where it ends that begins at ${t}, or 0. */
static uint32_t
end_slow(const struct matcher *m, const struct flat_node *node, uint32_t t)
{
	uint32_t end = matcher_phrase_slow(m, node, t);

	return end <= m->scope.end ? end : 0;
}

static bool
eval_slow(const struct matcher *m, const struct flat_node *node)
{
	for (uint32_t t = m->scope.first; t < m->scope.end; t++)
		if (end_slow(m, node, t) > 0)
			return true;
	return false;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	uint32_t stop = stop_of(m, node);

	if (m->inclusives_count > 0 && eval_slow(m, node))
		return true;
	for (uint32_t t = m->scope.first; t < stop; t += SCAN_TOKENS)
		for (uint64_t bits = likely(m, node, t, stop); bits != 0;
		     bits &= bits - 1)
			if (matcher_phrase_at(m, node,
				t + (uint32_t)__builtin_ctzll(bits)))
				return true;
	return false;
}

static void
push(const struct matcher *m, const struct flat_node *node, uint32_t t,
    uint32_t end, struct occ_list *out)
{
	const struct text *text = m->text;
	bool sign = m->rs->tokens[node->first].sign != 0;

	matcher_occ_push(out,
	    (struct occ){t, end, text->at[t] - sign, text->end[end - 1]});
}

static void
occurrences_slow(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	for (uint32_t t = m->scope.first; t < m->scope.end; t++) {
		uint32_t end = end_slow(m, node, t);

		if (end > 0)
			push(m, node, t, end, out);
	}
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	uint32_t stop = stop_of(m, node);

	if (m->inclusives_count > 0) {
		occurrences_slow(m, node, out);
		return;
	}
	for (uint32_t t = m->scope.first; t < stop; t += SCAN_TOKENS) {
		for (uint64_t bits = likely(m, node, t, stop); bits != 0;
		     bits &= bits - 1) {
			uint32_t at = t + (uint32_t)__builtin_ctzll(bits);

			if (matcher_phrase_at(m, node, at))
				push(m, node, at, at + node->count, out);
		}
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
