/*
 * Goal: sample:n takes about n posts of 100, the same ones each time, and
 * those of a smaller n are among those of a larger.
 * Method: ten thousand ids, asked twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/field.h"

#define POSTS 10000

static bool
taken(uint64_t percent, unsigned i, const char *source)
{
	const struct field f = {.id = FIELD_SAMPLE, .low = percent};
	struct post post;
	char id[16];

	snprintf(id, sizeof(id), "%u", i);
	post_clear(&post);
	post.id = slice_of(id);
	post.source = slice_of(source);
	return field_holds(&f, &post);
}

static void
test_share(void **state)
{
	static const unsigned percents[] = {1, 10, 50, 99};

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		unsigned count = 0, want = percents[k] * POSTS / 100;

		for (unsigned i = 0; i < POSTS; i++)
			count += taken(percents[k], i, "x");
		if (count < want - want / 10 - 30 ||
		    count > want + want / 10 + 30)
			fail_msg("sample:%u takes %u of %u", percents[k],
			    count, POSTS);
	}
}

static void
test_nested_and_steady(void **state)
{
	unsigned differ = 0;

	(void)state;
	for (unsigned i = 0; i < POSTS; i++) {
		if (taken(10, i, "x"))
			assert_true(taken(11, i, "x"));
		assert_int_equal(taken(10, i, "x"), taken(10, i, "x"));
		differ += taken(50, i, "x") != taken(50, i, "y");
	}
	assert_true(differ > POSTS / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_share),
	    cmocka_unit_test(test_nested_and_steady),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
