/*
 * Goal: what is built in a buffer is exactly what was asked for; JSON strings
 * are always valid.
 * Method: values at the edges of each writer, compared as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"

static struct buf buf;

static const char *
taken(void)
{
	buf_char(&buf, '\0');
	buf_clear(&buf);
	return buf.data;
}

static void
bytes(void **state)
{
	struct buf big = {0};

	(void)state;
	buf_text(&buf, "ab");
	buf_char(&buf, 'c');
	buf_put(&buf, "de", 2);
	buf_put(&buf, NULL, 0);
	buf_slice_put(&buf, SLICE("f"));
	buf_printf(&buf, "%s-%03d", "g", 7);
	assert_string_equal(taken(), "abcdefg-007");
	for (int i = 0; i < 100000; i++)
		buf_char(&big, (char)('a' + i % 26));
	assert_int_equal(big.len, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(big.data[i], 'a' + i % 26);
	memcpy(buf_reserve(&big, 300000), "xyz", 3);
	assert_true(big.room - big.len >= 300000);
	assert_int_equal(big.len, 100000);
	buf_fini(&big);
	assert_null(big.data);
	assert_int_equal(big.room, 0);
}

static void
numbers(void **state)
{
	(void)state;
	buf_int(&buf, 0);
	buf_char(&buf, ' ');
	buf_int(&buf, INT64_MIN);
	buf_char(&buf, ' ');
	buf_int(&buf, INT64_MAX);
	assert_string_equal(
	    taken(), "0 -9223372036854775808 9223372036854775807");
}

#define SAME(...)                                            \
	do {                                                 \
		char libc[400];                              \
                                                             \
		snprintf(libc, sizeof(libc), __VA_ARGS__);   \
		buf_printf(&buf, __VA_ARGS__);               \
		assert_string_equal(taken(), libc);          \
	} while (0)

static void
formats(void **state)
{
	static const int64_t values[] = {0, 1, -1, 7, 42, 99, 255, -256,
	    65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};

	(void)state;
	for (unsigned i = 0; i < sizeof(values) / sizeof(*values); i++) {
		int64_t v = values[i];

		SAME("%d|%u|%x|%03d|%02x|%011u", (int)v, (unsigned)v,
		    (unsigned)v, (int)v, (unsigned)v, (unsigned)v);
		SAME("%lld|%llu|%016llx|%ld|%zu|%024lld|%025lld", (long long)v,
		    (unsigned long long)v, (unsigned long long)v, (long)v,
		    (size_t)v, (long long)v, (long long)v);
		/* Left to libc, from the beginning. */
		SAME("%s: %5d, %-5d, %#x, %+lld, %.2f, %s", "x", (int)v,
		    (int)v, (unsigned)v, (long long)v, (double)v, "y");
	}
	SAME("100 %% of %s%c", "it", '!');
	SAME("%.*s|%.*s|%.*s", 3, "abcdef", 0, "abc", 9, "abc");
	SAME("%.*s|%.3s|%8s|%-8s|%8.*s", -1, "abc", "abcdef", "r", "l", 2,
	    "cut");
	SAME("%s|%200s|%s|%*u|%-*d|%*s", "", "far", "", 6, 42u, 5, -7, 4,
	    "x");
}

/* Also where what was put fills the room there is. */
static void
ends(void **state)
{
	static const char text[] = "0123456789012345678901234567890123456789"
				   "0123456789012345678901234567890123456789";

	(void)state;
	for (int n = 0; n < (int)sizeof(text); n++) {
		struct buf fresh = {0};

		buf_printf(&fresh, "%.*s", n, text);
		assert_int_equal(fresh.len, n);
		assert_int_equal(fresh.data[n], '\0');
		buf_fini(&fresh);
	}
}

static const char *
fixed(int64_t v, unsigned scale, unsigned digits)
{
	buf_fixed(&buf, v, scale, digits);
	return taken();
}

