/*
 * What a change alters, in one sentence that a brand manager can pass on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/diff/diff.h"
#include "engine/view_words.h"

struct sums {
	uint64_t posts_more, posts_fewer, scores;
	uint64_t named; /* gained or lost by entries, in posts of any kind */
	uint64_t appear, vanish, earlier, later, levels;
};

static struct sums
sum(const struct diff *d)
{
	struct sums s = {
	    .posts_more = d->changed[DIFF_NEW],
	    .posts_fewer = d->changed[DIFF_OLD],
	    .scores = d->score_up + d->score_down,
	};

	for (uint32_t i = 0; i < d->rows.count; i++)
		s.named += d->rows.rows[i].changed[DIFF_OLD] +
		    d->rows.rows[i].changed[DIFF_NEW];
	for (size_t i = 0; i < d->alerts.changes_count; i++) {
		const struct diff_alert *c = &d->alerts.changes[i];

		s.appear += c->what == DIFF_APPEARS;
		s.vanish += c->what == DIFF_VANISHES;
		s.earlier += c->what == DIFF_MOVES && c->minutes < 0;
		s.later += c->what == DIFF_MOVES && c->minutes > 0;
		s.levels += c->what == DIFF_MOVES && c->minutes == 0;
	}
	return s;
}

/* One part of the sentence, a singular and a plural of each language; %: the
 * number. */
struct clause {
	const char *fr, *frs, *en, *ens;
};

static void
put(struct buf *out, const struct clause *part, uint64_t n, bool french,
    unsigned *parts)
{
	const char *text = french ? (n < 2 ? part->fr : part->frs)
				  : (n == 1 ? part->en : part->ens);

	if (n == 0)
		return;
	if ((*parts)++ > 0)
		buf_text(out, ", ");
	for (; *text != '\0'; text++) {
		if (*text == '%')
			view_number(out, n, french);
		else
			buf_char(out, *text);
	}
}

static void
put_posts(const struct diff *d, const struct sums *s, bool french,
    struct buf *out)
{
	static const struct clause parts[] = {
	    {"% message de plus serait trouvé",
		"% messages de plus seraient trouvés",
		"% post would match that does not today",
		"% posts would match that do not today"},
	    {"% ne serait plus trouvé", "% ne seraient plus trouvés",
		"% would match no longer", "% would match no longer"},
	    {"% changerait de points", "% changeraient de points",
		"% would change its points", "% would change their points"},
	};
	unsigned n = 0;

	buf_text(out, french ? "Sur " : "Of ");
	view_number(out, d->posts, french);
	buf_text(out, french ? (d->posts < 2 ? " message lu : "
					     : " messages lus : ")
			     : (d->posts == 1 ? " post read: "
					      : " posts read: "));
	put(out, &parts[0], s->posts_more, french, &n);
	put(out, &parts[1], s->posts_fewer, french, &n);
	put(out, &parts[2], s->scores, french, &n);
	if (n > 0)
		return;
	buf_text(out, french ? "les mêmes seraient trouvés, avec les mêmes "
			       "points"
			     : "the same ones would match, with the same "
			       "points");
	if (s->named > 0)
		buf_text(out, french
			? " ; le reste, messages ou entrées, ne compte pas"
			: "; the rest is posts or entries that do not count");
}

static void
put_alerts(const struct sums *s, bool french, struct buf *out)
{
	static const struct clause parts[] = {
	    {"% alerte apparaîtrait", "% alertes apparaîtraient",
		"% alert would be new", "% alerts would be new"},
	    {"% disparaîtrait", "% disparaîtraient", "% would vanish",
		"% would vanish"},
	    {"% viendrait plus tôt", "% viendraient plus tôt",
		"% would come earlier", "% would come earlier"},
	    {"% plus tard", "% plus tard", "% later", "% later"},
	    {"% à un autre niveau", "% à un autre niveau",
		"% at another level", "% at another level"},
	};
	unsigned n = 0;

	put(out, &parts[0], s->appear, french, &n);
	put(out, &parts[1], s->vanish, french, &n);
	put(out, &parts[2], s->earlier, french, &n);
	put(out, &parts[3], s->later, french, &n);
	put(out, &parts[4], s->levels, french, &n);
	if (n == 0)
		buf_text(out, french ? "les alertes seraient les mêmes"
				     : "the alerts would be the same");
}

void
diff_words(const struct diff *d, bool french, struct buf *out)
{
	struct sums s = sum(d);

	if (d->with_posts)
		put_posts(d, &s, french, out);
	if (d->with_posts && d->with_alerts)
		buf_text(out, french ? " ; " : "; ");
	if (d->with_alerts)
		put_alerts(&s, french, out);
	buf_char(out, '.');
}
