/*
 * The clock on the wall of a place: IANA zones, read from the system's files
 * (TZif, RFC 8536), with their rule for the years that no file lists.
 *
 * Nothing of the process is asked or changed (no TZ, no localtime), so that
 * the same time gives the same wall everywhere.  UTC needs no file.
 * Thread: zone_load one at a time; the rest any.  Owns: nothing; a zone lives
 * in the caller's arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_ZONE_H
#define ENGINE_BASE_ZONE_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

struct zone;
struct buf;

/** zone_utc(): always there. */
const struct zone *zone_utc(void);

/**
 * zone_load(arena, folder, name, err): "Europe/Paris" from ${folder}, NULL for
 * ZONE_FOLDER.  NULL when there is no such zone, or no zones at all (package
 * tzdata), or the file is damaged; ${err} says which.
 */
const struct zone *zone_load(struct arena *arena, const char *folder,
    const char *name, struct err *err);

/** zone_near(folder, name, out): "did you mean ...", if a zone is near. */
void zone_near(const char *folder, const char *name, struct buf *out);

/** zone_name(z): as it was asked for. */
const char *zone_name(const struct zone *z);

/** zone_wall(z, ms): what its clocks show at ${ms}, as if that were UTC. */
int64_t zone_wall(const struct zone *z, int64_t ms);

/**
 * zone_time(z, wall_ms): when its clocks show ${wall_ms}: the first time of
 * two, and where they skip it, the moment they jump.
 */
int64_t zone_time(const struct zone *z, int64_t wall_ms);

/** zone_day(wall_ms): days since 1970-01-01; zone_weekday(day): 0 Monday. */
int32_t zone_day(int64_t wall_ms);
unsigned zone_weekday(int32_t day);

#endif
