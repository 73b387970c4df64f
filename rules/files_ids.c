/*
 * Names to indices.  The table holds hashes and numbers only, so that it
 * stays small; the names stand beside it in the order in which they came.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/files.h"

struct files_ids_slot {
	uint32_t hash, item; /* item: number + 1; 0: free */
};

static uint32_t
hash_of(struct slice id)
{
	return (uint32_t)XXH3_64bits(id.data, id.len);
}

static struct files_ids_slot *
find(const struct files_ids *ids, struct slice id, uint32_t hash)
{
	size_t i = hash & ids->mask;

	while (ids->slots[i].item != 0 &&
	    (ids->slots[i].hash != hash ||
		!slice_equal(ids->items[ids->slots[i].item - 1].id, id)))
		i = (i + 1) & ids->mask;
	return &ids->slots[i];
}

static void
grow(struct files_ids *ids)
{
	struct files_ids_slot *old = ids->slots;
	size_t room = old == NULL ? 0 : ids->mask + 1;

	ids->mask = old == NULL ? 255 : ids->mask * 2 + 1;
	ids->slots = must_alloc((ids->mask + 1) * sizeof(*ids->slots));
	for (size_t i = 0; i < room; i++) {
		size_t at = old[i].hash & ids->mask;

		if (old[i].item == 0)
			continue;
		while (ids->slots[at].item != 0)
			at = (at + 1) & ids->mask;
		ids->slots[at] = old[i];
	}
	free(old);
	ids->items =
	    must_grow(ids->items, (ids->mask / 2 + 2) * sizeof(*ids->items));
}

const struct files_id *
files_ids_add(struct files_ids *ids, struct files_id id)
{
	uint32_t hash = hash_of(id.id);
	struct files_ids_slot *slot;

	if (ids->slots == NULL || ids->count * 2 > ids->mask)
		grow(ids);
	slot = find(ids, id.id, hash);
	if (slot->item != 0)
		return &ids->items[slot->item - 1];
	ids->items[ids->count++] = id;
	*slot = (struct files_ids_slot){hash, (uint32_t)ids->count};
	return NULL;
}

const struct files_id *
files_ids_find(const struct files_ids *ids, struct slice id)
{
	const struct files_ids_slot *slot;

	if (ids->slots == NULL)
		return NULL;
	slot = find(ids, id, hash_of(id));
	return slot->item != 0 ? &ids->items[slot->item - 1] : NULL;
}

void
files_ids_fini(struct files_ids *ids)
{
	free(ids->slots);
	free(ids->items);
	*ids = (struct files_ids){0};
}
