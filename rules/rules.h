/*
 * The rule language as a library: text in, verdict out.  The only header of
 * this folder that others include.
 *
 * Three objects, three lifetimes: struct decls (the parsed files, transient,
 * inside), struct ruleset (compiled, immutable, shared by all threads),
 * struct matcher (all mutable match state, one per worker).
 * Indices of sectors, brands, topics, rules are dense and sorted by id, so
 * that comparing indices compares ids.
 * Thread: stated per function.  Never: a socket, a thread, a clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include "engine/base/diag.h"
#include "engine/base/post.h"
#include "engine/base/slice.h"
#include "engine/base/text.h"
#include "rules/rules_base.h"

#define RULES_NONE UINT32_MAX /* no brand, no topic, no sector (common file) */

/* ---- a compiled set ------------------------------------------------- */

struct rules_sector {
	struct slice id, name_fr, name_en; /* names empty: none is given */
	/* harm: p = 1/(1+exp(-(offset + scale w))), in thousandths */
	int32_t offset_milli, scale_milli;
};

struct rules_brand {
	uint32_t sector; /* and the id: what each post that names it reads */
	struct slice id, name, company; /* name falls back to the id */
	const struct slice *own; /* own accounts, folded, without the @ */
	uint32_t own_count;
};

/* What a topic tells beside harm (role:), as bits. */
enum rules_role {
	ROLE_REMOVAL = 1, /* something was taken down, denied, forbidden */
	ROLE_MIRROR = 2,  /* it is put up again, copied, or paid back */
};

/* How much of it is the brand's doing (family:), after Coombs' theory of
 * situational crisis communication; each is also a default severity. */
enum rules_family {
	FAMILY_NONE,
	FAMILY_VICTIM,      /* it happens to the brand: severity 1 */
	FAMILY_ACCIDENT,    /* it went wrong: 2 */
	FAMILY_PREVENTABLE, /* it should not have been: 3 */
};

/* Weights that together give no more than this (groups:). */
struct rules_group {
	struct slice id;
	int32_t min_milli, max_milli;
};

struct rules_topic {
	struct slice id, name_fr, name_en, department;
	uint32_t sector; /* RULES_NONE: of a common file, serves every sector */
	int32_t weight_milli;
	uint8_t severity;
	uint8_t roles; /* enum rules_role */
	uint8_t family; /* enum rules_family */
	uint32_t group; /* RULES_NONE */
};

/* Whose word carries far (relays:). */
enum rules_relay {
	RELAY_NONE,
	RELAY_REACH, /* of great reach, on no list */
	RELAY_JOURNALIST,
	RELAY_PRESS,
	RELAY_NGO,
	RELAY_REGULATOR,
	RELAY_ELECTED,
	RELAYS_COUNT,
};

/* Followers of RELAY_REACH unless relays: says otherwise.  From 99,000 on
 * the reach a of a post is at its ceiling of 3: density cannot tell such an
 * account from one a hundred times larger, so it is told of by name. */
#define RELAY_REACH_DEFAULT 100000u

struct rules_rule {
	struct slice id;
	uint32_t sector; /* RULES_NONE: of a common file */
	uint32_t topic;  /* its condition, or RULES_NONE */
	int32_t weight_milli;
	uint8_t severity;
	uint8_t family;  /* its own, else its topic's */
	bool for_brands; /* has brand: (one, a list, or "*") */
	bool is_term;    /* hidden: term ${term} of ${condition} */
	uint32_t group;  /* RULES_NONE */
	struct slice department; /* its own, else its topic's, else empty */
	uint32_t condition, term;
};

/* ---- conditions over time: a rule's when: with count() or authors() */

enum rules_than { THAN_AT_LEAST, THAN_MORE, THAN_AT_MOST, THAN_LESS };

struct rules_term {
	uint32_t rule;  /* hidden: which posts count; told in verdict.terms */
	bool authors;   /* distinct accounts, not posts */
	bool of_norm;   /* value_micro: so many norms */
	enum rules_than than;
	uint32_t window_minutes;
	int64_t value_micro;
};

/* A step of a condition: the value of term 0..., or what is done with the
 * values before it. */
enum { CONDITION_AND = 0xfd, CONDITION_OR = 0xfe, CONDITION_NOT = 0xff };

struct rules_condition {
	struct slice id, text, name_fr, name_en; /* text: as written */
	uint32_t sector; /* RULES_NONE: of a common file */
	uint32_t topic;  /* or RULES_NONE */
	uint8_t severity;
	bool for_brands; /* judged for each of its brands */
	const struct rules_term *terms;
	uint32_t terms_count;
	const uint8_t *steps;
	uint32_t steps_count;
};

