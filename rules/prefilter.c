/*
 * The tables of anchors, probed for every token of every post.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/prefilter.h"

#include "rules/disguise.h"

/* Read a byte of what is far away, so that it is on its way: a prefetch is
 * dropped where the page is not at hand either. */
static inline void
touch(const void *p)
{
	(void)*(const volatile char *)p;
}

/* What will be read of a brand that is named, and of its first rule, all at
 * once: one would be waited for after the other. */
static inline void
touch_brand(const struct ruleset *rs, uint32_t brand)
{
	const struct rules_rule *rule;
	uint32_t first = rs->brand_rules.first[brand];

	touch(rs->brands[brand].id.data);
	if (first == rs->brand_rules.first[brand + 1])
		return;
	rule = &rs->rules[rs->brand_rules.items[first]];
	touch(&rule->group); /* perhaps in the next line */
	touch(rule->id.data);
	touch(&rs->units[unit_of_rule(rs, rs->brand_rules.items[first])]);
}

/* In larger sets what says which rules name a brand is itself far away. */
#define BRANDS_NEAR 4096u

/* What will be read of a unit, and is far away. */
static inline void
fetch_unit(const struct ruleset *rs, uint32_t unit)
{
	__builtin_prefetch(&rs->units[unit]);
	if (unit >= rs->brands_count)
		return;
	if (rs->brands_count <= BRANDS_NEAR) {
		touch_brand(rs, unit);
		return;
	}
	__builtin_prefetch(&rs->brands[unit]);
	__builtin_prefetch(
	    &rs->brand_rules.items[rs->brand_rules.first[unit]]);
}

static void
queue_unit(struct matcher *m, uint32_t unit, bool proven)
{
	const struct ruleset *rs = m->rs;
	uint32_t *word = &m->units[unit];

	if (matcher_state(m, *word) < 0) {
		*word = matcher_word(m, proven ? UNIT_PROVEN : UNIT_QUEUED);
		if (unit - rs->brands_count < rs->topics_count)
			m->topic_queue[m->topic_queue_count++] = unit;
		else
			m->queue[m->queue_count++] = unit;
	} else if (proven) {
		*word = matcher_word(m, UNIT_PROVEN);
	}
}

void
prefilter_queue(struct matcher *m, uint32_t unit)
{
	fetch_unit(m->rs, unit);
	queue_unit(m, unit, false);
}

bool
prefilter_neighbour(
    const struct matcher *m, const struct hook *hook, uint32_t t)
{
	uint32_t first;

	if (hook->flags & HOOK_BEFORE ? t == 0 : t + 1 >= m->text->tokens)
		return false;
	t = hook->flags & HOOK_BEFORE ? t - 1 : t + 1;
	if (hook->flags & HOOK_TAIL) {
		memcpy(&first, m->text->bytes + m->text->end[t] - 4, 4);
		return (first ^ hook->near) >> (32 - 8 * hook->near_bytes) == 0;
	}
	first = (uint32_t)m->keys[t];
	return ((first ^ hook->near) & probe_mask(hook->near_bytes)) == 0;
}

/* The phrase of ${hook} stands at tokens [${t}, ${end}). */
static inline void
queue_met(struct matcher *m, const struct hook *hook, uint32_t t, uint32_t end,
    bool sign)
{
	const struct text *text = m->text;

	queue_unit(m, hook->unit, hook->flags & HOOK_PROVES);
	if (!(hook->flags & HOOK_PLACES) || m->met_count++ >= MET_MAX)
		return;
	m->met[m->met_count - 1] = (struct met_phrase){hook->unit,
	    {t, end, text->at[t] - sign, text->end[end - 1]}};
}

/* Its anchor stands at token ${t}.  Other anchors of the unit speak for its
 * other phrases, so one that is not there is no reason to look at the unit. */
static void
take_phrase(struct matcher *m, const struct probe_entry *entry,
    const struct hook *hook, uint32_t t)
{
	const struct flat_token *token = &m->rs->tokens[entry->token];
	const struct flat_node *phrase;

	fetch_unit(m->rs, hook->unit);
	/* its key is the whole token's, which nothing follows */
	if (hook->flags & HOOK_WORD && m->keys[t] == m->wides[t]) {
		queue_met(m, hook, t, t + 1, false);
		return;
	}
	if (hook->flags & HOOK_ALONE) {
		if (matcher_anchor_fits(m, t, token, entry->key))
			queue_met(m, hook, t, t + 1, token->sign != 0);
		return;
	}
	phrase = &m->rs->nodes[hook->phrase];
	t -= hook->offset;
	if (matcher_phrase_at(m, phrase, t))
		queue_met(m, hook, t, t + phrase->count,
		    m->rs->tokens[phrase->first].sign != 0);
}

