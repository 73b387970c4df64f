/*
 * Goal: the warnings of check about parts that say a thing twice or that
 * nothing can satisfy are told where they are sure, and nowhere else.
 * Method: a table of small files with the warnings that each must give, codes
 * and columns.
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

#include "engine/base/must.h"
#include "rules/rules.h"

static char *
checked(const char *text)
{
	static const struct rules_options options = {.pedantic = true};
	char path[] = "/tmp/vigie-check-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	char *json = NULL;
	size_t len = 0;
	int fd = mkstemps(path, 5);
	FILE *out;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	out = open_memstream(&json, &len);
	diag_print_json(diag, out);
	fclose(out);
	if (diag_errors(diag) > 0)
		print_message("%s", json);
	assert_non_null(rs);
	ruleset_unref(rs);
	diag_free(diag);
	return json;
}

/* "code@column code@column", of warnings of this analysis alone. */
static void
codes(const char *json, char *out, size_t room)
{
	static const char *const known[] = {
	    "twice", "covered", "idle", "never", "twin"};
	size_t used = 0;

	out[0] = '\0';
	for (const char *p = json; p != NULL && *p != '\0';) {
		const char *end = strchr(p, '\n');
		const char *code = strstr(p, "\"code\":\"") + 8;
		const char *column = strstr(p, "\"column\":") + 9;

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (!strncmp(code, known[i], strlen(known[i])) &&
			    code[strlen(known[i])] == '"')
				used += (size_t)snprintf(out + used,
				    room - used, "%s%s@%d",
				    used > 0 ? " " : "", known[i],
				    atoi(column));
		p = end == NULL ? NULL : end + 1;
	}
}

static const struct {
	const char *text, *want;
} rows[] = {
    /* one when: on the second line, its query from column 13 on */
    {"a OR b OR a", "twice@24"},
    {"déchet OR dechets OR DÉCHET", "twice@35"},
    {"\"kit kat\" OR kit-kat OR kitkat", "twice@27"},
    {"boycott* OR boycotts", "covered@26"},
    {"\"stop buying\" OR \"stop buy*\"", "covered@14"},
    {"boycott* OR #boycotts", ""}, /* as people write tags */
    {"kitkat OR #kitkat OR @kitkat", ""},
    {"boycott OR boycotts", ""},
    {"b?ycott OR boycott", ""},
    {"a AND b AND a", "twice@26"},
    {"boycotts AND boycott*", "idle@27"},
    {"a AND (b OR a)", "idle@21"},
    {"a OR (a AND b)", "covered@20"},
    {"a OR (a NEAR/3 b)", "covered@22"},
    {"x NEAR/3 (a OR \"a b\")", ""},
    {"x NEAR/3 (a OR b OR a)", "twice@34"},
    {"(a AND b) NEAR/3 (a OR c)", ""},
    {"a AND NOT (b OR a) AND c", "never@14"},
    {"a AND NOT (a AND b)", ""},
    {"a AND NOT \"a b\"", ""},
    {"boycotts AND NOT boycott*", "never@14"},
    {"boycott* AND NOT boycotts", ""},
    {"a AND title:(b AND NOT a)", ""}, /* a may stand in the text */
    {"title:b AND NOT b", "never@14"},
    {"b AND NOT title:b", ""},
    {"exact:A AND a", ""},
    {"a AND lang:fr AND lang:en", "never@20"},
    {"a AND lang:pt AND lang:pt-BR", ""},
    {"a AND lang:(fr OR en) AND lang:en", ""},
    {"a AND followers>=100 AND followers<50", "never@20"},
    {"a AND followers>=100 AND followers<500", ""},
    {"a AND author:x AND author:y", ""}, /* a handle and an id */
    {"a AND has:link AND has:media", ""},
    {"a AND is:reply AND is:edited", ""},
    {"a AND kind:post AND kind:review", "never@20"},
    {"a AND site:x.org AND site:y.org", ""}, /* two links */
    {"a OR (b AND lang:fr AND lang:en)", "never@26"},
    {"disguised:nestle OR nestle", ""},
    {"/ab+c/ OR d OR /ab+c/", "twice@29"},
    {"ATLEAST/2(a) AND a", ""},
};

