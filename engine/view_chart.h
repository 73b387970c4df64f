/*
 * The curve of one sector over event time, drawn with block characters.
 *
 * One value per event hour (the highest of its minutes); a chart has at most
 * VIEW_CHART_COLUMNS columns of as many hours as that takes.
 * Thread: the loop.  Owns: its values until view_chart_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_VIEW_CHART_H
#define ENGINE_VIEW_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"

#define VIEW_CHART_COLUMNS 60

struct view_chart {
	char *sector;
	int64_t first_hour; /* since 1970 */
	int64_t *rd_micro;  /* highest of each hour */
	uint8_t *levels;    /* highest level that was raised in it */
	uint32_t hours, room;
	int64_t highest_micro;
};

void view_chart_init(struct view_chart *c, const char *sector);
void view_chart_fini(struct view_chart *c);

/** view_chart_add(c, ms, rd, level): both are kept if higher. */
void view_chart_add(struct view_chart *c, int64_t time_ms, int64_t rd_micro,
    uint8_t level);

/** view_chart_rang(c): whether a level was raised in it. */
bool view_chart_rang(const struct view_chart *c);

/** view_chart_draw(c, out, french, colour): axis, curve, days, levels. */
void view_chart_draw(const struct view_chart *c, struct buf *out, bool french,
    bool colour);

/** view_chart_recent(c, out, hours): the last hours in one line of blocks. */
void view_chart_recent(const struct view_chart *c, struct buf *out,
    uint32_t hours);

#endif
