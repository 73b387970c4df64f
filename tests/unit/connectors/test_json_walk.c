/*
 * Goal: the walker accepts and refuses by the grammar what it enters, skips
 * the rest by depth, ends every loop after an error, and unescapes in place.
 * Method: a reader that enters everything, on many texts; marks and sieves.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

#include "connectors/json_unescape.h"
#include "connectors/json_walk.h"
#include "engine/base/cpu.h"
#include "engine/base/rand.h"

#define BYTES_MAX 8192

static struct json_index *line_index;
static struct json_walk walk;
static char bytes[BYTES_MAX + BATCH_PADDING], scratch[BYTES_MAX + 64];

/* Stand before the value; false: the index refuses. */
static bool
start(const char *text)
{
	size_t len = strlen(text);

	memset(bytes, ',', sizeof(bytes));
	memcpy(bytes, text, len);
	if (json_index_run(line_index, bytes, len) != JSON_INDEX_OK)
		return false;
	walk.scratch = scratch;
	json_walk_over(&walk, bytes, json_index_places(line_index));
	json_walk_start(&walk, 0);
	return true;
}

/* Enter and write down all that is there; depth is bounded by the texts. */
static void
copy(struct buf *out, unsigned depth)
{
	struct slice s;

	assert_in_range(depth, 0, 20);
	switch (json_walk_kind(&walk)) {
	case JSON_OBJECT:
		buf_char(out, '{');
		json_walk_open(&walk);
		while (json_walk_key(&walk, &s, JSON_KEY_ANY)) {
			buf_json(out, s);
			buf_char(out, ':');
			copy(out, depth + 1);
			buf_char(out, ';');
		}
		buf_char(out, '}');
		return;
	case JSON_ARRAY:
		buf_char(out, '[');
		json_walk_open(&walk);
		while (json_walk_item(&walk)) {
			copy(out, depth + 1);
			buf_char(out, ';');
		}
		buf_char(out, ']');
		return;
	case JSON_STRING:
		json_walk_string(&walk, &s);
		buf_json(out, s);
		return;
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		buf_slice_put(out, json_walk_scalar(&walk));
		return;
	default:
		json_walk_skip(&walk);
	}
}

static void
accept(const char *text, const char *copied)
{
	struct buf out = {0};

	assert_true(start(text));
	copy(&out, 0);
	buf_char(&out, '\0');
	assert_int_equal(walk.result, DECODE_POST);
	assert_int_equal(json_walk_kind(&walk), JSON_END);
	assert_int_equal(walk.depth, 0);
	assert_string_equal(out.data, copied);
	buf_fini(&out);
}

static void
refuse(const char *text, const char *reason, uint32_t at)
{
	struct buf out = {0};
	struct slice s;

	assert_true(start(text));
	copy(&out, 0);
	assert_int_equal(walk.result, DECODE_BAD_JSON);
	assert_string_equal(walk.reason, reason);
	assert_int_equal(walk.error_at, at);
	for (unsigned i = 0; i < 50; i++) { /* nothing goes on from here */
		assert_false(json_walk_key(&walk, &s, JSON_KEY_ANY));
		assert_false(json_walk_item(&walk));
		assert_false(json_walk_open(&walk));
		assert_int_equal(json_walk_kind(&walk), JSON_WRONG);
		json_walk_skip(&walk);
	}
	assert_string_equal(walk.reason, reason);
	buf_fini(&out);
}

static void
test_accepted(void **unused)
{
	(void)unused;
	accept("{}", "{}");
	accept(" { } ", "{}");
	accept("[]", "[]");
	accept("{\"a\":1,\"b\" : [ true , null ] , \"\":\"\"}",
	    "{\"a\":1;\"b\":[true;null;];\"\":\"\";}");
	accept("[[],{},[{}]]", "[[];{};[{};];]");
	accept("{\"a\":{\"b\":{\"c\":[1]}},\"d\":2}",
	    "{\"a\":{\"b\":{\"c\":[1;];};};\"d\":2;}");
	accept("{\"k\\u0065y\":\"\\u00e9\\n\",\"x\":\"\\\\\"}",
	    "{\"key\":\"\xc3\xa9\\n\";\"x\":\"\\\\\";}");
}

