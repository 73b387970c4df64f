/*
 * Goal: what people deleted is in no file of the state that could lose it, and
 * the writer beside the loop neither races nor forgets.
 * Method: posts and deletions by hand, then a search through the files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/engine/state_bed.h"

/* Neither an author nor, once it was deleted, a text is in any file. */
static void
people_are_not_in_the_files(void **state)
{
	struct post_by_hand post = {.t_ms = POSTS_START, .author = 77,
	    .id = 4711, .brand = 1, .topic = 0, .harm = 800000};
	struct batch *b = posts_batch();
	struct record gone = {.id_key = 4711, .flags = RECORD_DELETED};
	char folder[200];
	struct life l;
	struct err err;

	(void)state;
	assert_true(life_begin(&l, new_folder(folder), -1, 1));
	posts_add(b, &post);
	judge_batch(l.judge, b);
	state_batch(l.state, l.judge, true);
	assert_int_equal(state_flush(l.state, NULL, &err), 0);
	assert_true(holds(folder, "post 4711"));
	assert_false(holds(folder, "author-77"));
	posts_clear(b);
	gone.ts_ms = gone.clock_ms = POSTS_START + 1000;
	*vec_push(&b->records, struct record) = gone;
	judge_batch(l.judge, b);
	l.now_ms = DELETES_MS;
	state_batch(l.state, l.judge, true);
	posts_clear(b);
	post.t_ms += 20 * MINUTE_MS;
	post.id = 4712;
	posts_add(b, &post);
	judge_batch(l.judge, b);
	state_batch(l.state, l.judge, true);
	assert_int_equal(state_flush(l.state, NULL, &err), 0);
	assert_false(holds(folder, "post 4711"));
	assert_true(holds(folder, "post 4712"));
	life_end(&l);
	/* What was stripped can still be taken up. */
	assert_true(life_begin(&l, folder, -1, 1));
	life_end(&l);
	drop_folder(folder);
	posts_free(b);
}

/* More deletions than can wait are counted; those that wait are done. */
static void
deletions_have_a_bound(void **state)
{
	struct post_by_hand post = {.t_ms = POSTS_START, .author = 77,
	    .id = 4711, .brand = 1, .topic = 0, .harm = 800000};
	struct batch *b = posts_batch();
	struct record gone = {.flags = RECORD_DELETED,
	    .ts_ms = POSTS_START + 1000, .clock_ms = POSTS_START + 1000};
	char folder[200];
	struct life l;
	struct err err;

	(void)state;
	assert_true(life_begin(&l, new_folder(folder), -1, 1));
	posts_add(b, &post);
	judge_batch(l.judge, b);
	posts_clear(b);
	for (uint64_t i = 0; i < DELETES_MAX + 10; i++) {
		gone.id_key = DELETES_MAX + 4711 - i;
		*vec_push(&b->records, struct record) = gone;
	}
	judge_batch(l.judge, b);
	assert_int_equal(
	    l.counters.values[COUNTER_deletes_forgotten_total], 10);
	state_batch(l.state, l.judge, true);
	assert_int_equal(state_flush(l.state, NULL, &err), 0);
	life_end(&l);
	/* They are not forgotten over a restart. */
	assert_true(life_begin(&l, folder, -1, 1));
	assert_int_equal(l.state->deleted.count, DELETES_MAX);
	posts_clear(b);
	post.id = 9;
	post.t_ms += MINUTE_MS;
	posts_add(b, &post);
	state_batch(l.state, l.judge, true);
	judge_batch(l.judge, b);
	state_batch(l.state, l.judge, true);
	assert_int_equal(state_flush(l.state, NULL, &err), 0);
	assert_true(holds(folder, "post 9"));
	assert_true(holds(folder, "post 4711")); /* the tenth too many */
	assert_int_equal(l.state->deleted.count, 0);
	life_end(&l);
	drop_folder(folder);
	posts_free(b);
}

static void *
write_it(void *arg)
{
	struct state *s = arg;
	struct err err;

	assert_int_equal(state_write(s, &err), 0);
	return NULL;
}

/* As in the service: the writer strips deleted posts and replaces the norms
 * while the loop judges and saves.  Races are the thread sanitizer's to see;
 * no deletion gets lost is seen here. */
static void
the_writer_has_a_thread_of_its_own(void **state)
{
	struct post_by_hand post = {.t_ms = POSTS_START, .author = 5,
	    .brand = 1, .topic = 0, .harm = 800000};
	struct batch *b = posts_batch();
	struct record gone = {.flags = RECORD_DELETED};
	char folder[200], recent[210], text[40];
	struct life l;
	struct err err;
	pthread_t thread;

	(void)state;
	assert_true(life_begin(&l, new_folder(folder), -1, 1));
	for (uint64_t round = 0; round < 60; round++) {
		bool any = state_take(l.state, NULL);

		if (any)
			assert_int_equal(pthread_create(&thread, NULL,
					     write_it, l.state), 0);
		posts_clear(b);
		post.id = 100 + round;
		post.t_ms += MINUTE_MS;
		posts_add(b, &post);
		gone.id_key = post.id - 1;
		gone.ts_ms = gone.clock_ms = post.t_ms;
		*vec_push(&b->records, struct record) = gone;
		judge_batch(l.judge, b);
		l.now_ms += DELETES_MS;
		state_batch(l.state, l.judge, true);
		if (!any)
			continue;
		assert_int_equal(pthread_join(thread, NULL), 0);
		state_written(l.state);
	}
	for (unsigned i = 0; i < 2; i++) {
		l.now_ms += DELETES_MS;
		state_batch(l.state, l.judge, true);
		posts_clear(b);
		post.id++;
		posts_add(b, &post);
		judge_batch(l.judge, b);
		state_batch(l.state, l.judge, true);
		assert_int_equal(state_flush(l.state, NULL, &err), 0);
	}
	/* The journal keeps alerts as they were told. */
	snprintf(recent, sizeof(recent), "%s/recent", folder);
	for (unsigned i = 100; i < 159; i++) {
		snprintf(text, sizeof(text), "post %u", i);
		if (holds(recent, text))
			fail_msg("%s is still there", text);
	}
	life_end(&l);
	drop_folder(folder);
	posts_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(people_are_not_in_the_files),
	    cmocka_unit_test(deletions_have_a_bound),
	    cmocka_unit_test(the_writer_has_a_thread_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
