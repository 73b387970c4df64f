/*
 * A lifecycle on a bed: four teams, a clock moved by hand, everything it says
 * kept as lines of words and as entries of a journal.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_LIFECYCLE_BED_H
#define TESTS_UNIT_ENGINE_LIFECYCLE_BED_H

#include "engine/base/zone.h"
#include "engine/lifecycle/lifecycle_line.h"
#include "engine/lifecycle/lifecycle_parts.h"
#include "engine/organisation/organisation_plan.h"
#include "tests/unit/alerts.h"

#define BED_START_MS INT64_C(1268820300000)

struct bed_entry {
	const char *kind;
	char *json, *note;
	size_t note_len;
};

struct bed {
	struct organisation *o;
	struct counters counters;
	struct lifecycle *lc;
	int64_t now_ms;
	struct buf said; /* since the last look */
	struct bed_entry *entries;
	uint32_t count;
};

static inline void
bed_keep(struct bed *b, const char *kind, const struct buf *json,
    struct slice note)
{
	struct bed_entry *e;

	b->entries = must_grow(b->entries, (b->count + 1) * sizeof(*e));
	e = &b->entries[b->count++];
	e->kind = kind;
	e->json = strndup(json->data, json->len);
	e->note = must_alloc(note.len + 1);
	memcpy(e->note, note.data, note.len);
	e->note_len = note.len;
}

/* "notified>claimed kitkat/kitkat command; " */
static inline void
bed_on_transition(void *self, const struct transition *t, struct slice state)
{
	struct bed *b = self;
	struct buf json = {0};

	buf_printf(&b->said, "%s>%s %s/%s %s%s; ",
	    t->from == LIFECYCLE_NONE ? ""
				      : lifecycle_words_state(t->from)->name,
	    lifecycle_words_state((int)t->to)->name,
	    t->owner != NULL ? t->owner : "-",
	    t->team != NULL ? t->team : "-",
	    lifecycle_words_why((int)t->why)->name,
	    t->unacted ? " unacted" : "");
	lifecycle_line_transition(&json, t);
	bed_keep(b, "lifecycle", &json, state);
	buf_fini(&json);
}

static inline void
bed_on_notice(void *self, const struct notice *n, struct slice state)
{
	struct bed *b = self;
	struct buf json = {0};

	buf_printf(&b->said, "!%s",
	    lifecycle_words_notice((int)n->kind)->name);
	for (uint32_t i = 0; i < n->to.count; i++)
		buf_printf(&b->said, " %s", n->to.ids[i]);
	buf_text(&b->said, "; ");
	lifecycle_line_notice(&json, n);
	bed_keep(b, "notice", &json, state);
	buf_fini(&json);
}

static inline struct lifecycle *
bed_machine(struct bed *b)
{
	return lifecycle_new(&(struct lifecycle_setup){.organisation = b->o,
	    .counters = &b->counters, .on_transition = bed_on_transition,
	    .on_notice = bed_on_notice, .self = b});
}

/* crisis and house see all; kitkat's deputy is crisis; legal gets nothing. */
static inline void
bed_open(struct bed *b)
{
	static const char *const ids[] = {"crisis", "house", "kitkat", "legal"};
	static const int64_t windows_ms[] = {0, 240, 60, 30, 15};
	const struct team **deputies;

	*b = (struct bed){.now_ms = BED_START_MS};
	b->o = organisation_new();
	b->o->plan->path = "organisation.yaml";
	for (size_t i = 0; i < ORGANISATION_LEVELS; i++)
		b->o->answer_within_ms[i] = windows_ms[i] * MINUTE_MS;
	b->o->teams = must_alloc(4 * sizeof(*b->o->teams));
	b->o->teams_count = 4;
	for (size_t i = 0; i < 4; i++)
		b->o->teams[i] = (struct team){.id = ids[i],
		    .channel = i == 2 ? "agency-kitkat" : ids[i],
		    .kind = i == 1 ? TEAM_CENTRE : TEAM_AGENCY,
		    .min_level = 1, .max_level = 4,
		    .hours = {.always = true, .zone = zone_utc()}};
	deputies = arena_alloc(b->o->arena, sizeof(*deputies));
	deputies[0] = &b->o->teams[0];
	b->o->teams[2].deputies = deputies;
	b->o->teams[2].deputies_count = 1;
	b->lc = bed_machine(b);
}

static inline void
bed_close(struct bed *b)
{
	lifecycle_free(b->lc);
	organisation_free(b->o);
	for (uint32_t i = 0; i < b->count; i++) {
		free(b->entries[i].json);
		free(b->entries[i].note);
	}
	free(b->entries);
	buf_fini(&b->said);
}

/* A message about kitkat to ${teams} ("house kitkat"), the first owns it. */
static inline struct alert *
bed_alert(uint64_t episode, uint8_t level, const char *owner,
    const char *const *teams, uint32_t count, int64_t minute_ms)
{
	struct alert *a = alerts_make("food", "kitkat", episode);

	a->level = level;
	a->minute_ms = minute_ms;
	a->teams = must_alloc(2 * (count + 1) * sizeof(char *));
	a->channels = a->teams + count;
	for (uint32_t i = 0; i < count; i++) {
		a->teams[i] = a->channels[i] = teams[i];
		if (owner != NULL && !strcmp(owner, teams[i]))
			a->owner = a->teams[i];
	}
	a->teams_count = a->channels_count = count;
	buf_text(&a->facts, ",\"brand_name\":\"Kit \\u00c9\"");
	return a;
}

