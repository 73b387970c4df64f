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

static const uint64_t no_bits[1];

/* Where an anchor goes: enum probe_width, the same behind a sign, inside. */
enum home {
	SIGNED = PROBE_WIDTHS,
	INNER_FOUR = 2 * PROBE_WIDTHS,
	INNER_TWO,
	PLACES,
	NO_PLACE,
};

static unsigned
home_of(const struct flat_token *token)
{
	unsigned sign = token->sign != 0 ? SIGNED : 0;

	if (token->form == TOKEN_INNER)
		return token->len >= 4   ? INNER_FOUR
		       : token->len >= 2 ? INNER_TWO
					 : NO_PLACE;
	if (token->form == TOKEN_EXACT ||
	    (token->form == TOKEN_PREFIX && token->len >= 16))
		return sign + WIDE;
	return token->head >= 8   ? sign + EIGHT
	       : token->head >= 4 ? sign + FOUR
	       : token->head >= 2 ? sign + TWO
				  : NO_PLACE;
}

static uint64_t
key_of(const struct flat_token *token, const char *bytes, unsigned place)
{
	static const uint32_t narrow[PLACES] = {[EIGHT] = 8,
	    [FOUR] = 4,
	    [TWO] = 2,
	    [SIGNED + EIGHT] = 8,
	    [SIGNED + FOUR] = 4,
	    [SIGNED + TWO] = 2,
	    [INNER_FOUR] = 4,
	    [INNER_TWO] = 2};
	uint64_t second;

	if (narrow[place] != 0)
		return token->key & probe_mask(narrow[place]);
	if (token->len <= 8)
		return token->key;
	second = probe_load(bytes + token->text + 8);
	return probe_wide(token->key, second & probe_mask(token->len - 8));
}

bool
prefilter_keyable(const struct flat_token *token)
{
	return home_of(token) != NO_PLACE;
}

static uint8_t
bits_for(uint64_t items)
{
	uint8_t bits = 1;

	while ((UINT64_C(1) << bits) < items)
		bits++;
	return bits;
}

static bool
same_token(
    const struct flat_token *a, const struct flat_token *b, const char *bytes)
{
	return a->key == b->key && a->len == b->len && a->head == b->head &&
	       a->form == b->form && a->sign == b->sign &&
	       !memcmp(bytes + a->text, bytes + b->text, a->len);
}

/* What a build carries from step to step. */
struct build {
	struct arena *arena;
	const struct flat_token *tokens;
	const char *bytes;
	struct anchor *sorted; /* by slot */
	struct hook *hooks;    /* of all widths */
	uint32_t hooks_count;
};

/* Within one slot, bring anchors with the same token together and write one
 * entry for each.  Slots are short, so the square does not matter. */
static uint32_t
write_slot(struct build *b, struct probe_entry *entries, uint32_t entries_count,
    struct anchor *slot, uint32_t count, unsigned place)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct flat_token *token;

		if (slot[i].token == NODE_NONE)
			continue;
		token = &b->tokens[slot[i].token];
		entries[entries_count++] =
		    (struct probe_entry){key_of(token, b->bytes, place),
			slot[i].token, b->hooks_count};
		for (uint32_t k = i; k < count; k++) {
			if (slot[k].token == NODE_NONE ||
			    !same_token(
				token, &b->tokens[slot[k].token], b->bytes))
				continue;
			b->hooks[b->hooks_count++] = slot[k].hook;
			if (k > i)
				slot[k].token = NODE_NONE;
		}
	}
	return entries_count;
}

