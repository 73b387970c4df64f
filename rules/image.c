/*
 * The parts of a set and of its base, in one order for both ways.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/image.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/builder.h"

/* Slices at the same place in each of ${count} items. */
static void
slices(struct image *im, void *items, uint32_t count, size_t item_bytes,
    size_t at)
{
	for (uint32_t i = 0; items != NULL && i < count; i++)
		image_slice(im, (struct slice *)(void *)((char *)items +
				    i * item_bytes + at));
}

/* ${field}, an array of ${count} without pointers. */
#define ARRAY(im, owner, field, count)                                         \
	do {                                                                   \
		void *array_ = image_array((im), (owner)->field,               \
		    sizeof(*(owner)->field) * (size_t)(count));                \
		if ((im)->load)                                                \
			(owner)->field = array_;                               \
	} while (0)

static void *
heap(const void *items, size_t bytes)
{
	char *to = must_grow(NULL, bytes + 1);

	if (items != NULL)
		memcpy(to, items, bytes);
	else
		memset(to, 0, bytes);
	return to;
}

/* The same on the heap, as a base has it. */
#define HEAP(im, owner, field, count)                                          \
	do {                                                                   \
		size_t bytes_ = sizeof(*(owner)->field) * (size_t)(count);     \
		void *array_ = image_array((im), (owner)->field, bytes_);      \
		if ((im)->load)                                                \
			(owner)->field = heap(array_, bytes_);                 \
	} while (0)

/* And what of it nobody asks when none follows. */
#define LATER(im, base, owner, field, count)                                   \
	do {                                                                   \
		if (!(im)->load || !(base)->brief) {                           \
			HEAP(im, owner, field, count);                         \
		} else {                                                       \
			image_array((im), NULL,                                \
			    sizeof(*(owner)->field) * (size_t)(count));        \
			(owner)->field = NULL;                                 \
		}                                                              \
	} while (0)

/* ---- the base ------------------------------------------------------------ */

/* The kind of a file that is no rule file, as a literal. */
static const char *
kind_of(struct image *im, struct slice name)
{
	static const char *const kinds[] = {
	    "organisation", "config", "playbooks", "scenario"};

	if (name.data == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_is(name, kinds[i]))
			return kinds[i];
	im->broken = true;
	return NULL;
}

static void
image_file(
    struct image *im, const struct rules_base *base, struct patch_file *f)
{
	struct slice texts[2] = {slice_of(f->path), slice_of(f->kind)}, *copy;

	if (im->load)
		texts[0] = texts[1] = SLICE_NONE;
	copy = image_array(im, texts, sizeof(texts));
	if (copy == NULL)
		return;
	slices(im, copy, 2, sizeof(*copy), 0);
	if (im->load) {
		f->path = strndup(copy[0].data, copy[0].len);
		REQUIRE(f->path != NULL);
		f->kind = kind_of(im, copy[1]);
	}
	LATER(im, base, f, entries, f->entries_count);
}

static void
image_files(struct image *im, struct rules_base *base)
{
	for (uint32_t i = 0; im->load && i < base->files_count; i++) {
		struct patch_file *f = &base->files[i];

		f->path = NULL; /* what stood there is another process's */
		f->kind = NULL;
		f->bytes = SLICE_NONE;
		f->entries = NULL;
	}
	for (uint32_t i = 0; i < base->files_count && !im->broken; i++)
		image_file(im, base, &base->files[i]);
}

void
image_base(struct image *im, struct rules_base *base)
{
	struct rules_base *head = image_array(im, base, sizeof(*base));

	if (head == NULL)
		return;
	if (im->load) {
		*base = (struct rules_base){.files_count = head->files_count,
		    .files_room = head->files_count,
		    .mains_count = head->mains_count,
		    .topical_count = head->topical_count,
		    .uses_count = head->uses_count,
		    .examples = head->examples,
		    .brief = base->brief};
	}
	LATER(im, base, base, mains, base->mains_count);
	LATER(im, base, base, topical, base->topical_count);
	LATER(im, base, base, uses, base->uses_count);
	HEAP(im, base, files, base->files_count);
	image_files(im, base);
}

