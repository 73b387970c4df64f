/*
 * A report for programs: the facts, in no language.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/report/report.h"

static void
number(struct buf *out, const char *name, int64_t value)
{
	buf_printf(out, ",\"%s\":%lld", name, (long long)value);
}

static void
flag(struct buf *out, const char *name, bool value)
{
	buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void
micro(struct buf *out, const char *name, int64_t value)
{
	buf_printf(out, ",\"%s\":", name);
	buf_fixed(out, value, 6, 6);
}

static void
minutes(struct buf *out, const char *name, int64_t ms)
{
	buf_printf(out, ",\"%s\":", name);
	if (ms == TIME_NONE)
		buf_text(out, "null");
	else
		buf_fixed(out, ms / 6, 4, 1);
}

static void
silenced(struct buf *out, const struct report_alert *a)
{
	if (a->hushed_by == NULL) {
		buf_text(out, ",\"silenced\":null");
		return;
	}
	buf_text(out, ",\"silenced\":{\"by\":");
	buf_json(out, slice_of(a->hushed_by));
	buf_member_text(out, "reason", a->hushed_why);
	buf_member_time(out, "until", a->hushed_until_ms);
	buf_char(out, '}');
}

static void
days(struct buf *out, const struct report *r)
{
	buf_text(out, ",\"days\":[");
	for (uint32_t i = 0; i < REPORT_DAYS; i++) {
		const struct report_day *day = &r->days[i];

		buf_text(out, i > 0 ? ",{\"from\":\"" : "{\"from\":\"");
		buf_utc(out, day->from_ms);
		buf_char(out, '"');
		buf_member_time(out, "to", day->to_ms);
		number(out, "highest", day->highest);
		number(out, "began", day->began);
		flag(out, "watched", day->watched);
		number(out, "posts", day->posts);
		number(out, "harmful", day->harmful);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void
alert(struct buf *out, const struct report_alert *a)
{
	buf_text(out, "{\"id\":");
	buf_json(out, slice_of(a->id));
	buf_member_text(out, "kind", a->kind);
	buf_member_text(out, "sector", a->sector);
	buf_member_text(out, "brand", a->brand);
	buf_member_text(out, "topic", a->topic);
	flag(out, "open", report_is_open(a));
	number(out, "level", a->level);
	number(out, "highest", a->peak);
	buf_member_time(out, "first", a->first_ms);
	buf_member_time(out, "worst", a->peak_ms);
	buf_member_time(out, "last", a->last_ms);
	micro(out, "density", a->then.density);
	micro(out, "harm", a->then.harm);
	micro(out, "expected", a->then.expected);
	number(out, "authors", a->then.authors / 1000000);
	number(out, "harmful_posts", a->then.harmful / 1000000);
	buf_text(out, ",\"words\":[");
	for (uint32_t i = 0; i < a->words_count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, slice_of(a->words[i]));
	}
	buf_char(out, ']');
	buf_member_text(out, "owner", a->owner);
	flag(out, "followed", a->followed);
	buf_member_text(out, "state", a->state == LIFECYCLE_NONE ? NULL :
	    lifecycle_words_state(a->state)->name);
	buf_member_text(out, "holder", a->holder);
	buf_member_text(out, "by", a->by);
	buf_member_time(out, "claimed", a->claimed_ms);
	buf_member_time(out, "until", a->until_ms);
	flag(out, "promise_broken", a->promise_broken);
	buf_member_time(out, "closed", a->closed_ms);
	buf_member_text(out, "lesson", a->lesson);
	buf_member_time(out, "unknown_since", a->unknown_ms);
	silenced(out, a);
	buf_char(out, '}');
}

static void
week(struct buf *out, const struct report *r)
{
	const struct report_week *w = &r->week;

	buf_printf(out, ",\"organisation\":{\"followed\":%s",
	    w->followed ? "true" : "false");
	number(out, "alerts", w->alerts);
	number(out, "claimed", w->claimed);
	minutes(out, "median_min", w->median_ms);
	minutes(out, "longest_min", w->longest_ms);
	number(out, "promises_kept", w->kept);
	number(out, "promises_broken", w->broken);
	number(out, "promises_open", w->pending);
	buf_text(out, ",\"no_action\":[");
	for (uint32_t i = 0; i < w->idle_count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, slice_of(r->alerts[w->idle[i]].id));
	}
	buf_text(out, "],\"teams\":[");
	for (uint32_t i = 0; i < r->teams_count; i++) {
		buf_text(out, i > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(out, slice_of(r->teams[i].id));
		number(out, "messages", r->teams[i].messages);
		number(out, "noise", r->teams[i].noise);
		number(out, "claimed", r->teams[i].claimed);
		buf_char(out, '}');
	}
	buf_text(out, "]}");
}

static void
health(struct buf *out, const char *name, const struct report_health *h)
{
	static const char *const reasons[REPORT_REASONS] = {
	    "json", "utf8", "depth", "field", "empty", "too_long"};

	buf_printf(out, ",\"%s\":", name);
	if (!h->known) {
		buf_text(out, "null");
		return;
	}
	buf_printf(out, "{\"watched_s\":%lld",
	    (long long)(h->covered_ms / 1000));
	number(out, "posts", h->posts);
	number(out, "harmful", h->harmful);
	buf_text(out, ",\"bad_lines\":{");
	for (uint32_t i = 0; i < REPORT_REASONS; i++)
		buf_printf(out, "%s\"%s\":%lld", i > 0 ? "," : "", reasons[i],
		    (long long)h->bad[i]);
	buf_char(out, '}');
	number(out, "late", h->late);
	number(out, "paused_s", h->paused_s);
	number(out, "waiting", h->waiting);
	buf_text(out, ",\"sources\":[");
	for (uint32_t i = 0; i < h->sources_count; i++) {
		buf_text(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		buf_json(out, slice_of(h->sources[i].name));
		buf_member_text(out, "state", h->sources[i].state);
		number(out, "down_s", h->sources[i].down_s);
		buf_char(out, '}');
	}
	buf_text(out, "]}");
}

void
report_json(const struct report *r, struct buf *out)
{
	buf_text(out, "{\"v\":1");
	buf_member_time(out, "from", r->from_ms);
	buf_member_time(out, "to", r->now_ms);
	number(out, "highest", r->highest);
	number(out, "highest_before", r->highest_before);
	number(out, "began", r->began);
	number(out, "began_before", r->began_before);
	buf_text(out, ",\"alerts\":[");
	for (uint32_t i = 0; i < r->shown_count; i++) {
		if (i > 0)
			buf_char(out, ',');
		alert(out, &r->alerts[r->shown[i]]);
	}
	buf_char(out, ']');
	week(out, r);
	days(out, r);
	health(out, "completeness", &r->health);
	health(out, "completeness_before", &r->before);
	buf_text(out, "}\n");
}
