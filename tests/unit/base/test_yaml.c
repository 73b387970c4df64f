/*
 * Goal: the tree of a YAML file, the place of every byte of a scalar, and a
 * located error for each trap.
 * Method: small files; for places, a marker in the value must be found at the
 * marker in the file.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/yaml.h"

static struct arena *arena;
static struct diag *diag;
static char *report;

static const struct yaml *
parse(const char *text, size_t len)
{
	struct slice bytes = {text, len};
	const struct yaml *root;
	size_t size;
	FILE *out;

	root = yaml_parse_most(
	    arena, diag_file(diag, "f", bytes), bytes, diag);
	free(report);
	out = open_memstream(&report, &size);
	diag_print_json(diag, out);
	fclose(out);
	return root;
}

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	diag = diag_new();
	report = NULL;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	diag_free(diag);
	free(report);
	return 0;
}

static void
test_tree(void **state)
{
	static const char text[] = "\xef\xbb\xbf# c\r\nsector: food\r\n"
				   "é: 'it''s'\r\n"
				   "list: [a, \"b\\n\", no]\r\n"
				   "map:\r\n  k: {x: 1.10}\r\n";
	const struct yaml *root = parse(text, strlen(text)), *v;

	(void)state;
	assert_string_equal(report, "");
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->count, 4);
	v = yaml_get(root, "é");
	assert_string_equal(v->text.data, "it's");
	assert_true(v->quoted);
	assert_int_equal(v->raw.len, 7);
	assert_memory_equal(v->raw.data, "'it''s'", 7);
	assert_int_equal(v->place.line, 3);
	assert_int_equal(v->place.column, 4);
	assert_int_equal(v->place.width, 7);
	assert_int_equal(v->key_place.column, 1);
	v = yaml_get(root, "list");
	assert_int_equal(v->count, 3);
	assert_string_equal(v->first->next->text.data, "b\n");
	assert_string_equal(v->first->next->next->text.data, "no");
	v = yaml_get(yaml_get(yaml_get(root, "map"), "k"), "x");
	assert_string_equal(v->text.data, "1.10");
	assert_null(yaml_get(root, "none"));
}

static void
test_empty(void **state)
{
	const struct yaml *root = parse("", 0);

	(void)state;
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->count, 0);
	root = parse("# only a comment\n", 17);
	assert_int_equal(root->count, 0);
	assert_string_equal(report, "");
}

/* '!' is the marker: it stands once in the value and once in the file. */
static void
place_of_marker(const char *text)
{
	const struct yaml *v = yaml_get(parse(text, strlen(text)), "k");
	const char *in_value = memchr(v->text.data, '!', v->text.len);
	uint32_t line = 1, column = 1;
	struct place p;

	assert_non_null(in_value);
	for (const char *c = text; *c != '!'; c++) {
		if (*c == '\n') {
			line++;
			column = 1;
		} else if ((*c & 0xc0) != 0x80) {
			column++;
		}
	}
	p = yaml_place(v, (size_t)(in_value - v->text.data), 3);
	if (p.line != line || p.column != column || p.width != 3)
		fail_msg("%s: %u:%u width %u, not %u:%u", text, p.line,
		    p.column, p.width, line, column);
}

static void
test_places(void **state)
{
	static const char *const files[] = {
	    "k: é a !bc d\n",
	    "k: 'it''s !bc'\n",
	    "k: \"a \\\" \\u00e9 \\t\\x20 !bc\"\n",
	    "k: \"a\\\n   \\  b !bc\"\n",
	    "k: a\n  b\n\n  !bc d\n",
	    "k: 'a\n  b  \n  !bc d'\n",
	    "k: >\n  a é\n  b\n   c\n\n  !bc\n",
	    "k: >-  # why\n    a\n    !bc\n",
	    "k: |2\n   a\n  !bc\n",
	    "k: |\n  a\n\n  x !bc\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		place_of_marker(files[i]);
}

static void
test_place_limits(void **state)
{
	static const char text[] = "k: >\n  abc def\n  ghi\n";
	const struct yaml *v = yaml_get(parse(text, strlen(text)), "k");
	struct place p = yaml_place(v, 4, 7); /* def ghi: cut at the line */

	(void)state;
	assert_int_equal(p.line, 2);
	assert_int_equal(p.column, 7);
	assert_int_equal(p.width, 3);
	p = yaml_place(v, 1000, 5);
	assert_int_equal(p.line, 3);
}

/* A trap: the file, the code and the place that must be reported. */
static const struct {
	const char *text, *code;
	unsigned line, column;
} traps[] = {
    {"m: \"a b\" OR c\n", "yaml-quote", 1, 10},
    {"a: 1\nm: 'a b\nz: 2\n", "yaml-quote", 2, 4},
    {"m: 'a b\nz: 'c d'\n", "yaml-quote", 1, 4},
    {"m: {n: \"a\" b}\n", "yaml-quote", 1, 12},
    {"m: *a OR b\n", "yaml-start", 1, 4},
    {"m: *a\n", "yaml-alias", 1, 4},
    {"m: &a b\n", "yaml-anchor", 1, 4},
    {"m: !t b\n", "yaml-tag", 1, 4},
    {"m: `a`\n", "yaml-start", 1, 4},
    {"m: %a\n", "yaml-start", 1, 4},
    {"m: @a\n", "yaml-start", 1, 4},
    {"m:\n\tn: a\n", "yaml-tab", 2, 1},
    {"m:\n  n:x\n  o: y\n", "yaml-colon", 2, 4},
    {"m:\n\xc2\xa0 n: a\n", "yaml-blank", 2, 1},
    {"m:\n \xe3\x80\x80n:\n   o: a\n", "yaml-blank", 2, 2},
    {"m: a: b\n", "yaml-colon", 1, 5},
    {"m: > a b\n", "yaml-block", 1, 6},
    {"m: \"\\s\"\n", "yaml-escape", 1, 5},
    {"m:\n  - a\n  b: c\n", "yaml-syntax", 3, 3},
    {"m: {a b\n", "yaml-bracket", 1, 4},
    {"m: [a, b #c]\nn: o\n", "yaml-comment", 1, 10},
    {"m: [a #b,\n  c]\n", "yaml-comment", 1, 7},
    {"m: [a, b #c\n  , d]\n", "yaml-comment", 1, 9},
    {"m: a\n  n: b\n", "yaml-indent", 2, 3},
    {"m: 1\nm: 2\n", "repeated-key", 2, 1},
    {"<<: {a: b}\n", "yaml-merge", 1, 1},
    {"a: b\n---\nc: d\n", "yaml-documents", 2, 1},
    {"? [a]\n: b\n", "yaml-key", 1, 3},
    {"a: caf\xe9\n", "utf8", 1, 7},
    {"a: \"\\0\"\n", "nul", 1, 4},
    {"a: b\xe2\x80\xa8\n", "line-end", 1, 5},
    {"a: b\001\n", "control-character", 1, 5},
    {"a: b\rc: d\n", "line-end", 1, 5},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "yaml-depth", 1, 17},
    {"\xff\xfe"
     "a",
	"utf8", 0, 0},
};

