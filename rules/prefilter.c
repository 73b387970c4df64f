/*
 * Tables of anchors: made at load, probed for every token of every post.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/prefilter.h"

#include <stdlib.h>

#include "rules/matcher.h"

/* Bits of the bitmap per anchor: one token in 64 is looked up in vain while
 * the map fits the first-level cache beside the post, one in 24 beyond. */
#define BITS_PER_ANCHOR 64u
#define BITS_PER_ANCHOR_MANY 24u
#define BITS_FEW (UINT32_C(1) << 17)

static unsigned
home_of(const struct flat_token *token)
{
	unsigned sign = token->sign != 0 ? PROBE_SIGNED : 0;

	if (token->form == TOKEN_INNER)
		return token->len >= 4   ? PROBE_INNER_FOUR
		       : token->len >= 2 ? PROBE_INNER_TWO
					 : PROBE_HOMES;
	if (token->form == TOKEN_EXACT ||
	    (token->form == TOKEN_PREFIX && token->len >= 16))
		return sign + WIDE;
	return token->head >= 8   ? sign + EIGHT
	       : token->head >= 4 ? sign + FOUR
	       : token->head >= 2 ? sign + TWO
				  : PROBE_HOMES;
}

static uint64_t
key_of(const struct flat_token *token, const char *bytes, unsigned home)
{
	static const uint32_t narrow[PROBE_HOMES] = {[EIGHT] = 8,
	    [FOUR] = 4,
	    [TWO] = 2,
	    [PROBE_SIGNED + EIGHT] = 8,
	    [PROBE_SIGNED + FOUR] = 4,
	    [PROBE_SIGNED + TWO] = 2,
	    [PROBE_INNER_FOUR] = 4,
	    [PROBE_INNER_TWO] = 2};
	uint64_t second;

	if (narrow[home] != 0)
		return token->key & probe_mask(narrow[home]);
	if (token->len <= 8)
		return token->key;
	second = probe_load(bytes + token->text + 8);
	return probe_wide(token->key, second & probe_mask(token->len - 8));
}

bool
prefilter_keyable(const struct flat_token *token)
{
	return home_of(token) != PROBE_HOMES;
}

static uint8_t
bits_for(uint64_t items)
{
	uint8_t bits = 1;

	while ((UINT64_C(1) << bits) < items)
		bits++;
	return bits;
}

/* What a build carries from step to step. */
struct build {
	struct arena *arena;
	const struct flat_token *tokens;
	const char *bytes;
	struct prefilter *out;
	uint64_t *map;
	struct anchor *here;   /* those of one home */
	struct anchor *sorted; /* by slot */
	uint32_t *at;          /* counts of slots */
	struct hook *hooks;    /* of all homes */
	uint32_t hooks_count;
};

static int
anchor_order(const void *x, const void *y, void *arg)
{
	const struct build *b = arg;
	const struct flat_token *p =
	    &b->tokens[((const struct anchor *)x)->token];
	const struct flat_token *q =
	    &b->tokens[((const struct anchor *)y)->token];
	uint32_t least = p->len < q->len ? p->len : q->len;
	int order = memcmp(b->bytes + p->text, b->bytes + q->text, least);

	if (order != 0)
		return order;
	if (p->len != q->len)
		return p->len < q->len ? -1 : 1;
	if (p->form != q->form)
		return p->form < q->form ? -1 : 1;
	return (p->sign > q->sign) - (p->sign < q->sign);
}

/* Within one slot, bring anchors with the same token together and write one
 * entry for each. */
static uint32_t
write_slot(struct build *b, struct probe_entry *entries, uint32_t entries_count,
    struct anchor *slot, uint32_t count, unsigned home)
{
	if (count > 1)
		qsort_r(slot, count, sizeof(*slot), anchor_order, b);
	for (uint32_t i = 0; i < count; i++) {
		const struct flat_token *token = &b->tokens[slot[i].token];

		if (i == 0 || anchor_order(&slot[i - 1], &slot[i], b) != 0)
			entries[entries_count++] =
			    (struct probe_entry){key_of(token, b->bytes, home),
				slot[i].token, b->hooks_count};
		b->hooks[b->hooks_count++] = slot[i].hook;
	}
	return entries_count;
}

