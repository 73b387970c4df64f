/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/alert.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/alert_route.h"
#include "engine/base/must.h"
#include "engine/brief.h"
#include "engine/finding.h"
#include "engine/phrase.h"
#include "engine/density/signal.h"

#define RULES_SHOWN 8u

/* Bytes that most have: asked for at once, they are not moved as they grow. */
#define FACTS_BYTES 3000u
#define BRIEF_BYTES 1500u
#define HEAD_BYTES 1000u /* what alert_encode adds to facts and texts */

static const char *const kind_names[] = {
    [ALERT_DENSITY] = "density", [ALERT_SEVERE_POST] = "severe_post",
    [ALERT_COORDINATED] = "coordinated",
    [ALERT_CONDITION] = "condition",
    [ALERT_CREEPING] = "creeping", [ALERT_RELAY] = "relay",
    [ALERT_NEW_TERM] = "new_term", [ALERT_BORDER] = "border",
    [ALERT_PRESS] = "press", [ALERT_SEQUENCE] = "sequence",
    [ALERT_ECHO] = "echo", [ALERT_SILENCE] = "silence"};
static const char *const subject_names[] = {[ALERT_SECTOR] = "sector",
    [ALERT_BRAND] = "brand", [ALERT_PAIR] = "brand_topic"};

static const char *const because_names[] = {[DENSITY_RARE] = "rare",
    [DENSITY_COLD] = "cold_start", [DENSITY_DOUBLED] = "doubled",
    [DENSITY_RARER] = "rarer", [DENSITY_CALMER] = "calmer",
    [DENSITY_SEVERE] = "severe_post", [DENSITY_FLOOD] = "coordinated",
    [DENSITY_SIGNAL] = "signal"};

const char *
alert_kind_name(enum alert_kind kind)
{
	REQUIRE(kind < sizeof(kind_names) / sizeof(*kind_names));
	return kind_names[kind];
}

static char *
copy(const char *text)
{
	size_t bytes;
	char *made;

	if (text == NULL)
		return NULL;
	bytes = strlen(text) + 1;
	made = must_alloc(bytes);
	memcpy(made, text, bytes);
	return made;
}

/* One id per episode: kind, sector, brand, topic, minute of first raise, and
 * the item of a signal that has several. */
static void
episode_id(const struct finding *f, char id[33])
{
	struct buf text = {0};
	XXH128_hash_t hash;

	buf_printf(&text, "%s\n%s\n%s\n%s\n%lld", kind_names[f->kind],
	    f->sector, f->brand == NULL ? "" : f->brand,
	    f->topic == NULL ? "" : f->topic,
	    (long long)(f->first_ms / MINUTE_MS));
	if (f->signal != NULL && f->signal->item.len > 0) {
		buf_char(&text, '\n');
		buf_slice_put(&text, buf_slice(&f->signal->item));
	}
	hash = XXH3_128bits(text.data, text.len);
	snprintf(id, 33, "%016llx%016llx", (unsigned long long)hash.high64,
	    (unsigned long long)hash.low64);
	buf_fini(&text);
}

static void
micro(struct buf *out, const char *name, int64_t value)
{
	buf_member(out, name);
	buf_fixed(out, value, 6, 6);
}

static void
amounts(struct buf *out, const struct amounts *a)
{
	micro(out, "density", a->density);
	micro(out, "harm", a->harm);
	micro(out, "voices", a->mass);
	micro(out, "expected", a->norm);
	micro(out, "excess", a->excess);
}

/* The topics of a brand's alert, or the brands of a sector's. */
static void
parts(struct buf *out, const struct finding *f)
{
	if (f->subject == ALERT_PAIR)
		return;
	buf_printf(out, ",\"%s\":[",
	    f->subject == ALERT_SECTOR ? "brands" : "pairs");
	for (uint32_t i = 0; i < f->parts_count; i++) {
		const struct finding_part *part = &f->parts[i];

		buf_text(out, i == 0 ? "{" : ",{");
		buf_printf(out, "\"%s\":",
		    f->subject == ALERT_SECTOR ? "brand" : "topic");
		buf_json_text(out, part->id);
		amounts(out, &part->amounts);
		buf_printf(out, ",\"level\":%u}", part->level);
	}
	buf_char(out, ']');
}

