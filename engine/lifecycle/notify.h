/*
 * Who is told of a message now, who later, and who not at all.
 *
 * Between route_owner and the outboxes, for each channel of an alert and by
 * what the organisation file says: silences, calendars in which a team is not
 * to be disturbed, a greater alert that stands for its parts, and grouping
 * with its wait, interval, repeat and back-off.  Levels 3 and 4 pass
 * calendars, groups and repeats: they never wait.  What is held goes out as
 * soon as nothing holds it any more; a newer message of the same episode
 * takes its place.  Nothing is held without a reason in the file, and every
 * holding is told and counted.
 * Time is that of the posts, by whole minutes, so that the same alerts are
 * held and sent however the input was cut.  What was told before a restart is
 * not known after it: then a message rather goes out once more.
 * Thread: the loop.  Owns: one reference per message held and per episode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_NOTIFY_H
#define ENGINE_NOTIFY_H

#include "engine/counters.h"
#include "engine/lifecycle/hush.h"
#include "engine/organisation/organisation_plan.h"

enum notify_why {
	NOTIFY_NOW,
	NOTIFY_SILENCE, /* silences: somebody asked for it, with a reason */
	NOTIFY_MUTE,    /* mute: not on these days */
	NOTIFY_INHIBIT, /* inhibit: a greater alert stands for it */
	NOTIFY_GROUP,   /* group: wait, interval */
	NOTIFY_REPEAT,  /* group: the same level was told of not long ago */
	NOTIFY_ENDED,   /* over before anybody was told: never */
	NOTIFY_WHYS,
};

#define NOTIFY_EVERY UINT32_MAX /* sink of a message that is for all */

struct notify_setup {
	const struct organisation *organisation; /* borrowed */
	const struct hush *hush; /* silences by command, or NULL; borrowed */
	struct counters *counters;
	/* ${alert} to its channel ${i}, of one ${sink} or NOTIFY_EVERY */
	void (*send)(
	    void *self, struct alert *alert, uint32_t i, uint32_t sink);
	/* it is held, for the first time; or NULL */
	void (*held)(void *self, const struct alert *alert, uint32_t i,
	    enum notify_why why);
	void *self;
};

struct notify;

/** notify_new(setup): ${setup} is copied. */
struct notify *notify_new(const struct notify_setup *setup);
void notify_free(struct notify *n);

/** notify_organisation(n, o): from now on; borrowed. */
void notify_organisation(struct notify *n, const struct organisation *o);

/** notify_alert(n, alert, sink): send it to each of its channels or hold it;
 * after what was due before its minute. */
void notify_alert(struct notify *n, struct alert *alert, uint32_t sink);

/** notify_minute(n, minute_ms): that minute is over; sends what is due. */
void notify_minute(struct notify *n, int64_t minute_ms);

/** notify_each(n, visit, self): each message held. */
void notify_each(const struct notify *n,
    void (*visit)(void *self, const struct alert *alert), void *self);

/** notify_count(n): messages held. */
uint32_t notify_count(const struct notify *n);

/** notify_why_name(why): "silence", ... */
const char *notify_why_name(enum notify_why why);

/** notify_week(n, team, now_ms): messages of levels 1 and 2 that ${team} got
 * in the seven days that end with ${now_ms}. */
uint32_t notify_week(const struct notify *n, const char *team, int64_t now_ms);

#endif
