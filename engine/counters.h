/*
 * Numbers about the engine itself, made from counters.def.
 *
 * Thread: a worker adds to the counts of its batch; the loop owns the totals
 * and adds a batch's counts when it collects it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_COUNTERS_H
#define ENGINE_COUNTERS_H

#include <stdint.h>

enum counter {
#define COUNTER(name, kind, unit, help) COUNTER_##name,
#include "engine/counters.def"
#undef COUNTER
	COUNTERS_COUNT,
	/* raised and absorbed of each signal, from here */
	COUNTER_signals_first = COUNTER_worker_allocations_total + 1
};

struct counters {
	uint64_t values[COUNTERS_COUNT];
};

struct counter_info {
	const char *name, *kind, *unit, *help;
};

/** counters_info(i): name and help of counter ${i} < COUNTERS_COUNT. */
const struct counter_info *counters_info(enum counter i);

/** counters_add(to, from): add all, and clear ${from}. */
void counters_add(struct counters *to, struct counters *from);

#define counters_bump(c, name) ((c)->values[COUNTER_##name]++)
#define counters_bump_by(c, name, n) ((c)->values[COUNTER_##name] += (n))

#endif
