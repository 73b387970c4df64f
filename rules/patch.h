/*
 * A set made from the one before it, when little has changed.
 *
 *	patch_base.c   what a load leaves behind: bytes, entries, anchors
 *	patch_find.c   which entries of a file have other bytes than before
 *	patch_read.c   those entries, by the reader of whole files
 *	patch_build.c  the set before with their queries in place
 *	tables_patch.c, patch_owner.c  its tables, its regexes
 *	patch.c        all of it in order
 *
 * Only entries of brands, topics and rules that stay where they are, under
 * their names, are patched, and only when there is nothing to say about them:
 * at the first doubt everything is loaded anew, which then tells.
 * Thread: one at a time, off the loop.  Owns: a base owns all it holds but
 * the set, which it knows by its generation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_PATCH_H
#define RULES_PATCH_H

#include "rules/builder.h"
#include "rules/files.h"

/* An entry of a file: bytes [from, to), its first line. */
struct patch_entry {
	uint32_t from, to, line;
	uint32_t unit; /* RULES_NONE: not to be patched */
};

/* A file among the paths, in their order, or a list file. */
struct patch_file {
	char *path;
	const char *kind; /* not NULL: no rule file; a literal */
	bool list;
	bool whole; /* its entries are unknown: it may not change */
	uint64_t hash;
	struct slice bytes; /* of rule files */
	struct slice sector_id; /* while a load goes on */
	uint32_t sector;
	struct patch_entry *entries; /* in order */
	uint32_t entries_count;
};

/* A regex of a unit, where it stands; sorted by unit. */
struct patch_use {
	uint32_t unit, regex, file, line;
};

struct rules_base {
	uint64_t generation; /* of the set; 0: there is none */
	struct patch_file *files;
	uint32_t files_count, files_room;
	struct anchor *mains, *topical; /* sorted by unit */
	uint32_t mains_count, topical_count;
	struct patch_use *uses;
	uint32_t uses_count;
	uint32_t examples;  /* of rules */
	uint32_t patched;   /* entries since the last full load */
	bool refused;       /* while loading: not fit to be a base */
	bool brief; /* none follows: only what a load from a folder asks */
	uint64_t counts[3]; /* patches, full loads, of these in doubt */
	uint64_t cached[3]; /* by enum rules_cached */
};

/* An entry that has changed: its new bytes in its file. */
struct patch_change {
	uint32_t file, entry;
	uint32_t from, to, line;
	uint32_t lines; /* more than before, modulo 2^32 */
};

struct patch {
	struct rules_base *base;
	const struct ruleset *old;
	const struct rules_options *options;
	struct slice *bytes;    /* by file: its new contents; NULL: as before */
	uint64_t *hashes;       /* of those */
	struct patch_change *changes; /* by file, then entry */
	uint32_t changes_count, changes_room;
	struct arena *arena;
	struct diag *diag;      /* anything in it is a doubt */
	struct decls decls;     /* of the changed entries */
	uint32_t *index[3];     /* by enum hit_kind: where those belong */
	struct rules_base next; /* parts of the base to be */
	struct patch_entry **entries; /* by file: where they are now */
};

/* ---- patch_base.c -------------------------------------------------------- */

/** patch_base_clear(base): a full load begins. */
void patch_base_clear(struct rules_base *base);

/** rules_base_move(to, from): ${to} becomes ${from}, which is then empty. */
void rules_base_move(struct rules_base *to, struct rules_base *from);

/** patch_base_other, _list(base, path, ...): a file that is read. */
void patch_base_other(struct rules_base *base, const char *path,
    const char *kind, struct slice bytes);
void patch_base_list(
    struct rules_base *base, const char *path, struct slice bytes);

/** patch_base_file(base, file, plain): a rule file; patch_base_bytes takes the
 * bytes of all of them over. */
void patch_base_file(
    struct rules_base *base, const struct files_file *file, bool plain);
void patch_base_bytes(struct rules_base *base, struct files_file *items,
    const struct decls *decls);

/** patch_base_anchors(base, topical, anchors): those of one prefilter. */
void patch_base_anchors(struct rules_base *base, bool topical,
    const struct grow *anchors);

/** patch_base_uses(base, uses, decls): where each regex stands. */
void patch_base_uses(struct rules_base *base, const struct grow *uses,
    const struct decls *decls);

/** patch_base_ready(base, rs, decls): the load was good. */
void patch_base_ready(struct rules_base *base, const struct ruleset *rs,
    const struct decls *decls);


/* ---- patch_find.c -------------------------------------------------------- */

/** patch_find(p, file): append the entries of ${file} that differ in its new
 * bytes; false: something else does. */
bool patch_find(struct patch *p, uint32_t file);

/** patch_extent(bytes, from, indent): the end of the entry whose line begins
 * at ${from}: the next line that is not deeper than ${indent}, comments
 * aside. */
uint32_t patch_extent(struct slice bytes, uint32_t from, uint32_t indent);

/* ---- patch_read.c, patch_build.c ----------------------------------------- */

/** patch_read(p): the changed entries into p->decls; false: a doubt. */
bool patch_read(struct patch *p);

/** tables_patch(b, rs, p, changed): the tables of ${rs}, whose program is in
 * place, from those of the set before; ${changed} is by unit. */
void tables_patch(struct builder *b, struct ruleset *rs, struct patch *p,
    const uint8_t *changed);

/** patch_owners(p, rs, fresh, changed): whose the regexes of ${rs} are, with
 * the ${fresh} uses of changed units. */
void patch_owners(struct patch *p, struct ruleset *rs,
    const struct grow *fresh, const uint8_t *changed);

/** patch_same_files(base, paths, count, diag): whether ${paths} name the files
 * that they named before, in that order. */
bool patch_same_files(const struct rules_base *base, const char *const *paths,
    size_t count, struct diag *diag);

/** patch_load(paths, count, options): the set that ruleset_load would give, by
 * ${options}->base; NULL: it has to. */
struct ruleset *patch_load(const char *const *paths, size_t count,
    const struct rules_options *options);

/** patch_build(p): the set, tried on the changed examples; NULL: a doubt.
 * The base is then that of the new set. */
struct ruleset *patch_build(struct patch *p);

#endif