static void
decimals(void **state)
{
	(void)state;
	assert_string_equal(fixed(1234567, 6, 2), "1.23");
	assert_string_equal(fixed(1235000, 6, 2), "1.24");
	assert_string_equal(fixed(-1235000, 6, 2), "-1.24");
	assert_string_equal(fixed(-1, 6, 2), "0.00");
	assert_string_equal(fixed(5000, 6, 2), "0.01");
	assert_string_equal(fixed(4999, 6, 2), "0.00");
	assert_string_equal(fixed(999999, 6, 0), "1");
	assert_string_equal(fixed(7, 0, 0), "7");
	assert_string_equal(fixed(1000001, 6, 6), "1.000001");
	assert_string_equal(fixed(INT64_MIN, 0, 0), "-9223372036854775808");
}

static const char *
json(const char *data, size_t len)
{
	buf_json(&buf, (struct slice){data, len});
	return taken();
}

static void
strings(void **state)
{
	(void)state;
	assert_string_equal(json("", 0), "\"\"");
	assert_string_equal(json(NULL, 0), "\"\"");
	assert_string_equal(json("a\"\\/\n\t\x01", 7),
	    "\"a\\\"\\\\/\\n\\t\\u0001\"");
	assert_string_equal(json("\0\x1f\x7f", 3), "\"\\u0000\\u001f\x7f\"");
	assert_string_equal(json("é漢😡", 9), "\"é漢😡\"");
}

/* Each broken byte becomes U+FFFD, its neighbours stay. */
static void
broken_strings(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"a\x80z", "\"a\xef\xbf\xbdz\""},
	    {"\xc3", "\"\xef\xbf\xbd\""},
	    {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	    {"\xe0\x80z", "\"\xef\xbf\xbd\xef\xbf\xbdz\""},
	    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	    {"\xf4\x90\x80\x80",
		"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	    {"\xf0\x9f\x98", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	    {"\xff" "a", "\"\xef\xbf\xbd" "a\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    json(cases[i].in, strlen(cases[i].in)), cases[i].want);
}

static void
times(void **state)
{
	(void)state;
	buf_utc(&buf, INT64_C(1268816700000));
	assert_string_equal(taken(), "2010-03-17T09:05:00Z");
}

static void
members(void **state)
{
	(void)state;
	buf_text(&buf, "{\"v\":1");
	buf_member_text(&buf, "by", "Zoë \"Z\"");
	buf_member_text(&buf, "team", NULL);
	buf_member_time(&buf, "at", INT64_C(1268816700000));
	buf_member_time(&buf, "until", TIME_NONE);
	buf_member(&buf, "level");
	buf_int(&buf, 3);
	buf_char(&buf, '}');
	assert_string_equal(taken(), "{\"v\":1,\"by\":\"Zoë \\\"Z\\\"\","
	    "\"team\":null,\"at\":\"2010-03-17T09:05:00Z\",\"until\":null,"
	    "\"level\":3}");
}

static void
plain_text_moves_no_cursor(void **state)
{
	buf_clear(&buf);

	(void)state;
	buf_plain(&buf, SLICE("a\x1b[2J\nb\x7f\xc2\x9b" "c é\xc2\xa0»"));
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, "a [2J b  c é\xc2\xa0»");
	buf_clear(&buf);
}

/* What turns the text around it is gone, paired or not; what only an Arabic
 * or Hebrew word needs stays, and so does a character that is cut short. */
static void
plain_text_turns_no_other(void **state)
{
	(void)state;
	buf_clear(&buf);
	buf_plain(&buf, SLICE("a\xe2\x80\xae" "b\xe2\x81\xa7" "c\xe2\x80\xaa"
			      "d\xe2\x81\xa9" "e\xef\xbf\xb9" "f\xe2\x80\xa8"
			      "g\xe2\x80\x8f\xd7\x90\xe2\x80"));
	buf_char(&buf, '\0');
	assert_string_equal(
	    buf.data, "abcdef g\xe2\x80\x8f\xd7\x90\xe2\x80");
	buf_clear(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(formats), cmocka_unit_test(ends),
	    cmocka_unit_test(decimals),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(broken_strings),
	    cmocka_unit_test(times),
	    cmocka_unit_test(members),
	    cmocka_unit_test(plain_text_moves_no_cursor),
	    cmocka_unit_test(plain_text_turns_no_other),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_fini(&buf);
	return failed;
}
