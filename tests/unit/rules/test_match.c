/*
 * Goal: what the cases cannot show: limits, benching, many posts in a row,
 * two sets in turn, memory.
 * Method: small sets written to a temporary file, posts made by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/matcher.h"

struct bench {
	struct matcher *m;
	struct text text;
};

static int
set_up(void **state)
{
	struct bench *b = must_alloc(sizeof(*b));

	b->m = matcher_new();
	text_init(&b->text);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	matcher_free(b->m);
	text_fini(&b->text);
	free(b);
	return 0;
}

static struct ruleset *
load_with(const char *yaml, struct diag *diag, bool pedantic)
{
	const struct rules_options options = {
	    .selftest = true, .pedantic = pedantic};
	char path[] = "/tmp/vigie-match-XXXXXX.yaml";
	const char *paths[] = {path};
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	dprintf(fd, "%s", yaml);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	return rs;
}

static struct ruleset *
load(const char *yaml)
{
	struct diag *diag = diag_new();
	struct ruleset *rs = load_with(yaml, diag, false);

	if (rs == NULL)
		diag_print(diag, stderr, false);
	assert_non_null(rs);
	diag_free(diag);
	return rs;
}

static const struct verdict *
match(struct bench *b, const char *body, unsigned flags)
{
	static struct post post;

	post_clear(&post);
	post.text = slice_of(body);
	text_fold(&b->text, post.title, post.text, TEXT_POST);
	return rules_match(b->m, &post, &b->text, flags);
}

static void
test_overrun_and_bench(void **state)
{
	struct bench *b = *state;
	struct ruleset *rs = load("sector: s\nrules:\n"
				  "  bad: {when: '/(a+)+$/'}\n"
				  "  good: {when: 'fine'}\n");
	struct buf long_text = {0};
	const struct verdict *v;

	matcher_fit(b->m, rs);
	for (int i = 0; i < 60; i++)
		buf_char(&long_text, 'a');
	buf_put(&long_text, "! fine", 7);
	v = match(b, long_text.data, 0);
	assert_int_equal(v->overruns, 1);
	assert_true(slice_is(
	    ruleset_regex_owner(rs, v->overrun_rules[0]), "bad"));
	assert_int_equal(v->hits_count, 1); /* the others go on */
	assert_int_equal(match(b, "aaa", 0)->hits_count, 1);
	matcher_bench(b->m, 0);
	assert_int_equal(match(b, "aaa", 0)->hits_count, 0);
	assert_int_equal(match(b, long_text.data, 0)->overruns, 0);
	assert_int_equal(match(b, "fine", 0)->hits_count, 1);
	matcher_fit(b->m, rs); /* the same set: still benched */
	assert_int_equal(match(b, "aaa", 0)->hits_count, 0);
	buf_fini(&long_text);
	ruleset_unref(rs);
}

/* More occurrences than are kept: the earliest count, nothing breaks. */
static void
test_many_occurrences(void **state)
{
	struct bench *b = *state;
	struct ruleset *rs = load(
	    "sector: s\nrules:\n  near: {when: '(x OR y) NEAR/2 z'}\n"
	    "  nest: {when: '((x NEAR/1 x) NEAR/1 (y NEAR/1 y)) NEAR/9 z'}\n");
	struct buf body = {0};

	matcher_fit(b->m, rs);
	buf_text(&body, "z ");
	for (int i = 0; i < 5000; i++)
		buf_text(&body, i % 2 ? "x " : "y ");
	buf_put(&body, "", 1);
	assert_int_equal(match(b, body.data, MATCH_SPANS)->hits_count, 2);
	assert_true(b->m->verdict.occurrences_cut);
	assert_int_equal(
	    match(b, body.data, MATCH_NO_PREFILTER)->hits_count, 2);
	assert_true(b->m->verdict.occurrences_cut);
	match(b, "z x y", MATCH_SPANS);
	assert_false(b->m->verdict.occurrences_cut);
	assert_int_equal(match(b, body.data, MATCH_SPANS)->hits_count, 2);
	for (uint32_t i = 0; i < b->m->verdict.hits_count; i++)
		assert_true(b->m->verdict.hits[i].spans_count <= SPANS_MAX);
	buf_fini(&body);
	ruleset_unref(rs);
}

/* The score alone is left out; a weight tells severity and roles of what
 * speaks for one brand, and of nothing when it is that of the whole post. */
static void
test_weights_and_scores(void **state)
{
	struct bench *b = *state;
	struct ruleset *rs = load(
	    "sector: s\nbrands:\n  k: {match: kit}\n  m: {match: mars}\n"
	    "topics:\n  t: {match: gone, severity: 2, weight: 1,\n"
	    "    role: removal}\n"
	    "rules:\n  r: {brand: k, when: oil, weight: 3, severity: 3}\n");
	const struct verdict *v;
	struct rules_about about = {0, 0};
	struct rules_weight w;

	matcher_fit(b->m, rs);
	v = match(b, "kit and mars, oil gone", MATCH_UNSCORED);
	assert_int_equal(v->hits_count, 4);
	assert_true(v->matched);
	assert_int_equal(v->score_milli, 0);
	v = match(b, "kit and mars, oil gone", 0);
	assert_int_equal(v->hits_count, 4);
	assert_int_equal(v->score_milli, 4000);
	w = rules_weigh(rs, v, &about);
	assert_int_equal(w.milli, 4000);
	assert_int_equal(w.severity, 3);
	assert_int_equal(w.roles, ROLE_REMOVAL);
	about.brand = 1;
	w = rules_weigh(rs, v, &about);
	assert_int_equal(w.milli, 1000);
	assert_int_equal(w.severity, 2);
	w = rules_weigh(rs, v, NULL);
	assert_int_equal(w.milli, 4000);
	assert_int_equal(w.severity + w.roles, 0);
	ruleset_unref(rs);
}

