/*
 * What changed, how the organisation did.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine/lifecycle/lifecycle_words.h"
#include "engine/organisation/organisation_plan.h"
#include "engine/report/report_page.h"

#define IDLE_SHOWN 4u
#define TEAMS_SHOWN 6u
#define LIST_MAX 6u

static struct buf *
item(struct page *p)
{
	return &report_page_add(p, BLOCK_ITEM)->text;
}

static bool
is_day(const struct report *r)
{
	return r->now_ms - r->from_ms == REPORT_DAY_MS;
}

static const char *
before_words(const struct page *p)
{
	return report_phrase(&p->tongue, is_day(p->r) ? SAY_before_day :
							 SAY_before_time);
}

/* Names of the alerts of the time that ${wanted}; their number. */
static uint32_t
put_named(const struct page *p,
    bool (*wanted)(const struct report *r, const struct report_alert *a),
    struct buf *out)
{
	const struct report *r = p->r;
	const struct report_alert *found[LIST_MAX];
	uint32_t count = 0, all = 0;

	for (uint32_t i = 0; i < r->shown_count; i++) {
		const struct report_alert *a = &r->alerts[r->shown[i]];

		if (wanted(r, a) && all++ < LIST_MAX)
			found[count++] = a;
	}
	for (uint32_t i = 0; i < count; i++) {
		report_listed(out, &p->tongue, count + (all > count), i);
		report_page_subject(p, found[i], out);
	}
	if (all > count) {
		report_listed(out, &p->tongue, count + 1, count);
		report_many(out, &p->tongue, MANY_more_alerts, all - count);
	}
	report_page_end(out);
	return all;
}

static bool
is_over(const struct report *r, const struct report_alert *a)
{
	return !report_is_open(a) && !report_is_lost(a) &&
	    (a->first_ms < r->from_ms || a->last_ms >= r->from_ms);
}

static bool
is_still(const struct report *r, const struct report_alert *a)
{
	return report_is_open(a) && a->first_ms < r->from_ms;
}

static void
put_some(const struct page *p, uint32_t n, struct buf *out)
{
	if (n == 0)
		buf_text(out, report_phrase(&p->tongue, SAY_none));
	else
		report_count(out, &p->tongue, n);
}

/* Level 0 is not worth a name of its own here. */
static const char *
level_words(const struct page *p, uint8_t level)
{
	return level == 0 ? report_phrase(&p->tongue, SAY_calm) :
			    report_page_level(p, level);
}

static void
changed_counts(struct page *p)
{
	const struct report *r = p->r;
	const struct report_tongue *t = &p->tongue;
	const char *before = before_words(p);
	struct buf a = {0}, b = {0};

	put_some(p, r->began, &a);
	put_some(p, r->began_before, &b);
	report_page_end(&a);
	report_page_end(&b);
	report_say(item(p), t, SAY_changed_began,
	    (const char *[]){a.data, before, b.data});
	report_say(item(p), t, SAY_changed_highest, (const char *[]){
	    level_words(p, r->highest), before,
	    level_words(p, r->highest_before)});
	buf_clear(&a);
	buf_clear(&b);
	if (r->health.known && r->before.known) {
		report_count(&a, t, r->health.posts);
		report_count(&b, t, r->before.posts);
		report_page_end(&a);
		report_page_end(&b);
		report_say(item(p), t, SAY_changed_posts,
		    (const char *[]){a.data, before, b.data});
	}
	buf_fini(&a);
	buf_fini(&b);
}

void
report_page_changes(struct page *p)
{
	struct buf names = {0};

	report_page_heading(p, is_day(p->r) ? SAY_changed_day : SAY_changed);
	changed_counts(p);
	if (put_named(p, is_still, &names) > 0)
		report_say(item(p), &p->tongue, SAY_changed_still,
		    (const char *[]){names.data});
	buf_clear(&names);
	if (put_named(p, is_over, &names) > 0)
		report_say(item(p), &p->tongue, SAY_changed_over,
		    (const char *[]){names.data});
	buf_fini(&names);
}

/* ---- the organisation --------------------------------------------------- */

static void
delays(struct page *p)
{
	const struct report_week *w = &p->r->week;
	const struct report_tongue *t = &p->tongue;
	struct buf median = {0}, longest = {0}, subject = {0};

	if (w->claimed == 0) {
		buf_text(item(p), report_phrase(t, SAY_org_delay_none));
		return;
	}
	report_delay(&median, t, w->median_ms);
	report_delay(&longest, t, w->longest_ms);
	report_page_subject(p, &p->r->alerts[w->longest], &subject);
	report_page_end(&median);
	report_page_end(&longest);
	report_page_end(&subject);
	if (w->claimed == 1)
		report_say(item(p), t, SAY_org_delay_one,
		    (const char *[]){longest.data, subject.data});
	else
		report_say(item(p), t, SAY_org_delay, (const char *[]){
		    median.data, longest.data, subject.data});
	buf_fini(&median);
	buf_fini(&longest);
	buf_fini(&subject);
}

