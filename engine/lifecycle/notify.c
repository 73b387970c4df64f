/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/notify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/told.h"

/* From this level on nothing waits for a calendar, a group or a repeat. */
#define URGENT 3
/* The back-off stops growing here. */
#define REPEATS_MAX 16

struct held {
	struct alert *alert;
	uint32_t i, sink;
	enum notify_why why;
};

struct notify {
	struct notify_setup setup;
	struct told_book book;
	struct held *held; /* in order of arrival */
	uint32_t held_count;
	int64_t minute_ms; /* the newest that is over, or TIME_NONE */
};

static const char *const names[NOTIFY_WHYS] = {
    "now", "silence", "mute", "inhibit", "group", "repeat", "ended"};

const char *
notify_why_name(enum notify_why why)
{
	REQUIRE(why < NOTIFY_WHYS);
	return names[why];
}

struct notify *
notify_new(const struct notify_setup *setup)
{
	struct notify *n = must_alloc(sizeof(*n));

	n->setup = *setup;
	n->minute_ms = TIME_NONE;
	return n;
}

static void
drop(struct notify *n, uint32_t i)
{
	alert_unref(n->held[i].alert);
	n->held_count--;
	memmove(&n->held[i], &n->held[i + 1],
	    (n->held_count - i) * sizeof(*n->held));
}

void
notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	while (n->held_count > 0)
		drop(n, n->held_count - 1);
	free(n->held);
	told_fini(&n->book);
	free(n);
}

void
notify_organisation(struct notify *n, const struct organisation *o)
{
	n->setup.organisation = o;
}

uint32_t
notify_count(const struct notify *n)
{
	return n->held_count;
}

void
notify_each(const struct notify *n,
    void (*visit)(void *self, const struct alert *alert), void *self)
{
	for (uint32_t i = 0; i < n->held_count; i++)
		visit(self, n->held[i].alert);
}

uint32_t
notify_week(const struct notify *n, const char *team, int64_t now_ms)
{
	return told_week(&n->book, team, now_ms);
}

/* ---- what holds a message ------------------------------------------------ */

static uint8_t
weight_of(const struct alert *a)
{
	return a->level > a->previous_level ? a->level : a->previous_level;
}

static bool
is_silenced(const struct organisation *o, const struct alert *a,
    int64_t now_ms)
{
	for (size_t k = 0; k < o->plan->silences_count; k++) {
		const struct silence *s = &o->plan->silences[k];

		if (now_ms < s->until_ms &&
		    organisation_match(&s->match, o, a))
			return true;
	}
	return false;
}

/* A calendar holds back level 3 only if it says so. */
static bool
is_muted(const struct organisation *o, const struct alert *a, uint32_t i,
    int64_t now_ms)
{
	for (size_t k = 0; k < o->plan->mutes_count; k++) {
		const struct mute *m = &o->plan->mutes[k];

		if (i < a->teams_count && !strcmp(m->team->id, a->teams[i]) &&
		    (weight_of(a) < URGENT || m->match.level_min >= URGENT) &&
		    organisation_match(&m->match, o, a) &&
		    hours_hold(&m->hours, now_ms))
			return true;
	}
	return false;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && !strcmp(a, b));
}

static bool
alike(const struct alert *a, const struct alert *b, unsigned traits)
{
	return (!(traits & TRAIT_SECTOR) || same(a->sector, b->sector)) &&
	    (!(traits & TRAIT_BRAND) || same(a->brand, b->brand)) &&
	    (!(traits & TRAIT_TOPIC) || same(a->topic, b->topic)) &&
	    (!(traits & TRAIT_KIND) || a->kind == b->kind) &&
	    (!(traits & TRAIT_LEVEL) || a->level == b->level) &&
	    (!(traits & TRAIT_LANGUAGE) || same(a->lang, b->lang));
}

/* Only what that channel was told of stands for anything. */
static bool
is_inhibited(const struct notify *n, const struct alert *a,
    const char *channel)
{
	const struct organisation *o = n->setup.organisation;

	for (size_t k = 0; k < o->plan->inhibits_count; k++) {
		const struct inhibit *h = &o->plan->inhibits[k];

		if (!organisation_match(&h->target, o, a))
			continue;
		for (uint32_t j = 0; j < n->book.episodes_count; j++) {
			const struct told_episode *e = &n->book.episodes[j];

			if (strcmp(e->last->id, a->id) != 0 &&
			    e->last->level > 0 &&
			    e->last->level >= h->source.level_min &&
			    alike(e->last, a, h->equal) &&
			    organisation_match(&h->source, o, e->last) &&
			    told_channel(e, channel) != NULL)
				return true;
		}
	}
	return false;
}

