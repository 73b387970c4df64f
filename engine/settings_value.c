/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/settings_value.h"

#include <inttypes.h>
#include <stdio.h>

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = {{"ms", 1}, {"s", 1000},
    {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0}};
static const struct unit sizes[] = {{"B", 1}, {"KiB", 1 << 10},
    {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0}};
static const struct unit plain[] = {{"", 1}, {NULL, 0}};

static const struct unit *
units(enum setting_type type)
{
	return type == SETTING_DURATION ? durations
	    : type == SETTING_SIZE      ? sizes
					: plain;
}

bool
settings_value_bool(struct slice text, bool *v)
{
	static const char *const yes[] = {"true", "yes", "on"};
	static const char *const no[] = {"false", "no", "off"};

	for (size_t i = 0; i < 3; i++) {
		if (slice_is(text, yes[i]) || slice_is(text, no[i])) {
			*v = slice_is(text, yes[i]);
			return true;
		}
	}
	return false;
}

bool
settings_value_number(enum setting_type type, struct slice text, int64_t *v)
{
	const struct unit *unit = units(type);
	bool minus = text.len > 0 && text.data[0] == '-';
	size_t i = minus ? 1 : 0, first = i;
	int64_t n = 0;

	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, text.data[i] - '0', &n))
			return false;
	if (i == first)
		return false;
	text.data += i;
	text.len -= i;
	while (unit->name != NULL && !slice_is(text, unit->name))
		unit++;
	if (unit->name == NULL || __builtin_mul_overflow(n, unit->factor, &n))
		return false;
	*v = minus ? -n : n;
	return true;
}

/* ${v} in the largest unit that divides it. */
static void
format(enum setting_type type, int64_t v, char *out, size_t bytes)
{
	const struct unit *unit = units(type), *best = unit;

	for (; unit->name != NULL; unit++)
		if (v != 0 && v % unit->factor == 0)
			best = unit;
	snprintf(out, bytes, "%" PRId64 "%s", v / best->factor, best->name);
}

void
settings_value_want(const struct setting *row, char *out, size_t bytes)
{
	const char *kind = row->type == SETTING_DURATION
	    ? "a duration (ms s m h d)"
	    : row->type == SETTING_SIZE ? "a size (B KiB MiB GiB)"
					: "a whole number";
	char min[32], max[32];

	format(row->type, row->min, min, sizeof(min));
	if (row->max == INT64_MAX) {
		snprintf(out, bytes, "%s of at least %s", kind, min);
		return;
	}
	format(row->type, row->max, max, sizeof(max));
	snprintf(out, bytes, "%s from %s to %s", kind, min, max);
}

bool
settings_value_micro(struct slice text, int64_t *micro)
{
	int64_t n = 0, unit = 1000000;
	size_t i = 0;

	while (i < text.len && text.data[i] >= '0' && text.data[i] <= '9') {
		n = n * 10 + (text.data[i++] - '0');
		if (n > 1000000000)
			return false;
	}
	if (i == 0)
		return false;
	n *= 1000000;
	if (i < text.len && text.data[i] == '.') {
		size_t first = ++i;

		for (; i < text.len && text.data[i] >= '0' &&
		     text.data[i] <= '9';
		     i++) {
			unit /= 10;
			n += (text.data[i] - '0') * unit;
		}
		if (i == first || unit == 0)
			return false;
	}
	*micro = n;
	return i == text.len;
}
