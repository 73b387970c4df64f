/*
 * Goal: entry needs size, accounts and rarity twice (or a cold start); a
 * level holds, falls one at a time; E is frozen for 72 hours at most.
 * Method: evaluations by hand, minute after minute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/mathx.h"
#include "engine/density/density.h"

#define M MATHX_MICRO

static const struct detector_answer rare = {5 * M, 3 * M, true};
static const struct detector_answer common = {M, 0, false};

/* An evaluation whose RD is ${density} (N + alpha = 100). */
static struct density_input
input(int64_t minute, int64_t density, uint32_t accounts,
    struct detector_answer answer)
{
	return (struct density_input){.minute = minute, .excess = density * M,
	    .mass = 80 * M, .norm = 3 * M, .answer = answer,
	    .accounts = accounts, .tick = (minute + 1) % 5 == 0};
}

static enum density_change
judge(struct density *d, int64_t minute, int64_t density, uint32_t accounts,
    struct detector_answer answer)
{
	struct density_settings s;
	struct density_input in = input(minute, density, accounts, answer);

	density_defaults(&s);
	return density_judge(d, &s, &in);
}

static void
size_is_the_formula(void **state)
{
	struct density_settings s;

	(void)state;
	density_defaults(&s);
	assert_int_equal(density_of(&s, 25 * M, 80 * M), 25 * M);
	assert_int_equal(density_of(&s, 0, 0), 0);
	assert_int_equal(density_of(&s, M, 10 * M), 3333333);
}

static void
entry_needs_rarity_twice(void **state)
{
	struct density d = {0};

	(void)state;
	assert_int_equal(judge(&d, 0, 25, 50, common), DENSITY_SAME);
	assert_int_equal(judge(&d, 1, 25, 50, rare), DENSITY_SAME);
	assert_int_equal(judge(&d, 2, 25, 50, common), DENSITY_SAME);
	assert_int_equal(judge(&d, 3, 25, 50, rare), DENSITY_SAME);
	assert_int_equal(judge(&d, 4, 25, 50, rare), DENSITY_UP);
	assert_int_equal(d.level, 3);
}

static void
entry_needs_size_and_accounts(void **state)
{
	static const struct {
		int64_t density;
		uint32_t accounts;
		uint8_t level;
	} rows[] = {{4, 50, 0}, {5, 4, 0}, {5, 5, 1}, {40, 5, 1}, {10, 10, 2},
	    {20, 10, 3}, {34, 99, 3}, {35, 19, 3}, {35, 20, 4}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct density d = {0};

		judge(&d, 0, rows[i].density, rows[i].accounts, rare);
		judge(&d, 1, rows[i].density, rows[i].accounts, rare);
		assert_int_equal(d.level, rows[i].level);
	}
}

static bool
always(const void *of)
{
	(void)of;
	return true;
}

static void
cold_start_needs_no_rarity(void **state)
{
	struct density_settings s;
	struct density d = {0};
	struct density_input in = input(0, 12, 10, common);

	(void)state;
	density_defaults(&s);
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
	in.cold = true;
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_UP);
	d = (struct density){0};
	in.narrow = always; /* a sector with one brand in trouble */
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
}

static void
falls_one_level_after_half_an_hour(void **state)
{
	struct density d = {.level = 3};
	int64_t m = 100;

	(void)state;
	for (; m < 130; m++)
		assert_int_equal(judge(&d, m, 9, 0, common), DENSITY_SAME);
	assert_int_equal(judge(&d, m++, 9, 0, common), DENSITY_DOWN);
	assert_int_equal(d.level, 2);
	/* 9 is above half of 10: it stays, for hours. */
	for (int i = 0; i < 300; i++)
		assert_int_equal(judge(&d, m++, 9, 0, common), DENSITY_SAME);
	/* One minute above half begins the half-hour anew. */
	for (int i = 0; i < 20; i++)
		assert_int_equal(judge(&d, m++, 4, 0, common), DENSITY_SAME);
	assert_int_equal(judge(&d, m++, 5, 0, common), DENSITY_SAME);
	for (int i = 0; i < 30; i++)
		assert_int_equal(judge(&d, m++, 4, 0, common), DENSITY_SAME);
	assert_int_equal(judge(&d, m++, 0, 0, common), DENSITY_DOWN);
	for (int i = 0; i < 30; i++)
		assert_int_equal(judge(&d, m++, 0, 0, common), DENSITY_SAME);
	assert_int_equal(judge(&d, m++, 0, 0, common), DENSITY_DOWN);
	assert_int_equal(d.level, 0);
	assert_false(d.frozen);
}