/* ${t}: the token, or UINT32_MAX when only bytes are known to agree. */
static void
take_hooks(struct matcher *m, const struct prefilter *table,
    const struct probe_entry *entry, uint32_t t)
{
	for (uint32_t h = entry[0].hooks; h < entry[1].hooks; h++) {
		const struct hook *hook = &table->hooks[h];

		/* Where groups stand for one word, a phrase is not where its
		 * tokens are. */
		if (t == UINT32_MAX || m->inclusives_count > 0) {
			prefilter_queue(m, hook->unit);
			continue;
		}
		if (hook->near_bytes > 0 && !prefilter_neighbour(m, hook, t))
			continue;
		if (hook->phrase != NODE_NONE)
			take_phrase(m, entry, hook, t);
		else if (hook->flags & HOOK_SURE ||
			 matcher_token_fits(
			     m, t, &m->rs->tokens[entry->token]))
			prefilter_queue(m, hook->unit);
	}
}

void
prefilter_take(struct matcher *m, const struct prefilter *table,
    const struct probe_entry *entry)
{
	take_hooks(m, table, entry, UINT32_MAX);
}

/* ---- candidates ---------------------------------------------------------- */

/* Keys that the sieve or the maps know.  In tables that no near cache holds
 * they are gone through in turns, so that the lines of memory that one turn
 * reads are on their way since the turn before. */
#define CANDIDATES 32u

struct candidate {
	uint64_t key;
	const struct probe_entry *entry;
	uint32_t slot, token;
	unsigned home;
};

struct candidates {
	struct matcher *m;
	const struct prefilter *table;
	uint32_t count;
	struct candidate items[CANDIDATES];
};

/* Equal keys are nearly equal tokens; what hangs on them is checked before it
 * counts, and the neighbour costs less to look at. */
static void
take_candidate(struct candidates *c, const struct candidate *x)
{
	const struct probe *p = &c->table->probes[x->home];
	const struct probe_entry *last = p->entries + p->slots[x->slot + 1];
	const struct probe_entry *e = x->entry;

	for (; e < last; e++) {
		if (!probe_same(e, x->home, x->key))
			continue;
		/* what hangs on it is far away too, and comes meanwhile */
		__builtin_prefetch(&c->m->rs->tokens[e->token]);
		take_hooks(c->m, c->table, e, x->token);
	}
}

static void
take_candidates(struct candidates *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		struct candidate *x = &c->items[i];
		const struct probe *p = &c->table->probes[x->home];

		x->entry = p->entries + p->slots[x->slot];
		__builtin_prefetch(x->entry);
	}
	for (uint32_t i = 0; i < c->count; i++) {
		struct candidate x = c->items[i];
		const struct probe *p = &c->table->probes[x.home];
		const struct probe_entry *last =
		    p->entries + p->slots[x.slot + 1];

		while (x.entry < last && !probe_same(x.entry, x.home, x.key))
			x.entry++;
		if (x.entry < last) {
			__builtin_prefetch(&c->table->hooks[x.entry->hooks]);
			c->items[kept++] = x;
		}
	}
	for (uint32_t i = 0; i < kept; i++)
		take_candidate(c, &c->items[i]);
	c->count = 0;
}

static inline void
add_candidate(struct candidates *c, unsigned home, uint64_t key, uint64_t hash,
    uint32_t t)
{
	const struct probe *p = &c->table->probes[home];
	uint32_t slot = (uint32_t)(hash >> p->slots_shift);
	struct candidate *x = &c->items[c->count];

	if (p->count == 0)
		return;
	*x = (struct candidate){key, NULL, slot, t, home};
	if (!c->table->turns) {
		x->entry = p->entries + p->slots[slot];
		take_candidate(c, x);
		return;
	}
	__builtin_prefetch(&p->slots[slot]);
	if (++c->count == CANDIDATES)
		take_candidates(c);
}

/* What the sieve took for an anchor: the maps would say little more. */
static inline void
look_up_sifted(struct candidates *c, unsigned home, uint64_t key, uint32_t t)
{
	add_candidate(
	    c, home, key, probe_hash(probe_cut(home, key), home), t);
}

static inline void
look_up_one(struct candidates *c, unsigned home, uint64_t key, uint32_t t)
{
	const struct probe_map *map = probe_map_of(c->table, home);
	uint64_t hash = probe_hash(probe_cut(home, key), home);

	if (c->table->large ? probe_hit_all(map, hash) : probe_hit(map, hash))
		add_candidate(c, home, key, hash, t);
}

/* ${sign}: 0 or PROBE_SIGNED. */
static void
look_up_heads(struct candidates *c, unsigned sign, uint64_t key, uint32_t t)
{
	look_up_one(c, sign + SIX, key, t);
	look_up_one(c, sign + FOUR, key, t);
	look_up_one(c, sign + TWO, key, t);
}

/* A token behind a sign; mostly it is none of those that want one. */
static void
look_up_signed(struct candidates *c, uint64_t wide, uint64_t key, uint32_t t)
{
	const struct probe_map *map = &c->table->signed_map;
	uint64_t hit = 0;

	hit |= probe_hit(map, probe_hash(wide, PROBE_SIGNED + WIDE));
	for (unsigned home = PROBE_SIGNED + SIX; home < PROBE_PAIR; home++)
		hit |= probe_hit(
		    map, probe_hash(probe_cut(home, key), home));
	if (hit == 0)
		return;
	look_up_one(c, PROBE_SIGNED + WIDE, wide, t);
	look_up_heads(c, PROBE_SIGNED, key, t);
}

