/*
 * Goal: ranks of accounts and near-copies are those of the last 60 minutes,
 * accounts with harm are counted once, and a full table forgets its oldest
 * minute without losing count.
 * Method: random posts against plain lists that are searched anew, with
 * tables that are never full and one that often is.
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

/* ---- a table that is often full, against a plain list -------------------- */

#define ROOM 150u

struct entry {
	uint64_t key;
	int64_t minute;
	bool tag;
};

struct plain {
	struct entry entries[ROOM];
	uint32_t count;
	int64_t minute;
	uint64_t forgotten;
};

static uint32_t
drop(struct plain *p, int64_t minute)
{
	uint32_t kept = 0, count = p->count;

	for (uint32_t i = 0; i < count; i++)
		if (p->entries[i].minute != minute)
			p->entries[kept++] = p->entries[i];
	p->count = kept;
	return count - kept;
}

static uint32_t
plain_count(const struct plain *p, uint64_t key)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < p->count; i++)
		count += p->entries[i].key == key;
	return count;
}

static int64_t
plain_tagged(const struct plain *p, uint64_t key)
{
	int64_t latest = RANKS_NEVER;

	for (uint32_t i = 0; i < p->count; i++)
		if (p->entries[i].key == key && p->entries[i].tag &&
		    p->entries[i].minute > latest)
			latest = p->entries[i].minute;
	return latest;
}

static int64_t
plain_add(struct plain *p, uint64_t key, int64_t minute, bool tag)
{
	int64_t before;

	for (int64_t m = p->minute - 59; p->count == ROOM; m++)
		p->forgotten += drop(p, m);
	before = plain_tagged(p, key);
	p->entries[p->count++] = (struct entry){key, minute, tag};
	return before;
}

static void
plain_advance(struct plain *p, int64_t minute)
{
	for (int64_t m = p->minute - 59; m <= minute - 60 && m <= p->minute;
	     m++)
		drop(p, m);
	p->minute = minute;
}

static void
add_to_both(struct ranks *r, struct plain *p, struct rand *rand)
{
	uint64_t key = ranks_key(1 + rand_below(rand, 120), 3);
	int64_t minute = p->minute - rand_below(rand, 1 + rand_below(rand, 60));
	int64_t before, expected;

	if (rand_below(rand, 3) == 0) {
		plain_add(p, key, minute, false);
		assert_int_equal(
		    ranks_add(r, key, minute), plain_count(p, key));
		return;
	}
	expected = plain_add(p, key, minute, true);
	assert_int_equal(
	    ranks_add_tagged(r, key, minute, &before), plain_count(p, key));
	assert_true(before == expected);
}

static void
a_full_table_agrees_with_a_plain_list(void **state)
{
	static struct plain p;
	struct ranks *r = ranks_new(ROOM, NULL);
	struct rand rand;

	(void)state;
	rand_seed(&rand, 11);
	p.minute = START;
	ranks_advance(r, START);
	for (unsigned n = 0; n < 30000; n++) {
		add_to_both(r, &p, &rand);
		assert_int_equal(ranks_forgotten(r), p.forgotten);
		if (rand_below(&rand, 8) > 0)
			continue;
		for (uint64_t key = 1; key <= 120; key++)
			assert_int_equal(ranks_count(r, ranks_key(key, 3)),
			    plain_count(&p, ranks_key(key, 3)));
		plain_advance(&p, p.minute + 1 +
			(rand_below(&rand, 90) == 0 ? rand_below(&rand, 90) :
						      0));
		ranks_advance(r, p.minute);
	}
	assert_true(p.forgotten > 0);
	ranks_free(r);
}

/* Ids of which some are repeated: as a plain list has it, with tables that
 * grow, shrink after a silence, and are too small. */
static void
repetitions_are_those_of_a_plain_list(void **state)
{
	static struct entry said[60000];
	uint32_t rooms[] = {100000, 700};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct seen *s = seen_new(rooms[i]);
		uint32_t from = 0, count = 0, gone = 0;
		int64_t now = START;
		struct rand rand;

		rand_seed(&rand, 5 + i);
		seen_advance(s, now);
		for (unsigned n = 0; n < 60000; n++) {
			uint64_t id = 1 + rand_below(&rand, 4 * n + 10);
			bool known = false;

			/* one of the latest: the list is long */
			if (rand_below(&rand, 4) == 0 && count > 0)
				id = said[count - 1 -
				    rand_below(&rand, count - from > 400 ? 400 :
					count - from == 0 ? 1 : count - from)]
					 .key;
			else
				id += UINT64_C(1) << 40 | (uint64_t)n << 20;
			for (uint32_t k = count; k > from && !known; k--)
				known = said[k - 1].key == id;
			assert_true(seen_before(s, id, now) == known);
			if (!known) {
				int64_t oldest = said[from].minute;

				if (count - from == rooms[i])
					for (; from < count &&
					     said[from].minute == oldest;
					     gone++)
						from++;
				said[count++] = (struct entry){id, now, false};
			}
			assert_int_equal(seen_forgotten(s), gone);
			if (rand_below(&rand, 100) > 0)
				continue;
			now += 1 + (rand_below(&rand, 50) == 0 ?
				rand_below(&rand, 130) : 0);
			seen_advance(s, now);
			while (from < count && said[from].minute <= now - 60)
				from++;
		}
		assert_true((gone > 0) == (i == 1));
		seen_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranks_agree_with_plain_lists),
	    cmocka_unit_test(growing_loses_nothing),
	    cmocka_unit_test(full_forgets_the_oldest_minute),
	    cmocka_unit_test(ids_are_known_for_an_hour),
	    cmocka_unit_test(a_full_table_agrees_with_a_plain_list),
	    cmocka_unit_test(repetitions_are_those_of_a_plain_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
