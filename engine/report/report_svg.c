/*
 * A curve as SVG: harm against what is usual, with what happened above it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/report/report_page.h"

#define WIDTH 480
#define HEIGHT 222
#define LEFT 34
#define RIGHT 470
#define TOP 38
#define BOTTOM 160
#define MARKS_Y 14
#define MARK_GAP 17 /* between two marks of one curve */
#define LEGEND_Y 196
#define LEGEND_ROW 18
#define HOUR_MS (60 * MINUTE_MS)

struct plot {
	const struct page *p;
	const struct report_curve *c;
	struct buf *out;
	int64_t top; /* thousandths of voices at the upper edge */
};

static int
x_of(const struct plot *g, int64_t ms)
{
	int64_t span_ms = g->c->to_ms - g->c->from_ms;

	return LEFT +
	    (int)((ms - g->c->from_ms) * (RIGHT - LEFT) / span_ms);
}

static int
y_of(const struct plot *g, int64_t value)
{
	return BOTTOM - (int)(value * (BOTTOM - TOP) / g->top);
}

/* The next of 1, 2, 5, 10, 20 ... voices that is not less. */
static int64_t
round_up(int64_t value)
{
	static const int64_t steps[] = {2, 5, 10};
	int64_t base = 1000;

	for (;;) {
		for (size_t i = 0; i < 3; i++)
			if (base * steps[i] >= value)
				return base * steps[i];
		base *= 10;
	}
}

static void
escape(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '<')
			buf_text(out, "&lt;");
		else if (text.data[i] == '>')
			buf_text(out, "&gt;");
		else if (text.data[i] == '&')
			buf_text(out, "&amp;");
		else
			buf_char(out, text.data[i]);
	}
}

static void
label(struct plot *g, int x, int y, const char *anchor, struct slice text)
{
	buf_printf(g->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y,
	    anchor);
	escape(g->out, text);
	buf_text(g->out, "</text>\n");
}

static void
grid(struct plot *g)
{
	struct buf text = {0};

	for (int64_t i = 0; i <= 2; i++) {
		int64_t value = g->top * i / 2;
		int y = y_of(g, value);

		buf_printf(g->out,
		    "<path class=\"grid\" d=\"M%d %dH%d\"/>\n", LEFT, y, RIGHT);
		buf_clear(&text);
		report_count(&text, &g->p->tongue, value / 1000);
		label(g, LEFT - 6, y + 4, "end", buf_slice(&text));
	}
	label(g, 0, TOP - 9, "start",
	    slice_of(report_phrase(&g->p->tongue, SAY_curve_axis)));
	buf_fini(&text);
}

/* Hours under a day or two, days under more; on the wall's own round times. */
static void
ticks(struct plot *g)
{
	const struct report_tongue *t = &g->p->tongue;
	int64_t span_ms = g->c->to_ms - g->c->from_ms;
	int64_t step_ms = span_ms <= 14 * HOUR_MS ? 2 * HOUR_MS :
	    span_ms <= 50 * HOUR_MS ? 6 * HOUR_MS :
	    (span_ms / (8 * 24 * HOUR_MS) + 1) * 24 * HOUR_MS;
	int64_t wall = zone_wall(t->zone, g->c->from_ms);
	struct buf text = {0};

	for (wall += step_ms - 1 - (wall + step_ms - 1) % step_ms;;
	     wall += step_ms) {
		int64_t ms = zone_time(t->zone, wall);
		int x;

		if (ms > g->c->to_ms)
			break;
		x = x_of(g, ms);
		buf_printf(g->out, "<path class=\"grid\" d=\"M%d %dv5\"/>\n",
		    x, BOTTOM);
		buf_clear(&text);
		if (wall % (24 * HOUR_MS) == 0)
			report_day(&text, t, ms);
		else
			report_hour(&text, t, ms);
		label(g, x, BOTTOM + 19, x > RIGHT - 24 ? "end" : "middle",
		    buf_slice(&text));
	}
	buf_fini(&text);
}

