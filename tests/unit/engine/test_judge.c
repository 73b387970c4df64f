/*
 * Goal: what the judge says depends on posts, rules and clock alone, follows
 * the contract's rules of entry and fall, and can be recomputed by hand.
 * Method: records by hand through a whole judge; the alerts are read back
 * from their JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "tests/unit/engine/posts.h"

#define DAYS 4

/* Four calm days about all brands, then a storm about one of them. */
static struct post_by_hand *
story(size_t *count)
{
	size_t room = DAYS * 1440 * 3 + 4000, n = 0;
	struct post_by_hand *posts = must_alloc(room * sizeof(*posts));
	struct rand rand;

	rand_seed(&rand, 2010);
	for (int64_t m = 0; m < DAYS * 1440; m++) {
		for (uint32_t i = rand_below(&rand, 4); i > 0; i--) {
			uint32_t grumble = rand_below(&rand, 10) == 0;

			posts[n] = (struct post_by_hand){
			    .t_ms = POSTS_START + m * MINUTE_MS +
				rand_below(&rand, 60000),
			    .author = 1 + rand_below(&rand, 500),
			    .id = n + 1, .sketch = rand_next(&rand),
			    .brand = rand_below(&rand, 4),
			    .topic = grumble ? 1 : RULES_NONE,
			    .harm = grumble ? 300000 : 0,
			};
			n++;
		}
	}
	for (int64_t m = 0; m < 120; m++) {
		for (int64_t i = 0; i <= m / 4 && i < 20; i++) {
			posts[n] = (struct post_by_hand){
			    .t_ms = POSTS_START +
				(DAYS * 1440 + m) * MINUTE_MS + i * 2000,
			    .author = 1000 + rand_below(&rand, 5000),
			    .id = n + 1, .sketch = rand_next(&rand),
			    .brand = 1, .topic = 0, .harm = 800000,
			    .followers = rand_below(&rand, 200000),
			};
			n++;
		}
	}
	for (int64_t m = 120; m < 400; m += 10) {
		posts[n] = (struct post_by_hand){
		    .t_ms = POSTS_START + (DAYS * 1440 + m) * MINUTE_MS,
		    .author = 1 + rand_below(&rand, 500), .id = n + 1,
		    .brand = 1, .topic = RULES_NONE};
		n++;
	}
	REQUIRE(n <= room);
	*count = n;
	return posts;
}

/* Judge ${posts} in batches of random sizes up to ${most}. */
static void
hear(struct court *c, const struct post_by_hand *posts, size_t count,
    uint32_t most, uint64_t seed)
{
	struct batch *b = posts_batch();
	struct rand rand;

	rand_seed(&rand, seed);
	for (size_t i = 0; i < count;) {
		uint32_t size = 1 + rand_below(&rand, most);

		posts_clear(b);
		for (; size > 0 && i < count; size--)
			posts_add(b, &posts[i++]);
		judge_batch(c->judge, b);
	}
	judge_end(c->judge);
	posts_free(b);
}

static void
cutting_changes_nothing(void **state)
{
	static const uint32_t sizes[] = {1, 7, 100, 100000};
	struct court first, other;
	size_t count;
	struct post_by_hand *posts = story(&count);

	(void)state;
	court_open(&first);
	hear(&first, posts, count, 50, 1);
	assert_true(first.count > 3);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		court_open(&other);
		hear(&other, posts, count, sizes[i], 2 + i);
		assert_int_equal(other.lines.len, first.lines.len);
		assert_memory_equal(other.lines.data, first.lines.data,
		    first.lines.len);
		court_close(&other);
	}
	if (getenv("SHOW") != NULL)
		fwrite(first.lines.data, 1, first.lines.len, stderr);
	court_close(&first);
	free(posts);
}

/* Where the value of member ${name} begins after ${from}. */
static const char *
member(const char *from, const char *name)
{
	char key[40];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(from, key);
	assert_non_null(at);
	return at + strlen(key);
}

static double
number(const char *from, const char *name)
{
	return strtod(member(from, name), NULL);
}

