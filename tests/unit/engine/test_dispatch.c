/*
 * Goal: draining waits for a sink that is slow and gives up on one that is
 * dead; what nobody may be told of now is pending.
 * Method: a sink that delivers one message at each tick of a timer, or none;
 * ten messages take several times the deadline.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/dispatch.h"
#include "engine/organisation/organisation_plan.h"
#include "tests/unit/alerts.h"
#include "tests/unit/connectors/loop.h"

#define MESSAGES 10
#define TICK_MS 40
#define DEADLINE_MS 120 /* three ticks */

struct slow {
	struct sink sink;
	uv_timer_t timer;
	uint64_t token;
	bool busy;
	void (*on_closed)(struct sink *s);
};

struct world {
	bool drained, closed;
	uint64_t left;
};

static uint32_t ticks; /* before the sink dies */

static void
on_tick(uv_timer_t *timer)
{
	struct slow *s = timer->data;

	if (ticks == 0)
		return;
	ticks--;
	if (s->busy) {
		s->busy = false;
		sink_done(&s->sink, s->token);
	}
}

static int
slow_open(struct sink *sink, uv_loop_t *loop, struct err *err)
{
	struct slow *s = (struct slow *)sink;

	(void)err;
	uv_timer_init(loop, &s->timer);
	s->timer.data = s;
	return uv_timer_start(&s->timer, on_tick, TICK_MS, TICK_MS);
}

static void
slow_publish(struct sink *sink, const char *channel, struct alert *a,
    uint64_t token)
{
	struct slow *s = (struct slow *)sink;

	(void)channel;
	(void)a;
	s->token = token;
	s->busy = true;
}

static uint32_t
slow_room(const struct sink *sink)
{
	return ((const struct slow *)sink)->busy ? 0 : 1;
}

static void
on_timer_closed(uv_handle_t *handle)
{
	struct slow *s = handle->data;

	s->on_closed(&s->sink);
}

static void
slow_close(struct sink *sink, void (*on_closed)(struct sink *s))
{
	struct slow *s = (struct slow *)sink;

	s->on_closed = on_closed;
	uv_close((uv_handle_t *)&s->timer, on_timer_closed);
}

static const struct sink_type slow_type = {
    .name = "slow",
    .help = "one message at each tick",
    .size = sizeof(struct slow),
    .open = slow_open,
    .publish = slow_publish,
    .room = slow_room,
    .close = slow_close,
    .per_alert = true,
};

static void
on_drained(void *arg, uint64_t left)
{
	struct world *w = arg;

	assert_false(w->drained);
	w->drained = true;
	w->left = left;
}

static bool
is_drained(void *arg)
{
	return ((struct world *)arg)->drained;
}

static void
on_closed(void *arg)
{
	((struct world *)arg)->closed = true;
}

static bool
is_closed(void *arg)
{
	return ((struct world *)arg)->closed;
}

/* Messages that are left when the sink dies after ${life} ticks. */
static uint64_t
drain(uint32_t life)
{
	struct world w = {0};
	uv_loop_t loop;
	struct counters counters = {0};
	struct organisation *organisation = organisation_new();
	struct dispatch_setup setup = {.loop = &loop,
	    .counters = &counters,
	    .messages_max = 100,
	    .clock = clock_wall(),
	    .organisation = organisation,
	    .arg = &w};
	struct dispatch *d;
	struct sink *sink = must_alloc(slow_type.size);
	struct err err;

	uv_loop_init(&loop);
	organisation_everyone(organisation);
	setup.journal = journal_new(100, 1 << 20, &counters);
	d = dispatch_new(&setup);
	sink->type = &slow_type;
	ticks = life;
	assert_int_equal(dispatch_open(d, sink, &err), 0);
	for (uint32_t i = 0; i < MESSAGES; i++)
		dispatch_alert(d, alerts_make("food", "kitkat", i), 1,
		    TIME_NONE, TIME_NONE);
	dispatch_drain(d, DEADLINE_MS, on_drained);
	assert_true(loop_until(&loop, is_drained, &w));
	dispatch_close(d, on_closed);
	assert_true(loop_until(&loop, is_closed, &w));
	journal_free(setup.journal);
	organisation_free(organisation);
	free(sink);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	return w.left;
}

static void
waits_for_the_slow(void **state)
{
	(void)state;
	assert_int_equal(drain(UINT32_MAX), 0);
}

static void
leaves_the_dead(void **state)
{
	(void)state;
	assert_int_equal(drain(0), MESSAGES);
	assert_int_equal(drain(4), MESSAGES - 4);
}

static void
count_one(void *self, const struct alert *alert)
{
	assert_string_equal(alert->brand, "kitkat");
	++*(uint32_t *)self;
}

/* A silence holds it back from the only sink, which could take it at once. */
static void
held_is_pending(void **state)
{
	static const struct silence silence = {
	    .match = {.level_max = 4}, .until_ms = INT64_MAX};
	static struct sink_type by_channel;
	struct world w = {0};
	uv_loop_t loop;
	struct counters counters = {0};
	struct organisation *organisation = organisation_new();
	struct dispatch_setup setup = {.loop = &loop,
	    .counters = &counters, .messages_max = 100,
	    .clock = clock_wall(), .organisation = organisation, .arg = &w};
	struct sink *sink = must_alloc(slow_type.size);
	struct dispatch *d;
	struct err err;
	uint32_t seen = 0;

	(void)state;
	by_channel = slow_type;
	by_channel.per_alert = false;
	uv_loop_init(&loop);
	organisation_everyone(organisation);
	organisation->plan->silences = &silence;
	organisation->plan->silences_count = 1;
	setup.journal = journal_new(100, 1 << 20, &counters);
	d = dispatch_new(&setup);
	sink->type = &by_channel;
	assert_int_equal(dispatch_open(d, sink, &err), 0);
	dispatch_alert(d, alerts_make("food", "kitkat", 1), 1, TIME_NONE,
	    TIME_NONE);
	assert_int_equal(counters.values[COUNTER_notify_silenced_total], 1);
	assert_int_equal(dispatch_waiting(d), 0);
	dispatch_pending(d, count_one, &seen);
	assert_int_equal(seen, 1);
	dispatch_close(d, on_closed);
	assert_true(loop_until(&loop, is_closed, &w));
	journal_free(setup.journal);
	organisation_free(organisation);
	free(sink);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(waits_for_the_slow),
	    cmocka_unit_test(leaves_the_dead),
	    cmocka_unit_test(held_is_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
