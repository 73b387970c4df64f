/*
 * Goal: times are read in both forms, refused in every broken one, and come
 * back as they were.
 * Method: known instants, each form spoiled at each place, and every day of
 * 1970-2400 there and back against timegm.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <time.h>

#include "engine/base/clock.h"

#define NESTLE_MS INT64_C(1268816700000) /* 2010-03-17T09:05:00Z */

/* The instant, or -1 when it is refused. */
static int64_t
parsed(const char *text)
{
	int64_t ms = 0;

	return clock_parse(slice_of(text), &ms) ? ms : -1;
}

static void
good_forms(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
	    {"2010-03-17T09:05:00Z", NESTLE_MS},
	    {"2010-03-17t09:05:00z", NESTLE_MS},
	    {"2010-03-17 09:05:00Z", NESTLE_MS},
	    {"2010-03-17T10:05:00+01:00", NESTLE_MS},
	    {"2010-03-17T04:35:00-04:30", NESTLE_MS},
	    {"2010-03-17T09:05:00.1Z", NESTLE_MS + 100},
	    {"2010-03-17T09:05:00.123Z", NESTLE_MS + 123},
	    {"2010-03-17T09:05:00.123999999Z", NESTLE_MS + 123},
	    {"2010-03-17T10:05:00.5+01:00", NESTLE_MS + 500},
	    {"1970-01-01T00:00:00Z", 0},
	    {"9999-12-31T23:59:59Z", INT64_C(253402300799000)},
	    {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
	    {"2016-12-31T23:59:60Z", INT64_C(1483228799000)},
	    {"Wed Mar 17 09:05:00 +0000 2010", NESTLE_MS},
	    {"Wed Mar 17 10:05:00 +0100 2010", NESTLE_MS},
	    {"Xyz Mar 17 09:05:00 +0000 2010", NESTLE_MS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(parsed(cases[i].text), cases[i].ms);
}

static void
bad_forms(void **state)
{
	static const char *const cases[] = {"", "2010", "2010-03-17",
	    "2010-03-17T09:05:00", "2010-03-17T09:05:00.", "2010-03-17T09:05Z",
	    "2010-03-17T09:05:00.Z", "2010-03-17T09:05:00.1",
	    "2010-03-17T09:05:00+0100", "2010-03-17T09:05:00+01",
	    "2010-03-17T09:05:00+24:00", "2010-03-17T09:05:00+01:60",
	    "2010-03-17T09:05:00Z ", "2010-03-17T09:05:00ZZ",
	    "2010-00-17T09:05:00Z", "2010-13-17T09:05:00Z",
	    "2010-03-00T09:05:00Z", "2010-03-32T09:05:00Z",
	    "2010-02-29T09:05:00Z", "2100-02-29T09:05:00Z",
	    "2010-04-31T09:05:00Z", "2010-03-17T24:00:00Z",
	    "2010-03-17T09:60:00Z", "2010-03-17T09:05:61Z",
	    "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00",
	    "20x0-03-17T09:05:00Z", "2010-03-17X09:05:00Z",
	    "2010/03/17T09:05:00Z", "+2010-03-17T09:05:0Z",
	    "Wed Mar 17 09:05:00 +0000 201", "Wed Mar 17 09:05:00 0000 20100",
	    "Wed Mxr 17 09:05:00 +0000 2010", "Wed Mar 32 09:05:00 +0000 2010",
	    "Wed arM 17 09:05:00 +0000 2010", "Wed Mar 17 09-05:00 +0000 2010",
	    "Wed Mar 17 09:05:00 +0000 1969", "Wed_Mar 17 09:05:00 +0000 2010"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (parsed(cases[i]) != -1)
			fail_msg("accepted: %s", cases[i]);
}

/* No byte may be anything: each one spoiled is refused. */
static void
spoiled(void **state)
{
	static const char *const good[] = {"2010-03-17T10:05:00.5+01:00",
	    "Wed Mar 17 09:05:00 +0000 2010"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t at = i == 1 ? 3 : 0; at < strlen(good[i]); at++) {
			char text[64];

			memcpy(text, good[i], strlen(good[i]) + 1);
			text[at] = '?';
			if (parsed(text) != -1)
				fail_msg("accepted: %s", text);
		}
	}
}

static void
round_trip(void **state)
{
	char text[24];

	(void)state;
	for (int64_t day = 0; day < 157000; day++) {
		int64_t ms = (day * 86400 + day * 7919 % 86400) * 1000;
		time_t seconds = (time_t)(ms / 1000);
		struct tm t;
		char want[64];

		clock_format(ms + 999, text);
		assert_non_null(gmtime_r(&seconds, &t));
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &t);
		assert_string_equal(text, want);
		assert_int_equal(parsed(text), ms);
	}
}

static void
epochs(void **state)
{
	int64_t ms;

	(void)state;
	assert_true(clock_epoch(NESTLE_MS / 1000, &ms));
	assert_int_equal(ms, NESTLE_MS);
	assert_true(clock_epoch(NESTLE_MS, &ms));
	assert_int_equal(ms, NESTLE_MS);
	assert_true(clock_epoch(0, &ms));
	assert_int_equal(ms, 0);
	assert_false(clock_epoch(-1, &ms));
	assert_false(clock_epoch(INT64_C(253402300800000), &ms));
}

static void
clocks(void **state)
{
	int64_t now = NESTLE_MS;
	struct clock fixed = clock_fixed(&now), wall = clock_wall();
	int64_t tick;

	(void)state;
	assert_int_equal(clock_now(&fixed), NESTLE_MS);
	now += MINUTE_MS;
	assert_int_equal(clock_now(&fixed), NESTLE_MS + MINUTE_MS);
	assert_true(clock_now(&wall) > NESTLE_MS);
	tick = wall.tick_ns(wall.self);
	assert_true(wall.tick_ns(wall.self) >= tick);
	now = TIME_NONE;
	assert_int_equal(fixed.tick_ns(fixed.self), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_forms),
	    cmocka_unit_test(bad_forms),
	    cmocka_unit_test(spoiled),
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(epochs),
	    cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
