/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/yaml_keys.h"

#include <stdlib.h>

#include "engine/base/must.h"

/* Keys of a map that are looked through one by one; nearly all maps are
 * entries with five or six. */
#define SMALL_MAX 16u

/* FNV-1a, begun with the map's address so that equal keys part ways. */
static size_t
hash(const struct yaml *map, struct slice key)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uintptr_t)map;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.data[i]) * 0x100000001b3u;
	h *= 0x9e3779b97f4a7c15u;
	return (size_t)(h >> 20);
}

static struct yaml_keys_slot *
find(const struct yaml_keys *keys, const struct yaml *map, struct slice key,
    size_t hashed)
{
	size_t i = hashed & keys->mask;

	while (keys->slots[i].map != NULL &&
	    (keys->slots[i].hash != hashed || keys->slots[i].map != map ||
		!slice_equal(keys->slots[i].value->key, key)))
		i = (i + 1) & keys->mask;
	return &keys->slots[i];
}

static void
grow(struct yaml_keys *keys)
{
	struct yaml_keys old = *keys;
	size_t room = old.slots == NULL ? 1024 : (old.mask + 1) * 2;

	keys->slots = must_alloc(room * sizeof(*keys->slots));
	keys->mask = room - 1;
	for (size_t i = 0; old.slots != NULL && i <= old.mask; i++)
		if (old.slots[i].map != NULL)
			*find(keys, old.slots[i].map,
			    old.slots[i].value->key, old.slots[i].hash) =
			    old.slots[i];
	free(old.slots);
}

static const struct yaml *
add(struct yaml_keys *keys, const struct yaml *map, const struct yaml *value)
{
	struct yaml_keys_slot *slot;
	size_t hashed = hash(map, value->key);

	if (keys->slots == NULL || keys->count * 2 > keys->mask)
		grow(keys);
	slot = find(keys, map, value->key, hashed);
	if (slot->map != NULL)
		return slot->value;
	*slot = (struct yaml_keys_slot){map, value, hashed};
	keys->count++;
	return NULL;
}

const struct yaml *
yaml_keys_add(struct yaml_keys *keys, const struct yaml *map,
    const struct yaml *value)
{
	const struct yaml *v = map->first;

	if (map->count > SMALL_MAX)
		return add(keys, map, value);
	while (v != NULL && !slice_equal(v->key, value->key))
		v = v->next;
	if (v != NULL || map->count < SMALL_MAX)
		return v;
	for (v = map->first; v != NULL; v = v->next)
		add(keys, map, v);
	return add(keys, map, value);
}

void
yaml_keys_clear(struct yaml_keys *keys)
{
	if (keys->slots != NULL)
		memset(keys->slots, 0,
		    (keys->mask + 1) * sizeof(*keys->slots));
	keys->count = 0;
}

void
yaml_keys_fini(struct yaml_keys *keys)
{
	free(keys->slots);
	*keys = (struct yaml_keys){0};
}
