/*
 * One post to its verdict.
 *
 * The prefilter queues brands and the rules that hang on none; a brand that
 * is named brings its rules; topics are judged where somebody asks.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "rules/op.h"

/* profile_match.c is this file again, with a count and a clock around each
 * unit: here they cost nothing. */
#ifndef MATCH_NAME
#define MATCH_NAME rules_match
#define MATCH_JUDGED(m, unit, judged) (judged)
#endif

/* The next hit, which the caller fills field by field: a copy of one that was
 * just put together would wait until its parts have left the store buffer. */
static struct hit *
next_hit(struct matcher *m)
{
	struct growing_hits *hits = &m->hits;

	if (hits->count == hits->room) {
		hits->room = hits->room * 2 + 64;
		hits->items =
		    must_grow(hits->items, sizeof(*hits->items) * hits->room);
	}
	return &hits->items[hits->count++];
}

static void
queue_everything(struct matcher *m)
{
	const struct ruleset *rs = m->rs;
	uint32_t rules = unit_of_rule(rs, 0);

	prefilter_keys(m);
	for (uint32_t i = 0; i < rs->brands_count; i++)
		m->queue[m->queue_count++] = i;
	for (uint32_t i = 0; i < rs->rules_count; i++)
		if (!rs->rules[i].for_brands)
			m->queue[m->queue_count++] = rules + i;
	for (uint32_t i = 0; rs->labels_count > 0 && i < m->queue_count; i++)
		m->units[m->queue[i]] = matcher_word(m, UNIT_QUEUED);
}

static void
name_brand(struct matcher *m, uint32_t brand)
{
	const struct rules_brand *b = &m->rs->brands[brand];

	__builtin_prefetch(b->id.data); /* what prints it is far away */
	m->named[m->named_count++] = brand;
	m->sectors_named[b->sector] = m->stamp;
	*next_hit(m) = (struct hit){.kind = HIT_BRAND,
	    .index = brand,
	    .sector = b->sector,
	    .brand = brand,
	    .topic = RULES_NONE};
}

static void
add_term(struct matcher *m, uint32_t rule, uint32_t brand)
{
	if (m->terms_count == m->terms_room) {
		m->terms_room = m->terms_room * 2 + 16;
		m->terms = must_grow(m->terms,
		    sizeof(*m->terms) * m->terms_room);
	}
	m->terms[m->terms_count++] = (struct term_hit){rule, brand};
}

static void
judge_rule(struct matcher *m, uint32_t rule, uint32_t brand)
{
	const struct rules_rule *r = &m->rs->rules[rule];

	if (!MATCH_JUDGED(m, unit_of_rule(m->rs, rule),
		m->rs->labels_count > 0 /* then others may have asked for it */
		    ? rule_fires(m, rule, brand)
		    : rule_eval(m, unit_of_rule(m->rs, rule), brand)))
		return;
	if (r->is_term) {
		add_term(m, rule, brand);
		return;
	}
	__builtin_prefetch(r->id.data);
	m->verdict.matched = true;
	*next_hit(m) = (struct hit){.kind = HIT_RULE,
	    .index = rule,
	    .sector = r->sector,
	    .brand = brand,
	    .topic = r->topic,
	    .weight_milli = r->weight_milli,
	    .severity = r->severity};
	/* Its topic is reported too, whatever that topic's sector. */
	if (r->topic != RULES_NONE)
		m->topics_asked[r->topic] = m->stamp;
}

/* Rules that are fetched before the first of a range is judged. */
#define AHEAD 16u

/* Rules of a brand stand where their ids put them: one would be waited for
 * after the other. */
static void
fetch_range(const struct ruleset *rs, const struct ranges *rules,
    uint32_t range)
{
	uint32_t first = rules->first[range], end = rules->first[range + 1];

	for (uint32_t i = first; i < end && i - first < AHEAD; i++) {
		__builtin_prefetch(
		    &rs->units[unit_of_rule(rs, rules->items[i])]);
		/* a rule may begin in one line and end in the next */
		__builtin_prefetch(&rs->rules[rules->items[i]]);
		__builtin_prefetch(&rs->rules[rules->items[i]].group);
	}
}

static void
judge_range(struct matcher *m, const struct ranges *rules, uint32_t range,
    uint32_t brand)
{
	for (uint32_t i = rules->first[range]; i < rules->first[range + 1];
	     i++)
		judge_rule(m, rules->items[i], brand);
}

static void
judge_queue(struct matcher *m)
{
	const struct ruleset *rs = m->rs;

	for (uint32_t i = 0; i < m->queue_count; i++)
		if (m->queue[i] < rs->brands_count)
			fetch_range(rs, &rs->brand_rules, m->queue[i]);
	/* Brands first. */
	for (uint32_t i = 0; i < m->queue_count; i++) {
		uint32_t unit = m->queue[i];

		if (unit < rs->brands_count &&
		    MATCH_JUDGED(m, unit,
			rs->labels_count > 0 ? rule_brand(m, unit)
					     : rule_eval(m, unit, unit)))
			name_brand(m, unit);
	}
	for (uint32_t i = 0; i < m->named_count; i++) {
		uint32_t b = m->named[i], sector = rs->brands[b].sector;

		fetch_range(rs, &rs->sector_rules, sector);
		judge_range(m, &rs->brand_rules, b, b);
		judge_range(m, &rs->sector_rules, sector, b);
		judge_range(m, &rs->sector_rules, rs->sectors_count, b);
	}
	for (uint32_t i = 0; i < m->queue_count; i++)
		if (m->queue[i] >= rs->brands_count)
			judge_rule(m, m->queue[i] - unit_of_rule(rs, 0),
			    RULES_NONE);
}

