/*
 * Goal: a statement after which harm grows beyond its own rise is told of,
 * each in a row too, with the replies; one that calms, one to a customer and
 * one in the midst of a rise that it did not change are not.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static const struct extras statement = {.own = true};

static void
harm(struct signal_test *t, int64_t t_ms, int minutes, int per_minute,
    const struct extras *e)
{
	for (int i = 0; i < minutes * per_minute; i++)
		signal_says(t, t_ms + i * MINUTE_MS / per_minute,
		    5000 + t->id, 900, e);
}

static unsigned
heard(struct signal_test *t)
{
	return TOLD(t, "echo") + NOTED(t, "echo");
}

static void
each_made_it_worse(void **state)
{
	struct extras reply = {0};
	struct signal_test t;

	(void)state;
	signal_open(&t, "echo");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 0, &statement);
	reply.answers = t.id;
	harm(&t, 4 * DAY_MS + MINUTE_MS, 30, 1, &reply);
	signal_passes(&t, 4 * DAY_MS + 50 * MINUTE_MS);
	assert_int_equal(heard(&t), 0);
	signal_passes(&t, 4 * DAY_MS + 62 * MINUTE_MS);
	assert_int_equal(heard(&t), 1);
	assert_int_equal(signal_noted(&t, "\"replies\":30,"
	    "\"harmful_replies\":30,\"worse_in_a_row\":1") +
	    signal_told(&t, "\"worse_in_a_row\":1"), 1);
	/* The second one: worse again. */
	signal_says(&t, 4 * DAY_MS + 100 * MINUTE_MS, 1, 0, &statement);
	harm(&t, 4 * DAY_MS + 101 * MINUTE_MS, 50, 6, NULL);
	signal_passes(&t, 4 * DAY_MS + 170 * MINUTE_MS);
	assert_int_equal(heard(&t), 2);
	assert_true(signal_noted(&t, "Each of its last 2 statements made it "
	    "worse.") + signal_told(&t, "Each of its last 2") > 0);
	assert_true(signal_noted(&t, "Chacune de ses 2 dernières prises de "
	    "parole a aggravé") + signal_told(&t, "Chacune de ses 2") > 0);
	/* The third calms, and breaks the row. */
	signal_says(&t, 4 * DAY_MS + 200 * MINUTE_MS, 1, 0, &statement);
	harm(&t, 4 * DAY_MS + 201 * MINUTE_MS, 50, 1, NULL);
	signal_passes(&t, 4 * DAY_MS + 270 * MINUTE_MS);
	assert_int_equal(heard(&t), 2);
	signal_close(&t);
}

static void
what_is_no_echo(void **state)
{
	struct extras reply = {.own = true, .answers = 4};
	struct signal_test t;

	(void)state;
	/* a word to a customer */
	signal_open(&t, "echo");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 0, &reply);
	harm(&t, 4 * DAY_MS + MINUTE_MS, 30, 1, NULL);
	signal_passes(&t, 4 * DAY_MS + 70 * MINUTE_MS);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
	/* harm that doubled every half-hour before it and goes on so */
	signal_open(&t, "echo");
	signal_calm(&t);
	harm(&t, 4 * DAY_MS, 30, 1, NULL);
	harm(&t, 4 * DAY_MS + 30 * MINUTE_MS, 30, 2, NULL);
	signal_says(&t, 4 * DAY_MS + 60 * MINUTE_MS, 1, 0, &statement);
	harm(&t, 4 * DAY_MS + 61 * MINUTE_MS, 29, 4, NULL);
	harm(&t, 4 * DAY_MS + 90 * MINUTE_MS, 30, 8, NULL);
	signal_passes(&t, 4 * DAY_MS + 130 * MINUTE_MS);
	assert_int_equal(heard(&t), 0);
	/* nobody answers at all */
	signal_says(&t, 5 * DAY_MS, 1, 0, &statement);
	signal_passes(&t, 6 * DAY_MS);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_made_it_worse),
	    cmocka_unit_test(what_is_no_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