/* One vertex per column of the picture: the highest of its points. */
static void
line(struct plot *g, bool usual, bool area)
{
	const struct report_curve *c = g->c;
	int last = -1;

	for (uint32_t i = 0; i < c->count; i++) {
		int x = x_of(g, c->points[i].at_ms);
		int64_t high = 0;
		uint32_t k = i;

		for (; k < c->count && x_of(g, c->points[k].at_ms) == x; k++) {
			int64_t v = usual ? c->points[k].expected :
					    c->points[k].harm;

			high = v > high ? v : high;
		}
		i = k - 1;
		if (last < 0 && area)
			buf_printf(g->out, "M%d %dL%d %d", x, BOTTOM, x,
			    y_of(g, high));
		else
			buf_printf(g->out, "%s%d %d", last < 0 ? "M" : "L", x,
			    y_of(g, high));
		last = x;
	}
	if (area)
		buf_printf(g->out, "L%d %dZ", last, BOTTOM);
}

static void
curves(struct plot *g)
{
	if (!g->c->sparse) {
		buf_text(g->out, "<path class=\"area\" d=\"");
		line(g, false, true);
		buf_text(g->out, "\"/>\n");
	}
	buf_text(g->out, "<path class=\"usual\" d=\"");
	line(g, true, false);
	buf_printf(g->out, "\"/>\n<path class=\"harm%s\" d=\"",
	    g->c->sparse ? " sparse" : "");
	line(g, false, false);
	buf_text(g->out, "\"/>\n");
	for (uint32_t i = 0; g->c->sparse && i < g->c->count; i++)
		buf_printf(g->out,
		    "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"3\"/>\n",
		    x_of(g, g->c->points[i].at_ms),
		    y_of(g, g->c->points[i].harm));
}

static const enum report_phrase words[] = {
    [REPORT_RISE] = SAY_mark_rise, [REPORT_FALL] = SAY_mark_fall,
    [REPORT_CLAIM] = SAY_mark_claim, [REPORT_HOLD] = SAY_mark_hold,
    [REPORT_RESPOND] = SAY_mark_respond, [REPORT_CLOSE] = SAY_mark_close,
    [REPORT_BROKEN] = SAY_mark_broken, [REPORT_REOPEN] = SAY_mark_reopen};

/* The sign of an act, around 0 0. */
static const char *
sign(enum report_act act)
{
	switch (act) {
	case REPORT_CLAIM:
		return "M0 -7L7 0L0 7L-7 0Z";
	case REPORT_HOLD:
		return "M-6 -6H6V6H-6Z";
	case REPORT_RESPOND:
		return "M0 -7L7 6H-7Z";
	case REPORT_BROKEN:
	case REPORT_REOPEN:
		return "M-6 -4L-4 -6L0 -2L4 -6L6 -4L2 0L6 4L4 6L0 2L-4 6"
		       "L-6 4L-2 0Z";
	default:
		return "M-7 0A7 7 0 1 1 7 0A7 7 0 1 1 -7 0Z";
	}
}

static void
put_sign(struct plot *g, int x, int y, enum report_act act, unsigned level)
{
	buf_printf(g->out, "<g transform=\"translate(%d %d)\">"
	    "<path class=\"sign %s%u\" d=\"%s\"/>", x, y,
	    act == REPORT_RISE ? "l" : "act", level, sign(act));
	if (act == REPORT_RISE)
		buf_printf(g->out, "<text class=\"on\" y=\"4\" "
		    "text-anchor=\"middle\">%u</text>", level);
	buf_text(g->out, "</g>\n");
}

/* Rises matter, and what people did; falls are seen in the curve. */
static bool
is_marked(const struct plot *g, const struct report_moment *m)
{
	return m->act != REPORT_FALL && m->act != REPORT_CLOSE &&
	    m->at_ms >= g->c->from_ms && m->at_ms < g->c->to_ms &&
	    !strcmp(g->p->r->alerts[m->alert].name, g->c->name);
}

