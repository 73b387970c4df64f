/*
 * Goal: a batch has one owner at a time, keeps its memory, and shows a bad
 * line so that a terminal survives it.  Method: direct calls.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/batch.h"

static void
takes_all_and_no_more(void **state)
{
	struct batch_pool *pool = batch_pool_new(3);
	struct batch *b[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		b[i] = batch_take(pool);
		assert_non_null(b[i]);
		assert_int_equal(b[i]->state, BATCH_INTAKE);
	}
	assert_null(batch_take(pool));
	batch_release(pool, b[1]);
	/* The last one back goes out first: its memory is in the cache. */
	assert_ptr_equal(batch_take(pool), b[1]);
	for (int i = 0; i < 3; i++)
		batch_release(pool, b[i]);
	batch_pool_free(pool);
}

static void
comes_back_clear_with_its_memory(void **state)
{
	struct batch_pool *pool = batch_pool_new(1);
	struct batch *b = batch_take(pool);
	void *items;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		*vec_push(&b->overruns, uint32_t) = i;
	assert_int_equal(*vec_at(&b->overruns, uint32_t, 999), 999);
	buf_text(&b->out, "line\n");
	counters_bump(&b->counts, posts_total);
	b->len = 5;
	items = b->overruns.items;
	batch_release(pool, b);
	b = batch_take(pool);
	assert_int_equal(b->overruns.count, 0);
	assert_ptr_equal(b->overruns.items, items);
	assert_int_equal(b->out.len, 0);
	assert_int_equal(b->len, 0);
	assert_int_equal(b->counts.values[COUNTER_posts_total], 0);
	batch_release(pool, b);
	batch_pool_free(pool);
}

static void
shows_bad_lines_printable(void **state)
{
	struct batch_pool *pool = batch_pool_new(1);
	struct batch *b = batch_take(pool);
	struct bad_line bad = {.result = DECODE_BAD_JSON, .reason = "r"};
	char accents[200];

	(void)state;
	batch_note_bad(b, &bad, "a\033[2J\0b", 7);
	assert_string_equal(b->bad[0].text, "a?[2J?b");
	for (int i = 0; i < 200; i += 2)
		memcpy(accents + i, "\xc3\xa9", 2);
	batch_note_bad(b, &bad, accents, sizeof(accents));
	assert_int_equal(strlen(b->bad[1].text), 94);
	bad.result = DECODE_BAD_UTF8;
	/* broken bytes, and a control of C1 that terminals obey */
	batch_note_bad(b, &bad, "\xc3\xa9\xff\xc2\x9b|\xc3", 7);
	assert_string_equal(b->bad[2].text, "\xc3\xa9??|?");
	for (int i = 0; i < 20; i++)
		batch_note_bad(b, &bad, "x", 1);
	assert_int_equal(b->bad_count, BAD_LINES_SHOWN);
	batch_release(pool, b);
	batch_pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_all_and_no_more),
	    cmocka_unit_test(comes_back_clear_with_its_memory),
	    cmocka_unit_test(shows_bad_lines_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
