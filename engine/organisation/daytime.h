/*
 * A time as people say it: "Saturday 21 March 18:00", "samedi 21 mars 18:00".
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DAYTIME_H
#define ENGINE_DAYTIME_H

#include <stdbool.h>

#include "engine/base/buf.h"
#include "engine/base/zone.h"

/** daytime_put(zone, ms, french, out): on the wall of ${zone}. */
void daytime_put(const struct zone *zone, int64_t ms, bool french,
    struct buf *out);

#endif
