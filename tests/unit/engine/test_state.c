/*
 * Goal: whatever the moment at which the process dies, the journal at the end
 * is byte for byte that of a run that was never stopped.  Method: a calm week
 * and a storm by hand; a disk that dies after so many calls, half-way through
 * a write; a restart from what it holds, with the rest of the posts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/engine/state_bed.h"

#define BATCHES_MAX 20000u

/* Where the posts of each frame of recent end in the input. */
struct input {
	struct post_by_hand *posts;
	size_t count;
	size_t ends[BATCHES_MAX];
};

/* From the first post that the disk does not know, until the disk dies. */
static bool
live(struct life *l, struct input *in, uint32_t most, uint64_t seed)
{
	uint64_t frame = frames_next(l->state->posts);
	size_t i = frame == 0 ? 0 : in->ends[frame - 1];
	struct batch *b = posts_batch();
	struct rand rand;
	struct err err;
	bool alive = state_flush(l->state, NULL, &err) == 0;

	rand_seed(&rand, seed);
	while (alive && i < in->count) {
		uint32_t size = 1 + rand_below(&rand, most);

		posts_clear(b);
		for (; size > 0 && i < in->count; size--)
			posts_add(b, &in->posts[i++]);
		judge_batch(l->judge, b);
		l->now_ms = judge_now(l->judge);
		state_batch(l->state, l->judge, false);
		frame = frames_next(l->state->posts);
		assert_in_range(frame, 1, BATCHES_MAX);
		in->ends[frame - 1] = i;
		alive = state_flush(l->state, NULL, &err) == 0;
	}
	if (alive) {
		judge_end(l->judge);
		state_batch(l->state, l->judge, true);
		in->ends[frames_next(l->state->posts) - 1] = i;
		alive = state_flush(l->state, NULL, &err) == 0;
	}
	posts_free(b);
	return alive;
}

#define HOURS 30

/* Posts of a calm day and more, then a storm, with repeats and late ones. */
static void
story(struct input *in)
{
	size_t room = HOURS * 60 * 3 + 4000, n = 0;
	struct post_by_hand *posts = must_alloc(room * sizeof(*posts));
	struct rand rand;

	rand_seed(&rand, 2010);
	for (int64_t m = 0; m < HOURS * 60; m++) {
		uint32_t storm = m >= (HOURS - 3) * 60 && m < (HOURS - 1) * 60 ?
		    (uint32_t)(m - (HOURS - 3) * 60) / 6 : 0;

		for (uint32_t i = rand_below(&rand, 3) + storm; i > 0; i--) {
			bool harm = i <= storm || rand_below(&rand, 10) == 0;
			int64_t late = rand_below(&rand, 20) == 0 ?
			    rand_below(&rand, 70) : 0;

			posts[n] = (struct post_by_hand){
			    .t_ms = POSTS_START + (m - late) * MINUTE_MS +
				rand_below(&rand, 60000),
			    .author = 1 + rand_below(&rand, 900),
			    .id = n + 1, .sketch = rand_next(&rand),
			    .brand = i <= storm ? 1 : rand_below(&rand, 4),
			    .topic = harm ? rand_below(&rand, 2) : RULES_NONE,
			    .harm = harm ? 700000 : 0,
			    .followers = rand_below(&rand, 90000),
			};
			if (n > 50 && rand_below(&rand, 15) == 0)
				posts[n] = posts[n - rand_below(&rand, 50)];
			if (rand_below(&rand, 9) == 0 && n > 0)
				posts[n].sketch = posts[n - 1].sketch;
			n++;
		}
	}
	REQUIRE(n <= room);
	in->posts = posts;
	in->count = n;
}

static bool
gather(void *self, uint64_t number, struct slice payload)
{
	struct journal_entry entry;

	assert_true(journal_parse(number, payload, &entry));
	buf_slice_put(self, entry.json);
	buf_char(self, '\n');
	return true;
}

