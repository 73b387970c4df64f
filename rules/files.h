/*
 * Rule files: from paths to declarations.
 *
 *	files_walk.c   folders to files, files to bytes
 *	files.c        the two passes, sorting, the id of the set
 *	files_ids.c    names to indices, repeated names
 *	files_value.c  texts, numbers, queries, unknown keys
 *	files_list.c   lists, in the file or in a text file
 *	files_until.c  entries of lists that hold until a day
 *	files_macro.c  queries that have a name
 *	files_example.c  the posts of hit: and miss:
 *	files_weight.c groups, families, composites
 *	files_local.c  changes by files of local.d
 *	files_label.c  what labels name, and cycles of them
 *	files_entry.c  brands, topics, rules
 *	files_world.c  what brands and topics there are
 *	files_hash.c   the id of the set
 *	files_relays.c whose word carries far
 *
 * First pass: every file is read and every name declared.  Second pass: the
 * entries are read, so that they may name what stands in other files.
 * Thread: one at a time.  Owns: struct files owns all until the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_FILES_H
#define RULES_FILES_H

#include "rules/query.h"

/* ---- files_ids.c ------------------------------------------------------- */

struct files_ids {
	struct files_id {
		struct slice id;
		struct place place;
		uint32_t index;
	} *items; /* as they came */
	struct files_ids_slot *slots;
	size_t count, mask;
};

/** files_ids_add(ids, id): the entry already there, or NULL; entries live
 * until the next one is added. */
const struct files_id *files_ids_add(struct files_ids *ids,
    struct files_id id);
const struct files_id *files_ids_find(const struct files_ids *ids,
    struct slice id);
void files_ids_fini(struct files_ids *ids);

/* ---- files_walk.c ------------------------------------------------------ */

struct files_file {
	const char *path; /* lives in the diag */
	struct slice bytes; /* malloc'ed; NULL: could not be read */
	const struct yaml *root; /* NULL: could not be read */
	uint32_t sector; /* RULES_NONE: common */
	bool local;      /* of a folder local.d */
};

struct files_paths {
	struct files_path {
		char *path;
		uint64_t device, inode;
	} *items;
	size_t count, room;
	size_t seen; /* repeated ones too */
	bool may_be_empty; /* a folder without rule files is no error */
};

/** files_walk(paths, path, diag): append the files that ${path} means. */
void files_walk(struct files_paths *paths, const char *path,
    struct diag *diag);
void files_walk_fini(struct files_paths *paths);

struct files;

/** files_walk_read(f, path, &bytes): 0 and malloc'ed bytes, or an errno; EFBIG
 * when the file is larger than a rule file may be.  Every file of a set is
 * read by it, so that whoever watches hears of each. */
int files_walk_read(struct files *f, const char *path, struct slice *bytes);

/** files_walk_same(f, path, hash, room): whether it can be read and its bytes
 * are those of ${hash}; they are in ${room}, which serves again and whose data
 * is the caller's to free. */
struct files_room {
	char *data;
	size_t bytes, len;
};
bool files_walk_same(struct files *f, const char *path, uint64_t hash,
    struct files_room *room);

/* ---- what the parts share ----------------------------------------------- */

struct files {
	struct arena *trees; /* of YAML; the results are in decls->arena */
	struct arena *opened; /* the entry that is read, see files_open */
	struct diag *diag;
	const struct rules_options *options; /* or NULL */
	struct query_scope *scope;
	struct decls *decls;
	struct files_file *items;
	uint32_t count;
	struct files_ids sectors, brands, topics, rules, groups;
	struct place *calibrations; /* by sector; line 0: none yet */
	uint64_t *hashes; /* of contents, list files too */
	size_t hashes_count, hashes_room;
	/* the YAML of each declaration, in the order of the arrays */
	const struct yaml **brand_nodes, **topic_nodes, **rule_nodes;
	const struct decl *entry; /* whose keys are being read */
	uint32_t brands_room, topics_room, rules_room, sectors_room;
	uint32_t relays_room;
	bool any_disabled; /* entries: who names what is not known then */
	struct rules_base *base; /* that this load leaves behind, or NULL */
	const struct ruleset *world; /* PATCH: whose entries may be named */
	struct place reach_place; /* of relays: reach; line 0: none yet */
};

/** files_hash(f, bytes): count these contents into the set's id;
 * files_hash_add: by their hash; files_hash_id: the id, in whatever order they
 * came. */
