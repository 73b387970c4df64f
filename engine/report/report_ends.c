/*
 * What became of alerts that do not say so themselves: the engine stopped, or
 * they had only one thing to tell, or somebody had asked for silence.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/alert.h"
#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/report/report_take.h"

/* An engine that runs says so every hour; one missing may be a restart. */
#define QUIET_MS (INT64_C(2) * 60 * MINUTE_MS)
/* Silences that ended longer ago than anything that is told. */
#define HUSH_KEPT_MS (2 * REPORT_WEEK_MS)

/* Kinds that tell of something once, and have no message of its end. */
static bool
tells_once(const char *kind)
{
	static const char *const kinds[] = {"relay", "press", "border",
	    "new_term", "sequence", "echo"};

	for (size_t i = 0; kind != NULL &&
	     i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

void
report_ends(struct report *r)
{
	int64_t quiet_ms = r->hourly ? QUIET_MS : REPORT_DAY_MS;

	r->stopped = r->heard_ms != TIME_NONE &&
	    r->now_ms - r->heard_ms > quiet_ms;
	for (uint32_t i = 0; i < r->alerts_count; i++) {
		struct report_alert *a = &r->alerts[i];

		if (!report_is_open(a))
			continue;
		if (tells_once(a->kind) && !a->followed)
			a->spent = r->now_ms - a->last_ms >= REPORT_DAY_MS;
		else if (r->stopped)
			a->unknown_ms = r->heard_ms;
	}
}

/* ---- silences ------------------------------------------------------------ */

void
report_take_silence(struct report *r, struct slice json, int64_t at_ms)
{
	hush_expire(r->hush, at_ms - HUSH_KEPT_MS);
	hush_take(r->hush, r->entries, json);
}

static char *
copy(const char *text)
{
	size_t bytes = text == NULL ? 0 : strlen(text) + 1;

	return text == NULL ? NULL : memcpy(must_alloc(bytes), text, bytes);
}

/* As far as a match can ask for it. */
static struct alert *
as_alert(const struct report_alert *a)
{
	struct alert *made = must_alloc(sizeof(*made));

	made->refs = 1;
	made->sector = copy(a->sector);
	made->brand = copy(a->brand);
	made->topic = copy(a->topic);
	made->main_topic = copy(a->main_topic);
	made->department = copy(a->department);
	made->lang = copy(a->lang);
	made->country = copy(a->country);
	made->level = made->previous_level = a->peak;
	made->subject = a->brand == NULL ? ALERT_SECTOR :
	    a->topic == NULL ? ALERT_BRAND : ALERT_PAIR;
	for (unsigned k = 0; k <= ALERT_SILENCE; k++)
		if (a->kind != NULL && !strcmp(a->kind,
			alert_kind_name((enum alert_kind)k)))
			made->kind = (enum alert_kind)k;
	return made;
}

static void
ask(struct report *r, const struct organisation *o, struct report_alert *a)
{
	const struct organisation_plan *plan = o->plan;
	int64_t at_ms = report_is_open(a) ? r->now_ms : a->last_ms;
	struct alert *made = as_alert(a);
	const struct hush_item *item =
	    hush_holds(r->hush, o, made, at_ms);

	if (item != NULL && item->at_ms <= at_ms) {
		a->hushed_by = item->by;
		a->hushed_why = item->reason;
		a->hushed_until_ms = item->until_ms;
	}
	for (size_t i = 0; i < plan->silences_count; i++) {
		const struct silence *s = &plan->silences[i];

		if (a->hushed_by != NULL || at_ms >= s->until_ms ||
		    !organisation_match(&s->match, o, made))
			continue;
		a->hushed_by = s->author;
		a->hushed_why = s->reason;
		a->hushed_until_ms = s->until_ms;
	}
	alert_unref(made);
}

/* One that somebody took on in spite of it is no secret. */
void
report_hush(struct report *r)
{
	struct organisation *none = organisation_new();

	for (uint32_t i = 0; i < r->alerts_count; i++)
		if (r->alerts[i].claimed_ms == TIME_NONE)
			ask(r, r->organisation != NULL ? r->organisation :
			    none, &r->alerts[i]);
	organisation_free(none);
}

/* ---- day by day ---------------------------------------------------------- */

static void
add_level(struct report_day *day, const struct report_alert *a)
{
	uint8_t level = report_level_at(a, day->from_ms);

	if (a->closed_ms != TIME_NONE && a->closed_ms < day->from_ms)
		return;
	for (uint32_t i = 0; i < a->levels_count; i++)
		if (a->levels[i].at_ms >= day->from_ms &&
		    a->levels[i].at_ms < day->to_ms &&
		    a->levels[i].level > level)
			level = a->levels[i].level;
	if (level > day->highest)
		day->highest = level;
}

void
report_days(struct report *r)
{
	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];
		struct report_day *day = report_day_of(r, a->first_ms);

		if (report_is_deaf(a))
			continue;
		if (day != NULL)
			day->began++;
		for (uint32_t k = 0; k < REPORT_DAYS; k++)
			add_level(&r->days[k], a);
	}
}
