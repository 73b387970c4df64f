/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/counters.h"

#include "engine/base/must.h"

static const struct counter_info infos[] = {
#define COUNTER(name, kind, unit, help) {#name, #kind, unit, help},
#include "engine/counters.def"
#undef COUNTER
};

const struct counter_info *
counters_info(enum counter i)
{
	REQUIRE(i < COUNTERS_COUNT);
	return &infos[i];
}

void
counters_add(struct counters *to, struct counters *from)
{
	for (unsigned i = 0; i < COUNTERS_COUNT; i++) {
		to->values[i] += from->values[i];
		from->values[i] = 0;
	}
}
