/*
 * Keys: what a person wants done about the selected alert.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/lifecycle/follow.h"
#include "engine/report/report_words.h"
#include "engine/settings_value.h"

#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define ESCAPE 27

static void
say(struct follow *f, const char *fr, const char *en)
{
	buf_clear(&f->message);
	buf_text(&f->message, f->setup.french ? fr : en);
}

void
follow_told(struct follow *f, bool ok, const char *text)
{
	if (ok)
		say(f, "Envoyé\302\240; la réponse du moteur suit.",
		    "Sent; the engine's answer follows.");
	else
		say(f, text, text);
}

bool
follow_until(const char *text, const struct zone *zone, int64_t now_ms,
    int64_t *ms)
{
	unsigned hour, minute;
	char end;
	int64_t delay, wall_ms;

	if (clock_parse(slice_of(text), ms))
		return true;
	if (sscanf(text, "%2u:%2u%c", &hour, &minute, &end) == 2 ||
	    sscanf(text, "%2uh%2u%c", &hour, &minute, &end) == 2) {
		if (hour > 23 || minute > 59)
			return false;
		wall_ms = zone_day(zone_wall(zone, now_ms)) * DAY_MS +
		    (hour * 60 + minute) * MINUTE_MS;
		*ms = zone_time(zone, wall_ms);
		if (*ms <= now_ms)
			*ms = zone_time(zone, wall_ms + DAY_MS);
		return true;
	}
	if (*text == '+')
		text++;
	if (!settings_value_number(SETTING_DURATION, slice_of(text), &delay) ||
	    delay < MINUTE_MS || delay > 30 * DAY_MS)
		return false;
	*ms = now_ms + delay;
	return true;
}

/* ---- commands ----------------------------------------------------------- */

static void
member(struct buf *out, const char *name, struct slice text)
{
	if (text.len == 0)
		return;
	buf_printf(out, ",\"%s\":", name);
	buf_json(out, text);
}

static void
begin(const struct follow *f, const struct follow_alert *a, const char *act,
    struct buf *out)
{
	buf_printf(out, "{\"do\":\"%s\"", act);
	member(out, "alert", slice_of(a->id));
	member(out, "team", slice_of(f->setup.team));
	member(out, "by", slice_of(f->setup.by));
}

static void
finish(struct follow *f, const char *claim, struct buf *out)
{
	buf_char(out, '}');
	say(f, "Envoi…", "Sending…");
	f->setup.send(f->setup.self, claim, buf_slice(out));
	buf_fini(out);
}

static void
claim(struct follow *f, struct follow_alert *a)
{
	struct buf out = {0};

	begin(f, a, "claim", &out);
	finish(f, a->offered ? NULL : a->id, &out);
}

static void
plain(struct follow *f, const struct follow_alert *a, const char *act,
    const char *name, const struct buf *text)
{
	struct buf out = {0};

	begin(f, a, act, &out);
	if (text != NULL)
		member(&out, name, buf_slice(text));
	finish(f, NULL, &out);
}

int
follow_statement(const struct follow_alert *a, struct slice said)
{
	for (uint32_t i = 0; i < a->statements_count; i++)
		if (slice_is(said, a->statements[i]) ||
		    (said.len == 1 && said.data[0] == (char)('1' + i)))
			return (int)i;
	return -1;
}

/* "18 h 00", "18 h 00 le 23 mars": it follows "at". */
static void
put_time(const struct follow *f, int64_t ms, struct buf *out)
{
	const struct report_tongue t = {f->setup.french, f->setup.zone};

	report_hour(out, &t, ms);
	if (zone_day(zone_wall(t.zone, ms)) ==
	    zone_day(zone_wall(t.zone, f->now_ms)))
		return;
	buf_text(out, f->setup.french ? " le " : " on ");
	report_day(out, &t, ms);
}

void
follow_filled(const struct follow *f, const char *text, int64_t until_ms,
    struct buf *out)
{
	for (const char *p = text; *p != '\0';) {
		if (until_ms != TIME_NONE && !strncmp(p, "{time}", 6)) {
			put_time(f, until_ms, out);
			p += 6;
		} else {
			buf_char(out, *p++);
		}
	}
}

/* A statement by its number in the list or its id, else in own words. */
static void
hold(struct follow *f, struct follow_alert *a, int64_t until_ms)
{
	struct slice said = buf_slice(&f->first);
	struct buf out = {0};
	char until[24];
	int which = follow_statement(a, said);
	const char *id = which < 0 ? NULL : a->statements[which];

	buf_clear(&f->publish);
	snprintf(f->publish_id, sizeof(f->publish_id), "%s", a->id);
	if (id != NULL && a->said[f->setup.french][which] != NULL)
		follow_filled(f, a->said[f->setup.french][which], until_ms,
		    &f->publish);
	clock_format(until_ms, until);
	begin(f, a, "hold", &out);
	member(&out, id != NULL ? "statement" : "text",
	    id != NULL ? slice_of(id) : said);
	member(&out, "until", slice_of(until));
	a->until_ms = until_ms;
	finish(f, NULL, &out);
}

