/*
 * What a brand manager did not mean: parts of queries that say a thing twice,
 * or that nothing can satisfy.  Warnings of `vigie check`, from the
 * declarations alone; no post is read.
 *
 *	check.c        all entries, one after another
 *	check_query.c  words that stand twice, or that another one covers
 *	check_never.c  what cannot be true
 *	check_twins.c  entries that ask the same
 *	check_set.c    keys and sets, so that no two parts are ever compared
 * Told is only what is sure: a part that never changes what matches.
 * Thread: one at a time.  Owns: its sets, while check_warn runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "rules/check_set.h"

/** check_warn(decls, diag): all of it. */
void check_warn(const struct decls *decls, struct diag *diag);

/* ---- what the parts share ------------------------------------------------ */

struct check {
	const struct decls *decls;
	struct diag *diag;
	struct check_memo memo;
	struct check_set seen;  /* groups that were looked at */
	struct check_set lists; /* struct check_set of each list, by address */
	struct check_set told;  /* entries that cannot match */
	struct check_set nots;  /* struct check_parts of a not:, by address */
};

/* The parts of one group, those of groups of its kind within it as well. */
struct check_parts {
	const struct node **items;
	uint32_t count, room;
	struct check_set set;  /* their keys */
	uint32_t lists;        /* so many of them are lists */
};

/** check_parts(c, node, kind, out): of ${node}, which may be a part itself.
 * check_parts_fini gives it back. */
void check_parts(struct check *c, const struct node *node,
    enum node_kind kind, struct check_parts *out);
void check_parts_fini(struct check_parts *parts);

/** check_list(c, list): the keys of its entries; their own warnings are told
 * the first time. */
const struct check_set *check_list(struct check *c, const struct node *list);

/** check_has(c, any, node): the part, or entry of a list, of ${any} that is
 * true wherever ${node} is, or NULL. */
const struct node *check_has(struct check *c, const struct check_parts *any,
    const struct node *node);

/** check_implies(c, node, any): whether some part of ${any} is true wherever
 * ${node} is. */
bool check_implies(struct check *c, const struct node *node,
    const struct check_parts *any);

/** check_never(c, parts): tell of the parts of an AND that exclude each
 * other. */
void check_never(struct check *c, const struct check_parts *parts);

void check_query(struct check *c, const struct node *query);
void check_never_entries(struct check *c);
void check_twins(struct check *c);

/** check_say(node, out): a part as a person would name it. */
struct buf;
void check_say(const struct node *node, struct buf *out);

/** check_tell(c, at, code, help, text, about, than): a warning at ${at}, in
 * whose ${text} the two %s are these nodes; ${than} may be NULL. */
void check_tell(struct check *c, const struct node *at, const char *code,
    const char *help, const char *before, const struct node *about,
    const char *between, const struct node *than);

#endif