static int
by_time(const void *a, const void *b)
{
	const struct report_moment *x = *(void *const *)a;
	const struct report_moment *y = *(void *const *)b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Room for one more word of the legend; a new row where there is none. */
static int
legend_room(int *x, int *y, const char *word)
{
	int wide = 34 + 7 * (int)strlen(word), at = *x;

	if (at + wide > RIGHT + 10) {
		at = LEFT;
		*y += LEGEND_ROW;
	}
	*x = at + wide;
	return at;
}

static void
legend(struct plot *g, const bool *used)
{
	const char *usual = report_phrase(&g->p->tongue, SAY_curve_usual);
	const char *harm = report_phrase(&g->p->tongue, SAY_curve_harm);
	int x = LEFT, y = LEGEND_Y, at = legend_room(&x, &y, harm);

	buf_printf(g->out, "<path class=\"harm\" d=\"M%d %dh18\"/>\n", at, y);
	label(g, at + 23, y + 4, "start", slice_of(harm));
	at = legend_room(&x, &y, usual);
	buf_printf(g->out, "<path class=\"usual\" d=\"M%d %dh18\"/>\n", at, y);
	label(g, at + 23, y + 4, "start", slice_of(usual));
	for (unsigned act = REPORT_CLAIM; act <= REPORT_REOPEN; act++) {
		const char *word = report_phrase(&g->p->tongue, words[act]);

		if (!used[act])
			continue;
		at = legend_room(&x, &y, word);
		put_sign(g, at + 9, y, (enum report_act)act, 0);
		label(g, at + 23, y + 4, "start", slice_of(word));
	}
}

/* Signs above the plot, each over its moment or, where they crowd, beside
 * the one before; a thin line leads down.  Then what the signs mean. */
static void
marks(struct plot *g)
{
	const struct report *r = g->p->r;
	const struct report_moment **list =
	    must_alloc((r->moments_count + 1) * sizeof(*list));
	bool used[REPORT_REOPEN + 1] = {false};
	uint32_t count = 0;
	int edge = LEFT - MARK_GAP;

	for (uint32_t i = 0; i < r->moments_count; i++)
		if (is_marked(g, &r->moments[i]))
			list[count++] = &r->moments[i];
	if (count > 0)
		qsort(list, count, sizeof(*list), by_time);
	for (uint32_t i = 0; i < count; i++) {
		int at = x_of(g, list[i]->at_ms);
		int to = at < edge + MARK_GAP ? edge + MARK_GAP : at;

		if (to > RIGHT)
			break;
		buf_printf(g->out, "<path class=\"lead\" d=\"M%d %dL%d %d"
		    "V%d\"/>\n", to, MARKS_Y + 8, at, TOP - 4, BOTTOM);
		put_sign(g, to, MARKS_Y, list[i]->act, list[i]->level);
		used[list[i]->act] = true;
		edge = to;
	}
	free(list);
	legend(g, used);
}

void
report_svg(const struct page *p, const struct report_curve *curve,
    struct buf *out)
{
	struct plot g = {.p = p, .c = curve, .out = out};
	struct buf name = {0};
	int64_t high = 1000;

	for (uint32_t i = 0; i < curve->count; i++) {
		if (curve->points[i].harm > high)
			high = curve->points[i].harm;
		if (curve->points[i].expected > high)
			high = curve->points[i].expected;
	}
	g.top = round_up(high);
	buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "xmlns=\"http://www.w3.org/2000/svg\">\n<title>", WIDTH, HEIGHT);
	report_page_curve(p, curve, SAY_curve, &name);
	escape(out, buf_slice(&name));
	buf_fini(&name);
	buf_text(out, "</title>\n");
	grid(&g);
	ticks(&g);
	curves(&g);
	marks(&g);
	buf_text(out, "</svg>\n");
}
