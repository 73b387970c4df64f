/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/window.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"

static struct sums *
bucket(struct window *w, int64_t minute)
{
	REQUIRE(minute >= 0);
	return &w->minutes[minute % WINDOW_MINUTES];
}

static uint64_t
bit(int64_t minute)
{
	return UINT64_C(1) << minute % WINDOW_MINUTES;
}

void
window_sums_add(struct sums *to, const struct sums *from)
{
	to->harm += from->harm;
	to->mass += from->mass;
	to->voices += from->voices;
	to->singles += from->singles;
	to->unshared += from->unshared;
	to->posts += from->posts;
	to->harmful += from->harmful;
}

static void
sums_take(struct sums *to, const struct sums *from)
{
	to->harm -= from->harm;
	to->mass -= from->mass;
	to->voices -= from->voices;
	to->singles -= from->singles;
	to->unshared -= from->unshared;
	to->posts -= from->posts;
	to->harmful -= from->harmful;
}

void
window_init(struct window *w, int64_t minute)
{
	memset(w, 0, sizeof(*w));
	w->minute = minute;
}

/* What stands in the place of ${minute} is an hour old. */
static void
drop(struct window *w, int64_t minute)
{
	struct sums *old = bucket(w, minute);

	sums_take(&w->total, old);
	memset(old, 0, sizeof(*old));
	w->said &= ~bit(minute);
}

void
window_advance(struct window *w, int64_t minute)
{
	if (minute - w->minute >= WINDOW_MINUTES) {
		window_init(w, minute);
		return;
	}
	while (w->minute < minute) {
		int64_t left = ++w->minute - WINDOW_RECENT;

		if (left >= 0 && w->said & bit(left))
			w->recent -= bucket(w, left)->harm;
		if (w->said & bit(w->minute))
			drop(w, w->minute);
	}
}

static void
fetch(struct window *w, int64_t minute)
{
	__builtin_prefetch(bucket(w, minute), 1);
	__builtin_prefetch(&bucket(w, minute)->harmful, 1);
}

void
window_ahead(struct window *w, int64_t minute, bool adds)
{
	if (adds || w->said & bit(minute))
		fetch(w, minute);
	if (minute >= WINDOW_RECENT && w->said & bit(minute - WINDOW_RECENT))
		fetch(w, minute - WINDOW_RECENT);
}

bool
window_add(struct window *w, int64_t minute, const struct sums *amounts)
{
	if (minute > w->minute || minute <= w->minute - WINDOW_MINUTES)
		return false;
	window_sums_add(bucket(w, minute), amounts);
	window_sums_add(&w->total, amounts);
	w->said |= bit(minute);
	if (minute > w->minute - WINDOW_RECENT)
		w->recent += amounts->harm;
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
/* Repeats of the same accounts: 0.23 of the first 55 posts of a hoax, 0.04 at
 * most where a crowd reposts. */
#define FLOOD_REPEATS 100000

/* 1 - sum / posts: how much of the posts this sum discounts. */
static int64_t
discount(const struct sums *s, int64_t sum)
{
	return s->posts == 0 ? 0 : MATHX_MICRO - sum / s->posts;
}

int64_t
window_concentration(const struct sums *s)
{
	return discount(s, s->voices);
}

bool
window_is_flood(const struct sums *s)
{
	if (s->posts < FLOOD_POSTS || s->harmful < s->posts / 2 ||
	    window_concentration(s) < FLOOD_CONCENTRATION)
		return false;
	return discount(s, s->singles) >= FLOOD_REPEATS ||
	    discount(s, s->unshared) >= FLOOD_CONCENTRATION;
}

/* The hours up to ${hour} leave. */
static void
day_drop(struct day *d, int64_t hour)
{
	uint32_t old = 0;

	while (old < d->count && d->hours[old].hour <= hour)
		old++;
	d->count -= old;
	if (old > 0)
		memmove(d->hours, d->hours + old,
		    d->count * sizeof(*d->hours));
}

/* Where ${hour} is or belongs. */
static uint32_t
day_place(const struct day *d, int64_t hour)
{
	uint32_t at = d->count;

	while (at > 0 && d->hours[at - 1].hour >= hour)
		at--;
	return at;
}

static void
day_insert(struct day *d, uint32_t at, int64_t hour)
{
	if (d->count == d->room) {
		d->room = d->room == 0 ? 1 : d->room * 2;
		d->hours = must_grow(d->hours, d->room * sizeof(*d->hours));
	}
	memmove(d->hours + at + 1, d->hours + at,
	    (d->count - at) * sizeof(*d->hours));
	d->hours[at] = (struct day_hour){.hour = hour};
	d->count++;
}

void
window_day_add(struct day *d, int64_t minute, const struct sums *amounts)
{
	int64_t hour = minute / 60;
	uint32_t at;

	if (d->count > 0 && hour <= d->hours[d->count - 1].hour - DAY_HOURS)
		return;
	at = day_place(d, hour);
	if (at == d->count) {
		day_drop(d, hour - DAY_HOURS);
		at = d->count;
	}
	if (at == d->count || d->hours[at].hour != hour)
		day_insert(d, at, hour);
	window_sums_add(&d->hours[at].sums, amounts);
}

void
window_day_forget(struct day *d, int64_t minute)
{
	day_drop(d, minute / 60 - DAY_HOURS);
	if (d->count == 0) {
		free(d->hours);
		d->hours = NULL;
		d->room = 0;
	} else if (d->count < d->room) {
		d->room = d->count;
		d->hours = must_grow(d->hours, d->room * sizeof(*d->hours));
	}
}

struct sums
window_day_sum(const struct day *d, int64_t minute)
{
	struct sums sum = {0};
	int64_t hour = minute / 60;

	for (uint32_t i = 0; i < d->count; i++)
		if (d->hours[i].hour <= hour &&
		    d->hours[i].hour > hour - DAY_HOURS)
			window_sums_add(&sum, &d->hours[i].sums);
	return sum;
}
