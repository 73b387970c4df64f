/*
 * One unit: match AND NOT not, and a rule's topic.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

/* The part of ${unit} that a proven phrase does not settle. */
static bool
not_and_topic(struct matcher *m, const struct unit *unit)
{
	if (unit->not != NODE_NONE && op_eval(m, unit->not ))
		return false;
	return unit->topic == RULES_NONE || rule_topic(m, unit->topic);
}

bool
rule_eval(struct matcher *m, uint32_t index, uint32_t brand)
{
	const struct unit *unit = &m->rs->units[index];

	m->brand = brand;
	if (matcher_state(m, m->units[index]) != UNIT_PROVEN &&
	    unit->match != NODE_NONE && !op_eval(m, unit->match))
		return false;
	return not_and_topic(m, unit);
}

void
rule_queue_topics(struct matcher *m)
{
	const struct ruleset *rs = m->rs;

	if (m->topics_queued)
		return;
	m->topics_queued = true;
	if (rs->topics_count == 0)
		return;
	if (!(m->flags & MATCH_NO_PREFILTER)) {
		if (rs->topics_count > 0)
			prefilter_scan(m, &rs->topical, false);
		return;
	}
	for (uint32_t i = 0; i < rs->topics_count; i++) {
		m->units[unit_of_topic(rs, i)] = matcher_word(m, UNIT_QUEUED);
		m->topic_queue[m->topic_queue_count++] = unit_of_topic(rs, i);
	}
}

bool
rule_topic(struct matcher *m, uint32_t topic)
{
	uint32_t index = unit_of_topic(m->rs, topic);
	uint32_t brand = m->brand;
	struct scope scope = m->scope;
	bool found;

	rule_queue_topics(m);
	switch (matcher_state(m, m->units[index])) {
	case UNIT_QUEUED:
	case UNIT_PROVEN:
		m->scope = matcher_scope_all(m);
		found = rule_eval(m, index, RULES_NONE);
		m->units[index] =
		    matcher_word(m, found ? UNIT_TRUE : UNIT_FALSE);
		m->brand = brand;
		m->scope = scope;
		return found;
	case UNIT_TRUE:
		return true;
	default:
		return false;
	}
}
