/*
 * What the parts of the quick YAML reader share: yaml_plain.c (collections,
 * files) and yaml_plain_scalar.c (lines, places, scalars).  Nobody else
 * includes this.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_PLAIN_PARTS_H
#define ENGINE_BASE_YAML_PLAIN_PARTS_H

#include "engine/base/yaml.h"
#include "engine/base/yaml_keys.h"

struct plain {
	struct arena *arena;
	const char *path;
	const char *bytes;
	size_t len;
	size_t at, end, next; /* of the line: cursor, end, the next one */
	uint32_t line;        /* 1-based */
	size_t mark;          /* a byte of this line, and its column */
	uint32_t column;
	unsigned depth;
	bool flow;
	const char *const *closed; /* top-level keys; NULL: none */
	bool closing;              /* within one of them */
	struct arena *spare;       /* where entries are read to be closed */
	size_t opened;             /* first byte of the last block entry */
	struct yaml_keys keys;
};

static inline bool
yaml_plain_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/** yaml_plain_place(p, from, to): of those bytes of the line; places grow. */
struct place yaml_plain_place(struct plain *p, size_t from, size_t to);

/** yaml_plain_line(p): to the next line that is neither empty nor a comment;
 * its indentation, or SIZE_MAX at the end. */
size_t yaml_plain_line(struct plain *p);

/** yaml_plain_blanks(p): over blanks.  yaml_plain_ends(p): whether there is
 * nothing else on this line, but maybe a comment. */
void yaml_plain_blanks(struct plain *p);
bool yaml_plain_ends(struct plain *p);

/** yaml_plain_node(p, kind, place): a fresh one. */
struct yaml *yaml_plain_node(
    struct plain *p, enum yaml_kind kind, struct place place);

/** yaml_plain_quoted(p, quote), _bare(p): the scalar at the cursor, in quotes
 * or without; NULL: it is not plain. */
struct yaml *yaml_plain_quoted(struct plain *p, char quote);
struct yaml *yaml_plain_bare(struct plain *p);

#endif
