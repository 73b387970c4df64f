/*
 * Goal: the reader of small JSON takes what RFC 8259 allows and nothing else,
 * and gives back what was written.  Method: a table of texts with the pieces
 * that come out, one letter each.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/json.h"

static void
pieces_are(const char *text, const char *want)
{
	static const char letters[] = ".!{}[]ks0tfn";
	char got[128] = "";
	size_t n = 0;
	struct json j;
	enum json_kind kind;

	json_init(&j, slice_of(text));
	do {
		kind = json_next(&j);
		assert_true(n + 1 < sizeof(got));
		got[n++] = letters[kind];
	} while (kind != JSON_END && kind != JSON_BROKEN);
	got[n] = '\0';
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s", text, got, want);
}

static void
pieces(void **state)
{
	(void)state;
	pieces_are("{}", "{}.");
	pieces_are(" [ ] \n", "[].");
	pieces_are("{\"a\":1,\"b\":[true,false,null]}", "{k0k[tfn]}.");
	pieces_are("\"x\"", "s.");
	pieces_are("-0.5e+3", "0.");
	pieces_are("[[{\"a\":{}}]]", "[[{k{}}]].");
	pieces_are("", "!");
	pieces_are("{", "{!");
	pieces_are("{\"a\"}", "{!");
	pieces_are("{\"a\":}", "{k!");
	pieces_are("{\"a\":1,}", "{k0!");
	pieces_are("[1,]", "[0!");
	pieces_are("[1 2]", "[0!");
	pieces_are("[1}", "[0!");
	pieces_are("{} {}", "{}!");
	pieces_are("01", "0!");
	pieces_are("1.", "!");
	pieces_are("+1", "!");
	pieces_are("nul", "!");
	pieces_are("\"a\nb\"", "!");
	pieces_are("\"\\x\"", "!");
	pieces_are("\"\\u12g4\"", "!");
	pieces_are("\"open", "!");
	pieces_are("]", "!");
}

static void
depth_is_bounded(void **state)
{
	char text[2 * JSON_READ_DEPTH + 3] = "";
	struct json j;

	(void)state;
	memset(text, '[', JSON_READ_DEPTH);
	memset(text + JSON_READ_DEPTH, ']', JSON_READ_DEPTH);
	json_init(&j, slice_of(text));
	assert_true(json_skip(&j));
	assert_int_equal(json_next(&j), JSON_END);
	memset(text, '[', JSON_READ_DEPTH + 1);
	memset(text + JSON_READ_DEPTH + 1, ']', JSON_READ_DEPTH + 1);
	json_init(&j, slice_of(text));
	assert_false(json_skip(&j));
}

static void
text_is(const char *json, const char *want)
{
	struct buf out = {0};
	struct json j;

	json_init(&j, slice_of(json));
	assert_int_equal(json_next(&j), JSON_TEXT);
	json_text(&j, &out);
	buf_char(&out, '\0');
	assert_string_equal(out.data, want);
	buf_fini(&out);
}

static void
texts(void **state)
{
	(void)state;
	text_is("\"caf\\u00e9 \\n\\t\\\"\\\\\\/\"", "caf\xc3\xa9 \n\t\"\\/");
	text_is("\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!");
	text_is("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80");
	text_is("\"\\ud83d\"", "\xef\xbf\xbd");
	text_is("\"\\ud83d\\u0041\"", "\xef\xbf\xbd""A");
	text_is("\"\\u20AC\"", "\xe2\x82\xac");
	text_is("\"\"", "");
}

static void
skipping(void **state)
{
	struct json j;

	(void)state;
	json_init(&j, slice_of("{\"a\":[1,{\"b\":2}],\"c\":3}"));
	assert_int_equal(json_next(&j), JSON_OBJECT);
	assert_int_equal(json_next(&j), JSON_KEY);
	assert_true(json_is(&j, "a"));
	assert_true(json_skip(&j));
	assert_int_equal(json_next(&j), JSON_KEY);
	assert_true(json_is(&j, "c"));
	assert_true(json_skip(&j));
	assert_int_equal(json_next(&j), JSON_OBJECT_END);
	assert_int_equal(json_next(&j), JSON_END);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(texts),
	    cmocka_unit_test(skipping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
