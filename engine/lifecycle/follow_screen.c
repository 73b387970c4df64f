/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/follow_screen.h"

#include <stdlib.h>
#include <string.h>

#include "engine/kind_words.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/phrase.h"
#include "engine/view_words.h"

#define NBSP "\302\240"
#define INDENT 2u

/* Lines are made one by one, so that none is wider or more than fits. */
struct screen {
	const struct follow *f;
	const struct follow_size *size;
	struct buf *out;
	uint32_t used; /* rows */
	bool fr;
};

static const char *
word(const struct screen *s, const char *fr, const char *en)
{
	return s->fr ? fr : en;
}

/* ${text} as rows; what does not fit is left. */
static void
rows(struct screen *s, enum view_ink ink, struct slice text, uint32_t indent,
    uint32_t most)
{
	uint32_t left = s->size->rows - 2 > s->used ?
	    s->size->rows - 2 - s->used : 0;
	uint32_t width = s->size->columns > indent + 8 ?
	    s->size->columns - indent - 1 : 8;
	struct buf made = {0};

	if (left == 0 || text.len == 0)
		return;
	view_wrap(&made, text, indent, width, most < left ? most : left);
	for (size_t i = 0, from = 0; i < made.len; i++) {
		if (made.data[i] != '\n')
			continue;
		view_ink(s->out, ink, s->size->colour);
		buf_put(s->out, made.data + from, i - from);
		if (ink != INK_PLAIN)
			view_ink(s->out, INK_PLAIN, s->size->colour);
		buf_text(s->out, "\033[K\r\n");
		s->used++;
		from = i + 1;
	}
	buf_fini(&made);
}

static void
row(struct screen *s, enum view_ink ink, struct buf *text, uint32_t indent)
{
	rows(s, ink, buf_slice(text), indent, 1);
	buf_clear(text);
}

static void
gap(struct screen *s)
{
	if (s->used + 2 < s->size->rows) {
		buf_text(s->out, "\033[K\r\n");
		s->used++;
	}
}

static const char *
level_word(bool fr, uint8_t level)
{
	return fr ? phrase_level_fr(level) : phrase_level_en(level);
}

/* "HH:MM" of the same day, else with the day. */
static void
put_time(const struct screen *s, int64_t ms, struct buf *out)
{
	const struct zone *zone = s->f->setup.zone;
	int64_t wall_ms = zone_wall(zone, ms);
	char iso[24];

	if (s->f->now_ms != TIME_NONE && zone_day(wall_ms) !=
	    zone_day(zone_wall(zone, s->f->now_ms))) {
		view_moment(out, wall_ms, s->fr);
		return;
	}
	clock_format(wall_ms, iso);
	buf_printf(out, "%.5s", iso + 11);
}

/* Who has it: by what was answered, else by the organisation. */
static void
put_holder(const struct follow *f, const struct follow_alert *a,
    struct buf *out)
{
	bool fr = f->setup.french;
	int state = a->state[0] != '\0' ? lifecycle_words_find(
	    lifecycle_words_state, slice_of(a->state)) : LIFECYCLE_NONE;

	if (a->holder[0] != '\0') {
		buf_text(out, a->holder);
		if (a->by[0] != '\0')
			buf_printf(out, " (%s)", a->by);
	} else if (a->level == 0) {
		buf_text(out, fr ? "retombée" : "over");
	} else if (a->owner != NULL) {
		buf_printf(out, "%s%s", a->owner, state == LIFECYCLE_NONE ||
		    state == LIFECYCLE_notified ? " ?" : "");
	} else {
		buf_text(out, fr ? "personne" : "nobody");
	}
	if (state != LIFECYCLE_NONE && state != LIFECYCLE_notified) {
		const struct lifecycle_word *w = lifecycle_words_state(state);

		buf_printf(out, ", %s", fr ? w->fr : w->en);
	}
}

static void
put_subject(const struct follow *f, const struct follow_alert *a,
    struct buf *out)
{
	bool fr = f->setup.french;

	if (a->brand == NULL)
		buf_text(out, fr ? "Secteur " : "Sector ");
	buf_text(out, a->brand == NULL && a->topic[fr] != NULL ?
	    a->topic[fr] : a->name);
	if (a->brand != NULL && a->topic[fr] != NULL)
		buf_printf(out, ", %s", a->topic[fr]);
	if (kind_words_apart(a->kind, fr) != NULL)
		buf_printf(out, ", %s", kind_words_apart(a->kind, fr));
}

void
follow_line(const struct follow *f, const struct follow_alert *a,
    struct buf *out)
{
	char iso[24];

	clock_format(zone_wall(f->setup.zone, a->minute_ms), iso);
	buf_printf(out, "%.10s %.5s  [%u/4 %s] ", iso, iso + 11, a->level,
	    level_word(f->setup.french, a->level));
	put_subject(f, a, out);
	buf_text(out, f->setup.french ? NBSP "; responsable" NBSP ": " :
					"; owner: ");
	put_holder(f, a, out);
	buf_text(out, "\n  ");
	buf_text(out, a->sentence[f->setup.french]);
	buf_char(out, '\n');
}

