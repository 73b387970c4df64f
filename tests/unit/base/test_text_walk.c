/*
 * Places found by walking are those of the map.
 *
 * Method: texts put together from pieces that fold in all kinds of ways; for
 * each range of folded bytes that the walk has an answer for, the answer is
 * that of text_map.  Plain text must have one for every word.  The same for
 * every character before what may join it.  With vectors and without.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/cpu.h"
#include "engine/base/text_walk.h"

static struct text folded, mapped;

/* How many ranges the walk answered, of each ${step}-th beginning; all answers
 * are right. */
static uint32_t
compare_some(struct slice s, uint32_t step)
{
	struct text_walk walk = {0};
	uint32_t answers = 0;

	text_fold(&folded, SLICE_NONE, s, TEXT_POST);
	text_map(&mapped, SLICE_NONE, s, TEXT_POST);
	assert_int_equal(folded.len, mapped.len);
	for (uint32_t at = step / 2; at < folded.len; at += step) {
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

static uint32_t
compare(struct slice s)
{
	return compare_some(s, 1);
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
	assert_true(compare(s) > 1000);
	assert_true(compare(plain) > 1000);
	text_fold(&folded, SLICE_NONE, plain, TEXT_POST);
	assert_true(folded.tokens > 10);
	for (uint32_t i = 0; i < folded.tokens; i++) {
		assert_true(text_walk_span(&walk, &folded, plain, folded.at[i],
		    folded.end[i], &start, &stop));
		assert_true(stop - start >= folded.end[i] - folded.at[i]);
	}
}

/* Texts of ${most_pieces} or fewer, and of plain words, more of these the
 * larger ${plain}; how many answers. */
static uint32_t
try_pieces(
    uint32_t rounds, uint32_t most_pieces, uint32_t plain, uint32_t step)
{
	static const char *const pieces[] = {"a", "B", " ", "  ", "\n", "&",
	    "&amp;", "&#769;", "\xc3\xa9", "\xc3\x9f", "\xc3\xbf", "\xc3\x86",
	    "\xcc\x81", "\xe2\x80\x99", "\xe2\x80\x8d", "\xef\xb8\x8f", "1",
	    "\xe2\x83\xa3", "\xf0\x9f\x98\x80", "\xe6\x97\xa5", "`", "#x", ".",
	    "\xc2\xad", "\xc3\x98", "\xc3\x97", "plain words of some length",
	    "\xcc\xa7", "\x01", "\t", "-", "\xe1\x84\x80\xe1\x85\xa1",
	    "\xc2\xa0", "\xc2\xab", "\xc2\xb7", "\xc3\xb8", "\xce\xb1",
	    "\xcf\x82", "\xd0\x96", "\xd0\xa9", "\xd0\x99", "\xd0\xb6",
	    "\xd1\x91", "\xe2\x80\x9c", "\xe2\x80\xa6", "\xe2\x80\xaf",
	    "\xe2\x80\x94", "\xe2\x82\xac", "\xe2\x9c\xa8",
	    "\xe2\x98\x80", "\xe3\x81\x8b", "\xe3\x82\x99",
	    "\xe3\x81\x8c", "\xe3\x83\xbc", "\xf0\x9f\x91\x8f",
	    "\xf0\x9f\x8f\xbd", "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7",
	    "\xe2\x99\x80", "&lt;", "&hellip;", "&nbsp;", "\xe2\x84\xa2",
	    "\xe2\x85\xa3", "...", "\"", "\xd2\x83", "\xc2\xb4"};
	const uint32_t count = sizeof(pieces) / sizeof(*pieces);
	struct buf buf = {0};
	uint64_t seed = 1;
	uint32_t answers = 0;

	for (uint32_t round = 0; round < rounds; round++) {
		uint32_t most = round % most_pieces + 1, kind;

		buf_clear(&buf);
		for (uint32_t i = 0; i < most; i++) {
			seed = seed * UINT64_C(6364136223846793005) +
			    UINT64_C(1442695040888963407);
			kind = (uint32_t)(seed >> 33) % (plain + count);
			buf_text(&buf, kind < plain
				? "words, d\xc3\xa9j\xc3\xa0 "
				: pieces[kind - plain]);
		}
		answers += compare_some(buf_slice(&buf), step);
	}
	buf_fini(&buf);
	return answers;
}

static void
test_pieces(void **state)
{
	(void)state;
	assert_true(try_pieces(60000, 6, 0, 1) > 100000);
}

/* Of several blocks: what is known of one hangs on no other. */
static void
test_long(void **state)
{
	(void)state;
	assert_true(try_pieces(4000, 40, 120, 7) > 1000000);
}

/* Words behind what belongs together have a place all the same. */
static void
test_passed(void **state)
{
	static const char *const before[] = {
	    "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", /* a flag */
	    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xe2\x9d\xa4\xef\xb8\x8f",
	    "\xf0\x9f\x8f\x83\xe2\x80\x8d\xe2\x99\x80\xef\xb8\x8f",
	    "\xe3\x81\x8c\xe3\x81\xb1", /* kana with marks */
	    "a\xe2\x80\x8d", "a\xef\xb8\x8f"};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		struct text_walk walk = {0};
		uint32_t start, stop, at;

		buf_clear(&buf);
		buf_text(&buf, before[i]);
		buf_text(&buf, " d\xc3\xa9j\xc3\xa0 words");
		assert_true(compare(buf_slice(&buf)) > 0);
		at = folded.at[folded.tokens - 1];
		assert_true(text_walk_span(&walk, &folded, buf_slice(&buf), at,
		    folded.len, &start, &stop));
		assert_int_equal(start, buf.len - strlen("words"));
		assert_int_equal(stop, buf.len);
	}
	buf_fini(&buf);
}

/* Blanks that are dropped, and letters of two bytes, where blocks of 64 bytes
 * meet; each word by a walk of its own. */
static void
test_blocks(void **state)
{
	struct buf buf = {0};

	(void)state;
	for (uint32_t pad = 50; pad < 70; pad++) {
		buf_clear(&buf);
		for (uint32_t i = 0; i < pad; i++)
			buf_char(&buf, 'x');
		buf_text(&buf, "  \n \xc3\xa9t\xc3\xa9  and \xc3\x89 on, "
			       "\xf0\x9f\x98\x80  on");
		assert_true(compare(buf_slice(&buf)) > 1000);
		for (uint32_t i = 0; i < folded.tokens; i++) {
			struct text_walk walk = {0};
			uint32_t at = folded.at[i], end = folded.end[i];
			uint32_t a, b, start, stop;

			assert_true(text_walk_span(&walk, &folded,
			    buf_slice(&buf), at, end, &a, &b));
			assert_true(
			    text_span(&mapped, at, end, &start, &stop));
			assert_int_equal(a, start);
			assert_int_equal(b, stop);
		}
	}
	buf_fini(&buf);
}

static char *
put_character(char *p, uint32_t c)
{
	unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};

	*p++ = (char)(leads[more] | c >> (6 * more));
	while (more-- > 0)
		*p++ = (char)(0x80 | ((c >> (6 * more)) & 0x3f));
	return p;
}

/* Every character, alone and before each of a few that may join it. */
static void
test_characters(void **state)
{
	static const char *const behind[] = {"", "a", " ", "\xcc\x81",
	    "\xef\xb8\x8f", "\xe2\x80\x8d", "\xe3\x82\x99",
	    "\xf0\x9f\x8f\xbd", "\xe2\x83\xa3"};
	uint32_t answers = 0;

	(void)state;
	for (uint32_t c = 0x20; c < 0x20000; c++) {
		char text[24] = "x ";
		char *p = text + 2;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		p = put_character(p, c);
		for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++) {
			memcpy(p, behind[i], strlen(behind[i]) + 1);
			answers += compare(slice_of(text));
		}
	}
	assert_true(answers > 1000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_passed),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_characters),
	};
	const struct CMUnitTest few[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_passed),
	    cmocka_unit_test(test_blocks),
	};
	int rc;

	text_init(&folded);
	text_init(&mapped);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	rc += !cpu_limit("plain");
	rc += cmocka_run_group_tests(few, NULL, NULL);
	text_fini(&folded);
	text_fini(&mapped);
	return rc;
}