static void
promises(struct page *p)
{
	const struct report_week *w = &p->r->week;
	const struct report_tongue *t = &p->tongue;
	struct buf kept = {0}, broken = {0}, pending = {0};

	if (w->kept + w->broken + w->pending == 0) {
		buf_text(item(p), report_phrase(t, SAY_org_promises_none));
		return;
	}
	report_many(&kept, t, MANY_kept, w->kept);
	report_many(&broken, t, MANY_broken, w->broken);
	report_many(&pending, t, MANY_pending, w->pending);
	report_page_end(&kept);
	report_page_end(&broken);
	report_page_end(&pending);
	report_say(item(p), t, SAY_org_promises,
	    (const char *[]){kept.data, broken.data, pending.data});
	buf_fini(&kept);
	buf_fini(&broken);
	buf_fini(&pending);
}

static void
idle(struct page *p)
{
	const struct report_week *w = &p->r->week;
	const struct report_tongue *t = &p->tongue;
	uint32_t named = w->idle_count < IDLE_SHOWN ? w->idle_count :
						       IDLE_SHOWN;
	uint32_t items = named + (w->idle_count > named);
	struct buf list = {0}, subject = {0};

	if (w->idle_count == 0) {
		buf_text(item(p), report_phrase(t, SAY_org_idle_none));
		return;
	}
	for (uint32_t i = 0; i < named; i++) {
		const struct report_alert *a = &p->r->alerts[w->idle[i]];

		buf_clear(&subject);
		report_page_subject(p, a, &subject);
		report_page_end(&subject);
		report_listed(&list, t, items, i);
		report_say(&list, t, SAY_more_one, (const char *[]){
		    subject.data, report_page_level(p, a->peak)});
	}
	if (w->idle_count > named) {
		report_listed(&list, t, items, items - 1);
		report_many(&list, t, MANY_more_alerts,
		    w->idle_count - named);
	}
	report_page_end(&list);
	report_say(item(p), t, SAY_org_idle, (const char *[]){list.data});
	buf_fini(&list);
	buf_fini(&subject);
}

/* Those of the week that somebody wanted nobody to hear of. */
static void
hushed(struct page *p)
{
	const struct report *r = p->r;
	const struct report_tongue *t = &p->tongue;
	struct buf list = {0}, subject = {0};
	uint32_t count = 0, put = 0;

	for (uint32_t i = 0; i < r->alerts_count; i++)
		count += r->alerts[i].hushed_by != NULL &&
		    r->alerts[i].last_ms >= r->now_ms - REPORT_WEEK_MS;
	for (uint32_t i = 0; i < r->alerts_count && put < IDLE_SHOWN; i++) {
		const struct report_alert *a = &r->alerts[i];

		if (a->hushed_by == NULL ||
		    a->last_ms < r->now_ms - REPORT_WEEK_MS)
			continue;
		buf_clear(&subject);
		report_page_subject(p, a, &subject);
		report_page_end(&subject);
		report_listed(&list, t,
		    count > IDLE_SHOWN ? IDLE_SHOWN + 1 : count, put++);
		report_say(&list, t, SAY_org_hushed_one, (const char *[]){
		    subject.data, report_page_level(p, a->peak),
		    a->hushed_by});
	}
	if (count > put) {
		report_listed(&list, t, put + 1, put);
		report_many(&list, t, MANY_more_alerts, count - put);
	}
	report_page_end(&list);
	if (count > 0)
		report_say(item(p), t, SAY_org_hushed,
		    (const char *[]){list.data});
	buf_fini(&list);
	buf_fini(&subject);
}

static void
team_noise(struct page *p, const struct report_team *team, struct buf *out)
{
	const struct organisation *o = p->r->organisation;
	int64_t budget = o != NULL ? o->plan->noise_budget : 0;
	struct buf n = {0}, planned = {0};

	if (budget == 0) {
		report_count(out, &p->tongue, team->noise);
		return;
	}
	report_count(&n, &p->tongue, team->noise);
	report_count(&planned, &p->tongue, budget);
	report_page_end(&n);
	report_page_end(&planned);
	report_say(out, &p->tongue, team->noise > budget ? SAY_team_over :
	    SAY_team_budget, (const char *[]){n.data, planned.data});
	buf_fini(&n);
	buf_fini(&planned);
}

static void
teams(struct page *p)
{
	static const enum report_phrase heads[PAGE_CELLS] = {SAY_team,
	    SAY_team_messages, SAY_team_noise, SAY_team_claimed};
	const struct report *r = p->r;
	struct block *b;

	if (r->teams_count == 0)
		return;
	b = report_page_add(p, BLOCK_HEAD);
	for (uint32_t i = 0; i < PAGE_CELLS; i++)
		buf_text(&b->cells[i], report_phrase(&p->tongue, heads[i]));
	for (uint32_t i = 0; i < r->teams_count && i < TEAMS_SHOWN; i++) {
		const struct report_team *team = &r->teams[i];

		b = report_page_add(p, BLOCK_ROW);
		buf_text(&b->cells[0], report_page_team(p, team->id));
		report_count(&b->cells[1], &p->tongue, team->messages);
		team_noise(p, team, &b->cells[2]);
		if (r->week.followed)
			report_count(&b->cells[3], &p->tongue, team->claimed);
		else
			buf_text(&b->cells[3], "–");
	}
}

void
report_page_week(struct page *p)
{
	report_page_heading(p, SAY_organisation);
	if (p->r->week.followed) {
		delays(p);
		promises(p);
		idle(p);
	} else {
		buf_text(item(p), report_phrase(&p->tongue, SAY_org_unknown));
	}
	hushed(p);
	teams(p);
}
