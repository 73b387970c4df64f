/*
 * Goal: a constant stream is never rare, whatever its rate; a burst is; scale
 * hardly matters; silence in one go is silence tick by tick.
 * Method: seeded Poisson streams, and equal states by memcmp.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/mathx.h"
#include "engine/base/rand.h"
#include "engine/density/detector.h"

#define DAY 288
#define DAYS 60

static unsigned
poisson(struct rand *r, double rate)
{
	double limit, p = 1.0;
	unsigned n = 0;

	if (rate > 30) { /* the sum of two halves */
		unsigned half = poisson(r, rate / 2);

		return half + poisson(r, rate / 2);
	}
	limit = exp(-rate);
	while ((p *= rand_unit(r)) > limit)
		n++;
	return n;
}

/* Streams of ${rate} events a tick, each of ${amount}, must not be rare. */
static void
not_rare(double rate, double amount, unsigned seeds)
{
	for (unsigned seed = 0; seed < seeds; seed++) {
		struct detector d = {0};
		struct rand r;

		rand_seed(&r, 100 + seed);
		for (int t = 0; t < DAYS * DAY; t++) {
			struct detector_answer a = detector_tick(&d,
			    amount * poisson(&r, rate));

			if (t >= 3 * DAY && detector_rare(a))
				fail_msg("rate %g of %g, seed %u: rare at "
					 "tick %d", rate, amount, seed, t);
		}
	}
}

static void
constant_streams_are_not_rare(void **state)
{
	static const double rates[] = {0.05, 0.5, 5, 50, 500, 5000};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++)
		not_rare(rates[i], 1.0, rates[i] < 100 ? 5 : 1);
}

/* Harm comes in other pieces than 1: unlikely complaints, grave posts. */
static void
constant_harm_is_not_rare(void **state)
{
	static const double rates[] = {0.05, 0.5, 5, 50};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		not_rare(rates[i], 0.12, 2);
		not_rare(rates[i], 0.6, 2);
		not_rare(rates[i], 2.0, 2);
	}
}

static void
a_daily_cycle_is_not_rare(void **state)
{
	struct detector d = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 7);
	for (int t = 0; t < DAYS * DAY; t++) {
		double hour = 1.5 + sin(t * 2 * M_PI / DAY); /* 0.5 to 2.5 */

		assert_false(detector_rare(detector_tick(&d,
				 poisson(&r, 10 * hour))) &&
		    t >= 3 * DAY);
	}
}

static void
a_burst_is_rare(void **state)
{
	struct detector d = {0};
	struct detector_answer a = {0};
	struct rand r;
	bool rare = false;

	(void)state;
	rand_seed(&r, 8);
	for (int t = 0; t < 10 * DAY; t++)
		detector_tick(&d, poisson(&r, 5));
	for (int t = 0; t < 3; t++) {
		a = detector_tick(&d, 60);
		rare |= detector_rare(a) && a.rings;
	}
	assert_true(rare);
}

static void
scale_hardly_matters(void **state)
{
	struct detector one = {0}, two = {0};
	struct rand r;
	unsigned high = 0, apart = 0;

	(void)state;
	rand_seed(&r, 9);
	for (int t = 0; t < DAYS * DAY; t++) {
		double burst = t % 3001 < 6 ? 8 : 1;
		unsigned n = poisson(&r, 20 * burst);
		int64_t a = detector_tick(&one, n).s_micro;
		int64_t b = detector_tick(&two, 2 * n).s_micro;

		if (a < 2000000)
			continue;
		high++;
		apart += a - b > 300000 || b - a > 300000;
	}
	assert_true(high > 20);
	assert_true(apart * 20 <= high);
}

static void
peek_is_tick_without_change(void **state)
{
	struct detector d = {0}, before;
	struct rand r;

	(void)state;
	rand_seed(&r, 10);
	for (int t = 0; t < 2000; t++) {
		double x = t % 400 < 350 ? 0 : poisson(&r, 3);
		struct detector_answer peek, tick;

		before = d;
		peek = detector_peek(&d, x);
		assert_memory_equal(&before, &d, sizeof(d));
		tick = detector_tick(&d, x);
		if (x > 0) {
			assert_int_equal(peek.z_micro, tick.z_micro);
			assert_int_equal(peek.s_micro, tick.s_micro);
		}
	}
}

static void
silence_at_once_and_in_ticks(void **state)
{
	static const unsigned gaps[] = {1, 5, 287, 288, 289, 1000, 105120};

	(void)state;
	for (size_t i = 0; i < sizeof(gaps) / sizeof(*gaps); i++) {
		struct detector once = {0}, ticks;
		struct rand r;

		rand_seed(&r, 11);
		for (int t = 0; t < 1000; t++)
			detector_tick(&once, poisson(&r, 4));
		ticks = once;
		detector_silence(&once, gaps[i]);
		for (unsigned t = 0; t < gaps[i]; t++)
			detector_tick(&ticks, 0.0);
		assert_memory_equal(&once, &ticks, sizeof(once));
		assert_int_equal(detector_tick(&once, 30).s_micro,
		    detector_tick(&ticks, 30).s_micro);
		assert_memory_equal(&once, &ticks, sizeof(once));
	}
}

