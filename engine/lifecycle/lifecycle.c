/*
 * The table of cases, and what an alert's message does to its case.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/lifecycle/lifecycle.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_parts.h"

struct lifecycle *
lifecycle_new(const struct lifecycle_setup *setup)
{
	struct lifecycle *lc = must_alloc(sizeof(*lc));

	lc->setup = *setup;
	lc->next_ms = INT64_MAX;
	return lc;
}

void
lifecycle_free(struct lifecycle *lc)
{
	if (lc == NULL)
		return;
	while (lc->oldest != NULL)
		lifecycle_drop(lc, lc->oldest);
	buf_fini(&lc->state);
	buf_fini(&lc->fr);
	buf_fini(&lc->en);
	alert_unref(lc->last);
	free(lc);
}

void
lifecycle_organisation(struct lifecycle *lc, const struct organisation *o)
{
	lc->setup.organisation = o;
}

static struct lifecycle_case **
bucket(struct lifecycle *lc, struct slice id)
{
	return &lc->buckets[XXH3_64bits(id.data, id.len) % LIFECYCLE_BUCKETS];
}

struct lifecycle_case *
lifecycle_find(const struct lifecycle *lc, struct slice id)
{
	struct lifecycle_case *c = lc->buckets[XXH3_64bits(id.data, id.len) %
	    LIFECYCLE_BUCKETS];

	while (c != NULL && !slice_is(id, c->id))
		c = c->next_id;
	return c;
}

void
lifecycle_drop(struct lifecycle *lc, struct lifecycle_case *c)
{
	struct lifecycle_case **at = bucket(lc, slice_of(c->id));

	while (*at != c)
		at = &(*at)->next_id;
	*at = c->next_id;
	*(c->older != NULL ? &c->older->newer : &lc->oldest) = c->newer;
	*(c->newer != NULL ? &c->newer->older : &lc->newest) = c->older;
	lc->count--;
	lifecycle_case_fini(c);
	free(c);
}

/* Closed ones first; else the oldest, which is told. */
static void
make_room(struct lifecycle *lc)
{
	struct lifecycle_case *c = lc->oldest;

	while (c != NULL && c->state != LIFECYCLE_closed)
		c = c->newer;
	if (c == NULL) {
		c = lc->oldest;
		counters_bump(lc->setup.counters, lifecycle_forgotten_total);
		log_error("lifecycle",
		    "%u alerts are open, the most there may be: nobody "
		    "watches over %s any more; close what is over",
		    lc->count, c->id);
	}
	lifecycle_drop(lc, c);
}

struct lifecycle_case *
lifecycle_open(struct lifecycle *lc, const char *id)
{
	struct lifecycle_case *c, **at = bucket(lc, slice_of(id));

	if (lc->count == LIFECYCLE_ALERTS_MAX)
		make_room(lc);
	c = must_alloc(sizeof(*c));
	memcpy(c->id, id, sizeof(c->id));
	c->answer_by_ms = c->act_by_ms = c->offer_by_ms = TIME_NONE;
	c->promised_ms = c->promise_ms = c->step_ms = TIME_NONE;
	c->over_ms = c->remind_ms = TIME_NONE;
	c->next_id = *at;
	*at = c;
	c->older = lc->newest;
	*(lc->newest != NULL ? &lc->newest->newer : &lc->oldest) = c;
	lc->newest = c;
	lc->count++;
	return c;
}

void
lifecycle_due_again(struct lifecycle *lc, const struct lifecycle_case *c)
{
	int64_t due_ms = lifecycle_due(c);

	if (due_ms < lc->next_ms)
		lc->next_ms = due_ms;
}

/* ---- messages ----------------------------------------------------------- */

/* The name for people, among the facts; else the id. */
static void
take_name(struct lifecycle_case *c, const struct alert *a)
{
	static const char key[] = "\"brand_name\":\"";
	const char *at = a->facts.len == 0 ? NULL :
	    memmem(a->facts.data, a->facts.len, key, sizeof(key) - 1);
	struct buf name = {0};
	struct json j;

	if (at != NULL) {
		at += sizeof(key) - 2; /* its quote belongs to the text */
		json_init(&j, (struct slice){
			at, (size_t)(a->facts.data + a->facts.len - at)});
		if (json_next(&j) == JSON_TEXT)
			json_text(&j, &name);
	}
	if (name.len > 0)
		lifecycle_slice(&c->name, buf_slice(&name));
	else
		lifecycle_text(&c->name,
		    a->brand != NULL ? a->brand : a->sector);
	buf_fini(&name);
}

