/*
 * Goal: ranks of accounts and near-copies are those of the last 60 minutes,
 * accounts with harm are counted once, and a full table forgets its oldest
 * minute without losing count.
 * Method: random posts against plain lists that are searched anew.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/base/mathx.h"
#include "engine/base/rand.h"
#include "engine/density/ranks.h"
#include "engine/density/seen.h"
#include "engine/density/voices.h"

#define POSTS 5000
#define START INT64_C(21146400)

struct said {
	int64_t minute;
	uint32_t key;
	uint64_t account, sketch;
	bool harm;
};

static uint32_t
accounts(const struct said *s, size_t n, uint32_t key, int64_t now, int minutes)
{
	uint32_t count = 0;
	bool seen[40] = {false};

	for (size_t i = 0; i < n; i++)
		if (s[i].harm && s[i].key == key &&
		    s[i].minute > now - minutes && !seen[s[i].account]) {
			seen[s[i].account] = true;
			count++;
		}
	return count;
}

static void
ranks_agree_with_plain_lists(void **state)
{
	static struct said said[POSTS];
	struct voices *v = voices_new(POSTS * 2, POSTS * 2);
	struct rand r;
	int64_t now = START;

	(void)state;
	rand_seed(&r, 3);
	voices_advance(v, now);
	for (size_t n = 0; n < POSTS; n++) {
		struct said *s = &said[n];
		uint32_t k = 1, low = 1, high = 1;
		struct voice voice;

		*s = (struct said){now - rand_below(&r, 60),
		    1 + rand_below(&r, 3), 1 + rand_below(&r, 30),
		    (uint64_t)(1 + rand_below(&r, 20)) << 32 |
			(1 + rand_below(&r, 20)),
		    rand_below(&r, 2) == 0};
		for (size_t i = 0; i < n; i++) {
			if (said[i].key != s->key || said[i].minute <= now - 60)
				continue;
			k += said[i].account == s->account;
			low += (uint32_t)said[i].sketch == (uint32_t)s->sketch;
			high += said[i].sketch >> 32 == s->sketch >> 32;
		}
		voice = voices_rank(v, s->key, s->account, s->sketch,
		    s->minute, s->harm);
		assert_int_equal(voice.account_rank, k);
		assert_int_equal(voice.copy_rank, low > high ? low : high);
		assert_int_equal(voice.independence,
		    mathx_independence(k, low > high ? low : high));
		for (uint32_t key = 1; key <= 3; key++) {
			assert_int_equal(voices_accounts(v, key),
			    accounts(said, n + 1, key, now, 60));
			assert_int_equal(voices_accounts_near(v, key),
			    accounts(said, n + 1, key, now, 30));
		}
		if (rand_below(&r, 4) == 0)
			now += rand_below(&r, 60) == 0 ? rand_below(&r, 90) : 1;
		voices_advance(v, now);
	}
	assert_int_equal(voices_forgotten(v), 0);
	voices_free(v);
}

static void
full_forgets_the_oldest_minute(void **state)
{
	struct voices *v = voices_new(100, 100);

	(void)state;
	voices_advance(v, START);
	for (uint64_t i = 0; i < 60; i++)
		voices_rank(v, 1, i + 1, 0, START, true);
	voices_advance(v, START + 1);
	for (uint64_t i = 0; i < 40; i++)
		voices_rank(v, 1, i + 100, 0, START + 1, true);
	assert_int_equal(voices_accounts(v, 1), 100);
	voices_rank(v, 1, 100, 0, START + 1, true);
	assert_int_equal(voices_forgotten(v), 60);
	assert_int_equal(voices_accounts(v, 1), 40);
	/* And within one minute: the minute itself goes. */
	for (uint64_t i = 0; i < 500; i++)
		voices_rank(v, 1, i + 1000, 0, START + 1, true);
	assert_true(voices_accounts(v, 1) <= 100);
	voices_advance(v, START + 1000);
	assert_int_equal(voices_accounts(v, 1), 0);
	assert_int_equal(voices_accounts_near(v, 1), 0);
	voices_free(v);
}

static void
ids_are_known_for_an_hour(void **state)
{
	struct seen *s = seen_new(1000);

	(void)state;
	seen_advance(s, START);
	assert_false(seen_before(s, 5, START));
	assert_true(seen_before(s, 5, START));
	seen_advance(s, START + 59);
	assert_true(seen_before(s, 5, START + 59));
	assert_false(seen_before(s, 0, START + 59));
	seen_advance(s, START + 60);
	assert_false(seen_before(s, 5, START + 60));
	assert_int_equal(seen_forgotten(s), 0);
	seen_free(s);
}

/* The table doubles five times on the way, and keeps every count. */
static void
growing_loses_nothing(void **state)
{
	const uint32_t many = 40000;
	struct ranks *r = ranks_new(2 * many, NULL);

	(void)state;
	ranks_advance(r, START);
	for (uint32_t round = 1; round <= 2; round++)
		for (uint32_t i = 1; i <= many; i++)
			assert_int_equal(ranks_add(r, ranks_key(i, 7), START),
			    round);
	for (uint32_t i = 1; i <= many; i++)
		assert_int_equal(ranks_count(r, ranks_key(i, 7)), 2);
	assert_int_equal(ranks_count(r, ranks_key(many + 1, 7)), 0);
	assert_int_equal(ranks_forgotten(r), 0);
	ranks_advance(r, START + WINDOW_MINUTES);
	for (uint32_t i = 1; i <= many; i++)
		assert_int_equal(ranks_count(r, ranks_key(i, 7)), 0);
	ranks_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranks_agree_with_plain_lists),
	    cmocka_unit_test(growing_loses_nothing),
	    cmocka_unit_test(full_forgets_the_oldest_minute),
	    cmocka_unit_test(ids_are_known_for_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
