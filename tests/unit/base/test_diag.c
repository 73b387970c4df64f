/*
 * Goal: a diagnostic is printed exactly in the form of diag.h, sorted,
 * counted, and harmless to a terminal.
 * Method: print to memory and compare whole texts.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/diag.h"
#include "engine/base/limits.h"

static char *
printed(struct diag *diag, bool colour, bool json)
{
	static char *text; /* not a local: fclose() writes to it */
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (json)
		diag_print_json(diag, out);
	else
		diag_print(diag, out, colour);
	fclose(out);
	return text;
}

static void
expect(struct diag *diag, const char *text)
{
	char *got = printed(diag, false, false);

	assert_string_equal(got, text);
	free(got);
	diag_free(diag);
}

static void
test_form(void **state)
{
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "food.yaml",
	    SLICE("rules:\n  kit:\n    when: brand AND @list(boycot)\n"));

	(void)state;
	diag_add(diag, DIAG_ERROR, (struct place){path, 3, 21, 13},
	    "unknown-list",
	    "did you mean 'boycott'? lists of this file: boycott, recall",
	    "unknown list '%s'", "boycot");
	expect(diag,
	    "food.yaml:3:21: error: unknown list 'boycot'\n"
	    "    3 |     when: brand AND @list(boycot)\n"
	    "      |                     ^~~~~~~~~~~~~\n"
	    "help: did you mean 'boycott'? lists of this file: boycott, "
	    "recall\n"
	    "1 error\n");
}

static void
test_order_and_places(void **state)
{
	struct diag *diag = diag_new();
	const char *b = diag_file(diag, "b", SLICE("x\ty\r\né\xff\033z"));
	const char *a = diag_file(diag, "a", SLICE(""));

	(void)state;
	diag_add(diag, DIAG_ERROR, (struct place){b, 2, 4, 0}, "c", NULL, "1");
	diag_add(diag, DIAG_WARNING, (struct place){b, 1, 3, 1}, "c", NULL,
	    "2");
	diag_add(diag, DIAG_ERROR, (struct place){a, 0, 0, 0}, "c", NULL, "3");
	diag_add(diag, DIAG_ERROR, (struct place){NULL, 0, 0, 0}, "c", "do",
	    "4");
	diag_add(diag, DIAG_ERROR, (struct place){b, 9, 1, 0}, "c", NULL, "5");
	assert_int_equal(diag_errors(diag), 4);
	assert_int_equal(diag_warnings(diag), 1);
	expect(diag,
	    "error: 4\nhelp: do\n"
	    "a: error: 3\n"
	    "b:1:3: warning: 2\n"
	    "    1 | x\ty\n"
	    "      |  \t^\n"
	    "b:2:4: error: 1\n"
	    "    2 | é\xef\xbf\xbd\xef\xbf\xbdz\n"
	    "      |    ^\n"
	    "b:9:1: error: 5\n"
	    "4 errors, 1 warning\n");
}

static void
test_long_line(void **state)
{
	static char line[5000];
	struct diag *diag = diag_new();
	const char *path;
	char *got, *shown, *caret;

	(void)state;
	memset(line, 'a', sizeof(line));
	line[2999] = '!';
	path = diag_file(diag, "f", (struct slice){line, sizeof(line)});
	diag_add(diag, DIAG_ERROR, (struct place){path, 1, 3000, 4000}, "c",
	    NULL, "x");
	got = printed(diag, false, false);
	shown = strchr(got, '|') + 2;
	caret = strchr(got, '^');
	/* the line begins with a three-byte … of one column */
	assert_int_equal(strchr(shown, '!') - shown - 2,
	    caret - (strstr(got, "      | ") + 8));
	assert_true(strlen(got) < 2 * DIAG_LINE_MAX + 80);
	free(got);
	diag_free(diag);
}

/* Many of a kind are told of once; others are not lost among them. */
static void
test_limit(void **state)
{
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "f", SLICE(""));
	char *got, *p;
	unsigned n = 0;

	(void)state;
	for (uint32_t i = 1; i <= DIAGS_KEPT_MAX + 10; i++)
		diag_add(diag, DIAG_WARNING, (struct place){path, i, 1, 0},
		    "c", NULL, "w");
	for (uint32_t i = 1; i <= DIAG_ALIKE_MAX; i++)
		diag_add(diag, DIAG_WARNING,
		    (struct place){path, 90000 + i, 1, 0}, "d", NULL, "other");
	diag_add(diag, DIAG_ERROR, (struct place){path, 99999, 1, 0}, "c",
	    NULL, "last");
	got = printed(diag, false, false);
	for (p = got; (p = strstr(p, "warning: w")) != NULL; p++)
		n++;
	assert_int_equal(n, DIAG_ALIKE_SHOWN);
	for (n = 0, p = got; (p = strstr(p, "warning: other")) != NULL; p++)
		n++;
	assert_int_equal(n, DIAG_ALIKE_MAX);
	assert_non_null(strstr(got, "\n... and 20,007 more like this (c)\n"));
	assert_non_null(strstr(got, "f:99999:1: error: last\n"));
	assert_non_null(
	    strstr(got, "\n1 error, 20015 warnings (20007 not shown)\n"));
	free(got);
	diag_free(diag);
}

/* Errors differ: so many of them are shown. */
static void
test_limit_of_errors(void **state)
{
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "f", SLICE(""));
	char *got, *p;
	unsigned n = 0;

	(void)state;
	for (uint32_t i = 1; i <= DIAGS_MAX + 10; i++)
		diag_add(diag, DIAG_ERROR, (struct place){path, i, 1, 0}, "c",
		    NULL, "wrong");
	got = printed(diag, false, false);
	for (p = got; (p = strstr(p, "error: wrong")) != NULL; p++)
		n++;
	assert_int_equal(n, DIAGS_MAX);
	assert_non_null(strstr(got, "\n60 errors (10 not shown)\n"));
	free(got);
	diag_free(diag);
}

static void
test_json_and_colour(void **state)
{
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "a\"b", SLICE("x"));
	char *got;

	(void)state;
	got = printed(diag, false, true);
	assert_string_equal(got, "");
	free(got);
	diag_add(diag, DIAG_ERROR, (struct place){path, 1, 1, 1}, "code", NULL,
	    "%s", "t\n");
	got = printed(diag, false, true);
	assert_string_equal(got,
	    "{\"path\":\"a\\\"b\",\"line\":1,\"column\":1,\"width\":1,"
	    "\"level\":\"error\",\"code\":\"code\",\"text\":\"t\\n\","
	    "\"help\":null}\n");
	free(got);
	got = printed(diag, true, false);
	assert_non_null(strstr(got, "\033[1;31merror: \033[0m"));
	free(got);
	diag_free(diag);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_order_and_places),
	    cmocka_unit_test(test_long_line),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_limit_of_errors),
	    cmocka_unit_test(test_json_and_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
