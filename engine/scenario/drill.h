/*
 * What a drill was worth: when it warned, against the first word of the
 * company; what rang in quiet times.
 *
 * Thread: one.  Owns: its counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DRILL_H
#define ENGINE_DRILL_H

#include "engine/alert.h"
#include "engine/scenario/scenario.h"

#define DRILL_LEVELS 5

struct drill {
	const struct scenario *scenario;
	/* the first message at each level or above since trouble began;
	 * TIME_NONE: never.  A minute is known when it is over. */
	int64_t first_ms[DRILL_LEVELS];
	char first_kind[24], first_about[64];
	uint64_t kinds[ALERT_SILENCE + 1]; /* episodes, by kind */
	uint64_t false_alarms; /* episodes of level 1 and more before it */
	uint8_t highest;
};

void drill_start(struct drill *d, const struct scenario *s);

/** drill_alert(d, alert): each one, in order. */
void drill_alert(struct drill *d, const struct alert *alert);

/** drill_json(d, posts, seed, out): one object and its newline;
 * drill_text(d, french, out): the same for people. */
void drill_json(const struct drill *d, uint64_t posts, uint64_t seed,
    struct buf *out);
void drill_text(const struct drill *d, bool french, struct buf *out);

#endif
