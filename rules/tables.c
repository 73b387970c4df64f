/*
 * The tables of a set: prefilters, lists, who hangs on whom, order of hits.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/patch.h"

static void *
copy(struct ruleset *rs, const struct grow *from)
{
	size_t bytes = (size_t)from->count * from->item_bytes;
	void *to = arena_alloc(rs->arena, bytes + 1);

	if (bytes > 0)
		memcpy(to, from->items, bytes);
	return to;
}

/* Which token of an entry is looked up: the longest, for a text is asked about
 * a list only when the rest of a rule holds.  False: none can be. */
static bool
entry_anchor(const struct ruleset *rs, const struct flat_node *phrase,
    uint32_t *offset)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < phrase->count && i <= UINT16_MAX; i++) {
		const struct flat_token *token =
		    &rs->tokens[phrase->first + i];

		if (token->len <= most || !prefilter_keyable(token))
			continue;
		most = token->len;
		*offset = i;
	}
	return most > 0;
}

static uint8_t
word_flags(const struct ruleset *rs, const struct flat_node *phrase)
{
	const struct flat_token *token = &rs->tokens[phrase->first];

	if (phrase->count != 1)
		return 0;
	return token->form == TOKEN_EXACT && token->sign == 0 &&
		token->len <= sizeof(token->key)
	    ? HOOK_ALONE | HOOK_WORD
	    : HOOK_ALONE;
}

void
tables_sets(struct builder *b, struct ruleset *rs, const struct ruleset *from)
{
	struct arena *arena = rs->shared->arena;
	uint32_t first = from == NULL ? 0 : from->sets_count;
	struct anchor *anchors = NULL;

	rs->sets_count = b->sets.count;
	rs->sets =
	    arena_alloc(rs->arena, sizeof(*rs->sets) * (b->sets.count + 1ul));
	if (first > 0)
		memcpy(rs->sets, from->sets, sizeof(*rs->sets) * first);
	for (uint32_t s = first; s < b->sets.count; s++) {
		struct phrase_set *set = &rs->sets[s];
		struct slice name = *grow_at(&b->set_names, struct slice, s);
		const struct flat_node *node =
		    &rs->nodes[*grow_at(&b->sets, uint32_t, s)];
		const uint32_t *items = rs->children + node->first;

		anchors =
		    must_grow(anchors, sizeof(*anchors) * (node->count + 1ul));
		while (set->count < node->count) {
			uint32_t phrase = items[set->count], offset = 0;
			const struct flat_node *p = &rs->nodes[phrase];

			if (p->kind != NODE_PHRASE ||
			    !entry_anchor(rs, p, &offset))
				break;
			anchors[set->count++] =
			    (struct anchor){p->first + offset,
				{.phrase = phrase, .offset = (uint16_t)offset,
				    .flags = word_flags(rs, p)},
				NODE_NONE};
		}
		if (name.len > 0)
			set->name = arena_text(arena, name);
		prefilter_build(&set->table, arena, rs->tokens, rs->bytes,
		    anchors, set->count, false);
	}
	free(anchors);
}

static unsigned
disguised_bucket(const struct ruleset *rs, const struct disguised *d)
{
	char c = rs->bytes[rs->tokens[d->token].text];

	return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') : DISGUISED_OTHER;
}

/* A counting sort by first letter. */
static void
build_disguised(struct builder *b, struct ruleset *rs, struct prefilter *out)
{
	uint32_t count = b->disguised.count, *first = out->disguised_first;
	const struct disguised *all = b->disguised.items;
	struct disguised *sorted =
	    arena_alloc(rs->arena, sizeof(*sorted) * (count + 1ul));

	for (uint32_t i = 0; i < count; i++)
		first[disguised_bucket(rs, &all[i]) + 1]++;
	for (unsigned k = 0; k <= DISGUISED_OTHER; k++)
		first[k + 1] += first[k];
	for (uint32_t i = count; i-- > 0;) {
		unsigned k = disguised_bucket(rs, &all[i]);

		sorted[--first[k + 1]] = all[i];
	}
	memmove(first, first + 1, sizeof(*first) * (DISGUISED_OTHER + 1));
	first[DISGUISED_OTHER + 1] = count;
	out->disguised = sorted;
	out->disguised_count = count;
}

void
tables_prefilter(struct builder *b, struct ruleset *rs, struct prefilter *out)
{
	prefilter_build(out, rs->arena, rs->tokens, rs->bytes, b->anchors.items,
	    b->anchors.count, true);
	out->always = copy(rs, &b->always);
	out->always_count = b->always.count;
	build_disguised(b, rs, out);
	out->soft = b->soft;
	b->anchors.count = b->always.count = b->disguised.count = 0;
}

void
tables_mains(struct builder *b, struct ruleset *rs, uint32_t unit)
{
	const struct unit *units = rs->units;
	uint32_t topic = units[unit].topic;

	if (unit < rs->brands_count)
		anchor_unit(b, unit, units[unit].match, NODE_NONE);
	else if (unit >= unit_of_rule(rs, 0) &&
		 !rs->rules[unit - unit_of_rule(rs, 0)].for_brands)
		anchor_unit(b, unit, units[unit].match,
		    topic == RULES_NONE
			? NODE_NONE
			: units[unit_of_topic(rs, topic)].match);
}

static void
build_prefilters(struct builder *b, struct ruleset *rs)
{
	for (uint32_t i = 0; i < ruleset_units(rs); i++)
		tables_mains(b, rs, i);
	if (b->base != NULL)
		patch_base_anchors(b->base, false, &b->anchors);
	tables_prefilter(b, rs, &rs->mains);
	for (uint32_t i = 0; i < rs->topics_count; i++) {
		uint32_t unit = unit_of_topic(rs, i);

		anchor_unit(b, unit, rs->units[unit].match, NODE_NONE);
	}
	if (b->base != NULL)
		patch_base_anchors(b->base, true, &b->anchors);
	tables_prefilter(b, rs, &rs->topical);
}

