/*
 * The terminal of `vigie watch`: taken for a while, given back whatever ends
 * the process but SIGKILL.
 *
 * Thread: the loop.  Owns: the alternate screen between take and give_back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FOLLOW_TTY_H
#define ENGINE_FOLLOW_TTY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/zone.h"

/** follow_tty_take(): switch to the other screen; at exit it is given back,
 * with the mode that uv_tty_set_mode has changed. */
void follow_tty_take(void);
void follow_tty_give_back(void);
bool follow_tty_is_taken(void);

/** follow_tty_put(data, bytes): all of it to standard output, also where that
 * does not block. */
void follow_tty_put(const char *data, size_t bytes);

/** follow_tty_zone(arena): the clocks of who sits there: $TZ where it names a
 * zone, else those of the machine, else UTC. */
const struct zone *follow_tty_zone(struct arena *arena);

#endif
