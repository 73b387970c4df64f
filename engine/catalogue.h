/*
 * What a set of rules names, as plain tables: the only thing of a set that
 * the judge knows.  Tests write them by hand.
 *
 * Thread: the loop.  Owns: its tables; the texts are the rules'.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CATALOGUE_H
#define ENGINE_CATALOGUE_H

#include "rules/rules.h"

struct catalogue {
	const struct rules_sector *sectors;
	const struct rules_brand *brands;
	const struct rules_topic *topics;
	const struct rules_rule *rules;
	uint32_t sectors_count, brands_count, topics_count, rules_count;
};

/** catalogue_of(rules): copies the tables; its texts live in ${rules}. */
struct catalogue *catalogue_of(const struct ruleset *rules);

/** catalogue_free(c): of catalogue_of; NULL is legal. */
void catalogue_free(struct catalogue *c);

#endif
