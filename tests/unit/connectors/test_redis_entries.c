/*
 * Goal: entries are handed on once each, in order, with the field that was
 * asked for, however the reply is cut; other replies are built as ever.
 * Method: replies as the server writes them, fed to hiredis' reader whole and
 * in pieces of every size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

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

static redisReader *reader;
static struct redis_entries *entries;

static void
open_reader(void)
{
	reader = redisReaderCreate();
	entries = redis_entries_new("post", hear, NULL);
	redis_entries_use(entries, reader);
	buf_clear(&heard);
}

static void
close_reader(void)
{
	redisReaderFree(reader);
	redis_entries_free(entries);
}

/* ${text} in pieces of ${step} bytes: the reply. */
static redisReply *
feed(const char *text, size_t len, size_t step)
{
	void *reply = NULL;

	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;

		assert_null(reply);
		assert_int_equal(
		    redisReaderFeed(reader, text + at, n), REDIS_OK);
		assert_int_equal(
		    redisReaderGetReply(reader, &reply), REDIS_OK);
	}
	assert_non_null(reply);
	return reply;
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
	(void)state;
	for (size_t step = 1; step < sizeof(read_reply); step++) {
		struct redis_id next;

		open_reader();
		redis_entries_await(entries, ENTRIES_READ);
		reader->fn->freeObject(
		    feed(read_reply, sizeof(read_reply) - 1, step));
		assert_int_equal(redis_entries_end(entries, &next), 4);
		expect_heard(read_heard);
		buf_clear(&heard);
		redis_entries_await(entries, ENTRIES_CLAIM);
		reader->fn->freeObject(
		    feed(claim_reply, sizeof(claim_reply) - 1, step));
		assert_int_equal(redis_entries_end(entries, &next), 2);
		expect_heard(claim_heard);
		assert_true(next.ms == 20 && next.seq == 5);
		close_reader();
	}
}

static void
expect_plain(enum redis_entries_form form, const char *text, int type)
{
	redisReply *reply;
	struct redis_id next;

	redis_entries_await(entries, form);
	reply = feed(text, strlen(text), 3);
	assert_int_equal(reply->type, type);
	assert_int_equal(redis_entries_end(entries, &next), 0);
	reader->fn->freeObject(reply);
}

static void
other_replies_are_built(void **state)
{
	static const char tree[] = "*2\r\n$1\r\na\r\n*1\r\n:7\r\n";
	redisReply *reply;

	(void)state;
	open_reader();
	expect_plain(ENTRIES_NONE, ":3\r\n", REDIS_REPLY_INTEGER);
	expect_plain(ENTRIES_READ, "*-1\r\n", REDIS_REPLY_NIL);
	expect_plain(ENTRIES_READ, "-NOGROUP no\r\n", REDIS_REPLY_ERROR);
	expect_plain(ENTRIES_CLAIM, "-ERR unknown\r\n", REDIS_REPLY_ERROR);
	redis_entries_await(entries, ENTRIES_NONE);
	reply = feed(tree, strlen(tree), 1);
	assert_int_equal(reply->elements, 2);
	assert_string_equal(reply->element[0]->str, "a");
	assert_int_equal(reply->element[1]->element[0]->integer, 7);
	reader->fn->freeObject(reply);
	expect_heard("");
	close_reader();
}

/* A link that breaks in the middle gives the reader up with what it has. */
static void
half_a_reply_is_let_go(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(read_reply) - 1; n++) {
		void *reply;

		open_reader();
		redis_entries_await(entries, ENTRIES_READ);
		redisReaderFeed(reader, read_reply, n);
		assert_int_equal(
		    redisReaderGetReply(reader, &reply), REDIS_OK);
		assert_null(reply);
		close_reader();
	}
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
	    cmocka_unit_test(other_replies_are_built),
	    cmocka_unit_test(half_a_reply_is_let_go),
	    cmocka_unit_test(ids_are_two_numbers),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_fini(&heard);
	return failed;
}
