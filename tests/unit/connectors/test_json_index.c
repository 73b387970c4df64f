/*
 * Goal: the index notes the places that json_index.h promises, refuses what
 * it must, and one index of many lines is that of each line, shifted.
 * Method: places written as strings of carets; all pairs of tricky lines.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connectors/json_index.h"

#define BYTES_MAX 4096

static struct json_index *one, *both;

/* In memory of its own size, so that the sanitizers see further reads. */
static enum json_index_result
run(struct json_index *index, const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	enum json_index_result rc;

	assert_non_null(copy);
	memcpy(copy, text, len);
	rc = json_index_run(index, copy, len);
	free(copy);
	return rc;
}

static void
check(const char *text, const char *carets)
{
	size_t len = strlen(text);
	uint32_t count, n = 0;
	const uint32_t *places;

	assert_int_equal(run(one, text, len), JSON_INDEX_OK);
	places = json_index_places(one, &count);
	for (size_t i = 0; i < strlen(carets); i++)
		if (carets[i] == '^')
			assert_int_equal(places[n++], i);
	assert_int_equal(n, count);
	for (unsigned i = 0; i < JSON_INDEX_SENTINELS; i++)
		assert_int_equal(places[count + i], len);
}

static void
test_places(void **unused)
{
	(void)unused;
	check("{\"a\": [1, true,\"x\"]}", "^^  ^ ^^^ ^   ^^  ^^");
	check("\"a\\\"b\":\"{}\"", "^     ^^");
	check("1\"b\"", "^");
	check("\"a\"\"b\"", "^  ^");
	check("\"a\"b", "^  ^");
	check("\\\"", "^");
	check(" \t\r\n", "");
	check("", "");
	check("{}\f{}", "^^^^^");
	check("\xef\xbb\xbf{}", "^  ^^");
}

static void
test_refusals(void **unused)
{
	(void)unused;
	assert_int_equal(run(one, "\"a", 2), JSON_INDEX_UNCLOSED);
	assert_int_equal(run(one, "\"a\\\"", 4), JSON_INDEX_UNCLOSED);
	assert_int_equal(run(one, "\"a\nb\"", 5), JSON_INDEX_CONTROL);
	assert_int_equal(run(one, "\"a\0b\"", 5), JSON_INDEX_CONTROL);
	assert_int_equal(run(one, "\"\xc3\"", 3), JSON_INDEX_BAD_UTF8);
	assert_int_equal(run(one, "{}\xff", 3), JSON_INDEX_BAD_UTF8);
	assert_int_equal(run(one, "\xc3", 1), JSON_INDEX_BAD_UTF8);
	assert_int_equal(run(one, "\xed\xa0\x80", 3), JSON_INDEX_BAD_UTF8);
	assert_int_equal(run(one, "\xc0\x80", 2), JSON_INDEX_BAD_UTF8);
	assert_int_equal(
	    run(one, "\xf4\x90\x80\x80", 4), JSON_INDEX_BAD_UTF8);
	check("{}", "^^"); /* still of use afterwards */
}

/* The places of two lines in one index are those of each, or one of the two
 * is refused alone and so are both. */
static void
test_pairs(void **unused)
{
	static const char *const lines[] = {"{}", "", " ", "\\", "\\\\", "\"",
	    "\"\\\"", "\"a\\\\\"", "\\\"", "\"a", "a\"", "\xc3", "\xa9",
	    "\xc3\xa9", "{\"a\":1}\r", "\"\x01\"", "\f", "\x1a", "nul", "1",
	    "{\"a\":\"\xf0\x9f\x98\x80\"}\\", "\xf0\x9f", "\x98\x80",
	    "{\"long key of more than sixty-four bytes, so that blocks of the "
	    "vector code meet inside of it, with a backslash \\\\\":[[]]}"};
	const unsigned n = sizeof(lines) / sizeof(lines[0]);

	(void)unused;
	for (unsigned i = 0; i < n * n; i++) {
		const char *a = lines[i / n], *b = lines[i % n];
		size_t la = strlen(a) + 1, lb = strlen(b);
		enum json_index_result ra, rb, rc;
		uint32_t ca, cc, cb;
		const uint32_t *pa, *pc;
		char text[512];

		memcpy(text, a, la - 1);
		text[la - 1] = '\n';
		memcpy(text + la, b, lb);
		rc = run(both, text, la + lb);
		pc = json_index_places(both, &cc);
		rb = run(one, b, lb);
		json_index_places(one, &cb);
		ra = run(one, a, la - 1);
		pa = json_index_places(one, &ca);
		if (rc != JSON_INDEX_OK) {
			assert_true(ra != JSON_INDEX_OK || rb != JSON_INDEX_OK);
			continue;
		}
		assert_int_equal(ra, JSON_INDEX_OK);
		assert_int_equal(rb, JSON_INDEX_OK);
		assert_int_equal(cc, ca + cb);
		assert_true(ca == 0 || !memcmp(pa, pc, ca * sizeof(*pa)));
		run(one, b, lb);
		pa = json_index_places(one, &cb);
		for (uint32_t k = 0; k < cb; k++)
			assert_int_equal(pc[ca + k], pa[k] + la);
	}
}

/* Nothing but structure, up to the limit: there is room for all places. */
static void
test_full(void **unused)
{
	static char text[BYTES_MAX];
	uint32_t count;

	(void)unused;
	memset(text, '[', sizeof(text));
	assert_int_equal(
	    json_index_run(one, text, sizeof(text)), JSON_INDEX_OK);
	assert_int_equal(json_index_places(one, &count)[BYTES_MAX - 1],
	    BYTES_MAX - 1);
	assert_int_equal(count, BYTES_MAX);
	assert_true(strlen(json_index_path()) > 0);
}

static int
open_all(void **unused)
{
	(void)unused;
	one = json_index_open(BYTES_MAX);
	both = json_index_open(BYTES_MAX);
	return 0;
}

static int
close_all(void **unused)
{
	(void)unused;
	json_index_close(one);
	json_index_close(both);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
