/*
 * What time alone brings: nobody claimed it, its owner is silent, a hand-over
 * was not accepted, a promise comes near or is broken, a lesson is missing.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_parts.h"

/* Unclaimed, and not heard of for so long: closed, as nobody acted. */
#define STALE_MS (7 * LIFECYCLE_DAY_MS)
/* Closed and over: kept so long to tell those who still ask. */
#define KEPT_MS LIFECYCLE_DAY_MS
#define NEAR_MS_MAX (15 * MINUTE_MS)

static int64_t
near_ms(const struct lifecycle_case *c)
{
	int64_t quarter = (c->promise_ms - c->promised_ms) / 4;

	return c->promise_ms - (quarter < NEAR_MS_MAX ? quarter : NEAR_MS_MAX);
}

static bool
is_open(const struct lifecycle_case *c)
{
	return c->owner == NULL && c->state != LIFECYCLE_closed;
}

static bool
is_over(const struct lifecycle_case *c)
{
	return c->over_ms != TIME_NONE;
}

/* The deadlines of a case, and what each brings.  In this order when several
 * are due at once. */
enum due {
	DUE_ANSWER,
	DUE_STEP,
	DUE_ACT,
	DUE_OFFER,
	DUE_NEAR,
	DUE_BROKEN,
	DUE_LESSON,
	DUE_STALE,
	DUE_FORGET,
	DUES
};

static int64_t
time_of(const struct lifecycle_case *c, enum due due)
{
	bool closed = c->state == LIFECYCLE_closed;
	bool awaited = c->state == LIFECYCLE_notified;
	bool promised = !closed && c->promise_ms != TIME_NONE && !c->broken;

	switch (due) {
	case DUE_ANSWER:
		return awaited && !c->late ? c->answer_by_ms : TIME_NONE;
	case DUE_STEP:
		return awaited && c->late ? c->step_ms : TIME_NONE;
	case DUE_ACT:
		return closed ? TIME_NONE : c->act_by_ms;
	case DUE_OFFER:
		return closed ? TIME_NONE : c->offer_by_ms;
	case DUE_NEAR:
		return promised && !c->warned ? near_ms(c) : TIME_NONE;
	case DUE_BROKEN:
		return promised ? c->promise_ms : TIME_NONE;
	case DUE_LESSON:
		return !closed && is_over(c) ? c->remind_ms : TIME_NONE;
	case DUE_STALE:
		return is_open(c) ? c->heard_ms + STALE_MS : TIME_NONE;
	case DUE_FORGET:
		return closed && is_over(c) ? c->since_ms + KEPT_MS
					    : TIME_NONE;
	case DUES:
		break;
	}
	UNREACHABLE("a deadline");
}

int64_t
lifecycle_due(const struct lifecycle_case *c)
{
	int64_t least_ms = INT64_MAX;

	for (unsigned i = 0; i < DUES; i++) {
		int64_t ms = time_of(c, i);

		if (ms != TIME_NONE && ms < least_ms)
			least_ms = ms;
	}
	return least_ms;
}

void
lifecycle_want(struct lifecycle *lc, struct lifecycle_case *c,
    const char *team, int64_t by_ms)
{
	/* ${team} may be c->wanted itself. */
	char *copy = NULL;

	lifecycle_text(&copy, team);
	lifecycle_text(&c->wanted, copy);
	lifecycle_set_clear(&c->asked);
	if (copy != NULL) {
		const char *channel = lifecycle_people_channel(lc, copy);

		for (uint32_t i = 0; i < c->got.count && channel == NULL; i++)
			if (!strcmp(c->got.ids[i], copy))
				channel = c->got.channels[i];
		lifecycle_set_put(&c->asked, copy, channel);
		lifecycle_set_put(&c->got, copy, channel);
	}
	lifecycle_text(&copy, NULL);
	c->answer_by_ms = c->window_ms > 0 ? by_ms : TIME_NONE;
	c->act_by_ms = TIME_NONE;
	c->step_ms = TIME_NONE;
	c->late = false;
	c->steps = 0;
}

static struct transition
start(const struct lifecycle_case *c, int64_t now_ms, enum lifecycle_why why)
{
	return (struct transition){.at_ms = now_ms, .from = (int)c->state,
	    .why = why, .act = LIFECYCLE_NONE};
}

/* Whom the next step asks is known when it comes; only its time before. */
static void
plan_step(struct lifecycle *lc, struct lifecycle_case *c)
{
	struct lifecycle_set nobody = {0};
	int64_t after_ms = lifecycle_people_step(lc, c, c->steps, &nobody);

	c->step_ms = after_ms == TIME_NONE ? TIME_NONE
					   : c->answer_by_ms + after_ms;
	lifecycle_set_clear(&nobody);
}