static uint64_t
hash_of(const struct build *b, const struct anchor *anchor, unsigned home)
{
	return probe_hash(
	    key_of(&b->tokens[anchor->token], b->bytes, home), home);
}

static void
build_probe(struct build *b, uint32_t count, unsigned home)
{
	uint8_t slot_bits = bits_for(count), shift = (uint8_t)(64 - slot_bits);
	uint32_t slots_count = UINT32_C(1) << slot_bits, entries_count = 0;
	struct probe_entry *entries;
	uint32_t *slots, *at = b->at;

	if (count == 0)
		return;
	slots = arena_alloc(b->arena, sizeof(*slots) * (slots_count + 1));
	entries = arena_alloc(b->arena, sizeof(*entries) * (count + 1));
	b->out->probes[home] = (struct probe){slots, entries, count, shift};

	/* A counting sort of the anchors by slot. */
	memset(at, 0, sizeof(*at) * (slots_count + 1));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t hash = hash_of(b, &b->here[i], home);

		b->map[hash >> b->out->map_shift] |= probe_mark(hash);
		at[(hash >> shift) + 1]++;
	}
	for (uint32_t i = 0; i < slots_count; i++)
		at[i + 1] += at[i];
	for (uint32_t i = 0; i < count; i++)
		b->sorted[at[hash_of(b, &b->here[i], home) >> shift]++] =
		    b->here[i];
	/* at[h] is now the end of slot h, the start of slot h + 1. */
	for (uint32_t i = 0, first = 0; i < slots_count; i++) {
		slots[i] = entries_count;
		entries_count = write_slot(b, entries, entries_count,
		    b->sorted + first, at[i] - first, home);
		first = at[i];
	}
	slots[slots_count] = entries_count;
	entries[entries_count] =
	    (struct probe_entry){.token = NODE_NONE, .hooks = b->hooks_count};
}

static void
build_map(struct build *b, uint32_t count)
{
	uint64_t want = (uint64_t)count * BITS_PER_ANCHOR;
	uint8_t map_bits = bits_for(
	    want <= BITS_FEW ? want : (uint64_t)count * BITS_PER_ANCHOR_MANY);

	if (map_bits < 9)
		map_bits = 9;
	b->map = arena_alloc(b->arena, (size_t)1 << (map_bits - 3));
	b->out->map = b->map;
	b->out->map_shift = (uint8_t)(64 - (map_bits - 6));
}

void
prefilter_build(struct prefilter *out, struct arena *arena,
    const struct flat_token *tokens, const char *bytes,
    const struct anchor *anchors, uint32_t count)
{
	struct build b = {.arena = arena,
	    .tokens = tokens,
	    .bytes = bytes,
	    .out = out,
	    .here = must_alloc(sizeof(*b.here) * (count + 1ul)),
	    .sorted = must_alloc(sizeof(*b.sorted) * (count + 1ul)),
	    .at = must_alloc(sizeof(*b.at) * (2ul * count + 3)),
	    .hooks = arena_alloc(arena, sizeof(*b.hooks) * (count + 1ul))};

	build_map(&b, count);
	for (unsigned home = 0; home < PROBE_HOMES; home++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < count; i++)
			if (home_of(&tokens[anchors[i].token]) == home)
				b.here[n++] = anchors[i];
		build_probe(&b, n, home);
		if (n == 0 || home == WIDE)
			continue;
		out->narrow |= home < PROBE_SIGNED;
		out->signs |= home >= PROBE_SIGNED && home < PROBE_INNER_FOUR;
		out->inner |= home >= PROBE_INNER_FOUR;
	}
	out->hooks = b.hooks;
	out->anchors_count = count;
	free(b.here);
	free(b.sorted);
	free(b.at);
}

/* ---- a post -------------------------------------------------------------- */