/* Counts to starts, in place: first[i] becomes the start of range i. */
static uint32_t
starts(uint32_t *first, uint32_t ranges)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i <= ranges; i++) {
		uint32_t count = first[i];

		first[i] = sum;
		sum += count;
	}
	return sum;
}

/* Which ranges rule ${r} belongs to: its brands, or its sector. */
static void
build_ranges(struct ruleset *rs, const struct decls *d)
{
	struct ranges *brands = &rs->brand_rules, *sectors = &rs->sector_rules;
	uint32_t nb = rs->brands_count, ns = rs->sectors_count + 1;

	brands->first = arena_alloc(rs->arena, sizeof(uint32_t) * (nb + 1ul));
	sectors->first = arena_alloc(rs->arena, sizeof(uint32_t) * (ns + 1ul));
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < d->rules_count; i++) {
			const struct rule_decl *r = &d->rules[i];
			uint32_t sector =
			    r->d.sector == RULES_NONE ? ns - 1 : r->d.sector;

			if (r->every_brand && pass == 0)
				sectors->first[sector]++;
			else if (r->every_brand)
				sectors->items[sectors->first[sector]++] = i;
			for (uint32_t k = 0;
			     !r->every_brand && k < r->brands_count; k++) {
				uint32_t brand = r->brands[k];

				if (pass == 0)
					brands->first[brand]++;
				else
					brands->items[brands->first[brand]++] =
					    i;
			}
		}
		if (pass > 0)
			break;
		brands->items = arena_alloc(rs->arena,
		    sizeof(uint32_t) * (starts(brands->first, nb) + 1ul));
		sectors->items = arena_alloc(rs->arena,
		    sizeof(uint32_t) * (starts(sectors->first, ns) + 1ul));
	}
	/* Each start has moved to its end, which is the next one's start. */
	memmove(brands->first + 1, brands->first, sizeof(uint32_t) * nb);
	memmove(sectors->first + 1, sectors->first, sizeof(uint32_t) * ns);
	brands->first[0] = sectors->first[0] = 0;
}

static uint32_t
replaced_unit(const struct ruleset *rs, const struct replaced *r)
{
	return r->topic ? unit_of_topic(rs, r->index)
			: unit_of_rule(rs, r->index);
}

/* The rules that replace a unit; a set without any has no table. */
static void
build_replacers(struct ruleset *rs, const struct decls *d)
{
	struct ranges *out = &rs->replacers;
	uint32_t n = ruleset_units(rs), count = 0, *first;

	for (uint32_t i = 0; i < d->rules_count; i++)
		count += d->rules[i].replaces_count;
	if (count == 0)
		return;
	first = arena_alloc(rs->arena, sizeof(uint32_t) * (n + 1ul));
	out->items = arena_alloc(rs->arena, sizeof(uint32_t) * count);
	for (uint32_t i = 0; i < d->rules_count; i++)
		for (uint32_t k = 0; k < d->rules[i].replaces_count; k++)
			first[replaced_unit(rs, &d->rules[i].replaces[k])]++;
	starts(first, n);
	for (uint32_t i = 0; i < d->rules_count; i++)
		for (uint32_t k = 0; k < d->rules[i].replaces_count; k++)
			out->items[first[replaced_unit(
			    rs, &d->rules[i].replaces[k])]++] = i;
	memmove(first + 1, first, sizeof(uint32_t) * n);
	first[0] = 0;
	out->first = first;
}

/* ---- the order of hits -----------------------------------------------------
 */

/* Within a sector, by printed name.  Ids hold no ':', so all "brand:x" stand
 * together among the rules' ids, and all "topic:y" too. */
enum band { RULES_FIRST, BRANDS, RULES_MIDDLE, TOPICS, RULES_LAST, BANDS };

static enum band
rule_band(struct slice id)
{
	if (slice_order(id, SLICE("brand:")) < 0)
		return RULES_FIRST;
	return slice_order(id, SLICE("topic:")) < 0 ? RULES_MIDDLE : RULES_LAST;
}

static uint32_t
bucket(const struct ruleset *rs, uint32_t unit)
{
	uint32_t sector;
	enum band band;

	if (unit < rs->brands_count) {
		sector = rs->brands[unit].sector;
		band = BRANDS;
	} else if (unit < unit_of_rule(rs, 0)) {
		sector = rs->topics[unit - rs->brands_count].sector;
		band = TOPICS;
	} else {
		const struct rules_rule *r =
		    &rs->rules[unit - unit_of_rule(rs, 0)];

		sector = r->sector;
		band = rule_band(r->id);
	}
	/* Common files come first: RULES_NONE + 1 is 0. */
	return (sector + 1) * BANDS + (uint32_t)band;
}

/* Units of a kind are in the order of their ids already: counting is enough. */
static void
rank_units(struct ruleset *rs)
{
	uint32_t buckets = (rs->sectors_count + 1) * BANDS;
	uint32_t *first = must_alloc(sizeof(*first) * (buckets + 1ul));

	for (uint32_t i = 0; i < ruleset_units(rs); i++)
		first[bucket(rs, i)]++;
	starts(first, buckets);
	for (uint32_t i = 0; i < ruleset_units(rs); i++)
		rs->units[i].rank = first[bucket(rs, i)]++;
	free(first);
}

void
tables_build(struct builder *b, struct ruleset *rs)
{
	tables_sets(b, rs, NULL);
	build_prefilters(b, rs);
	build_ranges(rs, b->decls);
	build_replacers(rs, b->decls);
	rank_units(rs);
}
