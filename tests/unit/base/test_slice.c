/*
 * Goal: slices compare as bytes.
 * Method: pairs by hand, empty and NULL ones among them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/slice.h"

static void
making(void **state)
{
	(void)state;
	assert_int_equal(SLICE("a\0b").len, 3);
	assert_int_equal(slice_of("abc").len, 3);
	assert_int_equal(slice_of(NULL).len, 0);
	assert_null(slice_of(NULL).data);
}

static void
equality(void **state)
{
	(void)state;
	assert_true(slice_equal(SLICE("ab"), SLICE("ab")));
	assert_false(slice_equal(SLICE("ab"), SLICE("abc")));
	assert_false(slice_equal(SLICE("ab"), SLICE("aB")));
	assert_true(slice_equal(SLICE_NONE, SLICE("")));
	assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
	assert_true(slice_is(SLICE("ab"), "ab"));
	assert_false(slice_is(SLICE("ab"), "a"));
}

static void
order(void **state)
{
	static const struct slice sorted[] = {{"", 0}, {"\x01", 1}, {"a", 1},
	    {"ab", 2}, {"b", 1}, {"b\xc3", 2}, {"\xff", 1}};
	size_t n = sizeof(sorted) / sizeof(sorted[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			int got = slice_order(sorted[i], sorted[j]);

			assert_int_equal((got > 0) - (got < 0),
			    (i > j) - (i < j));
		}
	}
	assert_int_equal(slice_order(SLICE_NONE, SLICE_NONE), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(making),
	    cmocka_unit_test(equality),
	    cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
