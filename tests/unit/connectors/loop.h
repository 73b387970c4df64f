/*
 * A libuv loop for tests: turn it until something is true, or fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_CONNECTORS_LOOP_H
#define TESTS_UNIT_CONNECTORS_LOOP_H

#include <stdbool.h>
#include <uv.h>

/* Far above what a busy machine takes: reached only by a failure. */
#define LOOP_LIMIT_MS 60000

static bool loop_late;

static void
loop_on_late(uv_timer_t *timer)
{
	(void)timer;
	loop_late = true;
}

/* Turn until done(arg); false when that took longer than the limit. */
static inline bool
loop_until(uv_loop_t *loop, bool (*done)(void *arg), void *arg)
{
	uv_timer_t timer;

	loop_late = false;
	uv_timer_init(loop, &timer);
	uv_timer_start(&timer, loop_on_late, LOOP_LIMIT_MS, 0);
	while (!done(arg) && !loop_late)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	return done(arg);
}

#endif
