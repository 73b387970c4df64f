/*
 * Goal: the fast matcher says what the trees say, with and without its
 * prefilter, whatever the query and the post.
 * Method: random sets of declarations over a small vocabulary (so that hits
 * are frequent) against random posts, judged by reference.h and by
 * rules_match.  VIGIE_TEST_PAIRS raises the number of pairs; VIGIE_TEST_SEED
 * repeats a failure, which prints its seed, its queries and its post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/prefilter.h"
#include "tests/unit/rules/reference_judge.h"

#define PAIRS_DEFAULT 120000

static uint64_t
from_environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : strtoull(value, NULL, 10);
}

static void
test_random_sets(void **state)
{
	uint64_t pairs = from_environment("VIGIE_TEST_PAIRS", PAIRS_DEFAULT);
	uint64_t seed = from_environment("VIGIE_TEST_SEED", 1), hits = 0;
	uint64_t units = BRANDS + TOPICS + RULES, done = 0;
	struct matcher *m = matcher_new();
	struct diag *diag = diag_new();
	struct world w = {0};
	struct text text;

	(void)state;
	text_init(&text);
	text_init(&w.scratch);
	for (; done < pairs; done += POSTS_PER_SET * units, seed++) {
		struct ruleset *rs;

		/* every other set as if it were large */
		prefilter_large_beyond(seed % 2 == 0 ? 0 : UINT32_MAX);
		world_make(&w, seed);
		rs = ruleset_compile(&w.decls, diag);
		assert_non_null(rs);
		matcher_fit(m, rs);
		hits += judge_world(&w, seed, m, rs, &text);
		ruleset_unref(rs);
		arena_free(w.arena);
	}
	printf("%llu pairs of a unit and a post, %llu hits\n",
	    (unsigned long long)done, (unsigned long long)hits);
	assert_true(hits > done / 4);
	text_fini(&text);
	text_fini(&w.scratch);
	buf_fini(&w.shown);
	diag_free(diag);
	matcher_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
