/*
 * Places found by walking are those of the map.
 *
 * Method: texts put together from pieces that fold in all kinds of ways; for
 * each range of folded bytes that the walk has an answer for, the answer is
 * that of text_map.  Plain text must have one for every word.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/text_walk.h"

static struct text folded, mapped;

/* How many ranges the walk answered; all answers are right. */
static uint32_t
compare(struct slice s)
{
	struct text_walk walk = {0};
	uint32_t answers = 0;

	text_fold(&folded, SLICE_NONE, s, TEXT_POST);
	text_map(&mapped, SLICE_NONE, s, TEXT_POST);
	assert_int_equal(folded.len, mapped.len);
	for (uint32_t at = 0; at < folded.len; at++) {
		for (uint32_t end = at + 1; end <= folded.len; end++) {
			uint32_t a, b, start, stop;

			if (!text_walk_span(
				&walk, &folded, s, at, end, &a, &b))
				continue;
			assert_true(
			    text_span(&mapped, at, end, &start, &stop));
			assert_int_equal(a, start);
			assert_int_equal(b, stop);
			answers++;
		}
	}
	return answers;
}

static void
test_plain(void **state)
{
	struct slice s = SLICE(
	    "D\xc3\xa9j\xc3\xa0 vu\xc2\xa0: l\xe2\x80\x99huile #KitKat, "
	    "\xc3\x89t\xc3\xa9\n  de No\xc3\xabl, THE QUICK BROWN fox jumps");
	struct slice plain = SLICE(
	    "D\xc3\xa9j\xc3\xa0 vu : l\xe2\x80\x99huile #KitKat, "
	    "\xc3\x89t\xc3\xa9\n  de No\xc3\xabl, THE QUICK BROWN fox jumps");
	struct text_walk walk = {0};
	uint32_t start, stop;

	(void)state;
	assert_true(compare(s) > 10); /* up to the odd blank */
	assert_true(compare(plain) > 1000);
	text_fold(&folded, SLICE_NONE, plain, TEXT_POST);
	assert_true(folded.tokens > 10);
	for (uint32_t i = 0; i < folded.tokens; i++) {
		assert_true(text_walk_span(&walk, &folded, plain, folded.at[i],
		    folded.end[i], &start, &stop));
		assert_true(stop - start >= folded.end[i] - folded.at[i]);
	}
}

static void
test_pieces(void **state)
{
	static const char *const pieces[] = {"a", "B", " ", "  ", "\n", "&",
	    "&amp;", "&#769;", "\xc3\xa9", "\xc3\x9f", "\xc3\xbf", "\xc3\x86",
	    "\xcc\x81", "\xe2\x80\x99", "\xe2\x80\x8d", "\xef\xb8\x8f", "1",
	    "\xe2\x83\xa3", "\xf0\x9f\x98\x80", "\xe6\x97\xa5", "`", "#x", ".",
	    "\xc2\xad", "\xc3\x98", "\xc3\x97", "plain words of some length",
	    "\xcc\xa7", "\x01", "\t", "-", "\xe1\x84\x80\xe1\x85\xa1"};
	const uint32_t count = sizeof(pieces) / sizeof(*pieces);
	struct buf buf = {0};
	uint64_t seed = 1;
	uint32_t answers = 0;

	(void)state;
	for (uint32_t round = 0; round < 20000; round++) {
		uint32_t most = round % 6 + 1;

		buf_clear(&buf);
		for (uint32_t i = 0; i < most; i++) {
			seed = seed * UINT64_C(6364136223846793005) +
			    UINT64_C(1442695040888963407);
			buf_text(&buf, pieces[(seed >> 33) % count]);
		}
		answers += compare(buf_slice(&buf));
	}
	assert_true(answers > 100000);
	buf_fini(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_pieces),
	};
	int rc;

	text_init(&folded);
	text_init(&mapped);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&folded);
	text_fini(&mapped);
	return rc;
}
