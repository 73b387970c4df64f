/*
 * Zones, hours, holidays, times of an organisation file.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/settings.h"

/* Monday first, English and French. */
static const char *const weekdays[14] = {"mon", "tue", "wed", "thu", "fri",
    "sat", "sun", "lun", "mar", "mer", "jeu", "ven", "sam", "dim"};

/* Each zone once, so that equal ones have equal pointers. */
const struct zone *
organisation_read_zone(struct reading *r, const struct yaml *node)
{
	const char *name = organisation_read_text(r, node);
	const struct zone *zone;
	struct buf help = {0};
	struct err err;

	if (name == NULL)
		return zone_utc();
	for (size_t i = 0; i < r->zones_count; i++)
		if (!strcmp(zone_name(r->zones[i]), name))
			return r->zones[i];
	zone = zone_load(r->o->arena, NULL, name, &err);
	if (zone == NULL) {
		zone_near(NULL, name, &help);
		diag_add(r->diag, DIAG_ERROR, node->place, "unknown-zone",
		    help.len > 0 ? help.data
				 : "an IANA zone, such as Europe/Paris or UTC",
		    "%s", err.text);
		buf_fini(&help);
		return zone_utc();
	}
	r->zones =
	    must_grow(r->zones, (r->zones_count + 1) * sizeof(*r->zones));
	r->zones[r->zones_count++] = zone;
	return zone;
}

static int
weekday(struct slice text)
{
	for (int i = 0; i < 14; i++)
		if (slice_is(text, weekdays[i]))
			return i % 7;
	return -1;
}

/* "mon" or "mon-fri"; over the end of the week too: "fri-mon". */
static uint8_t
days_of(struct slice text)
{
	const char *dash = memchr(text.data, '-', text.len);
	size_t len = dash != NULL ? (size_t)(dash - text.data) : text.len;
	int first = weekday((struct slice){text.data, len});
	int last = dash == NULL
		       ? first
		       : weekday((struct slice){dash + 1, text.len - len - 1});
	uint8_t days = 0;

	if (first < 0 || last < 0)
		return 0;
	for (int day = first;; day = (day + 1) % 7) {
		days |= (uint8_t)(1u << day);
		if (day == last)
			return days;
	}
}

uint8_t
organisation_read_days(struct reading *r, const struct yaml *node)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	uint8_t days = 0;

	for (; item != NULL; item = list ? item->next : NULL) {
		uint8_t more = item->kind == YAML_SCALAR && item->text.len > 0
				   ? days_of(item->text)
				   : 0;

		if (more == 0)
			settings_wants(r->diag, item,
			    "days such as mon, mon-fri, [sat, sun]");
		days |= more;
	}
	return days;
}

/* "09:00" to "24:00" */
static int16_t
read_minute(struct reading *r, const struct yaml *node)
{
	const char *t = node->text.data;
	int hour, minute;

	if (node->kind == YAML_SCALAR && node->text.len == 5 && t[2] == ':' &&
	    strspn(t, "0123456789") == 2 && strspn(t + 3, "0123456789") == 2) {
		hour = (t[0] - '0') * 10 + t[1] - '0';
		minute = (t[3] - '0') * 10 + t[4] - '0';
		if (minute < 60 && hour * 60 + minute <= 1440)
			return (int16_t)(hour * 60 + minute);
	}
	settings_wants(r->diag, node, "a time from \"00:00\" to \"24:00\"");
	return -1;
}

static void
read_span_days(struct reading *r, void *into, const struct yaml *node)
{
	((struct hours_span *)into)->days = organisation_read_days(r, node);
}

static void
read_span_from(struct reading *r, void *into, const struct yaml *node)
{
	((struct hours_span *)into)->from_min = read_minute(r, node);
}

static void
read_span_to(struct reading *r, void *into, const struct yaml *node)
{
	((struct hours_span *)into)->to_min = read_minute(r, node);
}

bool
organisation_read_span(
    struct reading *r, struct hours_span *span, const struct yaml *node)
{
	static const struct read_key span_keys[] = {
	    {"days", read_span_days},
	    {"from", read_span_from},
	    {"to", read_span_to},
	};
	unsigned errors = diag_errors(r->diag);

	if (node->kind != YAML_MAP)
		return settings_wants(r->diag, node,
		    "{days: mon-fri, from: \"09:00\", to: \"18:00\"}");
	*span = (struct hours_span){.days = 0x7f, .to_min = 1440};
	organisation_read_keys(r, node, span_keys, 3, "setting of hours", span);
	if (diag_errors(r->diag) == errors && span->from_min == 1440) {
		diag_add(r->diag, DIAG_ERROR, node->place, "wrong-value",
		    "say from: \"00:00\" of the next day",
		    "nothing begins at 24:00");
	}
	return diag_errors(r->diag) == errors;
}

