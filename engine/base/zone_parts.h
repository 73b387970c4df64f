/*
 * Inside of zone_*.c: what a zone is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_ZONE_PARTS_H
#define ENGINE_BASE_ZONE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/slice.h"
#include "engine/base/zone.h"

/* When the clocks are changed, by POSIX: a day of the year and a second of it
 * on the wall before the change. */
struct zone_change {
	enum { CHANGE_WEEKDAY, CHANGE_JULIAN, CHANGE_DAY } form;
	int month, week, day; /* M5.2.0; week 5 is the last; day 0 Sunday */
	int32_t second;
};

/* The rule for all years behind the table: "CET-1CEST,M3.5.0,M10.5.0/3". */
struct zone_rule {
	bool there, saves; /* saves: there is a summer time */
	int32_t offset_s, summer_s; /* east of UTC */
	struct zone_change to_summer, to_winter;
};

struct zone {
	const char *name;
	int64_t *at_s;      /* changes, in order */
	int32_t *offset_s;  /* from each on */
	size_t count;
	int32_t first_s;    /* before the first */
	struct zone_rule rule;
};

/** zone_rule_parse(text, rule): the footer of a file; false when bad. */
bool zone_rule_parse(struct slice text, struct zone_rule *rule);

/** zone_rule_offset(rule, time_s): east of UTC at that time. */
int32_t zone_rule_offset(const struct zone_rule *rule, int64_t time_s);

#endif
