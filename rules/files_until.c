/*
 * Entries of lists that hold until a day.
 *
 * The day itself counts, in UTC.  Without a clock (replay) they hold for
 * ever, so that the same posts always give the same alerts.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "rules/files.h"

#define DAY_MS INT64_C(86400000)

static bool
digits(struct slice t, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++)
		if (i >= t.len || t.data[i] < '0' || t.data[i] > '9')
			return false;
	return true;
}

/* "2026-12-31": the first moment behind that day. */
static bool
parse_day(struct slice t, int64_t *end_ms)
{
	char text[32];

	if (t.len != 10 || !digits(t, 0, 4) || t.data[4] != '-' ||
	    !digits(t, 5, 2) || t.data[7] != '-' || !digits(t, 8, 2))
		return false;
	snprintf(text, sizeof(text), "%.10sT00:00:00Z", t.data);
	if (!clock_parse(slice_of(text), end_ms))
		return false;
	*end_ms += DAY_MS;
	return true;
}

bool
files_until_parse(struct files *f, struct slice text, struct place place,
    int64_t *end_ms)
{
	if (parse_day(text, end_ms))
		return true;
	diag_add(f->diag, DIAG_ERROR, place, "bad-date",
	    "write the last day on which it counts: 2026-12-31",
	    "'%.*s' is no day", (int)(text.len < 40 ? text.len : 40),
	    text.data);
	return false;
}

/* Where the last tab of ${line} is, if a date seems to stand behind it. */
static bool
at_tab(struct slice line, size_t *at)
{
	for (size_t i = line.len; i-- > 0;)
		if (line.data[i] == '\t') {
			*at = i + 1;
			return digits(line, i + 1, 4) &&
			       i + 5 < line.len && line.data[i + 5] == '-';
		}
	return false;
}

/* Where the text behind the last " # until " begins. */
static bool
at_comment(struct slice line, size_t *at)
{
	static const char mark[] = "# until ";
	const size_t n = sizeof(mark) - 1;

	for (size_t i = line.len; i-- > 1;)
		if (line.len - i > n && !memcmp(line.data + i, mark, n) &&
		    (line.data[i - 1] == ' ' || line.data[i - 1] == '\t')) {
			*at = i + n;
			return true;
		}
	return false;
}

bool
files_until_split(struct slice *line, struct slice *day)
{
	size_t at, end;

	if (at_comment(*line, &at))
		end = at - (sizeof("# until ") - 1);
	else if (at_tab(*line, &at))
		end = at - 1;
	else
		return false;
	while (at < line->len && line->data[at] == ' ')
		at++;
	*day = (struct slice){line->data + at, line->len - at};
	while (end > 0 && (line->data[end - 1] == ' ' ||
			      line->data[end - 1] == '\t'))
		end--;
	line->len = end;
	return true;
}

bool
files_until_past(struct files *f, struct files_until *u, struct slice text,
    struct place place, int64_t end_ms)
{
	int64_t now_ms = f->options != NULL ? f->options->now_ms : 0;
	uint32_t which = end_ms <= now_ms ? UNTIL_PAST : UNTIL_SOON;

	u->undecided += now_ms <= 0;
	if (now_ms <= 0 || end_ms > now_ms + UNTIL_WARN_DAYS * DAY_MS)
		return false;
	if (u->count[which]++ == 0 || end_ms < u->end_ms[which]) {
		u->place[which] = place;
		u->end_ms[which] = end_ms;
	}
	if (which == UNTIL_SOON)
		return false;
	/* without it the set is another one */
	files_hash(f, SLICE("\1expired"));
	files_hash(f, text);
	return true;
}

void
files_until_warn(
    struct files *f, const struct files_until *u, struct slice list)
{
	for (int which = 0; which < UNTIL_KINDS; which++) {
		bool past = which == UNTIL_PAST;
		uint32_t n = u->count[which];
		char day[24];

		if (n == 0 || !f->options->pedantic)
			continue;
		clock_format(u->end_ms[which] - DAY_MS, day);
		diag_add(f->diag, DIAG_WARNING, u->place[which],
		    past ? "expired" : "expires",
		    past ? "take it out, or give it a later day"
			 : "give it a later day if it is to go on",
		    "%u %s of the list '%.*s' %s, the first on %.10s", n,
		    n == 1 ? "entry" : "entries", SLICE_ARG(list),
		    past ? n == 1 ? "has expired" : "have expired"
		    : n == 1 ? "expires soon" : "expire soon",
		    day);
	}
}
