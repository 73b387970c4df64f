/*
 * YAML files as a small tree with a position on every node.
 *
 * The subset that people write: maps, lists, scalars (plain, quoted, literal
 * and folded blocks).  Anchors, aliases, tags, merge keys, several documents,
 * repeated keys are located errors.  A scalar stays text: what it means
 * (number, list, query) is for whoever asked for it.
 * Thread: one at a time.  Owns: nothing; nodes live in the caller's arena.
 * The only file of the project that includes <yaml.h> is yaml.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_H
#define ENGINE_BASE_YAML_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	struct place place;
	struct slice text;  /* scalar: its value, NUL behind it */
	struct slice raw;   /* scalar: its bytes in the file, quotes and all */
	bool quoted;        /* scalar: was in quotes */
	struct slice key;   /* in a map: the key of this value */
	struct place key_place;
	struct yaml *next;  /* sibling */
	struct yaml *first; /* list, map: first child */
	uint32_t count;     /* children */
};

/**
 * yaml_parse(arena, path, bytes, diag): the tree of one file, or NULL after
 * at least one located error in ${diag}.  An empty file is an empty map.
 * ${path} must be the string that diag_file() returned.
 */
struct yaml *yaml_parse(struct arena *arena, const char *path,
    struct slice bytes, struct diag *diag);

/** yaml_get(map, key): the value of ${key}, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

/**
 * yaml_place(scalar, offset, width): where byte ${offset} of the scalar's
 * text stands in the file, through quotes, escapes and folded lines; ${width}
 * in bytes of text, cut at the end of its line.
 */
struct place yaml_place(const struct yaml *scalar, size_t offset, size_t width);

#endif
