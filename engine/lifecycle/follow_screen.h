/*
 * The screen of `vigie watch`: the list, the alert that is selected, the keys.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FOLLOW_SCREEN_H
#define ENGINE_FOLLOW_SCREEN_H

#include "engine/lifecycle/follow.h"

struct follow_size {
	uint32_t columns, rows;
	bool colour;
};

/** follow_screen(f, size, status, out): the whole screen, from its upper left
 * corner; ${status}: of the connection, "" when all is well. */
void follow_screen(const struct follow *f, const struct follow_size *size,
    const char *status, struct buf *out);

/** follow_line(f, a, out): one alert on one line, for `--once`. */
void follow_line(const struct follow *f, const struct follow_alert *a,
    struct buf *out);

#endif
