/*
 * Goal: every field of the flat format, every wrong type that the table of
 * decode_field.h names, and the verdicts on lines that are no post.
 * Method: one line each, all of the post compared as a line of text.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

static struct lines lines;

static void
expect(const char *text, const char *post)
{
	lines_expect(&lines, "vigie", text, post);
	lines_expect(&lines, "auto", text, post);
}

static void
refuse(const char *text, enum decode_result result, const char *reason)
{
	assert_int_equal(lines_one(&lines, "auto", text), result);
	assert_string_equal(lines.line.reason, reason);
	assert_true(lines.line.error_at <= lines.line.len);
}

static void
test_all_fields(void **unused)
{
	(void)unused;
	expect("{\"id\":\"7\",\"source\":\"forum\",\"kind\":\"review\","
	       "\"author\":{\"id\":\"u1\",\"handle\":\"@ann\",\"name\":\"Ann\","
	       "\"followers\":12,\"verified\":true},\"text\":\"hello\","
	       "\"title\":\"Hi\",\"lang\":\"en\","
	       "\"ts\":\"2010-03-17T09:05:00.250Z\",\"seen\":1268816705,"
	       "\"reach\":900,\"likes\":1,\"reposts\":2,\"replies\":3,"
	       "\"views\":4,\"parent_id\":\"p\",\"root_id\":\"r\","
	       "\"repost_of\":\"x\",\"quote_of\":\"q\",\"url\":\"http://u\","
	       "\"links\":[\"http://a\",\"http://b\"],\"tags\":[\"t\"],"
	       "\"mentions\":[\"m\"],\"country\":\"FR\",\"edited\":true,"
	       "\"channel\":\"r/food\",\"to\":\"@bob\",\"media\":[\"a.png\"],"
	       "\"deleted\":true,\"brand\":{\"unknown\":[1,{}]}}",
	    " id=\"7\" source=\"forum\" kind=6 author=\"u1\" handle=\"ann\""
	    " name=\"Ann\" followers=12 title=\"Hi\" text=\"hello\""
	    " lang=\"en\" ts=1268816700250 seen=1268816705000 reach=900"
	    " likes=1 reposts=2 replies=3 views=4 parent=\"p\" root=\"r\""
	    " repost_of=\"x\" quote_of=\"q\" url=\"http://u\""
	    " link=\"http://a\" link=\"http://b\" tag=\"t\" mention=\"m\""
	    " country=\"FR\" channel=\"r/food\" to=\"bob\" verified edited"
	    " deleted media");
}

static void
test_nulls_are_unknown(void **unused)
{
	(void)unused;
	expect("{\"id\":null,\"source\":null,\"kind\":null,\"author\":null,"
	       "\"text\":\"x\",\"title\":null,\"lang\":null,\"ts\":null,"
	       "\"seen\":null,\"reach\":null,\"likes\":null,\"links\":null,"
	       "\"followers\":null,\"parent_id\":null,\"edited\":null}",
	    " text=\"x\"");
}

static void
test_media(void **unused)
{
	static const char *const with[] = {"true", "2", "[{\"url\":\"u\"}]"};
	static const char *const without[] = {
	    "false", "0", "[]", "null", "{}", "\"x\""};
	char text[96];

	(void)unused;
	for (unsigned i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "{\"text\":\"x\",\"media\":%s}",
		    with[i]);
		expect(text, " text=\"x\" media");
	}
	for (unsigned i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "{\"text\":\"x\",\"media\":%s}",
		    without[i]);
		expect(text, " text=\"x\"");
	}
}

static void
test_kinds(void **unused)
{
	static const char *const kinds[] = {"post", "reply", "repost", "quote",
	    "comment", "article", "review", "media"};
	char text[96];

	(void)unused;
	for (unsigned i = 0; i < 8; i++) {
		snprintf(text, sizeof(text),
		    "{\"text\":\"x\",\"kind\":\"%s\"}", kinds[i]);
		assert_int_equal(
		    lines_one(&lines, "vigie", text), DECODE_POST);
		assert_int_equal(lines.post.kind, i == 7 ? 0 : i);
	}
}

static void
test_authors(void **unused)
{
	(void)unused;
	expect("{\"text\":\"x\",\"author\":\"ann\"}",
	    " author=\"ann\" handle=\"ann\" text=\"x\"");
	expect("{\"text\":\"x\",\"author\":42}",
	    " author=\"42\" handle=\"42\" text=\"x\"");
	expect("{\"text\":\"x\",\"author\":true}", " text=\"x\"");
	expect("{\"text\":\"x\",\"author\":{\"id\":9,\"followers\":3}}",
	    " author=\"9\" followers=3 text=\"x\"");
	expect("{\"text\":\"x\",\"followers\":5,\"author\":{\"followers\":3}}",
	    " followers=5 text=\"x\"");
	expect("{\"author\":{\"id\":\"a\",\"name\":\"A\"},\"text\":\"x\","
	       "\"author\":{\"handle\":\"b\"}}",
	    " handle=\"b\" text=\"x\"");
}

static void
test_last_key_wins(void **unused)
{
	(void)unused;
	expect("{\"text\":\"a\",\"links\":[\"1\",\"2\"],\"text\":\"b\","
	       "\"links\":[\"3\"],\"ts\":1,\"ts\":null}",
	    " text=\"b\" link=\"3\"");
}

static void
test_escapes(void **unused)
{
	(void)unused;
	expect("{\"t\\u0065xt\":\"caf\\u00e9 \\ud83d\\ude00 \\\"q\\\" \\/"
	       " \\ud83d! \\udE00\\n\",\"\\u0069d\":\"\\u0031\"}",
	    " id=\"1\" text=\"caf\xc3\xa9 \xf0\x9f\x98\x80 \\\"q\\\" /"
	    " \xef\xbf\xbd! \xef\xbf\xbd\\n\"");
	assert_int_equal(
	    lines_one(&lines, "vigie", "{\"text\":\"a\\u0000b\"}"),
	    DECODE_POST);
	assert_int_equal(lines.post.text.len, 3);
	assert_memory_equal(lines.post.text.data, "a\0b", 3);
	refuse("{\"text\":\"a\\x\"}", DECODE_BAD_JSON, "no such escape");
	refuse("{\"text\":\"a\\u12g4\"}", DECODE_BAD_JSON, "no such escape");
	refuse("{\"text\":\"a\\u12\"}", DECODE_BAD_JSON, "no such escape");
	refuse("{\"te\\qxt\":1,\"text\":\"a\"}", DECODE_BAD_JSON,
	    "no such escape");
	expect("{\"text\":\"x\",\"other\":\"\\q\"}", " text=\"x\"");
}

static void
test_times(void **unused)
{
	(void)unused;
	expect("{\"text\":\"x\",\"ts\":1268816700}",
	    " text=\"x\" ts=1268816700000");
	expect("{\"text\":\"x\",\"ts\":1268816700123}",
	    " text=\"x\" ts=1268816700123");
	expect("{\"text\":\"x\",\"ts\":\"1268816700123\"}",
	    " text=\"x\" ts=1268816700123");
	expect("{\"text\":\"x\",\"ts\":1.2688167e9}",
	    " text=\"x\" ts=1268816700000");
	expect("{\"text\":\"x\",\"ts\":\"2010-03-17T10:05:00+01:00\"}",
	    " text=\"x\" ts=1268816700000");
	expect("{\"text\":\"x\",\"ts\":\"yesterday\",\"seen\":-5}",
	    " text=\"x\"");
	expect("{\"text\":\"x\",\"ts\":\"2010-03-17T09:65:00Z\"}",
	    " text=\"x\"");
	expect("{\"text\":\"x\",\"ts\":\"2010-03-17T23:59:60Z\"}",
	    " text=\"x\" ts=1268870399000");
}

/* The date is kept from one line to the next: wrong ones must not be. */
static void
test_days(void **unused)
{
	(void)unused;
	expect("{\"text\":\"x\",\"ts\":\"2010-03-17T00:00:01Z\"}",
	    " text=\"x\" ts=1268784001000");
	expect("{\"text\":\"x\",\"ts\":\"2010-03-18T00:00:01.001Z\"}",
	    " text=\"x\" ts=1268870401001");
	expect("{\"text\":\"x\",\"ts\":\"2010-02-30T00:00:01Z\"}",
	    " text=\"x\"");
	expect("{\"text\":\"x\",\"ts\":\"2010-02-30T00:00:01Z\"}",
	    " text=\"x\"");
	expect("{\"text\":\"x\",\"ts\":\"2010-03-18T00:00:0xZ\"}",
	    " text=\"x\"");
}