static void
test_traps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++) {
		char want[100], code[60];

		teardown(NULL);
		setup(NULL);
		parse(traps[i].text, strlen(traps[i].text));
		snprintf(want, sizeof(want), "\"line\":%u,\"column\":%u,",
		    traps[i].line, traps[i].column);
		snprintf(code, sizeof(code), "\"code\":\"%s\"", traps[i].code);
		if (strstr(report, want) == NULL ||
		    strstr(report, code) == NULL)
			fail_msg("%s: want %s %s, got %s", traps[i].text, code,
			    want, report);
	}
}

static void
test_nul_byte(void **state)
{
	(void)state;
	parse("a: b\0c\n", 7);
	assert_non_null(strstr(report, "\"code\":\"nul\""));
}

/* One broken entry must not hide the others, nor its own name. */
static void
test_recovery(void **state)
{
	static const char text[] = "brands:\n"
				   "  a:\n    match: \"x\" y\n    name: A\n"
				   "  b:\n    match: ok\n"
				   "  c:\n    match: `z`\n"
				   "topics:\n  t: {m: 1}\n";
	const struct yaml *root = parse(text, strlen(text));
	const struct yaml *brands = yaml_get(root, "brands");

	(void)state;
	assert_int_equal(diag_errors(diag), 2);
	assert_int_equal(brands->count, 3);
	assert_true(yaml_get(brands, "a")->broken);
	assert_true(yaml_get(brands, "c")->broken);
	assert_string_equal(
	    yaml_get(yaml_get(brands, "b"), "match")->text.data, "ok");
	assert_non_null(yaml_get(yaml_get(root, "topics"), "t"));
}

static void
test_strict(void **state)
{
	struct slice bytes = SLICE("a: 1\na: 2\n");

	(void)state;
	assert_null(yaml_parse(
	    arena, diag_file(diag, "f", bytes), bytes, diag));
	assert_int_equal(diag_errors(diag), 1);
}

static void
test_at_signs(void **state)
{
	static const char text[] = "own: [@kitkat, '@x']\nm: a OR @b\n";
	const struct yaml *root = parse(text, strlen(text));

	(void)state;
	assert_int_equal(diag_errors(diag), 0);
	assert_int_equal(diag_warnings(diag), 1);
	assert_string_equal(
	    yaml_get(root, "own")->first->text.data, "@kitkat");
	assert_string_equal(
	    yaml_get(root, "own")->first->next->text.data, "@x");
	assert_string_equal(yaml_get(root, "m")->text.data, "a OR @b");
}

static void
test_tail(void **state)
{
	static const char text[] = "a: x OR #y OR z  \nb: #t\nc: d # why\n"
				   "d: 'q' #e\n";
	const struct yaml *root = parse(text, strlen(text));
	struct slice tail = yaml_get(root, "a")->tail;

	(void)state;
	assert_string_equal(report, "");
	assert_int_equal(tail.len, 7);
	assert_memory_equal(tail.data, "#y OR z", 7);
	assert_int_equal(yaml_get(root, "b")->tail.len, 2);
	assert_null(yaml_get(root, "c")->tail.data);
	assert_null(yaml_get(root, "d")->tail.data);
}

static void
test_many_keys(void **state)
{
	char text[4000];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 200; i++)
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "k%d: %d\n", i, i);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "k7: x\nk150: y\n");
	parse(text, n);
	assert_int_equal(diag_errors(diag), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_tree),
	    TEST(test_empty),
	    TEST(test_places),
	    TEST(test_place_limits),
	    TEST(test_traps),
	    TEST(test_nul_byte),
	    TEST(test_recovery),
	    TEST(test_strict),
	    TEST(test_at_signs),
	    TEST(test_tail),
	    TEST(test_many_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