static void
test_refused(void **unused)
{
	(void)unused;
	refuse("{", "not closed", 1);
	refuse("[", "not closed", 1);
	refuse("[1", "not closed", 2);
	refuse("{\"a\":1", "not closed", 6);
	refuse("{\"a\":1,", "not closed", 7);
	refuse("{\"a\"", "no colon behind a key", 4);
	refuse("{\"a\":", "no value here", 5);
	refuse("{\"a\":}", "no value here", 5);
	refuse("{\"a\":,\"b\":1}", "no value here", 5);
	refuse("{\"a\"}", "no colon behind a key", 4);
	refuse("{\"a\" \"b\"}", "no colon behind a key", 5);
	refuse("{a:1}", "no comma or closing brace here", 1);
	refuse("{1:1}", "no comma or closing brace here", 1);
	refuse("{,\"a\":1}", "comma too early", 1);
	refuse("[,1]", "comma too early", 1);
	refuse("{\"a\":1,}", "no key here", 7);
	refuse("{\"a\":1,,\"b\":2}", "no key here", 7);
	refuse("[1,]", "no value here", 3);
	refuse("[1,,2]", "no value here", 3);
	refuse("[1 2]", "no comma or closing bracket here", 3);
	refuse("[1:2]", "no comma or closing bracket here", 2);
	refuse("{\"a\":1 \"b\":2}", "no comma or closing brace here", 7);
	refuse("{\"a\":1]", "no comma or closing brace here", 6);
	refuse("[1}", "no comma or closing bracket here", 2);
	refuse("{\"a\":\"b\"c}", "no comma or closing brace here", 8);
	refuse("{\"a\":1\f}", "no comma or closing brace here", 6);
	refuse("{\"a\":@}", "no value here", 5);
	refuse("{\"a\\x\":1}", "no such escape", 7);
}

/* By depth alone: neither kind of bracket nor words matter. */
static void
test_skip(void **unused)
{
	struct slice key, s;

	(void)unused;
	assert_true(start("{\"a\":{\"x\":[1,{]]},\"b\":[nul,],\"c\":\"z\"}"));
	json_walk_open(&walk);
	while (json_walk_key(&walk, &key, JSON_KEY("c")) &&
	    !slice_is(key, "c"))
		json_walk_skip(&walk);
	assert_true(slice_is(key, "c"));
	assert_true(json_walk_string(&walk, &s));
	assert_true(slice_is(s, "z"));
	assert_false(json_walk_key(&walk, &key, JSON_KEY("c")));
	assert_int_equal(walk.result, DECODE_POST);
	assert_int_equal(json_walk_kind(&walk), JSON_END);
}

static enum decode_result
skip_nested(unsigned depth)
{
	struct buf text = {0};
	struct slice key;

	buf_text(&text, "{\"a\":");
	for (unsigned i = 1; i < depth; i++)
		buf_char(&text, '[');
	for (unsigned i = 1; i < depth; i++)
		buf_char(&text, ']');
	buf_text(&text, "}");
	buf_char(&text, '\0');
	assert_true(start(text.data));
	buf_fini(&text);
	json_walk_open(&walk);
	while (json_walk_key(&walk, &key, 0))
		json_walk_skip(&walk);
	return walk.result;
}

static void
test_depth(void **unused)
{
	(void)unused;
	assert_int_equal(skip_nested(JSON_DEPTH_MAX), DECODE_POST);
	assert_int_equal(skip_nested(JSON_DEPTH_MAX + 1), DECODE_BAD_DEPTH);
}

/* Back to a value in front of escapes that were met since. */
static void
test_marks(void **unused)
{
	struct json_mark first, end;
	struct slice key, s;

	(void)unused;
	assert_true(start("{\"a\":\"1\\t2\",\"b\":\"3\\t4\"}"));
	json_walk_open(&walk);
	assert_true(json_walk_key(&walk, &key, JSON_KEY("a")));
	first = json_walk_mark(&walk);
	json_walk_skip(&walk);
	assert_true(json_walk_key(&walk, &key, JSON_KEY("b")));
	json_walk_string(&walk, &s);
	assert_true(slice_is(s, "3\t4"));
	end = json_walk_mark(&walk);
	json_walk_return(&walk, first);
	json_walk_string(&walk, &s);
	assert_true(slice_is(s, "1\t2"));
	json_walk_return(&walk, end);
	assert_false(json_walk_key(&walk, &key, JSON_KEY_ANY));
	assert_int_equal(walk.result, DECODE_POST);
}

