/*
 * Goal: Erlang C as the tables have it; never fewer people for more work.
 * Method: published values (a = 2, c = 3: 4/9; a = 10, c = 12: 0.4494), the
 * sum that defines it, and small loads one by one.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/organisation/erlang.h"

#define HOUR INT64_C(3600000)

/* By the definition: a^c/c! c/(c-a) over the sum of all states. */
static double
by_definition(unsigned c, double a)
{
	double term = 1.0, sum = 0.0;

	for (unsigned n = 0; n < c; n++) {
		sum += term;
		term *= a / (n + 1);
	}
	term *= c / (c - a);
	return term / (sum + term);
}

static void
test_tables(void **state)
{
	(void)state;
	assert_true(fabs(erlang_waits(3, 2) - 4.0 / 9) < 1e-12);
	assert_true(fabs(erlang_waits(12, 10) - 0.4494) < 5e-5);
	assert_true(fabs(erlang_waits(1, 0.5) - 0.5) < 1e-12);
	for (unsigned c = 1; c < 40; c++)
		for (double a = 0.1; a < c; a += 0.37)
			assert_true(fabs(erlang_waits(c, a) -
					by_definition(c, a)) < 1e-9);
}

static void
test_edges(void **state)
{
	(void)state;
	assert_true(erlang_waits(0, 0) == 0.0);
	assert_true(erlang_waits(2, 2) == 1.0);
	assert_true(erlang_in_time(2, 3, HOUR, HOUR) == 0.0);
	assert_true(erlang_in_time(1, 0, HOUR, HOUR) == 1.0);
	assert_int_equal(erlang_needed(0, HOUR, HOUR, 0.8), 0);
	/* nobody waits for an hour where work is rare and short */
	assert_int_equal(erlang_needed(0.01, HOUR / 10, HOUR, 0.8), 1);
}

static void
test_more_work_more_people(void **state)
{
	(void)state;
	for (double share = 0.5; share < 0.99; share += 0.1) {
		unsigned before = 0;

		for (double a = 0.05; a < 60; a += 0.31) {
			unsigned n = erlang_needed(a, HOUR / 10, HOUR / 4,
			    share);

			assert_true(n >= before && n > a);
			assert_true(erlang_in_time(n, a, HOUR / 10, HOUR / 4) >=
			    share);
			assert_true(n == 1 || erlang_in_time(n - 1, a,
				HOUR / 10, HOUR / 4) < share);
			before = n;
		}
	}
}

/* A load of a million is one pass, not a million of them; what is left out
 * below is not to be seen, and share and people belong together. */
static void
test_great_loads(void **state)
{
	const double loads[] = {9999.5, 10000.5, 876000, 8760000};

	(void)state;
	for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++) {
		unsigned n = 0;

		for (int k = 0; k < 100; k++)
			n = erlang_needed(loads[i], 8760 * HOUR, HOUR, 0.8);
		assert_true(n > loads[i] && n < loads[i] * 1.02);
		assert_true(erlang_in_time(n, loads[i], 8760 * HOUR, HOUR) >=
		    0.8);
		assert_true(erlang_in_time(n - 1, loads[i], 8760 * HOUR,
			HOUR) < 0.8);
	}
	for (double a = 10000.5; a < 30000; a += 997) {
		double busy = 1.0;
		unsigned c = (unsigned)(a * 1.01);

		for (unsigned n = 1; n <= c; n++)
			busy = a * busy / (n + a * busy);
		assert_true(fabs(erlang_waits(c, a) -
		    busy / (1.0 - a / c * (1.0 - busy))) < 1e-14);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_more_work_more_people),
	    cmocka_unit_test(test_great_loads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
