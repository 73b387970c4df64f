/*
 * The years that no file lists: a rule in the form of POSIX TZ.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/zone_parts.h"

#define DAY_S INT64_C(86400)

struct cursor {
	const char *at, *end;
	bool bad;
};

static char
peek(const struct cursor *c)
{
	return c->at < c->end ? *c->at : 0;
}

static bool
take(struct cursor *c, char want)
{
	if (peek(c) != want)
		return false;
	c->at++;
	return true;
}

static int
number(struct cursor *c, int most)
{
	int v = 0, digits = 0;

	for (; peek(c) >= '0' && peek(c) <= '9' && digits < 4; digits++)
		v = v * 10 + (*c->at++ - '0');
	if (digits == 0 || v > most)
		c->bad = true;
	return c->bad ? 0 : v;
}

/* "CET" or "<+0330>" */
static void
skip_name(struct cursor *c)
{
	const char *start = c->at;

	if (take(c, '<')) {
		while (peek(c) != 0 && peek(c) != '>')
			c->at++;
		c->bad |= !take(c, '>');
		return;
	}
	while ((peek(c) >= 'A' && peek(c) <= 'Z') ||
	       (peek(c) >= 'a' && peek(c) <= 'z'))
		c->at++;
	c->bad |= c->at - start < 3;
}

/* [+-]hh[:mm[:ss]], up to a week. */
static int32_t
seconds(struct cursor *c)
{
	bool negative = take(c, '-');
	int32_t v;

	if (!negative)
		take(c, '+');
	v = number(c, 167) * 3600;
	if (take(c, ':'))
		v += number(c, 59) * 60;
	if (take(c, ':'))
		v += number(c, 59);
	return negative ? -v : v;
}

static void
change(struct cursor *c, struct zone_change *to)
{
	c->bad |= !take(c, ',');
	if (take(c, 'M')) {
		to->form = CHANGE_WEEKDAY;
		to->month = number(c, 12);
		c->bad |= !take(c, '.');
		to->week = number(c, 5);
		c->bad |= !take(c, '.') || to->month < 1 || to->week < 1;
		to->day = number(c, 6);
	} else {
		to->form = take(c, 'J') ? CHANGE_JULIAN : CHANGE_DAY;
		to->day = number(c, 365);
		c->bad |= to->form == CHANGE_JULIAN && to->day < 1;
	}
	to->second = take(c, '/') ? seconds(c) : 7200;
}

bool
zone_rule_parse(struct slice text, struct zone_rule *rule)
{
	struct cursor c = {text.data, text.data + text.len, false};

	*rule = (struct zone_rule){.there = true};
	skip_name(&c);
	rule->offset_s = -seconds(&c);
	if (!c.bad && c.at < c.end) {
		rule->saves = true;
		skip_name(&c);
		rule->summer_s =
		    peek(&c) == ',' ? rule->offset_s + 3600 : -seconds(&c);
		change(&c, &rule->to_summer);
		change(&c, &rule->to_winter);
	}
	return !c.bad && c.at == c.end;
}

/* Days since 1970 of the first day of a month 1 to 13. */
static int64_t
first_of(int64_t year, int month)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 - 719468;
}

static bool
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t
day_of(const struct zone_change *c, int64_t year)
{
	int64_t first, day;

	switch (c->form) {
	case CHANGE_JULIAN: /* 29 February is never counted */
		return first_of(year, 1) + c->day - 1 +
		       (is_leap(year) && c->day >= 60);
	case CHANGE_DAY:
		return first_of(year, 1) + c->day;
	case CHANGE_WEEKDAY:
		break;
	}
	first = first_of(year, c->month);
	/* 1970-01-01 was a Thursday, day 4 of a week from Sunday */
	day = first + (c->day - (first + 4) % 7 + 7) % 7 + (c->week - 1) * 7;
	/* the thirteenth month, in its own year */
	while (day >= (c->month == 12 ? first_of(year + 1, 1)
				      : first_of(year, c->month + 1)))
		day -= 7;
	return day;
}

static int64_t
year_of(int64_t time_s)
{
	int64_t year = 1970 + time_s / (DAY_S * 365 + DAY_S / 4);

	while (first_of(year, 1) * DAY_S > time_s)
		year--;
	while (first_of(year + 1, 1) * DAY_S <= time_s)
		year++;
	return year;
}

int32_t
zone_rule_offset(const struct zone_rule *r, int64_t time_s)
{
	int64_t year, summer_s, winter_s;
	bool inside;

	if (!r->saves)
		return r->offset_s;
	year = year_of(time_s + r->offset_s);
	summer_s = day_of(&r->to_summer, year) * DAY_S + r->to_summer.second -
		   r->offset_s;
	winter_s = day_of(&r->to_winter, year) * DAY_S + r->to_winter.second -
		   r->summer_s;
	inside = summer_s < winter_s ? time_s >= summer_s && time_s < winter_s
				     : time_s >= summer_s || time_s < winter_s;
	return inside ? r->summer_s : r->offset_s;
}