/* Folding silence in whole days must be close to the plain formula. */
static void
silence_is_what_the_formula_says(void **state)
{
	struct detector d = {0};
	struct detector_scale *middle = &d.scales[DETECTOR_MIDDLE];
	double mu, var;
	struct rand r;

	(void)state;
	rand_seed(&r, 12);
	for (int t = 0; t < 2000; t++)
		detector_tick(&d, poisson(&r, 2));
	detector_silence(&d, 300); /* the level has died away */
	detector_tick(&d, 0.001);
	for (unsigned i = 0; i < DETECTOR_SCALES; i++)
		d.scales[i].level = 0.0;
	mu = middle->mu;
	var = middle->var;
	for (int t = 0; t < 5000; t++) {
		double e = -mu;

		mu += 0.001 * e;
		var += 0.001 * (e * e - var);
	}
	detector_silence(&d, 5000);
	assert_true(fabs(detector_norm(&d) - (exp(mu) - 1.0)) < 1e-9);
	detector_tick(&d, 0.5);
	assert_true(middle->var < var + 0.01 &&
	    middle->var > var - 0.01);
}

static void
state_is_small(void **state)
{
	(void)state;
	print_message("struct detector: %zu bytes\n", sizeof(struct detector));
	assert_true(sizeof(struct detector) <= 512);
}

/* A burst that is over, or that one tick alone makes, is not there. */
static void
all_scales_must_see_it(void **state)
{
	struct detector d = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 13);
	for (int t = 0; t < 10 * DAY; t++)
		detector_tick(&d, poisson(&r, 20));
	assert_false(detector_rare(detector_peek(&d, 70)));
	for (int t = 0; t < 6; t++)
		detector_tick(&d, 120);
	assert_true(detector_rare(detector_peek(&d, 120)));
	for (int t = 0; t < 2; t++)
		detector_tick(&d, 20);
	assert_false(detector_rare(detector_peek(&d, 20)));
	assert_true(d.scales[DETECTOR_SLOW].level > 50);
}

static void
harm_is_counted_in_complaints(void **state)
{
	(void)state;
	assert_true(fabs(detector_of_harm(250000) - 1.0) < 1e-12);
	assert_true(fabs(detector_of_harm(3000000) - 12.0) < 1e-12);
	assert_int_equal(detector_harm(1.0, 12), 3000000);
	assert_int_equal(detector_harm(detector_of_harm(123456), 1), 123456);
}

static void
eight_thousand_years_are_quick(void **state)
{
	struct detector d = {0};

	(void)state;
	detector_tick(&d, 100);
	detector_silence(&d, UINT64_C(8000) * 365 * DAY);
	assert_true(detector_norm(&d) < 1e-6);
	assert_true(detector_peek(&d, 100).z_micro > 3000000);
}

/* What is not asked because it is below is not rare, and the bound is near
 * enough to what is rare to spare nearly all questions. */
static void
below_the_bound_nothing_is_rare(void **state)
{
	unsigned asked = 0, spared = 0;

	(void)state;
	for (unsigned seed = 0; seed < 20; seed++) {
		struct detector d = {0};
		struct rand r;

		rand_seed(&r, 700 + seed);
		assert_true(detector_rare_from(&d) == 0.0);
		for (int t = 0; t < 3000; t++) {
			double amount = poisson(&r, t % 600 < 20 ? 40 : 2);
			double from;

			detector_tick(&d, seed % 2 ? amount : amount / 7);
			from = detector_rare_from(&d);
			asked++;
			if (from > 0.0)
				assert_true(detector_peek(&d,
				    from * 0.9999999).z_micro <
				    DETECTOR_EFFECT_MICRO);
			spared += from > 4.0;
		}
	}
	assert_true(spared * 10 > asked * 9);
}

/* What the detector has written down of an exponential it does not compute. */
static void
the_cool_down_halves_in_a_day(void **state)
{
	struct detector d = {.maximum = 1.0};

	(void)state;
	detector_tick(&d, 1.0);
	assert_true(d.maximum == mathx_exp(-0.69314718055994531 / DAY));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_cool_down_halves_in_a_day),
	    cmocka_unit_test(constant_streams_are_not_rare),
	    cmocka_unit_test(constant_harm_is_not_rare),
	    cmocka_unit_test(a_daily_cycle_is_not_rare),
	    cmocka_unit_test(a_burst_is_rare),
	    cmocka_unit_test(scale_hardly_matters),
	    cmocka_unit_test(peek_is_tick_without_change),
	    cmocka_unit_test(silence_at_once_and_in_ticks),
	    cmocka_unit_test(silence_is_what_the_formula_says),
	    cmocka_unit_test(state_is_small),
	    cmocka_unit_test(all_scales_must_see_it),
	    cmocka_unit_test(harm_is_counted_in_complaints),
	    cmocka_unit_test(eight_thousand_years_are_quick),
	    cmocka_unit_test(below_the_bound_nothing_is_rare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