static void
test_queries(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char file[256], got[128], *json;

		snprintf(file, sizeof(file), "rules:\n  r: {when: '%s'}\n",
		    rows[i].text);
		json = checked(file);
		codes(json, got, sizeof(got));
		if (strcmp(got, rows[i].want) != 0) {
			print_message("%s\n  got  %s\n  want %s\n",
			    rows[i].text, got, rows[i].want);
			failed++;
		}
		free(json);
	}
	assert_int_equal(failed, 0);
}

static const struct {
	const char *text, *want;
} files[] = {
    /* by a list, also one that covers it */
    {"lists: {l: [stop*, boycott]}\nrules:\n"
     "  r: {when: 'boycott OR x OR @list(l)'}\n",
	"covered@14"},
    {"lists: {l: [stop*, boycott]}\nrules:\n"
     "  r: {when: 'stopped OR x OR @list(l)'}\n",
	"covered@14"},
    /* a list is told of once, whoever names it */
    {"lists: {l: [Été, x, ete]}\nrules:\n"
     "  r: {when: '@list(l) AND a'}\n  s: {when: '@list(l) AND b'}\n",
	"twice@21"},
    {"lists: {l: [a, b], m: [b, c]}\nrules:\n"
     "  r: {when: '@list(l) OR @list(m)'}\n",
	""},
    /* not: takes all back, or some */
    {"rules:\n  r: {when: 'a OR bs', not: 'c OR b* OR a'}\n", "never@14"},
    {"rules:\n  r: {when: 'a OR d', not: 'c OR b* OR a'}\n", ""},
    /* with the topic, with the brand */
    {"sector: s\nbrands: {k: {match: k, not: recipe}}\nrules:\n"
     "  r: {brand: k, when: brand AND recipe}\n",
	"never@33"},
    {"sector: s\nbrands: {k: {match: k, not: recipe}}\nrules:\n"
     "  r: {brand: k, when: brand AND (recipe OR x)}\n",
	""},
    {"sector: s\nbrands: {k: {match: k, not: recipe}, o: {match: o}}\n"
     "rules:\n  r: {brand: [k, o], when: brand AND recipe}\n",
	""},
    {"topics: {t: {match: 'palm AND lang:fr'}}\nrules:\n"
     "  r: {topic: t, when: 'x AND lang:en'}\n",
	"never@30"},
    {"topics: {t: {match: palm}}\nrules:\n"
     "  r: {topic: t, when: 'x AND NOT palm'}\n",
	"never@3"},
    {"topics: {t: {match: palm}}\nrules:\n"
     "  r: {topic: t, when: 'x AND NOT topic:t'}\n",
	"never@3"},
    /* the same, whatever the order; other points are another rule */
    {"rules:\n  r: {when: a OR b}\n  s: {when: b OR a}\n", "twin@3"},
    {"rules:\n  r: {when: a OR b}\n  s: {when: b OR a, weight: 2}\n", ""},
    {"rules:\n  r: {when: a ONEAR/2 b}\n  s: {when: b ONEAR/2 a}\n", ""},
    {"rules:\n  r: {when: a NEAR/2 b}\n  s: {when: b NEAR/3 a}\n", ""},
    {"sector: s\nbrands: {k: {match: k}, o: {match: K}}\n", "twin@25"},
};

static void
test_entries(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char got[128], *json = checked(files[i].text);

		codes(json, got, sizeof(got));
		if (strcmp(got, files[i].want) != 0) {
			print_message("%s\n  got  %s\n  want %s\n",
			    files[i].text, got, files[i].want);
			failed++;
		}
		free(json);
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_queries),
	    cmocka_unit_test(test_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
