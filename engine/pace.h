/*
 * How much is said of something, by the hour of the last seven days, and what
 * was sure to be said: the least of that hour of the day in those days.  So a
 * quiet night counts for nothing, and one lean day lowers it for a week.
 *
 * Plain data without pointers, in event time.  All zero: never heard of.
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_DAYS 7
#define PACE_HOURS 24
#define PACE_HOUR_MINUTES 60
#define PACE_WEEK (PACE_DAYS * PACE_HOURS)

struct pace {
	uint16_t counts[PACE_WEEK]; /* of hour h: at h % PACE_WEEK */
	int64_t hour;    /* newest with a count, from 1970; 0: none yet */
	int64_t since;   /* first hour that was watched whole */
	int64_t minute;  /* of the latest post */
	bool told;       /* for its user: the silence was told of */
};

/** pace_hear(p, minute, posts): so many, the latest of them in ${minute}, all
 * of the same hour. */
void pace_hear(struct pace *p, int64_t minute, uint32_t posts);

/**
 * pace_missed(p, hour, watched, &whole): posts that were sure to come from
 * the hour after the latest post up to and with ${hour}, of a day at most; 0
 * when no whole week is known.  Hours up to ${watched}, when listening began,
 * do not count.  ${whole}: how many hours those were.
 */
int64_t pace_missed(const struct pace *p, int64_t hour, int64_t watched,
    int64_t *whole);

#endif
