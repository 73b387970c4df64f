/*
 * Goal: a hashtag that ten accounts use within a day of its birth is told of
 * once; known ones, copies of one post, the brand's own and its names are
 * not; a word only when the brand is well known.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static void
use(struct signal_test *t, int64_t t_ms, unsigned n, const char *term)
{
	const struct extras e = {.terms = {term}};

	for (unsigned i = 0; i < n; i++)
		signal_says(t, t_ms + i * 1000, 5000 + t->id, 900, &e);
	signal_passes(t, t_ms + n * 1000 + MINUTE_MS);
}

static unsigned
told(struct signal_test *t)
{
	return TOLD(t, "new_term") + NOTED(t, "new_term");
}

static void
a_new_tag_is_told_once(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "new_term");
	use(&t, 0, 12, "#old");
	signal_calm(&t);
	use(&t, 4 * DAY_MS, 9, "#killerkat");
	assert_int_equal(told(&t), 0);
	use(&t, 4 * DAY_MS + HOUR_MS, 1, "#killerkat");
	assert_int_equal(told(&t), 1);
	assert_int_equal(signal_told(&t, "#killerkat (10 accounts)") +
	    signal_noted(&t, "#killerkat (10 accounts)") > 0, true);
	assert_true(signal_told(&t, "mot-dièse nouveau") +
	    signal_noted(&t, "mot-dièse nouveau") > 0);
	use(&t, 6 * DAY_MS, 20, "#killerkat");
	use(&t, 7 * DAY_MS, 20, "#old");
	assert_int_equal(told(&t), 1);
	signal_close(&t);
}

static void
slow_ones_become_known(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "new_term");
	signal_calm(&t);
	use(&t, 4 * DAY_MS, 9, "#slow");
	use(&t, 5 * DAY_MS + HOUR_MS, 15, "#slow");
	assert_int_equal(told(&t), 0);
	signal_close(&t);
}

static void
what_is_no_news(void **state)
{
	const struct extras own = {.own = true, .terms = {"#slogan"}};
	const struct extras copy = {.terms = {"#viral"}};
	struct post_by_hand mars = {.t_ms = POSTS_START, .author = 1,
	    .id = 98000, .brand = 2, .topic = RULES_NONE};
	struct signal_test t;
	unsigned i;

	(void)state;
	signal_open(&t, "new_term");
	posts_add(t.batch, &mars);
	judge_batch(t.court.judge, t.batch);
	posts_clear(t.batch);
	signal_calm(&t);
	signal_says(&t, 4 * DAY_MS, 1, 0, &own);
	use(&t, 4 * DAY_MS, 15, "#slogan");
	use(&t, 4 * DAY_MS + HOUR_MS, 15, "#kitkat"); /* the brand's name */
	use(&t, 4 * DAY_MS + 2 * HOUR_MS, 15, "#mars"); /* of its sector */
	use(&t, 4 * DAY_MS + 3 * HOUR_MS, 30, "longword"); /* not yet */
	/* One account, many times. */
	for (i = 0; i < 15; i++)
		signal_says(&t, 4 * DAY_MS + 4 * HOUR_MS + i, 7, 900,
		    &(struct extras){.terms = {"#alone"}});
	/* One post, copied by twenty. */
	for (i = 0; i < 20; i++) {
		struct post_by_hand p = {.author = 9000 + i, .id = 99000 + i,
		    .t_ms = POSTS_START + 4 * DAY_MS + 5 * HOUR_MS + i * 1000,
		    .sketch = 77, .brand = 1, .topic = 0, .harm = 900000};
		struct record *r;

		posts_add(t.batch, &p);
		r = vec_at(&t.batch->records, struct record, 0);
		*vec_push(&t.batch->terms, struct part) =
		    posts_text(t.batch, copy.terms[0]);
		r->terms_count = 1;
		judge_batch(t.court.judge, t.batch);
		posts_clear(t.batch);
	}
	signal_passes(&t, 5 * DAY_MS);
	assert_int_equal(told(&t), 0);
	signal_close(&t);
}

static void
a_word_wants_twenty_and_a_known_brand(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "new_term");
	for (int i = 0; i < 1000; i++)
		signal_says(&t, i * 5 * MINUTE_MS, 100000 + (uint64_t)i, 900,
		    &(struct extras){.terms = {"common"}});
	use(&t, 4 * DAY_MS, 19, "reaccommodate");
	assert_int_equal(told(&t), 0);
	use(&t, 4 * DAY_MS + HOUR_MS, 1, "reaccommodate");
	assert_int_equal(told(&t), 1);
	use(&t, 6 * DAY_MS, 30, "common");
	assert_int_equal(told(&t), 1);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_tag_is_told_once),
	    cmocka_unit_test(slow_ones_become_known),
	    cmocka_unit_test(what_is_no_news),
	    cmocka_unit_test(a_word_wants_twenty_and_a_known_brand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
