/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/view.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/must.h"
#include "engine/phrase.h"
#include "engine/view_chart.h"
#include "engine/view_words.h"

#define WIDTH 76u   /* of a line, without its indent */
#define NBSP "\xc2\xa0"
#define QUOTES 2u   /* posts shown of an alert */
#define RECENT 24u  /* hours in the line that is drawn anew */
#define HOUR_MS (60 * MINUTE_MS)
#define CALM_MICRO INT64_C(1000000) /* below it nothing has moved */

struct view {
	struct view_options o;
	struct view_chart *charts;
	uint32_t charts_count, levels[5];
	uint64_t posts;
	int64_t hour, first_hour; /* since 1970; -1 before the first minute */
	struct buf out;
	bool drawn; /* the live line stands at the bottom */
};

/* ---- what fits the person ---------------------------------------------- */

static bool
locale_is_french(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return !strncmp(value, "fr", 2);
	}
	return false;
}

struct view_options
view_detect(FILE *out, const char *lang)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	bool able = isatty(fileno(out)) == 1 && term != NULL &&
	    strcmp(term, "dumb");

	return (struct view_options){
	    .out = out,
	    .french = lang != NULL ? !strcmp(lang, "fr") : locale_is_french(),
	    .colour = able && (no_colour == NULL || no_colour[0] == '\0'),
	    .live = able,
	};
}

struct view *
view_open(const struct view_options *options)
{
	struct view *v = must_alloc(sizeof(*v));

	v->o = *options;
	v->hour = -1;
	return v;
}

/* ---- the line at the bottom --------------------------------------------- */

static void
write_out(struct view *v)
{
	fwrite(v->out.data, 1, v->out.len, v->o.out);
	fflush(v->o.out);
	buf_clear(&v->out);
}

static void
erase(struct view *v)
{
	if (v->drawn)
		buf_text(&v->out, "\r\033[K");
	v->drawn = false;
}

/* The sector that has moved most, for the one line there is. */
static const struct view_chart *
busiest(const struct view *v)
{
	const struct view_chart *best = NULL;

	for (uint32_t i = 0; i < v->charts_count; i++)
		if (best == NULL ||
		    v->charts[i].highest_micro > best->highest_micro)
			best = &v->charts[i];
	return best;
}

static void
draw_live(struct view *v)
{
	const struct view_chart *c = busiest(v);
	struct buf *b = &v->out;

	erase(v);
	view_ink(b, INK_FAINT, v->o.colour);
	view_moment(b, v->hour * HOUR_MS, v->o.french);
	buf_text(b, "  ");
	view_number(b, v->posts, v->o.french);
	buf_text(b, v->o.french ?
		view_form(v->posts, true, " message  ", " messages  ") :
		view_form(v->posts, false, " post  ", " posts  "));
	if (c != NULL) {
		buf_printf(b, "%s ", c->sector);
		view_chart_recent(c, b, RECENT);
	}
	view_ink(b, INK_PLAIN, v->o.colour);
	v->drawn = true;
	write_out(v);
}

void
view_posts(struct view *v, uint64_t count)
{
	v->posts += count;
}

void
view_density(struct view *v, int64_t minute_ms, const char *sector,
    int64_t rd_micro)
{
	int64_t hour = minute_ms / HOUR_MS;
	uint32_t i = 0;

	while (i < v->charts_count && strcmp(v->charts[i].sector, sector))
		i++;
	if (i == v->charts_count) {
		v->charts = must_grow(v->charts,
		    (v->charts_count + 1ul) * sizeof(*v->charts));
		view_chart_init(&v->charts[v->charts_count++], sector);
	}
	view_chart_add(&v->charts[i], minute_ms, rd_micro, 0);
	if (hour == v->hour)
		return;
	if (v->hour < 0)
		v->first_hour = hour;
	v->hour = hour;
	if (v->o.live)
		draw_live(v);
}

/* ---- alerts -------------------------------------------------------------- */

/* The value of a JSON string that starts behind its quote, for people.  Only
 * what buf_json writes has to be understood. */
static void
read_string(const char *p, const char *end, struct buf *out)
{
	struct buf text = {0};

	for (; p < end && *p != '"'; p++) {
		if (*p != '\\' || p + 1 == end) {
			buf_char(&text, *p);
			continue;
		}
		p++;
		if (*p == 'u')
			p += 4;
		/* A line break inside a post is a blank here. */
		buf_char(&text,
		    *p == '"' || *p == '\\' || *p == '/' ? *p : ' ');
	}
	buf_plain(out, buf_slice(&text));
	buf_fini(&text);
}

/* Behind the next ${key} in the facts, or NULL. */
static const char *
find(const char *p, const char *end, const char *key)
{
	size_t n = strlen(key);
	const char *at = memmem(p, (size_t)(end - p), key, n);

	return at == NULL ? NULL : at + n;
}

