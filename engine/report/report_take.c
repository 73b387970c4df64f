/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/report/report_take.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/organisation/organisation_plan.h"

/* Seven days of the calendar; the last one may have only begun. */
static void
plan_days(struct report *r)
{
	int32_t today = zone_day(zone_wall(r->zone, r->now_ms - 1));

	for (uint32_t i = 0; i < REPORT_DAYS; i++) {
		int64_t day = today - (int64_t)(REPORT_DAYS - 1 - i);

		r->days[i].from_ms = zone_time(r->zone, day * REPORT_DAY_MS);
		r->days[i].to_ms =
		    zone_time(r->zone, (day + 1) * REPORT_DAY_MS);
	}
	r->days[REPORT_DAYS - 1].to_ms = r->now_ms;
}

struct report_day *
report_day_of(struct report *r, int64_t ms)
{
	for (uint32_t i = 0; i < REPORT_DAYS; i++)
		if (ms >= r->days[i].from_ms && ms < r->days[i].to_ms)
			return &r->days[i];
	return NULL;
}

struct report *
report_new(int64_t now_ms, int64_t since_ms, const struct organisation *o)
{
	struct report *r = must_alloc(sizeof(*r));

	r->arena = arena_new();
	r->now_ms = now_ms;
	r->from_ms = now_ms - since_ms;
	r->organisation = o;
	r->zone = o != NULL && o->plan->office.zone != NULL ?
	    o->plan->office.zone : zone_utc();
	r->newest_ms = r->heard_ms = TIME_NONE;
	r->hush = hush_new();
	plan_days(r);
	return r;
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	for (uint32_t i = 0; i < r->alerts_count; i++)
		free(r->alerts[i].levels);
	for (uint32_t i = 0; i < r->curves_count; i++)
		free(r->curves[i].points);
	free(r->alerts);
	free(r->moments);
	free(r->teams);
	free(r->health.sources);
	free(r->before.sources);
	free(r->week.idle);
	free(r->shown);
	free(r->curves);
	hush_free(r->hush);
	arena_free(r->arena);
	free(r);
}

struct report_alert *
report_alert(struct report *r, const char *id)
{
	/* the latest ones are asked for most */
	for (uint32_t i = r->alerts_count; i > 0; i--)
		if (!strcmp(r->alerts[i - 1].id, id))
			return &r->alerts[i - 1];
	return NULL;
}

static struct report_alert *
add_alert(struct report *r, const struct entry *e)
{
	struct report_alert *a;

	if (r->alerts_count == r->alerts_room) {
		r->alerts_room = r->alerts_room * 2 + 16;
		r->alerts = must_grow(
		    r->alerts, r->alerts_room * sizeof(*r->alerts));
	}
	a = &r->alerts[r->alerts_count++];
	*a = (struct report_alert){.state = LIFECYCLE_NONE,
	    .told_ms = TIME_NONE, .claimed_ms = TIME_NONE,
	    .closed_ms = TIME_NONE, .until_ms = TIME_NONE,
	    .answer_by_ms = TIME_NONE, .peak_ms = TIME_NONE,
	    .unknown_ms = TIME_NONE, .hushed_until_ms = TIME_NONE};
	a->id = report_text(r, e, T_ID);
	a->kind = report_text(r, e, T_KIND);
	a->subject = report_text(r, e, T_SUBJECT);
	a->sector = report_text(r, e, T_SECTOR);
	a->brand = report_text(r, e, T_BRAND);
	a->topic = report_text(r, e, T_TOPIC);
	a->name = report_text(r, e, T_BRAND_NAME);
	if (a->name == NULL)
		a->name = a->brand != NULL ? a->brand : a->sector;
	a->topic_fr = report_text(r, e, T_TOPIC_FR);
	a->topic_en = report_text(r, e, T_TOPIC_EN);
	a->first_ms = report_time(e, T_FIRST);
	if (a->first_ms == TIME_NONE)
		a->first_ms = report_time(e, T_MINUTE);
	return a;
}

void
report_moment(struct report *r, int64_t at_ms, enum report_act act,
    const struct report_alert *a, uint8_t level)
{
	if (r->moments_count == r->moments_room) {
		r->moments_room = r->moments_room * 2 + 32;
		r->moments = must_grow(
		    r->moments, r->moments_room * sizeof(*r->moments));
	}
	r->moments[r->moments_count++] = (struct report_moment){
	    at_ms, act, (uint32_t)(a - r->alerts), level};
}

static void
count_team(struct report *r, const char *id, uint8_t level)
{
	struct report_team *t = NULL;

	for (uint32_t i = 0; i < r->teams_count && t == NULL; i++)
		if (!strcmp(r->teams[i].id, id))
			t = &r->teams[i];
	if (t == NULL) {
		r->teams = must_grow(
		    r->teams, (r->teams_count + 1) * sizeof(*r->teams));
		t = &r->teams[r->teams_count++];
		*t = (struct report_team){.id = id};
	}
	t->messages++;
	t->noise += level >= 1 && level <= 2;
}

static void
take_amounts(struct report *r, const struct entry *e,
    struct report_amounts *to)
{
	to->density = e->numbers[N_DENSITY];
	to->harm = e->numbers[N_HARM];
	to->voices = e->numbers[N_VOICES];
	to->expected = e->numbers[N_EXPECTED];
	to->authors = e->numbers[N_AUTHORS];
	to->posts = e->numbers[N_POSTS];
	to->harmful = e->numbers[N_HARMFUL_POSTS];
	to->rare_fr = report_text(r, e, T_RARE_FR);
	to->rare_en = report_text(r, e, T_RARE_EN);
}

