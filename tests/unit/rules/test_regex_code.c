/*
 * Goal: whether PCRE2's interpreter or its machine code answers is never seen:
 * not in hits, not in places, not in overruns, not with several threads; nor
 * whether the code was kept with the set.
 * Method: the same posts with matchers that have no patience, some, and
 * without end, compared; the codes themselves looked at.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/matcher.h"
#include "rules/regex_code.h"

static struct ruleset *
load(const char *const *patterns, size_t count)
{
	char path[] = "/tmp/vigie-regex-code-XXXXXX.yaml";
	const char *paths[] = {path};
	const struct rules_options options = {.selftest = false};
	struct diag *diag = diag_new();
	struct buf text = {0};
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	buf_text(&text, "rules:\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "  r%02zu: {when: '/%s/'}\n", i, patterns[i]);
	assert_int_equal(write(fd, text.data, text.len), text.len);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL)
		diag_print(diag, stdout, false);
	assert_non_null(rs);
	unlink(path);
	diag_free(diag);
	buf_fini(&text);
	return rs;
}

/* What one post gets, as text. */
static void
judge(struct matcher *m, struct slice words, struct buf *out)
{
	const struct verdict *v;
	struct text text;
	struct post post;

	text_init(&text);
	post_clear(&post);
	post.text = words;
	text_fold(&text, SLICE_NONE, post.text, TEXT_POST);
	v = rules_match(m, &post, &text, MATCH_TOPICS | MATCH_SPANS);
	for (uint32_t i = 0; i < v->hits_count; i++) {
		buf_printf(out, "r%u", v->hits[i].index);
		for (uint32_t k = 0; k < v->hits[i].spans_count; k++)
			buf_printf(out, " %u-%u", v->hits[i].spans[k].start,
			    v->hits[i].spans[k].end);
		buf_char(out, ';');
	}
	for (uint32_t i = 0; i < v->overruns; i++)
		buf_printf(out, " !%u", v->overrun_rules[i]);
	buf_char(out, '\n');
	text_fini(&text);
}

static const char *const patterns[] = {
    "ab+c", "\\bnestl[e3]s?\\b", "x(?:a|b)*y", "(?<=f)oo|bar(?!n)",
    "(a+)+\\$", "(?:a|aa)+\\$", "(?:(?:a?){20}){20}z", "(\\w+) \\1",
    "^un|fin$", "(?i)q.{0,40}q", "(?:.*,){6}end", "z{2,}?"};
#define PATTERNS (sizeof(patterns) / sizeof(*patterns))

/* The posts of every comparison: short ones, and what explodes. */
static void
judge_all(struct matcher *m, struct buf *out)
{
	static const char *const posts[] = {"un abbbc zzz abc fin",
	    "nestle nestl3s nestling foo barn bar", "xababy xy xaby q....q",
	    "the the end a,b,c,d,e,f,end", "nothing", ""};
	char many[3000];

	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		judge(m, slice_of(posts[i]), out);
	for (size_t len = 10; len < sizeof(many); len = len * 3 / 2) {
		memset(many, 'a', len);
		judge(m, (struct slice){many, len}, out);
		memset(many, 'x', len / 2);
		judge(m, (struct slice){many, len}, out);
	}
}

static void
run(const struct ruleset *rs, uint32_t patience, unsigned times,
    struct buf *out)
{
	struct matcher *m = matcher_new();

	regex_scratch_patience(m->regex, patience);
	matcher_fit(m, rs);
	for (unsigned i = 0; i < times; i++) {
		buf_clear(out);
		judge_all(m, out);
	}
	matcher_free(m);
}

static unsigned
with_machine_code(const struct ruleset *rs)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < rs->regexes_count; i++) {
		struct regex_code *c = regex_code_of(&rs->regexes[i]);

		n += c != NULL && atomic_load(&c->jit) != NULL;
	}
	return n;
}

static void
whoever_answers(void **state)
{
	static const uint32_t patience[] = {UINT32_MAX, 1, 100, 1000, 5000};
	struct buf truth = {0}, got = {0};
	struct ruleset *rs = load(patterns, PATTERNS);

	(void)state;
	run(rs, 0, 1, &truth);
	assert_int_equal(with_machine_code(rs), PATTERNS);
	ruleset_unref(rs);
	assert_non_null(memmem(truth.data, truth.len, " !", 2));
	assert_non_null(memmem(truth.data, truth.len, "r0 3-8 13-16;", 13));
	for (size_t i = 0; i < sizeof(patience) / sizeof(*patience); i++) {
		rs = load(patterns, PATTERNS);
		for (unsigned k = 0; k < 2; k++) {
			run(rs, patience[i], 1, &got);
			assert_int_equal(got.len, truth.len);
			assert_memory_equal(got.data, truth.data, truth.len);
		}
		/* those that explode have asked for it */
		if (patience[i] == UINT32_MAX)
			assert_in_range(
			    with_machine_code(rs), 1, PATTERNS - 6);
		ruleset_unref(rs);
	}
	buf_fini(&truth);
	buf_fini(&got);
}

static void
for_whom_it_is_not(void **state)
{
	static const char *const odd[] = {"(*NOTEMPTY)a*b", "(*LIMIT_MATCH=2)a",
	    "a\\Xb", "a\\Rb", "a(?:b(?R)?c)", "(a)b\\g1", "(?P<x>a)b(?P>x)",
	    "(?(?=a)ab|cd)"};
	static const char *const plain[] = {"ab+c", "\\bnestl[e3]s?\\b",
	    "(?i)fo+", "(?<!a)b(?=c)", "(?:a|b){2,4}"};
	struct ruleset *rs = load(odd, sizeof(odd) / sizeof(*odd));

	(void)state;
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		assert_int_equal(
		    regex_code_ready(&rs->regexes[i], false)->few_steps, 0);
	ruleset_unref(rs);
	rs = load(plain, sizeof(plain) / sizeof(*plain));
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		assert_in_range(
		    regex_code_ready(&rs->regexes[i], false)->few_steps, 50,
		    REGEX_MATCH_LIMIT / 100);
	ruleset_unref(rs);
}

