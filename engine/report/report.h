/*
 * What a senior manager wants to know of a day: from the entries of the
 * journal to facts, from facts to one page.
 *
 *	report_new(now, since)  -> report_take(kind, json) for each entry
 *	-> report_sum -> report_curves -> report_page.h, report_json
 *
 * The journal's four kinds are told apart by their members, so that a file of
 * JSON lines (replay's output, an export of vigie:journal) serves as well.
 * Thread: one at a time.  Owns: copies of all it keeps, in one arena.
 * Never: a clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/err.h"
#include "engine/base/zone.h"
#include "engine/lifecycle/hush.h"

#define REPORT_DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define REPORT_WEEK_MS (7 * REPORT_DAY_MS)
#define REPORT_WORDS 3u
#define REPORT_REASONS 6u /* of lines that were not read */
#define REPORT_DAYS 7u

/* Numbers in millionths. */
struct report_amounts {
	int64_t density, harm, voices, expected, authors, posts, harmful;
	const char *rare_fr, *rare_en; /* or NULL */
};

/* One message, for the curve and for what was so when. */
struct report_level {
	int64_t at_ms;
	uint8_t level;
	int64_t harm, expected; /* thousandths, as in series.h */
};

struct report_alert {
	const char *id, *kind, *subject, *sector, *brand, *topic;
	const char *name, *topic_fr, *topic_en; /* for people; of a sector
	     * both are its own names; or NULL */
	const char *main_topic, *department, *lang, *country; /* or NULL */
	int64_t first_ms, peak_ms, last_ms;
	uint8_t level, peak; /* peak: of the report's time */
	struct report_amounts then, now; /* at the peak; last */
	const char *words[REPORT_WORDS], *quote; /* at the peak */
	uint32_t words_count;
	const char *sentence_fr, *sentence_en, *step_fr, *step_en;
	const char *owner, *deputy; /* by the organisation */
	bool learning, coordinated;
	struct report_level *levels;
	uint32_t levels_count, levels_room;
	/* from the lifecycle */
	bool followed; /* it says something of this alert */
	int state;     /* enum lifecycle_state */
	const char *holder, *by, *statement, *lesson;
	int64_t told_ms, claimed_ms, closed_ms, until_ms, answer_by_ms;
	bool unacted, promise_broken;
	/* after report_sum */
	int64_t unknown_ms; /* nothing is known from then on; or TIME_NONE */
	bool spent;         /* told of once, and no word of it since */
	/* nobody was told: who asked for that, and why; NULL: told */
	const char *hushed_by, *hushed_why;
	int64_t hushed_until_ms;
};

enum report_act {
	REPORT_RISE, REPORT_FALL, REPORT_CLAIM, REPORT_HOLD, REPORT_RESPOND,
	REPORT_CLOSE, REPORT_BROKEN, REPORT_REOPEN,
};

/* Something that is marked on a curve. */
struct report_moment {
	int64_t at_ms;
	enum report_act act;
	uint32_t alert; /* index */
	uint8_t level;
};

struct report_team {
	const char *id;
	uint32_t messages;   /* of the week */
	uint32_t noise;      /* of them, those of levels 1 and 2 */
	uint32_t claimed;    /* alerts of the week */
};

struct report_source {
	const char *name, *state;
	int64_t down_s;
};

/* How complete the watch was, of one span of time. */
struct report_health {
	bool known;
	int64_t covered_ms;
	int64_t posts, harmful, late, paused_s, source_errors, waiting;
	int64_t bad[REPORT_REASONS], bad_all;
	struct report_source *sources;
	uint32_t sources_count;
};

/* One day of the calendar, by the clocks of the report. */
struct report_day {
	int64_t from_ms, to_ms;
	uint8_t highest;
	uint32_t began;
	bool watched; /* the journal has figures of it */
	int64_t posts, harmful;
};

