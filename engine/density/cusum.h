/*
 * Does the harm of a day creep up, day after day, without ever bursting?
 *
 * A one-sided cumulative sum (Page 1954) of standardised daily amounts.  With
 * X the harm of a day in voices and y = ln(X + 5):
 *
 *	u = min(3, (y - m) / sd)     m, sd: median and spread (MAD) of y over
 *	                             the 28 days that ended 7 days ago
 *	S = max(0, S + u - k)        k = 1/2 + 1.25 / sqrt(days in m)
 *	rings when S > 8 and the days that made S had 5 voices each
 *
 * Why these figures:
 *  - a day is the unit because it has no daily cycle, 28 days hold four whole
 *    weeks, and the week between leaves a slow burn out of its own norm;
 *  - ln(X + 5) of a Poisson day has a spread of at most 1/(2 sqrt 5) = 0.224
 *    at any rate: that is the floor of sd, so chance alone is never rare;
 *  - k is half of the shift worth finding (Page), 1 sd, and one standard error
 *    of the median m, 1.25 / sqrt(n), for m is only estimated;
 *  - 8 gives a mean of some 19,000 days between false alarms even when m is
 *    one standard error too low (Siegmund 1985), far more otherwise;
 *  - min(3, ..) makes three days of any size too few: a burst is no creeping.
 * While it rings m and sd are frozen; it ends after three days with u < k, or
 * after 28 days, when what was high has become the norm.
 * Thread: one at a time.  Owns: nothing.  Never: a clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CUSUM_H
#define ENGINE_CUSUM_H

#include <stdbool.h>
#include <stdint.h>

#define CUSUM_NORM_DAYS 28
#define CUSUM_GAP_DAYS 7
#define CUSUM_DAYS (CUSUM_NORM_DAYS + CUSUM_GAP_DAYS)
/* S from which it rings, in millionths. */
#define CUSUM_RINGS_MICRO INT64_C(8000000)

struct cusum_settings {
	int64_t history; /* days of norm without which it is quiet */
	int64_t rings_micro;
};

/* About 400 bytes; all zero is new. */
struct cusum {
	int64_t taken;            /* days so far */
	int64_t days[CUSUM_DAYS]; /* harm in millionths, by day % CUSUM_DAYS */
	int64_t sum_micro;        /* S */
	int64_t run_harm;         /* of the days that made S */
	int32_t run_days;
	int32_t calm_days;        /* while it rings: below k, running */
	int32_t ringing_days;
	bool ringing;
	/* of the last day; frozen while it rings */
	double middle, spread, allowance;
	int64_t norm;             /* harm of a normal day */
};

enum cusum_change {
	CUSUM_SAME,
	CUSUM_RINGS,
	CUSUM_CALM,   /* it has fallen back */
	CUSUM_NORMAL, /* it is the norm now */
};

/** cusum_day(c, s, harm): one more whole day of ${harm} millionths. */
enum cusum_change cusum_day(struct cusum *c, const struct cusum_settings *s,
    int64_t harm);

/** cusum_late(c, harm): ${harm} that came too late for the last day. */
void cusum_late(struct cusum *c, int64_t harm);

/** cusum_save(c, out), cusum_load(c, in): for a file, exactly. */
struct buf;
struct unpack;
void cusum_save(const struct cusum *c, struct buf *out);
void cusum_load(struct cusum *c, struct unpack *in);

#endif