/** rules_condition_holds(steps, count, values): of its terms' truth. */
bool rules_condition_holds(const uint8_t *steps, uint32_t count,
    const bool *values);

struct ruleset;
struct rules_coverage;

struct rules_options {
	bool selftest; /* run hit and miss examples; failing ones are errors */
	bool pedantic; /* as check: missing examples, slow patterns warn */
	/* called for each file among the paths that is no rule file;
	 * ${kind} is "organisation", "config", "playbooks" or "scenario"; may
	 * be NULL */
	void (*other)(void *self, const char *path, const char *kind);
	/* called before each file is read, lists too; may be NULL */
	void (*reading)(void *self, const char *path);
	void *self;
	/* list entries that end before this are left out; 0: no clock */
	int64_t now_ms;
	struct rules_coverage *coverage; /* takes down what there is; or NULL */
	/* sets whose compiled patterns are taken over; the caller holds them */
	const struct ruleset *const *known;
	size_t known_count;
	struct rules_base *base; /* left by the load before, or NULL */
	const char *cache; /* folder of compiled sets, or NULL */
	bool cache_own; /* of the user alone, and for large sets */
};

/** ruleset_load(paths, count, options, diag): read, parse, compile, self-test
 * every rule file among ${paths} (files, or folders whose *.yaml are taken in
 * order of name; organisation and config files are skipped).  Returns a set
 * with one reference, or NULL when ${diag} has an error.
 * Thread: any, off the loop; takes long. */
struct ruleset *ruleset_load(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag);

/** ruleset_ref/unref: counted on the loop only; the last one frees. */
struct ruleset *ruleset_ref(struct ruleset *rs);
void ruleset_unref(struct ruleset *rs);

/** ruleset_is_last(rs): the caller's reference is the only one, so that it
 * may be given up on another thread.  Thread: the loop. */
bool ruleset_is_last(const struct ruleset *rs);

/** ruleset_id(rs): XXH3-64 of the file contents, without paths or times. */
uint64_t ruleset_id(const struct ruleset *rs);

/** Counts and members; pointers live as long as the set. */
uint32_t ruleset_sectors(const struct ruleset *rs);
uint32_t ruleset_brands(const struct ruleset *rs);
uint32_t ruleset_topics(const struct ruleset *rs);
uint32_t ruleset_rules(const struct ruleset *rs);
/** ruleset_disabled(rs, kind): how many of them local.d has switched off. */
uint32_t ruleset_disabled(const struct ruleset *rs, unsigned hit_kind);
const struct rules_sector *ruleset_sector(const struct ruleset *rs, uint32_t i);
const struct rules_brand *ruleset_brand(const struct ruleset *rs, uint32_t i);
const struct rules_topic *ruleset_topic(const struct ruleset *rs, uint32_t i);
const struct rules_rule *ruleset_rule(const struct ruleset *rs, uint32_t i);

/** ruleset_conditions(rs), ruleset_condition(rs, i): sorted by id.  Each of
 * their terms is one of ruleset_rules(), hidden: it fires nothing. */
uint32_t ruleset_conditions(const struct ruleset *rs);
const struct rules_condition *ruleset_condition(const struct ruleset *rs,
    uint32_t i);

/** ruleset_relay(rs, p): the class of its author, its site or source;
 * RELAY_REACH: on no list, but followers enough.  Thread: any. */
enum rules_relay ruleset_relay(const struct ruleset *rs, const struct post *p);

/** ruleset_owned(rs, post, &brands): the brands of which its author is an own
 * account, by handle, else by id, else by name; returns how many.
 * ruleset_asks(rs, own): whether rules_match, or if ${own} this, looks at more
 * of a post than title and text.  Thread: any. */
bool ruleset_asks(const struct ruleset *rs, bool own);
uint32_t ruleset_owned(const struct ruleset *rs, const struct post *post,
    const uint32_t **brands);

/** ruleset_bytes(rs): memory of the set, regexes as far as posts have asked
 * for them.  ruleset_warm(rs): as if they had for all.  Thread: any. */
size_t ruleset_bytes(const struct ruleset *rs);
void ruleset_warm(const struct ruleset *rs);

/* ---- matching one post ------------------------------------------------ */

enum hit_kind { HIT_RULE, HIT_BRAND, HIT_TOPIC };

struct span {
	uint32_t start, end; /* bytes of the unfolded text, [start, end) */
};

/* One thing that the post fires. */
struct hit {
	enum hit_kind kind;
	uint32_t index;  /* of the rule, brand or topic */
	uint32_t sector; /* RULES_NONE: common */
	uint32_t brand;  /* rule: for which, or RULES_NONE; brand: itself */
	uint32_t topic;  /* rule: its topic; topic: itself; else RULES_NONE */
	int32_t weight_milli; /* 0 for a brand */
	uint8_t severity;
	uint8_t spans_count;
	const struct span *spans; /* with MATCH_SPANS or _ALL; sorted */
};

