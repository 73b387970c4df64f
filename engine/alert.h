/*
 * One message of an alert: raised by the judge, given to teams, encoded once.
 *
 * alert_raise (alert.c) fills the facts; route_owner (route.c) the teams;
 * alert_encode writes the JSON of docs/ALERTS.md.  After that it is immutable
 * and counted, one reference per outbox that holds it.
 * Thread: the loop.  Owns: its texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ALERT_H
#define ENGINE_ALERT_H

#include "engine/base/buf.h"
#include "engine/base/clock.h"

enum alert_kind {
	ALERT_DENSITY,     /* a level of risk density, up or down */
	ALERT_SEVERE_POST, /* one post of severity 4 about a brand */
	ALERT_COORDINATED, /* many harmful posts of few voices */
	/* of signals (signals.def) */
	ALERT_CREEPING,    /* harm above its norm day after day */
	ALERT_CONDITION,   /* a rule whose when: counts over time */
	ALERT_RELAY,       /* somebody of reach, or on a list, does harm */
	ALERT_NEW_TERM,    /* a hashtag or word new to harm */
	ALERT_BORDER,      /* a language or country new to harm */
	ALERT_PRESS,       /* news outlets take it up */
	ALERT_SEQUENCE,    /* accusation, removal, mirrors */
	ALERT_ECHO,        /* a statement of the brand made it worse */
	ALERT_SILENCE,     /* a brand or the sources fall silent */
};

enum alert_subject { ALERT_SECTOR, ALERT_BRAND, ALERT_PAIR };

struct alert {
	uint32_t refs;
	enum alert_kind kind;
	enum alert_subject subject;
	char id[33];      /* XXH3-128 in hex, one per episode */
	uint32_t rev;     /* messages of the episode, from 0 */
	uint64_t seq;     /* messages of the engine */
	char *sector, *brand, *topic; /* ids; brand, topic NULL if none */
	char *name; /* of the brand, for people; else the sector's id */
	/* topics that it is about, what weighs most first: its own, those that
	 * its harm comes from, those of its brand.  Freed by free(topics). */
	const char **topics;
	uint32_t topics_count;
	uint32_t signal_kinds; /* that it covers, bits by enum alert_kind */
	uint8_t level, previous_level;
	int64_t minute_ms; /* the event minute it is about */
	struct buf facts;  /* JSON members, comma-led, made by alert_raise */
	struct buf fr, en; /* one plain sentence each */
	struct buf brief_fr, brief_en; /* the first nine lines of the text */
	/* what routing goes by beside the subject; each may be NULL */
	char *lang, *country, *source; /* of most of the evidence, by harm */
	char *main_topic; /* topic, else the one that weighs most */
	char *department; /* that the rule files name for it */
	/* teams that get it, in order of id, and the channel of each: set by
	 * route_owner.  All in one block, freed by free(teams).  Behind the
	 * channels of teams come those of the teams in shadow. */
	const char **teams, **channels;
	uint32_t teams_count, channels_count;
	const char *owner; /* one of teams, or NULL */
	struct alert_route *route; /* NULL without a model; in the block */
	struct buf playbook; /* a JSON member, comma-led; empty: none */
	uint64_t number;   /* of its entry in the journal */
	/* after alert_encode */
	struct buf json; /* one object, no newline */
};

/* What a model adds to owner and teams (route_owner); texts live in the block
 * of alert.teams. */
struct alert_route {
	const char *deputy;        /* a team, or NULL */
	const char *deputy_person; /* a second one of the owner, or NULL */
	const char **informed;     /* teams that do not own it */
	uint32_t informed_count;
	/* who may answer: the owner alone, but for the organic model */
	const char **interlocutors;
	uint32_t interlocutors_count;
	const char **shadow;       /* teams that see what they would have got */
	uint32_t shadow_count;
	const char *why;           /* "hub", "route:2", "off-duty:kitkat" */
	const char *why_fr, *why_en; /* one sentence each */
	int64_t answer_by_ms;      /* to be claimed by then; 0: level 0 */
	bool on_duty;              /* the owner was there at that minute */
};

/* Where the time went from reading the post to its alert, milliseconds. */
struct alert_latency {
	int64_t match_ms; /* arrival to the batch being back in order */
	int64_t judge_ms; /* from there to this message being encoded */
};

struct finding;

/** alert_kind_name(kind): as in alerts, "severe_post". */
const char *alert_kind_name(enum alert_kind kind);

/**
 * alert_raise(f, rev, seq): a new message about ${f}, with one reference,
 * facts and sentences written.  Its id follows from the kind, the subject
 * and f->first_ms.
 */
struct alert *alert_raise(const struct finding *f, uint32_t rev, uint64_t seq);

/** alert_topics(a, f): for alert_raise: set a->topics, a->signal_kinds. */
void alert_topics(struct alert *a, const struct finding *f);

/** alert_note(a, out): what the journal keeps beside the JSON; alert_again:
 * one as sinks want it, from both; NULL when the note is damaged. */
void alert_note(const struct alert *a, struct buf *out);
struct alert *alert_again(struct slice json, struct slice note);

/** alert_unrouted(a): a new one with what routing goes by, and nothing
 * else: no texts, no teams. */
struct alert *alert_unrouted(const struct alert *a);

/** alert_ref/unref: the last one frees. */
struct alert *alert_ref(struct alert *a);
void alert_unref(struct alert *a);

/**
 * alert_encode(a, ruleset, latency): write a->json.  ${latency} is NULL in
 * replay: then the member is left out, so that bytes do not depend on time.
 */
void alert_encode(struct alert *a, uint64_t ruleset,
    const struct alert_latency *latency);

#endif
