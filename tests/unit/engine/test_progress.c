/*
 * Goal: the line says how far and how long still, and fits.  Method: made
 * with times of our own, without a terminal.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "engine/progress.h"

static void
says_how_far(void **state)
{
	struct progress p = {.bytes_total = 1000, .start_ns = 0};
	char line[120];

	(void)state;
	progress_line(&p, INT64_C(2000000000), 250, 5000, line);
	assert_string_equal(line, "[######..................]  25 %, "
	                          "5000 posts, 2500 posts/s, 6 s left");
	/* A file that grew meanwhile. */
	progress_line(&p, INT64_C(2000000000), 5000, 5000, line);
	assert_non_null(strstr(line, "100 %"));
	p.bytes_total = 0;
	progress_line(&p, INT64_C(2000000000), 3000000, 10, line);
	assert_string_equal(line, "3.0 MB, 10 posts, 5 posts/s");
	progress_line(&p, INT64_MAX, UINT64_MAX, UINT64_MAX, line);
	assert_true(strlen(line) < 120);
}

static void
is_silent_without_a_terminal(void **state)
{
	FILE *out = tmpfile();
	struct progress p;
	int64_t now = 0;

	(void)state;
	progress_start(&p, out, clock_fixed(&now), 100);
	now = 1000;
	progress_tick(&p, 50, 5);
	progress_clear(&p);
	assert_int_equal(ftell(out), 0);
	fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_how_far),
	    cmocka_unit_test(is_silent_without_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
