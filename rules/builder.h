/*
 * What compile.c and its helpers share while a set is made.
 *
 * Arrays grow on the heap and are copied into the set's arena at the end.
 * Equal nodes become one: a phrase, a list, a regex that many rules name is
 * compiled, and matched, once.
 * Thread: one at a time.  Owns: its arrays until builder_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_BUILDER_H
#define RULES_BUILDER_H

#include "rules/ast.h"
#include "rules/frequency.h"
#include "rules/regex.h"
#include "rules/ruleset.h"

struct grow {
	void *items;
	uint32_t count, room, item_bytes;
};

/* Where a regex's literals are among the tokens. */
struct regex_literals {
	uint32_t first, count; /* none: 0 */
	uint32_t hooks;        /* first in b->literal_hooks */
	uint32_t cost;
};

struct builder {
	const struct decls *decls;
	struct ruleset *rs;   /* whose units are being filled */
	uint8_t *flattened;   /* unit: its queries are in place */
	struct diag *diag;
	struct frequency *frequency;
	struct regex_known *known; /* codes of other sets, or NULL */
	uint32_t regexes_shared;
	struct grow nodes;         /* struct flat_node */
	struct grow costs;         /* uint32_t per node: of its best anchors */
	struct grow children;      /* uint32_t */
	struct grow tokens;        /* struct flat_token */
	struct grow bytes;         /* char */
	struct grow regexes;       /* struct regex */
	struct grow fields;        /* struct field */
	struct grow literals;      /* struct regex_literals per regex */
	struct grow literal_hooks; /* struct hook per literal: its neighbour,
				    * of which the token stands for unit */
	struct grow sets;          /* uint32_t: the OR node of each set */
	struct grow set_names;     /* struct slice, in the arena of the decls */
	struct grow macro_names;   /* struct slice, likewise */
	struct grow exacts;        /* struct flat_exact */
	struct grow key;           /* char: of the node being interned */
	struct grow lists;         /* uint32_t: node of each list, and of each
				    * macro's tree, that was met */
	struct grow stack;    /* uint32_t: children of groups in the making */
	struct grow anchors;  /* struct anchor */
	struct grow always;   /* uint32_t: units */
	struct grow disguised; /* struct disguised */
	struct grow uses;      /* struct patch_use: regexes of units */
	struct intern *table; /* nodes by content */
	uint32_t table_room, table_count;
	uint32_t labels_count;
	struct rules_base *base; /* that this load leaves behind, or NULL */
	bool soft; /* some anchor is a regex's */
};

/* The 128-bit hash of a content, and index + 1 of what it is. */
struct intern {
	uint64_t low, high;
	uint32_t index;
};

#define LITERALS_UNKNOWN UINT32_MAX /* count of those not looked for yet */
#define ANCHOR_NONE UINT32_MAX /* cost of what has no anchor */

/** builder_push(g, items, count): append; returns where the first is. */
uint32_t builder_push(struct grow *g, const void *items, uint32_t count);

#define grow_at(g, type, i) (&((type *)(g)->items)[i])

void builder_init(
    struct builder *b, const struct decls *decls, struct diag *diag);
void builder_fini(struct builder *b);

/**
 * builder_intern(b, tag, index): the index under which the content in
 * b->key was interned with ${tag}, else intern it as ${index} and return
 * that.  Clears the key.
 */
uint32_t builder_intern(struct builder *b, char tag, uint32_t index);

/**
 * flatten_node(b, node, unit): a query to its flat form; regexes it meets are
 * compiled and owned by ${unit} unless known.  NODE_NONE for NULL, or after
 * an error in b->diag.
 */
uint32_t flatten_node(
    struct builder *b, const struct node *node, uint32_t unit);

/** flatten_label(b, node, out): its flat form, and the index under which it
 * is interned. */
uint32_t flatten_label(
    struct builder *b, const struct node *node, struct flat_node *out);

/** flatten_unit(b, unit): its queries, once; what its labels name first. */
void flatten_unit(struct builder *b, uint32_t unit);

/** anchor_use(b, node): count the words of a query, lists excepted.  For all
 * queries of a set before the first is flattened. */
void anchor_use(struct builder *b, const struct node *node);

/** anchor_cost(b, node): of a fresh node whose children have theirs. */
uint32_t anchor_cost(const struct builder *b, const struct flat_node *node);

/** anchor_token(b, phrase): which token of it is the rarest, its cost. */
uint32_t anchor_token(
    const struct builder *b, const struct flat_node *phrase, uint32_t *cost);

/** anchor_regex(b, regex): the tokens of its literals, and their cost. */
struct regex_literals anchor_regex(
    struct builder *b, const struct regex *regex);

/**
 * anchor_unit(b, unit, match, other): the anchors of ${unit}, whose match is
 * ${match}, to b->anchors, or the unit to b->always.  ${other}: a node that
 * has to be true as well, or NODE_NONE.
 */
void anchor_unit(
    struct builder *b, uint32_t unit, uint32_t match, uint32_t other);

/** tables_sets(b, rs, from): the sets of phrases; the first ones are those of
 * ${from}, unless that is NULL. */
void tables_sets(
    struct builder *b, struct ruleset *rs, const struct ruleset *from);

/** tables_mains(b, rs, unit): its anchors, if it has a place in rs->mains.
 * tables_prefilter(b, rs, out): of the anchors gathered, which are then
 * forgotten. */
void tables_mains(struct builder *b, struct ruleset *rs, uint32_t unit);
void tables_prefilter(
    struct builder *b, struct ruleset *rs, struct prefilter *out);

/** tables_build(b, rs): the tables of ${rs}, whose program is in place. */
void tables_build(struct builder *b, struct ruleset *rs);

#endif