/* Whether a named brand is of the topic's sector, which makes a match. */
static bool
pairs(const struct matcher *m, uint32_t topic)
{
	const struct rules_topic *t = &m->rs->topics[topic];

	return t->sector == RULES_NONE
	    ? m->named_count > 0
	    : m->sectors_named[t->sector] == m->stamp;
}

static void
judge_topic(struct matcher *m, uint32_t topic)
{
	const struct rules_topic *t = &m->rs->topics[topic];

	if (!MATCH_JUDGED(m, unit_of_topic(m->rs, topic),
		rule_topic(m, topic)))
		return;
	if (pairs(m, topic))
		m->verdict.matched = true;
	*next_hit(m) = (struct hit){.kind = HIT_TOPIC,
	    .index = topic,
	    .sector = t->sector,
	    .brand = RULES_NONE,
	    .topic = topic,
	    .weight_milli = t->weight_milli,
	    .severity = t->severity};
}

/* The topics that somebody asks for: a sector that is named, any brand for
 * the common ones, a fired rule; or the others. */
static void
judge_topics_that(struct matcher *m, bool are_asked)
{
	for (uint32_t i = 0; i < m->topic_queue_count; i++) {
		uint32_t topic = m->topic_queue[i] - m->rs->brands_count;
		bool asked = m->topics_asked[topic] == m->stamp ||
		    pairs(m, topic);

		if (asked == are_asked)
			judge_topic(m, topic);
	}
}

static void
judge_topics(struct matcher *m)
{
	bool all = m->flags & MATCH_TOPICS;

	if (m->hits.count == 0 && !all)
		return;
	rule_queue_topics(m);
	judge_topics_that(m, true);
	if (all || (m->verdict.matched && (m->flags & MATCH_ALL_SAID)))
		judge_topics_that(m, false);
}

/* ---- order, score -------------------------------------------------------- */

/* A heap sort of what is usually three hits and may be thousands; qsort()
 * would allocate. */
static void
sift(const struct ruleset *rs, struct hit *hits, uint32_t at, uint32_t count)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		struct hit held = hits[at];

		if (child >= count)
			return;
		if (child + 1 < count &&
		    ruleset_hit_key(rs, &hits[child]) <
			ruleset_hit_key(rs, &hits[child + 1]))
			child++;
		if (ruleset_hit_key(rs, &held) >=
		    ruleset_hit_key(rs, &hits[child]))
			return;
		hits[at] = hits[child];
		hits[child] = held;
		at = child;
	}
}

/* A few are put in their places one by one. */
#define HITS_FEW 8u

static void
sort_few(const struct ruleset *rs, struct hit *hits, uint32_t count)
{
	uint64_t keys[HITS_FEW] = {ruleset_hit_key(rs, &hits[0])};

	for (uint32_t i = 1; i < count; i++) {
		uint64_t key = ruleset_hit_key(rs, &hits[i]);
		struct hit held;
		uint32_t k = i;

		keys[i] = key;
		if (keys[i - 1] <= key)
			continue;
		held = hits[i];
		for (; k > 0 && keys[k - 1] > key; k--) {
			keys[k] = keys[k - 1];
			hits[k] = hits[k - 1];
		}
		keys[k] = key;
		hits[k] = held;
	}
}

static void
sort_hits(const struct ruleset *rs, struct hit *hits, uint32_t count)
{
	if (count <= HITS_FEW) {
		sort_few(rs, hits, count);
		return;
	}
	for (uint32_t i = count / 2; i-- > 0;)
		sift(rs, hits, i, count);
	for (uint32_t i = count; i-- > 1;) {
		struct hit held = hits[0];

		hits[0] = hits[i];
		hits[i] = held;
		sift(rs, hits, 0, i);
	}
}

const struct verdict *
MATCH_NAME(struct matcher *m, const struct post *post, struct text *text,
    unsigned flags)
{
	struct verdict *v = &m->verdict;

	REQUIRE(m->rs != NULL);
	*v = (struct verdict){0};
	matcher_begin(m, post, text, flags);
	if (flags & MATCH_NO_PREFILTER)
		queue_everything(m);
	else
		prefilter_scan(m, &m->rs->mains, true);
	if (m->queue_count > 0)
		judge_queue(m);
	judge_topics(m);
	if (m->hits.count > 1)
		sort_hits(m->rs, m->hits.items, m->hits.count);
	v->hits = m->hits.items;
	v->hits_count = m->hits.count;
	v->terms = m->terms;
	v->terms_count = m->terms_count;
	if (v->hits_count > 0 && (flags & MATCH_UNSCORED) == 0)
		v->score_milli = rules_weigh(m->rs, v, NULL).milli;
	if ((flags & MATCH_SPANS) &&
	    (m->hits.count > m->named_count || (flags & MATCH_MENTIONS)))
		spans_fill(m);
	v->overruns = m->overruns_count;
	v->overrun_rules = m->overruns;
	return v;
}
