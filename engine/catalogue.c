/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalogue.h"

#include <stdlib.h>

#include "engine/base/must.h"

struct catalogue *
catalogue_of(const struct ruleset *rules)
{
	uint32_t sectors = ruleset_sectors(rules);
	uint32_t brands = ruleset_brands(rules);
	uint32_t topics = ruleset_topics(rules);
	uint32_t count = ruleset_rules(rules);
	struct catalogue *c = must_alloc(sizeof(*c));
	struct rules_sector *s = must_alloc((sectors + 1ul) * sizeof(*s));
	struct rules_brand *b = must_alloc((brands + 1ul) * sizeof(*b));
	struct rules_topic *t = must_alloc((topics + 1ul) * sizeof(*t));
	struct rules_rule *r = must_alloc((count + 1ul) * sizeof(*r));

	for (uint32_t i = 0; i < sectors; i++)
		s[i] = *ruleset_sector(rules, i);
	for (uint32_t i = 0; i < brands; i++)
		b[i] = *ruleset_brand(rules, i);
	for (uint32_t i = 0; i < topics; i++)
		t[i] = *ruleset_topic(rules, i);
	for (uint32_t i = 0; i < count; i++)
		r[i] = *ruleset_rule(rules, i);
	*c = (struct catalogue){.sectors = s, .brands = b, .topics = t,
	    .rules = r, .sectors_count = sectors, .brands_count = brands,
	    .topics_count = topics, .rules_count = count};
	return c;
}

void
catalogue_free(struct catalogue *c)
{
	if (c == NULL)
		return;
	free((void *)(uintptr_t)c->sectors);
	free((void *)(uintptr_t)c->brands);
	free((void *)(uintptr_t)c->topics);
	free((void *)(uintptr_t)c->rules);
	free(c);
}
