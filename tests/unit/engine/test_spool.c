/*
 * Goal: whatever a sink does, every message is delivered at least once, first
 * occurrences in order, within the bound; nothing after a fault overtakes
 * what was not acknowledged.
 * Method: a fake sink that answers late, in any order, or fails, by a seed;
 * 300 seeds; a failing one is printed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/base/rand.h"
#include "engine/state/spool.h"
#include "tests/unit/alerts.h"

#define MESSAGES 500
#define WINDOW 16

struct fake {
	struct sink sink;
	struct rand rand;
	uint64_t flight[WINDOW];
	uint32_t count;
	bool down, at_once;
	uint64_t seen[MESSAGES * 64]; /* seq of each message that got out */
	size_t seen_count;
};

static void
fake_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	struct fake *f = (struct fake *)s;

	assert_false(f->down);
	assert_true(f->count < WINDOW);
	assert_string_equal(channel, "all");
	/* The other side has it, whether it can still say so or not. */
	assert_true(f->seen_count < sizeof(f->seen) / sizeof(*f->seen));
	f->seen[f->seen_count++] = a->seq;
	if (f->at_once)
		sink_done(s, token);
	else
		f->flight[f->count++] = token;
}

static uint32_t
fake_room(const struct sink *s)
{
	const struct fake *f = (const struct fake *)s;

	return f->down ? 0 : WINDOW - f->count;
}

static const struct sink_type fake_type = {
    .name = "fake",
    .size = sizeof(struct fake),
    .publish = fake_publish,
    .room = fake_room,
};

/* One thing that may happen to a sink. */
static void
fake_step(struct fake *f)
{
	uint32_t i, dice = rand_below(&f->rand, 10);
	uint64_t token;

	if (f->down) {
		if (dice < 5) {
			f->down = false;
			sink_ready(&f->sink);
		}
	} else if (dice == 0) {
		f->down = true;
		f->count = 0;
		sink_fail(&f->sink, "the seed says so");
	} else if (dice == 1) {
		f->at_once = !f->at_once;
	} else if (f->count > 0) {
		i = rand_below(&f->rand, f->count);
		token = f->flight[i];
		f->flight[i] = f->flight[--f->count];
		sink_done(&f->sink, token);
	}
}

static struct alert *
message(uint64_t seq)
{
	struct alert *a = alerts_make("food", "kitkat", seq);

	a->teams = must_alloc(2 * sizeof(char *));
	a->channels = a->teams + 1;
	a->teams[0] = a->channels[0] = "all";
	a->teams_count = a->channels_count = 1;
	return a;
}

static void
check_order(const struct fake *f, uint64_t seed)
{
	uint64_t next = 0;

	for (size_t i = 0; i < f->seen_count; i++) {
		if (f->seen[i] > next)
			fail_msg("seed %llu: %llu before %llu",
			    (unsigned long long)seed,
			    (unsigned long long)f->seen[i],
			    (unsigned long long)next);
		if (f->seen[i] == next)
			next++;
	}
	if (next != MESSAGES)
		fail_msg("seed %llu: only %llu delivered",
		    (unsigned long long)seed, (unsigned long long)next);
}

static void
run_seed(uint64_t seed)
{
	struct counters counters = {0};
	struct fake *f = must_alloc(sizeof(*f));
	struct spool *s;
	uint64_t raised = 0, steps = 0;
	unsigned full = 0;

	f->sink.type = &fake_type;
	snprintf(f->sink.name, sizeof(f->sink.name), "fake");
	rand_seed(&f->rand, seed);
	s = spool_new(&f->sink, 50, &counters);
	while (raised < MESSAGES || spool_count(s) > 0) {
		assert_true(spool_count(s) <= 50);
		if (steps++ > 100 * MESSAGES)
			fail_msg("seed %llu: it stands still",
			    (unsigned long long)seed);
		if (spool_full(s))
			full++;
		else if (raised < MESSAGES && rand_below(&f->rand, 2) == 0) {
			struct alert *a = message(raised++);

			spool_append_channel(s, a, 0);
			alert_unref(a);
		}
		fake_step(f);
	}
	check_order(f, seed);
	assert_int_equal(
	    counters.values[COUNTER_alerts_delivered_total], MESSAGES);
	assert_int_equal(counters.values[COUNTER_alerts_repeated_total],
	    f->seen_count - MESSAGES);
	assert_true((full > 0) ==
	    (counters.values[COUNTER_sink_full_total] > 0));
	spool_free(s);
	free(f);
}

static void
test_faults(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 300; seed++)
		run_seed(seed);
}

static void
count_changes(void *arg)
{
	++*(int *)arg;
}

static void
test_full_until_half(void **state)
{
	struct counters counters = {0};
	struct fake *f = must_alloc(sizeof(*f));
	struct spool *s;
	int changes = 0;

	(void)state;
	f->sink.type = &fake_type;
	f->down = true;
	s = spool_new(&f->sink, 8, &counters);
	spool_watch(s, count_changes, &changes);
	for (uint64_t i = 0; i < 10; i++) {
		struct alert *a = message(i);

		spool_append_channel(s, a, 0);
		alert_unref(a);
		assert_int_equal(spool_full(s), i >= 7);
	}
	assert_int_equal(spool_count(s), 10); /* taken, never dropped */
	assert_int_equal(counters.values[COUNTER_sink_full_total], 1);
	f->down = false;
	sink_ready(&f->sink);
	for (uint64_t i = 0; i < 6; i++) {
		assert_true(spool_full(s));
		assert_int_equal(changes, 0);
		sink_done(&f->sink, i);
	}
	assert_false(spool_full(s));
	assert_int_equal(changes, 1);
	for (uint64_t i = 6; i < 10; i++)
		sink_done(&f->sink, i);
	assert_int_equal(spool_count(s), 0);
	assert_int_equal(changes, 2);
	spool_free(s);
	free(f);
}

static void
test_done_is_not_repeated(void **state)
{
	struct counters counters = {0};
	struct fake *f = must_alloc(sizeof(*f));
	struct spool *s;

	(void)state;
	f->sink.type = &fake_type;
	s = spool_new(&f->sink, 50, &counters);
	for (uint64_t i = 0; i < 3; i++) {
		struct alert *a = message(i);

		spool_append_channel(s, a, 0);
		alert_unref(a);
	}
	sink_done(&f->sink, 1); /* 0 and 2 are not */
	f->count = 0;
	sink_fail(&f->sink, "gone");
	sink_ready(&f->sink);
	assert_int_equal(f->seen_count, 5);
	assert_int_equal(f->seen[3], 0);
	assert_int_equal(f->seen[4], 2);
	spool_free(s); /* with two messages in it */
	free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_full_until_half),
	    cmocka_unit_test(test_done_is_not_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
