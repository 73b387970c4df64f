/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/clock.h"
#include "engine/base/mathx.h"
#include "engine/scenario/scenario_parts.h"

#define LN2 0.69314718055994531

/* What an hour of the day and the weekend leave of a rate. */
static double
profile(const struct scenario *s, int64_t minute_ms)
{
	int64_t minute = minute_ms / MINUTE_MS + s->zone_min;
	int64_t of_day = minute % 1440, weekday = (minute / 1440 + 4) % 7;
	int64_t hour = of_day / 60;
	double part = (double)(of_day % 60) / 60.0;
	double v = s->hours[hour] * (1 - part) +
	    s->hours[(hour + 1) % 24] * part;

	return weekday == 0 || weekday == 6 ? v * s->weekend : v;
}

/* What was counted between two times came evenly. */
static double
counted(const struct scenario_stream *st, int64_t minute_ms)
{
	for (uint32_t i = 1; i < st->points_count; i++) {
		int64_t from = st->points[i - 1].at_ms;
		int64_t to = st->points[i].at_ms;

		if (minute_ms >= from && minute_ms < to)
			return (st->points[i].count - st->points[i - 1].count) /
			    (double)((to - from) / MINUTE_MS);
	}
	return 0;
}

double
scenario_rate(const struct scenario *s, const struct scenario_stream *st,
    int64_t minute_ms)
{
	double age, peak, rate = st->per_hour / 60;

	if (st->points_count > 0)
		return counted(st, minute_ms);
	if (st->until_ms != TIME_NONE && minute_ms >= st->until_ms)
		return 0;
	if (st->at_ms == TIME_NONE)
		return rate * profile(s, minute_ms);
	age = (double)(minute_ms - st->at_ms) / (double)MINUTE_MS;
	/* Logistic: half the height after six doublings, all after ten. */
	peak = 10 * st->doubling_min;
	if (age < 0 || age > peak + 16 * st->half_life_min)
		return 0;
	rate /= 1 + mathx_exp(-LN2 / st->doubling_min *
	    (age - 6 * st->doubling_min));
	if (age > peak)
		rate *= mathx_exp(-LN2 / st->half_life_min * (age - peak));
	return rate * profile(s, minute_ms);
}

uint32_t
scenario_poisson(struct rand *r, double mean)
{
	double limit, product = rand_unit(r);
	uint32_t n = 0;

	if (!(mean > 0))
		return 0;
	limit = mathx_exp(-mean);
	while (product > limit) {
		product *= rand_unit(r);
		n++;
	}
	return n;
}

uint32_t
scenario_pick(struct rand *r, const struct scenario_shares *shares)
{
	uint32_t want = rand_below(r, shares->sum), i = 0;

	while (want >= shares->parts[i])
		want -= shares->parts[i++];
	return shares->what[i];
}