static void
look_up_suspects(struct matcher *m, const struct prefilter *table,
    uint32_t count)
{
	const char *before = m->text->bytes - 1;
	struct candidates c;

	c.m = m;
	c.table = table;
	c.count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = m->suspects[i] >> SUSPECT_SHIFT;
		uint32_t what = m->suspects[i];
		uint64_t wide = m->wides[t], pair;

		if (what & SUSPECT_WORD)
			look_up_sifted(&c, WIDE, wide, t);
		if (what & SUSPECT_LONG)
			look_up_sifted(&c, SIX, m->keys[t], t);
		if (what & SUSPECT_SHORT) {
			look_up_one(&c, FOUR, m->keys[t], t);
			look_up_one(&c, TWO, m->keys[t], t);
		}
		if (what & SUSPECT_SIGN && table->signs &&
		    probe_is_sign(before[m->text->at[t]]))
			look_up_signed(&c, wide, m->keys[t], t);
		if (what & SUSPECT_PAIR && t > 0) {
			pair = probe_pair(m->wides[t - 1], wide);
			look_up_sifted(&c, PROBE_PAIR, pair, t - 1);
		}
	}
	if (c.count > 0)
		take_candidates(&c);
}

/* What else joins a token to an inclusive group. */
static const uint8_t join_of[256] = {['.'] = 1, ['-'] = 1, ['('] = 1,
    ['/'] = 1};

/* What may stand for a word of a phrase from token ${t} on: the token, or
 * the forms of a group that begins there. */
struct reading {
	uint64_t key, wide;
	uint32_t next;
};

static uint32_t
readings_at(const struct matcher *m, uint32_t t,
    struct reading out[static INCLUSIVE_FORMS + 1])
{
	const struct inclusive *g = inclusive_at(m, t);
	uint32_t count = 1;

	if (t >= m->text->tokens)
		return 0;
	out[0] = (struct reading){m->keys[t], m->wides[t], t + 1};
	for (unsigned i = 0; g != NULL && i < INCLUSIVE_FORMS; i++) {
		struct reading *r = &out[count++];

		r->wide = prefilter_wide(g->forms[i], g->len[i], &r->key);
		r->next = g->next;
	}
	return count;
}

/* Pairs of words where one of them is a group. */
static void
look_up_pairs(struct candidates *c, uint32_t t)
{
	struct reading first[INCLUSIVE_FORMS + 1], then[INCLUSIVE_FORMS + 1];
	uint32_t n = readings_at(c->m, t, first), k;

	for (uint32_t i = 0; i < n; i++) {
		k = readings_at(c->m, first[i].next, then);
		for (uint32_t j = 0; j < k; j++)
			look_up_one(c, PROBE_PAIR,
			    probe_pair(first[i].wide, then[j].wide), t);
	}
}

/* The forms of inclusive words, as if each were a token. */
static void
look_up_forms(struct matcher *m, const struct prefilter *table)
{
	struct candidates c;

	c.m = m;
	c.table = table;
	c.count = 0;
	for (uint32_t i = 0; i < m->inclusives_count * INCLUSIVE_FORMS; i++) {
		const struct inclusive *g = &m->inclusives[i / INCLUSIVE_FORMS];
		unsigned form = i % INCLUSIVE_FORMS;
		uint64_t key, wide = prefilter_wide(
			g->forms[form], g->len[form], &key);

		for (unsigned sign = 0; sign <= PROBE_SIGNED;
		     sign += PROBE_SIGNED) {
			look_up_one(&c, sign + WIDE, wide, g->token);
			look_up_heads(&c, sign, key, g->token);
		}
	}
	for (uint32_t t = 0; table->probes[PROBE_PAIR].count > 0 &&
	     t < m->text->tokens; t++)
		look_up_pairs(&c, t);
	take_candidates(&c);
}

/* Whether inclusive groups may be in the post: their endings are suspects. */
static bool
has_groups(const struct matcher *m, uint32_t count)
{
	const char *before = m->text->bytes - 1;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = m->suspects[i] >> SUSPECT_SHIFT;
		uint32_t at = m->text->at[t];
		uint8_t c = (uint8_t)before[at];

		if ((c == 0xb7 && before[(int64_t)at - 1] == '\xc2') ||
		    (join_of[c] && inclusive_hint(m, t)))
			return true;
	}
	return false;
}

void
prefilter_scan(struct matcher *m, const struct prefilter *table, bool fresh)
{
	uint32_t count = prefilter_find(m, table, fresh);

	if (fresh && count > 0 && m->joined && has_groups(m, count))
		inclusive_find(m);
	if (m->inclusives_count > 0)
		look_up_forms(m, table);
	if (count > 0)
		look_up_suspects(m, table, count);
	if (table->soft && !m->ascii)
		prefilter_scan_soft(m, table);
	if (table->inner)
		prefilter_scan_inner(m, table);
	if (table->disguised_count > 0)
		disguise_scan(m, table);
	for (uint32_t i = 0; i < table->always_count; i++)
		prefilter_queue(m, table->always[i]);
}