static void
every_alert_adds_up(void **state)
{
	struct court c;
	size_t count;
	struct post_by_hand *posts = story(&count);
	unsigned lines = 0, falls = 0;
	char *line, *save = NULL;

	(void)state;
	court_open(&c);
	hear(&c, posts, count, 50, 1);
	buf_char(&c.lines, '\0');
	for (line = strtok_r(c.lines.data, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		double rd = number(line, "density"), h = number(line, "harm");
		double n = number(line, "voices");
		double e = number(line, "expected");
		double excess = number(line, "excess"), again;
		double single = number(line, "independence");
		double said = number(line, "posts");

		again = 100.0 * (h > e ? h - e : 0.0) /
		    (n + number(line, "alpha"));
		assert_true(rd - again < 2e-6 && again - rd < 2e-6);
		again = (h > e ? h - e : 0.0) - excess;
		assert_true(again < 2e-6 && again > -2e-6);
		if (said > 0) {
			again = 1.0 - single / said -
			    number(line, "concentration");
			assert_true(again < 2e-6 && again > -2e-6);
		}
		assert_int_equal((int)number(line, "seq"), (int)lines);
		assert_int_equal((int)number(line, "rev"), (int)lines);
		falls += number(line, "level") < number(line, "previous_level");
		lines++;
	}
	assert_int_equal(lines, c.count);
	assert_true(falls >= 3);
	assert_int_equal(c.level, 0);
	court_close(&c);
	free(posts);
}

static void
calm_says_nothing(void **state)
{
	struct court c;
	size_t count;
	struct post_by_hand *posts = story(&count);

	(void)state;
	while (count > 0 && posts[count - 1].t_ms >=
	    POSTS_START + DAYS * 1440 * MINUTE_MS)
		count--;
	court_open(&c);
	hear(&c, posts, count, 50, 1);
	assert_int_equal(c.count, 0);
	court_close(&c);
	free(posts);
}

/* What comes after the end of an episode is another one. */
static void
each_episode_has_its_id(void **state)
{
	struct batch *b = posts_batch();
	struct court c;
	char first[33];
	struct post_by_hand p = {.t_ms = POSTS_START, .author = 1, .id = 1,
	    .brand = 3, .topic = 2, .harm = 900000};

	(void)state;
	court_open(&c);
	posts_add(b, &p);
	judge_batch(c.judge, b);
	memcpy(first, c.last->id, sizeof(first));
	judge_clock(c.judge, POSTS_START + 240 * MINUTE_MS);
	assert_int_equal(c.level, 0);
	assert_string_equal(c.last->id, first);
	posts_clear(b);
	p.t_ms += 300 * MINUTE_MS;
	p.id = 2;
	posts_add(b, &p);
	judge_batch(c.judge, b);
	assert_int_equal(c.level, 3);
	assert_int_equal(c.last->rev, 0);
	assert_int_equal(c.last->seq, c.count - 1);
	assert_string_not_equal(c.last->id, first);
	court_close(&c);
	posts_free(b);
}

/* One person with forty posts is one voice. */
static void
one_person_is_no_crisis(void **state)
{
	struct batch *b = posts_batch();
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t i = 0; i < 40; i++) {
		struct post_by_hand p = {
		    .t_ms = POSTS_START + (int64_t)i * 30000, .author = 7,
		    .id = 1 + i, .brand = 2, .topic = 0, .harm = 900000};

		posts_add(b, &p);
	}
	judge_batch(c.judge, b);
	judge_end(c.judge);
	assert_int_equal(c.count, 0);
	court_close(&c);
	posts_free(b);
}

/* Five accounts with twelve posts each: not dense, but told of, once. */
static void
flood_of_few_voices(void **state)
{
	struct batch *b = posts_batch();
	struct court c;

	(void)state;
	court_open(&c);
	for (uint64_t i = 0; i < 60; i++) {
		struct post_by_hand p = {
		    .t_ms = POSTS_START + (int64_t)i * 20000,
		    .author = 1 + i % 5, .id = 1 + i, .brand = 2,
		    .topic = 1, .harm = 300000};

		posts_add(b, &p);
	}
	judge_batch(c.judge, b);
	judge_end(c.judge);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.level, 1);
	assert_int_equal(c.last->kind, ALERT_COORDINATED);
	assert_non_null(strstr(c.last->json.data, "\"coordinated\":true"));
	judge_clock(c.judge, POSTS_START + 240 * MINUTE_MS);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.level, 0);
	court_close(&c);
	posts_free(b);
}