/* One post of the evidence, from behind its "why". */
static void
quote_one(struct view *v, const char *p, const char *end)
{
	struct buf text = {0};

	p = find(p, end, "\"text\":\"");
	if (p == NULL)
		return;
	buf_text(&text, v->o.french ? "«" NBSP : "“");
	read_string(p, end, &text);
	buf_text(&text, v->o.french ? NBSP "»" : "”");
	view_ink(&v->out, INK_FAINT, v->o.colour);
	view_wrap(&v->out, buf_slice(&text), 6, WIDTH - 4, 2);
	view_ink(&v->out, INK_PLAIN, v->o.colour);
	buf_fini(&text);
}

/* The posts that say most: what harms most, what most people have read. */
static void
quote(struct view *v, const struct alert *a)
{
	static const char *const whys[] = {"\"why\":\"most_harmful\"",
	    "\"why\":\"widest_reach\"", "\"why\":\"first\"",
	    "\"why\":\"latest\"", "\"why\":\"most_copied\""};
	const char *end = a->facts.data + a->facts.len, *list, *p;
	unsigned said = 0;

	if (a->facts.len == 0)
		return;
	list = find(a->facts.data, end, "\"evidence\":[");
	if (list == NULL)
		return;
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
		p = find(list, end, whys[i]);
		if (p == NULL)
			continue;
		quote_one(v, p, end);
		if (++said == QUOTES)
			return;
	}
}

static const char *
level_name(const struct view *v, uint8_t level)
{
	return v->o.french ? phrase_level_fr(level) : phrase_level_en(level);
}

void
view_alert(struct view *v, const struct alert *a)
{
	const struct buf *sentence = v->o.french ? &a->fr : &a->en;
	bool rises = a->level > a->previous_level;
	struct buf *b = &v->out;

	erase(v);
	for (uint32_t i = 0; i < v->charts_count; i++)
		if (rises && !strcmp(v->charts[i].sector, a->sector))
			view_chart_add(&v->charts[i], a->minute_ms, 0,
			    a->level);
	v->levels[a->level] += rises;
	view_moment(b, a->minute_ms, v->o.french);
	buf_text(b, "  ");
	view_ink(b, INK_LEVEL_0 + a->level, v->o.colour);
	buf_printf(b, rises ? " ▲ %u %s " : a->level < a->previous_level ?
		" ▼ %u %s " : " ● %u %s ",
	    a->level, level_name(v, a->level));
	view_ink(b, INK_PLAIN, v->o.colour);
	buf_text(b, "  ");
	view_ink(b, INK_STRONG, v->o.colour);
	buf_text(b, a->brand != NULL ? a->brand : a->sector);
	if (a->topic != NULL)
		buf_printf(b, " · %s", a->topic);
	view_ink(b, INK_PLAIN, v->o.colour);
	buf_char(b, '\n');
	view_wrap(b, buf_slice(sentence), 4, WIDTH, 6);
	if (rises)
		quote(v, a);
	buf_char(b, '\n');
	write_out(v);
}

/* ---- the end ------------------------------------------------------------- */

static void
totals(struct view *v, int64_t taken_ms)
{
	struct buf *b = &v->out;
	bool fr = v->o.french;

	buf_text(b, "  ");
	view_number(b, v->posts, fr);
	buf_text(b, fr ?
		view_form(v->posts, true, " message lu", " messages lus") :
		view_form(v->posts, false, " post read", " posts read"));
	if (v->hour > v->first_hour) {
		buf_text(b, ", ");
		view_number(b,
		    v->posts / (uint64_t)(v->hour - v->first_hour), fr);
		buf_text(b, fr ? " par heure" : " an hour");
	}
	if (taken_ms > 0) {
		buf_text(b, fr ? ", en " : ", in ");
		view_decimal(b, taken_ms, 3, fr);
		buf_text(b, " s");
	}
	buf_text(b, fr ? " ; montées :" : "; rises:");
	for (uint8_t level = 1; level <= 4; level++) {
		buf_printf(b, " %s ", level_name(v, level));
		view_ink(b, INK_LEVEL_0 + level, v->o.colour);
		buf_printf(b, " %u ", v->levels[level]);
		view_ink(b, INK_PLAIN, v->o.colour);
	}
	buf_char(b, '\n');
}

void
view_end(struct view *v, int64_t taken_ms)
{
	uint32_t moved = 0, rises = 0;

	erase(v);
	for (uint8_t level = 1; level <= 4; level++)
		rises += v->levels[level];
	for (uint32_t i = 0; i < v->charts_count; i++) {
		/* Where something rang, the sectors that did not are noise. */
		if (rises > 0 ? view_chart_rang(&v->charts[i]) :
				v->charts[i].highest_micro >= CALM_MICRO) {
			view_chart_draw(&v->charts[i], &v->out, v->o.french,
			    v->o.colour);
			buf_char(&v->out, '\n');
			moved++;
		}
		view_chart_fini(&v->charts[i]);
	}
	if (moved == 0)
		buf_text(&v->out, v->o.french ?
			"  Aucun secteur n'a bougé.\n" :
			"  No sector has moved.\n");
	totals(v, taken_ms);
	write_out(v);
	buf_fini(&v->out);
	free(v->charts);
	free(v);
}
