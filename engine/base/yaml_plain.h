/*
 * The quick way through YAML files that hold nothing unusual.  Part of the
 * YAML reader (see yaml_parts.h); yaml_open stands in yaml.h.
 *
 * Thread: one at a time.  Owns: nothing; nodes live in the caller's arena.
 * Never: an error; what it does not know is libyaml's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_PLAIN_H
#define ENGINE_BASE_YAML_PLAIN_H

#include "engine/base/yaml.h"

/**
 * yaml_plain_parse(arena, path, bytes, closed): the tree that yaml_parse would
 * give, without a word in the diag, or NULL: the file is not plain.  Maps
 * right below the top-level keys ${closed} (NULL-ended; NULL: none) are left
 * for yaml_open.
 */
struct yaml *yaml_plain_parse(struct arena *arena, const char *path,
    struct slice bytes, const char *const *closed);

#endif
