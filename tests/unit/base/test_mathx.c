/*
 * Goal: our ln, exp and log10 are within 1e-12 of the C library's, and the
 * integer amounts made of them are the ones of the contract.
 * Method: seeded random arguments over the whole range, and known values.
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

static void
near(double ours, double theirs)
{
	double scale = fabs(theirs);

	if (!(fabs(ours - theirs) <= 1e-12 * scale))
		fail_msg("%.17g is not %.17g", ours, theirs);
}

static void
logarithms(void **state)
{
	struct rand r;

	(void)state;
	rand_seed(&r, 1);
	for (int i = 0; i < 200000; i++) {
		double x = ldexp(0.5 + rand_unit(&r) / 2,
		    (int)rand_below(&r, 2000) - 1000);

		near(mathx_ln(x), log(x));
		near(mathx_log10(x), log10(x));
	}
	for (int i = 1; i < 100000; i++) {
		double x = 1.0 + (i - 50000) * 1e-7;

		near(mathx_ln(x), log(x));
	}
	assert_true(mathx_ln(1.0) == 0.0);
	/* Where one power of two ends and the next begins. */
	for (int k = -1022; k <= 1023; k++) {
		double least = ldexp(0x1.6a09e667f3bcdp-1, k);

		if (k > -1022) {
			near(mathx_ln(least), log(least));
			near(mathx_ln(nextafter(least, 0.0)), log(least));
		}
		near(mathx_ln(ldexp(1.0, k)), k * 0x1.62e42fefa39efp-1);
	}
	assert_int_equal(mathx_micro(mathx_log10(1000.0)), 3000000);
}

static void
exponentials(void **state)
{
	struct rand r;

	(void)state;
	rand_seed(&r, 2);
	for (int i = 0; i < 200000; i++) {
		double x = (rand_unit(&r) - 0.5) * 1390;

		near(mathx_exp(x), exp(x));
		near(mathx_exp(x / 1000), exp(x / 1000));
	}
	assert_true(mathx_exp(0.0) == 1.0);
	assert_true(mathx_exp(-1000.0) == 0.0);
}

static void
rounding(void **state)
{
	(void)state;
	assert_int_equal(mathx_micro(1.0000005), 1000001);
	assert_int_equal(mathx_micro(-1.0000005), -1000001);
	assert_int_equal(mathx_micro(0.0000004), 0);
	assert_true(mathx_micro(1e300) > 0);
	assert_int_equal(mathx_ratio(7, 1, 2), 4);
	assert_int_equal(mathx_ratio(INT64_MAX, 1000000, 1000000), INT64_MAX);
}

static void
independence(void **state)
{
	(void)state;
	assert_int_equal(mathx_independence(1, 1), 1000000);
	assert_int_equal(mathx_independence(2, 1), 500000);
	assert_int_equal(mathx_independence(1, 4), 500000);
	assert_int_equal(mathx_independence(3, 2), 235702);
	assert_int_equal(mathx_independence(1000000, 1000000), 0);
	for (uint32_t k = 1; k < 300; k++)
		for (uint32_t j = 1; j < 300; j++)
			assert_int_equal(mathx_independence(k, j),
			    llround(1e6 / (k * sqrt(j))));
}

static void
reach(void **state)
{
	(void)state;
	assert_int_equal(mathx_reach(UINT64_MAX), 1000000);
	assert_int_equal(mathx_reach(0), 1000000);
	assert_int_equal(mathx_reach(9000), 2000000);
	assert_int_equal(mathx_reach(99000), 3000000);
	assert_int_equal(mathx_reach(50000000), 3000000);
	for (uint64_t f = 1; f < 99000; f++) {
		double x = 1 + (double)f / 1000;

		assert_int_equal(
		    mathx_reach(f), 1000000 + llround(1e6 * log10(x)));
		assert_int_equal(mathx_reach(f),
		    1000000 + mathx_micro(mathx_log10(x)));
	}
}

static void
harm(void **state)
{
	(void)state;
	assert_int_equal(mathx_harm(3000, -3000, 1000), 500000);
	assert_int_equal(mathx_harm(2000, -3000, 1000), 268941);
	assert_int_equal(mathx_harm(100000, -3000, 1000), 1000000);
	assert_int_equal(mathx_harm(INT32_MIN, -3000, 1000), 0);
	for (int w = -20000; w < 20000; w += 250)
		assert_int_equal(mathx_harm(w, -3000, 1000),
		    llround(1e6 / (1 + exp(3 - w / 1000.0))));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(logarithms),
	    cmocka_unit_test(exponentials),
	    cmocka_unit_test(rounding),
	    cmocka_unit_test(independence),
	    cmocka_unit_test(reach),
	    cmocka_unit_test(harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
