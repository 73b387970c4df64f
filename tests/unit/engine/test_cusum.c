/*
 * Goal: chance alone never creeps, at any rate and with any daily cycle; a
 * burst does not; a step of half and a growth of a tenth a day do, within the
 * days that docs/DETECTION.md states; each has an end.
 * Method: seeded Poisson days.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/mathx.h"
#include "engine/base/rand.h"
#include "engine/density/cusum.h"

#define TICKS 288
#define DAYS 60
#define SEEDS 40

static const struct cusum_settings defaults = {14, CUSUM_RINGS_MICRO};
static const double rates[] = {0.005, 0.02, 0.05, 0.5, 5, 50, 500, 5000};

/* Normal by twelve uniforms: good to 1 % where it stands for Poisson. */
static double
poisson(struct rand *r, double rate)
{
	double limit = exp(-rate), p = 1.0, sum = -6.0;
	int n = 0;

	if (rate > 100.0) {
		for (int i = 0; i < 12; i++)
			sum += rand_unit(r);
		return floor(rate + sqrt(rate) * sum + 0.5);
	}
	while ((p *= rand_unit(r)) > limit)
		n++;
	return n;
}

/* One day's harm; the cycle moves a factor of five over the day, which a
 * whole day does not feel. */
static int64_t
day_of(struct rand *r, double per_tick, int cycle)
{
	double sum = 0.0;

	if (!cycle)
		return (int64_t)poisson(r, per_tick * TICKS) * MATHX_MICRO;
	for (int t = 0; t < TICKS; t++)
		sum += poisson(r, per_tick *
		    (1.0 + 2.0 / 3.0 * sin(t * 6.2831853 / TICKS)));
	return (int64_t)sum * MATHX_MICRO;
}

static void
chance_is_not_creeping(void **state)
{
	int false_alarms = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct cusum c = {0};
			struct rand r;

			rand_seed(&r, seed * 100 + i);
			for (int d = 0; d < DAYS; d++) {
				int64_t harm = day_of(&r, rates[i],
				    seed == 0);

				false_alarms += cusum_day(&c, &defaults,
				    harm) == CUSUM_RINGS;
			}
		}
	}
	print_message("%d false alarms in %d brand-days\n", false_alarms,
	    (int)(sizeof(rates) / sizeof(*rates)) * SEEDS * DAYS);
	assert_int_equal(false_alarms, 0);
}

/* Days until it rings when ${shape} begins on day 40; DAYS: never. */
static int
delay(double per_tick, double growth, double step, uint64_t seed)
{
	struct cusum c = {0};
	struct rand r;
	double factor = 1.0;

	rand_seed(&r, seed);
	for (int d = 0; d < 40 + DAYS; d++) {
		if (d == 40)
			factor = step;
		if (d >= 40)
			factor *= growth;
		if (cusum_day(&c, &defaults,
			day_of(&r, per_tick * factor, 0)) == CUSUM_RINGS)
			return d - 40 + 1;
	}
	return DAYS;
}

static void
expect_within(double per_tick, double growth, double step, int most)
{
	int worst = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		int d = delay(per_tick, growth, step, seed);

		worst = d > worst ? d : worst;
		if (d < 2)
			fail_msg("rang before it began");
	}
	print_message("%g a tick, growth %g, step %g: %d days at most\n",
	    per_tick, growth, step, worst);
	assert_in_range(worst, 1, most);
}

static void
slow_burns_ring(void **state)
{
	(void)state;
	expect_within(0.05, 1.1, 1.0, 14);
	expect_within(0.5, 1.1, 1.0, 10);
	expect_within(5, 1.1, 1.0, 8);
	expect_within(500, 1.1, 1.0, 8);
	expect_within(0.5, 1.0, 1.5, 14);
	expect_within(5, 1.0, 1.5, 10);
	expect_within(500, 1.0, 1.5, 8);
}

static void
burst_is_not_creeping(void **state)
{
	struct cusum c = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 7);
	for (int d = 0; d < DAYS; d++) {
		double factor = d >= 40 && d < 43 ? 1000.0 : 1.0;

		assert_int_equal(cusum_day(&c, &defaults,
		    day_of(&r, 0.5 * factor, 0)), CUSUM_SAME);
	}
}

static void
each_has_an_end(void **state)
{
	enum cusum_change last = CUSUM_SAME;
	struct cusum c = {0};
	int ended = 0;

	(void)state;
	for (int d = 0; d < 40; d++)
		cusum_day(&c, &defaults, 100 * MATHX_MICRO);
	for (int d = 0; !c.ringing; d++) {
		assert_in_range(d, 0, 10);
		cusum_day(&c, &defaults, 200 * MATHX_MICRO);
	}
	assert_int_equal(c.norm / MATHX_MICRO, 100);
	assert_int_equal(cusum_day(&c, &defaults, 100 * MATHX_MICRO),
	    CUSUM_SAME);
	cusum_day(&c, &defaults, 100 * MATHX_MICRO);
	assert_int_equal(cusum_day(&c, &defaults, 100 * MATHX_MICRO),
	    CUSUM_CALM);
	assert_false(c.ringing);
	/* One that stays becomes the norm, once, and is told of no more. */
	for (int d = 0; d < 100; d++) {
		enum cusum_change change =
		    cusum_day(&c, &defaults, 200 * MATHX_MICRO);

		if (change != CUSUM_SAME)
			last = change;
		ended += change == CUSUM_NORMAL;
	}
	assert_int_equal(last, CUSUM_NORMAL);
	assert_int_equal(ended, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chance_is_not_creeping),
	    cmocka_unit_test(slow_burns_ring),
	    cmocka_unit_test(burst_is_not_creeping),
	    cmocka_unit_test(each_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
