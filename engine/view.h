/*
 * The terminal view of a replay: what a person sees instead of JSON.
 *
 * Alerts in French or English as they come, with the words of two posts; at
 * the end one curve per sector that moved, hours across, days under it.  In
 * colour and with a line that is drawn anew only on a terminal (NO_COLOR and
 * TERM=dumb are respected); into a file the same without either.
 *
 * The judge feeds it: view_density once per closed minute and sector, before
 * the view_alert calls of that minute; view_posts as posts are read.
 * Thread: the loop.  Owns: nothing that it is given.  Never: the clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/alert.h"

struct view;

struct view_options {
	FILE *out;
	bool french; /* else English */
	bool colour;
	bool live;   /* one line at the bottom is drawn anew */
};

/**
 * view_detect(out, lang): options that fit ${out} and the person: ${lang} is
 * "fr", "en" or NULL, which asks LC_ALL, LC_MESSAGES and LANG in turn.
 */
struct view_options view_detect(FILE *out, const char *lang);

struct view *view_open(const struct view_options *options);

/** view_posts(v, count): so many posts were read since the last call. */
void view_posts(struct view *v, uint64_t count);

/** view_density(v, minute_ms, sector, rd_micro): a minute of a sector has
 * closed; ${minute_ms} is its end, ${sector} its id. */
void view_density(struct view *v, int64_t minute_ms, const char *sector,
    int64_t rd_micro);

void view_alert(struct view *v, const struct alert *alert);

/**
 * view_end(v, taken_ms): the curves and the totals, then frees ${v}.
 * ${taken_ms} is how long the replay took; negative if that is not to be
 * said.
 */
void view_end(struct view *v, int64_t taken_ms);

#endif