static bool
is_repeat(const struct grouping *g, const struct told *t,
    const struct alert *a, int64_t now_ms)
{
	double wait = (double)g->repeat_ms;

	if (t == NULL || t->level != a->level || a->level == 0 || wait <= 0)
		return false;
	for (uint32_t k = 0; k < t->repeats && k < REPEATS_MAX; k++)
		wait *= g->backoff > 1 ? (double)g->backoff : 1.0;
	return (double)(now_ms - t->at_ms) < wait;
}

static enum notify_why
why_not(struct notify *n, const struct alert *a, uint32_t i, uint32_t sink,
    int64_t now_ms)
{
	const struct organisation *o = n->setup.organisation;
	const struct grouping *g = &o->plan->group;
	const struct told_episode *e = told_find(&n->book, a->id);
	const char *channel = a->channels[i];
	const struct told *told = e == NULL ? NULL : told_channel(e, channel);

	if (a->level == 0 && e != NULL && e->whole && told == NULL &&
	    sink == NOTIFY_EVERY)
		return NOTIFY_ENDED;
	if (is_silenced(o, a, now_ms) ||
	    hush_holds(n->setup.hush, o, a, now_ms) != NULL)
		return NOTIFY_SILENCE;
	if (is_muted(o, a, i, now_ms))
		return NOTIFY_MUTE;
	if (is_inhibited(n, a, channel))
		return NOTIFY_INHIBIT;
	/* After a restart nobody knows what was told when. */
	if (weight_of(a) >= URGENT || !g->given || sink != NOTIFY_EVERY)
		return NOTIFY_NOW;
	if (now_ms < told_due(told_group(&n->book, a, channel, g->by), g,
			 now_ms))
		return NOTIFY_GROUP;
	return is_repeat(g, told, a, now_ms) ? NOTIFY_REPEAT : NOTIFY_NOW;
}

/* Teams may share a channel: one that wants it now is enough. */
static enum notify_why
decide(struct notify *n, const struct alert *a, uint32_t first, uint32_t sink,
    int64_t now_ms)
{
	enum notify_why why = why_not(n, a, first, sink, now_ms);

	for (uint32_t i = first + 1; i < a->channels_count; i++)
		if (why != NOTIFY_NOW &&
		    !strcmp(a->channels[i], a->channels[first]) &&
		    why_not(n, a, i, sink, now_ms) == NOTIFY_NOW)
			why = NOTIFY_NOW;
	return why;
}

static bool
said_before(const struct alert *a, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (!strcmp(a->channels[k], a->channels[i]))
			return true;
	return false;
}

/* ---- what happens to it -------------------------------------------------- */

/* Everybody behind the channel was told one thing more. */
static void
count(struct notify *n, const struct alert *a, uint32_t first, int64_t now_ms)
{
	int64_t budget = n->setup.organisation->plan->noise_budget;

	if (weight_of(a) >= URGENT)
		return;
	for (uint32_t i = first; i < a->teams_count; i++) {
		if (strcmp(a->channels[i], a->channels[first]) != 0 ||
		    !told_count(&n->book, a->teams[i], now_ms, budget))
			continue;
		counters_bump(n->setup.counters, notify_over_budget_total);
		log_warn("organisation",
		    "team %s got more messages of levels 1 and 2 in seven "
		    "days than its noise_budget of %" PRId64, a->teams[i],
		    budget);
	}
}

static void
deliver(struct notify *n, struct alert *a, uint32_t i, uint32_t sink,
    int64_t now_ms)
{
	const struct grouping *g = &n->setup.organisation->plan->group;
	struct told_episode *e = told_find(&n->book, a->id);

	if (e != NULL)
		told_note(e, a->channels[i], a->level, now_ms);
	if (g->given && weight_of(a) < URGENT && sink == NOTIFY_EVERY) {
		struct told_group *group = told_group(
		    &n->book, a, a->channels[i], g->by);

		group->flushed_ms = now_ms;
		group->opened_ms = TIME_NONE;
	}
	count(n, a, i, now_ms);
	n->setup.send(n->setup.self, a, i, sink);
}

static void
note_held(struct notify *n, const struct alert *a, uint32_t i,
    enum notify_why why)
{
	struct counters *c = n->setup.counters;

