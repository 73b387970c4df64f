/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/diff/diff.h"
#include "engine/emit.h"
#include "engine/phrase.h"
#include "engine/view_words.h"

struct printer {
	struct buf *out;
	bool french, colour;
};

/* The words that decided: in colour on a terminal, else in brackets. */
static void
put_text(const struct printer *p, const struct diff_example *e)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < e->spans_count; i++) {
		const struct span *s = &e->spans[i];

		buf_put(p->out, e->text.data + at, s->start - at);
		if (p->colour)
			view_ink(p->out, INK_STRONG, true);
		else
			buf_char(p->out, '[');
		buf_put(p->out, e->text.data + s->start, s->end - s->start);
		if (p->colour)
			view_ink(p->out, INK_PLAIN, true);
		else
			buf_char(p->out, ']');
		at = s->end;
	}
	buf_put(p->out, e->text.data + at, e->text.len - at);
}

static void
put_examples(const struct printer *p, const struct diff_row *row,
    enum diff_side side)
{
	for (uint32_t i = 0; i < row->examples_count[side]; i++) {
		const struct diff_example *e = &row->examples[side][i];

		buf_printf(p->out, "  %c %.*s  ", side == DIFF_NEW ? '+' : '-',
		    SLICE_ARG(buf_slice(&e->id)));
		put_text(p, e);
		buf_char(p->out, '\n');
		if (e->score_milli[DIFF_OLD] == e->score_milli[DIFF_NEW])
			continue;
		buf_text(p->out, p->french ? "      points " : "      score ");
		emit_milli(p->out, e->score_milli[DIFF_OLD]);
		buf_text(p->out, " -> ");
		emit_milli(p->out, e->score_milli[DIFF_NEW]);
		buf_char(p->out, '\n');
	}
}

static void
put_row(const struct printer *p, const struct diff_row *row)
{
	buf_printf(p->out, "%-32s %8" PRIu64 " %8" PRIu64 " %+9" PRId64
	    " %+9" PRId64 "%s\n", row->name, row->hits[DIFF_OLD],
	    row->hits[DIFF_NEW], (int64_t)row->changed[DIFF_NEW],
	    -(int64_t)row->changed[DIFF_OLD],
	    !row->in[DIFF_OLD]		? (p->french ? "  nouveau" : "  new")
		: !row->in[DIFF_NEW]	? (p->french ? "  retiré" : "  gone")
					: "");
	put_examples(p, row, DIFF_NEW);
	put_examples(p, row, DIFF_OLD);
}

static void
put_rows(const struct printer *p, const struct diff *d)
{
	bool any = false;

	for (uint32_t i = 0; i < d->rows.count; i++) {
		const struct diff_row *row = &d->rows.rows[i];

		if (row->changed[DIFF_OLD] + row->changed[DIFF_NEW] == 0 &&
		    row->in[DIFF_OLD] == row->in[DIFF_NEW])
			continue;
		if (!any)
			/* in bytes, and an accent is two of them */
			buf_text(p->out, p->french
				? "entrée                              avant"
				  "    après    gagnés    perdus\n"
				: "entry                              before"
				  "    after  appeared  vanished\n");
		any = true;
		put_row(p, row);
	}
	if (any)
		buf_char(p->out, '\n');
	buf_text(p->out, p->french ? "messages : " : "posts: ");
	view_number(p->out, d->matched[DIFF_OLD], p->french);
	buf_text(p->out, " -> ");
	view_number(p->out, d->matched[DIFF_NEW], p->french);
	buf_printf(p->out,
	    p->french ? " trouvés (+%" PRIu64 ", -%" PRIu64
			") ; points : %" PRIu64 " en hausse, %" PRIu64
			" en baisse\n"
		      : " match (+%" PRIu64 ", -%" PRIu64 "); scores: %" PRIu64
			" up, %" PRIu64 " down\n",
	    d->changed[DIFF_NEW], d->changed[DIFF_OLD], d->score_up,
	    d->score_down);
}

static void
put_subject(const struct printer *p, const struct diff_episode *e)
{
	buf_text(p->out, e->brand != NULL     ? e->brand
		: e->sector != NULL	      ? e->sector
					      : "-");
	if (e->topic != NULL)
		buf_printf(p->out, " / %s", e->topic);
	buf_printf(p->out, ", %s, ", alert_kind_name(e->kind));
	buf_text(p->out, p->french ? phrase_level_fr(e->level)
				   : phrase_level_en(e->level));
	buf_text(p->out, ", ");
	buf_utc(p->out, e->first_ms);
}

static void
put_move(const struct printer *p, const struct diff_alert *c)
{
	const struct diff_episode *new = c->at[DIFF_NEW];
	const struct diff_episode *old = c->at[DIFF_OLD];

	if (c->minutes != 0)
		buf_printf(p->out,
		    p->french ? " : %" PRId64 " min plus %s"
			      : ": %" PRId64 " min %s",
		    c->minutes < 0 ? -c->minutes : c->minutes,
		    c->minutes < 0 ? (p->french ? "tôt" : "earlier")
				   : (p->french ? "tard" : "later"));
	if (new->level != old->level)
		buf_printf(p->out,
		    p->french ? "%s niveau %u -> %u" : "%s level %u -> %u",
		    c->minutes != 0 ? "," : (p->french ? " :" : ":"),
		    (unsigned)old->level, (unsigned)new->level);
}

static void
put_alerts(const struct printer *p, const struct diff *d)
{
	const struct diff_alerts *all = &d->alerts;

	if (d->with_posts)
		buf_char(p->out, '\n');
	for (size_t i = 0; i < all->changes_count; i++) {
		const struct diff_alert *c = &all->changes[i];
		bool gone = c->what == DIFF_VANISHES;

		buf_text(p->out, c->what == DIFF_MOVES ? "~ " :
			gone			       ? "- " :
							 "+ ");
		buf_text(p->out, p->french ? "alerte : " : "alert: ");
		put_subject(p, c->at[gone ? DIFF_OLD : DIFF_NEW]);
		if (c->what == DIFF_MOVES)
			put_move(p, c);
		buf_char(p->out, '\n');
	}
	buf_printf(p->out,
	    p->french ? "alertes inchangées : %" PRIu64 "\n"
		      : "alerts unchanged: %" PRIu64 "\n",
	    all->same);
	if (all->cut > 0)
		buf_printf(p->out,
		    p->french ? "messages d'alertes non comparés : %" PRIu64
				"\n"
			      : "messages of alerts not compared: %" PRIu64
				"\n",
		    all->cut);
}

void
diff_print(const struct diff *d, bool french, bool colour, struct buf *out)
{
	const struct printer p = {out, french, colour};

	if (d->with_posts)
		put_rows(&p, d);
	if (d->with_alerts)
		put_alerts(&p, d);
	buf_char(out, '\n');
	diff_words(d, french, out);
	buf_char(out, '\n');
}