static void
step(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_timeout);
	struct lifecycle_set to = {0};

	lifecycle_people_step(lc, c, c->steps, &to);
	for (uint32_t i = 0; i < to.count; i++) {
		lifecycle_set_put(&c->asked, to.ids[i], to.channels[i]);
		lifecycle_set_put(&c->got, to.ids[i], to.channels[i]);
	}
	c->steps++;
	plan_step(lc, c);
	/* The engine was away: steps that would follow at once are one. */
	while (c->step_ms != TIME_NONE && c->step_ms <= now_ms) {
		lifecycle_people_step(lc, c, c->steps, &c->asked);
		lifecycle_people_step(lc, c, c->steps, &c->got);
		c->steps++;
		plan_step(lc, c);
	}
	lifecycle_owe(c, NOTICE_escalated);
	t.team = to.count > 0 ? to.ids[0] : c->wanted;
	lifecycle_move(lc, c, c->state, &t);
	lifecycle_set_clear(&to);
}

static void
answer_late(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_timeout);

	c->late = true;
	plan_step(lc, c);
	lifecycle_owe(c, NOTICE_answer_late);
	lifecycle_move(lc, c, c->state, &t);
}

static void
owner_silent(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_silent);
	struct lifecycle_set deputies = {0};

	lifecycle_people_deputies(lc, c->owner, c->level, &deputies);
	lifecycle_want(lc, c, deputies.count > 0 ? deputies.ids[0] : c->owner,
	    now_ms + c->window_ms);
	for (uint32_t i = 0; i < deputies.count; i++) {
		lifecycle_set_put(
		    &c->asked, deputies.ids[i], deputies.channels[i]);
		lifecycle_set_put(
		    &c->got, deputies.ids[i], deputies.channels[i]);
	}
	lifecycle_set_clear(&deputies);
	lifecycle_text(&c->owner, NULL);
	lifecycle_text(&c->by, NULL);
	lifecycle_owe(c, NOTICE_owner_silent);
	lifecycle_move(lc, c, LIFECYCLE_notified, &t);
}

static void
offer_lapsed(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_timeout);

	c->offer_by_ms = TIME_NONE;
	if (c->state == LIFECYCLE_claimed && c->window_ms > 0)
		c->act_by_ms = now_ms + c->window_ms;
	t.team = c->owner;
	t.note = c->offered;
	lifecycle_owe(c, NOTICE_handover_due);
	lifecycle_move(lc, c, c->state, &t);
}

static void
lesson_missing(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_calm);

	if (c->peak < 2 && c->state == LIFECYCLE_watching &&
	    c->promise_ms == TIME_NONE) {
		lifecycle_move(lc, c, LIFECYCLE_closed, &t);
		return;
	}
	do
		c->remind_ms += 7 * LIFECYCLE_DAY_MS;
	while (c->remind_ms <= now_ms);
	lifecycle_owe(c, NOTICE_lesson_due);
	lifecycle_pay(lc, c, now_ms);
}

static void
fire(struct lifecycle *lc, struct lifecycle_case *c, enum due due,
    int64_t now_ms)
{
	struct transition t = start(c, now_ms, WHY_timeout);

	switch (due) {
	case DUE_ANSWER:
		answer_late(lc, c, now_ms);
		return;
	case DUE_STEP:
		step(lc, c, now_ms);
		return;
	case DUE_ACT:
		owner_silent(lc, c, now_ms);
		return;
	case DUE_OFFER:
		offer_lapsed(lc, c, now_ms);
		return;
	case DUE_NEAR:
		c->warned = true;
		if (now_ms < c->promise_ms)
			lifecycle_owe(c, NOTICE_promise_near);
		lifecycle_pay(lc, c, now_ms);
		return;
	case DUE_BROKEN:
		c->broken = true;
		lifecycle_owe(c, NOTICE_promise_broken);
		lifecycle_pay(lc, c, now_ms);
		return;
	case DUE_LESSON:
		lesson_missing(lc, c, now_ms);
		return;
	case DUE_STALE:
		t.unacted = !c->acted;
		lifecycle_move(lc, c, LIFECYCLE_closed, &t);
		return;
	case DUE_FORGET:
		lifecycle_drop(lc, c);
		return;
	case DUES:
		break;
	}
	UNREACHABLE("a deadline");
}

/* One after the other, the earliest first; true: the case is gone. */
static bool
run_case(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	for (;;) {
		enum due first = DUES;
		int64_t first_ms = INT64_MAX;

		for (unsigned i = 0; i < DUES; i++) {
			int64_t ms = time_of(c, i);

			if (ms != TIME_NONE && ms <= now_ms && ms < first_ms) {
				first = i;
				first_ms = ms;
			}
		}
		if (first == DUES)
			return false;
		fire(lc, c, first, now_ms);
		if (first == DUE_FORGET)
			return true;
	}
}

void
lifecycle_tick(struct lifecycle *lc, int64_t now_ms)
{
	struct lifecycle_case *c = lc->oldest, *newer;
	int64_t next_ms = INT64_MAX;

	if (now_ms < lc->next_ms)
		return;
	lc->now_ms = now_ms;
	for (; c != NULL; c = newer) {
		int64_t due_ms;

		newer = c->newer;
		if (run_case(lc, c, now_ms))
			continue;
		due_ms = lifecycle_due(c);
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	lc->next_ms = next_ms;
}

int64_t
lifecycle_next(const struct lifecycle *lc)
{
	return lc->next_ms;
}
