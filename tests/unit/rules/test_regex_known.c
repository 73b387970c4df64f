/*
 * Goal: a set that is compiled beside another takes over the code of patterns
 * that are the same, and no other; each code is made when a post asks for it,
 * once, and lives as long as its last set.
 * Method: rule files in a private folder, loaded one after another, freed in
 * every order; matching with what was taken over; threads that ask for the same
 * codes at once, while another set takes them over.  The address sanitizer sees
 * a code that went too early or not at all, the thread sanitizer who reads what
 * is being written.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "rules/regex.h"
#include "rules/ruleset.h"

static struct ruleset *
load(const char *text, const struct ruleset *const *known, size_t count)
{
	struct rules_options options = {.known = known, .known_count = count};
	char folder[32], path[64];
	const char *paths[1] = {path};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	FILE *f;

	snprintf(folder, sizeof(folder), "/tmp/vigie-known-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/r.yaml", folder);
	f = fopen(path, "w");
	fprintf(f, "sector: s\nbrands:\n  b: {match: acme}\ntopics:\n%s", text);
	fclose(f);
	rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL)
		diag_print(diag, stderr, false);
	diag_free(diag);
	unlink(path);
	rmdir(folder);
	return rs;
}

static const void *
code_of(const struct ruleset *rs, const char *pattern)
{
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		if (slice_is(rs->regexes[i].pattern, pattern))
			return regex_ready(&rs->regexes[i]);
	fail_msg("no /%s/", pattern);
	return NULL;
}

static unsigned
hits(const struct ruleset *rs, const char *words)
{
	struct matcher *m = matcher_new();
	struct text text;
	struct post post;
	unsigned n;

	text_init(&text);
	post_clear(&post);
	post.text = slice_of(words);
	text_fold(&text, SLICE_NONE, post.text, TEXT_POST);
	matcher_fit(m, rs);
	n = rules_match(m, &post, &text, MATCH_TOPICS)->hits_count;
	matcher_free(m);
	text_fini(&text);
	return n;
}

static void
what_is_the_same(void **state)
{
	struct ruleset *a, *b;

	(void)state;
	a = load("  t: {match: '/ab+c/ OR /x[0-9]y/'}\n", NULL, 0);
	assert_non_null(a);
	assert_int_equal(ruleset_regexes_shared(a), 0);
	assert_non_null(code_of(a, "x[0-9]y"));
	b = load("  u: {match: '/x[0-9]y/ OR /ab+c/i OR /new/'}\n",
	    (const struct ruleset *const *)&a, 1);
	assert_non_null(b);
	assert_int_equal(ruleset_regexes(b), 3);
	assert_int_equal(ruleset_regexes_shared(b), 1);
	assert_ptr_equal(code_of(a, "x[0-9]y"), code_of(b, "x[0-9]y"));
	assert_ptr_not_equal(code_of(a, "ab+c"), code_of(b, "ab+c"));
	ruleset_unref(a);
	assert_int_equal(hits(b, "acme x7y"), 2);
	assert_int_equal(hits(b, "acme x7z"), 1);
	ruleset_unref(b);
}

/* A code goes through a chain of sets, and comes back from an older one. */
static void
over_many_sets(void **state)
{
	struct ruleset *kept[3] = {NULL};
	const void *code = NULL;

	(void)state;
	for (int i = 0; i < 50; i++) {
		char text[128];
		size_t count = kept[2] != NULL ? 3 : kept[1] != NULL ? 2
		    : kept[0] != NULL				     ? 1
								     : 0;
		struct ruleset *rs;

		snprintf(text, sizeof(text),
		    "  t: {match: '%s/only%dx?/'}\n",
		    i % 2 == 0 ? "/keep+/ OR " : "", i);
		rs = load(text, (const struct ruleset *const *)kept, count);
		assert_non_null(rs);
		if (i % 2 == 0) {
			assert_true(i == 0 || code == code_of(rs, "keep+"));
			code = code_of(rs, "keep+");
			assert_int_equal(hits(rs, "keepp"), 1);
		}
		if (kept[2] != NULL)
			ruleset_unref(kept[2]);
		kept[2] = kept[1];
		kept[1] = kept[0];
		kept[0] = rs;
	}
	for (int i = 0; i < 3; i++)
		ruleset_unref(kept[i]);
}

/* A set that is refused gives its shares back. */
static void
a_refused_set(void **state)
{
	struct ruleset *a;

	(void)state;
	a = load("  t: {match: '/ab+c/'}\n", NULL, 0);
	assert_null(load("  t: {match: '/ab+c/ OR /(/'}\n",
	    (const struct ruleset *const *)&a, 1));
	assert_int_equal(hits(a, "abbc"), 1);
	ruleset_unref(a);
}

/* ---- when a post asks ---------------------------------------------------- */

static void
only_what_is_asked_for(void **state)
{
	struct ruleset *rs = load("  t: {match: 'acme AND /ab+c/'}\n"
				  "  u: {match: 'other AND /de+f/'}\n",
	    NULL, 0);
	size_t before = ruleset_bytes(rs), after;

	(void)state;
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		assert_null(atomic_load(&rs->regexes[i].held));
	assert_int_equal(hits(rs, "acme abbc"), 2);
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		assert_int_equal(atomic_load(&rs->regexes[i].held) != NULL,
		    slice_is(rs->regexes[i].pattern, "ab+c"));
	after = ruleset_bytes(rs);
	assert_true(after > before);
	ruleset_warm(rs);
	assert_true(ruleset_bytes(rs) > after);
	ruleset_unref(rs);
}

#define THREADS 4
#define PATTERNS 64u

struct crew {
	struct ruleset *rs;
	pthread_barrier_t start;
};

static void *
ask(void *self)
{
	struct crew *c = self;

	pthread_barrier_wait(&c->start);
	ruleset_warm(c->rs);
	return NULL;
}

static void
many_ask_at_once(void **state)
{
	struct buf text = {0};
	pthread_t threads[THREADS];
	struct crew c;
	struct ruleset *next;

	(void)state;
	buf_text(&text, "  t: {match: '/x0y?/");
	for (unsigned i = 1; i < PATTERNS; i++)
		buf_printf(&text, " OR /x%uy?/", i);
	buf_text(&text, "'}\n");
	buf_char(&text, '\0');
	c.rs = load(text.data, NULL, 0);
	assert_non_null(c.rs);
	pthread_barrier_init(&c.start, NULL, THREADS + 1);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, ask, &c);
	pthread_barrier_wait(&c.start);
	next = load(text.data, (const struct ruleset *const *)&c.rs, 1);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&c.start);
	assert_int_equal(ruleset_regexes_shared(next), PATTERNS);
	ruleset_warm(next);
	ruleset_unref(c.rs);
	assert_int_equal(hits(next, "acme x7y"), 2);
	ruleset_unref(next);
	buf_fini(&text);
}

/* From a file of another library, say: told as a pattern that overruns. */
static void
one_that_cannot_be_compiled(void **state)
{
	struct ruleset *rs = load("  t: {match: '/ab+c/'}\n", NULL, 0);

	(void)state;
	rs->regexes[0].pattern = SLICE("ab(c");
	assert_int_equal(hits(rs, "acme abc"), 1);
	assert_int_equal(regex_bytes(&rs->regexes[0]), 0);
	ruleset_unref(rs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_the_same),
	    cmocka_unit_test(over_many_sets),
	    cmocka_unit_test(a_refused_set),
	    cmocka_unit_test(only_what_is_asked_for),
	    cmocka_unit_test(many_ask_at_once),
	    cmocka_unit_test(one_that_cannot_be_compiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
