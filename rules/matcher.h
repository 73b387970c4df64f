/*
 * All mutable state of matching, one per worker.
 *
 * Nothing that grows with the number of rules is cleared per post: states
 * carry the stamp of the post they were made for.
 * Thread: its worker's.  Owns: its arrays; borrows the ruleset and the text.
 * Never: seen outside rules/.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_MATCHER_H
#define RULES_MATCHER_H

#include "engine/base/must.h"
#include "rules/ast.h"
#include "rules/inclusive.h"
#include "rules/ruleset.h"

/* Where an atom stands.  A regex that touches no token has first == end. */
struct occ {
	uint32_t first, end; /* tokens, [first, end) */
	uint32_t from, to;   /* folded bytes, [from, to) */
};

/* A list in a frame of the matcher.  Beyond OCCURRENCES_MAX the earliest
 * stay. */
#define OCC_FRAME_ITEMS (2 * OCCURRENCES_MAX)
struct occ_list {
	struct occ *items;
	uint32_t count;
	bool full; /* items are sorted, and the last one is the bound */
	bool *cut; /* the verdict's: set when one did not find room */
};

/* What a stamped word says beside its stamp. */
enum unit_state { UNIT_QUEUED, UNIT_PROVEN, UNIT_FALSE, UNIT_TRUE };
/* The part of the post that operators read: all of it, but inside title:,
 * text: and SENTENCE. */
struct scope {
	uint32_t first, end; /* tokens, [first, end) */
	uint32_t from, to;   /* folded bytes, [from, to) */
	bool narrow;         /* not all of it: nothing cached holds */
};

#define STAMP_BITS 30
#define STAMP_LAST ((UINT32_C(1) << STAMP_BITS) - 1)

/* Entries of keys, wides and suspects behind those of the last token, which
 * vectors write. */
#define MATCHER_KEYS_SLACK 8u

struct growing_hits {
	struct hit *items;
	uint32_t count, room;
};

/* Where a brand of the post stands, for the rules that ask for it again. */
#define KEPT_BRANDS 4u
#define KEPT_OCCS 8u
struct kept_brand {
	uint32_t brand, count;
	struct occ items[KEPT_OCCS];
};

/* Where the scan met the phrases of units that are nothing else. */
#define MET_MAX 16u
struct met_phrase {
	uint32_t unit;
	struct occ occ;
};

/* Where the phrases of a set stand, as it was judged. */
#define KEPT_SETS 4u
#define KEPT_SET_OCCS 6u
struct kept_set {
	uint32_t count;
	struct occ items[KEPT_SET_OCCS];
};

/* Where an operand of NEAR stands, as a rule was judged for a brand. */
#define KEPT_NODES 4u
#define KEPT_NODE_OCCS 6u
struct kept_node {
	uint32_t node, brand, count;
	struct occ items[KEPT_NODE_OCCS];
};

/* The first match of the regex that was found last, for who asks where. */
struct found_regex {
	uint32_t regex, part; /* UINT32_MAX: none */
	size_t start, end;
};

struct regex_scratch;
struct disguise_word;

struct matcher {
	const struct ruleset *rs;
	uint64_t generation;
	uint32_t stamp;

	/* the post */
	const struct post *post;
	struct text *text;
	unsigned flags;
	enum { MAP_NONE, MAP_TEXT, MAP_TITLE } mapped; /* text->map is of */
	bool topics_queued; /* the topical prefilter has run */
	uint32_t brand;     /* what the word `brand` means just now */
	struct scope scope;
	uint32_t *sentences; /* first tokens of them, and text->tokens */
	uint32_t sentences_count, sentences_room;
	bool sentences_known;
	struct inclusive *inclusives; /* by token */
	uint32_t inclusives_count;
	bool disguises_known;
	struct disguise_word *disguises; /* disguise.h */
	uint32_t disguises_words, disguises_count, disguises_room;
	uint64_t *keys;     /* first 8 bytes of each token, zeros behind */
	uint64_t *wides;    /* first 16, mixed into one word */
	uint32_t keys_room;
	uint32_t *suspects; /* tokens whose key may be an anchor's */
	bool ascii; /* tokens are of nothing else; false: they may be */
	bool joined; /* suspects may be of an inclusive group; false: none */

	/* stamp << 2 | enum unit_state */
	uint32_t *units, *sets, *regexes;
	uint32_t *sets_kept;  /* of sets that are there: which kept_set has
			       * its places; KEPT_SETS: none */
	uint32_t *fired, *fired_brand; /* sets with labels: of each rule */
	uint32_t *sectors_named; /* stamp of the last post that named it */
	uint32_t *topics_asked; /* stamp of the last post whose rules need it */
	uint32_t *queue;        /* units that may match, each once */
	uint32_t queue_count;
	uint32_t *topic_queue;
	uint32_t topic_queue_count;
	uint32_t *named; /* brands that the post names */
	uint32_t named_count;

	struct kept_brand kept[KEPT_BRANDS];
	uint32_t kept_count;
	struct met_phrase met[MET_MAX];
	uint32_t met_count; /* beyond MET_MAX: not all found room */
	struct kept_set kept_sets[KEPT_SETS];
	uint32_t kept_sets_count;
	struct kept_node kept_nodes[KEPT_NODES];
	uint32_t kept_nodes_count;
	struct found_regex found_regex;
	struct occ **frames; /* one per list in use; taken once, kept */
	uint32_t frames_used, frames_room;

	struct regex_scratch *regex;
	uint8_t *benched; /* regex: no longer matches */
	bool any_benched;