/* A term of a condition that the post counts for. */
struct term_hit {
	uint32_t rule;  /* hidden */
	uint32_t brand; /* for which, or RULES_NONE */
};

struct verdict {
	/* sorted by sector id (common first), then by the name that `match`
	 * prints ("brand:x", "topic:y", rule id), then by brand */
	const struct hit *hits;
	uint32_t hits_count;
	const struct term_hit *terms; /* in no order */
	uint32_t terms_count;
	bool matched; /* fires a rule, or a brand and a topic of its sector */
	int64_t score_milli; /* rules_weigh() of the whole post */
	bool occurrences_cut; /* a node stood more often than is kept */
	uint32_t overruns;   /* regexes that hit their limits on this post */
	const uint32_t *overrun_rules; /* ids for ruleset_regex_owner() */
};

/* For whom a weight is asked: a brand of its sector, or with RULES_NONE the
 * sector's pseudo-brand. */
struct rules_about {
	uint32_t sector, brand;
};

struct rules_weight {
	int64_t milli;
	bool positive; /* some weight that counts is above zero */
	uint8_t severity, roles; /* of all that speak; only with an about */
};

/** rules_speaks_for(hit, sector, brand): rules fired for the brand, topics of
 * its sector or common ones.  The pseudo-brand (RULES_NONE) takes the rules
 * that are for no brand. */
bool rules_speaks_for(const struct hit *hit, uint32_t sector, uint32_t brand);

/** rules_weigh(rs, v, about): the sum of the weights of ${v}'s hits that speak
 * for ${about}, or with NULL of all: each rule and topic once, groups within
 * their caps, without those that are replaced. */
struct rules_weight rules_weigh(const struct ruleset *rs,
    const struct verdict *v, const struct rules_about *about);

/** rules_replaced(rs, v, hit, about): whether a fired rule replaces ${hit}:
 * one that fired for the brand of ${about}; with NULL one that fired for no
 * brand, or for each brand that ${hit} speaks for. */
bool rules_replaced(const struct ruleset *rs, const struct verdict *v,
    const struct hit *hit, const struct rules_about *about);

enum match_flags {
	MATCH_TOPICS = 1,       /* topics also where no brand was found */
	MATCH_SPANS = 2,        /* fill spans where a rule or a topic hit */
	MATCH_NO_PREFILTER = 4, /* evaluate everything: must not differ */
	MATCH_MENTIONS = 8,     /* with SPANS: where only brands did, too */
	MATCH_ALL_SAID = 16,    /* of a post that matches: all its topics */
	MATCH_UNSCORED = 32,    /* leave the verdict's score_milli at 0 */
};
struct matcher;

/** matcher_new(): for one thread.  matcher_free(NULL) is legal. */
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);

/** matcher_fit(m, rs): size the scratch for ${rs}; cheap when it is the same
 * generation as before.  The matcher borrows ${rs} until the next fit. */
void matcher_fit(struct matcher *m, const struct ruleset *rs);

/** matcher_bench(m, regex): regex ${regex} of the set that ${m} is fitted to
 * no longer matches, until the next fit to another set.  Thread: the
 * matcher's. */
void matcher_bench(struct matcher *m, uint32_t regex);

/** matcher_bench_none(m): all of them match again. */
void matcher_bench_none(struct matcher *m);

/**
 * rules_match(m, post, text, flags): judge one post whose folded form is
 * ${text} (text_fold of its title and text).  The verdict and all it points
 * to live in the matcher until its next call.  May call text_map on ${text}.
 * Allocates nothing in the steady state.  Thread: the matcher's.
 */
const struct verdict *rules_match(struct matcher *m, const struct post *post,
    struct text *text, unsigned flags);

/** rules_name(rs, hit, buf): "kitkat-boycott", "brand:x", "topic:y". */
struct buf;
void rules_name(const struct ruleset *rs, const struct hit *hit,
    struct buf *out);

/** ruleset_regex_owner(rs, i): which rule, brand or topic a regex belongs to,
 * for the counters and the log; and benching it by the loop. */
struct slice ruleset_regex_owner(const struct ruleset *rs, uint32_t i);

/** ruleset_regexes(rs): how many; ruleset_regex_place(rs, i, out): where the
 * first rule that has it says so, "food.yaml:12". */
uint32_t ruleset_regexes(const struct ruleset *rs);
uint32_t ruleset_regexes_shared(const struct ruleset *rs); /* taken over */
void ruleset_regex_place(
    const struct ruleset *rs, uint32_t i, struct buf *out);

/** rules_library(out): which PCRE2 runs the regexes, "PCRE2 10.42, JIT
 * x86 64bit"; for the report of a fault. */
