/*
 * What a unit costs where it is looked at.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_COST_H
#define RULES_COST_H

#include "rules/ruleset.h"

struct matcher;

/** cost_unit_ns(m, unit, rounds): one look at a post of the sample. */
int64_t cost_unit_ns(struct matcher *m, uint32_t unit, unsigned rounds);

/** cost_kind_unit(rs, kind, i): the unit of a rule, brand or topic. */
static inline uint32_t
cost_kind_unit(const struct ruleset *rs, enum hit_kind kind, uint32_t i)
{
	return ruleset_hit_unit(rs, &(struct hit){.kind = kind, .index = i});
}

#endif
