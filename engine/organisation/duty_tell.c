/*
 * Findings in the words of people.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/base/zone.h"
#include "engine/organisation/daytime.h"
#include "engine/organisation/duty_parts.h"

#define NAMES_SHOWN 4u
#define SPANS_SHOWN 12u

/* ---- when */

static int64_t
time_of(const struct duty *d, uint32_t segment)
{
	return d->from_ms + d->starts[segment] * MINUTE_MS;
}

/* From Saturday to Sunday, both whole. */
static bool
is_weekend(const struct zone *zone, int64_t from_ms, int64_t to_ms)
{
	int32_t day = zone_day(zone_wall(zone, from_ms));
	int32_t saturday = day + (int32_t)((12 - zone_weekday(day)) % 7);

	if (zone_weekday(day) == 5 &&
	    zone_wall(zone, from_ms) > day * HOURS_DAY_MS)
		saturday += 7;
	return zone_time(zone, saturday * HOURS_DAY_MS) >= from_ms &&
	       zone_time(zone, (saturday + 2) * HOURS_DAY_MS) <= to_ms;
}

struct stretch {
	int64_t from_ms, to_ms;
};

/* "from Saturday 21 March 18:00 to Monday 23 March 09:00" */
static void
put_span(const struct zone *zone, const struct stretch *s, bool french,
    struct buf *out)
{
	buf_text(out, french ? "du " : "from ");
	daytime_put(zone, s->from_ms, french, out);
	buf_text(out, french ? " au " : " to ");
	daytime_put(zone, s->to_ms, french, out);
	if (is_weekend(zone, s->from_ms, s->to_ms))
		buf_text(out,
		    french ? " (tout le week-end)" : " (the whole weekend)");
}

/* "daily from Monday 23 November to Friday 27 November, 09:00 to 18:00" */
static void
put_daily(const struct zone *zone, const struct stretch *first,
    const struct stretch *last, bool french, struct buf *out)
{
	struct buf from = {0}, to = {0}, end = {0};

	daytime_put(zone, first->from_ms, french, &from);
	daytime_put(zone, last->from_ms, french, &end);
	daytime_put(zone, first->to_ms, french, &to);
	buf_printf(out,
	    french ? "chaque jour du %.*s au %.*s, de %.5s à %.5s"
		   : "daily from %.*s to %.*s, %.5s to %.5s",
	    (int)from.len - 6, from.data, (int)end.len - 6, end.data,
	    from.data + from.len - 5, to.data + to.len - 5);
	buf_fini(&from);
	buf_fini(&to);
	buf_fini(&end);
}

/* The same hours of the day after? */
static bool
goes_on(
    const struct zone *zone, const struct stretch *a, const struct stretch *b)
{
	return zone_wall(zone, b->from_ms) ==
		   zone_wall(zone, a->from_ms) + HOURS_DAY_MS &&
	       zone_wall(zone, b->to_ms) ==
		   zone_wall(zone, a->to_ms) + HOURS_DAY_MS;
}

static size_t
find_spans(const struct duty *d, const uint64_t *gap, struct stretch *spans)
{
	size_t count = 0;

	for (uint32_t s = 0, from; s < d->segments; s++) {
		if (!duty_bit(gap, s))
			continue;
		for (from = s; s < d->segments && duty_bit(gap, s);)
			s++;
		spans[count++] =
		    (struct stretch){time_of(d, from), time_of(d, s)};
	}
	return count;
}

void
duty_spans(
    const struct duty *d, const uint64_t *gap, bool french, struct buf *out)
{
	const struct zone *zone = d->o->plan->office.zone;
	struct stretch *spans = must_alloc((d->segments + 1) * sizeof(*spans));
	size_t count = find_spans(d, gap, spans), shown = 0;

	if (count == 1 && spans[0].from_ms == time_of(d, 0) &&
	    spans[0].to_ms == time_of(d, d->segments)) {
		buf_text(out, french ? "toute la semaine" : "the whole week");
		count = 0;
	}
	for (size_t i = 0, end; i < count && shown < SPANS_SHOWN; i = end) {
		for (end = i + 1; end < count &&
				  goes_on(zone, &spans[end - 1], &spans[end]);)
			end++;
		if (end - i < 3)
			end = i + 1;
		if (shown++ > 0)
			buf_text(out, ", ");
		if (end - i > 1)
			put_daily(
			    zone, &spans[i], &spans[end - 1], french, out);
		else
			put_span(zone, &spans[i], french, out);
		if (shown == SPANS_SHOWN && end < count)
			buf_printf(out,
			    french ? ", et %zu fois de plus"
				   : count - end == 1 ? ", and %zu more time"
						      : ", and %zu more times",
			    count - end);
	}
	free(spans);
}