static void
take_level(struct report_alert *a, int64_t at_ms)
{
	if (a->levels_count == a->levels_room) {
		a->levels_room = a->levels_room * 2 + 8;
		a->levels = must_grow(
		    a->levels, a->levels_room * sizeof(*a->levels));
	}
	a->levels[a->levels_count++] = (struct report_level){at_ms, a->level,
	    a->now.harm / 1000, a->now.expected / 1000};
}

/* The worst moment of the report's time; of an older alert, until there is
 * one, the worst before. */
static void
take_peak(struct report *r, const struct entry *e, struct report_alert *a,
    int64_t at_ms)
{
	bool inside = at_ms >= r->from_ms;

	if (a->peak_ms != TIME_NONE && !(inside && a->peak_ms < r->from_ms) &&
	    (a->level < a->peak || (a->level == a->peak &&
				       a->now.density <= a->then.density)))
		return;
	a->peak_ms = at_ms;
	a->peak = a->level;
	a->then = a->now;
	a->words_count = 0;
	for (uint32_t i = 0; i < REPORT_WORDS; i++) {
		const char *word =
		    report_text(r, e, (enum entry_text)(T_WORD + i));

		if (word != NULL)
			a->words[a->words_count++] = word;
	}
	a->quote = report_text(r, e, T_QUOTE);
	a->step_fr = report_text(r, e, T_STEP_FR);
	a->step_en = report_text(r, e, T_STEP_EN);
}

/* Replays and restarts may say a message twice. */
static void
take_alert(struct report *r, const struct entry *e)
{
	int64_t at_ms = report_time(e, T_MINUTE);
	uint8_t level = (uint8_t)(e->numbers[N_LEVEL] / 1000000), before;
	struct report_alert *a = report_alert(r, e->texts[T_ID].data);

	if (at_ms == TIME_NONE || level > 4)
		return;
	if (a != NULL && a->levels_count > 0 && at_ms < a->last_ms)
		return;
	if (a == NULL)
		a = add_alert(r, e);
	before = a->level;
	a->level = level;
	a->last_ms = at_ms;
	take_amounts(r, e, &a->now);
	take_level(a, at_ms);
	take_peak(r, e, a, at_ms);
	a->sentence_fr = report_text(r, e, T_SENTENCE_FR);
	a->sentence_en = report_text(r, e, T_SENTENCE_EN);
	a->owner = report_text(r, e, T_OWNER);
	a->deputy = report_text(r, e, T_DEPUTY);
	a->main_topic = report_text(r, e, T_MAIN_TOPIC);
	a->department = report_text(r, e, T_DEPARTMENT);
	a->lang = report_text(r, e, T_LANG);
	a->country = report_text(r, e, T_COUNTRY);
	if (report_time(e, T_ANSWER_BY) != TIME_NONE)
		a->answer_by_ms = report_time(e, T_ANSWER_BY);
	a->learning = e->numbers[N_LEARNING] != 0;
	a->coordinated = e->numbers[N_COORDINATED] != 0;
	if (level > before)
		report_moment(r, at_ms, REPORT_RISE, a, level);
	else if (level < before)
		report_moment(r, at_ms, REPORT_FALL, a, level);
	for (uint32_t i = 0; i < e->teams_count &&
	     at_ms >= r->now_ms - REPORT_WEEK_MS; i++)
		count_team(r, e->teams[i], level);
}

bool
report_take(struct report *r, struct slice json)
{
	struct entry e = {.arena = r->arena};
	int64_t at_ms = TIME_NONE;
	bool good = report_entry_read(&e, json);
	bool alert = good && e.given[N_REV] && e.texts[T_ID].len > 0 &&
	    e.texts[T_MINUTE].len > 0;
	bool life = good && !alert && e.texts[T_ALERT].len > 0, silence;

	silence = good && !alert && !life && e.match &&
	    e.texts[T_REASON].len > 0;
	good = alert || life || silence || (good && e.bad_lines);
	if (good)
		at_ms = report_time(&e, alert ? T_MINUTE : T_AT);
	good = good && at_ms != TIME_NONE;
	if (good) {
		r->entries++;
		if (at_ms > r->newest_ms)
			r->newest_ms = at_ms;
	}
	if (good && (alert ? at_ms < r->now_ms : at_ms <= r->now_ms)) {
		if (at_ms > r->heard_ms)
			r->heard_ms = at_ms;
		if (alert)
			take_alert(r, &e);
		else if (silence)
			report_take_silence(r, json, at_ms);
		else if (life && e.texts[T_TO].len > 0)
			report_take_life(r, &e);
		else if (life)
			report_take_notice(r, &e);
		else
			report_take_health(r, &e);
	}
	report_entry_clear(&e);
	return good;
}

bool
report_is_open(const struct report_alert *a)
{
	return a->level > 0 && a->state != LIFECYCLE_closed && !a->spent &&
	    a->unknown_ms == TIME_NONE;
}

bool
report_is_lost(const struct report_alert *a)
{
	return a->unknown_ms != TIME_NONE;
}

bool
report_is_deaf(const struct report_alert *a)
{
	return a->brand == NULL && a->kind != NULL &&
	    !strcmp(a->kind, "silence") && a->sentence_fr != NULL &&
	    a->sentence_en != NULL;
}

uint8_t
report_level_at(const struct report_alert *a, int64_t ms)
{
	uint8_t level = 0;

	if ((report_is_lost(a) && ms >= a->unknown_ms) ||
	    (a->spent && ms > a->last_ms))
		return 0;
	for (uint32_t i = 0; i < a->levels_count; i++)
		if (a->levels[i].at_ms <= ms)
			level = a->levels[i].level;
	return level;
}
