/*
 * Goal: labels and conditions over time: no query may name a condition, what
 * a condition counts may name any other entry, and each mistake in it is one
 * located error.
 * Method: small files under /tmp, loaded as a set.
 *
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

#define WAVE "sector: s\nrules:\n  a: {when: 'count(x) in 5m > 2'}\n"

static const struct {
	const char *text, *says;
} cases[] = {
    {WAVE "  b: {when: 'y OR rule:a'}\n",
	":4:19: error: 'a' is a condition over time"},
    {WAVE "  b: {when: y, not: 'rule:a'}\n",
	":4:22: error: 'a' is a condition over time"},
    {WAVE "topics: {t: {match: 'y OR rule:(a OR b)'}}\n",
	":4:33: error: 'a' is a condition over time"},
    {WAVE "macros: {m: 'y OR rule:a'}\n"
	  "topics: {t: {match: '@macro(m)'}}\n",
	":4:19: error: 'a' is a condition over time"},
    {"sector: s\nrules: {a: {when: 'count(x OR rule:a) in 5m > 2'}}\n",
	":2:31: error: 'a' is a condition over time"},
    {WAVE "  b: {when: y, replaces: [a]}\n",
	":4:27: error: a condition over time weighs nothing"},
    {"sector: s\nrules: {a: {when: 'count(x OR rule:c) in 5m > 2'}}\n",
	":2:31: error: unknown rule 'c'"},
    {"sector: s\nrules: {a: {when: 'count(x OR topic:t) in 5m > 2'}}\n"
     "topics: {tt: {match: y}}\n",
	":2:31: error: unknown topic 't'"},
    {"sector: s\nrules: {a: {when: 'count(x OR topic:t) in 5m > 2'}}\n"
     "topics: {t: {match: 'y OR topic:t'}}\n",
	":3:10: error: entries that hang on themselves"},
    {WAVE "  b: {when: 'count(y OR rule:c) in 5m > 2'}\n"
	  "  c: {when: 'z OR topic:t'}\ntopics: {t: {match: w}}\n",
	NULL},
};

static void
labels_and_conditions(void **state)
{
	static const struct rules_options options;
	char path[] = "/tmp/vigie-condition-XXXXXX.yaml";
	const char *paths[] = {path};
	int fd = mkstemps(path, 5);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct diag *diag = diag_new();
		struct ruleset *rs;
		char *report;
		size_t size;
		FILE *out = fopen(path, "w");

		assert_non_null(out);
		fputs(cases[i].text, out);
		fclose(out);
		rs = ruleset_load(paths, 1, &options, diag);
		out = open_memstream(&report, &size);
		diag_print(diag, out, false);
		fclose(out);
		print_message("%s", cases[i].text);
		assert_int_equal(rs != NULL, cases[i].says == NULL);
		if (cases[i].says != NULL &&
		    strstr(report, cases[i].says) == NULL)
			fail_msg("want %s, got %s", cases[i].says, report);
		free(report);
		if (rs != NULL)
			ruleset_unref(rs);
		diag_free(diag);
	}
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(labels_and_conditions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