static void
rules(struct buf *out, const struct finding *f)
{
	uint32_t order[CAUSES_MAX], count = 0;

	buf_text(out, ",\"rules\":[");
	if (f->causes != NULL)
		count = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < count && i < RULES_SHOWN; i++) {
		const struct cause *c = &f->causes->items[order[i]];

		buf_text(out, i == 0 ? "{\"id\":" : ",{\"id\":");
		buf_json(out, slice_of(c->name));
		buf_text(out, ",\"weight\":");
		buf_fixed(out, c->weight_milli, 3, 3);
		micro(out, "harm", c->harm);
		micro(out, "share", f->hour.harm <= 0 ? 0 :
		    c->harm * MICRO / f->hour.harm);
		buf_text(out, ",\"words\":[");
		for (uint32_t k = 0; k < c->words_count; k++) {
			if (k > 0)
				buf_char(out, ',');
			buf_json(out, slice_of(c->words[k]));
		}
		buf_text(out, "]}");
	}
	buf_char(out, ']');
}

static void
thresholds(struct buf *out, const struct finding *f)
{
	const struct density_settings *s = f->settings;

	micro(out, "alpha", s->alpha_micro);
	buf_text(out, ",\"theta\":[");
	for (unsigned i = 0; i < DENSITY_LEVELS; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_fixed(out, s->theta_micro[i], 6, 6);
	}
	buf_text(out, "],\"falls_below\":");
	if (f->level == 0 || f->signal != NULL)
		buf_text(out, "null");
	else
		buf_fixed(out, s->theta_micro[f->level - 1] / 2, 6, 6);
}

/* How far above its own norm, how seldom, and the latter in words. */
static void
rarity(struct buf *out, const struct finding *f)
{
	struct buf words = {0};

	buf_text(out, ",\"rarity\":{\"z\":");
	buf_fixed(out, f->answer.z_micro, 6, 6);
	micro(out, "s", f->answer.s_micro);
	if (f->answer.s_micro > 0) {
		brief_rarity_fr(f->answer.s_micro, &words);
		buf_text(out, ",\"fr\":");
		buf_json(out, buf_slice(&words));
		buf_clear(&words);
		brief_rarity_en(f->answer.s_micro, &words);
		buf_text(out, ",\"en\":");
		buf_json(out, buf_slice(&words));
		buf_fini(&words);
	}
	buf_char(out, '}');
}

/* What a signal found, and what signals found that this episode covers. */
static void
signals(struct buf *out, const struct finding *f)
{
	if (f->signal != NULL) {
		buf_text(out, ",\"signal\":");
		buf_slice_put(out, f->signal->members.len > 0 ?
		    buf_slice(&f->signal->members) : SLICE("{}"));
	}
	if (f->news != NULL) {
		buf_text(out, ",\"signals\":[");
		buf_slice_put(out, buf_slice(&f->news->json));
		buf_char(out, ']');
	}
}

static void
forecast(struct buf *out, const struct finding *f)
{
	const struct forecast *c = &f->forecast;

	buf_text(out, ",\"forecast\":{\"harm\":");
	buf_fixed(out, c->harm, 6, 6);
	micro(out, "low", c->low);
	micro(out, "high", c->high);
	if (c->density >= 0)
		micro(out, "density", c->density);
	else
		buf_text(out, ",\"density\":null");
	if (c->doubling_minutes > 0)
		buf_printf(out, ",\"doubling_min\":%d}",
		    c->doubling_minutes);
	else
		buf_text(out, ",\"doubling_min\":null}");
}

