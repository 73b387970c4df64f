/*
 * Goal: on real series, scale hardly matters: doubling all counts of one with
 * a median of 3 or more changes s, the rarity in its own past, by at most 0.3
 * at 95 % of the ticks where it is 2 or more.  The effect gate is a condition
 * of its own beside s (z of 3.05 and 2.95: ln(f + 1) is not quite free of
 * scale): few ticks pass it on one side only.
 * Method: the tweet series of the benchmark through two detectors; skipped
 * where they are not beside the tree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/density/detector.h"

#define ROWS_MAX 20000

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The second column of a packed CSV; 0 rows when it is not there. */
static unsigned
read_counts(const char *name, double counts[ROWS_MAX])
{
	const char *shared = getenv("VIGIE_SHARED");
	char command[512], line[128];
	unsigned rows = 0;
	FILE *in;

	snprintf(command, sizeof(command),
	    "gzip -dc '%s/data/nab/Twitter_volume_%s.csv.gz' 2>/dev/null",
	    shared != NULL ? shared : "../shared", name);
	in = popen(command, "r");
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL && rows < ROWS_MAX) {
		char when[64];

		if (sscanf(line, "%63[^,],%lf", when, &counts[rows]) == 2)
			rows++;
	}
	pclose(in);
	return rows;
}

static void
doubling_hardly_matters(void **state)
{
	static const char *const names[] = {"AAPL", "CRM", "FB", "KO", "UPS"};
	static double counts[ROWS_MAX], sorted[ROWS_MAX];
	unsigned high = 0, apart = 0, passed = 0, gated = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct detector one = {0}, two = {0};
		unsigned rows = read_counts(names[i], counts);

		if (rows == 0) {
			print_message("skipped: no series %s\n", names[i]);
			skip();
		}
		for (unsigned t = 0; t < rows; t++)
			sorted[t] = counts[t];
		qsort(sorted, rows, sizeof(*sorted), by_size);
		if (sorted[rows / 2] < 3)
			continue;
		for (unsigned t = 0; t < rows; t++) {
			int64_t a = detector_rarity(&one, counts[t]);
			int64_t b = detector_rarity(&two, 2 * counts[t]);
			int64_t rare =
			    detector_tick(&one, counts[t]).s_micro;
			int64_t twice =
			    detector_tick(&two, 2 * counts[t]).s_micro;

			high += a >= 2000000;
			apart += a >= 2000000 &&
			    (a - b > 300000 || b - a > 300000);
			passed += rare >= 2000000;
			gated += rare >= 2000000 && twice == 0;
		}
	}
	print_message("of %u ticks %u apart; of %u past the gate %u are not "
	    "when doubled\n", high, apart, passed, gated);
	assert_true(high > 50 && passed > 50);
	assert_true(apart * 20 <= high);
	assert_true(gated * 100 <= passed * 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(doubling_hardly_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
