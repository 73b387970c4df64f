/*
 * What a team sees of its alerts and does about them, at a terminal: the
 * model behind `vigie watch`.
 *
 * Entries of the team's streams go in (follow_take), keys go in (follow_key),
 * a screen comes out (follow_screen.h) and commands go to setup.send as the
 * JSON of docs/ALERTS.md.  What others do is known by the answers to their
 * commands; what must be done by the notices.
 * Thread: the loop.  Owns: copies of all it shows; FOLLOW_ALERTS_MAX alerts,
 * of which the calm ones that moved least lately go first.
 * Never: a clock, a terminal, a server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FOLLOW_H
#define ENGINE_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/zone.h"

#define FOLLOW_QUOTES 3u
#define FOLLOW_STEPS 5u
#define FOLLOW_STATEMENTS 4u
#define FOLLOW_NOTICES 3u

enum follow_stream { FOLLOW_ALERTS, FOLLOW_NEWS, FOLLOW_ANSWERS };

/* Texts by language: [0] English, [1] French. */
struct follow_alert {
	struct arena *arena;
	const char *id, *kind, *sector, *brand, *name, *owner;
	const char *sentence[2], *topic[2];
	const char *quotes[FOLLOW_QUOTES];
	const char *steps[2][FOLLOW_STEPS];
	const char *statements[FOLLOW_STATEMENTS]; /* ids */
	const char *said[2][FOLLOW_STATEMENTS];
	uint32_t quotes_count, steps_count[2], statements_count;
	uint8_t level, previous;
	int64_t minute_ms, answer_by_ms;
	int64_t rev;
	bool fresh; /* came since the last time */
	bool stale; /* no word of it for a day: it may be over */
	/* by answers and notices; outlive the next message */
	char state[16], holder[80], by[80];
	bool offered; /* this team is to claim it, though another has it */
	int64_t until_ms; /* that this terminal promised; or TIME_NONE */
};

enum follow_ask {
	ASK_NOTHING, ASK_STATEMENT, ASK_UNTIL, ASK_TO, ASK_LESSON, ASK_TEXT,
};

struct follow_setup {
	const char *team, *by;
	bool french;
	const struct zone *zone; /* whose clocks the screen shows */
	/* a command; ${claim}: the alert to claim atomically, or NULL */
	void (*send)(void *self, const char *claim, struct slice json);
	void *self;
};

struct follow {
	struct follow_setup setup;
	struct follow_alert **alerts; /* as shown: worst first */
	uint32_t count, selected;
	char chosen[40]; /* id of the selected one: it stays so */
	struct buf message;  /* the last thing to be told */
	struct buf notices[FOLLOW_NOTICES]; /* the latest ones, newest first */
	enum follow_ask ask;
	char act; /* the key that asks */
	struct buf line, first; /* being typed; the answer before */
	struct buf publish;  /* what is to be published now, {time} filled in */
	char publish_id[40]; /* of that alert */
	bool help, over; /* over: q */
	int64_t now_ms;
};

struct follow *follow_new(const struct follow_setup *setup);
void follow_free(struct follow *f);

/** follow_take(f, stream, json, fresh): one entry; false when it is none. */
bool follow_take(struct follow *f, enum follow_stream stream,
    struct slice json, bool fresh);

/** follow_key(f, key, now_ms): one key: a character (UTF-8, a byte at a
 * time), or FOLLOW_UP and the like. */
enum { FOLLOW_UP = 0x100, FOLLOW_DOWN };
void follow_key(struct follow *f, int key, int64_t now_ms);

/** follow_told(f, ok, text): what became of a command: sent, or ${text}: who
 * was faster, why not. */
void follow_told(struct follow *f, bool ok, const char *text);

/** follow_at(f): the selected alert, or NULL. */
struct follow_alert *follow_at(struct follow *f);

/** follow_now(f, now_ms): it is that time; what was not heard of for a day
 * goes below what was. */
void follow_now(struct follow *f, int64_t now_ms);

/** follow_until(text, zone, now_ms, &ms): "18:00" on the clocks of ${zone},
 * "2h", "+90m" or a full time; false: none of them. */
bool follow_until(const char *text, const struct zone *zone, int64_t now_ms,
    int64_t *ms);

/** follow_statement(a, said): the one that ${said} means, by its number or
 * id: its index, or -1: they are words of one's own. */
int follow_statement(const struct follow_alert *a, struct slice said);

/** follow_filled(f, text, until_ms, out): ${text} with {time} as people say
 * it; TIME_NONE: not known yet, it stays. */
void follow_filled(const struct follow *f, const char *text,
    int64_t until_ms, struct buf *out);

#endif