/* ---- what */

static void
more_names(struct buf *out, uint32_t *shown, const char *name, bool french)
{
	(void)french;
	if ((*shown)++ < NAMES_SHOWN)
		buf_printf(out, "%s%s", *shown > 1 ? ", " : "", name);
}

static void
rest(struct buf *out, uint32_t shown, bool french)
{
	if (shown > NAMES_SHOWN)
		buf_printf(out, french ? " et %u de plus" : " and %u more",
		    shown - NAMES_SHOWN);
}

static uint32_t
count_of(const uint64_t *set, size_t count)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		n += duty_bit(set, i);
	return n;
}

/* "every brand, kitkat, the sector food as a whole" */
static void
put_brands(
    const struct duty *d, const uint64_t *set, bool french, struct buf *out)
{
	uint32_t shown = 0, sectors = 0, brands = 0, all = 0;
	bool known = false; /* which sectors there are */

	for (uint32_t i = 0; i < d->brands_count; i++) {
		all += d->brands[i].id != NULL;
		brands += d->brands[i].id != NULL && duty_bit(set, i);
		sectors += d->brands[i].id == NULL && duty_bit(set, i);
		known |= d->brands[i].id == NULL &&
		    strcmp(d->brands[i].sector, DUTY_ANY) != 0;
	}
	if (brands > 1 && brands == all)
		buf_text(out, french ? "toutes les marques" : "every brand");
	for (uint32_t i = 0; i < d->brands_count && brands > 0 &&
			     (brands == 1 || brands != all);
	     i++)
		if (d->brands[i].id != NULL && duty_bit(set, i))
			more_names(out, &shown,
			    strcmp(d->brands[i].id, DUTY_ANY) != 0 ?
			    d->brands[i].id : french ? "toute marque" :
			    "any brand", french);
	rest(out, shown, french);
	if (sectors > 0 && brands > 0)
		buf_text(out, french ? ", et " : ", and ");
	if (sectors > 0 && !known) {
		buf_text(out, french ? "les alertes de tout un secteur"
				     : "alerts of a whole sector");
		return;
	}
	if (sectors > 0)
		buf_text(out, french ? "les alertes de tout le secteur "
				     : "alerts of the whole sector ");
	shown = 0;
	for (uint32_t i = 0; i < d->brands_count; i++)
		if (d->brands[i].id == NULL && duty_bit(set, i))
			more_names(out, &shown, d->brands[i].sector, french);
	rest(out, shown, french);
}

/* Nothing when it is all topics that these brands have. */
static void
put_topics(const struct duty *d, const uint64_t *brands, const uint64_t *set,
    bool french, struct buf *out)
{
	uint32_t shown = 0, all = 0;
	const char *sector = NULL;

	for (uint32_t i = 0; i < d->brands_count; i++)
		if (duty_bit(brands, i))
			sector = d->brands[i].sector;
	for (uint32_t i = 0; i < d->topics_count; i++)
		all += d->topics[i].sector == NULL ||
		       d->topics[i].sector == sector;
	if (count_of(set, d->topics_count) == all)
		return;
	buf_text(out, french ? ", sujet " : ", topic ");
	for (uint32_t i = 0; i < d->topics_count; i++)
		if (duty_bit(set, i))
			more_names(out, &shown,
			    d->topics[i].id != NULL ? d->topics[i].id
			    : d->topics[i].department != NULL
				? d->topics[i].department
			    : french ? "(aucun)"
				     : "(none)",
			    french);
	rest(out, shown, french);
}

static void
put_levels(uint64_t levels, bool french, struct buf *out)
{
	const char *sep = "";
	bool many = (levels & (levels - 1)) != 0;

	buf_text(out, french ? (many ? ", niveaux " : ", niveau ")
			     : (many ? ", levels " : ", level "));
	for (unsigned i = 0; i < ORGANISATION_LEVELS; i++) {
		uint64_t left = levels >> (i + 1);

		if ((levels >> i & 1) == 0)
			continue;
		buf_printf(out, "%s%u", sep, i);
		sep = (left & (left - 1)) == 0 ? (french ? " et " : " and ")
					       : ", ";
	}
}

