/*
 * What every key was worth, every five minutes for 13 months: for reports,
 * curves and the people who want to look.
 *
 * A log (frames.h), a file a day: names that are new to the file, then one
 * row per active key.  Amounts are in thousandths.  A key without a row was
 * silent.
 * Thread: the loop.  Owns: its buffers, not the log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SERIES_H
#define ENGINE_SERIES_H

#include "engine/state/frames.h"
#include "engine/density/keys.h"
#include "engine/density/voices.h"

#define SERIES_KIND "series"
#define SERIES_VERSION 1u
#define SERIES_TICK_MS (5 * MINUTE_MS)

struct series;

/** series_new(frames): ${frames} is borrowed. */
struct series *series_new(struct frames *frames);
void series_free(struct series *s);

/** series_tick(s, minute, keys, voices): the rows of one tick, unless they
 * are there already. */
void series_tick(struct series *s, int64_t minute, struct keys *keys,
    const struct voices *voices);

struct series_row {
	int64_t end_ms; /* of the five minutes */
	enum alert_subject subject;
	const char *key; /* sector, sector/brand or sector/brand/topic; "-" for
			  * the talk of a sector that names no brand */
	int64_t harm, mass, norm, density; /* H N E RD in thousandths */
	uint8_t level;
	uint32_t accounts;
};

/**
 * series_read(folder, key, from_ms, to_ms, visit, self, err): rows of ${key}
 * (NULL: of all) that end within [from, to), in order of time.  For a folder
 * that somebody may be writing to.
 */
int series_read(const char *folder, const char *key, int64_t from_ms,
    int64_t to_ms, bool (*visit)(void *self, const struct series_row *row),
    void *self, struct err *err);

#endif
