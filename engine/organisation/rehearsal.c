/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/rehearsal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/zone.h"
#include "engine/organisation/rehearsal_parts.h"
#include "engine/organisation/route.h"

#define HOUR_MS (60 * MINUTE_MS)
#define SATURDAY 5

struct rehearsal *
rehearsal_new(void)
{
	return must_alloc(sizeof(struct rehearsal));
}

void
rehearsal_free(struct rehearsal *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		alert_unref(r->alerts[i]);
	free(r->alerts);
	free(r);
}

void
rehearsal_take(struct rehearsal *r, const struct alert *alert)
{
	r->alerts = must_grow(r->alerts, (r->count + 1) * sizeof(*r->alerts));
	r->alerts[r->count++] = alert_unrouted(alert);
}

/* ---- the list of what people will do ------------------------------------- */

void
rehearsal_later(struct rehearsal_run *run, enum rehearsal_step step,
    uint32_t episode, const struct team *team, int64_t at_ms)
{
	size_t i = run->events_count++;

	run->events = must_grow(
	    run->events, run->events_count * sizeof(*run->events));
	/* The newest of one moment comes last, so order need not be asked. */
	for (; i > 0 && run->events[(i - 1) / 2].at_ms > at_ms;
	     i = (i - 1) / 2)
		run->events[i] = run->events[(i - 1) / 2];
	run->events[i] = (struct rehearsal_event){
	    at_ms, run->order++, step, episode, team};
}

int64_t
rehearsal_next_ms(const struct rehearsal_run *run)
{
	return run->events_count > 0 ? run->events[0].at_ms : INT64_MAX;
}

static void
advance(struct rehearsal_run *run, int64_t to_ms)
{
	for (;;) {
		int64_t due_ms = lifecycle_next(run->lc);
		int64_t next_ms = rehearsal_next_ms(run);

		if ((due_ms < next_ms ? due_ms : next_ms) > to_ms)
			break;
		if (due_ms > next_ms) {
			rehearsal_do_next(run);
			continue;
		}
		run->now_ms = due_ms > run->now_ms ? due_ms : run->now_ms;
		lifecycle_tick(run->lc, run->now_ms);
	}
	run->now_ms = to_ms;
}

/* ---- what the lifecycle says --------------------------------------------- */

static struct rehearsal_episode *
find(struct rehearsal_run *run, const char *id)
{
	for (uint32_t i = run->episodes_count; i-- > 0;)
		if (!strcmp(run->episodes[i].id, id))
			return &run->episodes[i];
	return NULL;
}

static void
tell(struct rehearsal_run *run, const char *id, const char *team)
{
	const struct rehearsal_episode *e = find(run, id);
	const struct team *t = organisation_team(run->o, team);

	if (e != NULL && t != NULL)
		rehearsal_told(run, (uint32_t)(e - run->episodes), t);
}

static void
on_transition(void *self, const struct transition *t, struct slice state)
{
	struct rehearsal_run *run = self;

	(void)state;
	if (t->why == WHY_level || t->act == ACT_handover)
		run->result->handovers++;
	if (t->to == LIFECYCLE_notified && t->answer_by_ms != TIME_NONE &&
	    t->why != WHY_told)
		tell(run, t->alert, t->team);
}

static void
on_notice(void *self, const struct notice *n, struct slice state)
{
	struct rehearsal_run *run = self;

	(void)state;
	run->result->promises_broken += n->kind == NOTICE_promise_broken;
	if (n->kind != NOTICE_escalated && n->kind != NOTICE_answer_late)
		return;
	run->result->escalations += n->kind == NOTICE_escalated;
	for (uint32_t i = 0; i < n->to.count; i++)
		tell(run, n->alert, n->to.ids[i]);
}

/* ---- the alerts as they came --------------------------------------------- */

static struct rehearsal_episode *
begin(struct rehearsal_run *run, const struct alert *a, int64_t now_ms)
{
	struct rehearsal_episode *e;

	run->episodes = must_grow(run->episodes,
	    (run->episodes_count + 1) * sizeof(*run->episodes));
	e = &run->episodes[run->episodes_count++];
	*e = (struct rehearsal_episode){.first_ms = now_ms,
	    .due_ms = INT64_MAX, .claimed_ms = TIME_NONE};
	memcpy(e->id, a->id, sizeof(e->id));
	snprintf(e->about, sizeof(e->about), "%s",
	    a->brand != NULL ? a->brand : a->sector);
	return e;
}

