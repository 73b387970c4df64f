/*
 * Goal: entries are handed on once each, in order, with the field that was
 * asked for, however the reply is cut; what is no such reply is refused.
 * Method: replies as the server writes them, walked whole and in pieces of
 * every size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/redis_entries.h"
#include "engine/base/buf.h"

static struct buf heard;

static void
hear(void *arg, struct redis_id id, struct slice value)
{
	(void)arg;
	buf_printf(&heard, "%llu-%llu=", (unsigned long long)id.ms,
	    (unsigned long long)id.seq);
	if (value.data == NULL)
		buf_text(&heard, "none");
	buf_slice_put(&heard, value);
	buf_char(&heard, ';');
}

static const char read_reply[] =
    "*1\r\n*2\r\n$5\r\nposts\r\n*4\r\n"
    "*2\r\n$3\r\n1-0\r\n*2\r\n$4\r\npost\r\n$3\r\nabc\r\n"
    "*2\r\n$3\r\n1-1\r\n*6\r\n$4\r\nlang\r\n$4\r\npost\r\n"
    "$4\r\npost\r\n$5\r\nd\r\nef\r\n$4\r\npost\r\n$1\r\nx\r\n"
    "*2\r\n$4\r\n12-7\r\n*2\r\n$5\r\nother\r\n$4\r\npost\r\n"
    "*2\r\n$4\r\n13-0\r\n*-1\r\n";
static const char read_heard[] =
    "1-0=abc;1-1=d\r\nef;12-7=none;13-0=none;";

static const char claim_reply[] =
    "*3\r\n$4\r\n20-5\r\n*2\r\n"
    "*2\r\n$3\r\n2-0\r\n*2\r\n$4\r\npost\r\n$0\r\n\r\n"
    "*2\r\n$3\r\n3-0\r\n*2\r\n$4\r\npost\r\n$2\r\nok\r\n"
    "*2\r\n$3\r\n7-0\r\n$3\r\n8-0\r\n";
static const char claim_heard[] = "2-0=;3-0=ok;";

static struct redis_entries *entries;

/* ${text} in pieces of ${step} bytes, and "+OK" behind it, which must be left
 * alone; what the walk said last. */
static int
feed(enum redis_entries_form form, struct slice text, size_t step)
{
	struct buf in = {0};
	int rc = 0;

	buf_clear(&heard);
	redis_entries_await(entries, form);
	for (size_t at = 0; at < text.len && rc == 0; at += step) {
		size_t used, n = text.len - at < step ? text.len - at : step;

		buf_put(&in, text.data + at, n);
		if (at + n == text.len)
			buf_text(&in, "+OK\r\n");
		rc = redis_entries_walk(entries, buf_slice(&in), &used);
		assert_true(used <= in.len);
		memmove(in.data, in.data + used, in.len - used);
		in.len -= used;
	}
	if (rc == 1) {
		assert_int_equal(in.len, 5);
		assert_memory_equal(in.data, "+OK\r\n", 5);
	}
	buf_fini(&in);
	return rc;
}

static void
expect_heard(const char *text)
{
	assert_int_equal(heard.len, strlen(text));
	assert_memory_equal(heard.data, text, heard.len);
}

static void
cuts_do_not_matter(void **state)
{
	struct redis_id next;

	(void)state;
	entries = redis_entries_new("post", hear, NULL);
	for (size_t step = 1; step < sizeof(read_reply); step++) {
		assert_int_equal(
		    feed(ENTRIES_READ, SLICE(read_reply), step), 1);
		assert_int_equal(redis_entries_end(entries, &next), 4);
		expect_heard(read_heard);
		assert_int_equal(
		    feed(ENTRIES_CLAIM, SLICE(claim_reply), step), 1);
		assert_int_equal(redis_entries_end(entries, &next), 2);
		expect_heard(claim_heard);
		assert_true(next.ms == 20 && next.seq == 5);
		assert_int_equal(feed(ENTRIES_READ, SLICE("*0\r\n"), step), 1);
		assert_int_equal(redis_entries_end(entries, &next), 0);
		expect_heard("");
	}
	redis_entries_free(entries);
}

static void
other_replies_are_not_awaited(void **state)
{
	(void)state;
	entries = redis_entries_new("post", hear, NULL);
	assert_false(redis_entries_awaits(entries));
	redis_entries_await(entries, ENTRIES_CLAIM);
	assert_true(redis_entries_awaits(entries));
	redis_entries_await(entries, ENTRIES_NONE);
	assert_false(redis_entries_awaits(entries));
	redis_entries_free(entries);
}

/* A link that breaks in the middle: the next reply is not touched by it. */
static void
half_a_reply_is_let_go(void **state)
{
	struct slice text = SLICE(read_reply);
	struct redis_id next;
	size_t used;

	(void)state;
	entries = redis_entries_new("post", hear, NULL);
	for (size_t n = 1; n < text.len; n++) {
		redis_entries_await(entries, ENTRIES_READ);
		assert_int_equal(redis_entries_walk(entries,
		    (struct slice){text.data, n}, &used), 0);
		assert_int_equal(
		    feed(ENTRIES_READ, SLICE(read_reply), text.len), 1);
		assert_int_equal(redis_entries_end(entries, &next), 4);
		expect_heard(read_heard);
	}
	redis_entries_free(entries);
}

/* Elements of other kinds are passed over, broken ones refused. */
static void
what_is_no_reply_is_refused(void **state)
{
	static const char *broken[] = {"*1\r\n$x\r\n", "*1\r\n$3 \r\n",
	    "*1\r\n$99999999999\r\n", "$3\r\nabc\r\n", "*1\r*",
	    "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"
	    "*1\r\n"};

	(void)state;
	entries = redis_entries_new("post", hear, NULL);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		for (size_t step = 1; step < 40; step += 13)
			assert_int_equal(feed(ENTRIES_READ,
			    slice_of(broken[i]), step), -1);
	assert_int_equal(feed(ENTRIES_READ, SLICE("*1\r\n*2\r\n:1\r\n"
	    "*3\r\n$-1\r\n+a b\r\n*-1\r\n"), 1), 1);
	expect_heard("");
	redis_entries_free(entries);
}

static void
ids_are_two_numbers(void **state)
{
	struct redis_id id;

	(void)state;
	assert_true(redis_entries_id(SLICE("1763800000000-12"), &id));
	assert_true(id.ms == 1763800000000u && id.seq == 12);
	assert_true(redis_entries_id(
	    SLICE("18446744073709551615-18446744073709551615"), &id));
	assert_true(id.ms == UINT64_MAX && id.seq == UINT64_MAX);
	assert_false(redis_entries_id(SLICE("18446744073709551616-0"), &id));
	assert_false(redis_entries_id(SLICE("12"), &id));
	assert_false(redis_entries_id(SLICE("1-2-3"), &id));
	assert_false(redis_entries_id(SLICE("-2"), &id));
	assert_false(redis_entries_id(SLICE(""), &id));
	assert_false(redis_entries_id(SLICE("1-x"), &id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cuts_do_not_matter),
	    cmocka_unit_test(other_replies_are_not_awaited),
	    cmocka_unit_test(half_a_reply_is_let_go),
	    cmocka_unit_test(what_is_no_reply_is_refused),
	    cmocka_unit_test(ids_are_two_numbers),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_fini(&heard);
	return failed;
}