static void
facts(struct buf *out, const struct finding *f)
{
	buf_member_text(out, "brand_name", f->brand == NULL ? NULL : f->name);
	buf_text(out, ",\"topic_name\":");
	if (f->topic == NULL) {
		buf_text(out, "null");
	} else {
		buf_text(out, "{\"fr\":");
		buf_json(out, slice_of(f->topic_fr));
		buf_text(out, ",\"en\":");
		buf_json(out, slice_of(f->topic_en));
		buf_char(out, '}');
	}
	if (f->subject == ALERT_SECTOR && f->topic_fr != NULL) {
		buf_text(out, ",\"sector_name\":{\"fr\":");
		buf_json(out, slice_of(f->topic_fr));
		buf_text(out, ",\"en\":");
		buf_json(out, slice_of(f->topic_en));
		buf_char(out, '}');
	}
	buf_text(out, ",\"first_minute\":\"");
	buf_utc(out, f->first_ms);
	buf_char(out, '"');
	buf_member_text(out, "because",
	    f->signal != NULL ? NULL : because_names[f->because]);
	amounts(out, &f->now);
	thresholds(out, f);
	rarity(out, f);
	forecast(out, f);
	buf_printf(out, ",\"authors\":%u,\"authors_30min\":%u,\"posts\":%u,"
			"\"harmful_posts\":%u",
	    f->accounts, f->accounts_near, f->hour.posts, f->hour.harmful);
	micro(out, "independence", f->hour.voices);
	micro(out, "concentration", window_concentration(&f->hour));
	buf_printf(out, ",\"coordinated\":%s,\"learning\":%s",
	    window_is_flood(&f->hour) ? "true" : "false",
	    f->learning ? "true" : "false");
	if (f->subject == ALERT_SECTOR)
		micro(out, "breadth", f->breadth);
	buf_text(out, ",\"day\":{\"harm\":");
	buf_fixed(out, f->day.harm, 6, 6);
	micro(out, "voices", f->day.mass);
	micro(out, "expected", f->day_norm);
	buf_printf(out, ",\"posts\":%u}", f->day.posts);
	if (f->settings->budget > 0)
		buf_printf(out, ",\"week\":{\"alerts\":%u,\"budget\":%lld,"
				"\"over\":%s}",
		    f->week, (long long)f->settings->budget,
		    f->week > f->settings->budget ? "true" : "false");
	parts(out, f);
	rules(out, f);
	buf_text(out, ",\"evidence\":");
	evidence_encode(f->evidence, f->authors, f->minute_ms / MINUTE_MS,
	    out);
	signals(out, f);
}

/* For whom it is, beside its subject. */
static void
traits(struct alert *a, const struct finding *f)
{
	struct evidence_traits t =
	    evidence_traits(f->evidence, f->minute_ms / MINUTE_MS);

	if (t.lang[0] != 0)
		a->lang = copy(t.lang);
	if (t.country[0] != 0)
		a->country = copy(t.country);
	if (t.source.len > 0) {
		a->source = must_alloc(t.source.len + 1);
		memcpy(a->source, t.source.data, t.source.len);
	}
	a->main_topic = copy(f->main_topic);
	a->department = copy(f->department);
}

struct alert *
alert_raise(const struct finding *f, uint32_t rev, uint64_t seq)
{
	struct alert *a = must_alloc(sizeof(*a));

	a->refs = 1;
	a->kind = f->kind;
	a->subject = f->subject;
	a->rev = rev;
	a->seq = seq;
	a->sector = copy(f->sector);
	a->brand = copy(f->brand);
	a->topic = copy(f->topic);
	a->name = copy(f->name);
	alert_topics(a, f);
	a->level = f->level;
	a->previous_level = f->previous_level;
	a->minute_ms = f->minute_ms;
	episode_id(f, a->id);
	traits(a, f);
	buf_reserve(&a->facts, FACTS_BYTES);
	facts(&a->facts, f);
	phrase_fr(f, &a->fr);
	phrase_en(f, &a->en);
	buf_reserve(&a->brief_fr, BRIEF_BYTES);
	buf_reserve(&a->brief_en, BRIEF_BYTES);
	brief_fr(f, &a->brief_fr);
	brief_en(f, &a->brief_en);
	return a;
}

