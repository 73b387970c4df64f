/*
 * The tables of anchors, made at load.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/prefilter.h"

#include <stdlib.h>

#include "rules/matcher.h"
#include "rules/sieve.h"

/* Bits of the maps per anchor, before rounding up: while the map fits the
 * first-level cache beside the post, and beyond. */
#define BITS_PER_ANCHOR 32u
#define BITS_PER_ANCHOR_MANY 16u
#define BITS_FEW (UINT32_C(1) << 17)

/* With more anchors a table is large: nearly every post then holds the rarer
 * word of some name of two, and the first letters of some prefix. */
#define ANCHORS_FEW 8192u

/* So many times more do not fit the second-level cache. */
#define ANCHORS_TURNS 8u

static uint32_t anchors_few = ANCHORS_FEW;

void
prefilter_large_beyond(uint32_t count)
{
	anchors_few = count;
}

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
	return token->head >= 6   ? sign + SIX
	       : token->head >= 4 ? sign + FOUR
	       : token->head >= 2 ? sign + TWO
				  : PROBE_HOMES;
}

/* Of a whole token: all of it; else as many of its first bytes as there are,
 * eight at most. */
static uint64_t
key_of(const struct flat_token *token, const char *bytes, unsigned home)
{
	uint64_t second;

	if (home != WIDE && home != PROBE_SIGNED + WIDE)
		return token->key & probe_mask(token->head);
	if (token->len <= 8)
		return token->key;
	second = probe_load(bytes + token->text + 8);
	return probe_wide(token->key, second & probe_mask(
	    (token->len < PROBE_BYTES ? token->len : PROBE_BYTES) - 8));
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

/* An anchor on its way into a table. */
struct item {
	uint64_t key;
	uint32_t anchor, slot;
};

/* What a build carries from step to step. */
struct build {
	struct arena *arena;
	const struct flat_token *tokens;
	const char *bytes;
	const struct anchor *anchors;
	struct prefilter *out;
	uint64_t *map, *signed_map;
	uint8_t *homes;             /* of each anchor */
	struct item *here, *sorted; /* those of one home; by slot */
	uint32_t *at;               /* counts of slots */
	struct hook *hooks;         /* of all homes */
	uint32_t hooks_count;
};

static uint64_t
item_key(const struct build *b, const struct anchor *anchor, unsigned home)
{
	const struct flat_token *token = &b->tokens[anchor->token], *pair;
	uint64_t wide, near;

	if (home != PROBE_PAIR)
		return key_of(token, b->bytes, home);
	pair = &b->tokens[anchor->pair];
	wide = key_of(token, b->bytes, WIDE);
	near = key_of(pair, b->bytes, WIDE);
	return anchor->hook.flags & HOOK_BEFORE ? probe_pair(near, wide)
						: probe_pair(wide, near);
}

/* By key, then by token: what is equal makes one entry. */
static int
item_order(const struct build *b, const struct item *x, const struct item *y)
{
	const struct flat_token *p = &b->tokens[b->anchors[x->anchor].token];
	const struct flat_token *q = &b->tokens[b->anchors[y->anchor].token];
	int order;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (p == q)
		return 0;
	if (p->len != q->len)
		return p->len < q->len ? -1 : 1;
	if (p->form != q->form)
		return p->form < q->form ? -1 : 1;
	if (p->sign != q->sign)
		return p->sign < q->sign ? -1 : 1;
	order = memcmp(b->bytes + p->text, b->bytes + q->text, p->len);
	return order;
}

static int
item_compare(const void *x, const void *y, void *arg)
{
	const struct item *p = x, *q = y;
	int order = item_order(arg, p, q);

	return order != 0 ? order : (p->anchor > q->anchor) -
		(p->anchor < q->anchor);
}

/* Most slots have one item or two, and those of one word come in order. */
static void
sort_slot(struct build *b, struct item *slot, uint32_t count)
{
	if (count > 32) {
		qsort_r(slot, count, sizeof(*slot), item_compare, b);
		return;
	}
	for (uint32_t i = 1; i < count; i++) {
		struct item held = slot[i];
		uint32_t k = i;

		for (; k > 0 && item_compare(&slot[k - 1], &held, b) > 0; k--)
			slot[k] = slot[k - 1];
		slot[k] = held;
	}
}

/* A pair stands where its first token does, and is all there is to look at. */
static struct hook
hook_of(const struct anchor *anchor, unsigned home)
{
	struct hook hook = anchor->hook;

	if (home == PROBE_PAIR && hook.phrase == NODE_NONE) {
		hook.near_bytes = 0;
		hook.flags = HOOK_SURE;
	} else if (home == PROBE_PAIR) {
		if (hook.flags & HOOK_BEFORE)
			hook.offset--;
		hook.near_bytes = 0;
		hook.flags &= HOOK_PROVES | HOOK_PLACES;
	}
	return hook;
}

/* Bring items with the same token together, and write one entry for each. */
static uint32_t
write_slot(struct build *b, struct probe_entry *entries,
    uint32_t entries_count, struct item *slot, uint32_t count, unsigned home)
{
	sort_slot(b, slot, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct anchor *anchor = &b->anchors[slot[i].anchor];

		if (i == 0 || item_order(b, &slot[i - 1], &slot[i]) != 0)
			entries[entries_count++] =
			    (struct probe_entry){slot[i].key, anchor->token,
				b->hooks_count};
		b->hooks[b->hooks_count++] = hook_of(anchor, home);
	}
	return entries_count;
}

static void
mark(uint64_t *map, uint8_t shift, uint64_t hash, bool many)
{
	map[hash >> shift] |= UINT64_C(1) << ((hash >> 42) & 63) |
			      UINT64_C(1) << ((hash >> 36) & 63);
	if (many)
		map[hash >> shift] |= UINT64_C(1) << ((hash >> 39) & 63) |
				      UINT64_C(1) << ((hash >> 33) & 63);
}

/* The items of one home, by slot; at[h] is then the end of slot h. */
static void
sort_items(struct build *b, uint32_t count, unsigned home, uint8_t shift)
{
	bool is_signed = home >= PROBE_SIGNED && home < PROBE_PAIR;
	const struct probe_map *map = probe_map_of(b->out, home);
	uint32_t slots_count = UINT32_C(1) << (64 - shift), *at = b->at;

	memset(at, 0, sizeof(*at) * (slots_count + 1));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t hash = probe_hash(
		    probe_cut(home, b->here[i].key), home);

		mark(is_signed ? b->signed_map : b->map, map->shift, hash,
		    b->out->large);
		b->here[i].slot = (uint32_t)(hash >> shift);
		at[b->here[i].slot + 1]++;
	}
	for (uint32_t i = 0; i < slots_count; i++)
		at[i + 1] += at[i];
	for (uint32_t i = 0; i < count; i++)
		b->sorted[at[b->here[i].slot]++] = b->here[i];
}

