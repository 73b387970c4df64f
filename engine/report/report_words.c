/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/report/report_words.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"

#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

static const struct {
	const char *fr, *en;
} phrases[] = {
#define PHRASE(name, fr, en) {fr, en},
#include "engine/report/report.def"
};

static const struct {
	const char *fr[2], *en[2]; /* one, many */
} plurals[] = {
#define PLURAL(name, fr_one, fr_many, en_one, en_many) \
	{{fr_one, fr_many}, {en_one, en_many}},
#include "engine/report/report.def"
};

const char *
report_phrase(const struct report_tongue *t, enum report_phrase phrase)
{
	REQUIRE(phrase < SAY_PHRASES);
	return t->french ? phrases[phrase].fr : phrases[phrase].en;
}

static void
fill(struct buf *out, const char *pattern, const char *const *args)
{
	for (const char *p = pattern; *p != '\0';) {
		size_t plain = strcspn(p, "%");

		buf_put(out, p, plain);
		p += plain;
		if (p[0] == '%' && p[1] >= '1' && p[1] <= '9') {
			buf_text(out, args[p[1] - '1']);
			p += 2;
		} else if (p[0] == '%') {
			buf_char(out, *p++);
		}
	}
}

void
report_say(struct buf *out, const struct report_tongue *t,
    enum report_phrase phrase, const char *const *args)
{
	fill(out, report_phrase(t, phrase), args);
}

void
report_many(struct buf *out, const struct report_tongue *t,
    enum report_plural plural, int64_t n)
{
	bool one = t->french ? n < 2 : n == 1;
	struct buf number = {0};

	REQUIRE(plural < MANY_PLURALS);
	report_count(&number, t, n);
	buf_char(&number, '\0');
	fill(out, t->french ? plurals[plural].fr[!one] :
			      plurals[plural].en[!one],
	    (const char *[]){number.data});
	buf_fini(&number);
}

void
report_count(struct buf *out, const struct report_tongue *t, int64_t n)
{
	struct buf digits = {0};

	buf_count(&digits, n < 0 ? 0 : (uint64_t)n);
	for (size_t i = 0; i < digits.len; i++)
		if (t->french && digits.data[i] == ',')
			buf_text(out, N);
		else
			buf_char(out, digits.data[i]);
	buf_fini(&digits);
}

void
report_tenths(struct buf *out, const struct report_tongue *t, int64_t micro)
{
	size_t from = out->len;

	buf_fixed(out, micro, 6, 1);
	for (size_t i = from; t->french && i < out->len; i++)
		if (out->data[i] == '.')
			out->data[i] = ',';
}

/* year, month, day of month, hour, minute on the wall */
struct wall {
	char iso[24];
	unsigned month, day, hour;
};

static struct wall
wall_at(const struct report_tongue *t, int64_t ms)
{
	struct wall w = {.hour = 0};

	clock_format(zone_wall(t->zone, ms), w.iso);
	w.month = (unsigned)((w.iso[5] - '0') * 10 + w.iso[6] - '0');
	w.day = (unsigned)((w.iso[8] - '0') * 10 + w.iso[9] - '0');
	w.hour = (unsigned)((w.iso[11] - '0') * 10 + w.iso[12] - '0');
	return w;
}

static void
put_day(struct buf *out, const struct report_tongue *t, const struct wall *w)
{
	static const char *const months[2][12] = {
	    {"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"},
	    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
		"août", "septembre", "octobre", "novembre", "décembre"}};

	buf_printf(out, "%u%s" N "%s", w->day,
	    t->french && w->day == 1 ? "er" : "",
	    months[t->french][(w->month + 11) % 12]);
}

static void
put_hour(struct buf *out, const struct report_tongue *t, const struct wall *w)
{
	if (t->french)
		buf_printf(out, "%u" N "h" N "%.2s", w->hour, w->iso + 14);
	else
		buf_printf(out, "%.5s", w->iso + 11);
}

void
report_day(struct buf *out, const struct report_tongue *t, int64_t ms)
{
	struct wall w = wall_at(t, ms);

	put_day(out, t, &w);
}

void
report_hour(struct buf *out, const struct report_tongue *t, int64_t ms)
{
	struct wall w = wall_at(t, ms);

	put_hour(out, t, &w);
}

void
report_date(struct buf *out, const struct report_tongue *t, int64_t ms,
    int64_t reference_ms)
{
	struct wall w = wall_at(t, ms), other = w;

	put_day(out, t, &w);
	if (reference_ms != TIME_NONE)
		other = wall_at(t, reference_ms);
	if (reference_ms == TIME_NONE || memcmp(w.iso, other.iso, 4))
		buf_printf(out, " %.4s", w.iso);
	buf_text(out, ", ");
	put_hour(out, t, &w);
}

void
report_delay(struct buf *out, const struct report_tongue *t, int64_t ms)
{
	int64_t minutes = (ms + MINUTE_MS / 2) / MINUTE_MS;

	if (ms < MINUTE_MS) {
		buf_text(out, report_phrase(t, SAY_instant));
	} else if (minutes < 60) {
		report_many(out, t, MANY_minutes, minutes);
	} else if (minutes < 48 * 60) {
		report_many(out, t, MANY_hours, minutes / 60);
		if (minutes % 60 != 0 && minutes < 24 * 60) {
			buf_char(out, ' ');
			report_many(out, t, MANY_minutes, minutes % 60);
		}
	} else {
		report_many(out, t, MANY_days, (ms + DAY_MS / 2) / DAY_MS);
	}
}

void
report_listed(struct buf *out, const struct report_tongue *t, uint32_t count,
    uint32_t i)
{
	if (i > 0)
		buf_text(out, report_phrase(t,
		    i + 1 == count ? SAY_and : SAY_comma));
}
