/*
 * Posts and rules by hand, for the tests of the judge: one sector with four
 * brands, three topics, two rules; records go straight into a batch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_POSTS_H
#define TESTS_UNIT_ENGINE_POSTS_H

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/batch.h"
#include "engine/catalogue.h"
#include "engine/density/judge.h"
#include "engine/density/signals.h"

#define POSTS_START INT64_C(1268784000000) /* 2010-03-17T00:00:00Z */

static const struct rules_sector posts_sectors[] = {
    {.id = SLICE("food"), .offset_milli = -3000, .scale_milli = 1000}};
static const struct rules_brand posts_brands[] = {
    {.id = SLICE("aero"), .name = SLICE("Aero")},
    {.id = SLICE("kitkat"), .name = SLICE("KitKat")},
    {.id = SLICE("mars"), .name = SLICE("Mars")},
    {.id = SLICE("twix"), .name = SLICE("Twix")}};
#define POSTS_TOPIC(name, fr, en, points, grave)                               \
	{.id = SLICE(name), .name_fr = SLICE(fr), .name_en = SLICE(en),        \
	    .weight_milli = (points), .severity = (grave), .group = RULES_NONE}
static const struct rules_topic posts_topics[] = {
    POSTS_TOPIC("palm-oil", "Huile de palme", "Palm oil", 2000, 3),
    POSTS_TOPIC("price", "Prix", "Price", 2000, 1),
    POSTS_TOPIC("threat", "Menace", "Threat", 4000, 4)};
#define POSTS_RULE(name, points)                                               \
	{.id = SLICE(name), .topic = RULES_NONE, .weight_milli = (points),     \
	    .severity = 1, .for_brands = true, .group = RULES_NONE}
static const struct rules_rule posts_rules[] = {
    POSTS_RULE("boycott", 3000), POSTS_RULE("thanks", -2000)};
static const struct catalogue posts_catalogue = {
    posts_sectors, posts_brands, posts_topics, posts_rules, 1, 4, 3, 2};

/* One post as the worker would have recorded it. */
struct post_by_hand {
	int64_t t_ms;
	uint64_t author, id;
	uint64_t sketch;     /* 0: no copies */
	uint32_t brand;      /* RULES_NONE: the pseudo-brand */
	uint32_t topic;      /* RULES_NONE: none */
	uint32_t harm;       /* p in millionths; gravity of the topic */
	uint64_t followers;  /* 0: unknown */
	bool own;            /* by an own account of ${brand} */
};

static inline struct part
posts_text(struct batch *b, const char *text)
{
	struct part part = {(uint32_t)b->text.len, (uint32_t)strlen(text)};

	buf_text(&b->text, text);
	return part;
}

static inline uint32_t
posts_gravity(uint8_t severity)
{
	static const uint32_t gravity[] = {0, 250000, 500000, 1000000, 1000000};

	return gravity[severity];
}

static inline void
posts_add(struct batch *b, const struct post_by_hand *p)
{
	struct share share = {.sector = 0, .brand = p->brand,
	    .harm = p->harm, .severity = 1, .own = p->own,
	    .topics_first = b->topics.count,
	    .reasons_first = b->reasons.count};
	struct record r = {.ts_ms = p->t_ms, .id_key = p->id,
	    .author_key = p->author, .sketch = p->sketch,
	    .followers = p->followers == 0 ? POST_UNKNOWN : p->followers,
	    .reach = MICRO, .shares_first = b->shares.count,
	    .shares_count = 1, .flags = p->own ? RECORD_OWN : 0};
	char text[64];

	if (p->followers > 0)
		r.reach = mathx_reach(p->followers);
	if (p->topic != RULES_NONE) {
		*vec_push(&b->topics, uint32_t) = p->topic;
		share.topics_count = 1;
		share.severity = posts_topics[p->topic].severity;
	}
	share.gravity = posts_gravity(share.severity);
	if (p->harm > 0 && p->topic != RULES_NONE) {
		struct reason *reason = vec_push(&b->reasons, struct reason);

		*reason = (struct reason){.kind = HIT_TOPIC,
		    .index = p->topic,
		    .weight_milli = posts_topics[p->topic].weight_milli,
		    .words = posts_text(b, "palm oil, orangutan")};
		share.reasons_count = 1;
	}
	if (p->harm > 0) {
		snprintf(text, sizeof(text), "post %llu",
		    (unsigned long long)p->id);
		r.id = posts_text(b, text);
		r.text = posts_text(b, "Give the orangutans a break");
		snprintf(text, sizeof(text), "author-%llu",
		    (unsigned long long)p->author);
		r.author = posts_text(b, text);
	}
	if (p->t_ms > b->clock_ms)
		b->clock_ms = p->t_ms;
	r.clock_ms = b->clock_ms;
	*vec_push(&b->shares, struct share) = share;
	*vec_push(&b->records, struct record) = r;
}

static inline void
posts_clear(struct batch *b)
{
	b->records.count = b->shares.count = 0;
	b->topics.count = b->reasons.count = b->terms.count = 0;
	buf_clear(&b->text);
	b->clock_ms = TIME_NONE;
}

static inline struct batch *
posts_batch(void)
{
	struct batch *b = must_alloc(sizeof(*b));

	b->clock_ms = TIME_NONE;
	return b;
}

static inline void
posts_free(struct batch *b)
{
	free(b->records.items);
	free(b->shares.items);
	free(b->topics.items);
	free(b->reasons.items);
	free(b->terms.items);
	buf_fini(&b->text);
	free(b);
}

/* A judge whose alerts are gathered as lines of JSON. */
struct court {
	struct judge *judge;
	struct counters counters;
	struct buf lines;
	struct buf notes; /* what goes to the journal, a line each */
	unsigned count;
	uint8_t level; /* of the last message */
	struct alert *last;
};

static inline void
court_hears(void *self, struct alert *a, uint64_t ruleset)
{
	struct court *c = self;

	alert_encode(a, ruleset, NULL);
	buf_slice_put(&c->lines, buf_slice(&a->json));
	buf_char(&c->lines, '\n');
	c->count++;
	c->level = a->level;
	alert_unref(c->last);
	c->last = a;
}

static inline void
court_notes(void *self, struct slice json)
{
	struct court *c = self;

	buf_slice_put(&c->notes, json);
	buf_char(&c->notes, '\n');
}

/* Without a catalogue: what was saved is loaded before that. */
static inline void
court_open_bare(struct court *c, const struct signals_settings *signals)
{
	struct judge_options o = {.counters = &c->counters,
	    .signals = signals, .on_alert = court_hears,
	    .on_news = court_notes, .self = c};

	memset(c, 0, sizeof(*c));
	density_defaults(&o.density);
	c->judge = judge_new(&o);
}

/* With signals by ${signals}, or without when it is NULL. */
static inline void
court_open_with(struct court *c, const struct signals_settings *signals)
{
	court_open_bare(c, signals);
	judge_catalogue(c->judge, &posts_catalogue);
}

static inline void
court_open(struct court *c)
{
	court_open_with(c, NULL);
}

static inline void
court_close(struct court *c)
{
	judge_free(c->judge);
	alert_unref(c->last);
	buf_fini(&c->lines);
	buf_fini(&c->notes);
}

#endif
