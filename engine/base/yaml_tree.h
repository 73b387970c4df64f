/*
 * The tree that grows out of one pass over a YAML file, and what is wrong
 * with it beside its syntax.  Part of the YAML reader (see yaml_parts.h).
 *
 * Thread: one at a time.  Owns: nothing but the table of keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_TREE_H
#define ENGINE_BASE_YAML_TREE_H

#include "engine/base/limits.h"
#include "engine/base/yaml_keys.h"
#include "engine/base/yaml_parts.h"

/* Problems of one pass that are not about syntax; told when it succeeds. */
#define YAML_PENDING_MAX 200

struct yaml_pending {
	enum diag_level level;
	struct place place;
	const char *code, *help, *text;
};

struct yaml_frame {
	struct yaml *node, *last;
	bool have_key;
	struct slice key;
	struct place key_place;
};

struct yaml_tree {
	struct arena *arena;
	const char *path;
	struct slice bytes; /* without a byte order mark */
	char *scratch;      /* what libyaml reads: errors taken out */
	size_t at_byte, at_character;
	struct yaml_frame stack[YAML_DEPTH_MAX];
	unsigned depth, flow;
	struct yaml *root;
	unsigned documents;
	struct yaml_trouble trouble;
	struct yaml_pending pending[YAML_PENDING_MAX];
	unsigned pending_count;
	uint32_t cut[YAML_REPAIRS_MAX]; /* 0-based lines of broken entries */
	unsigned cut_count;
	char stand_in; /* for '@' at the start of a value, or 0 */
	struct place at_sign; /* the first of them */
	struct yaml_keys keys;
	struct diag *diag;
};

/** yaml_tree_note(t, level, place, code, help, format, ...): a problem, told
 * when the pass succeeds; ${code} and ${help} must be literals. */
void yaml_tree_note(struct yaml_tree *t, enum diag_level level,
    struct place place, const char *code, const char *help,
    const char *format, ...) __attribute__((format(printf, 6, 7)));

/** yaml_tree_tell(t): the pass has succeeded. */
void yaml_tree_tell(struct yaml_tree *t);

/** yaml_tree_byte(t, character): the byte at which it begins. */
size_t yaml_tree_byte(struct yaml_tree *t, size_t character);

/** yaml_tree_text(t, text, len): a copy with a NUL behind it. */
struct slice yaml_tree_text(struct yaml_tree *t, const char *text, size_t len);

/** yaml_tree_cut(t, line): whether the entry of this 0-based line was taken
 * out. */
bool yaml_tree_cut(const struct yaml_tree *t, size_t line);

/** yaml_tree_tail(t, node, end): look for "#word" behind the plain scalar
 * that ends at byte ${end}. */
void yaml_tree_tail(struct yaml_tree *t, struct yaml *node, size_t end);

/** yaml_tree_add(t, node): under its key, or at the end of its list. */
void yaml_tree_add(struct yaml_tree *t, struct yaml *node);

/** yaml_tree_sign(t, node): warn of the first value that begins with '@'. */
void yaml_tree_sign(struct yaml_tree *t, const struct yaml *node);

#endif