static void
list(struct screen *s, uint32_t most)
{
	const struct follow *f = s->f;
	uint32_t from = f->selected >= most ? f->selected - most + 1 : 0;
	struct buf line = {0};

	for (uint32_t i = from; i < f->count && i < from + most; i++) {
		const struct follow_alert *a = f->alerts[i];

		buf_text(&line, i == f->selected ? "> " : "  ");
		buf_text(&line, a->fresh ? "*" : " ");
		buf_printf(&line, "%u ", a->level);
		put_time(s, a->minute_ms, &line);
		buf_text(&line, "  ");
		put_subject(f, a, &line);
		buf_text(&line, "  - ");
		put_holder(f, a, &line);
		if (a->stale)
			buf_text(&line, word(s, ", sans nouvelles depuis",
			    ", not heard of since"));
		row(s, a->stale ? INK_FAINT :
		    (enum view_ink)(INK_LEVEL_0 + a->level), &line, 0);
	}
	if (f->count == 0) {
		buf_text(&line, word(s, "Aucune alerte.", "No alert."));
		row(s, INK_FAINT, &line, INDENT);
	}
	buf_fini(&line);
}

/* What is to be done by when. */
static void
deadline(struct screen *s, const struct follow_alert *a, struct buf *line)
{
	int64_t now_ms = s->f->now_ms;

	if (a->until_ms != TIME_NONE) {
		buf_text(line, word(s, "Parole promise pour ",
		    "A word is promised for "));
		put_time(s, a->until_ms, line);
		buf_char(line, '.');
		row(s, now_ms != TIME_NONE && a->until_ms < now_ms ?
		    INK_LEVEL_4 : INK_STRONG, line, INDENT);
	} else if (a->holder[0] == '\0' && a->answer_by_ms != TIME_NONE &&
	    a->level > 0) {
		buf_text(line,
		    word(s, "À prendre avant ", "To be claimed by "));
		put_time(s, a->answer_by_ms, line);
		buf_char(line, '.');
		row(s, now_ms != TIME_NONE && a->answer_by_ms < now_ms ?
		    INK_LEVEL_4 : INK_STRONG, line, INDENT);
	}
	if (a->offered) {
		buf_text(line, word(s, "On vous la passe" NBSP ": c pour la "
		    "prendre.", "It is offered to you: c to take it."));
		row(s, INK_STRONG, line, INDENT);
	}
}

/* The statement as it is to be published: its time is being typed, or was. */
static void
publish(struct screen *s, const struct follow_alert *a, struct buf *line)
{
	const struct follow *f = s->f;
	int which = f->ask == ASK_UNTIL ?
	    follow_statement(a, buf_slice(&f->first)) : -1;
	struct buf typed = {0};
	int64_t until_ms = TIME_NONE;

	buf_text(line, word(s, "À publier" NBSP ": ", "To publish: "));
	if (which >= 0 && a->said[s->fr][which] != NULL) {
		buf_slice_put(&typed, buf_slice(&f->line));
		buf_char(&typed, '\0');
		if (!follow_until(typed.data, f->setup.zone, f->now_ms,
			&until_ms))
			until_ms = TIME_NONE;
		follow_filled(f, a->said[s->fr][which], until_ms, line);
		rows(s, INK_STRONG, buf_slice(line), INDENT, 4);
	} else if (f->ask == ASK_NOTHING && f->publish.len > 0 &&
	    a->until_ms != TIME_NONE && !strcmp(f->publish_id, a->id)) {
		buf_slice_put(line, buf_slice(&f->publish));
		rows(s, INK_STRONG, buf_slice(line), INDENT, 4);
	}
	buf_clear(line);
	buf_fini(&typed);
}

static void
detail(struct screen *s)
{
	const struct follow *f = s->f;
	const struct follow_alert *a =
	    f->count > 0 ? f->alerts[f->selected] : NULL;
	struct buf line = {0};

	if (a == NULL)
		return;
	gap(s);
	rows(s, INK_STRONG, slice_of(a->sentence[s->fr]), INDENT, 4);
	deadline(s, a, &line);
	for (uint32_t i = 0; i < a->quotes_count; i++) {
		buf_text(&line, word(s, "«" NBSP, "“"));
		buf_text(&line, a->quotes[i]);
		buf_text(&line, word(s, NBSP "»", "”"));
		rows(s, INK_FAINT, buf_slice(&line), INDENT + 2, 2);
		buf_clear(&line);
	}
	for (uint32_t i = 0; i < a->steps_count[s->fr]; i++) {
		buf_printf(&line, "%u. %s", i + 1, a->steps[s->fr][i]);
		rows(s, INK_PLAIN, buf_slice(&line), INDENT, 2);
		buf_clear(&line);
	}
	publish(s, a, &line);
	if (f->ask == ASK_STATEMENT)
		for (uint32_t i = 0; i < a->statements_count; i++) {
			buf_printf(&line, "[%u] %s%s%s", i + 1,
			    a->statements[i], s->fr ? NBSP ": " : ": ",
			    a->said[s->fr][i] != NULL ? a->said[s->fr][i] :
							"");
			rows(s, INK_STRONG, buf_slice(&line), INDENT, 4);
			buf_clear(&line);
		}
	buf_fini(&line);
}