	struct growing_hits hits;
	struct term_hit *terms;
	uint32_t terms_count, terms_room;
	struct span *spans;
	uint32_t spans_count, spans_room;
	uint32_t *overruns;
	uint32_t overruns_count, overruns_room;
	struct verdict verdict;
	struct profile *profile; /* of profile_match() alone */
};

/** A stamped word of this post: its state, or -1 when it is of an old one. */
static inline int
matcher_state(const struct matcher *m, uint32_t word)
{
	return word >> 2 == m->stamp ? (int)(word & 3) : -1;
}

static inline uint32_t
matcher_word(const struct matcher *m, enum unit_state state)
{
	return m->stamp << 2 | (uint32_t)state;
}

/** matcher_token_fits(m, t, token): whether token ${t} of the post is it. */
bool matcher_token_rest(
    const struct matcher *m, uint32_t t, const struct flat_token *token);

static inline bool
matcher_token_fits(
    const struct matcher *m, uint32_t t, const struct flat_token *token)
{
	if (((m->keys[t] ^ token->key) & probe_mask(token->head)) != 0)
		return false;
	if (token->form == TOKEN_EXACT && token->len < 8 && token->sign == 0)
		return true;
	return matcher_token_rest(m, t, token);
}

/** matcher_anchor_fits(m, t, token, wide): the same of the word of a table
 * under ${wide}, mostly without a look at its bytes. */
bool matcher_anchor_fits(const struct matcher *m, uint32_t t,
    const struct flat_token *token, uint64_t wide);

/** matcher_phrase_at(m, node, t): whether the phrase begins at token ${t}. */
bool matcher_phrase_at(
    const struct matcher *m, const struct flat_node *node, uint32_t t);

/** matcher_phrase_slow(m, node, t): one past the last token of the phrase
 * that begins at token ${t}, inclusive forms taken as one; 0: it does not. */
uint32_t matcher_phrase_slow(
    const struct matcher *m, const struct flat_node *node, uint32_t t);

/** matcher_token_is(m, word, token): whether ${word} is it, its sign aside. */
bool matcher_token_is(const struct matcher *m, struct slice word,
    const struct flat_token *token);

/** matcher_begin(m, post, text, flags): forget the post before.  The keys
 * are made by prefilter_scan or prefilter_keys. */
void matcher_begin(struct matcher *m, const struct post *post,
    struct text *text, unsigned flags);

/** matcher_map(m): make text->map hold of the text; cheap when it does. */
void matcher_map(struct matcher *m);

/** matcher_map_title(m): make it hold of the title instead. */
void matcher_map_title(struct matcher *m);

/** matcher_scope_all(m): all of the post. */
static inline struct scope
matcher_scope_all(const struct matcher *m)
{
	return (struct scope){0, m->text->tokens, 0, m->text->len, false};
}

/** matcher_sentences(m): find the sentences of the post, once per post; the
 * title is one. */
void matcher_sentences(struct matcher *m);

/**
 * matcher_enter_part(m, title), matcher_enter_sentence(m, i): narrow the scope
 * to the title or the text, to one sentence; false when nothing is left.  The
 * caller puts m->scope back.
 */
bool matcher_enter_part(struct matcher *m, bool title);
bool matcher_enter_sentence(struct matcher *m, uint32_t i);

/**
 * matcher_span(m, at, end, &part, &start, &stop): where folded bytes [${at},
 * ${end}) came from, title or text, which becomes ${part}.
 */
bool matcher_span(struct matcher *m, uint32_t at, uint32_t end,
    struct slice *part, uint32_t *start, uint32_t *stop);

/**
 * matcher_occs(m): an empty list in the next frame; give back with
 * m->frames_used = what it was before.
 */
struct occ_list matcher_occs(struct matcher *m);

/** matcher_occ_push(list, occ): add one, in any order. */
void matcher_occ_push(struct occ_list *list, struct occ occ);

/** matcher_place(m, from, to): the tokens that overlap folded bytes [from,
 * to); first == end when there is none. */
struct occ matcher_place(const struct matcher *m, uint32_t from, uint32_t to);

/** matcher_met(m, unit, out): push all places of ${unit}, which the scan has
 * met; false: it does not know them, or not all. */
bool matcher_met(
    const struct matcher *m, uint32_t unit, struct occ_list *out);

/** matcher_occ_sort(list): by first, end, from; repeats dropped; cut. */
void matcher_occ_sort(struct occ_list *list);

/** matcher_overrun(m, regex): once per regex and post. */
void matcher_overrun(struct matcher *m, uint32_t regex);

/** rule_eval(m, unit, brand): match AND NOT not AND topic, for ${brand}. */
bool rule_eval(struct matcher *m, uint32_t unit, uint32_t brand);

/** rule_topic(m, topic): the same for a topic, once per post. */
bool rule_topic(struct matcher *m, uint32_t topic);

/** rule_brand(m, brand): whether the post names it; once per post. */
bool rule_brand(struct matcher *m, uint32_t brand);

/** rule_sector(m, sector): whether it names some brand of ${sector}. */
bool rule_sector(struct matcher *m, uint32_t sector);

/** rule_fires(m, rule, brand): whether ${rule} fires for ${brand}; one that is
 * for no brand: at all; with RULES_NONE: for any brand that is named. */
bool rule_fires(struct matcher *m, uint32_t rule, uint32_t brand);

/** rule_queue_topics(m): queue the topics that may match, once per post. */
void rule_queue_topics(struct matcher *m);

/** spans_fill(m): the spans of all hits of the verdict. */
void spans_fill(struct matcher *m);

/**
 * spans_of_node(m, node, out): places of the positive atoms under ${node}
 * that decided, as folded bytes, sorted, at most OCCURRENCES_MAX.
 */
void spans_of_node(struct matcher *m, uint32_t node, struct occ_list *out);

#endif