static void
begin(struct lifecycle *lc, const struct alert *a, int64_t now_ms)
{
	struct lifecycle_case *c = lifecycle_open(lc, a->id);
	struct transition t = {.at_ms = now_ms, .from = LIFECYCLE_NONE,
	    .why = WHY_alert, .act = LIFECYCLE_NONE};

	lifecycle_text(&c->sector, a->sector);
	lifecycle_text(&c->brand, a->brand);
	lifecycle_text(&c->topic, a->topic);
	take_name(c, a);
	c->level = c->peak = a->level;
	c->opened_ms = now_ms;
	c->heard_ms = lc->setup.posts_time ? now_ms : a->minute_ms;
	for (uint32_t i = 0; i < a->teams_count; i++)
		lifecycle_set_put(&c->got, a->teams[i], a->channels[i]);
	c->window_ms = lifecycle_people_window(lc, a->level);
	lifecycle_text(&c->assigned, a->owner);
	lifecycle_want(lc, c, a->owner, lifecycle_people_answer_by(lc, a));
	for (uint32_t i = 0;
	     a->route != NULL && i < a->route->interlocutors_count; i++)
		lifecycle_set_put(&c->asked, a->route->interlocutors[i],
		    lifecycle_people_channel(lc, a->route->interlocutors[i]));
	lifecycle_move(lc, c, LIFECYCLE_detected, &t);
}

/* The present alert is over. */
static void
calm(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	struct transition t = {.at_ms = now_ms, .from = (int)c->state,
	    .why = WHY_calm, .act = LIFECYCLE_NONE};

	c->over_ms = c->heard_ms;
	c->remind_ms = c->heard_ms + LIFECYCLE_DAY_MS;
	if (c->state == LIFECYCLE_closed || c->state == LIFECYCLE_watching)
		return;
	if (c->owner == NULL) {
		t.unacted = !c->acted;
		lifecycle_move(lc, c, LIFECYCLE_closed, &t);
	} else {
		lifecycle_move(lc, c, LIFECYCLE_watching, &t);
	}
}

/* It is worse than it was: is it still with the right people? */
static void
rise(struct lifecycle *lc, struct lifecycle_case *c, const struct alert *a,
    int64_t now_ms)
{
	bool other = a->owner != NULL &&
	    (c->assigned == NULL || strcmp(a->owner, c->assigned) != 0);
	int64_t by_ms = lifecycle_people_answer_by(lc, a);
	struct transition t = {.at_ms = now_ms, .from = (int)c->state,
	    .why = WHY_level, .act = LIFECYCLE_NONE};

	c->window_ms = lifecycle_people_window(lc, a->level);
	if (other)
		lifecycle_text(&c->assigned, a->owner);
	if (c->state == LIFECYCLE_closed) {
		if (a->level <= c->closed_level)
			return;
		t.why = WHY_again;
		lifecycle_text(&c->owner, NULL);
		lifecycle_text(&c->by, NULL);
		lifecycle_want(lc, c, c->assigned, by_ms);
		lifecycle_move(lc, c, LIFECYCLE_notified, &t);
	} else if (other && c->owner != NULL &&
	    strcmp(c->owner, a->owner) != 0) {
		lifecycle_want(lc, c, a->owner, by_ms);
		lifecycle_owe(c, NOTICE_owner_changes);
		lifecycle_move(lc, c, LIFECYCLE_notified, &t);
	} else if (c->owner == NULL && other) {
		lifecycle_want(lc, c, a->owner, by_ms);
		lifecycle_move(lc, c, c->state, &t);
	} else if (c->owner == NULL && by_ms < c->answer_by_ms) {
		c->answer_by_ms = by_ms; /* sooner than was asked before */
	} else if (c->state == LIFECYCLE_watching) {
		c->act_by_ms =
		    c->window_ms > 0 ? now_ms + c->window_ms : TIME_NONE;
		lifecycle_move(lc, c, LIFECYCLE_claimed, &t);
	}
}

void
lifecycle_alert(struct lifecycle *lc, const struct alert *a, int64_t now_ms)
{
	struct lifecycle_case *c = lifecycle_find(lc, slice_of(a->id));
	uint8_t before;

	lc->now_ms = now_ms;
	if (c == NULL) {
		if (a->level > 0)
			begin(lc, a, now_ms);
		return;
	}
	before = c->level;
	c->heard_ms = lc->setup.posts_time ? now_ms : a->minute_ms;
	c->level = a->level;
	if (a->level > c->peak)
		c->peak = a->level;
	for (uint32_t i = 0; i < a->teams_count; i++)
		lifecycle_set_put(&c->got, a->teams[i], a->channels[i]);
	if (a->level == 0)
		calm(lc, c, now_ms);
	else if (a->level > before)
		rise(lc, c, a, now_ms);
	lifecycle_due_again(lc, c);
}

void
lifecycle_told(struct lifecycle *lc, const char *id, int64_t now_ms)
{
	struct lifecycle_case *c = lifecycle_find(lc, slice_of(id));
	struct transition t = {.at_ms = now_ms, .from = LIFECYCLE_detected,
	    .why = WHY_told, .act = LIFECYCLE_NONE};

	lc->now_ms = now_ms;
	if (c == NULL || c->state != LIFECYCLE_detected)
		return;
	/* Who hears of it late has half the time all the same. */
	if (c->answer_by_ms != TIME_NONE &&
	    c->answer_by_ms < now_ms + c->window_ms / 2)
		c->answer_by_ms = now_ms + c->window_ms / 2;
	lifecycle_move(lc, c, LIFECYCLE_notified, &t);
}