static void
help(struct screen *s)
{
	static const char *const lines[][2] = {
	    {"c  prendre en charge", "c  claim: answer for it"},
	    {"h  déclaration d'attente, et l'heure de la suivante",
		"h  hold: a statement, and when the next word comes"},
	    {"r  répondu", "r  responded"},
	    {"w  plus rien à dire" NBSP ": surveiller",
		"w  nothing to say now: watch"},
	    {"o  passer à une autre équipe", "o  hand over to another team"},
	    {"x  clore, avec la leçon", "x  close, with the lesson"},
	    {"n  noter au journal", "n  note into the journal"},
	    {"j k ou flèches" NBSP ": choisir", "j k or arrows: choose"},
	    {"?  cette aide", "?  this help"}, {"q  quitter", "q  quit"}};

	gap(s);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		rows(s, INK_PLAIN, slice_of(lines[i][!s->fr]), INDENT, 1);
}

/* As much of ${text} as fits in a row: its beginning, or what is being typed,
 * its end. */
static void
put_cut(struct screen *s, struct slice text, bool end)
{
	uint32_t width = s->size->columns > 10 ? s->size->columns - 1 : 9;
	uint32_t skip = view_columns(text), column = 0;

	skip = end && skip > width ? skip - width : 0;
	for (size_t i = 0; i < text.len; i++) {
		column += ((unsigned char)text.data[i] & 0xc0) != 0x80;
		if (column > skip && column <= skip + width)
			buf_char(s->out, text.data[i]);
	}
}

/* The last two rows: what is asked or was told, and the keys. */
static void
foot(struct screen *s)
{
	static const char *const asks[][2] = {[ASK_NOTHING] = {"", ""},
	    [ASK_STATEMENT] = {"Déclaration (numéro, id ou texte)" NBSP ": ",
		"Statement (number, id or text): "},
	    [ASK_UNTIL] = {"Prochaine parole (18:00, 2h)" NBSP ": ",
		"Next word (18:00, 2h): "},
	    [ASK_TO] = {"À quelle équipe" NBSP "? ", "To which team? "},
	    [ASK_LESSON] = {"Leçon" NBSP ": ", "Lesson: "},
	    [ASK_TEXT] = {"Texte" NBSP ": ", "Text: "}};
	const struct follow *f = s->f;
	struct buf line = {0};

	buf_printf(s->out, "\033[J\033[%u;1H", s->size->rows);
	view_ink(s->out, INK_FAINT, s->size->colour);
	put_cut(s, slice_of(word(s,
	    "c prendre  h attendre  r répondu  w surveiller  o passer  x clore"
	    "  n noter  ? aide  q quitter",
	    "c claim  h hold  r responded  w watch  o hand over  x close"
	    "  n note  ? help  q quit")), false);
	view_ink(s->out, INK_PLAIN, s->size->colour);
	buf_printf(s->out, "\033[%u;1H", s->size->rows - 1);
	buf_text(&line, asks[f->ask][!s->fr]);
	buf_slice_put(&line, buf_slice(
	    f->ask == ASK_NOTHING ? &f->message : &f->line));
	put_cut(s, buf_slice(&line), f->ask != ASK_NOTHING);
	buf_fini(&line);
}

void
follow_screen(const struct follow *f, const struct follow_size *size,
    const char *status, struct buf *out)
{
	struct screen s = {f, size, out, 0, f->setup.french};
	uint32_t fresh = 0;
	struct buf line = {0};

	for (uint32_t i = 0; i < f->count; i++)
		fresh += f->alerts[i]->fresh;
	buf_text(out, "\033[H");
	buf_printf(&line, "vigie  %s  %s", f->setup.team,
	    zone_name(f->setup.zone));
	if (fresh > 0)
		buf_printf(&line, "  %u %s", fresh, word(&s,
		    "depuis la dernière fois (*)",
		    "since the last time (*)"));
	if (status[0] != '\0')
		buf_printf(&line, "  %s", status);
	row(&s, status[0] != '\0' ? (enum view_ink)(INK_LEVEL_0 + 3) :
				    INK_STRONG, &line, 0);
	list(&s, size->rows > 20 ? (size->rows - 4) / 3 : 4);
	for (uint32_t i = 0; i < FOLLOW_NOTICES; i++)
		if (f->notices[i].len > 0) {
			buf_text(&line, "! ");
			buf_slice_put(&line, buf_slice(&f->notices[i]));
			row(&s, (enum view_ink)(INK_LEVEL_0 + 2), &line, 0);
		}
	if (f->help)
		help(&s);
	else
		detail(&s);
	foot(&s);
	buf_fini(&line);
}
