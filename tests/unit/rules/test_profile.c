/*
 * Goal: judging with a profile gives the verdicts of rules_match, and counts
 * what every entry does.
 * Method: a small set with labels, a topic and a regex; posts of our sample
 * and some that hit; verdicts compared member by member.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules/rules.h"

static const char rules_text[] =
    "sector: s\n"
    "brands: {kitkat: {match: kitkat OR phone}}\n"
    "topics: {palm: {match: palme OR order}}\n"
    "rules:\n"
    "  a: {brand: kitkat, topic: palm, when: 'brand AND /[a-z]+x/'}\n"
    "  b: {when: 'rule:a AND boycott'}\n"
    "  c: {brand: '*', when: 'NOT boycott AND brand'}\n";

static const char *const posts[] = {"kitkat palme six boycott",
    "kitkat palme six", "kitkat", "boycott", "palme", "phone order fax"};
#define POSTS (sizeof(posts) / sizeof(*posts))

static struct ruleset *
load(void)
{
	static const struct rules_options options;
	char path[] = "/tmp/vigie-profile-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	int fd = mkstemps(path, 5);
	struct ruleset *rs;

	assert_true(fd >= 0);
	assert_int_equal(
	    write(fd, rules_text, strlen(rules_text)), strlen(rules_text));
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	diag_print(diag, stdout, false);
	assert_non_null(rs);
	unlink(path);
	diag_free(diag);
	return rs;
}

static void
same(const struct verdict *a, const struct verdict *b)
{
	assert_int_equal(a->hits_count, b->hits_count);
	assert_int_equal(a->matched, b->matched);
	assert_int_equal(a->score_milli, b->score_milli);
	for (uint32_t i = 0; i < a->hits_count; i++) {
		assert_int_equal(a->hits[i].kind, b->hits[i].kind);
		assert_int_equal(a->hits[i].index, b->hits[i].index);
		assert_int_equal(a->hits[i].brand, b->hits[i].brand);
	}
}

static const struct rules_profile_row *
row(const struct rules_profile_row *rows, uint32_t count, enum hit_kind kind,
    uint32_t index)
{
	for (uint32_t i = 0; i < count; i++)
		if (rows[i].kind == kind && rows[i].index == index)
			return &rows[i];
	fail();
	return NULL;
}

static void
test_profile(void **state)
{
	struct ruleset *rs = load();
	struct rules_profile *p = rules_profile_new(rs);
	struct matcher *m = matcher_new();
	struct rules_profile_total total;
	const struct rules_profile_row *rows;
	struct text text;
	struct post post;
	uint32_t count;

	(void)state;
	matcher_fit(m, rs);
	text_init(&text);
	for (size_t i = 0; i < POSTS; i++) {
		post_clear(&post);
		post.text = slice_of(posts[i]);
		text_fold(&text, post.title, post.text, TEXT_POST);
		same(rules_match(m, &post, &text, 0),
		    rules_profile_post(p, &post, &text));
	}
	rows = rules_profile_end(p, &total, &count);
	assert_int_equal(total.posts, POSTS);
	assert_true(total.ns > 0);
	for (uint32_t i = 1; i < count; i++)
		assert_true(rows[i - 1].ns >= rows[i].ns);
	assert_int_equal(row(rows, count, HIT_BRAND, 0)->candidates, 4);
	assert_int_equal(row(rows, count, HIT_BRAND, 0)->hits, 4);
	assert_int_equal(row(rows, count, HIT_RULE, 0)->looks, 4);
	assert_int_equal(row(rows, count, HIT_RULE, 0)->hits, 3);
	assert_int_equal(row(rows, count, HIT_RULE, 0)->candidates, 0);
	assert_int_equal(row(rows, count, HIT_RULE, 1)->candidates, 2);
	assert_int_equal(row(rows, count, HIT_RULE, 1)->hits, 1);
	assert_int_equal(row(rows, count, HIT_RULE, 2)->hits, 3);
	rules_profile_free(p);
	matcher_free(m);
	text_fini(&text);
	ruleset_unref(rs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_profile)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