/* Those concerned hear of it at once; in the organic model each by itself. */
static void
feed(struct rehearsal_run *run, struct alert *a)
{
	int64_t now_ms = a->minute_ms + MINUTE_MS, due_ms;
	struct rehearsal_episode *e;
	bool rises;

	advance(run, now_ms);
	e = find(run, a->id);
	if (e == NULL)
		e = begin(run, a, now_ms);
	rises = a->level > e->highest;
	e->level = a->level;
	e->highest = rises ? a->level : e->highest;
	due_ms = now_ms + run->o->answer_within_ms[a->level];
	if (rises && due_ms < e->due_ms)
		e->due_ms = due_ms;
	route_owner(run->o, a);
	lifecycle_alert(run->lc, a, now_ms);
	lifecycle_told(run->lc, a->id, now_ms);
	if (rises && e->claimed_ms == TIME_NONE && a->owner != NULL)
		tell(run, a->id, a->owner);
	for (uint32_t i = 0; rises && run->o->model == MODEL_ORGANIC &&
	     a->route != NULL && i < a->route->interlocutors_count; i++)
		if (a->owner == NULL ||
		    strcmp(a->route->interlocutors[i], a->owner) != 0)
			tell(run, a->id, a->route->interlocutors[i]);
	if (a->level == 0)
		rehearsal_calm(run, (uint32_t)(e - run->episodes));
}

/* ---- what it was worth --------------------------------------------------- */

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
count_times(struct rehearsal_run *run)
{
	struct rehearsal_result *to = run->result;
	int64_t *times = must_alloc(
	    (run->episodes_count + 1) * sizeof(*times));
	size_t count = 0;

	for (uint32_t i = 0; i < run->episodes_count; i++)
		if (run->episodes[i].claimed_ms != TIME_NONE)
			times[count++] = run->episodes[i].claimed_ms -
			    run->episodes[i].first_ms;
	qsort(times, count, sizeof(*times), by_time);
	to->owner_median_ms = count > 0 ? times[count / 2] : -1;
	to->owner_worst_ms = count > 0 ? times[count - 1] : -1;
	free(times);
}

/* Teams that spoke about anything at all. */
static void
count_speakers(struct rehearsal_run *run)
{
	for (size_t k = 0; k < run->o->teams_count; k++) {
		bool spoke = false;

		for (uint32_t i = 0; i < run->episodes_count; i++)
			for (uint32_t s = 0;
			     s < run->episodes[i].speakers_count; s++)
				spoke |= run->episodes[i].speakers[s] ==
				    &run->o->teams[k];
		run->result->interlocutors += spoke;
	}
}

static void
count(struct rehearsal_run *run)
{
	struct rehearsal_result *to = run->result;
	const struct rehearsal_episode *first = NULL;

	for (uint32_t i = 0; i < run->episodes_count; i++) {
		const struct rehearsal_episode *e = &run->episodes[i];
		bool weekend = zone_weekday(zone_day(e->first_ms)) >= SATURDAY;
		bool in_time = e->claimed_ms != TIME_NONE &&
		    e->claimed_ms <= e->due_ms;

		to->episodes++;
		to->grave += e->highest >= 3;
		to->unowned += e->claimed_ms == TIME_NONE;
		to->in_time += in_time;
		to->weekend += weekend;
		to->weekend_in_time += weekend && in_time;
		if (e->speakers_count > to->most_at_once)
			to->most_at_once = e->speakers_count;
		if (first == NULL || (e->highest >= 3 && first->highest < 3))
			first = e;
	}
	if (first != NULL) {
		to->first_ms = first->first_ms;
		to->first_owner_ms = first->claimed_ms;
		memcpy(to->first_about, first->about, sizeof(first->about));
		memcpy(to->first_owner, first->owner, sizeof(first->owner));
	}
	to->statement_ms = run->statement_ms;
	count_times(run);
	count_speakers(run);
}

void
rehearsal_run(const struct rehearsal *r, const struct organisation *o,
    uint64_t seed, struct rehearsal_result *result)
{
	struct rehearsal_run run = {
	    .o = o, .statement_ms = TIME_NONE, .result = result};
	struct lifecycle_setup setup = {.organisation = o,
	    .counters = &run.counters, .on_transition = on_transition,
	    .on_notice = on_notice, .self = &run};

	*result = (struct rehearsal_result){.model = o->model,
	    .first_ms = TIME_NONE, .first_owner_ms = TIME_NONE};
	rand_seed(&run.rand, seed);
	run.lc = lifecycle_new(&setup);
	for (size_t i = 0; i < r->count; i++) {
		struct alert *a = alert_unrouted(r->alerts[i]);

		feed(&run, a);
		alert_unref(a);
	}
	advance(&run, run.now_ms + REHEARSAL_OPEN_HOURS * HOUR_MS);
	count(&run);
	lifecycle_free(run.lc);
	for (uint32_t i = 0; i < run.episodes_count; i++)
		free(run.episodes[i].speakers);
	free(run.episodes);
	free(run.events);
}