/* The message in the journal, then to the machine. */
static inline void
bed_message(struct bed *b, const struct alert *a)
{
	struct buf json = {0}, note = {0};

	buf_printf(&json, "{\"id\":\"%s\",\"sector\":\"%s\",\"brand\":\"%s\","
	    "\"topic\":null,\"level\":%u,\"minute\":\"", a->id, a->sector,
	    a->brand, a->level);
	buf_utc(&json, a->minute_ms);
	buf_char(&json, '"');
	buf_slice_put(&json, buf_slice(&a->facts));
	buf_text(&json, ",\"teams\":[");
	for (uint32_t i = 0; i < a->teams_count; i++)
		buf_printf(
		    &json, "%s\"%s\"", i > 0 ? "," : "", a->teams[i]);
	if (a->owner != NULL)
		buf_printf(&json, "],\"owner\":\"%s\"}", a->owner);
	else
		buf_text(&json, "],\"owner\":null}");
	alert_note(a, &note);
	bed_keep(b, "alert", &json, buf_slice(&note));
	buf_fini(&json);
	buf_fini(&note);
	lifecycle_alert(b->lc, a, b->now_ms);
}

/* What was said since the last look; good until the next. */
static inline const char *
bed_said(struct bed *b)
{
	static char text[65536];

	snprintf(text, sizeof(text), "%.*s", (int)b->said.len,
	    b->said.len > 0 ? b->said.data : "");
	buf_clear(&b->said);
	return text;
}

/* A command as clients send it; true: done. */
static inline bool
bed_do(struct bed *b, const char *json, struct answer *a)
{
	struct buf texts = {0};
	struct command c;
	enum lifecycle_refusal refusal;
	bool ok = lifecycle_line_command(slice_of(json), &c, &texts, &refusal);

	*a = (struct answer){.refusal = refusal, .state = LIFECYCLE_NONE};
	if (ok)
		ok = lifecycle_command(b->lc, &c, b->now_ms, a);
	buf_fini(&texts);
	return ok;
}

/* A machine that read the first ${count} entries; the caller frees it. */
static inline struct lifecycle *
bed_again(struct bed *b, uint32_t count, int64_t now_ms)
{
	struct lifecycle *lc = bed_machine(b);

	for (uint32_t i = 0; i < count; i++)
		REQUIRE(lifecycle_replay(lc, slice_of(b->entries[i].kind),
		    slice_of(b->entries[i].json), (struct slice){
			b->entries[i].note, b->entries[i].note_len}));
	lifecycle_replayed(lc, now_ms);
	return lc;
}

/* ---- for tests with cmocka --------------------------------------------- */

#define BED_ID "00000000000000000000000000000001"

static const char *const bed_both[] = {"house", "kitkat"};

/* Those who include it use cmocka. */
static inline int
bed_setup(void **state)
{
	struct bed *b = must_alloc(sizeof(*b));

	bed_open(b);
	*state = b;
	return 0;
}

static inline int
bed_teardown(void **state)
{
	bed_close(*state);
	free(*state);
	return 0;
}

static inline void
bed_tell(struct bed *b, uint8_t level, const char *owner,
    const char *const *teams, uint32_t count)
{
	struct alert *a =
	    bed_alert(1, level, owner, teams, count, b->now_ms);

	bed_message(b, a);
	alert_unref(a);
}

static inline void
bed_begin(struct bed *b, uint8_t level)
{
	bed_tell(b, level, "kitkat", bed_both, 2);
	lifecycle_told(b->lc, BED_ID, b->now_ms);
	bed_said(b);
}

static inline void
bed_done(struct bed *b, const char *json, const char *said)
{
	struct answer a;

	if (!bed_do(b, json, &a))
		fail_msg("%s: refused, %s", json,
		    lifecycle_words_refusal((int)a.refusal)->name);
	assert_string_equal(bed_said(b), said);
}

static inline void
bed_refused(struct bed *b, const char *json, const char *code)
{
	struct answer a;

	assert_false(bed_do(b, json, &a));
	assert_string_equal(
	    lifecycle_words_refusal((int)a.refusal)->name, code);
	assert_string_equal(bed_said(b), "");
}

static inline void
bed_wait(struct bed *b, int64_t minutes, const char *said)
{
	b->now_ms += minutes * MINUTE_MS;
	lifecycle_tick(b->lc, b->now_ms);
	assert_string_equal(bed_said(b), said);
}

#define CMD(act, team, rest)                                                   \
	"{\"do\":\"" act "\",\"alert\":\"" BED_ID "\",\"team\":\"" team     \
	"\",\"by\":\"Claire\"" rest "}"
/* 10:05 is the start of the bed's clock. */
#define HOLD(team, until)                                                      \
	CMD("hold", team, ",\"statement\":\"s1\",\"until\":\"2010-03-17T"      \
	until ":00Z\"")

#endif