void files_hash(struct files *f, struct slice bytes);
void files_hash_add(struct files *f, uint64_t hash);
uint64_t files_hash_id(struct files *f);

/* ---- files_value.c ------------------------------------------------------ */

/** files_value_error(f, node, code, help, text): at the node's place. */
void files_value_error(struct files *f, const struct yaml *node,
    const char *code, const char *help, const char *text);

/** files_value_keys(f, map, what, keys): errors for keys not among the
 * NULL-terminated ${keys}; false when ${map} is no map at all. */
bool files_value_keys(struct files *f, const struct yaml *map,
    const char *what, const char *const *keys);

/** files_value_id(f, id, place): error unless [a-z0-9_-]+. */
bool files_value_id(struct files *f, struct slice id, struct place place);

/** files_value_name(f, node, &fr, &en): a name for people: one text for both,
 * or {fr: ..., en: ...}; SLICE_NONE: it cannot be read, and that was told. */
void files_value_name(struct files *f, const struct yaml *node,
    struct slice *fr, struct slice *en);

/** files_value_text(f, node, &out): a lasting copy of a scalar's text. */
bool files_value_text(struct files *f, const struct yaml *node,
    struct slice *out);

/** files_value_milli(f, node, least, most, &out): a decimal number. */
bool files_value_milli(struct files *f, const struct yaml *node, int32_t least,
    int32_t most, int32_t *out);

/** files_value_scalar(f, node): the scalar with what YAML took for a comment
 * ("#tag ...") put back, or NULL after an error if it is no text. */
const struct yaml *files_value_scalar(struct files *f,
    const struct yaml *node);

/** files_value_query(f, map, key, brand_help): the query under ${key}; NULL
 * if there is none or it is wrong.  The word brand is legal when
 * ${brand_help} is NULL. */
struct node *files_value_query(struct files *f, const struct yaml *map,
    const char *key, const char *brand_help);

/* ---- files_weight.c ----------------------------------------------------- */

/** files_weight_declare(f, file, node): the group in ${node}. */
void files_weight_declare(
    struct files *f, uint32_t file, const struct yaml *node);

/** files_weight_group, _family(f, entry, ...): the keys group: and family: of
 * an entry; what is not there leaves its default. */
void files_weight_group(
    struct files *f, const struct yaml *node, uint32_t *out);
void files_weight_family(struct files *f, const struct yaml *node,
    uint8_t *family, uint8_t *severity);

/** files_weight_replaces(f, r, entry): its replaces:. */
void files_weight_replaces(
    struct files *f, struct rule_decl *r, const struct yaml *node);

/** files_label_check(f): the labels in queries, when all entries are read. */
void files_label_check(struct files *f);

/** files_weight_check(f): errors of all entries together. */
void files_weight_check(struct files *f);

/* ---- files_local.c ------------------------------------------------------ */

/** files_local_path(path): whether it lies in a folder local.d. */
bool files_local_path(const char *path);

/** files_local_walk(paths, given, count, diag): append the folders local.d
 * beside the ${given} paths; what is local comes last. */
void files_local_walk(struct files_paths *paths, const char *const *given,
    size_t count, struct diag *diag);

/** files_local_flag(f, entry, key): whether ${key} is there and true. */
bool files_local_flag(
    struct files *f, const struct yaml *node, const char *key);

/** files_local_may(f, file, entry): whether it asks to change another one,
 * and stands where it may. */
bool files_local_may(
    struct files *f, uint32_t file, const struct yaml *node);

/** files_local_entry(f, file, over, base, d): ${over} changes ${d}, whose
 * YAML is ${base}. */
void files_local_entry(struct files *f, uint32_t file, const struct yaml *over,
    const struct yaml **base, struct decl *d);

/** files_local_unknown(f, entry, "brand", ids): nothing of that name. */
void files_local_unknown(struct files *f, const struct yaml *node,
    const char *what, const struct files_ids *ids);

/** files_local_sector(f, file): the first file of its sector is one of
 * local.d; a warning where that looks like a slip. */
void files_local_sector(struct files *f, const struct files_file *file);

/** files_local_scope(f, d, node): whose lists a query of ${d} may name that
 * stands in ${node}. */
void files_local_scope(struct files *f, const struct decl *d,
    const struct yaml *node);

