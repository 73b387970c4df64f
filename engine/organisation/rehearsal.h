/*
 * What a crisis would have been like for an organisation: who hears of it
 * when, who takes it, who speaks, what falls between two chairs.
 *
 * Recorded alerts go once more through route_owner and the lifecycle, in
 * virtual time, and simulated people answer them.  How fast is stated in
 * rehearsal_people.def, the rest is the organisation's own: hours, deputies,
 * escalation, model.  People of the team that is to act see an alert, claim
 * it, say a first word, keep or break their promise, close it.  In the organic
 * model every team concerned does so for itself, as nobody coordinates.
 * The same alerts, file and seed give the same result.
 * Thread: one.  Owns: copies of the alerts.  Never: a clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REHEARSAL_H
#define ENGINE_REHEARSAL_H

#include "engine/alert.h"
#include "engine/organisation/organisation.h"

#define REHEARSAL_OPEN_HOURS 24 /* after the last alert people go on so long */

struct rehearsal_result {
	enum model model;
	uint32_t episodes;      /* alerts of level 1 and more */
	uint32_t grave;         /* of level 3 and more */
	uint32_t unowned;       /* that nobody ever claimed */
	uint32_t in_time;       /* claimed within answer_within */
	uint32_t weekend;       /* that began on a Saturday or Sunday */
	uint32_t weekend_in_time;
	/* of the first episode that reached level 3 (else of the first one) */
	char first_about[64], first_owner[64];
	int64_t first_ms;       /* its first message; TIME_NONE: no alert */
	int64_t first_owner_ms; /* when it was claimed; TIME_NONE: never */
	int64_t statement_ms;   /* the first word in public; TIME_NONE */
	int64_t owner_median_ms, owner_worst_ms; /* of those claimed; or -1 */
	uint32_t interlocutors; /* teams that spoke in public */
	uint32_t most_at_once;  /* of them about one alert */
	uint32_t handovers;     /* the owner changed, or was to */
	uint32_t escalations;   /* nobody had answered in time */
	uint32_t promises, promises_broken;
};

struct rehearsal;

/** rehearsal_new(): no alert yet. */
struct rehearsal *rehearsal_new(void);
void rehearsal_free(struct rehearsal *r);

/** rehearsal_take(r, alert): each message, in order; copied, without teams. */
void rehearsal_take(struct rehearsal *r, const struct alert *alert);

/** rehearsal_run(r, o, seed, result): all of it with ${o}; may be called with
 * another one again. */
void rehearsal_run(const struct rehearsal *r, const struct organisation *o,
    uint64_t seed, struct rehearsal_result *result);

/** rehearsal_text(results, count, seed, french, out): one column each, and
 * the times that were assumed; rehearsal_json(results, count, seed, out): one
 * object and its newline. */
void rehearsal_text(const struct rehearsal_result *results, size_t count,
    uint64_t seed, bool french, struct buf *out);
void rehearsal_json(const struct rehearsal_result *results, size_t count,
    uint64_t seed, struct buf *out);

/** rehearsal_assumed(seed, french, out): how fast people are taken to be, in
 * words; rehearsal_assumed_json(out): the same figures, one object. */
void rehearsal_assumed(uint64_t seed, bool french, struct buf *out);
void rehearsal_assumed_json(struct buf *out);

#endif