static void
when_it_comes(void **state)
{
	static const char *const one[] = {"ab+c"};
	struct ruleset *rs = load(one, 1);
	struct matcher *m = matcher_new();
	struct buf out = {0}, told = {0};
	size_t before;
	unsigned asked;

	(void)state;
	matcher_fit(m, rs);
	judge(m, SLICE("abc"), &out);
	assert_int_equal(with_machine_code(rs), 0);
	before = regex_bytes(&rs->regexes[0]);
	assert_true(before > 0);
	for (asked = 0; with_machine_code(rs) == 0; asked++)
		judge(m, SLICE("axc"), &out);
	assert_in_range(asked, REGEX_PATIENCE_BYTES / 200,
	    REGEX_PATIENCE_BYTES / REGEX_FIND_BYTES);
	assert_true(regex_bytes(&rs->regexes[0]) > before);
	ruleset_unref(rs);
	/* a long post asks at once */
	rs = load(one, 1);
	matcher_fit(m, rs);
	buf_clear(&out);
	while (out.len <= REGEX_FEW_BYTES)
		buf_text(&out, "word ");
	judge(m, buf_slice(&out), &told);
	assert_int_equal(with_machine_code(rs), 1);
	matcher_free(m);
	ruleset_unref(rs);
	buf_fini(&out);
	buf_fini(&told);
}

#define THREADS 4

struct crew {
	struct ruleset *rs;
	pthread_barrier_t start;
};

static void *
work(void *self)
{
	struct crew *c = self;
	struct buf *out = must_alloc(sizeof(*out));

	pthread_barrier_wait(&c->start);
	run(c->rs, 600, 4, out);
	return out;
}

static void
work_and_compare(struct ruleset *rs, const struct buf *truth)
{
	struct crew c = {.rs = rs};
	pthread_t threads[THREADS];

	pthread_barrier_init(&c.start, NULL, THREADS);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, &c);
	for (unsigned i = 0; i < THREADS; i++) {
		struct buf *got;

		pthread_join(threads[i], (void **)&got);
		assert_int_equal(got->len, truth->len);
		assert_memory_equal(got->data, truth->data, truth->len);
		buf_fini(got);
		free(got);
	}
	pthread_barrier_destroy(&c.start);
	assert_int_equal(with_machine_code(rs), PATTERNS);
}

static void
with_several_threads(void **state)
{
	struct buf truth = {0};
	struct ruleset *rs = load(patterns, PATTERNS);

	(void)state;
	run(rs, 0, 1, &truth);
	ruleset_unref(rs);
	rs = load(patterns, PATTERNS);
	work_and_compare(rs, &truth);
	ruleset_unref(rs);
	buf_fini(&truth);
}

static unsigned
unpacked(const struct ruleset *rs)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < rs->regexes_count; i++) {
		struct regex_code *c = regex_code_of(&rs->regexes[i]);

		n += c != NULL && c->unpacked;
	}
	return n;
}

static void
codes_that_were_kept(void **state)
{
	static const char *const odd[] = {"a\\Xb", "one", "(*NOTEMPTY)a*b"};
	struct regex_kept kept;
	struct buf truth = {0}, got = {0};
	struct ruleset *rs = load(patterns, PATTERNS);

	(void)state;
	run(rs, UINT32_MAX, 1, &truth);
	regex_kept_fill(&kept, rs->regexes, PATTERNS);
	assert_int_equal(kept.count, PATTERNS);
	ruleset_unref(rs);
	rs = load(patterns, PATTERNS);
	rs->kept = kept;
	run(rs, UINT32_MAX, 1, &got);
	assert_int_equal(got.len, truth.len);
	assert_memory_equal(got.data, truth.data, truth.len);
	assert_int_equal(unpacked(rs), PATTERNS);
	ruleset_unref(rs);
	rs = load(patterns, PATTERNS);
	rs->kept = kept;
	work_and_compare(rs, &truth);
	ruleset_unref(rs);
	/* a piece that PCRE2 refuses: they are compiled */
	kept.bytes[0] ^= 0x10;
	rs = load(patterns, PATTERNS);
	rs->kept = kept;
	run(rs, UINT32_MAX, 1, &got);
	assert_memory_equal(got.data, truth.data, truth.len);
	assert_int_equal(unpacked(rs), 0);
	ruleset_unref(rs);
	regex_kept_fini(&kept);
	rs = load(odd, 3);
	regex_kept_fill(&kept, rs->regexes, 3);
	assert_int_equal(kept.count, 1);
	assert_string_equal(
	    rs->regexes[kept.regexes[0]].pattern.data, "one");
	regex_kept_fini(&kept);
	regex_kept_fill(&kept, rs->regexes, REGEX_KEPT_MAX + 1);
	assert_int_equal(kept.count, 0);
	assert_null(kept.bytes);
	ruleset_unref(rs);
	buf_fini(&truth);
	buf_fini(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whoever_answers),
	    cmocka_unit_test(for_whom_it_is_not),
	    cmocka_unit_test(when_it_comes),
	    cmocka_unit_test(with_several_threads),
	    cmocka_unit_test(codes_that_were_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
