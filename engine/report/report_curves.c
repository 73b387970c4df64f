/*
 * The curves of a report: harm against what is normal.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/report/report.h"
#include "engine/state/series.h"

#define CURVES_SHOWN 2u
#define GAP_MS (3 * SERIES_TICK_MS) /* longer: it was silent between */

struct gather {
	struct report_curve *c;
	uint32_t room;
};

static void
put(struct gather *g, int64_t at_ms, int64_t harm, int64_t expected)
{
	struct report_curve *c = g->c;

	if (c->count == g->room) {
		g->room = g->room * 2 + 64;
		c->points = must_grow(c->points, g->room * sizeof(*c->points));
	}
	c->points[c->count++] = (struct report_point){at_ms, harm, expected};
}

/* A key without a row was silent: the curve goes down and comes up again. */
static bool
on_row(void *self, const struct series_row *row)
{
	struct gather *g = self;
	struct report_curve *c = g->c;

	if (c->count > 0) {
		struct report_point last = c->points[c->count - 1];

		if (row->end_ms - last.at_ms > GAP_MS) {
			put(g, last.at_ms + SERIES_TICK_MS, 0, last.expected);
			put(g, row->end_ms - SERIES_TICK_MS, 0, row->norm);
		}
	}
	put(g, row->end_ms, row->harm, row->norm);
	return true;
}

/* The alert's own messages: all that is known without a series. */
static void
from_messages(struct gather *g, const struct report_alert *a)
{
	g->c->sparse = true;
	for (uint32_t i = 0; i < a->levels_count; i++)
		if (a->levels[i].at_ms >= g->c->from_ms)
			put(g, a->levels[i].at_ms, a->levels[i].harm,
			    a->levels[i].expected);
}

static const char *
key_of(struct report *r, const struct report_alert *a)
{
	struct buf key = {0};
	const char *kept;

	buf_text(&key, a->sector);
	if (a->brand != NULL)
		buf_printf(&key, "/%s", a->brand);
	if (a->brand != NULL && a->topic != NULL)
		buf_printf(&key, "/%s", a->topic);
	kept = arena_text(r->arena, buf_slice(&key)).data;
	buf_fini(&key);
	return kept;
}

static int
add_curve(struct report *r, const char *folder, const char *name,
    const char *key, const struct report_alert *a, struct err *err)
{
	struct report_curve c = {.name = name, .key = key,
	    .from_ms = r->from_ms, .to_ms = r->now_ms};
	struct gather g = {.c = &c};
	int rc = 0;

	if (folder != NULL)
		rc = series_read(folder, key, r->from_ms, r->now_ms, on_row,
		    &g, err);
	if (rc == -ENOENT)
		rc = 0;
	if (c.count < 2 && a != NULL)
		from_messages(&g, a);
	if (rc != 0 || c.count < 2) {
		free(c.points);
		return rc;
	}
	r->curves = must_grow(
	    r->curves, (r->curves_count + 1) * sizeof(*r->curves));
	r->curves[r->curves_count++] = c;
	return 0;
}

/* The sector of which most was said, for a quiet day. */
struct busiest {
	char key[200];
	int64_t best;
};

static bool
on_sector(void *self, const struct series_row *row)
{
	struct busiest *b = self;

	if (row->subject == ALERT_SECTOR && row->mass > b->best) {
		b->best = row->mass;
		snprintf(b->key, sizeof(b->key), "%s", row->key);
	}
	return true;
}

static bool
has_key(const struct report *r, const char *key)
{
	for (uint32_t i = 0; i < r->curves_count; i++)
		if (!strcmp(r->curves[i].key, key))
			return true;
	return false;
}

int
report_curves(struct report *r, const char *state, struct err *err)
{
	char path[4096];
	const char *folder = NULL;
	struct busiest busiest = {.best = 0};
	int rc = 0;

	if (state != NULL) {
		snprintf(path, sizeof(path), "%s/" SERIES_KIND, state);
		folder = path;
	}
	for (uint32_t i = 0; rc == 0 && i < r->shown_count &&
	     r->curves_count < CURVES_SHOWN; i++) {
		const struct report_alert *a = &r->alerts[r->shown[i]];
		const char *key = key_of(r, a);

		if (!has_key(r, key))
			rc = add_curve(r, folder, a->name, key, a, err);
	}
	if (rc != 0 || r->curves_count > 0 || folder == NULL)
		return rc;
	rc = series_read(folder, NULL, r->from_ms, r->now_ms, on_sector,
	    &busiest, err);
	if (rc == -ENOENT)
		return 0;
	if (rc == 0 && busiest.best > 0) {
		const char *key =
		    arena_text(r->arena, slice_of(busiest.key)).data;

		rc = add_curve(r, folder, key, key, NULL, err);
	}
	return rc;
}