/* ---- the set ------------------------------------------------------------- */

/* An array of items with one to four slices, the first of which are at
 * ${at}. */
static void *
named(struct image *im, void *items, uint32_t count, size_t item_bytes,
    const size_t *at, unsigned slices_count)
{
	void *array = image_array(im, items, item_bytes * (size_t)count);

	for (unsigned i = 0; i < slices_count; i++)
		slices(im, array, count, item_bytes, at[i]);
	return im->load ? array : items;
}

#define NAMED(im, owner, field, count, ...)                                    \
	do {                                                                   \
		const size_t at_[] = {__VA_ARGS__};                            \
		(owner)->field = named((im), (owner)->field, (count),          \
		    sizeof(*(owner)->field), at_, sizeof(at_) / sizeof(*at_)); \
	} while (0)

/* What later sets share lies where they share it. */
static void *
shared(const struct image *im, const struct ruleset *rs, const void *items,
    size_t bytes)
{
	void *to;

	if (im->broken)
		return NULL;
	to = arena_alloc(rs->shared->arena, bytes + 1);
	if (bytes > 0)
		memcpy(to, items, bytes);
	return to;
}

#define SHARE(im, rs, field, count)                                            \
	do {                                                                   \
		if ((im)->load)                                                \
			(rs)->field = shared((im), (rs), (rs)->field,          \
			    sizeof(*(rs)->field) * (size_t)(count));           \
	} while (0)

static void
image_brands(struct image *im, struct ruleset *rs)
{
	NAMED(im, rs, brands, rs->brands_count,
	    offsetof(struct rules_brand, id),
	    offsetof(struct rules_brand, name),
	    offsetof(struct rules_brand, company));
	for (uint32_t i = 0; i < rs->brands_count && !im->broken; i++) {
		struct rules_brand *b = &rs->brands[i];
		struct slice *own;

		if (b->own_count == 0)
			continue;
		own = image_array(im, b->own, sizeof(*own) * b->own_count);
		slices(im, own, b->own_count, sizeof(*own), 0);
		if (im->load)
			b->own = shared(
			    im, rs, own, sizeof(*own) * b->own_count);
	}
}

static void
image_names(struct image *im, struct ruleset *rs)
{
	NAMED(im, rs, sectors, rs->sectors_count,
	    offsetof(struct rules_sector, id),
	    offsetof(struct rules_sector, name_fr),
	    offsetof(struct rules_sector, name_en));
	SHARE(im, rs, sectors, rs->sectors_count);
	image_brands(im, rs);
	NAMED(im, rs, topics, rs->topics_count,
	    offsetof(struct rules_topic, id),
	    offsetof(struct rules_topic, name_fr),
	    offsetof(struct rules_topic, name_en),
	    offsetof(struct rules_topic, department));
	NAMED(im, rs, rules, rs->rules_count, offsetof(struct rules_rule, id),
	    offsetof(struct rules_rule, department));
	NAMED(im, rs, groups, rs->groups_count,
	    offsetof(struct rules_group, id));
	SHARE(im, rs, groups, rs->groups_count);
	NAMED(im, rs, relays, rs->relays_count,
	    offsetof(struct ruleset_relay, text));
	SHARE(im, rs, relays, rs->relays_count);
}

static void
image_program(struct image *im, struct ruleset *rs)
{
	ARRAY(im, rs, units, ruleset_units(rs));
	ARRAY(im, rs, nodes, rs->nodes_count);
	ARRAY(im, rs, children, rs->children_count);
	ARRAY(im, rs, tokens, rs->tokens_count);
	ARRAY(im, rs, bytes, rs->bytes_count + 16u);
	ARRAY(im, rs, exacts, rs->exacts_count);
	NAMED(im, rs, fields, rs->fields_count, offsetof(struct field, text));
	for (uint32_t i = 0; i < rs->fields_count && !im->broken; i++) {
		struct field *f = &rs->fields[i];
		struct slice *values =
		    image_array(im, f->values, sizeof(*values) * f->count);

		slices(im, values, f->count, sizeof(*values), 0);
		if (im->load)
			f->values = shared(
			    im, rs, values, sizeof(*values) * f->count);
	}
	NAMED(im, rs, regexes, rs->regexes_count,
	    offsetof(struct regex, pattern), offsetof(struct regex, path));
	for (uint32_t i = 0; im->load && !im->broken && i < rs->regexes_count;
	     i++)
		atomic_init(&rs->regexes[i].held, NULL);
}

