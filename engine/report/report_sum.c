/*
 * What follows from the entries: which alerts to show, the week's figures.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/report/report.h"

/* Nobody acted on an alert for so long, and it is one to be told of. */
#define IDLE_MS (INT64_C(24) * 60 * MINUTE_MS)

/* Did it concern the report's time at all? */
static bool
is_of_time(const struct report *r, const struct report_alert *a)
{
	if (report_is_lost(a)) /* of some use for a week */
		return r->now_ms - a->unknown_ms < REPORT_WEEK_MS;
	return a->last_ms >= r->from_ms || report_is_open(a) ||
	    (a->closed_ms != TIME_NONE && a->closed_ms >= r->from_ms);
}

/* Open, then what may be, then what is over. */
static int
rank(const struct report_alert *a)
{
	return report_is_open(a) ? 0 : report_is_lost(a) ? 1 : 2;
}

static int
more_serious(const struct report_alert *a, const struct report_alert *b)
{
	if (rank(a) != rank(b))
		return rank(a) < rank(b) ? -1 : 1;
	if (rank(a) < 2 && a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->peak != b->peak)
		return a->peak > b->peak ? -1 : 1;
	if (a->then.density != b->then.density)
		return a->then.density > b->then.density ? -1 : 1;
	return a->first_ms < b->first_ms ? -1 : a->first_ms > b->first_ms;
}

static void
choose(struct report *r)
{
	r->shown = must_alloc((r->alerts_count + 1) * sizeof(*r->shown));
	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];
		uint32_t at = r->shown_count;

		if (!is_of_time(r, a) || report_is_deaf(a))
			continue;
		while (at > 0 &&
		    more_serious(a, &r->alerts[r->shown[at - 1]]) < 0)
			at--;
		memmove(r->shown + at + 1, r->shown + at,
		    (r->shown_count - at) * sizeof(*r->shown));
		r->shown[at] = i;
		r->shown_count++;
	}
}

/* The highest level in a span, and how many alerts began in it. */
static void
compare(struct report *r)
{
	int64_t span_ms = r->now_ms - r->from_ms;
	int64_t before_ms = r->from_ms - span_ms;

	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];

		if (report_is_deaf(a))
			continue;
		if (a->first_ms >= r->from_ms)
			r->began++;
		else if (a->first_ms >= before_ms)
			r->began_before++;
		if (report_level_at(a, before_ms) > r->highest_before)
			r->highest_before = report_level_at(a, before_ms);
		if (report_level_at(a, r->from_ms) > r->highest)
			r->highest = report_level_at(a, r->from_ms);
		for (uint32_t k = 0; k < a->levels_count; k++) {
			const struct report_level *l = &a->levels[k];
			bool inside = l->at_ms >= r->from_ms;
			uint8_t *to =
			    inside ? &r->highest : &r->highest_before;

			if (l->at_ms >= before_ms && l->level > *to)
				*to = l->level;
		}
	}
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Closed unacted, or open for a day without anybody. */
static bool
is_idle(const struct report *r, const struct report_alert *a)
{
	if (!a->followed || a->claimed_ms != TIME_NONE || a->hushed_by != NULL)
		return false;
	return a->unacted || a->state == LIFECYCLE_closed ||
	    r->now_ms - a->first_ms >= IDLE_MS ||
	    (a->answer_by_ms != TIME_NONE && a->answer_by_ms < r->now_ms);
}

static void
sum_week(struct report *r)
{
	struct report_week *w = &r->week;
	int64_t *waits = must_alloc((r->alerts_count + 1) * sizeof(*waits));
	uint32_t count = 0;

	w->idle = must_alloc((r->alerts_count + 1) * sizeof(*w->idle));
	w->median_ms = w->longest_ms = TIME_NONE;
	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];
		int64_t wait_ms;

		if (a->until_ms != TIME_NONE && a->until_ms > r->now_ms)
			w->pending++;
		else if (a->until_ms != TIME_NONE && !a->promise_broken)
			w->broken++; /* nobody was there to say so */
		if (a->first_ms < r->now_ms - REPORT_WEEK_MS)
			continue;
		w->alerts++;
		if (is_idle(r, a))
			w->idle[w->idle_count++] = i;
		if (a->claimed_ms == TIME_NONE)
			continue;
		wait_ms = a->claimed_ms -
		    (a->told_ms != TIME_NONE ? a->told_ms : a->first_ms);
		waits[count++] = wait_ms < 0 ? 0 : wait_ms;
		if (waits[count - 1] > w->longest_ms) {
			w->longest_ms = waits[count - 1];
			w->longest = i;
		}
	}
	w->claimed = count;
	qsort(waits, count, sizeof(*waits), by_value);
	if (count > 0)
		w->median_ms = waits[(count - 1) / 2];
	free(waits);
}

static int
by_messages(const void *a, const void *b)
{
	const struct report_team *x = a, *y = b;

	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	return strcmp(x->id, y->id);
}

void
report_sum(struct report *r)
{
	report_ends(r);
	report_hush(r);
	report_days(r);
	choose(r);
	compare(r);
	sum_week(r);
	if (r->teams_count > 0)
		qsort(r->teams, r->teams_count, sizeof(*r->teams),
		    by_messages);
}
