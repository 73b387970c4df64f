/*
 * Goal: a plan with mistakes is refused with their places, one without gives
 * the same posts for the same seed, others for another, and what it says.
 * Method: small plans written to a folder, posts made into a buffer.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/scenario/scenario.h"

static char path[] = "/tmp/vigie-plan-XXXXXX";

static const char good[] =
    "scenario: small\n"
    "title: {fr: petit, en: small}\n"
    "brands: [acme]\n"
    "rules: [rules.yaml]\n"
    "from: 2020-01-01T00:00:00Z\n"
    "to: 2020-01-03T00:00:00Z\n"
    "crisis: 2020-01-02T00:00:00Z\n"
    "zone: -5\n"
    "languages: {en: 1, fr: 1}\n"
    "slots: {brand: [Acme, acme]}\n"
    "texts: {talk: {en: ['{brand} today']}, bad: {fr: ['honte {brand}']}}\n"
    "streams:\n"
    "  - {name: talk, per_hour: 30, kinds: {talk: 1}}\n"
    "  - {name: wave, at: 2020-01-02T08:00:00Z, per_hour: 60, doubling: 20m,"
    " half_life: 2h, reposts: 60, kinds: {bad: 1}}\n"
    "  - name: counted\n"
    "    counts: [[2020-01-02T10:00:00Z, 0], [2020-01-02T11:00:00Z, 6000]]\n"
    "    one_post_for: 100\n"
    "    kinds: {bad: 1}\n"
    "posts:\n"
    "  - {at: 2020-01-02T09:00:00Z, handle: acme, kind: talk}\n";

static struct scenario *
load(const char *plan, struct diag *diag)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(plan, file) >= 0);
	fclose(file);
	return scenario_load(path, diag);
}

static void
make(const struct scenario *s, uint64_t seed, double wave, struct buf *out)
{
	struct scenario_maker *m = scenario_maker_new(s, seed, wave);

	buf_clear(out);
	while (scenario_minute(m, out))
		continue;
	buf_char(out, '\0');
	scenario_maker_free(m);
}

static unsigned
count(const struct buf *text, const char *what)
{
	unsigned n = 0;

	for (const char *p = text->data; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static void
the_same_seed_gives_the_same_posts(void **state)
{
	struct diag *diag = diag_new();
	struct scenario *s = load(good, diag);
	struct buf a = {0}, b = {0};

	(void)state;
	assert_non_null(s);
	assert_true(scenario_is_about(s, "acme"));
	assert_false(scenario_is_about(s, "other"));
	assert_false(scenario_is_about(s, NULL));
	make(s, 1, 1, &a);
	make(s, 1, 1, &b);
	assert_string_equal(a.data, b.data);
	make(s, 2, 1, &b);
	assert_string_not_equal(a.data, b.data);
	/* A language in which nothing is said is not claimed. */
	assert_int_equal(count(&a, "\"lang\":\"fr\""),
	    count(&a, "onte acme") + count(&a, "onte Acme"));
	buf_fini(&a);
	buf_fini(&b);
	scenario_free(s);
	diag_free(diag);
}

static void
without_its_wave_only_talk_is_left(void **state)
{
	struct diag *diag = diag_new();
	struct scenario *s = load(good, diag);
	struct buf a = {0};
	unsigned bad;

	(void)state;
	assert_non_null(s);
	make(s, 3, 1, &a);
	bad = count(&a, "onte ");
	/* 60 were counted, the wave brings a hundred or two. */
	assert_in_range(bad, 100, 400);
	assert_int_equal(count(&a, "\"handle\":\"acme\""), 1);
	make(s, 3, 0, &a);
	assert_int_equal(count(&a, "onte "), 0);
	assert_int_equal(count(&a, "\"handle\":\"acme\""), 0);
	assert_true(count(&a, "today") > 300);
	buf_fini(&a);
	scenario_free(s);
	diag_free(diag);
}

static void
mistakes_are_errors(void **state)
{
	static const struct {
		const char *from, *to;
	} wrong[] = {
	    {"per_hour: 30", "per_hour: many"},
	    {"per_hour: 30", "per_hours: 30"},
	    {"kinds: {talk: 1}", "kinds: {talks: 1}"},
	    {"zone: -5", "zone: -25"},
	    {"doubling: 20m", "doubling: 20"},
	    {"to: 2020-01-03T00:00:00Z", "to: 2019-01-03T00:00:00Z"},
	    {"'{brand} today'", "'{brnad} today'"},
	    {"T11:00:00Z, 6000", "T09:00:00Z, 6000"},
	    {"handle: acme, ", ""},
	    {"languages: {en: 1, fr: 1}", "languages: [en, fr]"},
	    {"title: {fr: petit, en: small}", "title: small"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *at = strstr(good, wrong[i].from);
		struct diag *diag = diag_new();
		struct buf plan = {0};

		assert_non_null(at);
		buf_put(&plan, good, (size_t)(at - good));
		buf_text(&plan, wrong[i].to);
		buf_text(&plan, at + strlen(wrong[i].from));
		buf_char(&plan, '\0');
		if (load(plan.data, diag) != NULL)
			fail_msg("taken: %s", wrong[i].to);
		assert_true(diag_errors(diag) > 0);
		buf_fini(&plan);
		diag_free(diag);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_seed_gives_the_same_posts),
	    cmocka_unit_test(without_its_wave_only_talk_is_left),
	    cmocka_unit_test(mistakes_are_errors),
	};
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	close(fd);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return rc;
}
