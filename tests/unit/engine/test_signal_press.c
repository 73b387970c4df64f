/*
 * Goal: articles count only beside a conversation above its norm; one outlet
 * of the list is enough, two of the others; five are told of once more.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static const struct extras listed = {.relay = RELAY_PRESS, .text = "a"};

static struct extras
article(const char *url)
{
	return (struct extras){.kind = POST_ARTICLE, .url = url, .text = "a"};
}

static void
calm_articles_say_nothing(void **state)
{
	struct extras a = article("http://a.org/1");
	struct extras b = article("http://b.org");
	struct signal_test t;

	(void)state;
	signal_open(&t, "press");
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 900, &a);
	signal_says(&t, 4 * DAY_MS + MINUTE_MS, 2, 900, &b);
	signal_says(&t, 4 * DAY_MS + 2 * MINUTE_MS, 3, 900, &listed);
	signal_passes(&t, 4 * DAY_MS + HOUR_MS);
	assert_int_equal(TOLD(&t, "press") + NOTED(&t, "press"), 0);
	signal_close(&t);
}

static void
outlets_are_counted_once(void **state)
{
	static const char *const urls[] = {"https://www.a.org/1",
	    "http://a.org/2?x", "http://b.org/", "http://c.org:80/",
	    "http://d.org", "http://e.org/x", "http://f.org/x"};
	struct signal_test t;
	unsigned told[7];

	(void)state;
	signal_open(&t, "press");
	signal_calm(&t);
	signal_storm(&t, 4 * DAY_MS, 30, NULL);
	for (unsigned i = 0; i < 7; i++) {
		struct extras e = article(urls[i]);

		signal_says(&t, 4 * DAY_MS + (30 + i) * MINUTE_MS, 10 + i, 900,
		    &e);
		signal_passes(&t, 4 * DAY_MS + (31 + i) * MINUTE_MS);
		told[i] = NOTED(&t, "press") + TOLD(&t, "press");
	}
	assert_int_equal(told[0], 0);
	assert_int_equal(told[1], 0); /* the same outlet */
	assert_int_equal(told[2], 1); /* two */
	assert_int_equal(told[4], 1);
	assert_int_equal(told[5], 2); /* five */
	assert_int_equal(told[6], 2);
	signal_close(&t);
}

static void
one_of_the_list_is_enough(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "press");
	signal_calm(&t);
	signal_storm(&t, 4 * DAY_MS, 30, NULL);
	/* The press comes late: a day after, when all is calm again. */
	signal_passes(&t, 5 * DAY_MS - MINUTE_MS);
	signal_says(&t, 5 * DAY_MS, 1, 900, &listed);
	signal_passes(&t, 5 * DAY_MS + MINUTE_MS);
	assert_int_equal(NOTED(&t, "press") + TOLD(&t, "press"), 1);
	assert_int_equal(TOLD(&t, "press"), 1);
	assert_int_equal(signal_told(&t, "a first outlet carries it"), 2);
	assert_int_equal(signal_told(&t, "un premier média le reprend"), 2);
	assert_int_equal(signal_told(&t, "\"outlets\":1,\"listed\":1"), 1);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(calm_articles_say_nothing),
	    cmocka_unit_test(outlets_are_counted_once),
	    cmocka_unit_test(one_of_the_list_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