static void
build_probe(struct build *b, struct probe *out, const struct anchor *anchors,
    uint32_t count, unsigned place)
{
	uint8_t slot_bits = bits_for(count);
	uint64_t want = (uint64_t)count * BITS_PER_ANCHOR;
	uint8_t map_bits = bits_for(
	    want <= BITS_FEW ? want : (uint64_t)count * BITS_PER_ANCHOR_MANY);
	uint32_t slots_count = UINT32_C(1) << slot_bits;
	struct probe_entry *entries;
	uint32_t *slots, *at, entries_count = 0;
	uint64_t *bits;

	*out = (struct probe){.bits = no_bits, .bits_shift = 63};
	if (count == 0)
		return;
	if (map_bits < 9)
		map_bits = 9;
	bits = arena_alloc(b->arena, (size_t)1 << (map_bits - 3));
	slots = arena_alloc(b->arena, sizeof(*slots) * (slots_count + 1));
	entries = arena_alloc(b->arena, sizeof(*entries) * (count + 1));
	*out = (struct probe){bits, slots, entries, count,
	    (uint8_t)(64 - map_bits), (uint8_t)(64 - slot_bits)};

	/* A counting sort of the anchors by slot. */
	at = must_alloc(sizeof(*at) * (slots_count + 1));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t h =
		    key_of(&b->tokens[anchors[i].token], b->bytes, place) *
		    PROBE_FACTOR;

		bits[(h >> out->bits_shift) / 64] |=
		    UINT64_C(1) << ((h >> out->bits_shift) % 64);
		at[(h >> out->slots_shift) + 1]++;
	}
	for (uint32_t i = 0; i < slots_count; i++)
		at[i + 1] += at[i];
	for (uint32_t i = 0; i < count; i++) {
		uint64_t h =
		    key_of(&b->tokens[anchors[i].token], b->bytes, place) *
		    PROBE_FACTOR;

		b->sorted[at[h >> out->slots_shift]++] = anchors[i];
	}
	/* at[h] is now the end of slot h, the start of slot h + 1. */
	for (uint32_t i = 0, first = 0; i < slots_count; i++) {
		slots[i] = entries_count;
		entries_count = write_slot(b, entries, entries_count,
		    b->sorted + first, at[i] - first, place);
		first = at[i];
	}
	slots[slots_count] = entries_count;
	entries[entries_count] =
	    (struct probe_entry){.token = NODE_NONE, .hooks = b->hooks_count};
	free(at);
}

void
prefilter_build(struct prefilter *out, struct arena *arena,
    const struct flat_token *tokens, const char *bytes, struct anchor *anchors,
    uint32_t count)
{
	struct build b = {.arena = arena, .tokens = tokens, .bytes = bytes};
	struct anchor *here;

	b.sorted = must_alloc(sizeof(*b.sorted) * (count + 1));
	here = must_alloc(sizeof(*here) * (count + 1));
	b.hooks = arena_alloc(arena, sizeof(*b.hooks) * (count + 1));
	for (unsigned place = 0; place < PLACES; place++) {
		struct probe *probe = place < SIGNED ? &out->plain[place]
				      : place < INNER_FOUR
					  ? &out->sign[place - SIGNED]
				      : place == INNER_FOUR ? &out->inner_four
							    : &out->inner_two;
		uint32_t n = 0;

		for (uint32_t i = 0; i < count; i++)
			if (home_of(&tokens[anchors[i].token]) == place)
				here[n++] = anchors[i];
		build_probe(&b, probe, here, n, place);
		out->narrow |= n > 0 && place > WIDE && place < SIGNED;
		out->signs |= n > 0 && place >= SIGNED && place < INNER_FOUR;
	}
	out->hooks = b.hooks;
	out->anchors_count = count;
	free(here);
	free(b.sorted);
}

/* ---- a post -------------------------------------------------------------- */

void
prefilter_keys(struct matcher *m)
{
	const char *bytes = m->text->bytes;
	const uint32_t *at = m->text->at, *end = m->text->end;
	uint64_t *keys = m->keys, *wides = m->wides;

	for (uint32_t t = 0, n = m->text->tokens; t < n; t++) {
		uint32_t len = end[t] - at[t];
		uint32_t rest = len > 8 ? len - 8 : 0;
		uint64_t first = probe_load(bytes + at[t]) & probe_mask(len);
		uint64_t second =
		    probe_load(bytes + at[t] + 8) & probe_mask(rest);

		keys[t] = first;
		wides[t] = probe_wide(first, second);
	}
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
		if (hook->phrase == NODE_NONE)
			queue_unit(m, hook->unit, false);
		else if (matcher_phrase_at(
			     m, &m->rs->nodes[hook->phrase], t - hook->offset))
			queue_unit(m, hook->unit, hook->flags & HOOK_PROVES);
	}
}

static void
look_up_one(struct matcher *m, const struct prefilter *table,
    const struct probe *p, uint64_t key, uint32_t t)
{
	const struct probe_entry *last, *e;

	if (p->count == 0 || !probe_may_hold(p, key))
		return;
	for (e = probe_bucket(p, key, &last); e < last; e++)
		if (e->key == key &&
		    matcher_token_fits(m, t, &m->rs->tokens[e->token]))
			take_hooks(m, table, e, t);
}

