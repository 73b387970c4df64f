/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/clock.h"

#include <time.h>

#include "engine/base/must.h"

static int64_t
wall_now_ms(void *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
wall_tick_ns(void *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct clock
clock_wall(void)
{
	return (struct clock){wall_now_ms, wall_tick_ns, NULL};
}

static int64_t
fixed_now_ms(void *self)
{
	return *(const int64_t *)self;
}

static int64_t
fixed_tick_ns(void *self)
{
	int64_t now = *(const int64_t *)self;

	return now == TIME_NONE ? 0 : now * 1000000;
}

struct clock
clock_fixed(int64_t *now_ms)
{
	return (struct clock){fixed_now_ms, fixed_tick_ns, now_ms};
}

/* Days since 1970-01-01 of a civil date (Hinnant, "chrono-compatible"). */
static int64_t
days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2);
	int64_t era = y / 400;
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned moved = month > 2 ? month - 3 : month + 9;
	unsigned doy = (153 * moved + 2) / 5 + day - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + (int64_t)doe - 719468;
}

static bool
digits(const char *p, size_t n, unsigned *out)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = v * 10 + (unsigned)(p[i] - '0');
	}
	*out = v;
	return true;
}

struct parts {
	unsigned year, month, day, hour, minute, second;
};

static unsigned
month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool
parts_ms(struct parts t, int64_t *ms)
{
	if (t.year < 1970 || t.month < 1 || t.month > 12 || t.day < 1 ||
	    t.day > month_days(t.year, t.month) || t.hour > 23 ||
	    t.minute > 59 || t.second > 60)
		return false;
	if (t.second == 60)
		t.second = 59;
	*ms = (days_of(t.year, t.month, t.day) * 86400 + t.hour * 3600 +
		  t.minute * 60 + t.second) *
	    1000;
	return true;
}

/* "Wed Jun 21 00:03:00 +0000 2026" */
static bool
parse_x(struct slice s, int64_t *ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *p = s.data;
	struct parts t = {0};
	unsigned zone;

	if (s.len != 30 || p[3] != ' ' || p[7] != ' ' || p[10] != ' ' ||
	    p[13] != ':' || p[16] != ':' || p[19] != ' ' || p[25] != ' ')
		return false;
	for (unsigned m = 0; m < 12; m++)
		if (!memcmp(p + 4, months + 3 * m, 3))
			t.month = m + 1;
	if (!digits(p + 8, 2, &t.day) || !digits(p + 11, 2, &t.hour) ||
	    !digits(p + 14, 2, &t.minute) || !digits(p + 17, 2, &t.second) ||
	    !digits(p + 21, 4, &zone) || !digits(p + 26, 4, &t.year) ||
	    (p[20] != '+' && p[20] != '-') || !parts_ms(t, ms))
		return false;
	*ms -= (p[20] == '+' ? 1 : -1) *
	    (int64_t)(zone / 100 * 60 + zone % 100) * MINUTE_MS;
	return true;
}

/* The zone of RFC 3339 at ${p}: "Z" or "+hh:mm", to the end of the text. */
static bool
parse_zone(const char *p, size_t left, int64_t *ms)
{
	unsigned hours, minutes;

	if (left == 1)
		return *p == 'Z' || *p == 'z';
	if (left != 6 || (*p != '+' && *p != '-') || p[3] != ':' ||
	    !digits(p + 1, 2, &hours) || !digits(p + 4, 2, &minutes) ||
	    hours > 23 || minutes > 59)
		return false;
	*ms -= (*p == '+' ? 1 : -1) * (int64_t)(hours * 60 + minutes) *
	    MINUTE_MS;
	return true;
}

bool
clock_parse(struct slice s, int64_t *ms)
{
	const char *p = s.data;
	struct parts t;
	int64_t fraction = 0, unit = 100;
	size_t i = 19;

	if (s.len < 20)
		return false;
	if (p[4] != '-')
		return parse_x(s, ms);
	if (p[7] != '-' || (p[10] != 'T' && p[10] != 't' && p[10] != ' ') ||
	    p[13] != ':' || p[16] != ':' || !digits(p, 4, &t.year) ||
	    !digits(p + 5, 2, &t.month) || !digits(p + 8, 2, &t.day) ||
	    !digits(p + 11, 2, &t.hour) || !digits(p + 14, 2, &t.minute) ||
	    !digits(p + 17, 2, &t.second) || !parts_ms(t, ms))
		return false;
	if (p[i] == '.') {
		size_t first = ++i;

		for (; i < s.len && p[i] >= '0' && p[i] <= '9'; i++) {
			fraction += (p[i] - '0') * unit;
			unit /= 10;
		}
		if (i == first || i == s.len)
			return false;
	}
	*ms += fraction;
	return parse_zone(p + i, s.len - i, ms) && *ms >= 0;
}

bool
clock_epoch(int64_t number, int64_t *ms)
{
	if (number < 0 || number > INT64_C(253402300799999))
		return false;
	*ms = number < INT64_C(100000000000) ? number * 1000 : number;
	return true;
}

static void
put_digits(char *p, unsigned n, unsigned v)
{
	while (n-- > 0) {
		p[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void
clock_format(int64_t ms, char out[static 24])
{
	time_t seconds = (time_t)(ms / 1000 - (ms % 1000 < 0));
	struct tm t;

	REQUIRE(gmtime_r(&seconds, &t) != NULL);
	memcpy(out, "0000-00-00T00:00:00Z", 21);
	put_digits(out, 4, (unsigned)(t.tm_year + 1900));
	put_digits(out + 5, 2, (unsigned)t.tm_mon + 1);
	put_digits(out + 8, 2, (unsigned)t.tm_mday);
	put_digits(out + 11, 2, (unsigned)t.tm_hour);
	put_digits(out + 14, 2, (unsigned)t.tm_min);
	put_digits(out + 17, 2, (unsigned)t.tm_sec);
}
