/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/files.h"

static struct files_id *
find(const struct files_ids *ids, struct slice id)
{
	size_t i = XXH3_64bits(id.data, id.len) & ids->mask;

	while (ids->slots[i].id.data != NULL &&
	    !slice_equal(ids->slots[i].id, id))
		i = (i + 1) & ids->mask;
	return &ids->slots[i];
}

static void
grow(struct files_ids *ids)
{
	struct files_ids old = *ids;

	ids->mask = old.slots == NULL ? 255 : old.mask * 2 + 1;
	ids->slots = must_alloc((ids->mask + 1) * sizeof(*ids->slots));
	for (size_t i = 0; old.slots != NULL && i <= old.mask; i++)
		if (old.slots[i].id.data != NULL)
			*find(ids, old.slots[i].id) = old.slots[i];
	free(old.slots);
}

const struct files_id *
files_ids_add(struct files_ids *ids, struct files_id id)
{
	struct files_id *slot;

	if (ids->slots == NULL || ids->count * 2 > ids->mask)
		grow(ids);
	slot = find(ids, id.id);
	if (slot->id.data != NULL)
		return slot;
	*slot = id;
	ids->count++;
	return NULL;
}

const struct files_id *
files_ids_find(const struct files_ids *ids, struct slice id)
{
	const struct files_id *slot;

	if (ids->slots == NULL)
		return NULL;
	slot = find(ids, id);
	return slot->id.data != NULL ? slot : NULL;
}

void
files_ids_fini(struct files_ids *ids)
{
	free(ids->slots);
	*ids = (struct files_ids){0};
}
