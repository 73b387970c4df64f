/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/phrase.h"

#include "engine/base/must.h"
#include "engine/density/signal.h"

#define THEMES 3u /* named in a sentence */
#define NBSP "\xc2\xa0" /* French: inside quotes, before : and ; */

static const char *const levels_fr[] = {"veille", "vigilance", "pré-alerte",
    "alerte", "crise"};
static const char *const levels_en[] = {"watch", "notice", "pre-alert",
    "alert", "crisis"};

const char *
phrase_level_fr(uint8_t level)
{
	REQUIRE(level <= DENSITY_LEVELS);
	return levels_fr[level];
}

const char *
phrase_level_en(uint8_t level)
{
	REQUIRE(level <= DENSITY_LEVELS);
	return levels_en[level];
}

/* RD as people say it: a whole number of voices out of 100. */
static int64_t
voices(const struct finding *f)
{
	return (f->now.density + MICRO / 2) / MICRO;
}

/* "KitKat" or "KitKat, huile de palme" or "Secteur confiserie". */
static void
subject(const struct finding *f, struct buf *out, const char *sector,
    const char *topic)
{
	if (f->subject == ALERT_SECTOR)
		buf_text(out, sector);
	buf_text(out, f->subject == ALERT_SECTOR && topic != NULL ? topic :
	    f->name);
	if (f->subject == ALERT_PAIR) {
		buf_text(out, ", ");
		buf_text(out, topic);
	}
}

/* Whether two words are the same but for case, blanks and signs: #KitKat and
 * "Kit Kat". */
static bool
same_word(const char *a, const char *b)
{
	static const char signs[] = " #@-_'.";

	if (b == NULL)
		return false;
	for (;; a++, b++) {
		a += strspn(a, signs);
		b += strspn(b, signs);
		if (strncasecmp(a, b, 1))
			return false;
		if (*a == '\0')
			return true;
	}
}

/* The first word of ${cause} that says something new: not the name of whom
 * it is about, nor what stands there already. */
static const char *
telling_word(const struct finding *f, const struct cause *cause,
    const char *const *said, uint32_t said_count)
{
	for (uint32_t i = 0; i < cause->words_count; i++) {
		const char *word = cause->words[i];
		bool told = same_word(word, f->name) ||
		    same_word(word, f->brand);

		for (uint32_t k = 0; k < said_count && !told; k++)
			told = same_word(word, said[k]);
		if (!told)
			return word;
	}
	return NULL;
}

/* The quoted words that weigh most: (« huile de palme », « boycott »). */
static void
quotes(const struct finding *f, struct buf *out, const char *open,
    const char *close)
{
	uint32_t order[CAUSES_MAX], count, said_count = 0;
	const char *said[THEMES];

	if (f->causes == NULL)
		return;
	count = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < count && said_count < THEMES; i++) {
		const char *word = telling_word(f,
		    &f->causes->items[order[i]], said, said_count);

		if (word == NULL)
			continue;
		buf_text(out, said_count == 0 ? " (" : ", ");
		buf_text(out, open);
		buf_plain(out, slice_of(word));
		buf_text(out, close);
		said[said_count++] = word;
	}
	if (said_count > 0)
		buf_char(out, ')');
}

/* How many brands of a sector carry the excess, rounded. */
static int64_t
brands(const struct finding *f)
{
	return (f->breadth + MICRO / 2) / MICRO;
}

/* A message that only says that a flood has begun does not say more. */
static bool
grows(const struct finding *f)
{
	return f->again && !window_is_flood(&f->hour);
}

static void
ending_fr(const struct finding *f, struct buf *out)
{
	if (window_is_flood(&f->hour))
		buf_printf(out, " Attention, %u messages mais peu de voix "
				"indépendantes" NBSP ": mêmes comptes ou mêmes "
				"mots, c'est peut-être organisé.",
		    f->hour.posts);
	if (f->learning)
		buf_text(out, " Moins de trois jours d'observation" NBSP ": la "
			      "normale est encore mal connue.");
}

static void
ending_en(const struct finding *f, struct buf *out)
{
	if (window_is_flood(&f->hour))
		buf_printf(out, " Beware, %u posts but few independent voices: "
				"the same accounts or the same words, so it "
				"may be organised.",
		    f->hour.posts);
	if (f->learning)
		buf_text(out, " Watched for less than three days: what is "
			      "normal is not well known yet.");
}

/* The minute from which it was calm enough for this fall: "11:42". */
static const char *
calm_since(const struct finding *f, char out[static 24])
{
	clock_format(f->minute_ms - DENSITY_HOLD_MINUTES * MINUTE_MS, out);
	out[strlen("2010-03-17T11:42")] = '\0';
	return out + strlen("2010-03-17T");
}

/* Half the threshold of the level, as density_judge wants it: 2.5 or 10. */
static void
put_bound(const struct finding *f, char point, struct buf *out)
{
	int64_t tenths = (f->settings->theta_micro[f->level - 1] / 2 +
	    MICRO / 20) / (MICRO / 10);

	buf_printf(out, "%lld", (long long)(tenths / 10));
	if (tenths % 10 != 0)
		buf_printf(out, "%c%lld", point, (long long)(tenths % 10));
}

