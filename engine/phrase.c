/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/phrase.h"

#include "engine/base/must.h"

#define THEMES 3u /* named in a sentence */

static const char *const levels_fr[] = {"veille", "vigilance", "pré-alerte",
    "alerte", "crise"};
static const char *const levels_en[] = {"calm", "watch", "pre-alert",
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

/* "KitKat" or "KitKat, huile de palme" or "Secteur confectionery". */
static void
subject(const struct finding *f, struct buf *out, const char *sector,
    const char *topic)
{
	if (f->subject == ALERT_SECTOR)
		buf_text(out, sector);
	buf_text(out, f->name);
	if (f->subject == ALERT_PAIR) {
		buf_text(out, ", ");
		buf_text(out, topic);
	}
}

/* The quoted words that weigh most: (« huile de palme », « boycott »). */
static void
quotes(const struct finding *f, struct buf *out, const char *open,
    const char *close)
{
	uint32_t order[CAUSES_MAX], count, said = 0;

	if (f->causes == NULL)
		return;
	count = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < count && said < THEMES; i++) {
		const struct cause *cause = &f->causes->items[order[i]];
		bool told = cause->words_count == 0;

		for (uint32_t k = 0; k < i && !told; k++) {
			const struct cause *c = &f->causes->items[order[k]];

			told = c->words_count > 0 &&
			    !strcasecmp(c->words[0], cause->words[0]);
		}
		if (told)
			continue;
		buf_text(out, said++ == 0 ? " (" : ", ");
		buf_text(out, open);
		buf_text(out, cause->words[0]);
		buf_text(out, close);
	}
	if (said > 0)
		buf_char(out, ')');
}

/* How many brands of a sector carry the excess, rounded. */
static int64_t
brands(const struct finding *f)
{
	return (f->breadth + MICRO / 2) / MICRO;
}

static void
ending_fr(const struct finding *f, struct buf *out)
{
	if (window_is_flood(&f->hour))
		buf_printf(out, " Attention, %u messages mais peu de voix : "
				"cela ressemble à une campagne organisée.",
		    f->hour.posts);
	if (f->learning)
		buf_text(out, " Moins de trois jours d'observation : la "
			      "normale est encore mal connue.");
}

static void
ending_en(const struct finding *f, struct buf *out)
{
	if (window_is_flood(&f->hour))
		buf_printf(out, " Beware, %u posts but few voices: this looks "
				"like an organised campaign.",
		    f->hour.posts);
	if (f->learning)
		buf_text(out, " Watched for less than three days: what is "
			      "normal is not well known yet.");
}

void
phrase_fr(const struct finding *f, struct buf *out)
{
	int64_t n = voices(f);

	subject(f, out, "Secteur ", f->topic_fr);
	if (f->level < f->previous_level) {
		buf_printf(out, " : en baisse depuis une demi-heure, ");
		if (f->level == 0)
			buf_text(out, "retour à la normale.");
		else
			buf_printf(out, "niveau %u (%s), après %u.", f->level,
			    levels_fr[f->level], f->previous_level);
		return;
	}
	if (f->kind == ALERT_SEVERE_POST && f->previous_level < f->level &&
	    f->first_ms == f->minute_ms) {
		buf_text(out, " : un message d'une extrême gravité");
		quotes(f, out, "« ", " »");
		buf_printf(out, " ; à lire tout de suite. Niveau %u, %s.",
		    f->level, levels_fr[f->level]);
		ending_fr(f, out);
		return;
	}
	buf_printf(out, " : sur 100 voix indépendantes de la dernière heure, "
			"%lld %s du tort au-delà de la normale",
	    (long long)n, n > 1 ? "font" : "fait");
	quotes(f, out, "« ", " »");
	if (f->subject == ALERT_SECTOR)
		buf_printf(out, ", réparties sur %lld marques",
		    (long long)brands(f));
	buf_printf(out, ". Niveau %u, %s%s.", f->level, levels_fr[f->level],
	    f->again ? ", et cela monte encore" : "");
	ending_fr(f, out);
}

void
phrase_en(const struct finding *f, struct buf *out)
{
	int64_t n = voices(f);

	subject(f, out, "Sector ", f->topic_en);
	if (f->level < f->previous_level) {
		buf_text(out, ": lower for half an hour, ");
		if (f->level == 0)
			buf_text(out, "back to normal.");
		else
			buf_printf(out, "level %u (%s), down from %u.",
			    f->level, levels_en[f->level], f->previous_level);
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
	buf_printf(out, ": of every 100 independent voices of the last hour, "
			"%lld %s harm beyond what is normal",
	    (long long)n, n == 1 ? "does" : "do");
	quotes(f, out, "\"", "\"");
	if (f->subject == ALERT_SECTOR)
		buf_printf(out, ", spread over %lld brands",
		    (long long)brands(f));
	buf_printf(out, ". Level %u, %s%s.", f->level, levels_en[f->level],
	    f->again ? ", and still growing" : "");
	ending_en(f, out);
}
