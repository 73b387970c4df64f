/*
 * Any of them; many phrases are one set, looked up by token.
 *
 * The set is judged once per post, whoever asks: most rules of a sector name
 * the same few lists.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"
#include "rules/scan.h"

/* For each of the place_fn a loop of its own. */
#define ALWAYS_INLINE __attribute__((always_inline)) static inline

/* Called for each place of a phrase of the set; stops when it says so. */
typedef bool place_fn(struct occ place, void *arg);

/* A place before the first token wraps around, and is not. */
static inline bool
in_scope(const struct matcher *m, uint32_t count, uint32_t t)
{
	return t >= m->scope.first && t < m->scope.end &&
	       m->scope.end - t >= count;
}

ALWAYS_INLINE bool
give(const struct matcher *m, uint32_t t, uint32_t end, bool sign,
    place_fn *found, void *arg)
{
	const struct text *text = m->text;

	return found((struct occ){t, end, text->at[t] - sign,
			 text->end[end - 1]}, arg);
}

/* The anchor of ${hook}, which is that of ${e}, stands at token ${t}. */
ALWAYS_INLINE bool
take_hook(struct matcher *m, const struct probe_entry *e,
    const struct hook *hook, uint32_t t, place_fn *found, void *arg)
{
	const struct flat_token *token = &m->rs->tokens[e->token];
	const struct flat_node *phrase;

	/* its key is the whole token's, which nothing follows */
	if (hook->flags & HOOK_WORD && m->keys[t] == m->wides[t])
		return in_scope(m, 1, t) &&
		    give(m, t, t + 1, false, found, arg);
	if (hook->flags & HOOK_ALONE)
		return in_scope(m, 1, t) &&
		    matcher_anchor_fits(m, t, token, e->key) &&
		    give(m, t, t + 1, token->sign != 0, found, arg);
	phrase = &m->rs->nodes[hook->phrase];
	t -= hook->offset;
	return in_scope(m, phrase->count, t) &&
	    matcher_phrase_at(m, phrase, t) &&
	    give(m, t, t + phrase->count,
		m->rs->tokens[phrase->first].sign != 0, found, arg);
}

ALWAYS_INLINE bool
look_up_one(struct matcher *m, const struct prefilter *table, unsigned home,
    uint64_t key, uint32_t t, place_fn *found, void *arg)
{
	const struct probe_entry *last, *e;

	for (e = probe_find(table, home, key, &last); e < last; e++) {
		if (!probe_same(e, home, key))
			continue;
		for (uint32_t h = e[0].hooks; h < e[1].hooks; h++)
			if (take_hook(m, e, &table->hooks[h], t, found, arg))
				return true;
	}
	return false;
}

static bool
look_up_narrow(struct matcher *m, const struct prefilter *table, unsigned sign,
    uint32_t t, place_fn *found, void *arg)
{
	uint64_t key = m->keys[t];

	return look_up_one(m, table, sign + SIX, key, t, found, arg) ||
	       look_up_one(m, table, sign + FOUR, key, t, found, arg) ||
	       look_up_one(m, table, sign + TWO, key, t, found, arg);
}

/* What few lists have: prefixes, signs. */
static bool
look_up_more(struct matcher *m, const struct prefilter *table, uint32_t t,
    place_fn *found, void *arg)
{
	const char *before = m->text->bytes - 1;

	return (table->narrow && look_up_narrow(m, table, 0, t, found, arg)) ||
	       (table->signs && probe_is_sign(before[m->text->at[t]]) &&
		   (look_up_one(m, table, PROBE_SIGNED + WIDE, m->wides[t], t,
			found, arg) ||
		       look_up_narrow(m, table, PROBE_SIGNED, t, found, arg)));
}

/* Whether a phrase at token ${t} is one. */
ALWAYS_INLINE bool
look_up_token(struct matcher *m, const struct prefilter *table, uint32_t t,
    place_fn *found, void *arg)
{
	return look_up_one(m, table, WIDE, m->wides[t], t, found, arg) ||
	       ((table->narrow || table->signs) &&
		   look_up_more(m, table, t, found, arg));
}

/* Which of ${count} tokens from ${t} on the maps may know, signs aside. */
static uint64_t
likely(const struct matcher *m, const struct prefilter *table, uint32_t t,
    uint32_t count)
{
	uint64_t bits = 0;
	unsigned last = table->signs ? PROBE_PAIR : PROBE_SIGNED;

	if (table->probes[WIDE].count > 0)
		bits = scan_map(&table->map, m->wides + t, count, WIDE);
	if (!table->narrow && !table->signs)
		return bits;
	for (unsigned home = SIX; home < last; home++)
		if (table->probes[home].count > 0)
			bits |= scan_map(probe_map_of(table, home),
			    (home % PROBE_WIDTHS == WIDE ? m->wides : m->keys) +
				t,
			    count, home);
	return bits;
}

