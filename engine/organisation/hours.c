/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/hours.h"

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/base/zone.h"

#define DAY_MINUTES 1440

static bool
is_holiday(const struct hours *h, int32_t day)
{
	for (size_t i = 0; i < h->holidays_count; i++)
		if (h->holidays[i].day == day)
			return true;
	return false;
}

/* Does a span that starts on ${day} hold ${minute} of that day?  Minutes from
 * 1440 on are those of the next. */
static bool
day_holds(const struct hours *h, int32_t day, int32_t minute)
{
	unsigned bit = 1u << zone_weekday(day);

	for (size_t i = 0; i < h->spans_count; i++) {
		const struct hours_span *s = &h->spans[i];
		int32_t to = s->to_min;

		if ((s->days & bit) == 0)
			continue;
		if (to <= s->from_min)
			to += DAY_MINUTES;
		if (minute >= s->from_min && minute < to)
			return true;
	}
	return false;
}

bool
hours_hold(const struct hours *h, int64_t ms)
{
	int64_t wall_ms;
	int32_t day, minute;

	if (h->always && h->holidays_count == 0)
		return true;
	REQUIRE(h->zone != NULL);
	wall_ms = zone_wall(h->zone, ms);
	day = zone_day(wall_ms);
	minute = (int32_t)((wall_ms - day * HOURS_DAY_MS) / MINUTE_MS);
	if (h->always)
		return !is_holiday(h, day);
	if (day_holds(h, day, minute) && !is_holiday(h, day))
		return true;
	return day_holds(h, day - 1, minute + DAY_MINUTES) &&
	       !is_holiday(h, day - 1);
}

bool
hours_same(const struct hours *a, const struct hours *b)
{
	if (a->always != b->always || a->spans_count != b->spans_count ||
	    a->holidays_count != b->holidays_count)
		return false;
	if ((!a->always || a->holidays_count > 0) && a->zone != b->zone)
		return false;
	for (size_t i = 0; i < a->spans_count; i++)
		if (a->spans[i].days != b->spans[i].days ||
		    a->spans[i].from_min != b->spans[i].from_min ||
		    a->spans[i].to_min != b->spans[i].to_min)
			return false;
	for (size_t i = 0; i < a->holidays_count; i++)
		if (a->holidays[i].day != b->holidays[i].day)
			return false;
	return true;
}

/* The starts of a day's spans are all the times at which it can begin. */
static int64_t
next_of_day(const struct hours *h, int32_t day, int64_t ms)
{
	int64_t first = TIME_NONE;

	for (size_t i = 0; i < (h->always ? 1 : h->spans_count); i++) {
		int64_t from_ms =
		    h->always ? 0 : h->spans[i].from_min * MINUTE_MS;
		int64_t at_ms =
		    zone_time(h->zone, day * HOURS_DAY_MS + from_ms);

		if (at_ms >= ms && (first == TIME_NONE || at_ms < first) &&
		    hours_hold(h, at_ms))
			first = at_ms;
	}
	return first;
}

int64_t
hours_next(const struct hours *h, int64_t ms)
{
	int32_t day = zone_day(ms) - 1, end = day + HOURS_NEXT_DAYS;
	int64_t first = TIME_NONE;

	if (hours_hold(h, ms))
		return ms;
	for (; day < end && first == TIME_NONE; day++)
		first = next_of_day(h, day, ms);
	return first;
}
