/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/view_chart.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/view_words.h"

#define HOUR_MS (60 * MINUTE_MS)
#define MICRO INT64_C(1000000)
#define ROWS 6
#define LEVELS 4

static const char *const blocks[9] = {
    " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

void
view_chart_init(struct view_chart *c, const char *sector)
{
	size_t bytes = strlen(sector) + 1;

	memset(c, 0, sizeof(*c));
	c->sector = must_alloc(bytes);
	memcpy(c->sector, sector, bytes);
}

void
view_chart_fini(struct view_chart *c)
{
	free(c->sector);
	free(c->rd_micro);
	free(c->levels);
}

void
view_chart_add(struct view_chart *c, int64_t time_ms, int64_t rd_micro,
    uint8_t level)
{
	/* A minute that ends at 12:00 belongs to the hour before. */
	int64_t hour = (time_ms - 1) / HOUR_MS;
	uint32_t at;

	if (c->hours == 0)
		c->first_hour = hour;
	if (hour < c->first_hour)
		return;
	at = (uint32_t)(hour - c->first_hour);
	if (at >= c->room) {
		c->room = at + 64 + c->room / 2;
		c->rd_micro =
		    must_grow(c->rd_micro, c->room * sizeof(*c->rd_micro));
		c->levels = must_grow(c->levels, c->room);
	}
	for (; c->hours <= at; c->hours++) {
		c->rd_micro[c->hours] = 0;
		c->levels[c->hours] = 0;
	}
	if (rd_micro > c->rd_micro[at])
		c->rd_micro[at] = rd_micro;
	if (level > c->levels[at])
		c->levels[at] = level;
	if (rd_micro > c->highest_micro)
		c->highest_micro = rd_micro;
}

bool
view_chart_rang(const struct view_chart *c)
{
	for (uint32_t i = 0; i < c->hours; i++)
		if (c->levels[i] > 0)
			return true;
	return false;
}

/* ---- drawing ----------------------------------------------------------- */

/* The columns of one chart and the scale of its rows. */
struct plan {
	uint32_t columns, per_column; /* hours */
	int64_t top_micro;
	int64_t rd_micro[VIEW_CHART_COLUMNS];
	uint8_t levels[VIEW_CHART_COLUMNS];
};

/* A top that six rows divide into round numbers. */
static int64_t
round_top(int64_t highest_micro)
{
	static const int steps[] = {1, 2, 4, 5, 8, 10, 12, 15};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (highest_micro <= steps[i] * ROWS * MICRO)
			return steps[i] * ROWS * MICRO;
	return 17 * ROWS * MICRO;
}

static void
make_plan(const struct view_chart *c, struct plan *p)
{
	memset(p, 0, sizeof(*p));
	p->per_column = 1;
	while (c->hours > p->per_column * VIEW_CHART_COLUMNS)
		p->per_column++;
	p->columns = (c->hours + p->per_column - 1) / p->per_column;
	for (uint32_t i = 0; i < c->hours; i++) {
		uint32_t col = i / p->per_column;

		if (c->rd_micro[i] > p->rd_micro[col])
			p->rd_micro[col] = c->rd_micro[i];
		if (c->levels[i] > p->levels[col])
			p->levels[col] = c->levels[i];
	}
	p->top_micro = round_top(c->highest_micro);
}

/* Which ink a density has: the thresholds of the levels by default. */
static enum view_ink
ink_of(int64_t rd_micro)
{
	static const int64_t theta[LEVELS] = {5, 10, 20, 35};
	int level = 0;

	while (level < LEVELS && rd_micro >= theta[level] * MICRO)
		level++;
	/* White on red is for words; a block of it is plain red. */
	return (enum view_ink)(INK_LEVEL_0 +
	    (level == LEVELS ? LEVELS - 1 : level));
}

static void
draw_row(const struct plan *p, struct buf *out, int row, bool colour)
{
	int64_t step = p->top_micro / ROWS;

	buf_printf(out, "  %4lld ┤",
	    (long long)((row + 1) * step / MICRO));
	for (uint32_t i = 0; i < p->columns; i++) {
		int64_t above = p->rd_micro[i] - row * step;
		int64_t eighths = above <= 0 ? 0 : above * 8 / step;

		if (row == 0 && eighths == 0)
			eighths = 1; /* the ground, so that calm is seen */
		if (eighths > 8)
			eighths = 8;
		if (eighths > 0)
			view_ink(out, ink_of(p->rd_micro[i]), colour);
		buf_text(out, blocks[eighths]);
		if (eighths > 0)
			view_ink(out, INK_PLAIN, colour);
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

/* Levels that were raised, under the columns of their hours. */
static void
draw_levels(const struct plan *p, struct buf *out, bool french, bool colour)
{
	buf_text(out, french ? "niveau ┤" : " level ┤");
	for (uint32_t i = 0; i < p->columns; i++) {
		if (p->levels[i] == 0) {
			buf_char(out, ' ');
			continue;
		}
		view_ink(out, INK_LEVEL_0 + p->levels[i], colour);
		buf_printf(out, "%u", p->levels[i]);
		view_ink(out, INK_PLAIN, colour);
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

/* A tick where a day begins and the day's number under it. */
static void
draw_days(const struct view_chart *c, const struct plan *p, struct buf *out,
    bool french)
{
	struct buf label = {0};
	uint32_t free_from = 0;
	size_t at;

	buf_text(out, "       └");
	for (uint32_t i = 0; i < p->columns; i++) {
		int64_t hour = c->first_hour + (int64_t)i * p->per_column;

		buf_text(out, hour % 24 < p->per_column ? "┴" : "─");
	}
	buf_text(out, "\n        ");
	at = out->len;
	for (uint32_t i = 0; i < p->columns; i++) {
		int64_t hour = c->first_hour + (int64_t)i * p->per_column;
		uint32_t wide;

		if (hour % 24 >= p->per_column || i < free_from)
			continue;
		buf_clear(&label);
		view_day(&label, hour * HOUR_MS, french);
		/* Without the month if the next day would be hit. */
		wide = view_columns(buf_slice(&label));
		if (24 / p->per_column <= wide) {
			while (label.len > 0 &&
			    label.data[label.len - 1] != ' ')
				label.len--;
			label.len--;
			wide = view_columns(buf_slice(&label));
		}
		while (view_columns((struct slice){out->data + at,
			   out->len - at}) < i)
			buf_char(out, ' ');
		buf_slice_put(out, buf_slice(&label));
		free_from = i + wide + 1;
	}
	buf_char(out, '\n');
	buf_fini(&label);
}

void
view_chart_draw(const struct view_chart *c, struct buf *out, bool french,
    bool colour)
{
	struct plan p;

	make_plan(c, &p);
	view_ink(out, INK_STRONG, colour);
	buf_printf(out, french ? "  Densité de risque, secteur %s" :
				 "  Risk density, sector %s",
	    c->sector);
	view_ink(out, INK_PLAIN, colour);
	buf_text(out, french ? "  (max " : "  (highest ");
	view_decimal(out, c->highest_micro, 6, french);
	buf_printf(out, french ? ", une colonne = %u h)\n" :
				 ", one column = %u h)\n",
	    p.per_column);
	for (int row = ROWS - 1; row >= 0; row--)
		draw_row(&p, out, row, colour);
	draw_days(c, &p, out, french);
	draw_levels(&p, out, french, colour);
}

void
view_chart_recent(const struct view_chart *c, struct buf *out, uint32_t hours)
{
	int64_t top = round_top(c->highest_micro);
	uint32_t from = c->hours > hours ? c->hours - hours : 0;

	for (uint32_t i = from; i < c->hours; i++)
		buf_text(out, blocks[1 + c->rd_micro[i] * 7 / top]);
}
