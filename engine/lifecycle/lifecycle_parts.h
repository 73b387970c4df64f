/*
 * The inside of the lifecycle: one case per alert, and who may do what.
 *
 * lifecycle.c has the table of cases and takes alerts; lifecycle_act.c the
 * commands; lifecycle_due.c the deadlines; lifecycle_say.c tells of what
 * happened; lifecycle_case.c makes bytes of a case; lifecycle_people.c asks
 * the organisation; lifecycle_replay.c reads the journal again.
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LIFECYCLE_PARTS_H
#define ENGINE_LIFECYCLE_PARTS_H

#include "engine/lifecycle/lifecycle.h"

/* Ids with their channels, each once, in the order in which they came. */
struct lifecycle_set {
	char **ids, **channels;
	uint32_t count;
};

struct lifecycle_case {
	struct lifecycle_case *next_id;        /* same bucket */
	struct lifecycle_case *older, *newer;  /* in order of opening */
	char id[33];
	char *sector, *brand, *topic;
	char *name;              /* of what it is about, for people */
	uint8_t level, peak;
	uint8_t closed_level;    /* when it was closed */
	enum lifecycle_state state;
	char *owner, *by;        /* NULL: nobody */
	char *assigned;          /* who ought to own it, as the model says */
	char *wanted;            /* who is to claim it now; NULL: nobody is */
	char *offered;           /* to whom its owner hands it over */
	char *statement;         /* the last one published */
	struct lifecycle_set got;   /* who may claim it */
	struct lifecycle_set asked; /* who is asked to, now */
	int64_t opened_ms, since_ms; /* since_ms: of the last transition */
	int64_t heard_ms;        /* minute of the last message */
	int64_t window_ms;       /* within which it is to be answered; 0: no */
	int64_t answer_by_ms;    /* to be claimed; all these or TIME_NONE */
	int64_t act_by_ms;       /* claimed: its owner must do something */
	int64_t offer_by_ms;
	int64_t promised_ms, promise_ms; /* given at, due at */
	int64_t step_ms;         /* the next step of the escalation */
	int64_t over_ms;         /* level 0 since */
	int64_t remind_ms;       /* of the lesson */
	uint32_t steps;          /* of the escalation, done */
	uint32_t owed;           /* bit per notice that is still to be told */
	bool warned, broken, late;
	bool acted; /* somebody claimed it once */
};

#define LIFECYCLE_BUCKETS 16384u

struct lifecycle {
	struct lifecycle_setup setup;
	struct lifecycle_case *buckets[LIFECYCLE_BUCKETS];
	struct lifecycle_case *oldest, *newest;
	uint32_t count;
	int64_t next_ms; /* nothing is due before */
	int64_t now_ms;  /* of the call that is under way */
	bool mute;       /* the journal is being read: say nothing */
	struct alert *last; /* of the journal, its effect not seen yet */
	struct buf state, fr, en;
};

#define LIFECYCLE_DAY_MS INT64_C(86400000)

/* ---- lifecycle.c -------------------------------------------------------- */

struct lifecycle_case *lifecycle_find(
    const struct lifecycle *lc, struct slice id);
struct lifecycle_case *lifecycle_open(struct lifecycle *lc, const char *id);
void lifecycle_drop(struct lifecycle *lc, struct lifecycle_case *c);

/** lifecycle_due_again(lc, c): its deadlines changed. */
void lifecycle_due_again(
    struct lifecycle *lc, const struct lifecycle_case *c);

/* ---- lifecycle_case.c --------------------------------------------------- */

/** lifecycle_text(to, text): replace a text; NULL: none. */
void lifecycle_text(char **to, const char *text);
void lifecycle_slice(char **to, struct slice text);

void lifecycle_set_put(
    struct lifecycle_set *set, const char *id, const char *channel);
void lifecycle_set_clear(struct lifecycle_set *set);
bool lifecycle_set_has(const struct lifecycle_set *set, struct slice id);

void lifecycle_case_fini(struct lifecycle_case *c);
void lifecycle_case_pack(const struct lifecycle_case *c, struct buf *out);
/** lifecycle_case_unpack(c, in): over what ${c} was; false: damaged. */
bool lifecycle_case_unpack(struct lifecycle_case *c, struct slice bytes);

/* ---- lifecycle_say.c ---------------------------------------------------- */

/** lifecycle_move(lc, c, to, t): ${c} is in state ${to} from t->at_ms on; the
 * members of ${t} that follow from the case are filled in.  Then the notices
 * that are owed. */
void lifecycle_move(struct lifecycle *lc, struct lifecycle_case *c,
    enum lifecycle_state to, struct transition *t);

/** lifecycle_answer_by(c): until when somebody must act, or TIME_NONE. */
int64_t lifecycle_answer_by(const struct lifecycle_case *c);

/** lifecycle_owe(c, kind), lifecycle_pay(lc, c, now_ms). */
void lifecycle_owe(struct lifecycle_case *c, enum lifecycle_notice kind);
void lifecycle_pay(
    struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms);

/* ---- lifecycle_due.c ---------------------------------------------------- */

/** lifecycle_due(c): its next deadline, INT64_MAX: none. */
int64_t lifecycle_due(const struct lifecycle_case *c);

/** lifecycle_want(lc, c, team, by_ms): ${team} is to claim it by then. */
void lifecycle_want(struct lifecycle *lc, struct lifecycle_case *c,
    const char *team, int64_t by_ms);

/* ---- lifecycle_people.c: what the organisation says --------------------- */

bool lifecycle_people_known(const struct lifecycle *lc, struct slice team);
const char *lifecycle_people_channel(
    const struct lifecycle *lc, const char *team);

/** lifecycle_people_window(lc, level): within which an alert is to be
 * claimed; 0: nothing is asked. */
int64_t lifecycle_people_window(const struct lifecycle *lc, uint8_t level);

/** lifecycle_people_answer_by(lc, a): likewise, as a time. */
int64_t lifecycle_people_answer_by(
    const struct lifecycle *lc, const struct alert *a);

/** lifecycle_people_deputies(lc, team, level, set): those of ${team} for such
 * alerts that are there, added; when none is, all for such alerts; when there
 * is none, all of them: somebody has to be asked. */
void lifecycle_people_deputies(const struct lifecycle *lc, const char *team,
    uint8_t level, struct lifecycle_set *set);

/** lifecycle_people_centres(lc, set): who looks after the whole, added. */
void lifecycle_people_centres(
    const struct lifecycle *lc, struct lifecycle_set *set);

/** lifecycle_people_step(lc, c, n, set): whom step ${n} asks, added, and how
 * long after the deadline; TIME_NONE: there is no such step. */
int64_t lifecycle_people_step(const struct lifecycle *lc,
    const struct lifecycle_case *c, uint32_t n, struct lifecycle_set *set);

/** lifecycle_people_deputises(lc, team, set): ${team} is the deputy of one of
 * ${set}. */
bool lifecycle_people_deputises(const struct lifecycle *lc,
    struct slice team, const struct lifecycle_set *set);

#endif
