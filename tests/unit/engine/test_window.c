/*
 * Goal: sums are those of the last 60 minutes, whatever the order of posts
 * inside a minute and however minutes pass.
 * Method: a plain list of posts summed anew each minute, against the window.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "engine/density/window.h"

#define POSTS 4000
#define START INT64_C(21146400)

struct row {
	int64_t minute;
	struct sums sums;
};

static void
agrees_with_a_plain_sum(void **state)
{
	static struct row rows[POSTS];
	struct window w;
	struct rand r;
	int64_t now = START;
	size_t count = 0;

	(void)state;
	rand_seed(&r, 1);
	window_init(&w, now);
	while (count < POSTS) {
		struct row row = {now - rand_below(&r, 70),
		    {rand_below(&r, 1000), rand_below(&r, 3000),
			rand_below(&r, 999), rand_below(&r, 999),
			rand_below(&r, 999), 1, rand_below(&r, 2)}};
		int64_t harm = 0, recent = 0;
		uint32_t posts = 0;

		assert_int_equal(window_add(&w, row.minute, &row.sums),
		    row.minute > now - 60);
		if (row.minute > now - 60)
			rows[count++] = row;
		if (rand_below(&r, 3) == 0)
			now += rand_below(&r, 40) == 0 ? rand_below(&r, 130) :
							 1;
		window_advance(&w, now);
		for (size_t i = 0; i < count; i++) {
			if (rows[i].minute <= now - 60)
				continue;
			harm += rows[i].sums.harm;
			posts++;
			if (rows[i].minute > now - 5)
				recent += rows[i].sums.harm;
		}
		assert_int_equal(w.total.harm, harm);
		assert_int_equal(w.total.posts, posts);
		assert_int_equal(window_recent(&w, 5), recent);
		assert_int_equal(w.recent, recent);
	}
}

static void
order_does_not_matter(void **state)
{
	struct window a, b;
	struct sums sums[50];
	struct rand r;

	(void)state;
	rand_seed(&r, 2);
	window_init(&a, START);
	window_init(&b, START);
	for (int i = 0; i < 50; i++)
		sums[i] = (struct sums){.harm = rand_below(&r, 1u << 30),
		    .mass = rand_below(&r, 1u << 30),
		    .voices = rand_below(&r, 1u << 20), .posts = 1,
		    .harmful = 1};
	for (int i = 0; i < 50; i++) {
		assert_true(window_add(&a, START - i % 7, &sums[i]));
		assert_true(window_add(&b, START - (49 - i) % 7,
		    &sums[49 - i]));
	}
	assert_memory_equal(&a, &b, sizeof(a));
}

static void
the_future_is_refused(void **state)
{
	struct window w;
	struct sums one = {.harm = 1, .mass = 1, .voices = 1, .posts = 1,
	    .harmful = 1};

	(void)state;
	window_init(&w, START);
	assert_false(window_add(&w, START + 1, &one));
	assert_false(window_add(&w, START - 60, &one));
	assert_int_equal(w.total.posts, 0);
	assert_true(window_add(&w, START - 59, &one));
	window_advance(&w, START + 1);
	assert_int_equal(w.total.posts, 0);
}

static void
a_day_has_24_hours(void **state)
{
	struct day d = {0};
	struct sums one = {.harm = 5, .mass = 1, .voices = 1, .posts = 1,
	    .harmful = 1};
	int64_t minute = START / 60 * 60;

	(void)state;
	for (int h = 0; h < 30; h++)
		window_day_add(&d, minute + h * 60, &one);
	assert_int_equal(window_day_sum(&d, minute + 29 * 60).posts, 24);
	assert_int_equal(window_day_sum(&d, minute + 29 * 60 + 59).harm, 120);
	assert_int_equal(window_day_sum(&d, minute + 30 * 60).posts, 23);
	assert_int_equal(window_day_sum(&d, minute + 60 * 60).posts, 0);
	window_day_add(&d, minute + 10 * 60, &one); /* a week late: not kept */
	window_day_add(&d, minute + 5 * 60, &one);
	assert_int_equal(window_day_sum(&d, minute + 29 * 60).posts, 25);
	window_day_forget(&d, minute + 40 * 60);
	assert_int_equal(window_day_sum(&d, minute + 40 * 60).posts, 13);
	window_day_forget(&d, minute + 60 * 60);
	assert_null(d.hours);
}

/* Sixty posts by: few accounts; many who paste; many who repost. */
static void
a_crowd_is_no_flood(void **state)
{
	struct sums few = {.posts = 60, .harmful = 60, .voices = 24000000,
	    .singles = 30000000, .unshared = 24000000};
	struct sums paste = {.posts = 60, .harmful = 60, .voices = 14000000,
	    .singles = 60000000, .unshared = 14000000};
	struct sums repost = {.posts = 60, .harmful = 60, .voices = 14000000,
	    .singles = 59000000, .unshared = 58000000};

	(void)state;
	assert_true(window_is_flood(&few));
	assert_true(window_is_flood(&paste));
	assert_false(window_is_flood(&repost));
	few.harmful = 29;
	assert_false(window_is_flood(&few));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_crowd_is_no_flood),
	    cmocka_unit_test(agrees_with_a_plain_sum),
	    cmocka_unit_test(order_does_not_matter),
	    cmocka_unit_test(the_future_is_refused),
	    cmocka_unit_test(a_day_has_24_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
