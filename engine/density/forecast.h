/*
 * What the next hour will bring if the last half-hour is a guide.
 *
 *	A, B: harm of the last 30 minutes, of the 30 before them, in voices
 *	H(+1 h) = (2 A + 2) m - 2     m = 3/4 while harm rises (A > 1.5 B + 1),
 *	                              else 1
 *
 * Damped growth was measured too, and each share of the trend that was carried
 * on made the error larger (docs/DETECTION.md): what has just risen falls back
 * more often than not.  The interval holds 8 times in 10 on the recorded
 * series: 0.35 to 1.35 times (2 A + 2) while harm rises, else 0.6 to 1.5.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FORECAST_H
#define ENGINE_FORECAST_H

#include "engine/density/density.h"
#include "engine/density/window.h"

struct forecast {
	int64_t harm, low, high; /* millionths of a voice, in 60 minutes */
	int64_t density;         /* with the present norm; -1: of a sector */
	/* at the pace of the last hour; 0: it does not grow, or not within a
	 * day */
	int32_t doubling_minutes;
};

/** forecast_of(harm, talk, settings, norm): from the window of the key and
 * that of the talk it is measured against, NULL for a sector. */
struct forecast forecast_of(const struct window *harm,
    const struct window *talk, const struct density_settings *settings,
    int64_t norm);

#endif
