/*
 * Goal: one harmful post by somebody of reach, or on a list, is told of once
 * a day and class; calm posts, unlikely harm and the rest are not.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static void
one_post_of_a_celebrity_is_told(void **state)
{
	struct extras star = {.relay = RELAY_REACH,
	    .followers = 1201125,
	    .text = "Never again, \"KitKat\""};
	struct signal_test t;

	(void)state;
	signal_open(&t, "relay");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 900, &star);
	signal_passes(&t, 4 * DAY_MS + 5 * MINUTE_MS);
	assert_int_equal(TOLD(&t, "relay"), 1);
	assert_int_equal(t.court.last->level, 2);
	assert_int_equal(signal_told(&t, "an account of great reach"), 2);
	assert_int_equal(signal_told(&t, "un compte de grande portée"), 2);
	assert_int_equal(signal_told(&t, "(1,201,125 followers)"), 2);
	assert_int_equal(
	    signal_told(&t, "(1\xc2\xa0""201\xc2\xa0""125 abonnés)"), 2);
	assert_true(signal_told(&t, "Never again, \\\"KitKat\\\"") >= 2);
	assert_int_equal(signal_told(&t, "\"class\":\"reach\""), 1);
	/* The same class is quiet for a day, another one is not. */
	signal_says(&t, 4 * DAY_MS + HOUR_MS, 2, 900, &star);
	star.relay = RELAY_REGULATOR;
	signal_says(&t, 4 * DAY_MS + 2 * HOUR_MS, 3, 900, &star);
	signal_passes(&t, 4 * DAY_MS + 3 * HOUR_MS);
	assert_int_equal(TOLD(&t, "relay"), 2);
	star.relay = RELAY_REACH;
	signal_says(&t, 5 * DAY_MS + 2 * HOUR_MS, 2, 900, &star);
	signal_passes(&t, 5 * DAY_MS + 3 * HOUR_MS);
	assert_int_equal(TOLD(&t, "relay"), 3);
	signal_close(&t);
}

static void
two_classes_of_one_minute_share_a_message(void **state)
{
	struct extras e = {.relay = RELAY_JOURNALIST, .text = "a"};
	struct signal_test t;

	(void)state;
	signal_open(&t, "relay");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 900, &e);
	e.relay = RELAY_NGO;
	signal_says(&t, 4 * DAY_MS + 1000, 2, 900, &e);
	signal_passes(&t, 4 * DAY_MS + 5 * MINUTE_MS);
	assert_int_equal(TOLD(&t, "relay"), 1);
	assert_int_equal(signal_told(&t, "{\"relays\":[{\"class\":"
	    "\"journalist\""), 1);
	assert_int_equal(signal_told(&t, "},{\"class\":\"ngo\""), 1);
	signal_close(&t);
}

static void
what_is_no_relay(void **state)
{
	struct extras e = {.relay = RELAY_REACH, .text = "a"};
	struct signal_test t;

	(void)state;
	signal_open(&t, "relay");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 0, &e);
	signal_says(&t, 4 * DAY_MS, 2, 499, &e);
	signal_says(&t, 4 * DAY_MS, 3, 900, NULL);
	e.own = true;
	signal_says(&t, 4 * DAY_MS, 4, 900, &e);
	signal_passes(&t, 4 * DAY_MS + 2 * HOUR_MS);
	assert_int_equal(TOLD(&t, "relay"), 0);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_post_of_a_celebrity_is_told),
	    cmocka_unit_test(two_classes_of_one_minute_share_a_message),
	    cmocka_unit_test(what_is_no_relay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
