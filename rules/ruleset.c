/*
 * A compiled set: its life, what it says about itself.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/ruleset.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/regex.h"

struct ruleset *
ruleset_new(const struct ruleset *from)
{
	static _Atomic uint64_t generations; /* sets are made off the loop */
	struct ruleset *rs = must_alloc(sizeof(*rs));

	rs->references = 1;
	rs->generation = atomic_fetch_add(&generations, 1) + 1;
	rs->arena = arena_new();
	if (from == NULL) {
		rs->shared = must_alloc(sizeof(*rs->shared));
		rs->shared->arena = arena_new();
		atomic_init(&rs->shared->count, 1);
	} else {
		rs->shared = from->shared;
		atomic_fetch_add(&rs->shared->count, 1);
	}
	return rs;
}

struct ruleset *
ruleset_ref(struct ruleset *rs)
{
	REQUIRE(rs->references > 0);
	rs->references++;
	return rs;
}

void
ruleset_unref(struct ruleset *rs)
{
	REQUIRE(rs->references > 0);
	if (--rs->references > 0)
		return;
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		regex_free(&rs->regexes[i]);
	arena_free(rs->arena);
	if (atomic_fetch_sub(&rs->shared->count, 1) == 1) {
		arena_free(rs->shared->arena);
		free(rs->shared);
	}
	free(rs);
}

bool
ruleset_is_last(const struct ruleset *rs)
{
	return rs->references == 1;
}

static struct slice
id_of(const struct ruleset *rs, enum hit_kind kind, uint32_t i)
{
	return kind == HIT_BRAND   ? rs->brands[i].id
	       : kind == HIT_TOPIC ? rs->topics[i].id
				   : rs->rules[i].id;
}

bool
ruleset_find(const struct ruleset *rs, enum hit_kind kind, struct slice id,
    uint32_t *index)
{
	uint32_t low = 0, high = kind == HIT_BRAND   ? rs->brands_count
				 : kind == HIT_TOPIC ? rs->topics_count
						     : rs->rules_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = slice_order(id_of(rs, kind, mid), id);

		if (order == 0) {
			*index = mid;
			return true;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* ---- what it holds --------------------------------------------------------
 */

uint64_t
ruleset_id(const struct ruleset *rs)
{
	return rs->id;
}

uint32_t
ruleset_sectors(const struct ruleset *rs)
{
	return rs->sectors_count;
}

uint32_t
ruleset_brands(const struct ruleset *rs)
{
	return rs->brands_count;
}

uint32_t
ruleset_topics(const struct ruleset *rs)
{
	return rs->topics_count;
}

uint32_t
ruleset_disabled(const struct ruleset *rs, unsigned hit_kind)
{
	REQUIRE(hit_kind < sizeof(rs->disabled) / sizeof(*rs->disabled));
	return rs->disabled[hit_kind];
}

uint32_t
ruleset_rules(const struct ruleset *rs)
{
	return rs->rules_count;
}

const struct rules_sector *
ruleset_sector(const struct ruleset *rs, uint32_t i)
{
	REQUIRE(i < rs->sectors_count);
	return &rs->sectors[i];
}

const struct rules_brand *
ruleset_brand(const struct ruleset *rs, uint32_t i)
{
	REQUIRE(i < rs->brands_count);
	return &rs->brands[i];
}

const struct rules_topic *
ruleset_topic(const struct ruleset *rs, uint32_t i)
{
	REQUIRE(i < rs->topics_count);
	return &rs->topics[i];
}

const struct rules_rule *
ruleset_rule(const struct ruleset *rs, uint32_t i)
{
	REQUIRE(i < rs->rules_count);
	return &rs->rules[i];
}

uint32_t
ruleset_conditions(const struct ruleset *rs)
{
	return rs->conditions_count;
}

const struct rules_condition *
ruleset_condition(const struct ruleset *rs, uint32_t i)
{
	REQUIRE(i < rs->conditions_count);
	return &rs->conditions[i];
}

size_t
ruleset_bytes(const struct ruleset *rs)
{
	size_t codes = 0;

	for (uint32_t i = 0; i < rs->regexes_count; i++)
		codes += regex_bytes(&rs->regexes[i]);
	return sizeof(*rs) + arena_bytes(rs->arena) +
	       arena_bytes(rs->shared->arena) + codes;
}

void
ruleset_warm(const struct ruleset *rs)
{
	for (uint32_t i = 0; i < rs->regexes_count; i++)
		regex_ready(&rs->regexes[i]);
}

void
ruleset_unit_name(const struct ruleset *rs, uint32_t unit, struct buf *out)
{
	REQUIRE(unit < ruleset_units(rs));
	if (unit < rs->brands_count) {
		buf_text(out, "brand:");
		buf_slice_put(out, rs->brands[unit].id);
	} else if (unit < unit_of_rule(rs, 0)) {
		buf_text(out, "topic:");
		buf_slice_put(out, rs->topics[unit - rs->brands_count].id);
	} else {
		buf_slice_put(out, rs->rules[unit - unit_of_rule(rs, 0)].id);
	}
}

struct slice
ruleset_regex_owner(const struct ruleset *rs, uint32_t i)
{
	uint32_t unit;

	REQUIRE(i < rs->regexes_count);
	unit = rs->regexes[i].unit;
	if (unit < rs->brands_count)
		return rs->brands[unit].id;
	if (unit < unit_of_rule(rs, 0))
		return rs->topics[unit - rs->brands_count].id;
	return rs->rules[unit - unit_of_rule(rs, 0)].id;
}

uint32_t
ruleset_regexes_shared(const struct ruleset *rs)
{
	return rs->regexes_shared;
}

uint32_t
ruleset_regexes(const struct ruleset *rs)
{
	return rs->regexes_count;
}

void
ruleset_regex_place(const struct ruleset *rs, uint32_t i, struct buf *out)
{
	REQUIRE(i < rs->regexes_count);
	buf_slice_put(out, rs->regexes[i].path);
	buf_printf(out, ":%u", rs->regexes[i].line);
}

bool
rules_condition_holds(const uint8_t *steps, uint32_t count,
    const bool *values)
{
	bool stack[CONDITION_STEPS_MAX] = {false};
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint8_t step = steps[i];

		if (step == CONDITION_NOT) {
			stack[n - 1] = !stack[n - 1];
		} else if (step == CONDITION_AND || step == CONDITION_OR) {
			n--;
			stack[n - 1] = step == CONDITION_AND ?
			    stack[n - 1] && stack[n] : stack[n - 1] || stack[n];
		} else {
			REQUIRE(n < CONDITION_STEPS_MAX);
			stack[n++] = values[step];
		}
	}
	REQUIRE(n == 1);
	return stack[0];
}

void
rules_name(const struct ruleset *rs, const struct hit *hit, struct buf *out)
{
	ruleset_unit_name(rs, ruleset_hit_unit(rs, hit), out);
}