static void
put_codes(uint64_t set, const char *const *codes, size_t count,
    const char *what, bool french, struct buf *out)
{
	uint32_t shown = 0;

	if (set == (UINT64_C(1) << count) - 1)
		return;
	buf_text(out, what);
	for (uint32_t i = 0; i < count; i++)
		if ((set >> i & 1) != 0)
			more_names(out, &shown,
			    codes[i] != NULL ? codes[i]
			    : french         ? "non précisé"
					     : "not known",
			    french);
	rest(out, shown, french);
}

static void
put_what(const struct duty *d, const struct duty_finding *f, bool french,
    struct buf *out)
{
	const uint64_t *brands =
	    duty_sets_at(&d->brand_sets, f->field[FIELD_BRAND]);

	put_brands(d, brands, french, out);
	put_topics(d, brands,
	    duty_sets_at(&d->topic_sets, f->field[FIELD_TOPIC]), french, out);
	put_levels(f->field[FIELD_LEVELS], french, out);
	put_codes(f->field[FIELD_LANGS], d->langs, d->langs_count,
	    french ? ", langue " : ", language ", french, out);
	put_codes(f->field[FIELD_COUNTRIES], d->countries, d->countries_count,
	    french ? ", pays " : ", country ", french, out);
}

/* ---- the errors */

static const struct team *
team_of(const struct duty *d, uint64_t number)
{
	return number == DUTY_NONE ? NULL : &d->o->teams[number];
}

static void
hole(const struct duty *d, const struct team *team, struct slice what,
    struct slice spans, bool french, struct diag *diag)
{
	if (team == NULL)
		diag_add(diag, DIAG_ERROR, d->o->plan->promise_place, "hole",
		    french ? "donnez cela à une équipe, ou ne le promettez pas"
			   : "give it to a team, or do not promise it",
		    french ? "aucune équipe ne répond de : %.*s (%.*s)"
			   : "no team answers for %.*s (%.*s)",
		    SLICE_ARG(what), SLICE_ARG(spans));
	else
		diag_add(diag, DIAG_ERROR, team->place, "hole",
		    french ? "étendez ses horaires, donnez-lui des suppléants "
			     "(deputies:), ou promettez moins"
			   : "widen its hours, give it deputies:, or promise "
			     "less",
		    french ? "personne pour « %s » ni pour qui la supplée, "
			     "%.*s ; sans responsable : %.*s"
			   : "nobody of '%s' is there, nor anybody in its "
			     "place, %.*s; without an owner: %.*s",
		    team->id, SLICE_ARG(spans), SLICE_ARG(what));
}

void
duty_tell(const struct duty *d, const struct duty_finding *f, bool french,
    struct diag *diag)
{
	const struct team *a = team_of(d, f->field[FIELD_A]);
	const struct team *b = team_of(d, f->field[FIELD_B]);
	struct buf what = {0}, spans = {0};

	put_what(d, f, french, &what);
	duty_spans(
	    d, duty_sets_at(&d->gaps, f->field[FIELD_GAP]), french, &spans);
	switch ((enum duty_kind)f->field[FIELD_KIND]) {
	case DUTY_HOLE:
		hole(d, a, buf_slice(&what), buf_slice(&spans), french, diag);
		break;
	case DUTY_OVERLAP:
		diag_add(diag, DIAG_ERROR, b->place, "overlap",
		    french ? "que l'une nomme moins, ou tranchez par routes:"
			   : "let one of them name less, or settle it by "
			     "routes:",
		    french ? "deux responsables, « %s » et « %s », aussi "
			     "proches l'une que l'autre, %.*s : %.*s"
			   : "two owners, '%s' and '%s', equally near, %.*s: "
			     "%.*s",
		    a->id, b->id, SLICE_ARG(buf_slice(&spans)),
		    SLICE_ARG(buf_slice(&what)));
		break;
	case DUTY_LONE:
		diag_add(diag, DIAG_ERROR, a->place, "no-deputy",
		    french ? "deputies: [une équipe présente], ou une deuxième "
			     "personne"
			   : "deputies: [a team that is there], or a second "
			     "person",
		    french ? "« %s » est seule, sans suppléant, %.*s : %.*s"
			   : "'%s' is alone, without a deputy, %.*s: %.*s",
		    a->id, SLICE_ARG(buf_slice(&spans)),
		    SLICE_ARG(buf_slice(&what)));
		break;
	}
	buf_fini(&what);
	buf_fini(&spans);
}
