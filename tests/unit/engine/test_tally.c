/*
 * Goal: distinct accounts are exact up to the limit and within 10 % beyond
 * it, whatever their order, and shrink again; a window counts what is in it;
 * a norm is known after a day.
 * Method: seeded accounts and steady posts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/base/mathx.h"
#include "engine/base/rand.h"
#include "engine/density/tally.h"

static void
crowd_is_exact_then_estimated(void **state)
{
	static const uint64_t sizes[] = {1, 10, 500, 1000, 5000, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct crowd a = {0}, b = {0};
		uint64_t n = sizes[i], size;

		for (uint64_t k = 0; k < 3 * n; k++)
			crowd_add(&a, 1000 + k % n, 5);
		for (uint64_t k = 0; k < n; k++)
			crowd_add(&b, 1000 + n - 1 - k, 5);
		size = crowd_size(&a);
		assert_int_equal(size, crowd_size(&b));
		if (n < CROWD_MAX)
			assert_int_equal(size, n);
		assert_in_range(size, n - n / 10, n + n / 10);
		crowd_fini(&a);
		crowd_fini(&b);
	}
}

static void
crowd_shrinks(void **state)
{
	struct crowd c = {0};

	(void)state;
	for (uint64_t k = 0; k < 50000; k++)
		crowd_add(&c, k, 1);
	assert_true(c.depth > 0);
	for (int64_t m = 2; m < 60; m++) {
		for (uint64_t k = 0; k < 20; k++)
			crowd_add(&c, k, m);
		crowd_expire(&c, m);
	}
	assert_int_equal(c.depth, 0);
	assert_int_equal(crowd_size(&c), 20);
	crowd_expire(&c, 100);
	assert_int_equal(crowd_size(&c), 0);
	crowd_fini(&c);
}

static void
window_slides(void **state)
{
	const struct rules_term term = {.window_minutes = 15};
	struct tally t;

	(void)state;
	tally_init(&t, &term, 1000, 0);
	for (int64_t m = 1000; m < 1060; m++) {
		tally_add(&t, (uint64_t)m, m);
		tally_close(&t, m);
		assert_int_equal(tally_value(&t), m < 1014 ? m - 999 : 15);
	}
	tally_add(&t, 1, 1046); /* late, in the window */
	tally_add(&t, 1, 1044); /* late, out of it */
	assert_int_equal(tally_value(&t), 16);
	tally_close(&t, 1074);
	assert_int_equal(tally_value(&t), 0);
	tally_close(&t, 5000);
	assert_int_equal(tally_value(&t), 0);
	assert_int_equal(tally_norm(&t), -1);
	tally_fini(&t);
}

static void
norm_is_learnt(void **state)
{
	const struct rules_term term = {.window_minutes = 60,
	    .of_norm = true};
	struct tally t;

	(void)state;
	tally_init(&t, &term, 0, 0);
	for (int64_t m = 0; m < 3 * 1440; m++) {
		tally_add(&t, (uint64_t)m, m);
		tally_close(&t, m);
		if (m < 1439)
			assert_int_equal(tally_norm(&t), -1);
	}
	assert_in_range(tally_norm(&t), 57 * MATHX_MICRO, 63 * MATHX_MICRO);
	/* A week asleep, and one post: the norm has come down. */
	tally_add(&t, 1, 10 * 1440);
	tally_close(&t, 10 * 1440);
	assert_in_range(tally_norm(&t), 0, 40 * MATHX_MICRO);
	tally_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(crowd_is_exact_then_estimated),
	    cmocka_unit_test(crowd_shrinks),
	    cmocka_unit_test(window_slides),
	    cmocka_unit_test(norm_is_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
