/*
 * Goal: the index notes the places that json_index.h promises, refuses what
 * it must, and one index of many lines is that of each line, shifted.
 * Method: places written as strings of carets; all pairs of tricky lines; all
 * of it on every path that this processor has.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connectors/json_index.h"

#define BYTES_MAX 4096

static struct json_index *one, *other, *both;

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
	const struct json_places *p = json_index_places(one);
	uint32_t n = 0;

	assert_int_equal(run(one, text, len), JSON_INDEX_OK);
	assert_int_equal(p->len, len);
	for (size_t i = 0; i < strlen(carets); i++)
		if (carets[i] != ' ')
			assert_int_equal(p->at[n++], i);
	assert_int_equal(n, p->count);
	for (unsigned i = 0; i < JSON_INDEX_SENTINELS; i++) {
		assert_int_equal(p->at[n + i], len);
		assert_int_equal(p->kind[n + i], JSON_END);
	}
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
	check(" \t\r", "");
	check("", "");
	check("{}\f{}", "^^^^^");
	check("1\f\f\x1a", "^^^^");
	check("\n1\n \n", "^^^ ^");
	check("\xef\xbb\xbf{}", "^  ^^");
}

static void
test_kinds(void **unused)
{
	static const char text[] =
	    "\"s\" -1 2 t f n { } [ ] , : \n x\f\xc3\xa9";
	static const unsigned char kinds[] = {JSON_STRING, JSON_NUMBER,
	    JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL, JSON_OBJECT,
	    JSON_CLOSE_OBJECT, JSON_ARRAY, JSON_CLOSE_ARRAY, JSON_COMMA,
	    JSON_COLON, JSON_END, JSON_WRONG, JSON_STRAY, JSON_WRONG};
	const struct json_places *p = json_index_places(one);

	(void)unused;
	assert_int_equal(run(one, text, sizeof(text) - 1), JSON_INDEX_OK);
	assert_int_equal(p->count, sizeof(kinds));
	assert_memory_equal(p->kind, kinds, sizeof(kinds));
}

/* Backslashes anywhere: each byte of a long line has its bit. */
static void
test_slashes(void **unused)
{
	const struct json_places *p = json_index_places(one);
	char text[300];

	(void)unused;
	for (size_t len = 2; len < sizeof(text); len += 7) {
		for (size_t i = 0; i < len; i++)
			text[i] = (i * i + len) % 5 < 2 ? '\\' : 'a';
		assert_int_equal(run(one, text, len), JSON_INDEX_OK);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(p->slash[i >> 6] >> (i & 63) & 1,
			    text[i] == '\\');
	}
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
check_pair(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	const struct json_places *pa = json_index_places(one);
	const struct json_places *pb = json_index_places(other);
	const struct json_places *pc = json_index_places(both);
	enum json_index_result ra, rb, rc;
	char text[512];

	memcpy(text, a, la);
	text[la] = '\n';
	memcpy(text + la + 1, b, lb);
	ra = run(one, a, la);
	rb = run(other, b, lb);
	rc = run(both, text, la + 1 + lb);
	if (rc != JSON_INDEX_OK) {
		assert_true(ra != JSON_INDEX_OK || rb != JSON_INDEX_OK);
		return;
	}
	assert_int_equal(ra, JSON_INDEX_OK);
	assert_int_equal(rb, JSON_INDEX_OK);
	assert_int_equal(pc->count, pa->count + 1 + pb->count);
	assert_memory_equal(pa->at, pc->at, pa->count * sizeof(*pa->at));
	assert_memory_equal(pa->kind, pc->kind, pa->count + 1);
	assert_int_equal(pc->at[pa->count], la);
	for (uint32_t k = 0; k <= pb->count; k++) {
		assert_int_equal(
		    pc->at[pa->count + 1 + k], pb->at[k] + la + 1);
		assert_int_equal(pc->kind[pa->count + 1 + k], pb->kind[k]);
	}
}

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
	for (unsigned i = 0; i < n * n; i++)
		check_pair(lines[i / n], lines[i % n]);
}

/* Nothing but structure, up to the limit: there is room for all places. */
static void
test_full(void **unused)
{
	static char text[BYTES_MAX];
	const struct json_places *p = json_index_places(one);

	(void)unused;
	memset(text, '[', sizeof(text));
	assert_int_equal(
	    json_index_run(one, text, sizeof(text)), JSON_INDEX_OK);
	assert_int_equal(p->at[BYTES_MAX - 1], BYTES_MAX - 1);
	assert_int_equal(p->count, BYTES_MAX);
}

static void
test_paths(void **unused)
{
	(void)unused;
	assert_true(json_index_path("plain"));
	assert_string_equal(json_index_path_name(), "plain");
	assert_false(json_index_path("abacus"));
	assert_string_equal(json_index_path_name(), "plain");
	assert_true(json_index_path("auto"));
}

static int
open_all(void **unused)
{
	(void)unused;
	one = json_index_open(BYTES_MAX);
	other = json_index_open(BYTES_MAX);
	both = json_index_open(BYTES_MAX);
	return 0;
}

static int
close_all(void **unused)
{
	(void)unused;
	json_index_close(one);
	json_index_close(other);
	json_index_close(both);
	return 0;
}

int
main(void)
{
	static const char *const paths[] = {"avx512", "avx2", "plain"};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_slashes),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_full),
	};
	const struct CMUnitTest last[] = {cmocka_unit_test(test_paths)};
	int failed = 0;

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!json_index_path(paths[i])) {
			printf("skipped: no %s here\n", paths[i]);
			continue;
		}
		failed |= cmocka_run_group_tests_name(
		    paths[i], tests, open_all, close_all);
	}
	return failed | cmocka_run_group_tests(last, NULL, NULL);
}
