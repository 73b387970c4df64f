/*
 * A detector that was put away comes back bit by bit.
 *
 * Method: detectors with histories of all kinds (none, silence, a burst, a
 * long wild one) are put away and taken out again, also into memory of one
 * that was larger; then both go on and must answer alike.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "engine/density/detector_asleep.h"

static void
check(struct detector *d)
{
	struct detector_asleep *a = detector_asleep(NULL, d);
	struct detector back, other;

	memset(&back, 7, sizeof(back));
	detector_awake(&back, a);
	assert_memory_equal(&back, d, sizeof(back));
	/* All bins full, then what was put away again in the same memory. */
	other = *d;
	for (unsigned i = 0; i < DETECTOR_BINS; i++)
		other.bins[i] = (float)i + 0.5f;
	a = detector_asleep(a, &other);
	detector_awake(&back, a);
	assert_memory_equal(&back, &other, sizeof(back));
	a = detector_asleep(a, d);
	detector_awake(&back, a);
	assert_memory_equal(&back, d, sizeof(back));
	free(a);
	for (double amount = 0.0; amount < 40.0; amount += 8.0) {
		struct detector_answer x = detector_tick(d, amount);
		struct detector_answer y = detector_tick(&back, amount);

		assert_int_equal(x.z_micro, y.z_micro);
		assert_int_equal(x.s_micro, y.s_micro);
		assert_int_equal(x.rings, y.rings);
	}
}

static void
it_comes_back_as_it_was(void **state)
{
	struct rand r;
	struct detector d = {0};

	(void)state;
	check(&d); /* and has a history afterwards */
	detector_silence(&d, 1000);
	check(&d);
	rand_seed(&r, 101);
	for (unsigned i = 0; i < 5000; i++)
		detector_tick(&d, (double)rand_below(&r, 1000) / 10.0);
	check(&d);
	detector_silence(&d, 100000);
	check(&d);
}

static void
none_is_a_new_one(void **state)
{
	static const struct detector new;
	struct detector d;

	(void)state;
	memset(&d, 7, sizeof(d));
	detector_awake(&d, NULL);
	assert_memory_equal(&d, &new, sizeof(d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_comes_back_as_it_was),
	    cmocka_unit_test(none_is_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
