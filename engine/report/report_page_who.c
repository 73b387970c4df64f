/*
 * Who has an alert, and what is promised.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/report/report_page.h"

/* The team, and the person where one is known. */
static void
put_holder(const struct page *p, const struct report_alert *a,
    struct buf *out)
{
	const char *team = report_page_team(p, a->holder);

	if (a->by != NULL)
		report_say(out, &p->tongue, SAY_who_person,
		    (const char *[]){team, a->by});
	else
		buf_text(out, team);
	report_page_end(out);
}

/* "12 minutes après l'alerte" */
static void
put_after(const struct page *p, const struct report_alert *a,
    struct buf *out)
{
	int64_t told_ms = a->told_ms != TIME_NONE ? a->told_ms : a->first_ms;
	int64_t wait_ms = a->claimed_ms - told_ms;
	struct buf delay = {0};

	if (wait_ms < MINUTE_MS) {
		buf_text(out, report_phrase(&p->tongue, SAY_at_once));
	} else {
		report_delay(&delay, &p->tongue, wait_ms);
		report_page_end(&delay);
		report_say(out, &p->tongue, SAY_who_after,
		    (const char *[]){delay.data});
	}
	report_page_end(out);
	buf_fini(&delay);
}

static void
held(struct page *p, const struct report_alert *a, struct buf *out)
{
	const struct report_tongue *t = &p->tongue;
	struct buf holder = {0}, when = {0}, after = {0};

	put_holder(p, a, &holder);
	put_after(p, a, &after);
	report_say(out, t, report_is_open(a) ? SAY_who_claimed : SAY_who_had,
	    (const char *[]){holder.data,
		report_page_date(p, &when, a->claimed_ms), after.data});
	if (a->state == LIFECYCLE_responding)
		buf_text(out, report_phrase(t, SAY_who_responding));
	else if (a->state == LIFECYCLE_watching)
		buf_text(out, report_phrase(t, SAY_who_watching));
	buf_fini(&holder);
	buf_fini(&when);
	buf_fini(&after);
}

/* Nobody was to hear of it. */
static void
hushed(struct page *p, const struct report_alert *a, struct buf *out)
{
	const struct report_tongue *t = &p->tongue;
	struct buf when = {0};

	if (report_is_open(a))
		report_say(out, t, SAY_who_hushed, (const char *[]){
		    a->hushed_by,
		    report_page_date(p, &when, a->hushed_until_ms),
		    a->hushed_why});
	else
		report_say(out, t, SAY_who_hushed_past,
		    (const char *[]){a->hushed_by, a->hushed_why});
	buf_fini(&when);
}

/* Nobody holds it. */
static void
waits(struct page *p, const struct report_alert *a, struct buf *out)
{
	const struct report_tongue *t = &p->tongue;
	struct buf when = {0};
	const char *team;

	if (a->hushed_by != NULL) {
		hushed(p, a, out);
		return;
	}
	if (a->state == LIFECYCLE_closed || a->unacted) {
		buf_text(out, report_phrase(t, SAY_who_never));
		return;
	}
	if (a->owner == NULL) {
		buf_text(out, report_phrase(t, SAY_who_nobody));
		return;
	}
	team = report_page_team(p, a->owner);
	if (!a->followed)
		report_say(out, t, report_is_open(a) ? SAY_who_unknown :
		    SAY_who_unknown_past, &team);
	else if (a->answer_by_ms == TIME_NONE)
		report_say(out, t, SAY_who_open, &team);
	else
		report_say(out, t, a->answer_by_ms < p->r->now_ms ?
		    SAY_who_late : SAY_who_waits,
		    (const char *[]){team,
			report_page_date(p, &when, a->answer_by_ms)});
	buf_fini(&when);
}

static void
promised(struct page *p, const struct report_alert *a)
{
	const struct report_tongue *t = &p->tongue;
	struct buf when = {0}, left = {0};
	struct buf *out;

	if (!report_is_open(a) || !a->followed || a->level < 2 ||
	    a->hushed_by != NULL)
		return;
	if (a->until_ms == TIME_NONE && a->state != LIFECYCLE_notified &&
	    a->state != LIFECYCLE_detected && a->state != LIFECYCLE_claimed)
		return;
	out = report_page_fact(p, SAY_promise);
	if (a->until_ms == TIME_NONE) {
		buf_text(out, report_phrase(t, SAY_promise_none));
		return;
	}
	report_page_date(p, &when, a->until_ms);
	if (a->until_ms <= p->r->now_ms || a->promise_broken) {
		report_say(out, t, SAY_promise_broken,
		    (const char *[]){when.data});
	} else {
		report_delay(&left, t, a->until_ms - p->r->now_ms);
		report_page_end(&left);
		report_say(out, t, SAY_promise_until,
		    (const char *[]){when.data, left.data});
	}
	buf_fini(&when);
	buf_fini(&left);
}

void
report_page_who(struct page *p, const struct report_alert *a)
{
	struct buf *out = report_page_fact(p, SAY_who);

	if (a->claimed_ms != TIME_NONE && a->holder != NULL)
		held(p, a, out);
	else
		waits(p, a, out);
	promised(p, a);
}
