/*
 * Time as a thing that is handed in.
 *
 * run takes the wall clock, replay and the tests take one that they move by
 * hand.  No other file of the project may ask the system for the time.
 * Times are milliseconds since 1970-01-01 UTC; TIME_NONE is "not known".
 * Thread: any, as long as the clock's own function allows it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_CLOCK_H
#define ENGINE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"

#define TIME_NONE INT64_MIN
#define MINUTE_MS INT64_C(60000)

struct clock {
	int64_t (*now_ms)(void *self); /* wall time, or TIME_NONE in replay */
	int64_t (*tick_ns)(void *self); /* monotonic, for durations only */
	void *self;
};

/** clock_wall(): the system's clock. */
struct clock clock_wall(void);

/** clock_fixed(now_ms): reads *now_ms; the owner moves it by hand. */
struct clock clock_fixed(int64_t *now_ms);

static inline int64_t
clock_now(const struct clock *c)
{
	return c->now_ms(c->self);
}

/**
 * clock_parse(text, &ms): RFC 3339 (with zone or Z, any fraction), or the
 * form of X v1.1 ("Wed Jun 21 00:03:00 +0000 2026", whose weekday is not
 * checked).  Years 1970 to 9999; a leap second 60 counts as 59.
 */
bool clock_parse(struct slice text, int64_t *ms);

/** clock_epoch(number, &ms): whole seconds (below 1e11) or milliseconds. */
bool clock_epoch(int64_t number, int64_t *ms);

/** clock_format(ms, out): "2010-03-17T09:05:00Z" and a NUL in 24 bytes. */
void clock_format(int64_t ms, char out[static 24]);

#endif
