/*
 * The keys of a YAML file's maps, to find a repeated one in constant time.
 *
 * Thread: one at a time.  Owns: its table until yaml_keys_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_KEYS_H
#define ENGINE_BASE_YAML_KEYS_H

#include "engine/base/yaml.h"

struct yaml_keys {
	struct yaml_keys_slot {
		const struct yaml *map, *value;
		size_t hash;
	} *slots;
	size_t count, mask;
};

/**
 * yaml_keys_add(keys, map, value): the value that ${map} already has under
 * ${value}'s key, or NULL after remembering this one, which the caller then
 * hangs into ${map}.  All zero is empty.
 */
const struct yaml *yaml_keys_add(struct yaml_keys *keys,
    const struct yaml *map, const struct yaml *value);

/** yaml_keys_clear(keys): forget all, keep the memory. */
void yaml_keys_clear(struct yaml_keys *keys);

void yaml_keys_fini(struct yaml_keys *keys);

#endif