/* Whether it was stopped. */
ALWAYS_INLINE bool
each_place(struct matcher *m, const struct prefilter *table, place_fn *found,
    void *arg)
{
	uint32_t end = m->scope.end;

	for (uint32_t t = m->scope.first; t < end; t += SCAN_TOKENS) {
		uint64_t bits = likely(m, table, t,
		    end - t < SCAN_TOKENS ? end - t : SCAN_TOKENS);

		for (; bits != 0; bits &= bits - 1)
			if (look_up_token(m, table,
				t + (uint32_t)__builtin_ctzll(bits), found,
				arg))
				return true;
	}
	return false;
}

static bool
any_place(struct occ place, void *arg)
{
	(void)place, (void)arg;
	return true;
}

static bool
has_place(struct matcher *m, const struct prefilter *table)
{
	return each_place(m, table, any_place, NULL);
}

static bool
push_place(struct occ place, void *arg)
{
	matcher_occ_push(arg, place);
	return false;
}

/* Stops at the first one that finds no room. */
static bool
keep_place(struct occ place, void *arg)
{
	struct kept_set *kept = arg;

	if (kept->count == KEPT_SET_OCCS)
		return true;
	kept->items[kept->count++] = place;
	return false;
}

/* All of the post; who asks whether it has one mostly asks next where. */
static bool
judge_set(struct matcher *m, uint32_t set)
{
	const struct prefilter *table = &m->rs->sets[set].table;
	struct kept_set *kept = &m->kept_sets[m->kept_sets_count];

	m->sets_kept[set] = KEPT_SETS;
	if (m->kept_sets_count == KEPT_SETS || !(m->flags & MATCH_SPANS))
		return has_place(m, table);
	kept->count = 0;
	if (each_place(m, table, keep_place, kept))
		return true;
	if (kept->count > 0)
		m->sets_kept[set] = m->kept_sets_count++;
	return kept->count > 0;
}

bool
op_set_eval(struct matcher *m, uint32_t set)
{
	int state = matcher_state(m, m->sets[set]);
	bool found;

	if (m->scope.narrow)
		return state != UNIT_FALSE &&
		    has_place(m, &m->rs->sets[set].table);
	if (state >= 0)
		return state == UNIT_TRUE;
	found = judge_set(m, set);
	m->sets[set] = matcher_word(m, found ? UNIT_TRUE : UNIT_FALSE);
	return found;
}

static bool
uses_set(const struct matcher *m, const struct flat_node *node)
{
	return node->extra != SET_NONE && op_uses_sets(m);
}

void
op_set_places(struct matcher *m, uint32_t set, struct occ_list *out)
{
	const struct kept_set *kept;

	if (m->scope.narrow || m->sets_kept[set] == KEPT_SETS) {
		each_place(m, &m->rs->sets[set].table, push_place, out);
		return;
	}
	kept = &m->kept_sets[m->sets_kept[set]];
	for (uint32_t i = 0; i < kept->count; i++)
		matcher_occ_push(out, kept->items[i]);
}

uint32_t
op_or_places(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	if (!uses_set(m, node))
		return 0;
	if (op_set_eval(m, node->extra))
		op_set_places(m, node->extra, out);
	return m->rs->sets[node->extra].count;
}

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	const uint32_t *children = op_children(m, node);
	uint32_t first = 0;

	if (uses_set(m, node)) {
		if (op_set_eval(m, node->extra))
			return true;
		first = m->rs->sets[node->extra].count;
	}
	for (uint32_t i = first; i < node->count; i++)
		if (op_eval(m, children[i]))
			return true;
	return false;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);
	uint32_t first = op_or_places(m, node, out);

	for (uint32_t i = first; i < node->count; i++) {
		const struct flat_node *child = &m->rs->nodes[children[i]];

		/* a phrase that is not there has no places */
		if (child->kind == NODE_PHRASE || op_eval(m, children[i]))
			ops_table[child->kind]->occurrences(m, child, out);
	}
}

const struct rule_op op_or = {
    .about = {"OR", "A OR B, @list(name)",
	"the post has one of them; a list is an OR of its entries",
	"recall OR \"rappel de lots\"", "Rappel de lots chez Nestlé",
	"rappel : de bons lots à gagner"},
    .eval = eval,
    .occurrences = occurrences,
};