static void
norm_is_frozen_for_72_hours(void **state)
{
	struct density d = {0};

	(void)state;
	assert_int_equal(density_norm(&d, 7 * M, 0), 7 * M);
	judge(&d, 10, 25, 50, rare);
	judge(&d, 11, 25, 50, rare);
	assert_int_equal(density_norm(&d, 7 * M, 12), 3 * M);
	assert_int_equal(density_norm(&d, 7 * M, 11 + 72 * 60 - 1), 3 * M);
	assert_int_equal(density_norm(&d, 7 * M, 11 + 72 * 60), 7 * M);
}

static void
an_open_episode_rises_by_doubling(void **state)
{
	struct density d = {0};

	(void)state;
	judge(&d, 0, 11, 50, rare);
	assert_int_equal(judge(&d, 1, 11, 50, rare), DENSITY_UP);
	assert_int_equal(judge(&d, 2, 21, 50, common), DENSITY_SAME);
	assert_int_equal(judge(&d, 3, 22, 50, common), DENSITY_UP);
	assert_int_equal(d.level, 3);
	/* The same level rings again only when rarer, and not at once. */
	assert_int_equal(judge(&d, 4, 25, 50, rare), DENSITY_SAME);
	assert_int_equal(judge(&d, 34, 25, 50, rare), DENSITY_AGAIN);
	assert_int_equal(judge(&d, 39, 25, 50, rare), DENSITY_SAME);
}

/* A second wave of the same anger: as dense, but twice as many. */
static void
a_second_wave_rings_by_its_size(void **state)
{
	struct density_settings s;
	struct density d = {0};
	struct density_input in = {.excess = 10 * M, .mass = 25 * M,
	    .answer = rare, .accounts = 50, .norm = 3 * M};

	(void)state;
	density_defaults(&s);
	density_judge(&d, &s, &in);
	in.minute = 1;
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_UP);
	assert_int_equal(d.level, 3);
	in.answer = common;
	in.excess = 20 * M;
	in.mass = 60 * M;
	in.minute = 20; /* not at once */
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
	in.minute = 31;
	in.excess = 19 * M; /* not quite twice */
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
	in.excess = 20 * M;
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_AGAIN);
	assert_int_equal(d.because, DENSITY_DOUBLED);
	in.minute = 62; /* and then from there */
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
	in.excess = 40 * M;
	in.mass = 200 * M; /* below the level's threshold: no */
	assert_int_equal(density_judge(&d, &s, &in), DENSITY_SAME);
}

static void
severe_lifts_to_three(void **state)
{
	struct density d = {0};

	(void)state;
	assert_true(density_lift(&d, DENSITY_SEVERE_LEVEL, 2 * M, M, 5));
	assert_int_equal(d.level, 3);
	assert_int_equal(density_norm(&d, 7 * M, 6), 2 * M);
	assert_false(density_lift(&d, DENSITY_SEVERE_LEVEL, 2 * M, M, 6));
	d.level = 4;
	assert_false(density_lift(&d, DENSITY_SEVERE_LEVEL, 2 * M, M, 7));
	assert_int_equal(d.level, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(size_is_the_formula),
	    cmocka_unit_test(entry_needs_rarity_twice),
	    cmocka_unit_test(entry_needs_size_and_accounts),
	    cmocka_unit_test(cold_start_needs_no_rarity),
	    cmocka_unit_test(falls_one_level_after_half_an_hour),
	    cmocka_unit_test(norm_is_frozen_for_72_hours),
	    cmocka_unit_test(an_open_episode_rises_by_doubling),
	    cmocka_unit_test(a_second_wave_rings_by_its_size),
	    cmocka_unit_test(severe_lifts_to_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
