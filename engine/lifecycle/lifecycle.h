/*
 * Who has each alert, and until when: detected, notified, claimed, holding,
 * responding, watching, closed.
 *
 * A pure machine: alerts, commands and the time go in, transitions and notices
 * come out.  Each of these is handed over with the whole state of its alert
 * as bytes; the journal keeps both, and reading it again gives the same
 * machine.  At most one team owns an alert at any time.  The words are those
 * of lifecycle.def, the rules those of docs/ALERTS.md.
 * Thread: the loop.  Owns: copies of all it knows; LIFECYCLE_ALERTS_MAX
 * alerts, of which closed ones go first (lifecycle_forgotten_total).
 * Never: reads a clock, writes anything.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LIFECYCLE_H
#define ENGINE_LIFECYCLE_H

#include "engine/alert.h"
#include "engine/counters.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/organisation/organisation.h"

struct lifecycle;

/* Teams by id, and the channel of each. */
struct lifecycle_teams {
	const char *const *ids, *const *channels;
	uint32_t count;
};

/* Texts are valid during the callback; NULL where there is none. */
struct transition {
	int64_t at_ms;
	const char *alert, *sector, *brand, *topic;
	uint8_t level;
	int from; /* enum lifecycle_state; LIFECYCLE_NONE: the first */
	enum lifecycle_state to; /* equal to from: nothing moved, see act */
	const char *owner; /* after it */
	const char *team, *by; /* who did it, or who is to act now */
	enum lifecycle_why why;
	int act;             /* enum lifecycle_act; LIFECYCLE_NONE */
	const char *command; /* its id */
	int64_t until_ms;    /* the promise; else TIME_NONE */
	int64_t answer_by_ms; /* somebody must claim it; else TIME_NONE */
	const char *statement, *note; /* note: text, lesson or to whom */
	bool unacted; /* closed, and nobody ever claimed it */
};

struct notice {
	int64_t at_ms;
	const char *alert; /* NULL: about none, as the end of a silence */
	uint8_t level;
	enum lifecycle_notice kind;
	struct lifecycle_teams to;
	const char *fr, *en; /* one sentence */
};

struct lifecycle_setup {
	const struct organisation *organisation; /* or NULL: of the alerts */
	struct counters *counters;
	bool posts_time; /* minutes of alerts are not those of the clock */
	/* ${state}: all that is known of the alert after it */
	void (*on_transition)(void *self, const struct transition *t,
	    struct slice state);
	void (*on_notice)(void *self, const struct notice *n,
	    struct slice state);
	void *self;
};

/* What somebody asks for.  Empty: not given. */
struct command {
	enum lifecycle_act act;
	struct slice id;   /* of the command: of the stream, or "" */
	int64_t sent_ms;   /* TIME_NONE: now */
	struct slice alert, team, by;
	struct slice statement, text, to; /* text: lesson and note too */
	struct slice brand, name;         /* of an own statement */
	struct slice reason, match;       /* of a silence; match: JSON */
	int64_t until_ms;  /* TIME_NONE: not given */
};

/* What became of it.  Texts are good until the next call. */
struct answer {
	bool ok;
	enum lifecycle_refusal refusal; /* if not */
	const char *alert, *owner, *by; /* owner, by: of now; or NULL */
	int state; /* LIFECYCLE_NONE: no such alert */
};

/** lifecycle_new(setup): ${setup} is copied. */
struct lifecycle *lifecycle_new(const struct lifecycle_setup *setup);
void lifecycle_free(struct lifecycle *lc);

/** lifecycle_organisation(lc, o): from now on; borrowed. */
void lifecycle_organisation(
    struct lifecycle *lc, const struct organisation *o);

/** lifecycle_alert(lc, alert, now_ms): a message, after route_owner and in
 * order of rev. */
void lifecycle_alert(
    struct lifecycle *lc, const struct alert *alert, int64_t now_ms);

/** lifecycle_told(lc, id, now_ms): a sink has it: detected to notified. */
void lifecycle_told(struct lifecycle *lc, const char *id, int64_t now_ms);

/** lifecycle_command(lc, c, now_ms, answer): do it or refuse it; ${answer}
 * says which, and who owns the alert after it.  Claim to note only: silence
 * and statement are not about one alert. */
bool lifecycle_command(struct lifecycle *lc, const struct command *c,
    int64_t now_ms, struct answer *answer);

/** lifecycle_ask(lc, c, now_ms, answer): what it says to a command that was
 * decided before: nothing is done; what might be done is refused, again. */
void lifecycle_ask(struct lifecycle *lc, const struct command *c,
    int64_t now_ms, struct answer *answer);

/** lifecycle_tick(lc, now_ms): everything that is due by then. */
void lifecycle_tick(struct lifecycle *lc, int64_t now_ms);

/** lifecycle_replay(lc, kind, json, note): an entry of the journal, in order;
 * lifecycle_replayed(lc, now_ms): that was the last; what it lacks is told
 * now.  False: the entry is damaged, and left out. */
bool lifecycle_replay(struct lifecycle *lc, struct slice kind,
    struct slice json, struct slice note);
void lifecycle_replayed(struct lifecycle *lc, int64_t now_ms);

/** lifecycle_place(state, out): out of the state of an alert: which team a
 * claim of another would find there, terminated; empty: none would. */
void lifecycle_place(struct slice state, struct buf *out);

/** lifecycle_told_rest(lc, awaited, count, now_ms): all that are detected are
 * told, but for those ${count} ids, in order of bytes. */
void lifecycle_told_rest(struct lifecycle *lc,
    const char (*awaited)[33], size_t count, int64_t now_ms);

/** lifecycle_save(lc, out), lifecycle_load(lc, in): all cases, so that only
 * later entries of the journal are to be read again.  False: damaged, and
 * ${lc} is empty as before. */
void lifecycle_save(const struct lifecycle *lc, struct buf *out);
bool lifecycle_load(struct lifecycle *lc, struct slice in);

/** lifecycle_next(lc): when the next thing is due at the earliest; INT64_MAX:
 * nothing. */
int64_t lifecycle_next(const struct lifecycle *lc);

/** lifecycle_each(lc, visit, self): every alert it knows, in the order in
 * which they came; with the texts of a transition to its present state, and
 * until when it waits for whom. */
void lifecycle_each(const struct lifecycle *lc,
    void (*visit)(void *self, const struct transition *t), void *self);

#endif
