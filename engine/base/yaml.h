/*
 * YAML files as a small tree with a position on every node.
 *
 * The subset that people write: maps, lists, scalars (plain, quoted, literal
 * and folded blocks).  Anchors, aliases, tags, merge keys, several documents,
 * repeated keys are located errors.  A scalar stays text: what it means
 * (number, list, query) is for whoever asked for it.
 * After a syntax error the entry around it is taken out and the rest is read,
 * so that one run tells all errors of a file.
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
	struct slice tail;  /* plain scalar: "#word ..." behind it, which
	                     * YAML takes for a comment; else data NULL */
	bool quoted;        /* scalar: was in quotes */
	bool broken;        /* its content had a syntax error: already told */
	bool closed;        /* map: not read yet, see yaml_open */
	struct slice key;   /* in a map: the key of this value */
	struct place key_place;
	struct yaml *next;  /* sibling */
	struct yaml *first; /* list, map: first child */
	uint32_t count;     /* children */
};

/**
 * yaml_parse(arena, path, bytes, diag): the tree of one file, or NULL after
 * at least one located error in ${diag}.  An empty file is an empty map.
 * ${path} must be the string that diag_file() returned.  The nodes' raw and
 * tail point into ${bytes}, which must outlive them.
 */
struct yaml *yaml_parse(struct arena *arena, const char *path,
    struct slice bytes, struct diag *diag);

/**
 * yaml_parse_most(arena, path, bytes, diag): as yaml_parse, but also returns
 * what could be read of a file with errors, for further checks only; NULL
 * when that is nothing.
 */
struct yaml *yaml_parse_most(struct arena *arena, const char *path,
    struct slice bytes, struct diag *diag);

/**
 * yaml_parse_closed(arena, path, bytes, diag, closed, plain): as
 * yaml_parse_most, but maps right below the top-level keys ${closed}
 * (NULL-ended) may be left closed: they have a key and a place, no children.
 * ${plain}: whether the quick reader took it.
 */
struct yaml *yaml_parse_closed(struct arena *arena, const char *path,
    struct slice bytes, struct diag *diag, const char *const *closed,
    bool *plain);

/** yaml_open(arena, node): ${node} with its children, which live in ${arena};
 * itself when it is not closed. */
const struct yaml *yaml_open(struct arena *arena, const struct yaml *node);

/** yaml_parse_entry(arena, path, bytes, line): the one entry of a map in
 * ${bytes}, whole lines of a file of which the first is ${line}; NULL when the
 * quick reader does not know it. */
const struct yaml *yaml_parse_entry(struct arena *arena, const char *path,
    struct slice bytes, uint32_t line);

/** yaml_get(map, key): the value of ${key}, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

/**
 * yaml_place(scalar, offset, width): where byte ${offset} of the scalar's
 * text stands in the file, through quotes, escapes and folded lines; ${width}
 * in bytes of text, cut at the end of its line.
 */
struct place yaml_place(const struct yaml *scalar, size_t offset, size_t width);

/* The same for many growing offsets in one pass over the scalar. */
struct yaml_cursor {
	const struct yaml *scalar;
	size_t text, raw;      /* bytes walked of each */
	uint32_t line, column; /* of raw */
	bool straight; /* raw is the text, one byte a column, in one line */
};

/** yaml_place_start(c, scalar): at the start of ${scalar}. */
void yaml_place_start(struct yaml_cursor *c, const struct yaml *scalar);

/** yaml_place_next(c, offset, width): as yaml_place; linear while ${offset}
 * does not fall below the end of the last place asked for. */
struct place yaml_place_next(struct yaml_cursor *c, size_t offset,
    size_t width);

#endif
