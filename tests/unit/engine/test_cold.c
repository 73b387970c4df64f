/*
 * Goal: ten accounts at once where it is silent ring without being rare; the
 * same ten where people complain, or where talk only grows, do not.
 * Method: posts by hand through a judge.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/engine/posts.h"

/* Ten accounts in half an hour on a brand that nobody talked of. */
static void
cold_start(void **state)
{
	struct batch *b = posts_batch();
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t i = 0; i < 10; i++) {
		struct post_by_hand p = {
		    .t_ms = POSTS_START + (int64_t)i * 2 * MINUTE_MS,
		    .author = 1 + i, .id = 1 + i, .sketch = mathx_reach(i) + i,
		    .brand = 2, .topic = 0, .harm = 700000};

		posts_clear(b);
		p.sketch = (i + 1) << 32 | (i + 1);
		posts_add(b, &p);
		judge_batch(c.judge, b);
		assert_int_equal(c.count, 0);
	}
	judge_clock(c.judge, POSTS_START + 19 * MINUTE_MS + CLOCK_LAG_MS);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.level, 3);
	assert_non_null(strstr(c.last->json.data, "\"learning\":true"));
	court_close(&c);
	posts_free(b);
}

/*
 * The same ten where four people have complained in each of the last six
 * hours: nothing rare, so no message.  The norm is as low as on a silent
 * brand, E is 0 while it is learnt; only the past tells them apart.
 */
static void
no_cold_start_where_people_complain(void **state)
{
	struct batch *b = posts_batch();
	struct court c;
	uint64_t id = 0;

	(void)state;
	court_open(&c);
	for (int64_t m = 0; m < 380; m++) {
		struct post_by_hand p = {.t_ms = POSTS_START + m * MINUTE_MS,
		    .author = id + 1, .id = id + 1, .brand = 2, .topic = 0,
		    .harm = 700000};

		if (m % 15 != 0 && (m < 360 || m % 2 != 0))
			continue;
		id++;
		posts_add(b, &p);
	}
	judge_batch(c.judge, b);
	judge_clock(c.judge, POSTS_START + 400 * MINUTE_MS);
	assert_int_equal(c.count, 0);
	court_close(&c);
	posts_free(b);
}

/* Ten in half an hour after seven in each of the two before, as mornings begin:
 * no start. */
static void
no_cold_start_of_what_grows(void **state)
{
	struct batch *b = posts_batch();
	struct court c;
	uint64_t id = 0;

	(void)state;
	court_open(&c);
	judge_clock(c.judge, POSTS_START + CLOCK_LAG_MS);
	for (int64_t m = 330; m < 420; m++) {
		struct post_by_hand p = {.t_ms = POSTS_START + m * MINUTE_MS,
		    .author = id + 1, .id = id + 1, .brand = 2, .topic = 1,
		    .harm = 700000};

		if (m % (m < 390 ? 4 : 3) != 0)
			continue;
		id++;
		p.sketch = (id + 1) << 32 | (id + 1);
		posts_add(b, &p);
	}
	judge_batch(c.judge, b);
	judge_clock(c.judge, POSTS_START + 420 * MINUTE_MS);
	for (unsigned i = 0; i < c.count; i++)
		assert_null(strstr(c.last->json.data, "cold_start"));
	court_close(&c);
	posts_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cold_start),
	    cmocka_unit_test(no_cold_start_where_people_complain),
	    cmocka_unit_test(no_cold_start_of_what_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
