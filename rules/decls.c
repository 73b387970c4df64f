/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/ast.h"

struct row {
	struct slice id;
	uint64_t head; /* its first bytes as a number, in their order */
	uint32_t from; /* index before sorting */
};

static uint64_t
head_of(struct slice id)
{
	uint64_t head = 0;

	memcpy(&head, id.data, id.len < 8 ? id.len : 8);
	return __builtin_bswap64(head);
}

static int
by_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	order = slice_order(x->id, y->id);
	if (order != 0)
		return order;
	return (x->from > y->from) - (x->from < y->from);
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/*
 * Put ${items} in the order of their ids, which lie at the start of each item
 * (all of them begin with their id); returns where each one went, to be
 * freed.
 */
static uint32_t *
sort(struct arena *arena, void **items, uint32_t count, size_t bytes)
{
	struct row *rows = must_alloc(count * sizeof(*rows));
	uint32_t *moved = must_alloc(count * sizeof(*moved));
	char *sorted = arena_alloc(arena, count * bytes);
	const char *old = *items;
	bool sorted_already = true;

	for (uint32_t i = 0; i < count; i++) {
		memcpy(&rows[i].id, old + i * bytes, sizeof(rows[i].id));
		rows[i].head = head_of(rows[i].id);
		rows[i].from = i;
		sorted_already &= i == 0 || by_id(&rows[i - 1], &rows[i]) < 0;
	}
	if (!sorted_already)
		qsort(rows, count, sizeof(*rows), by_id);
	for (uint32_t i = 0; i < count; i++) {
		memcpy(sorted + i * bytes, old + rows[i].from * bytes, bytes);
		moved[rows[i].from] = i;
	}
	free(rows);
	*items = sorted;
	return moved;
}

static void
follow(uint32_t *index, const uint32_t *moved)
{
	if (*index != RULES_NONE)
		*index = moved[*index];
}

static uint32_t *
sort_sectors(struct decls *d)
{
	void *items = d->sectors;
	uint32_t *moved = sort(
	    d->arena, &items, d->sectors_count, sizeof(*d->sectors));

	d->sectors = items;
	return moved;
}

static uint32_t *
sort_brands(struct decls *d)
{
	void *items = d->brands;
	uint32_t *moved =
	    sort(d->arena, &items, d->brands_count, sizeof(*d->brands));

	d->brands = items;
	return moved;
}

static uint32_t *
sort_topics(struct decls *d)
{
	void *items = d->topics;
	uint32_t *moved =
	    sort(d->arena, &items, d->topics_count, sizeof(*d->topics));

	d->topics = items;
	return moved;
}

static uint32_t *
sort_rules(struct decls *d)
{
	void *items = d->rules;
	uint32_t *moved =
	    sort(d->arena, &items, d->rules_count, sizeof(*d->rules));

	d->rules = items;
	return moved;
}

void
decls_sort(struct decls *d)
{
	uint32_t *sectors = sort_sectors(d), *brands = sort_brands(d);
	uint32_t *topics = sort_topics(d), *rules = sort_rules(d);

	for (uint32_t i = 0; i < d->brands_count; i++)
		follow(&d->brands[i].d.sector, sectors);
	for (uint32_t i = 0; i < d->topics_count; i++)
		follow(&d->topics[i].d.sector, sectors);
	for (uint32_t i = 0; i < d->rules_count; i++) {
		struct rule_decl *r = &d->rules[i];

		follow(&r->d.sector, sectors);
		follow(&r->topic, topics);
		for (uint32_t k = 0; k < r->brands_count; k++)
			follow(&r->brands[k], brands);
		for (uint32_t k = 0; k < r->replaces_count; k++)
			follow(&r->replaces[k].index,
			    r->replaces[k].topic ? topics : rules);
		if (r->brands_count > 1)
			qsort(r->brands, r->brands_count, sizeof(*r->brands),
			    by_value);
	}
	free(sectors);
	free(brands);
	free(topics);
	free(rules);
}

void
decls_free(struct decls *d)
{
	if (d != NULL)
		arena_free(d->arena);
}