void rules_library(struct buf *out);

/* ---- for people -------------------------------------------------------- */

enum { EXPLAIN_JSON = 1, EXPLAIN_COLOUR = 2, EXPLAIN_FRENCH = 4 };

/** rules_explain(rs, post, out, style): why ${post} matched or not: every brand
 * and topic found, every rule of those brands as a tree with the words that
 * decided, offsets, weights.  Thread: any; allocates. */
void rules_explain(const struct ruleset *rs, const struct post *post,
    struct buf *out, unsigned style);

/** rules_explain_find(rs, id, &kind, &index): the entry "x", "rule:x",
 * "brand:x" or "topic:x".  rules_explain_entry(...): that one alone, whether
 * the post is near to it or far. */
bool rules_explain_find(const struct ruleset *rs, struct slice id,
    enum hit_kind *kind, uint32_t *index);
void rules_explain_entry(const struct ruleset *rs, const struct post *post,
    enum hit_kind kind, uint32_t index, struct buf *out, unsigned style);

/* ---- what rules cost ---------------------------------------------------- */

struct rules_costs;

/** rules_costs_new(rs): for one thread, while ${rs} lives. */
struct rules_costs *rules_costs_new(const struct ruleset *rs);
void rules_costs_free(struct rules_costs *costs);

/** rules_costs_anchor(costs, kind, i, from, out): the ${from}-th word that a
 * post needs for the entry to be looked at; false behind the last.  An entry
 * with none is looked at with its brand, or on every post. */
bool rules_costs_anchor(const struct rules_costs *costs, enum hit_kind kind,
    uint32_t i, uint32_t from, struct buf *out);
enum rules_hangs { HANGS_ON_WORDS, HANGS_ON_BRAND, HANGS_ON_NOTHING };
enum rules_hangs rules_costs_hangs(
    const struct rules_costs *costs, enum hit_kind kind, uint32_t i);

/** rules_costs_ns(costs, kind, i): one look at a post, measured here on a
 * small sample; takes some microseconds. */
int64_t rules_costs_ns(
    struct rules_costs *costs, enum hit_kind kind, uint32_t i);

/* What an entry took of all posts; times are reckoned from a part of them. */
struct rules_profile_row {
	enum hit_kind kind;
	uint32_t index;
	uint64_t candidates; /* posts with one of its words */
	uint64_t looks, hits, overruns;
	int64_t ns, regex_ns; /* the second is within the first */
};

struct rules_profile_total {
	uint64_t posts;
	int64_t ns; /* matching of all of them */
};

struct rules_profile;

/** rules_profile_new(rs): nothing is measured yet; for one thread. */
struct rules_profile *rules_profile_new(const struct ruleset *rs);
void rules_profile_free(struct rules_profile *p);

/** rules_profile_post(p, post, text): judge one as rules_match() does, and
 * note what each entry does. */
const struct verdict *rules_profile_post(struct rules_profile *p,
    const struct post *post, struct text *text);

/** rules_profile_end(p, &total, &count): the entries that were looked at, the
 * dearest first, until the next call. */
const struct rules_profile_row *rules_profile_end(struct rules_profile *p,
    struct rules_profile_total *total, uint32_t *count);

/* What may be hit by some post, or never. */
enum rules_covered {
	COVERED_BRAND,
	COVERED_TOPIC,
	COVERED_RULE,
	COVERED_BRANCH, /* an alternative of an OR */
	COVERED_LIST,   /* an entry of a list */
	COVERED_KINDS,
};

struct rules_coverage_item {
	enum rules_covered what;
	struct slice of;   /* id of the entry, name of the list */
	struct slice text; /* of an alternative: as a person would name it */
	struct slice path;
	uint32_t line, column;
	bool hit;
};

/** rules_coverage_new(): to be handed to ruleset_load(), once; then
 * rules_coverage_post() while the set lives. */
struct rules_coverage *rules_coverage_new(void);
void rules_coverage_free(struct rules_coverage *c);
void rules_coverage_post(
    struct rules_coverage *c, const struct post *post, struct text *text);
const struct rules_coverage_item *rules_coverage_items(
    const struct rules_coverage *c, uint32_t *count);

/** rules_sample(i): the i-th post of that sample, French and English, made for
 * it; data NULL behind the last. */
struct slice rules_sample(size_t i);

/** rules_operators(i): the i-th row of ops.def for usage and docs, or NULL. */
struct rules_operator {
	const char *name, *syntax, *help;
	/* an example, executed by the tests; hit and miss are texts, or
	 * posts as YAML maps: "{text: x, lang: fr}" */
	const char *query, *hit, *miss;
};
const struct rules_operator *rules_operators(size_t i);

#endif