static struct buf
journal_of(struct life *l)
{
	struct buf all = {0};
	struct err err;

	if (frames_next(l->state->entries) > 0)
		assert_int_equal(
		    frames_read(l->state->entries, 0, gather, &all, &err), 0);
	return all;
}

static struct buf
whole_run(struct input *in, uint32_t most, uint64_t *calls)
{
	struct life l;
	struct buf all;
	char folder[200];

	assert_true(life_begin(&l, new_folder(folder), -1, 1));
	assert_true(live(&l, in, most, 99));
	all = journal_of(&l);
	if (calls != NULL)
		*calls = l.dying.calls;
	life_end(&l);
	drop_folder(folder);
	return all;
}

static void
a_death_anywhere_changes_nothing(void **state)
{
	struct input in;
	struct buf want;
	struct rand rand;
	uint64_t calls;
	uint32_t half;

	(void)state;
	story(&in);
	want = whole_run(&in, 60, &calls);
	half = (uint32_t)calls / 2;
	assert_in_range(want.len, 10000, 10000000);
	rand_seed(&rand, 42);
	for (unsigned round = 0; round < 25; round++) {
		unsigned deaths = 1 + rand_below(&rand, 4), died = 0;
		struct buf got;
		char folder[200];
		struct life l;

		new_folder(folder);
		for (;;) {
			int64_t left = died < deaths ?
			    1 + (int64_t)rand_below(&rand, half) : -1;
			bool born = life_begin(&l, folder, left, round);

			if (born && live(&l, &in, 60, rand_next(&rand)))
				break;
			if (born)
				life_end(&l);
			died++;
		}
		got = journal_of(&l);
		if (got.len != want.len ||
		    memcmp(got.data, want.data, want.len) != 0)
			fail_msg("round %u after %u deaths", round, died);
		life_end(&l);
		drop_folder(folder);
		buf_fini(&got);
	}
	buf_fini(&want);
	free(in.posts);
}

/* A disk that is full now and then, of a process that lives on. */
static void
a_full_disk_costs_time_only(void **state)
{
	struct input in;
	struct buf want, got;
	struct life l;
	struct batch *b = posts_batch();
	struct rand rand;
	char folder[200];
	unsigned failures = 0;
	struct err err;
	size_t i = 0;

	(void)state;
	story(&in);
	want = whole_run(&in, 60, NULL);
	rand_seed(&rand, 3);
	assert_true(life_begin(&l, new_folder(folder), -1, 5));
	while (i < in.count) {
		posts_clear(b);
		for (uint32_t n = 0; n < 40 && i < in.count; n++)
			posts_add(b, &in.posts[i++]);
		judge_batch(l.judge, b);
		l.now_ms = judge_now(l.judge);
		state_batch(l.state, l.judge, false);
		if (rand_below(&rand, 2) == 0)
			l.dying.left = 1 + (int64_t)rand_below(&rand, 6);
		while (state_flush(l.state, NULL, &err) != 0) {
			assert_non_null(strstr(err.text, folder));
			failures++;
			l.dying.left = rand_below(&rand, 2) == 0 ? -1 : 3;
		}
		l.dying.left = -1;
	}
	judge_end(l.judge);
	state_batch(l.state, l.judge, true);
	assert_int_equal(state_flush(l.state, NULL, &err), 0);
	assert_in_range(failures, 10, 100000);
	got = journal_of(&l);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	life_end(&l);
	/* And nothing of it is torn. */
	assert_true(life_begin(&l, folder, -1, 6));
	assert_int_equal(l.counters.values[COUNTER_state_torn_total], 0);
	life_end(&l);
	drop_folder(folder);
	posts_free(b);
	buf_fini(&got);
	buf_fini(&want);
	free(in.posts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_death_anywhere_changes_nothing),
	    cmocka_unit_test(a_full_disk_costs_time_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