/* What is kept of the line before, a minute or a day, changes nothing: a time
 * with one byte changed is what reading it alone says. */
static void
test_minutes(void **unused)
{
	static const char *const times[] = {"2010-03-17T09:05:00.250Z",
	    "2010-03-17T09:05:59Z", "1970-01-01T00:00:00.000Z"};
	static const char others[] = "0123456789:.TtZ-+ /;x\x7f";

	(void)unused;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		size_t len = strlen(times[i]);

		for (size_t j = 0; j < len * (sizeof(others) - 1); j++) {
			char text[32], line[64];
			int64_t ms = TIME_NONE;

			snprintf(line, sizeof(line),
			    "{\"text\":\"x\",\"ts\":\"%s\"}", times[i]);
			assert_int_equal(
			    lines_one(&lines, "auto", line), DECODE_POST);
			memcpy(text, times[i], len + 1);
			text[j % len] = others[j / len];
			snprintf(line, sizeof(line),
			    "{\"text\":\"x\",\"ts\":\"%s\"}", text);
			if (!clock_parse((struct slice){text, len}, &ms))
				ms = TIME_NONE;
			assert_int_equal(
			    lines_one(&lines, "auto", line), DECODE_POST);
			assert_int_equal(lines.post.ts_ms, ms);
		}
	}
}

