/*
 * Day by day, and what was not seen.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine/report/report_page.h"

#define SOURCES_SHOWN 5u

static struct buf *
item(struct page *p)
{
	return &report_page_add(p, BLOCK_ITEM)->text;
}

/* ---- day by day ---------------------------------------------------------- */

static void
put_posts(const struct page *p, const struct report_day *day, struct buf *out)
{
	struct buf posts = {0}, harmful = {0};

	if (!day->watched) {
		buf_text(out, "–");
		return;
	}
	report_count(&posts, &p->tongue, day->posts);
	report_count(&harmful, &p->tongue, day->harmful);
	report_page_end(&posts);
	report_page_end(&harmful);
	report_say(out, &p->tongue, SAY_days_both,
	    (const char *[]){posts.data, harmful.data});
	buf_fini(&posts);
	buf_fini(&harmful);
}

/* The last day has hours to come. */
static void
put_day(const struct page *p, uint32_t i, struct buf *out)
{
	const struct report_day *day = &p->r->days[i];
	struct buf name = {0};

	report_day(&name, &p->tongue, day->from_ms);
	report_page_end(&name);
	if (day->to_ms - day->from_ms < REPORT_DAY_MS &&
	    i + 1 == REPORT_DAYS)
		report_say(out, &p->tongue, SAY_days_so_far,
		    (const char *[]){name.data});
	else
		buf_text(out, name.data);
	buf_fini(&name);
}

void
report_page_days(struct page *p)
{
	static const enum report_phrase heads[PAGE_CELLS] = {SAY_days_day,
	    SAY_days_highest, SAY_days_began, SAY_days_posts};
	struct block *b;

	report_page_heading(p, SAY_days);
	b = report_page_add(p, BLOCK_HEAD);
	for (uint32_t i = 0; i < PAGE_CELLS; i++)
		buf_text(&b->cells[i], report_phrase(&p->tongue, heads[i]));
	for (uint32_t i = 0; i < REPORT_DAYS; i++) {
		const struct report_day *day = &p->r->days[i];

		b = report_page_add(p, BLOCK_ROW);
		put_day(p, i, &b->cells[0]);
		buf_text(&b->cells[1], day->highest == 0 && !day->watched ?
		    "–" : day->highest == 0 ?
		    report_phrase(&p->tongue, SAY_calm) :
		    report_page_level(p, day->highest));
		report_count(&b->cells[2], &p->tongue, day->began);
		put_posts(p, day, &b->cells[3]);
	}
}

/* ---- completeness -------------------------------------------------------- */

static void
covered(struct page *p)
{
	const struct report *r = p->r;
	const struct report_health *h = &r->health;
	const struct report_tongue *t = &p->tongue;
	int64_t span_ms = r->now_ms - r->from_ms;
	struct buf read = {0}, watched = {0}, all = {0};

	report_many(&read, t, MANY_posts_read, h->posts);
	if (h->posts > 0) {
		buf_text(&read, ", ");
		report_many(&read, t, MANY_harmful_read, h->harmful);
	}
	report_page_end(&read);
	if (h->covered_ms >= span_ms - span_ms / 20) {
		report_say(item(p), t, SAY_complete_all,
		    (const char *[]){read.data});
	} else {
		report_delay(&watched, t, h->covered_ms);
		report_delay(&all, t, span_ms);
		report_page_end(&watched);
		report_page_end(&all);
		report_say(item(p), t, SAY_complete_part,
		    (const char *[]){watched.data, all.data, read.data});
	}
	buf_fini(&read);
	buf_fini(&watched);
	buf_fini(&all);
}

static void
sources(struct page *p)
{
	const struct report_health *h = &p->r->health;
	const struct report_tongue *t = &p->tongue;
	struct buf down = {0};
	uint32_t told = 0;

	for (uint32_t i = 0; i < h->sources_count && told < SOURCES_SHOWN;
	     i++) {
		const struct report_source *s = &h->sources[i];

		if (s->down_s > 0) {
			buf_clear(&down);
			report_delay(&down, t, s->down_s * 1000);
			report_page_end(&down);
			report_say(item(p), t, SAY_source_down,
			    (const char *[]){s->name, down.data});
			told++;
		} else if (!strcmp(s->state, "ended")) {
			report_say(item(p), t, SAY_source_ended,
			    (const char *[]){s->name});
			told++;
		}
	}
	if (told == 0)
		buf_text(item(p), report_phrase(t, h->sources_count > 0 ?
		    SAY_complete_sources : SAY_complete_no_source));
	buf_fini(&down);
}

static void
bad_lines(struct page *p)
{
	static const enum report_phrase reasons[REPORT_REASONS] = {
	    SAY_bad_json, SAY_bad_utf8, SAY_bad_depth, SAY_bad_field,
	    SAY_bad_empty, SAY_bad_too_long};
	const struct report_health *h = &p->r->health;
	const struct report_tongue *t = &p->tongue;
	struct buf all = {0}, why = {0}, n = {0};

	if (h->bad_all == 0) {
		buf_text(item(p), report_phrase(t, SAY_complete_none_bad));
		return;
	}
	report_many(&all, t, MANY_bad_lines, h->bad_all);
	for (uint32_t i = 0; i < REPORT_REASONS; i++) {
		if (h->bad[i] == 0)
			continue;
		buf_clear(&n);
		report_count(&n, t, h->bad[i]);
		report_page_end(&n);
		if (why.len > 0)
			buf_text(&why, ", ");
		report_say(&why, t, SAY_bad_one, (const char *[]){
		    report_phrase(t, reasons[i]), n.data});
	}
	report_page_end(&all);
	report_page_end(&why);
	report_say(item(p), t, SAY_complete_bad,
	    (const char *[]){all.data, why.data});
	buf_fini(&all);
	buf_fini(&why);
	buf_fini(&n);
}

static void
delayed(struct page *p)
{
	const struct report_health *h = &p->r->health;
	const struct report_tongue *t = &p->tongue;
	struct buf words = {0};

	if (h->late > 0)
		report_many(item(p), t, MANY_late_posts, h->late);
	if (h->paused_s > 0) {
		report_delay(&words, t, h->paused_s * 1000);
		report_page_end(&words);
		report_say(item(p), t, SAY_complete_paused,
		    (const char *[]){words.data});
	}
	if (h->waiting > 0)
		report_many(item(p), t, MANY_waiting, h->waiting);
	buf_fini(&words);
}

/* What the engine itself said of sources that fell silent. */
static void
deaf(struct page *p)
{
	const struct report *r = p->r;

	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];

		if (report_is_deaf(a) &&
		    (report_is_open(a) || a->last_ms >= r->from_ms))
			buf_text(item(p), p->tongue.french ? a->sentence_fr :
							     a->sentence_en);
	}
}

static void
stopped(struct page *p)
{
	struct buf when = {0};

	if (!p->r->stopped)
		return;
	report_date(&when, &p->tongue, p->r->heard_ms, p->r->now_ms);
	report_page_end(&when);
	report_say(item(p), &p->tongue, SAY_complete_stopped,
	    (const char *[]){when.data});
	buf_fini(&when);
}

void
report_page_health(struct page *p)
{
	report_page_heading(p, SAY_complete);
	deaf(p);
	stopped(p);
	if (!p->r->health.known) {
		buf_text(&report_page_add(p, BLOCK_TEXT)->text,
		    report_phrase(&p->tongue, SAY_complete_unknown));
		return;
	}
	covered(p);
	sources(p);
	bad_lines(p);
	delayed(p);
}
