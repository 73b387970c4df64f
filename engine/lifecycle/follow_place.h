/*
 * Where a subscriber had read to: a small file, replaced in one step.
 *
 * Thread: main.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FOLLOW_PLACE_H
#define ENGINE_FOLLOW_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/err.h"

#define FOLLOW_STREAMS 3
#define FOLLOW_ID_BYTES 48

struct follow_place {
	char ids[FOLLOW_STREAMS][FOLLOW_ID_BYTES]; /* by enum follow_stream */
};

/** follow_place_path(team, out, room): watch-<team> in the folder vigie of
 * $XDG_STATE_HOME, else of ~/.local/state; false: there is no home. */
bool follow_place_path(const char *team, char *out, size_t room);

/** follow_place_since(p, ms): everything from that time on. */
void follow_place_since(struct follow_place *p, int64_t ms);

/** follow_place_read(p, path): false: there is none, or it is damaged. */
bool follow_place_read(struct follow_place *p, const char *path);

/** follow_place_write(p, path, err): folders are made as needed. */
int follow_place_write(const struct follow_place *p, const char *path,
    struct err *err);

/** follow_place_order(a, b): <0, 0, >0: two ids of a stream. */
int follow_place_order(const char *a, const char *b);

#endif