static void
severe_post_rings_at_once(void **state)
{
	struct batch *b = posts_batch();
	struct court c;
	struct post_by_hand p = {.t_ms = POSTS_START, .author = 1, .id = 1,
	    .brand = 3, .topic = 2, .harm = 900000};

	(void)state;
	court_open(&c);
	posts_add(b, &p);
	judge_batch(c.judge, b);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.last->kind, ALERT_SEVERE_POST);
	assert_int_equal(c.level, 3);
	/* The same post again, and another one: no second alarm. */
	judge_batch(c.judge, b);
	assert_int_equal(
	    c.counters.values[COUNTER_posts_repeated_total], 1);
	posts_clear(b);
	p.id = 2;
	posts_add(b, &p);
	judge_batch(c.judge, b);
	assert_int_equal(c.count, 1);
	/* Silence brings it down, one level at a time. */
	judge_clock(c.judge, POSTS_START + 240 * MINUTE_MS);
	assert_int_equal(c.count, 4);
	assert_int_equal(c.level, 0);
	assert_int_equal(c.last->rev, 3);
	court_close(&c);
	posts_free(b);
}

/* A leap over a year and the same year minute by minute say the same. */
static void
leaps_equal_steps(void **state)
{
	struct court leap, step;
	size_t count;
	struct post_by_hand *posts = story(&count);
	int64_t year = INT64_C(365) * 1440 * MINUTE_MS, last;

	(void)state;
	court_open(&leap);
	court_open(&step);
	hear(&leap, posts, count, 50, 1);
	hear(&step, posts, count, 50, 1);
	last = posts[count - 1].t_ms;
	for (int64_t t = last; t < POSTS_START + year; t += 37 * MINUTE_MS)
		judge_clock(step.judge, t);
	for (size_t i = 0; i < count; i++) {
		posts[i].t_ms += year;
		posts[i].id += count;
	}
	hear(&leap, posts, count, 50, 1);
	hear(&step, posts, count, 50, 1);
	assert_int_equal(leap.lines.len, step.lines.len);
	assert_memory_equal(leap.lines.data, step.lines.data, leap.lines.len);
	court_close(&leap);
	court_close(&step);
	free(posts);
}

static void
late_posts(void **state)
{
	struct batch *b = posts_batch();
	struct court c;
	struct post_by_hand p = {.t_ms = POSTS_START + 100 * MINUTE_MS,
	    .author = 1, .id = 1, .brand = 3, .topic = RULES_NONE};

	(void)state;
	court_open(&c);
	posts_add(b, &p);
	p.id = 2;
	p.t_ms -= 59 * MINUTE_MS;
	posts_add(b, &p);
	p.id = 3;
	p.t_ms -= MINUTE_MS;
	posts_add(b, &p);
	judge_batch(c.judge, b);
	assert_int_equal(c.counters.values[COUNTER_posts_late_total], 1);
	court_close(&c);
	posts_free(b);
}

/* What is computed when somebody asks is the same when nobody did before all
 * that it is computed from was let go. */
static void
being_asked_changes_nothing(void **state)
{
	struct post_by_hand posts[6];
	struct court asked, other;
	struct buf a = {0}, b = {0};
	size_t count = 6;

	(void)state;
	for (size_t i = 0; i < count; i++) /* of two brands: too few to tell */
		posts[i] = (struct post_by_hand){.t_ms = POSTS_START,
		    .author = 1 + i, .id = 1 + i, .sketch = (i + 1) << 33 | i,
		    .brand = i % 2, .topic = 0, .harm = 300000};
	court_open(&asked);
	court_open(&other);
	hear(&asked, posts, count, 50, 1);
	hear(&other, posts, count, 50, 1);
	judge_save(asked.judge, &a);
	buf_clear(&a);
	judge_calm(asked.judge);
	judge_calm(other.judge);
	judge_save(asked.judge, &a);
	judge_save(other.judge, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_fini(&a);
	buf_fini(&b);
	court_close(&asked);
	court_close(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cutting_changes_nothing),
	    cmocka_unit_test(every_alert_adds_up),
	    cmocka_unit_test(calm_says_nothing),
	    cmocka_unit_test(each_episode_has_its_id),
	    cmocka_unit_test(one_person_is_no_crisis),
	    cmocka_unit_test(flood_of_few_voices),
	    cmocka_unit_test(severe_post_rings_at_once),
	    cmocka_unit_test(leaps_equal_steps),
	    cmocka_unit_test(late_posts),
	    cmocka_unit_test(being_asked_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
