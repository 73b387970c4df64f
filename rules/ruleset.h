/*
 * A compiled set: flat arrays, 32-bit indices, nothing that changes but the
 * codes of regexes, which come when they are asked for.
 *
 * Everything lies in one arena.  A unit is what can match by itself: the
 * brands first, then the topics, then the rules, numbered through.
 * Thread: any may read.  Owns: its arena and the PCRE2 codes.
 * Never: seen outside rules/.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include "engine/base/arena.h"
#include "rules/field.h"
#include "rules/prefilter.h"
#include "rules/regex_kept.h"
#include "rules/rules.h"

#define NODE_NONE UINT32_MAX
#define SET_NONE UINT32_MAX

/* One node of a query: 16 bytes, shared by all queries that contain it. */
struct flat_node {
	uint8_t kind;    /* enum node_kind */
	uint8_t ordered; /* NEAR: the first operand comes first;
			  * PART: the title */
	uint32_t first;  /* groups: into children; PHRASE: into tokens;
			  * REGEX: index of the regex; FIELD: of the field;
			  * LABEL: unit, or sector */
	uint32_t count;  /* children or tokens */
	uint32_t extra;  /* NEAR, WITHIN: tokens between; ATLEAST: places;
			  * OR: its set or SET_NONE; EXACT: into exacts;
			  * AND: of brand and a set alone that begin it, 1
			  * and that set; else 0;
			  * MACRO: into macro_names */
};

/* How a phrase must be written: bytes [core, core + core_len) of the text
 * are its tokens. */
struct flat_exact {
	uint32_t phrase; /* node */
	uint32_t text, len, core, core_len;
};

/* What a brand, topic or rule asks for, and where its list of rules is. */
struct unit {
	uint32_t match; /* node, or NODE_NONE: always true */
	uint32_t not ;  /* node, or NODE_NONE */
	uint32_t topic; /* rule: its condition, or RULES_NONE */
	uint32_t rank;  /* place in the order of a verdict's hits */
};

/* An alternative of many phrases, looked up by token: one pass over a post
 * instead of one search per phrase. */
struct phrase_set {
	struct prefilter table; /* hooks: phrase and offset */
	uint32_t count;         /* so many first children of the OR */
	struct slice name;      /* of the @list, or empty */
};

struct ruleset_relay {
	struct slice text; /* folded, without its sign */
	bool site;
	uint8_t class;
};

#define RULESET_OWN_BITS 8192u /* of the sieve of ruleset_own.c */

/* An own account of a brand; one may serve several. */
struct ruleset_own {
	struct slice text; /* folded, without its sign */
	uint32_t brand;
};

/* Ranges of an array of indices: range i is [first[i], first[i + 1]). */
struct ranges {
	uint32_t *first, *items;
};

/* What sets share that were made one from the other: texts, and whatever is
 * never changed by a patch.  Only who makes a set adds to it. */
struct ruleset_shared {
	_Atomic uint32_t count; /* of sets; the last frees it on any thread */
	struct arena *arena;
};

struct ruleset {
	uint32_t references; /* on the loop only */
	uint64_t generation; /* differs between any two sets of a process */
	uint64_t id;
	struct arena *arena;
	struct ruleset_shared *shared;

	uint32_t sectors_count, brands_count, topics_count, rules_count;
	struct rules_sector *sectors;
	struct rules_brand *brands;
	struct rules_topic *topics;
	struct rules_rule *rules;
	struct rules_group *groups;
	uint32_t groups_count, labels_count;
	uint32_t disabled[3]; /* by enum hit_kind */
	struct rules_condition *conditions;
	uint32_t conditions_count;

	struct ruleset_relay *relays; /* sorted by text */
	uint32_t relays_count;
	uint64_t relay_reach;

	struct ruleset_own *own; /* sorted by text, then brand */
	uint32_t *own_brands;    /* the brands of those, in that order */
	uint32_t own_count;
	uint64_t own_lengths; /* bit n: one has n bytes; 63: or more */
	uint64_t own_sieve[RULESET_OWN_BITS / 64];

	struct unit *units;
	struct flat_node *nodes;
	uint32_t *children;
	struct flat_token *tokens;
	char *bytes; /* texts of the tokens, padded for 8-byte loads */
	struct phrase_set *sets;
	struct flat_exact *exacts;
	struct slice *macro_names;
	uint32_t *macro_nodes; /* of each macro that has examples, in the
				* order of the decls; else NODE_NONE */
	struct regex *regexes;
	struct field *fields;
	uint32_t nodes_count, children_count, tokens_count, sets_count;
	uint32_t regexes_count, fields_count, bytes_count, exacts_count;
	uint32_t regexes_shared; /* that another set had */
	struct regex_kept kept;  /* of a set that was kept; or none */

	struct prefilter mains;     /* brands, and rules that hang on none */
	struct prefilter topical;   /* topics: scanned only where wanted */
	struct ranges brand_rules;  /* brand: rules that name it */
	struct ranges replacers;    /* unit: rules that replace it; no first:
				     * there are none */
	struct ranges sector_rules; /* sector: rules for each of its brands;
				     * the last range: those of common files */
};

/** ruleset_own_build(rs): the table of own accounts, once brands are there. */
void ruleset_own_build(struct ruleset *rs);

static inline uint32_t
unit_of_topic(const struct ruleset *rs, uint32_t topic)
{
	return rs->brands_count + topic;
}

static inline uint32_t
unit_of_rule(const struct ruleset *rs, uint32_t rule)
{
	return rs->brands_count + rs->topics_count + rule;
}

static inline uint32_t
ruleset_units(const struct ruleset *rs)
{
	return rs->brands_count + rs->topics_count + rs->rules_count;
}

static inline uint32_t
ruleset_hit_unit(const struct ruleset *rs, const struct hit *hit)
{
	if (hit->kind == HIT_BRAND)
		return hit->index;
	return hit->kind == HIT_TOPIC ? unit_of_topic(rs, hit->index)
				      : unit_of_rule(rs, hit->index);
}

/* By which the hits of a verdict are sorted. */
static inline uint64_t
ruleset_hit_key(const struct ruleset *rs, const struct hit *hit)
{
	return (uint64_t)rs->units[ruleset_hit_unit(rs, hit)].rank << 32 |
	       hit->brand;
}

/** score_weigh(rs, v, about, groups): rules_weigh() that leaves the sum of
 * each group, before its caps, in ${groups}. */
struct rules_weight score_weigh(const struct ruleset *rs,
    const struct verdict *v, const struct rules_about *about, int64_t *groups);

/** ruleset_unit_name(rs, unit, out): as `match` prints it: "brand:x". */
struct buf;
void ruleset_unit_name(
    const struct ruleset *rs, uint32_t unit, struct buf *out);

/** ruleset_find(rs, kind, id, &index): the entry of that name, by halving. */
bool ruleset_find(const struct ruleset *rs, enum hit_kind kind,
    struct slice id, uint32_t *index);

/** ruleset_new(from): empty, one reference, a new generation; shares what
 * ${from} shares, unless that is NULL. */
struct ruleset *ruleset_new(const struct ruleset *from);

#endif