	switch (why) {
	case NOTIFY_SILENCE: counters_bump(c, notify_silenced_total); break;
	case NOTIFY_MUTE: counters_bump(c, notify_muted_total); break;
	case NOTIFY_INHIBIT: counters_bump(c, notify_inhibited_total); break;
	case NOTIFY_GROUP: counters_bump(c, notify_grouped_total); break;
	case NOTIFY_REPEAT: counters_bump(c, notify_spaced_total); break;
	default: counters_bump(c, notify_ended_total); break;
	}
	if (n->setup.held != NULL)
		n->setup.held(n->setup.self, a, i, why);
}

/* A newer message says all that the older one would have. */
static void
supersede(struct notify *n, const struct alert *a, uint32_t i, uint32_t sink)
{
	for (uint32_t k = n->held_count; k-- > 0;) {
		const struct held *h = &n->held[k];

		if (h->sink != sink || strcmp(h->alert->id, a->id) != 0 ||
		    strcmp(h->alert->channels[h->i], a->channels[i]) != 0)
			continue;
		drop(n, k);
		counters_bump(n->setup.counters, notify_superseded_total);
	}
}

static bool
waits_for(const struct notify *n, const char *id)
{
	for (uint32_t k = 0; k < n->held_count; k++)
		if (!strcmp(n->held[k].alert->id, id))
			return true;
	return false;
}

/* An episode that is over and of which nothing waits any more. */
static void
forget_ended(struct notify *n)
{
	for (uint32_t k = n->book.episodes_count; k-- > 0;) {
		const struct alert *last = n->book.episodes[k].last;

		if (last->level == 0 && !waits_for(n, last->id))
			told_end(&n->book, k);
	}
}

static void
hold(struct notify *n, struct alert *a, uint32_t i, uint32_t sink,
    enum notify_why why)
{
	n->held = must_grow(
	    n->held, (n->held_count + 1) * sizeof(*n->held));
	n->held[n->held_count++] =
	    (struct held){alert_ref(a), i, sink, why};
}

void
notify_alert(struct notify *n, struct alert *a, uint32_t sink)
{
	int64_t now_ms = a->minute_ms;
	uint64_t forgotten = n->book.forgotten;

	notify_minute(n, now_ms - MINUTE_MS);
	told_see(&n->book, a);
	for (uint32_t i = 0; i < a->channels_count; i++) {
		enum notify_why why;

		if (said_before(a, i))
			continue;
		supersede(n, a, i, sink);
		why = decide(n, a, i, sink, now_ms);
		if (why != NOTIFY_NOW && why != NOTIFY_ENDED &&
		    n->held_count >= NOTIFY_HELD_MAX) {
			counters_bump(n->setup.counters, notify_unheld_total);
			why = NOTIFY_NOW;
		}
		if (why != NOTIFY_NOW)
			note_held(n, a, i, why);
		if (why == NOTIFY_NOW)
			deliver(n, a, i, sink, now_ms);
		else if (why != NOTIFY_ENDED)
			hold(n, a, i, sink, why);
	}
	/* No other episode ends by it. */
	if (a->level == 0)
		forget_ended(n);
	counters_bump_by(n->setup.counters, notify_forgotten_total,
	    n->book.forgotten - forgotten);
}

/* First decide about all, then send: a group goes out together. */
static void
flush(struct notify *n, int64_t now_ms)
{
	uint32_t kept = 0, count = n->held_count;

	for (uint32_t k = 0; k < count; k++)
		n->held[k].why = decide(n, n->held[k].alert, n->held[k].i,
		    n->held[k].sink, now_ms);
	for (uint32_t k = 0; k < count; k++) {
		struct held h = n->held[k];

		if (h.why != NOTIFY_NOW && h.why != NOTIFY_ENDED) {
			n->held[kept++] = h;
			continue;
		}
		if (h.why == NOTIFY_NOW)
			deliver(n, h.alert, h.i, h.sink, now_ms);
		else
			note_held(n, h.alert, h.i, h.why);
		alert_unref(h.alert);
	}
	n->held_count = kept;
	forget_ended(n);
}

void
notify_minute(struct notify *n, int64_t minute_ms)
{
	int64_t at = n->minute_ms;

	if (at != TIME_NONE && minute_ms <= at)
		return;
	n->minute_ms = minute_ms;
	while (at != TIME_NONE && n->held_count > 0 && at < minute_ms)
		flush(n, at += MINUTE_MS);
}
