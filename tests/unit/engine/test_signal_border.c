/*
 * Goal: three harmful voices in a language or country that is new to the
 * brand are told of once; its own languages, two voices, trickles and a
 * mistaken few of many are not.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

/* A brand harmed in English now and then, watched for four days. */
static void
english(struct signal_test *t)
{
	const struct extras en = {.language = "en", .country = "GB"};

	for (int64_t h = 0; h < 96; h += 12)
		signal_says(t, h * HOUR_MS, 800 + (uint64_t)h, 900, &en);
}

static void
harm(struct signal_test *t, int64_t t_ms, unsigned n, const char *language,
    const char *country)
{
	const struct extras e = {.language = language, .country = country};

	for (unsigned i = 0; i < n; i++)
		signal_says(t, t_ms + i * MINUTE_MS, 5000 + t->id, 900, &e);
	signal_passes(t, t_ms + (n + 1) * MINUTE_MS);
}

/* A quarter of an hour above the norm, in English. */
static void
storm(struct signal_test *t, int64_t t_ms)
{
	const struct extras en = {.language = "en", .country = "GB"};

	signal_storm(t, t_ms, 20, &en);
	signal_passes(t, t_ms + 10 * MINUTE_MS);
}

static unsigned
heard(struct signal_test *t)
{
	return TOLD(t, "border") + NOTED(t, "border");
}

static unsigned
said(struct signal_test *t, const char *what)
{
	return signal_told(t, what) + signal_noted(t, what);
}

static void
a_new_language_is_told_once(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "border");
	english(&t);
	storm(&t, 4 * DAY_MS);
	harm(&t, 4 * DAY_MS + 11 * MINUTE_MS, 2, "de", NULL);
	assert_int_equal(heard(&t), 0);
	harm(&t, 4 * DAY_MS + 20 * MINUTE_MS, 1, "de-AT", NULL);
	assert_int_equal(heard(&t), 1);
	assert_true(said(&t, "new language, German") > 0);
	assert_true(said(&t, "langue nouvelle, allemand") > 0);
	assert_true(said(&t, "{\"borders\":[{\"language\":\"de\","
	    "\"accounts\":3,") > 0);
	harm(&t, 4 * DAY_MS + 5 * HOUR_MS, 5, "de", NULL);
	harm(&t, 4 * DAY_MS + 9 * HOUR_MS, 5, "en", NULL);
	assert_int_equal(heard(&t), 1);
	/* A country of its own list of names, and one that has none. */
	storm(&t, 6 * DAY_MS);
	harm(&t, 6 * DAY_MS + 11 * MINUTE_MS, 3, "en", "CH");
	harm(&t, 6 * DAY_MS + 20 * MINUTE_MS, 3, "en", "TD");
	assert_int_equal(heard(&t), 3);
	assert_true(said(&t, "pays nouveau, Suisse") > 0);
	assert_true(said(&t, "new country, td") > 0);
	signal_close(&t);
}

static void
what_crosses_no_border(void **state)
{
	const struct extras same = {.language = "it"};
	struct signal_test t;

	(void)state;
	signal_open(&t, "border");
	english(&t);
	/* Unknown, one account, one a day until it is known. */
	harm(&t, 4 * DAY_MS, 6, "und", NULL);
	for (int i = 0; i < 6; i++)
		signal_says(&t, 4 * DAY_MS + (20 + i) * MINUTE_MS, 77, 900,
		    &same);
	for (int d = 5; d < 8; d++)
		harm(&t, d * DAY_MS, 1, "es", NULL);
	storm(&t, 8 * DAY_MS);
	harm(&t, 8 * DAY_MS + 11 * MINUTE_MS, 5, "es", NULL);
	/* Calm again: a few who grumble in Dutch. */
	harm(&t, 11 * DAY_MS, 2, "nl", NULL);
	harm(&t, 11 * DAY_MS + 40 * MINUTE_MS, 1, "nl", NULL);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
}

static void
a_few_of_many_may_be_mistakes(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "border");
	english(&t);
	for (int i = 0; i < 70; i++)
		harm(&t, 4 * DAY_MS + i * 20000, 1, "en", NULL);
	harm(&t, 4 * DAY_MS + 25 * MINUTE_MS, 3, "nl", NULL);
	assert_int_equal(heard(&t), 0);
	harm(&t, 4 * DAY_MS + 30 * MINUTE_MS, 2, "nl", NULL);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
}

static void
at_first_everything_is_learnt(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "border");
	harm(&t, 0, 5, "en", NULL);
	harm(&t, DAY_MS, 5, "fr", NULL);
	harm(&t, 4 * DAY_MS, 5, "fr", NULL);
	/* And of countries none was known: the first is its home. */
	harm(&t, 5 * DAY_MS, 5, "fr", "FR");
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_language_is_told_once),
	    cmocka_unit_test(what_crosses_no_border),
	    cmocka_unit_test(a_few_of_many_may_be_mistakes),
	    cmocka_unit_test(at_first_everything_is_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
