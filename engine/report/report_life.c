/*
 * What people did with alerts, and how complete the watch was.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/report/report_take.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_words.h"

static bool
is(const struct entry *e, enum entry_text which, const char *word)
{
	return slice_is(buf_slice(&e->texts[which]), word);
}

static bool
in_week(const struct report *r, int64_t at_ms)
{
	return at_ms >= r->now_ms - REPORT_WEEK_MS;
}

/* An open promise, and somebody spoke: kept, unless its time had passed. */
static void
spoke(struct report *r, struct report_alert *a, int64_t at_ms)
{
	if (a->until_ms == TIME_NONE)
		return;
	if (at_ms <= a->until_ms && in_week(r, at_ms))
		r->week.kept++;
	else if (!a->promise_broken && in_week(r, at_ms))
		r->week.broken++;
	a->until_ms = TIME_NONE;
	a->promise_broken = false;
}

static void
claimed(struct report *r, const struct entry *e, struct report_alert *a,
    int64_t at_ms)
{
	if (a->claimed_ms == TIME_NONE)
		a->claimed_ms = at_ms;
	report_moment(r, at_ms, REPORT_CLAIM, a, a->level);
	for (uint32_t i = 0; i < r->teams_count && in_week(r, at_ms); i++)
		if (is(e, T_TEAM, r->teams[i].id))
			r->teams[i].claimed++;
}

static void
acted(struct report *r, const struct entry *e, struct report_alert *a,
    int64_t at_ms)
{
	if (is(e, T_DO, "hold")) {
		spoke(r, a, at_ms);
		a->until_ms = report_time(e, T_UNTIL);
		a->statement = report_text(r, e, T_STATEMENT);
		report_moment(r, at_ms, REPORT_HOLD, a, a->level);
	} else if (is(e, T_DO, "respond")) {
		spoke(r, a, at_ms);
		report_moment(r, at_ms, REPORT_RESPOND, a, a->level);
	} else if (is(e, T_DO, "close")) {
		spoke(r, a, at_ms);
		a->lesson = report_text(r, e, T_NOTE);
	}
}

void
report_take_life(struct report *r, const struct entry *e)
{
	struct report_alert *a = report_alert(r, e->texts[T_ALERT].data);
	int64_t at_ms = report_time(e, T_AT);
	int to = lifecycle_words_find(
	    lifecycle_words_state, buf_slice(&e->texts[T_TO]));

	if (in_week(r, at_ms))
		r->week.followed = true;
	if (a == NULL || to == LIFECYCLE_NONE)
		return; /* it began before what was read */
	a->followed = true;
	if (to == LIFECYCLE_notified && a->told_ms == TIME_NONE)
		a->told_ms = at_ms;
	acted(r, e, a, at_ms);
	if (to == LIFECYCLE_claimed && !is(e, T_FROM, "claimed"))
		claimed(r, e, a, at_ms);
	else if (to == LIFECYCLE_notified && a->claimed_ms != TIME_NONE &&
	    a->state != LIFECYCLE_notified)
		report_moment(r, at_ms, REPORT_REOPEN, a, a->level);
	else if (to == LIFECYCLE_closed)
		report_moment(r, at_ms, REPORT_CLOSE, a, a->level);
	a->state = to;
	a->holder = report_text(r, e, T_OWNER);
	if (is(e, T_WHY, "command"))
		a->by = report_text(r, e, T_BY);
	a->answer_by_ms = report_time(e, T_ANSWER_BY);
	a->unacted = e->numbers[N_UNACTED] != 0;
	a->closed_ms = to == LIFECYCLE_closed ? at_ms : TIME_NONE;
}

void
report_take_notice(struct report *r, const struct entry *e)
{
	struct report_alert *a = report_alert(r, e->texts[T_ALERT].data);
	int64_t at_ms = report_time(e, T_AT);

	if (a == NULL || !is(e, T_KIND, "promise_broken") ||
	    a->promise_broken)
		return;
	a->promise_broken = true;
	if (in_week(r, at_ms))
		r->week.broken++;
	report_moment(r, at_ms, REPORT_BROKEN, a, a->level);
}

static void
add_source(struct report_health *h, const struct report_source *s)
{
	struct report_source *known = NULL;

	for (uint32_t i = 0; i < h->sources_count && known == NULL; i++)
		if (!strcmp(h->sources[i].name, s->name))
			known = &h->sources[i];
	if (known == NULL) {
		h->sources = must_grow(h->sources,
		    (h->sources_count + 1) * sizeof(*h->sources));
		known = &h->sources[h->sources_count++];
		*known = *s;
		return;
	}
	known->state = s->state;
	known->down_s += s->down_s;
}

/* Figures are of the time from T_FROM to T_AT; one that lies on a border
 * counts for the span in which most of it lies. */
void
report_take_health(struct report *r, const struct entry *e)
{
	int64_t to_ms = report_time(e, T_AT), from_ms = report_time(e, T_FROM);
	int64_t span_ms = r->now_ms - r->from_ms, middle_ms;
	struct report_health *h;
	struct report_day *day;

	if (from_ms == TIME_NONE || from_ms > to_ms)
		return;
	r->hourly = true;
	middle_ms = from_ms + (to_ms - from_ms) / 2;
	if ((day = report_day_of(r, middle_ms)) != NULL) {
		day->watched = true;
		day->posts += e->numbers[N_POSTS] / 1000000;
		day->harmful += e->numbers[N_HARMFUL] / 1000000;
	}
	if (middle_ms < r->from_ms - span_ms)
		return;
	h = middle_ms < r->from_ms ? &r->before : &r->health;
	h->known = true;
	h->covered_ms += to_ms - from_ms;
	h->posts += e->numbers[N_POSTS] / 1000000;
	h->harmful += e->numbers[N_HARMFUL] / 1000000;
	h->late += e->numbers[N_LATE] / 1000000;
	h->paused_s += e->numbers[N_PAUSED] / 1000000;
	h->source_errors += e->numbers[N_SOURCE_ERRORS] / 1000000;
	h->waiting = e->numbers[N_WAITING] / 1000000; /* as it is at the end */
	for (uint32_t i = 0; i < REPORT_REASONS; i++) {
		h->bad[i] += e->numbers[N_BAD + i] / 1000000;
		h->bad_all += e->numbers[N_BAD + i] / 1000000;
	}
	for (uint32_t i = 0; i < e->sources_count; i++)
		add_source(h, &e->sources[i]);
}
