/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/window.h"

#include <string.h>

#include "engine/base/must.h"

static struct sums *
bucket(struct window *w, int64_t minute)
{
	REQUIRE(minute >= 0);
	return &w->minutes[minute % WINDOW_MINUTES];
}

static void
sums_add(struct sums *to, const struct sums *from)
{
	to->harm += from->harm;
	to->mass += from->mass;
	to->voices += from->voices;
	to->posts += from->posts;
	to->harmful += from->harmful;
}

static void
sums_take(struct sums *to, const struct sums *from)
{
	to->harm -= from->harm;
	to->mass -= from->mass;
	to->voices -= from->voices;
	to->posts -= from->posts;
	to->harmful -= from->harmful;
}

void
window_init(struct window *w, int64_t minute)
{
	memset(w, 0, sizeof(*w));
	w->minute = minute;
}

void
window_advance(struct window *w, int64_t minute)
{
	if (minute - w->minute >= WINDOW_MINUTES) {
		window_init(w, minute);
		return;
	}
	while (w->minute < minute) {
		struct sums *old = bucket(w, ++w->minute);

		sums_take(&w->total, old);
		memset(old, 0, sizeof(*old));
	}
}

bool
window_add(struct window *w, int64_t minute, const struct sums *amounts)
{
	if (minute > w->minute || minute <= w->minute - WINDOW_MINUTES)
		return false;
	sums_add(bucket(w, minute), amounts);
	sums_add(&w->total, amounts);
	return true;
}

int64_t
window_recent(const struct window *w, int minutes)
{
	int64_t harm = 0;

	REQUIRE(minutes <= WINDOW_MINUTES);
	for (int64_t m = w->minute - minutes + 1; m <= w->minute; m++)
		if (m >= 0)
			harm += w->minutes[m % WINDOW_MINUTES].harm;
	return harm;
}

#define FLOOD_POSTS 50u
#define FLOOD_CONCENTRATION 500000

int64_t
window_concentration(const struct sums *s)
{
	return s->posts == 0 ? 0 : 1000000 - s->voices / s->posts;
}

bool
window_is_flood(const struct sums *s)
{
	return s->posts >= FLOOD_POSTS && s->harmful >= s->posts / 2 &&
	    window_concentration(s) >= FLOOD_CONCENTRATION;
}

/* An hour bucket is cleared when a newer hour takes its place. */
static void
day_advance(struct day *d, int64_t hour)
{
	if (hour - d->hour >= DAY_HOURS) {
		memset(d, 0, sizeof(*d));
		d->hour = hour;
	}
	while (d->hour < hour)
		memset(&d->hours[++d->hour % DAY_HOURS], 0,
		    sizeof(struct sums));
}

void
window_day_add(struct day *d, int64_t minute, const struct sums *amounts)
{
	int64_t hour = minute / 60;

	day_advance(d, hour);
	if (hour > d->hour - DAY_HOURS)
		sums_add(&d->hours[hour % DAY_HOURS], amounts);
}

struct sums
window_day_sum(const struct day *d, int64_t minute)
{
	struct sums sum = {0};
	int64_t hour = minute / 60;

	for (int64_t h = hour - DAY_HOURS + 1; h <= hour; h++)
		if (h >= 0 && h <= d->hour && h > d->hour - DAY_HOURS)
			sums_add(&sum, &d->hours[h % DAY_HOURS]);
	return sum;
}
