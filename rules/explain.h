/*
 * What the two forms of an explanation share: for people, and as JSON.
 *
 * Every brand is tried, also those that the prefilter would skip, so that one
 * that its `not` took back can be told.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "engine/base/buf.h"
#include "rules/op.h"

/* Children of a false OR that are named one by one; more are counted. */
#define EXPLAIN_PARTS 8u

struct explain {
	struct matcher *m;
	const struct ruleset *rs;
	const struct post *post;
	const struct text *text;
	const struct verdict *verdict; /* with MATCH_TOPICS and MATCH_SPANS */
	struct buf *out;
	bool colour, french;
	bool mark; /* the first part that fails is still to be marked */
	const struct hit *only; /* this entry alone; or NULL */
};

/* The one of two literals that is asked for; a macro, so that formats are
 * checked. */
#define EXPLAIN_SAY(e, english, other) ((e)->french ? (other) : (english))

/* Rules that are nearest to a post that they do not match. */
#define EXPLAIN_NEAREST 3u
struct explain_near {
	uint32_t rule, missing, found;
};

/** explain_nearest(e, out): up to EXPLAIN_NEAREST of the rules that are not
 * shown anyway and some word of which is there; returns how many. */
uint32_t explain_nearest(struct explain *e, struct explain_near *out);

/** explain_reason(e, node): why a false operator is, in a few words behind its
 * name; nothing where its parts tell. */
void explain_reason(struct explain *e, uint32_t node);

/** explain_milli(e, milli): a number with one decimal, as the language writes
 * it.  explain_weight: what an entry weighs; explain_replaced: that a
 * composite took its place; explain_groups: those whose rules together would
 * give more than their caps. */
void explain_milli(struct explain *e, int64_t milli);
void explain_weight(struct explain *e, int32_t weight_milli, uint8_t severity);
void explain_replaced(struct explain *e, const struct hit *hit);
void explain_groups(struct explain *e);

/** explain_brand_of(e, rule): the first brand that it names, or RULES_NONE. */
uint32_t explain_brand_of(const struct explain *e, uint32_t rule);

/** explain_fails_first(e, node, held): whether ${node} is the part that has to
 * be otherwise, the first since e->mark was set. */
bool explain_fails_first(struct explain *e, uint32_t node, bool held);

/** explain_people(e), explain_json(e): the whole of it to e->out. */
void explain_people(struct explain *e);
void explain_json(struct explain *e);

/** explain_node(e, node, out): a node's own words, without its parts:
 * "huile de palme", @list(boycott), NEAR/12, AND. */
void explain_node(const struct explain *e, uint32_t node, struct buf *out);

/** explain_parts(e, node, &count): the parts of ${node}; count 0: a leaf. */
const uint32_t *explain_parts(
    const struct explain *e, uint32_t node, uint32_t *count);

/** explain_enter(e, node, held): narrow the scope to what the parts of
 * ${node} are judged in: a title, a text, the sentence that has them.  The
 * caller puts e->m->scope back. */
void explain_enter(struct explain *e, uint32_t node, bool held);

/** explain_true(e, unit, brand): match AND NOT not AND topic, judged anew. */
bool explain_true(struct explain *e, uint32_t unit, uint32_t brand);

/**
 * explain_next_rule(e, brand, &state, &rule): the rules that hang on
 * ${brand}, one by one, in order of their ranges; state starts at 0.
 */
bool explain_next_rule(
    const struct explain *e, uint32_t brand, uint32_t *state, uint32_t *rule);

/** One place of an atom as posted; ${title}: it stands in the title, start
 * and end are then of the folded bytes. */
struct explain_word {
	struct slice text;
	uint32_t start, end;
	bool title;
};

/** explain_word(e, occ): what is shown of ${occ}. */
struct explain_word explain_word(
    const struct explain *e, const struct occ *occ);

#endif