/* After the last stamp the first one means nothing from before. */
static void
test_stamps_begin_anew(void **state)
{
	struct bench *b = *state;
	struct ruleset *rs =
	    load("sector: s\nbrands:\n  k: {match: kit}\ntopics:\n"
		 "  t: {match: 'oil OR fat OR sun OR tea'}\n");

	matcher_fit(b->m, rs);
	assert_true(match(b, "kit oil", 0)->matched); /* at stamp 1 */
	b->m->stamp = STAMP_LAST;
	assert_false(match(b, "kit", 0)->matched); /* at stamp 1 again */
	assert_false(match(b, "oil", 0)->matched);
	assert_true(match(b, "kit oil", 0)->matched);
	ruleset_unref(rs);
}

static void
test_two_sets_in_turn(void **state)
{
	struct bench *b = *state;
	struct ruleset *one = load("sector: s\nrules:\n  a: {when: kit}\n");
	struct ruleset *two = load("sector: s\nbrands:\n  b: {match: kat}\n"
				   "rules:\n  a: {when: kat}\n");

	for (int i = 0; i < 3; i++) {
		matcher_fit(b->m, one);
		assert_int_equal(match(b, "kit", 0)->hits_count, 1);
		assert_int_equal(match(b, "kat", 0)->hits_count, 0);
		matcher_fit(b->m, two);
		assert_int_equal(match(b, "kit", 0)->hits_count, 0);
		assert_int_equal(match(b, "kat", 0)->hits_count, 2);
	}
	assert_ptr_equal(ruleset_ref(one), one);
	ruleset_unref(one);
	assert_int_equal(ruleset_rules(one), 1); /* one reference is left */
	assert_true(ruleset_bytes(one) > sizeof(*one));
	assert_true(ruleset_id(one) != ruleset_id(two));
	ruleset_unref(one);
	ruleset_unref(two);
}

/* A letter behind a combining mark begins a word for PCRE2, not for us. */
static void
test_word_behind_a_mark(void **state)
{
	struct bench *b = *state;
	struct ruleset *rs =
	    load("sector: s\nrules:\n  a: {when: '/\\bsolfetonix\\b/'}\n");

	matcher_fit(b->m, rs);
	assert_int_equal(rs->mains.always_count, 0);
	assert_int_equal(match(b, "की solfetonix", 0)->hits_count, 1);
	assert_int_equal(match(b, "कीsolfetonix", 0)->hits_count,
	    match(b, "कीsolfetonix", MATCH_NO_PREFILTER)->hits_count);
	ruleset_unref(rs);
}

static void
test_pedantic_warns_of_slow_rules(void **state)
{
	struct diag *diag = diag_new();
	struct ruleset *rs = load_with(
	    "sector: s\nrules:\n  slow: {when: '/[!?]{3}/', hit: ['?!?'], "
	    "miss: [a]}\n  quick: {when: kit, hit: [kit], miss: [a]}\n",
	    diag, true);

	(void)state;
	assert_non_null(rs);
	assert_int_equal(diag_errors(diag), 0);
	assert_int_equal(diag_warnings(diag), 1);
	ruleset_unref(rs);
	diag_free(diag);
}

/* Sanitizers bring an allocator of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS 1

/* Of jemalloc, when it is the allocator. */
extern int mallctl(const char *name, void *old, size_t *old_bytes, void *new,
    size_t new_bytes) __attribute__((weak));

/* Bytes asked for so far (jemalloc), or in use now (others). */
static uint64_t
allocated(void)
{
	uint64_t bytes = 0;
	size_t size = sizeof(bytes);

	if (mallctl == NULL)
		return mallinfo2().uordblks;
	assert_int_equal(
	    mallctl("thread.allocated", &bytes, &size, NULL, 0), 0);
	return bytes;
}

/* The same posts over and over: once a regex has its machine code, nothing is
 * asked of the heap. */
static void
test_steady_state_allocates_nothing(void **state)
{
	static const char *const posts[] = {"kit oil", "kit /kat/ x9 NEAR oil",
	    "oil and fat and kit kit kit", "nothing at all", "kit kat",
	    "#kit @oil solfetonix"};
	struct bench *b = *state;
	struct ruleset *rs = load(
	    "sector: s\nbrands:\n  k: {match: 'kit OR /\\bsolfeto\\w+/'}\n"
	    "topics:\n  t: {match: 'oil OR fat OR sun OR tea OR *kat'}\n"
	    "rules:\n  r: {brand: k, when: '(brand NEAR/3 oil) OR kat'}\n");
	const unsigned flags = MATCH_SPANS | MATCH_TOPICS;
	uint64_t before;

	matcher_fit(b->m, rs);
	for (size_t i = 0; i < 6 * 300; i++)
		match(b, posts[i % 6], flags);
	before = allocated();
	for (size_t i = 0; i < 600; i++)
		match(b, posts[i % 6], flags);
	assert_int_equal(before, allocated());
	free(must_alloc(100)); /* the gauge moves, so it could have told */
	assert_true(allocated() > before || mallctl == NULL);
	ruleset_unref(rs);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_overrun_and_bench, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_many_occurrences, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_weights_and_scores, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_stamps_begin_anew, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_two_sets_in_turn, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_word_behind_a_mark, set_up, tear_down),
	    cmocka_unit_test(test_pedantic_warns_of_slow_rules),
#ifdef COUNTS_ALLOCATIONS
	    cmocka_unit_test_setup_teardown(
		test_steady_state_allocates_nothing, set_up, tear_down),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
