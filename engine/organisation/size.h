/*
 * How many people each team needs, hour by hour of the week, for what was
 * recorded.
 *
 * A contact is an account that did harm to a brand within an hour (accounts
 * of the series).  The team that would own an alert about that brand at that
 * hour and level answers it, each contact takes one person ${handle_ms}, and
 * ${share} of them are to be taken up within the answer_within of the level
 * (level 0: of level 1).  People by Erlang C (erlang.h).  A team that names no
 * people is one person while it is there.
 * Thread: one.  Owns: its counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIZE_H
#define ENGINE_SIZE_H

#include "engine/organisation/organisation.h"
#include "engine/state/series.h"

#define SIZE_HOURS 168 /* of the week, from Monday 00:00 on the team's wall */

struct size_options {
	const struct organisation *organisation;
	int64_t handle_ms;
	double share; /* in time, under 1 */
};

/* One hour of the week of one team. */
struct size_cell {
	uint32_t hours;     /* recorded */
	uint64_t contacts;  /* in all of them */
	unsigned usual;     /* people for the mean of them */
	unsigned most;      /* people for the worst one */
	unsigned there;     /* people there in that one, else in the last */
	int64_t worst_ms;   /* its start; TIME_NONE: no contact */
	uint32_t short_of;  /* hours in which there were too few */
};

/* Consecutive hours in which a team had too few people. */
struct size_span {
	const struct team *team;
	int64_t from_ms, to_ms;
	uint64_t contacts;
	unsigned needed, there; /* in its worst hour */
};

struct size_team {
	const struct team *team;
	struct size_cell cells[SIZE_HOURS];
	uint64_t contacts;
	unsigned most;
	uint32_t hours_short;
};

struct size;

/** size_new(options): ${options} is copied. */
struct size *size_new(const struct size_options *options);
void size_free(struct size *s);

/** size_row(s, row): a row of the series, in order of time. */
void size_row(struct size *s, const struct series_row *row);

/** size_end(s): after the last row. */
void size_end(struct size *s);

/** size_hours(s): recorded hours; size_unowned(s): contacts that no team would
 * have answered. */
uint32_t size_hours(const struct size *s);
uint64_t size_unowned(const struct size *s);

/** size_team(s, i): the ${i}-th team by id, or NULL; size_span(s, i): where
 * the plan fails, in order of time and team, or NULL. */
const struct size_team *size_team(const struct size *s, size_t i);
const struct size_span *size_span(const struct size *s, size_t i);

/** size_people(o, team, ms): people of it that are there. */
unsigned size_people(const struct organisation *o, const struct team *team,
    int64_t ms);

#endif