struct alert *
alert_ref(struct alert *a)
{
	a->refs++;
	return a;
}

void
alert_unref(struct alert *a)
{
	if (a == NULL)
		return;
	REQUIRE(a->refs > 0);
	if (--a->refs > 0)
		return;
	free(a->sector);
	free(a->brand);
	free(a->topic);
	free(a->lang);
	free(a->country);
	free(a->source);
	free(a->main_topic);
	free(a->department);
	free(a->name);
	free(a->topics);
	free(a->teams);
	buf_fini(&a->facts);
	buf_fini(&a->fr);
	buf_fini(&a->en);
	buf_fini(&a->brief_fr);
	buf_fini(&a->brief_en);
	buf_fini(&a->playbook);
	buf_fini(&a->json);
	free(a);
}

static void
teams(struct buf *out, const struct alert *a)
{
	buf_text(out, ",\"teams\":[");
	for (uint32_t i = 0; i < a->teams_count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, slice_of(a->teams[i]));
	}
	buf_char(out, ']');
	buf_member_text(out, "owner", a->owner);
	alert_route_encode(a, out);
}

/* "sentence":{...},"text":{...}: the second with its tenth line. */
static void
texts(struct buf *out, struct alert *a)
{
	brief_owner_fr(a, &a->brief_fr);
	brief_owner_en(a, &a->brief_en);
	buf_text(out, ",\"sentence\":{\"fr\":");
	buf_json(out, buf_slice(&a->fr));
	buf_text(out, ",\"en\":");
	buf_json(out, buf_slice(&a->en));
	buf_text(out, "},\"text\":{\"fr\":");
	buf_json(out, buf_slice(&a->brief_fr));
	buf_text(out, ",\"en\":");
	buf_json(out, buf_slice(&a->brief_en));
	buf_char(out, '}');
}

static void
when(struct buf *out, const struct alert *a)
{
	int64_t end_ms = a->minute_ms + MINUTE_MS;

	buf_text(out, ",\"minute\":\"");
	buf_utc(out, a->minute_ms);
	buf_text(out, "\",\"window\":{\"start\":\"");
	buf_utc(out, end_ms - WINDOW_MINUTES * MINUTE_MS);
	buf_text(out, "\",\"end\":\"");
	buf_utc(out, end_ms);
	buf_text(out, "\"}");
}

void
alert_encode(struct alert *a, uint64_t ruleset,
    const struct alert_latency *latency)
{
	struct buf *out = &a->json;

	REQUIRE(out->len == 0);
	buf_reserve(out, HEAD_BYTES + a->facts.len + a->fr.len + a->en.len +
		a->brief_fr.len + a->brief_en.len + a->playbook.len);
	buf_printf(out, "{\"v\":1,\"id\":\"%s\",\"rev\":%u,\"seq\":%llu,"
			"\"kind\":\"%s\",\"subject\":\"%s\"",
	    a->id, a->rev, (unsigned long long)a->seq, kind_names[a->kind],
	    subject_names[a->subject]);
	buf_member_text(out, "sector", a->sector);
	buf_member_text(out, "brand", a->brand);
	buf_member_text(out, "topic", a->topic);
	buf_printf(out, ",\"level\":%u,\"previous_level\":%u,"
			"\"level_name\":{\"fr\":\"%s\",\"en\":\"%s\"}",
	    a->level, a->previous_level, phrase_level_fr(a->level),
	    phrase_level_en(a->level));
	when(out, a);
	buf_slice_put(out, buf_slice(&a->facts));
	buf_printf(out, ",\"ruleset\":\"%016llx\"",
	    (unsigned long long)ruleset);
	texts(out, a);
	teams(out, a);
	buf_slice_put(out, buf_slice(&a->playbook));
	if (latency != NULL)
		buf_printf(out, ",\"latency_ms\":{\"match\":%lld,"
				"\"judge\":%lld}",
		    (long long)latency->match_ms, (long long)latency->judge_ms);
	buf_char(out, '}');
}
