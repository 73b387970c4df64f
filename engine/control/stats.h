/*
 * Figures of one run, for --stats-json: how much, how fast, where the time
 * went, how much memory, every counter.
 *
 * Thread: main, at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_STATS_H
#define ENGINE_STATS_H

#include "engine/base/err.h"
#include "engine/counters.h"
#include "engine/worker.h"

struct stats {
	const char *command;
	unsigned workers;
	int64_t ready_ns;   /* start to the first byte: rules loaded */
	int64_t elapsed_ns; /* first byte to the last result */
	struct stages stages;
	const struct counters *counters;
	const struct ruleset *rules; /* or NULL */
	struct slice budget; /* judge_budget, or empty */
};

/** stats_write(st, path, err): write them as one JSON object. */
int stats_write(const struct stats *st, const char *path, struct err *err);

#endif