static void
build_probe(struct build *b, uint32_t count, unsigned home)
{
	uint8_t slot_bits = bits_for(count), shift = (uint8_t)(64 - slot_bits);
	uint32_t slots_count = UINT32_C(1) << slot_bits, entries_count = 0;
	struct probe_entry *entries;
	uint32_t *slots;

	if (count == 0)
		return;
	slots = arena_alloc(b->arena, sizeof(*slots) * (slots_count + 1));
	entries = arena_alloc(b->arena, sizeof(*entries) * (count + 1));
	sort_items(b, count, home, shift);
	for (uint32_t i = 0, first = 0; i < slots_count; i++) {
		slots[i] = entries_count;
		entries_count = write_slot(b, entries, entries_count,
		    b->sorted + first, b->at[i] - first, home);
		first = b->at[i];
	}
	slots[slots_count] = entries_count;
	entries[entries_count] =
	    (struct probe_entry){.token = NODE_NONE, .hooks = b->hooks_count};
	b->out->probes[home] = (struct probe){slots, entries, count, shift};
}

static uint64_t *
new_map(struct build *b, struct probe_map *map, uint32_t count)
{
	uint64_t want = (uint64_t)count * BITS_PER_ANCHOR, *words;
	uint8_t bits = bits_for(
	    want <= BITS_FEW ? want : (uint64_t)count * BITS_PER_ANCHOR_MANY);

	if (bits < 9)
		bits = 9;
	words = arena_alloc(b->arena, (size_t)1 << (bits - 3));
	*map = (struct probe_map){words, (uint8_t)(64 - (bits - 6))};
	return words;
}

