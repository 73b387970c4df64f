/*
 * Goal: the hour to come is the last half-hour's pace, lower while it rises;
 * bounds lie around it; doubling is told only of what grows.
 * Method: windows by hand, figures worked out on paper.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/mathx.h"
#include "engine/density/forecast.h"

#define NOW 100000
#define V MATHX_MICRO

/* ${before} and ${now} voices of harm in each minute of the half-hours; all
 * talk is harm. */
static struct forecast
of(int64_t before, int64_t now, int64_t norm)
{
	struct density_settings s;
	struct window w;

	density_defaults(&s);
	window_init(&w, NOW);
	for (int64_t m = 0; m < 60; m++) {
		int64_t harm = (m < 30 ? now : before) * V;
		struct sums one = {.harm = harm, .mass = harm, .posts = 1};

		window_add(&w, NOW - m, &one);
	}
	return forecast_of(&w, &w, &s, norm);
}

static void
steady_goes_on(void **state)
{
	struct forecast f = of(1, 1, 10 * V);

	(void)state;
	assert_int_equal(f.harm, 60 * V);
	assert_int_equal(f.low, 62 * V * 60 / 100 - 2 * V);
	assert_int_equal(f.high, 62 * V * 150 / 100 - 2 * V);
	assert_int_equal(f.density, 50 * V * 100 / 80);
	assert_int_equal(f.doubling_minutes, 0);
}

static void
rising_is_damped(void **state)
{
	struct forecast f = of(1, 3, 0);

	(void)state;
	assert_int_equal(f.harm, 182 * V * 3 / 4 - 2 * V);
	assert_true(f.low < f.harm && f.harm < f.high);
	/* 30 ln 2 / ln(91 / 31) = 19.3 */
	assert_int_equal(f.doubling_minutes, 19);
}

static void
nothing_is_nothing(void **state)
{
	struct forecast f = of(0, 0, V);

	(void)state;
	assert_int_equal(f.harm, 0);
	assert_int_equal(f.low, 0);
	assert_int_equal(f.high, V); /* a voice may come */
	assert_int_equal(f.density, 0);
	f = of(5, 0, V);
	assert_int_equal(f.harm, 0);
	assert_int_equal(f.doubling_minutes, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(steady_goes_on),
	    cmocka_unit_test(rising_is_damped),
	    cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
