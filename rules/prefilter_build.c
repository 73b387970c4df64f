/*
 * The tables of anchors, made at load.
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
	for (unsigned i = 0; i < INCLUSIVE_KEYS; i++) {
		uint64_t hash = probe_hash(probe_load(inclusive_keys[i]), WIDE);

		b.map[hash >> out->map_shift] |= probe_mark(hash);
	}
	out->hooks = b.hooks;
	out->anchors_count = count;
	free(b.here);
	free(b.sorted);
	free(b.at);
}
