/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/builder.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/patch.h"
#include "rules/regex_known.h"

uint32_t
builder_push(struct grow *g, const void *items, uint32_t count)
{
	uint32_t first = g->count;

	if (count > g->room - g->count) {
		REQUIRE(g->count < UINT32_MAX / 2 - count);
		g->room = g->room * 2 + count + 256;
		g->items = must_grow(g->items, (size_t)g->room * g->item_bytes);
	}
	if (count > 0)
		memcpy((char *)g->items + (size_t)first * g->item_bytes, items,
		    (size_t)count * g->item_bytes);
	g->count += count;
	return first;
}

void
builder_init(struct builder *b, const struct decls *decls, struct diag *diag)
{
	*b = (struct builder){
	    .decls = decls,
	    .diag = diag,
	    .frequency = frequency_new(),
	    .nodes.item_bytes = sizeof(struct flat_node),
	    .costs.item_bytes = sizeof(uint32_t),
	    .children.item_bytes = sizeof(uint32_t),
	    .tokens.item_bytes = sizeof(struct flat_token),
	    .bytes.item_bytes = 1,
	    .regexes.item_bytes = sizeof(struct regex),
	    .fields.item_bytes = sizeof(struct field),
	    .literals.item_bytes = sizeof(struct regex_literals),
	    .literal_hooks.item_bytes = sizeof(struct hook),
	    .sets.item_bytes = sizeof(uint32_t),
	    .set_names.item_bytes = sizeof(struct slice),
	    .macro_names.item_bytes = sizeof(struct slice),
	    .exacts.item_bytes = sizeof(struct flat_exact),
	    .key.item_bytes = 1,
	    .lists.item_bytes = sizeof(uint32_t),
	    .stack.item_bytes = sizeof(uint32_t),
	    .anchors.item_bytes = sizeof(struct anchor),
	    .always.item_bytes = sizeof(uint32_t),
	    .disguised.item_bytes = sizeof(struct disguised),
	    .uses.item_bytes = sizeof(struct patch_use),
	    .table_room = 4096,
	};
	/* two nodes an entry, half full: few sets make it grow */
	while (b->table_room / 4 < decls->brands_count + decls->topics_count +
				       decls->rules_count)
		b->table_room *= 2;
	b->table = must_alloc(sizeof(*b->table) * b->table_room);
}

void
builder_fini(struct builder *b)
{
	struct grow *arrays[] = {&b->nodes, &b->costs, &b->children, &b->tokens,
	    &b->bytes, &b->regexes, &b->fields, &b->literals,
	    &b->literal_hooks, &b->sets, &b->set_names, &b->key, &b->lists,
	    &b->stack, &b->anchors, &b->always, &b->exacts, &b->macro_names,
	    &b->disguised, &b->uses};

	for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
		free(arrays[i]->items);
	regex_known_free(b->known);
	frequency_free(b->frequency);
	free(b->table);
}

static struct intern *
table_slot(struct intern *table, uint32_t room, uint64_t low, uint64_t high)
{
	uint32_t i = (uint32_t)low & (room - 1);

	while (table[i].index != 0 &&
	       (table[i].low != low || table[i].high != high))
		i = (i + 1) & (room - 1);
	return &table[i];
}

static void
table_double(struct builder *b)
{
	uint32_t room = b->table_room * 2;
	struct intern *table = must_alloc(sizeof(*table) * room);

	for (uint32_t i = 0; i < b->table_room; i++)
		if (b->table[i].index != 0)
			*table_slot(table, room, b->table[i].low,
			    b->table[i].high) = b->table[i];
	free(b->table);
	b->table = table;
	b->table_room = room;
}

/* Content is compared by its 128-bit hash alone: with a thousand million
 * nodes the odds of a false match are below 1e-20. */
uint32_t
builder_intern(struct builder *b, char tag, uint32_t index)
{
	XXH128_hash_t hash;
	struct intern *slot;

	builder_push(&b->key, &tag, 1);
	hash = XXH3_128bits(b->key.items, b->key.count);
	b->key.count = 0;
	if (b->table_count * 2 >= b->table_room)
		table_double(b);
	slot = table_slot(b->table, b->table_room, hash.low64, hash.high64);
	if (slot->index == 0) {
		*slot = (struct intern){hash.low64, hash.high64, index + 1};
		b->table_count++;
	}
	return slot->index - 1;
}
