/*
 * The tables of anchors, probed for every token of every post.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/prefilter.h"

#include "rules/disguise.h"

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

/* A point médian in the bytes; other characters have its last byte too. */
static bool
has_point(const struct text *text)
{
	const char *p = text->bytes, *end = p + text->len;

	while ((p = memchr(p, 0xb7, (size_t)(end - p))) != NULL) {
		if ((unsigned char)p[-1] == 0xc2)
			return true;
		p++;
	}
	return false;
}

void
prefilter_keys(struct matcher *m)
{
	const struct text *text = m->text;

	for (uint32_t t = 0; t < text->tokens; t++)
		m->keys[t] = load_key(text->bytes + text->at[t],
		    text->end[t] - text->at[t], &m->wides[t]);
	inclusive_find(m);
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

/* Bytes before a token for which it is looked at more closely: signs, and the
 * last byte of a point médian. */
static const uint8_t sign_of[256] = {
    ['#'] = 1, ['@'] = 1, ['$'] = 1, [0xb7] = 1};

/* What else joins a token to an inclusive group. */
static const uint8_t join_of[256] = {['.'] = 1, ['-'] = 1, ['('] = 1,
    ['/'] = 1};

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

/* The forms of inclusive words, as if each were a token. */
static void
look_up_forms(struct matcher *m, const struct prefilter *table)
{
	for (uint32_t i = 0; i < m->inclusives_count * INCLUSIVE_FORMS; i++) {
		const struct inclusive *g = &m->inclusives[i / INCLUSIVE_FORMS];
		const char *form = g->forms[i % INCLUSIVE_FORMS];
		uint64_t wide, key;

		key = load_key(form, g->len[i % INCLUSIVE_FORMS], &wide);
		for (unsigned sign = 0; sign <= PROBE_SIGNED;
		     sign += PROBE_SIGNED) {
			look_up_one(m, table, sign + WIDE, wide, g->token);
			look_up_one(m, table, sign + EIGHT, key, g->token);
			look_up_one(m, table, sign + FOUR, key & UINT32_MAX,
			    g->token);
			look_up_one(
			    m, table, sign + TWO, key & 0xffff, g->token);
		}
	}
}

/* Whether inclusive groups may be in the post.  A token behind a point médian
 * is a suspect where signs are looked at. */
static bool
has_groups(
    const struct matcher *m, const struct prefilter *table, uint32_t count)
{
	const char *before = m->text->bytes - 1;

	if (!table->signs && has_point(m->text))
		return true;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = m->suspects[i], at = m->text->at[t];
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
	const char *before = m->text->bytes - 1;
	uint32_t count = suspects(m, table, fresh);

	if (fresh && has_groups(m, table, count))
		inclusive_find(m);
	if (m->inclusives_count > 0)
		look_up_forms(m, table);
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
	if (table->disguised_count > 0)
		disguise_scan(m, table);
	for (uint32_t i = 0; i < table->always_count; i++)
		queue_unit(m, table->always[i], false);
}