static void
look_up(struct matcher *m, const struct prefilter *table,
    const struct probe *probes, uint32_t t)
{
	uint64_t key = m->keys[t];

	look_up_one(m, table, &probes[WIDE], m->wides[t], t);
	look_up_one(m, table, &probes[EIGHT], key, t);
	look_up_one(m, table, &probes[FOUR], key & UINT32_MAX, t);
	look_up_one(m, table, &probes[TWO], key & 0xffff, t);
}

/* Bytes at any offset agree with the anchor: an inner literal, or the start
 * of a regex inside what is one token for us and two words for PCRE2. */
static void
look_up_bytes(struct matcher *m, const struct prefilter *table,
    const struct probe *p, uint64_t key, uint32_t at)
{
	const struct probe_entry *last, *e;
	const struct text *text = m->text;

	if (p->count == 0 || !probe_may_hold(p, key))
		return;
	for (e = probe_bucket(p, key, &last); e < last; e++) {
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

		look_up_bytes(
		    m, table, &table->inner_four, word & UINT32_MAX, i);
		look_up_bytes(m, table, &table->inner_two, word & 0xffff, i);
	}
}

/* PCRE2 sees a word begin at a letter behind a combining mark; our tokens do
 * not.  Such places are ASCII letters behind a byte that is not ASCII. */
static void
scan_soft(struct matcher *m, const struct prefilter *table)
{
	const struct text *text = m->text;
	const struct probe *p = table->plain;
	const char *bytes = text->bytes;

	for (uint32_t i = 0; i < text->len; i += 8) {
		const uint64_t high = UINT64_C(0x8080808080808080);
		uint64_t word = probe_load(bytes + i);

		if ((word & high) == 0)
			continue;
		for (uint32_t k = i; k < i + 8 && k + 1 < text->len; k++) {
			uint64_t next;

			if ((bytes[k] & 0x80) == 0 || (bytes[k + 1] & 0x80))
				continue;
			next = probe_load(bytes + k + 1);
			look_up_bytes(m, table, &p[WIDE],
			    probe_wide(next, probe_load(bytes + k + 9)), k + 1);
			look_up_bytes(m, table, &p[EIGHT], next, k + 1);
			look_up_bytes(
			    m, table, &p[FOUR], next & UINT32_MAX, k + 1);
			look_up_bytes(m, table, &p[TWO], next & 0xffff, k + 1);
		}
	}
}

/* Tokens whose key some bitmap knows, without a branch per token. */
static inline uint32_t
find_suspects(
    struct matcher *m, const struct prefilter *table, bool narrow, bool signs)
{
	const struct probe wide = table->plain[WIDE];
	const struct probe eight = table->plain[EIGHT];
	const struct probe four = table->plain[FOUR], two = table->plain[TWO];
	const uint64_t *keys = m->keys, *wides = m->wides;
	const char *before = m->text->bytes - 1;
	uint32_t *out = m->suspects, count = 0;

	for (uint32_t t = 0, n = m->text->tokens; t < n; t++) {
		bool hit = probe_may_hold(&wide, wides[t]);

		if (narrow)
			hit |= (int)probe_may_hold(&eight, keys[t]) |
			       (int)probe_may_hold(&four, keys[t] & UINT32_MAX) |
			       (int)probe_may_hold(&two, keys[t] & 0xffff);
		if (signs) {
			char c = before[m->text->at[t]];

			hit |= (c == '#') | (c == '@') | (c == '$');
		}
		out[count] = t;
		count += hit;
	}
	return count;
}

void
prefilter_scan(struct matcher *m, const struct prefilter *table)
{
	const char *before = m->text->bytes - 1;
	uint32_t count;

	if (table->narrow)
		count = table->signs ? find_suspects(m, table, true, true)
				     : find_suspects(m, table, true, false);
	else
		count = table->signs ? find_suspects(m, table, false, true)
				     : find_suspects(m, table, false, false);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = m->suspects[i];

		look_up(m, table, table->plain, t);
		if (table->signs && probe_is_sign(before[m->text->at[t]]))
			look_up(m, table, table->sign, t);
	}
	if (table->soft)
		scan_soft(m, table);
	if (table->inner_four.count + table->inner_two.count > 0)
		scan_inner(m, table);
	for (uint32_t i = 0; i < table->always_count; i++)
		queue_unit(m, table->always[i], false);
}