static void
build_sieve(struct build *b, uint32_t anchors_count)
{
	struct sieve_anchor *sifted =
	    must_alloc(sizeof(*sifted) * (anchors_count + 1ul));
	uint32_t count = 0;

	for (uint32_t i = 0; i < anchors_count; i++) {
		const struct anchor *anchor = &b->anchors[i];
		const struct flat_token *token = &b->tokens[anchor->token];
		uint8_t home = b->homes[i];

		if (home > PROBE_PAIR)
			continue;
		sifted[count++] = (struct sieve_anchor){token->key,
		    home == WIDE || home == PROBE_PAIR
			? item_key(b, anchor, home) : 0,
		    home, token->head};
	}
	sieve_build(b->out, b->arena, sifted, count);
	free(sifted);
}

/* Where each anchor goes; the maps for as many as there are. */
static void
find_homes(struct build *b, uint32_t count, bool scan)
{
	uint32_t signs = 0;

	b->out->large = scan && count > anchors_few;
	b->out->turns =
	    scan && count / ANCHORS_TURNS > anchors_few;
	for (uint32_t i = 0; i < count; i++) {
		const struct anchor *anchor = &b->anchors[i];
		unsigned home = home_of(&b->tokens[anchor->token]);

		b->homes[i] = (uint8_t)home;
		signs += home >= PROBE_SIGNED && home < PROBE_PAIR;
		if (b->out->large && anchor->pair != NODE_NONE)
			b->homes[i] = PROBE_PAIR;
	}
	b->map = new_map(b, &b->out->map, count - signs);
	b->signed_map = new_map(b, &b->out->signed_map, signs);
	if (scan)
		build_sieve(b, count);
}

static void
build_probes(struct build *b, uint32_t count)
{
	struct prefilter *out = b->out;

	for (unsigned home = 0; home < PROBE_HOMES; home++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < count; i++)
			if (b->homes[i] == home)
				b->here[n++] = (struct item){
				    item_key(b, &b->anchors[i], home), i, 0};
		build_probe(b, n, home);
		if (n == 0 || home == WIDE || home == PROBE_PAIR)
			continue;
		out->narrow |= home < PROBE_SIGNED;
		out->signs |= home >= PROBE_SIGNED && home < PROBE_PAIR;
		out->inner |= home > PROBE_PAIR;
	}
}

void
prefilter_build(struct prefilter *out, struct arena *arena,
    const struct flat_token *tokens, const char *bytes,
    const struct anchor *anchors, uint32_t count, bool scan)
{
	struct build b = {.arena = arena,
	    .tokens = tokens,
	    .bytes = bytes,
	    .anchors = anchors,
	    .out = out,
	    .homes = must_alloc(count + 1ul),
	    .here = must_alloc(sizeof(*b.here) * (count + 1ul)),
	    .sorted = must_alloc(sizeof(*b.sorted) * (count + 1ul)),
	    .at = must_alloc(sizeof(*b.at) * (2ul * count + 3)),
	    .hooks = arena_alloc(arena, sizeof(*b.hooks) * (count + 1ul))};

	find_homes(&b, count, scan);
	build_probes(&b, count);
	for (unsigned i = 0; scan && i < INCLUSIVE_KEYS; i++)
		mark(b.map, out->map.shift,
		    probe_hash(probe_load(inclusive_keys[i]), WIDE),
		    out->large);
	out->hooks = b.hooks;
	out->anchors_count = count;
	free(b.homes);
	free(b.here);
	free(b.sorted);
	free(b.at);
}