/* The first 16 bytes of a token in two words, zeros behind it. */
static inline uint64_t
load_key(const char *p, uint32_t len, uint64_t *wide)
{
	static const char edge[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	    -1, -1, -1, -1, -1, -1}; /* 16 bytes of ones, 16 of zeros */
	const char *mask = edge + 16 - (len < 16 ? len : 16);
	uint64_t key = probe_load(p) & probe_load(mask);

	*wide = probe_wide(key, probe_load(p + 8) & probe_load(mask + 8));
	return key;
}

void
prefilter_keys(struct matcher *m)
{
	const struct text *text = m->text;

	for (uint32_t t = 0; t < text->tokens; t++)
		m->keys[t] = load_key(text->bytes + text->at[t],
		    text->end[t] - text->at[t], &m->wides[t]);
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

/* ${t}: the token, or UINT32_MAX when only bytes are known to agree. */
static void
take_hooks(struct matcher *m, const struct prefilter *table,
    const struct probe_entry *entry, uint32_t t)
{
	for (uint32_t h = entry[0].hooks; h < entry[1].hooks; h++) {
		const struct hook *hook = &table->hooks[h];

		if (t == UINT32_MAX) {
			queue_unit(m, hook->unit, false);
			continue;
		}
		if (hook->near_bytes > 0 && !prefilter_neighbour(m, hook, t))
			continue;
		/* Other anchors of the unit speak for its other phrases, so
		 * one that is not there is no reason to look at the unit. */
		if (hook->phrase != NODE_NONE) {
			if (matcher_phrase_at(m, &m->rs->nodes[hook->phrase],
				t - hook->offset))
				queue_unit(
				    m, hook->unit, hook->flags & HOOK_PROVES);
		} else if (matcher_token_fits(
			       m, t, &m->rs->tokens[entry->token])) {
			queue_unit(m, hook->unit, false);
		}
	}
}

static void
look_up_one(struct matcher *m, const struct prefilter *table, unsigned home,
    uint64_t key, uint32_t t)
{
	const struct probe_entry *last, *e;

	/* Equal keys are nearly equal tokens; what hangs on them is checked
	 * before it counts, and the neighbour costs less to look at. */
	for (e = probe_find(table, home, key, &last); e < last; e++)
		if (e->key == key)
			take_hooks(m, table, e, t);
}

/* ${sign}: 0 or PROBE_SIGNED. */
static void
look_up(
    struct matcher *m, const struct prefilter *table, unsigned sign, uint32_t t)
{
	uint64_t key = m->keys[t];

	look_up_one(m, table, sign + WIDE, m->wides[t], t);
	look_up_one(m, table, sign + EIGHT, key, t);
	look_up_one(m, table, sign + FOUR, key & UINT32_MAX, t);
	look_up_one(m, table, sign + TWO, key & 0xffff, t);
}

/* Bytes at any offset agree with the anchor: an inner literal, or the start
 * of a regex inside what is one token for us and two words for PCRE2. */
static void
look_up_bytes(struct matcher *m, const struct prefilter *table, unsigned home,
    uint64_t key, uint32_t at)
{
	const struct probe_entry *last, *e;
	const struct text *text = m->text;

	for (e = probe_find(table, home, key, &last); e < last; e++) {
		const struct flat_token *token = &m->rs->tokens[e->token];

		if (e->key == key && token->form != TOKEN_EXACT &&
		    token->form != TOKEN_GLOB && text->len - at >= token->len &&
		    !memcmp(text->bytes + at, m->rs->bytes + token->text,
			token->len))
			take_hooks(m, table, e, UINT32_MAX);
	}
}

static void
scan_inner(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;

	for (uint32_t i = 0; i < text->len; i++) {
		uint64_t word = probe_load(text->bytes + i);

		look_up_bytes(m, table, PROBE_INNER_FOUR, word & UINT32_MAX, i);
		look_up_bytes(m, table, PROBE_INNER_TWO, word & 0xffff, i);
	}
}

static void
look_up_soft(struct matcher *m, const struct prefilter *table, uint32_t at)
{
	uint64_t key = probe_load(m->text->bytes + at);
	uint64_t rest = probe_load(m->text->bytes + at + 8);

	look_up_bytes(m, table, WIDE, probe_wide(key, rest), at);
	look_up_bytes(m, table, EIGHT, key, at);
	look_up_bytes(m, table, FOUR, key & UINT32_MAX, at);
	look_up_bytes(m, table, TWO, key & 0xffff, at);
}

/* PCRE2 sees a word begin at a letter behind a combining mark; our tokens do
 * not.  Such places are ASCII letters behind a byte that is not ASCII. */
static void
scan_soft(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;
	const char *bytes = text->bytes;
	const uint64_t high = UINT64_C(0x8080808080808080);

	for (uint32_t i = 0; i < text->len; i += 8) {
		uint64_t word = probe_load(bytes + i) & high;
		uint64_t ends = word & ~probe_load(bytes + i + 1);

		for (; ends != 0; ends &= ends - 1) {
			uint32_t at =
			    i + (uint32_t)__builtin_ctzll(ends) / 8 + 1;

			if (at < text->len && bytes[at] >= '_')
				look_up_soft(m, table, at);
		}
	}
}

static const uint8_t sign_of[256] = {['#'] = 1, ['@'] = 1, ['$'] = 1};

/* Tokens whose key the map knows, without a branch per token.  ${fresh}: the
 * keys are made on the way. */
__attribute__((always_inline)) static inline uint32_t
find_suspects(struct matcher *m, const struct prefilter *table, bool fresh,
    bool narrow, bool signs)
{
	const uint64_t *map = table->map;
	const unsigned shift = table->map_shift;
	const char *bytes = m->text->bytes;
	const uint32_t *at = m->text->at, *end = m->text->end;
	uint64_t *keys = m->keys, *wides = m->wides;
	uint32_t *out = m->suspects, count = 0;

	for (uint32_t t = 0, n = m->text->tokens; t < n; t++) {
		uint64_t key, wide, hash, hit;

		if (fresh) {
			key = load_key(bytes + at[t], end[t] - at[t], &wide);
			keys[t] = key;
			wides[t] = wide;
		} else {
			key = keys[t];
			wide = wides[t];
		}
		hash = probe_hash(wide, WIDE);
		hit = map[hash >> shift] & probe_mark(hash);
		if (narrow) {
			hash = probe_hash(key, EIGHT);
			hit |= map[hash >> shift] & probe_mark(hash);
			hash = probe_hash(key & UINT32_MAX, FOUR);
			hit |= map[hash >> shift] & probe_mark(hash);
			hash = probe_hash(key & 0xffff, TWO);
			hit |= map[hash >> shift] & probe_mark(hash);
		}
		if (signs)
			hit |= sign_of[(uint8_t)bytes[(int64_t)at[t] - 1]];
		out[count] = t;
		count += hit != 0;
	}
	return count;
}

static uint32_t
suspects(struct matcher *m, const struct prefilter *table, bool fresh)
{
	if (fresh && table->narrow)
		return table->signs
			   ? find_suspects(m, table, true, true, true)
			   : find_suspects(m, table, true, true, false);
	if (fresh)
		return table->signs
			   ? find_suspects(m, table, true, false, true)
			   : find_suspects(m, table, true, false, false);
	return find_suspects(m, table, false, true, true);
}

void
prefilter_scan(struct matcher *m, const struct prefilter *table, bool fresh)
{
	const char *before = m->text->bytes - 1;
	uint32_t count = suspects(m, table, fresh);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = m->suspects[i];

		look_up(m, table, 0, t);
		if (table->signs && probe_is_sign(before[m->text->at[t]]))
			look_up(m, table, PROBE_SIGNED, t);
	}
	if (table->soft)
		scan_soft(m, table);
	if (table->inner)
		scan_inner(m, table);
	for (uint32_t i = 0; i < table->always_count; i++)
		queue_unit(m, table->always[i], false);
}