/* ---- what is being typed ------------------------------------------------ */

static void
ask(struct follow *f, char act, enum follow_ask what)
{
	f->act = act;
	f->ask = what;
	buf_clear(&f->line);
	buf_clear(&f->message);
}

/* A line is complete. */
static void
answered(struct follow *f, struct follow_alert *a)
{
	enum follow_ask what = f->ask;
	int64_t until_ms;

	f->ask = ASK_NOTHING;
	switch (what) {
	case ASK_STATEMENT:
		if (f->line.len == 0) {
			say(f, "Rien n'a été envoyé.", "Nothing was sent.");
			return;
		}
		buf_clear(&f->first);
		buf_slice_put(&f->first, buf_slice(&f->line));
		ask(f, 'h', ASK_UNTIL);
		break;
	case ASK_UNTIL:
		buf_char(&f->line, '\0');
		if (follow_until(f->line.data, f->setup.zone, f->now_ms,
			&until_ms)) {
			hold(f, a, until_ms);
			return;
		}
		ask(f, 'h', ASK_UNTIL);
		say(f, "Une heure\302\240: 18:00, 2h, +90m",
		    "A time: 18:00, 2h, +90m");
		break;
	case ASK_TO:
		if (f->line.len > 0)
			plain(f, a, "handover", "to", &f->line);
		break;
	case ASK_LESSON:
		plain(f, a, "close", "lesson", &f->line);
		break;
	case ASK_TEXT:
		if (f->act == 'r')
			plain(f, a, "respond", "text", &f->line);
		else if (f->line.len > 0)
			plain(f, a, "note", "text", &f->line);
		break;
	case ASK_NOTHING:
		break;
	}
}

/* Not the first byte of a character. */
static bool
is_middle(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void
typed(struct follow *f, struct follow_alert *a, int key)
{
	if (key == ESCAPE || a == NULL) {
		f->ask = ASK_NOTHING;
		say(f, "Rien n'a été envoyé.", "Nothing was sent.");
	} else if (key == '\r' || key == '\n') {
		answered(f, a);
	} else if (key == 127 || key == '\b') {
		while (f->line.len > 0 && is_middle(
		    f->line.data[--f->line.len]))
			;
	} else if (key == 'U' - 64) {
		buf_clear(&f->line);
	} else if (key >= ' ' && key < 0x100 &&
	    f->line.len < FOLLOW_LINE_BYTES_MAX) {
		buf_char(&f->line, (char)key);
	}
}

static void
move(struct follow *f, int by)
{
	if (by < 0 && f->selected > 0)
		f->selected--;
	if (by > 0 && f->selected + 1 < f->count)
		f->selected++;
	if (f->count > 0)
		snprintf(f->chosen, sizeof(f->chosen), "%s",
		    f->alerts[f->selected]->id);
}

/* A key that acts on an alert. */
static void
act(struct follow *f, struct follow_alert *a, int key)
{
	/* What is asked next is about the one that was seen: it stays
	 * selected, whatever arrives meanwhile. */
	snprintf(f->chosen, sizeof(f->chosen), "%s", a->id);
	switch (key) {
	case 'c':
		claim(f, a);
		break;
	case 'h':
		ask(f, 'h', ASK_STATEMENT);
		break;
	case 'o':
		ask(f, 'o', ASK_TO);
		break;
	case 'r':
		ask(f, 'r', ASK_TEXT);
		break;
	case 'n':
		ask(f, 'n', ASK_TEXT);
		break;
	case 'w':
		plain(f, a, "watch", NULL, NULL);
		break;
	case 'x':
		ask(f, 'x', ASK_LESSON);
		break;
	default:
		break;
	}
}

void
follow_key(struct follow *f, int key, int64_t now_ms)
{
	struct follow_alert *a = follow_at(f);

	f->now_ms = now_ms;
	if (f->ask != ASK_NOTHING) {
		typed(f, a, key);
		return;
	}
	f->help = key == '?' && !f->help;
	if (key == 'q' || key == 'C' - 64)
		f->over = true;
	else if (key == 'k' || key == FOLLOW_UP)
		move(f, -1);
	else if (key == 'j' || key == FOLLOW_DOWN)
		move(f, 1);
	else if (a != NULL && key < 0x100 && key > 0)
		act(f, a, key);
}
