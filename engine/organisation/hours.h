/*
 * When somebody is there: hours of the week on the wall of a place, and the
 * days on which nobody comes.
 *
 *	always | office | [{days: mon-fri, from: "08:00", to: "20:00"}]
 *
 * A span that ends at or before its start goes over midnight and belongs to
 * the day on which it starts.  Times are read off the wall: when the clocks
 * go forward a span is an hour shorter, when they go back an hour longer.
 * Thread: any; nothing here changes after reading.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_HOURS_H
#define ENGINE_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOURS_DAY_MS (INT64_C(24) * 3600000)
/* Days that are looked ahead: a house may close for a season. */
#define HOURS_NEXT_DAYS 100

struct zone;

struct hours_span {
	uint8_t days;            /* bit 0 Monday ... bit 6 Sunday */
	int16_t from_min, to_min; /* 0 to 1440, of the wall clock */
};

struct holiday {
	int32_t day; /* since 1970-01-01, on the wall of the team */
	const char *fr, *en; /* or NULL */
};

struct hours {
	bool always; /* no span: round the clock */
	const struct hours_span *spans;
	size_t spans_count;
	const struct zone *zone; /* never NULL after reading */
	const struct holiday *holidays; /* in order of day */
	size_t holidays_count;
};

/** hours_hold(h, ms): is it then?  A span that starts on a holiday is off. */
bool hours_hold(const struct hours *h, int64_t ms);

/** hours_same(a, b): the same times, whatever the struct. */
bool hours_same(const struct hours *a, const struct hours *b);

/** hours_next(h, ms): ${ms} if it holds, else when it next begins to, within
 * a hundred days; else TIME_NONE. */
int64_t hours_next(const struct hours *h, int64_t ms);

#endif