static void
number(const char *text, bool good, int64_t whole, bool exact)
{
	int64_t v = -7;
	bool e = false;
	struct slice s = slice_of(text);

	assert_int_equal(json_unescape_number(s, &v, &e), good);
	if (good) {
		assert_int_equal(v, whole);
		assert_int_equal(e, exact);
	}
}

static void
test_numbers(void **unused)
{
	(void)unused;
	number("0", true, 0, true);
	number("-0", true, 0, true);
	number("-12", true, -12, true);
	number("9223372036854775807", true, INT64_MAX, true);
	number("9223372036854775808", true, INT64_MAX, false);
	number("-1e99", true, -INT64_MAX, false);
	number("1.75e2", true, 175, false);
	number("1.759e2", true, 175, false);
	number("12e-1", true, 1, false);
	number("1e-999999999999999999999", true, 0, false);
	number("0e999999999999999999999", true, 0, false);
	number("0.0001e4", true, 1, false);
	number("", false, 0, false);
	number("-", false, 0, false);
	number("01", false, 0, false);
	number("1.", false, 0, false);
	number(".5", false, 0, false);
	number("1e", false, 0, false);
	number("1e+", false, 0, false);
	number("+1", false, 0, false);
	number("1 ", false, 0, false);
	number("1\"b\"", false, 0, false);
}

/* All lengths, against the plain way. */
static void
test_digits(void **unused)
{
	char text[48] = {0};

	(void)unused;
	for (unsigned len = 1; len <= 20; len++) {
		uint64_t v = 0, want = 0;

		memset(text, ':', sizeof(text));
		for (unsigned i = 0; i < len; i++) {
			text[i] = (char)('1' + (i * 7 + len) % 9);
			want = want * 10 + (uint64_t)(text[i] - '0');
		}
		assert_int_equal(json_unescape_digits(
				     (struct slice){text, len}, &v), len <= 18);
		if (len <= 18)
			assert_true(v == want);
		for (unsigned i = 0; i < len && len <= 18; i++) {
			char was = text[i];

			text[i] = i % 2 ? '/' : ':';
			assert_false(json_unescape_digits(
			    (struct slice){text, len}, &v));
			text[i] = (char)(was | 0x80);
			assert_false(json_unescape_digits(
			    (struct slice){text, len}, &v));
			text[i] = was;
		}
	}
	assert_false(json_unescape_digits(SLICE("012345678"), &(uint64_t){0}));
	assert_false(json_unescape_digits(SLICE(""), &(uint64_t){0}));
}

/* Both paths write the same and refuse the same, wherever blocks end. */
static void
test_escapes(void **unused)
{
	static const char *const parts[] = {"\\n", "\\\"", "\\\\", "\\/",
	    "\\t", "\\\\\\\\", "word", "x", "\xc3\xa9", "\\u00e9",
	    "\\ud83d\\ude00", "\\", "\\x", "\\\xc3\xae"};
	char plain[BYTES_MAX], fast[BYTES_MAX];
	struct rand r;

	(void)unused;
	if (cpu_level() < CPU_AVX512) {
		printf("skipped: no avx512 here\n");
		return;
	}
	rand_seed(&r, 1789);
	for (unsigned i = 0; i < 20000; i++) {
		/* mostly without the last ones, which end it */
		uint32_t sorts = i % 4 == 0 ? 14 : i % 4 == 1 ? 11 : 9;
		struct buf text = {0};
		struct slice exact;
		char *one, *other, *copy;

		for (unsigned n = 1 + rand_below(&r, 60); n > 0; n--)
			buf_text(&text, parts[rand_below(&r, sorts)]);
		copy = malloc(text.len + JSON_UNESCAPE_SLACK);
		assert_non_null(copy);
		memset(copy, 'n', text.len + JSON_UNESCAPE_SLACK);
		memcpy(copy, text.data, text.len);
		exact = (struct slice){copy, text.len};
		one = json_unescape_plain(plain, exact);
		other = json_unescape_avx512(fast, exact);
		assert_int_equal(one == NULL, other == NULL);
		if (one != NULL) {
			assert_int_equal(one - plain, other - fast);
			assert_memory_equal(
			    plain, fast, (size_t)(one - plain));
		}
		free(copy);
		buf_fini(&text);
	}
}

static int
open_all(void **unused)
{
	(void)unused;
	line_index = json_index_open(BYTES_MAX);
	return 0;
}

static int
close_all(void **unused)
{
	(void)unused;
	json_index_close(line_index);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accepted),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_skip),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_digits),
	    cmocka_unit_test(test_escapes),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