/** files_local_never(f, d): a query that no post matches. */
struct node *files_local_never(struct files *f, const struct decl *d);

/** files_local_list(f, file, node): a change to a list. */
void files_local_list(struct files *f, uint32_t file, const struct yaml *node);

/** files_local_serves(f, file, list): whether a change in ${file} of local.d
 * is about that list or macro. */
bool files_local_serves(
    const struct files *f, uint32_t file, const struct query_list *list);

/* ---- files_until.c ------------------------------------------------------ */

enum { UNTIL_PAST, UNTIL_SOON, UNTIL_KINDS };

/* Entries of one list that have ended, or do so soon. */
struct files_until {
	uint32_t count[UNTIL_KINDS];
	struct place place[UNTIL_KINDS]; /* of the one that ends first */
	int64_t end_ms[UNTIL_KINDS];
	uint32_t undecided; /* without a clock: kept, whatever their day */
};

/** files_until_parse(f, day, place, &end_ms): "2026-12-31"; false after an
 * error. */
bool files_until_parse(struct files *f, struct slice text, struct place place,
    int64_t *end_ms);

/** files_until_split(line, day): take "# until DAY", or DAY behind a tab, off
 * the end of a list file's line. */
bool files_until_split(struct slice *line, struct slice *day);

/** files_until_past(f, u, text, place, end_ms): whether the entry is to be
 * left out.  files_until_warn: of all in ${list}, for check. */
bool files_until_past(struct files *f, struct files_until *u,
    struct slice text, struct place place, int64_t end_ms);
void files_until_warn(
    struct files *f, const struct files_until *u, struct slice list);

/* ---- files_macro.c ------------------------------------------------------ */

/** files_macro(f, file, node): declare the macro in ${node}, or change one. */
void files_macro(struct files *f, uint32_t file, const struct yaml *node);

/** files_macros_ready(f): all are declared; find their queries and examples.
 * files_macros_end(f): all entries are read; read those that nobody names. */
void files_macros_ready(struct files *f);
void files_macros_end(struct files *f);

/* ---- files_world.c ------------------------------------------------------ */

/* What a rule takes from its topic. */
struct files_topic {
	uint32_t index, sector;
	uint8_t severity, family;
	struct slice department;
};

/** files_world_brand, _topic(f, name, ...): the one of that name; false when
 * there is none. */
bool files_world_brand(const struct files *f, struct slice name,
    uint32_t *index, uint32_t *sector);
bool files_world_topic(
    const struct files *f, struct slice name, struct files_topic *out);

/* ---- files_list.c, files_entry.c ---------------------------------------- */

/** files_open(f, entry): with its children, until the next entry. */
const struct yaml *files_open(struct files *f, const struct yaml *node);

/** files_example(f, node, out): one example of hit: or miss:, a text or the
 * fields of a post; false after an error. */
bool files_example(struct files *f, const struct yaml *node,
    struct example *out);

/** files_examples(f, d, node): what ${node} has under hit: and miss:. */
void files_examples(
    struct files *f, struct decl *d, const struct yaml *node);

/** files_list_read(f, node, name, out): entries of a list or {file: path};
 * false after an error. */
bool files_list_read(struct files *f, const struct yaml *node,
    struct slice name, struct query_list *out);

/** files_list_file(f, node, name, out): the same for the path under file:,
 * whatever else ${node} has. */
bool files_list_file(struct files *f, const struct yaml *node,
    struct slice name, struct query_list *out);

/** files_list(f, file, node): declare the list in ${node}. */
void files_list(struct files *f, uint32_t file, const struct yaml *node);

/** files_condition_is(node): whether the rule in ${node} is a condition over
 * time.  files_condition(f, index, node, brand_help): read it.
 * files_conditions_end(f): all are read; their terms become hidden rules. */
bool files_condition_is(const struct yaml *node);
void files_condition(struct files *f, uint32_t index, const struct yaml *node,
    const char *brand_help);
void files_conditions_end(struct files *f);

/** files_relays(f, file): what ${file} has under relays:.  files_relays_end:
 * all are read; sort them, each once. */
void files_relays(struct files *f, uint32_t file);
void files_relays_end(struct files *f);

/** files_entry_brand and friends: fill in the declaration at ${index}. */
void files_entry_brand(struct files *f, uint32_t index);
void files_entry_topic(struct files *f, uint32_t index);
void files_entry_rule(struct files *f, uint32_t index);

#endif