static void
test_counts(void **unused)
{
	(void)unused;
	expect("{\"text\":\"x\",\"likes\":0,\"views\":123456789012345678,"
	       "\"reach\":1e3,\"replies\":2.9,\"reposts\":\"77\"}",
	    " text=\"x\" reach=1000 likes=0 reposts=77 replies=2"
	    " views=123456789012345678");
	expect("{\"text\":\"x\",\"likes\":-1,\"views\":99999999999999999999,"
	       "\"reach\":\"many\",\"replies\":true,\"reposts\":[1]}",
	    " text=\"x\" views=9223372036854775807");
	refuse("{\"text\":\"x\",\"likes\":01}", DECODE_BAD_JSON,
	    "malformed number");
	refuse("{\"text\":\"x\",\"likes\":1.}", DECODE_BAD_JSON,
	    "malformed number");
	refuse("{\"text\":\"x\",\"likes\":-}", DECODE_BAD_JSON,
	    "malformed number");
	refuse("{\"text\":\"x\",\"likes\":12a}", DECODE_BAD_JSON,
	    "malformed number");
	refuse("{\"text\":\"x\",\"likes\":nul}", DECODE_BAD_JSON,
	    "no such word");
}

static void
test_wrong_types(void **unused)
{
	(void)unused;
	refuse("{\"text\":7}", DECODE_BAD_FIELD, "text is no string");
	refuse("{\"text\":[\"a\"]}", DECODE_BAD_FIELD, "text is no string");
	refuse("{\"text\":\"x\",\"title\":{}}", DECODE_BAD_FIELD,
	    "title is no string");
	refuse("{\"text\":\"x\",\"id\":{}}", DECODE_BAD_FIELD,
	    "an id that is no string or number");
	refuse("{\"text\":\"x\",\"id\":1.5}", DECODE_BAD_FIELD,
	    "an id that is no whole number");
	refuse("{\"text\":\"x\",\"ts\":true}", DECODE_BAD_FIELD,
	    "a time of a wrong type");
	assert_int_equal(lines.line.error_at, 17);
	expect("{\"text\":\"x\",\"id\":12345678901234567890123}",
	    " id=\"12345678901234567890123\" text=\"x\"");
	expect("{\"text\":\"x\",\"lang\":3,\"source\":[],\"url\":{},"
	       "\"edited\":\"yes\",\"deleted\":0,\"tags\":\"one\","
	       "\"links\":[\"a\",3,null,[\"b\"],\"c\"]}",
	    " text=\"x\" link=\"a\" link=\"c\" tag=\"one\"");
}

static void
test_needs(void **unused)
{
	(void)unused;
	refuse("{}", DECODE_BAD_EMPTY, "no text, title or deletion");
	refuse("{\"id\":\"1\"}", DECODE_BAD_EMPTY,
	    "no text, title or deletion");
	refuse("{\"deleted\":true}", DECODE_BAD_EMPTY,
	    "no text, title or deletion");
	expect("{\"id\":\"1\",\"deleted\":true}", " id=\"1\" deleted");
	expect("{\"title\":\"t\"}", " title=\"t\"");
	expect("{\"text\":\"\"}", " text=\"\"");
}

static void
test_list_limit(void **unused)
{
	struct buf text = {0};

	(void)unused;
	buf_text(&text, "{\"text\":\"x\",\"tags\":[\"0\"");
	for (unsigned i = 1; i <= POST_LIST_MAX; i++)
		buf_printf(&text, ",\"%u\"", i);
	buf_text(&text, "]}");
	buf_char(&text, '\0');
	assert_int_equal(lines_one(&lines, "auto", text.data), DECODE_POST);
	assert_int_equal(lines.post.tags.count, POST_LIST_MAX);
	assert_true(lines.line.lists_cut);
	assert_int_equal(
	    lines_one(&lines, "auto", "{\"text\":\"x\"}"), DECODE_POST);
	assert_false(lines.line.lists_cut);
	buf_fini(&text);
}

static int
close_lines(void **unused)
{
	(void)unused;
	lines_end(&lines);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_fields),
	    cmocka_unit_test(test_nulls_are_unknown),
	    cmocka_unit_test(test_media),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_authors),
	    cmocka_unit_test(test_last_key_wins),
	    cmocka_unit_test(test_escapes),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_days),
	    cmocka_unit_test(test_minutes),
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_wrong_types),
	    cmocka_unit_test(test_needs),
	    cmocka_unit_test(test_list_limit),
	};

	return cmocka_run_group_tests(tests, NULL, close_lines);
}