/* A fall: since when, from what to what, what still holds it, its end. */
static void
fall_fr(const struct finding *f, struct buf *out)
{
	char text[24];
	const char *at = calm_since(f, text);
	int64_t n = voices(f);

	buf_printf(out, NBSP ": en baisse depuis %.*s" NBSP "h" NBSP "%s UTC "
		"(niveau %u puis %u, %s). ", at[0] == '0' ? 1 : 2,
	    at[0] == '0' ? at + 1 : at, at + 3, f->previous_level,
	    f->level, levels_fr[f->level]);
	if (f->level == 0) {
		buf_text(out, "Plus rien ne le tient" NBSP
			      ": l'alerte est close.");
		return;
	}
	if (n == 0)
		buf_text(out, "Il ne reste presque rien au-delà de la normale");
	else
		buf_printf(out, "Tient encore à %lld voix sur 100 qui %s du "
			"tort au-delà de la normale", (long long)n,
		    n > 1 ? "font" : "fait");
	quotes(f, out, "«" NBSP, NBSP "»");
	buf_text(out, ". Baissera encore après 30 minutes sous ");
	put_bound(f, ',', out);
	buf_char(out, '.');
}

static void
fall_en(const struct finding *f, struct buf *out)
{
	char text[24];
	int64_t n = voices(f);

	buf_printf(out, ": falling since %s UTC (level %u, then %u, %s). ",
	    calm_since(f, text), f->previous_level, f->level,
	    levels_en[f->level]);
	if (f->level == 0) {
		buf_text(out, "Nothing holds it any more: the alert is over.");
		return;
	}
	if (n == 0)
		buf_text(out, "Next to nothing is left beyond what is normal");
	else
		buf_printf(out, "Still held by %lld of 100 voices that %s harm "
			"beyond what is normal", (long long)n,
		    n == 1 ? "does" : "do");
	quotes(f, out, "\"", "\"");
	buf_text(out, ". It falls again after 30 minutes below ");
	put_bound(f, '.', out);
	buf_char(out, '.');
}

bool
phrase_is_news(const struct finding *f)
{
	return f->signal == NULL && f->because == DENSITY_SIGNAL &&
	    f->news != NULL && f->news->fr.len > 0;
}

/* A message owed to a signal that cannot wait says so, not the density. */
static void
put_news(const struct buf *news, struct buf *out)
{
	struct slice text = buf_slice(news);

	while (text.len > 0 && *text.data == ' ') {
		text.data++;
		text.len--;
	}
	buf_slice_put(out, text);
}

void
phrase_fr(const struct finding *f, struct buf *out)
{
	int64_t n = voices(f);

	if (f->signal != NULL) {
		buf_slice_put(out, buf_slice(&f->signal->fr));
		return;
	}
	if (phrase_is_news(f)) {
		put_news(&f->news->fr, out);
		buf_printf(out, " Niveau %u, %s.", f->level,
		    levels_fr[f->level]);
		return;
	}
	subject(f, out, "Secteur ", f->topic_fr);
	if (f->level < f->previous_level) {
		fall_fr(f, out);
		return;
	}
	if (f->kind == ALERT_SEVERE_POST && f->previous_level < f->level &&
	    f->first_ms == f->minute_ms) {
		buf_text(out, NBSP ": un message d'une extrême gravité");
		quotes(f, out, "«" NBSP, NBSP "»");
		buf_printf(out, NBSP "; à lire tout de suite. Niveau %u, %s.",
		    f->level, levels_fr[f->level]);
		ending_fr(f, out);
		return;
	}
	buf_text(out,
	    NBSP ": sur 100 voix indépendantes de la dernière heure, ");
	if (n == 0)
		buf_text(out, "aucune ne fait de tort");
	else
		buf_printf(out, "%lld %s du tort", (long long)n,
		    n > 1 ? "font" : "fait");
	buf_text(out, " au-delà de la normale");
	quotes(f, out, "«" NBSP, NBSP "»");
	if (f->subject == ALERT_SECTOR)
		buf_printf(out, ", réparties sur %lld marques",
		    (long long)brands(f));
	buf_printf(out, ". Niveau %u, %s%s.", f->level, levels_fr[f->level],
	    grows(f) ? ", et cela monte encore" : "");
	ending_fr(f, out);
}

void
phrase_en(const struct finding *f, struct buf *out)
{
	int64_t n = voices(f);

	if (f->signal != NULL) {
		buf_slice_put(out, buf_slice(&f->signal->en));
		return;
	}
	if (phrase_is_news(f)) {
		put_news(&f->news->en, out);
		buf_printf(out, " Level %u, %s.", f->level,
		    levels_en[f->level]);
		return;
	}
	subject(f, out, "Sector ", f->topic_en);
	if (f->level < f->previous_level) {
		fall_en(f, out);
		return;
	}
	if (f->kind == ALERT_SEVERE_POST && f->previous_level < f->level &&
	    f->first_ms == f->minute_ms) {
		buf_text(out, ": one extremely serious post");
		quotes(f, out, "\"", "\"");
		buf_printf(out, "; read it now. Level %u, %s.", f->level,
		    levels_en[f->level]);
		ending_en(f, out);
		return;
	}
	buf_text(out, ": of every 100 independent voices in the last hour, ");
	if (n == 0)
		buf_text(out, "none does harm");
	else
		buf_printf(out, "%lld %s harm", (long long)n,
		    n == 1 ? "does" : "do");
	buf_text(out, " beyond what is normal");
	quotes(f, out, "\"", "\"");
	if (f->subject == ALERT_SECTOR)
		buf_printf(out, ", spread over %lld brands",
		    (long long)brands(f));
	buf_printf(out, ". Level %u, %s%s.", f->level, levels_en[f->level],
	    grows(f) ? ", and still growing" : "");
	ending_en(f, out);
}
