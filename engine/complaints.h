/*
 * What people hear about bad lines: the first few in full, the rest as sums.
 *
 *	posts.ndjson:12: byte 40: unclosed string: "{"id":"7","text":"oh..."
 *
 * Thread: the loop, in sequence order, so that the same input says the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_COMPLAINTS_H
#define ENGINE_COMPLAINTS_H

#include <stdio.h>

#include "engine/batch.h"

struct complaints {
	FILE *out;
	uint32_t shown;
	void (*before)(void *self); /* clear a progress line, or NULL */
	void *self;
};

/** complaints_batch(c, name, lines, batch): say what was bad in ${batch},
 * of input ${name}, after ${lines} lines of it. */
void complaints_batch(struct complaints *c, const char *name, uint64_t lines,
    struct batch *batch);

/** complaints_benched(c, rules, regex): a regex of ${rules} overran its
 * limits once too often and is out. */
void complaints_benched(
    struct complaints *c, const struct ruleset *rules, uint32_t regex);

/** complaints_sum(c, counts): one line with the counts by reason, if any. */
void complaints_sum(struct complaints *c, const struct counters *counts);

#endif