static void
image_ranges(struct image *im, struct ranges *r, uint32_t count)
{
	ARRAY(im, r, first, count + 1u);
	if (!im->broken)
		ARRAY(im, r, items, r->first[count]);
}

static void
image_probe(struct image *im, struct probe *p)
{
	if (p->count == 0)
		return; /* it has no arrays */
	ARRAY(im, p, slots, (UINT64_C(1) << (64 - p->slots_shift)) + 1);
	ARRAY(im, p, entries, p->count + UINT64_C(1));
}

static void
image_prefilter(struct image *im, struct prefilter *p)
{
	ARRAY(im, &p->map, words, UINT64_C(1) << (64 - p->map.shift));
	ARRAY(im, &p->signed_map, words,
	    UINT64_C(1) << (64 - p->signed_map.shift));
	ARRAY(im, &p->sieve, words, p->sieve.mask + UINT64_C(1));
	ARRAY(im, &p->sieve, short_words, p->sieve.short_mask + UINT64_C(1));
	for (unsigned home = 0; home < PROBE_HOMES; home++)
		image_probe(im, &p->probes[home]);
	ARRAY(im, p, hooks, p->anchors_count + UINT64_C(1));
	ARRAY(im, p, always, p->always_count);
	ARRAY(im, p, disguised, p->disguised_count);
}

/* The names of sets of phrases. */
static void
image_sets(struct image *im, struct ruleset *rs)
{
	struct slice *names =
	    must_alloc(sizeof(*names) * (rs->sets_count + 1ul)), *copy;

	for (uint32_t i = 0; !im->load && i < rs->sets_count; i++)
		names[i] = rs->sets[i].name;
	copy = image_array(im, names, sizeof(*names) * rs->sets_count);
	slices(im, copy, rs->sets_count, sizeof(*copy), 0);
	free(names);
	if (!im->load || im->broken)
		return;
	rs->sets = arena_alloc(
	    rs->arena, sizeof(*rs->sets) * (rs->sets_count + 1ul));
	for (uint32_t i = 0; i < rs->sets_count; i++)
		rs->sets[i].name = copy[i];
}

/* Codes that were kept are for a set that shares with no other. */
static void
image_kept(struct image *im, struct ruleset *rs, const struct rules_base *base)
{
	ARRAY(im, &rs->kept, regexes, rs->kept.count);
	ARRAY(im, &rs->kept, pieces, regex_kept_pieces(&rs->kept));
	ARRAY(im, &rs->kept, bytes, rs->kept.bytes_count);
	if (im->load && !base->brief)
		rs->kept = (struct regex_kept){0};
}

void
image_set(struct image *im, struct ruleset *rs, struct rules_base *base)
{
	struct ruleset *head = image_array(im, rs, sizeof(*rs));

	if (head == NULL)
		return;
	if (im->load) {
		head->references = rs->references;
		head->generation = rs->generation;
		head->arena = rs->arena;
		head->shared = rs->shared;
		head->own_count = 0;
		head->regexes_shared = 0;
		memset(head->own_sieve, 0, sizeof(head->own_sieve));
		head->macro_names = NULL; /* a set with any is not kept */
		head->macro_nodes = NULL;
		head->conditions = NULL;
		head->replacers = (struct ranges){0};
		*rs = *head;
		base->generation = rs->generation;
	}
	image_names(im, rs);
	image_program(im, rs);
	image_ranges(im, &rs->brand_rules, rs->brands_count);
	image_ranges(im, &rs->sector_rules, rs->sectors_count + 1u);
	image_prefilter(im, &rs->mains);
	image_prefilter(im, &rs->topical);
	image_sets(im, rs);
	image_kept(im, rs, base);
}