void
organisation_read_hours(
    struct reading *r, struct hours *hours, const struct yaml *node)
{
	const struct organisation_plan *plan = r->o->plan;
	bool list = node->kind == YAML_LIST;
	const struct yaml *item = list ? node->first : node;
	struct hours_span *spans;
	size_t count = 0;

	hours->always = false;
	hours->spans = NULL;
	hours->spans_count = 0;
	if (node->kind == YAML_SCALAR) {
		if (slice_is(node->text, "always")) {
			hours->always = true;
		} else if (slice_is(node->text, "office")) {
			hours->spans = plan->office.spans;
			hours->spans_count = plan->office.spans_count;
		} else {
			settings_wants(r->diag, node,
			    "always, office, or "
			    "[{days: mon-fri, from: \"08:00\", to: "
			    "\"20:00\"}]");
			hours->always = true;
		}
		return;
	}
	spans = arena_alloc(r->o->arena, (node->count + 1) * sizeof(*spans));
	for (; item != NULL; item = list ? item->next : NULL)
		if (organisation_read_span(r, &spans[count], item))
			count++;
	hours->spans = spans;
	hours->spans_count = count;
	if (node->count == 0)
		settings_wants(r->diag, node, "at least one span, or always");
}

/* "2026-12-25" */
static bool
read_day(struct reading *r, const struct yaml *node, int32_t *day)
{
	char text[24];
	int64_t ms;

	if (node->kind == YAML_SCALAR && node->text.len == 10) {
		snprintf(
		    text, sizeof(text), "%.10sT00:00:00Z", node->text.data);
		if (clock_parse(slice_of(text), &ms)) {
			*day = zone_day(ms);
			return true;
		}
	}
	return settings_wants(r->diag, node, "a day such as 2026-12-25");
}

bool
organisation_read_time(struct reading *r, const struct yaml *node, int64_t *ms)
{
	struct slice t = node->text;
	char text[40];

	if (node->kind == YAML_SCALAR && t.len == 10) {
		int32_t day = 0;

		if (!read_day(r, node, &day))
			return false;
		*ms = zone_time(r->zone, day * HOURS_DAY_MS);
		return true;
	}
	if (node->kind == YAML_SCALAR && t.len >= 16 && t.len < 36) {
		/* seconds may be left out */
		if (t.len < 19 || t.data[16] != ':')
			snprintf(text, sizeof(text), "%.16s:00%.*s", t.data,
			    (int)(t.len - 16), t.data + 16);
		else
			snprintf(text, sizeof(text), "%.*s", SLICE_ARG(t));
		if (clock_parse(slice_of(text), ms))
			return true;
	}
	return settings_wants(
	    r->diag, node, "a time such as 2026-12-01T08:00Z, or a day");
}

struct holiday_in {
	struct holiday *holiday;
	bool dated;
};

static void
read_holiday_date(struct reading *r, void *into, const struct yaml *node)
{
	struct holiday_in *in = into;

	in->dated = read_day(r, node, &in->holiday->day);
}

static void
read_holiday_name(struct reading *r, void *into, const struct yaml *node)
{
	struct holiday *holiday = ((struct holiday_in *)into)->holiday;

	organisation_read_name(r, &holiday->fr, &holiday->en, node);
}

static int
by_day(const void *a, const void *b)
{
	int32_t x = ((const struct holiday *)a)->day;
	int32_t y = ((const struct holiday *)b)->day;

	return (x > y) - (x < y);
}

const struct holiday *
organisation_read_holidays(
    struct reading *r, const struct yaml *node, size_t *count)
{
	static const struct read_key holiday_keys[] = {
	    {"date", read_holiday_date},
	    {"name", read_holiday_name},
	};
	struct holiday *days =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*days));

	*count = 0;
	if (node->kind != YAML_LIST) {
		settings_wants(r->diag, node, "a list of days");
		return days;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		struct holiday_in in = {&days[*count], false};
		unsigned errors = diag_errors(r->diag);

		*in.holiday = (struct holiday){0};
		if (n->kind == YAML_MAP)
			organisation_read_keys(
			    r, n, holiday_keys, 2, "setting of a holiday", &in);
		else
			in.dated = read_day(r, n, &in.holiday->day);
		if (!in.dated && diag_errors(r->diag) == errors)
			settings_wants(r->diag, n, "a date:");
		*count += in.dated;
	}
	qsort(days, *count, sizeof(*days), by_day);
	return days;
}
