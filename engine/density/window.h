/*
 * What was said in the last hour, minute by minute, and in the last day.
 *
 * 60 buckets of one minute and their sum, kept as posts come and minutes go;
 * amounts are integers in millionths, so the order of posts inside a minute
 * cannot matter.  The day view has 24 buckets of one hour, cut at full hours.
 * Thread: the loop.  Owns: the hours of a day; the structs are embedded or
 * allocated by the caller.  Buckets in which nothing was said are not touched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_WINDOW_H
#define ENGINE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/limits.h"

struct sums {
	int64_t harm;   /* H: sum of v a g p, millionths */
	int64_t mass;   /* N: sum of v a */
	int64_t voices; /* sum of v */
	int64_t singles;  /* sum of 1 / k: an account's repeats discounted */
	int64_t unshared; /* sum of v, but of 1 / k for a repost */
	uint32_t posts;
	uint32_t harmful; /* posts with harm */
};

#define WINDOW_RECENT 5 /* minutes whose harm is at hand */

struct window {
	int64_t minute; /* newest, counted from 1970 */
	struct sums total;
	int64_t recent; /* harm of the newest WINDOW_RECENT minutes */
	uint64_t said;  /* bits: buckets in which something was said */
	struct sums minutes[WINDOW_MINUTES];
};

/* Only hours in which something was said: most keys are silent in most. */
struct day_hour {
	int64_t hour;
	struct sums sums;
};
struct day {
	struct day_hour *hours; /* by hour, within a day of the last */
	uint32_t count, room;
};

/** window_sums_add(to, from): amount by amount. */
void window_sums_add(struct sums *to, const struct sums *from);

/** window_init(w, minute): empty, its newest minute is ${minute}. */
void window_init(struct window *w, int64_t minute);

/** window_advance(w, minute): let minutes pass; going back does nothing. */
void window_advance(struct window *w, int64_t minute);

/** window_ahead(w, minute, adds): fetch what window_advance(w, minute) asks
 * for, and, when it ${adds} there, window_add. */
void window_ahead(struct window *w, int64_t minute, bool adds);

/**
 * window_add(w, minute, amounts): add to ${minute}; false (and nothing
 * added) when it lies before the window or after its newest minute.
 */
bool window_add(struct window *w, int64_t minute, const struct sums *amounts);

/** window_recent(w, minutes): harm of the newest ${minutes} buckets. */
int64_t window_recent(const struct window *w, int minutes);

/** window_concentration(s): C = 1 - voices / posts, in millionths. */
int64_t window_concentration(const struct sums *s);

/** window_is_flood(s): at least 50 posts, half of them harmful, and C of at
 * least a half, of which accounts that repeat themselves or texts that were
 * pasted, not reposted, have their part (docs/decisions/0015): many posts of
 * few voices, and not a crowd that passes one on. */
bool window_is_flood(const struct sums *s);

/** window_day_add(d, minute, amounts): to its hour, if that is kept. */
void window_day_add(struct day *d, int64_t minute, const struct sums *amounts);

/** window_day_forget(d, minute): give back the hours that a day ending with
 * ${minute} no longer has, and their memory. */
void window_day_forget(struct day *d, int64_t minute);

/** window_day_sum(d, minute): the 24 hours up to that of ${minute}. */
struct sums window_day_sum(const struct day *d, int64_t minute);

/** window_save/load, window_day_save/load: for a file; what is empty costs
 * next to nothing. */
struct buf;
struct unpack;
void window_save(const struct window *w, struct buf *out);
void window_load(struct window *w, struct unpack *in);
void window_day_save(const struct day *d, struct buf *out);
void window_day_load(struct day *d, struct unpack *in);

#endif