/* The organisation's week. */
struct report_week {
	bool followed;          /* there are entries of the lifecycle */
	uint32_t alerts;        /* that began, level 1 and up */
	uint32_t claimed, kept, broken, pending;
	int64_t median_ms, longest_ms; /* from told to claimed; TIME_NONE */
	uint32_t longest;       /* index of that alert */
	uint32_t *idle, idle_count; /* alerts that nobody acted on */
};

struct report_point {
	int64_t at_ms;
	int64_t harm, expected; /* thousandths of voices of the hour */
};

/* One curve: a key over a span of time. */
struct report_curve {
	const char *name, *key;
	int64_t from_ms, to_ms;
	struct report_point *points;
	uint32_t count;
	bool sparse; /* known only when an alert spoke */
};

struct report {
	struct arena *arena;
	int64_t from_ms, now_ms;
	const struct organisation *organisation; /* or NULL */
	const struct zone *zone;
	struct report_alert *alerts;
	uint32_t alerts_count, alerts_room;
	struct report_moment *moments;
	uint32_t moments_count, moments_room;
	struct report_team *teams;
	uint32_t teams_count;
	struct report_health health, before; /* before: as long a time */
	struct report_week week;
	uint64_t entries;
	int64_t newest_ms; /* of all entries, also later ones; or TIME_NONE */
	int64_t heard_ms;  /* of those up to now; or TIME_NONE */
	bool hourly;       /* the engine said every hour that it was there */
	bool stopped;      /* and says so no longer */
	struct hush *hush; /* silences that were asked for */
	struct report_day days[REPORT_DAYS]; /* the last one is that of now */
	/* after report_sum: alerts of the time, most serious first */
	uint32_t *shown;
	uint32_t shown_count, began, began_before;
	uint8_t highest, highest_before;
	struct report_curve *curves;
	uint32_t curves_count;
};

/** report_new(now_ms, since_ms, o): the time is [now - since, now), told by
 * the clocks of ${o}; NULL: UTC, and teams by their ids. */
struct report *report_new(int64_t now_ms, int64_t since_ms,
    const struct organisation *o);
void report_free(struct report *r);

/** report_take(r, json): one entry of any kind, in order; what is later than
 * now or older than is needed is left; false when it is none. */
bool report_take(struct report *r, struct slice json);

/** report_alert(r, id): the alert so called, or NULL; report_moment adds. */
struct report_alert *report_alert(struct report *r, const char *id);
void report_moment(struct report *r, int64_t at_ms, enum report_act act,
    const struct report_alert *a, uint8_t level);

/** report_read_state(r, folder, err), report_read_file(r, path, err): take
 * every entry of a state_dir's journal, or of a file of lines ("-": standard
 * input); negative after an error.  A line that is none is counted. */
int report_read_state(struct report *r, const char *folder, struct err *err);
int report_read_file(struct report *r, const char *path, uint64_t *bad,
    struct err *err);

/** report_sum(r): after the last entry. */
void report_sum(struct report *r);

/** report_curves(r, state): from the series of a state_dir (NULL: from the
 * alerts alone): of the most serious alerts, or of the busiest sector. */
int report_curves(struct report *r, const char *state, struct err *err);

/** report_json(r, out): all facts as one object and a newline. */
void report_json(const struct report *r, struct buf *out);

/** report_is_open(a), report_level_at(a, ms): whether it is known to be above
 * level 0 and not closed; its level then. */
bool report_is_open(const struct report_alert *a);

/** report_is_lost(a): it was open when the watch stopped. */
bool report_is_lost(const struct report_alert *a);

/** report_day_of(r, ms): the day in which it lies, or NULL. */
struct report_day *report_day_of(struct report *r, int64_t ms);

/** report_ends(r): for report_sum: which alerts nothing is known of any more,
 * or have nothing more to tell; report_hush: which were told to nobody;
 * report_days: the figures of each day. */
void report_ends(struct report *r);
void report_hush(struct report *r);
void report_days(struct report *r);

/** report_is_deaf(a): it is about the sources, not about what people say. */
bool report_is_deaf(const struct report_alert *a);
uint8_t report_level_at(const struct report_alert *a, int64_t ms);

#endif
