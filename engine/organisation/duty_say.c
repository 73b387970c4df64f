/*
 * What was proven, and what the promise leaves open.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/organisation/daytime.h"
#include "engine/organisation/duty_parts.h"
#include "engine/view_words.h"

static void
put_list(struct buf *out, const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : ", ", items[i]);
}

static uint32_t
minutes_promised(const struct duty *d, unsigned level)
{
	uint32_t minutes = 0;

	for (uint32_t s = 0; s < d->segments && d->promised[level] != NULL; s++)
		if (duty_bit(d->promised[level], s))
			minutes += d->starts[s + 1] - d->starts[s];
	return minutes;
}

static size_t
brands_of(const struct duty *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->brands_count; i++)
		count += d->brands[i].id != NULL;
	return count;
}

static void
put_count(struct buf *out, size_t n, const char *word)
{
	buf_printf(out, "%zu %s%s, ", n, word, n == 1 ? "" : "s");
}

static void
say_scope(const struct duty *d, bool french, struct buf *out)
{
	size_t brands = brands_of(d);

	buf_text(out, french ? "  promis : " : "  promised: ");
	put_count(out, brands, french ? "marque" : "brand");
	put_count(out, d->brands_count - brands, french ? "secteur" : "sector");
	put_count(out, d->topics_count - 1, french ? "sujet" : "topic");
	if (d->langs[0] == NULL)
		buf_text(out, french ? "toute langue" : "any language");
	else
		put_list(out, d->langs, d->langs_count);
	buf_text(out, french ? ", à partir du " : ", from ");
	daytime_put(d->o->plan->office.zone, d->from_ms, french, out);
	buf_text(out, french ? ", 7 jours\n" : ", 7 days\n");
}

static void
say_level(const struct duty *d, unsigned level, bool french, struct buf *out)
{
	uint32_t hours = minutes_promised(d, level) / 60;

	buf_printf(out, french ? "  niveau %u : " : "  level %u: ", level);
	if (d->promised[level] == NULL) {
		buf_text(out,
		    french ? "rien n'est promis\n" : "nothing is promised\n");
		return;
	}
	buf_printf(out,
	    french ? "un responsable %u %s sur 168"
		   : "an owner in %u of 168 %s",
	    hours, french ? view_form(hours, true, "heure", "heures") :
			    "hours");
	if ((int)level >= d->o->plan->deputy_from)
		buf_text(out, french ? ", et un suppléant" : ", and a deputy");
	if (hours < DUTY_MINUTES / 60)
		buf_printf(out,
		    french ? " ; laissé ouvert : %u %s" : "; left open: %u %s",
		    DUTY_MINUTES / 60 - hours, french ?
		    view_form(DUTY_MINUTES / 60 - hours, true, "heure",
			"heures") :
		    view_form(DUTY_MINUTES / 60 - hours, false, "hour",
			"hours"));
	buf_char(out, '\n');
}

void
duty_say(const struct duty *d, bool french, struct buf *out)
{
	const struct organisation *o = d->o;

	buf_printf(
	    out, "%s: %s\n", o->plan->path, organisation_model_name(o->model));
	say_scope(d, french, out);
	for (unsigned level = 1; level < ORGANISATION_LEVELS; level++)
		say_level(d, level, french, out);
	if (o->internal_sources.count + o->internal_sectors.count > 0)
		buf_text(out,
		    french ? "  laissé ouvert : les conversations internes\n"
			   : "  left open: talk among staff\n");
	if (d->langs[0] != NULL)
		buf_text(out, french ? "  laissé ouvert : les autres langues\n"
				     : "  left open: other languages\n");
}

void
duty_json(const struct duty *d, struct buf *out)
{
	buf_text(out, "{\"organisation\":");
	buf_json(out, slice_of(d->o->plan->path));
	buf_printf(out, ",\"model\":\"%s\",\"from\":\"",
	    organisation_model_name(d->o->model));
	buf_utc(out, d->from_ms);
	buf_printf(out,
	    "\",\"brands\":%zu,\"sectors\":%zu,\"topics\":%zu,"
	    "\"languages\":[",
	    brands_of(d), d->brands_count - brands_of(d), d->topics_count - 1);
	for (size_t i = 0; i < d->langs_count && d->langs[0] != NULL; i++) {
		buf_text(out, i == 0 ? "" : ",");
		buf_json(out, slice_of(d->langs[i]));
	}
	buf_text(out, "],\"promised_minutes\":{");
	for (unsigned level = 1; level < ORGANISATION_LEVELS; level++)
		buf_printf(out, "%s\"%u\":%u", level == 1 ? "" : ",", level,
		    minutes_promised(d, level));
	buf_printf(out, "},\"deputy_from\":%d,\"cells\":%llu}\n",
	    d->o->plan->deputy_from < ORGANISATION_LEVELS
		? d->o->plan->deputy_from
		: 0,
	    (unsigned long long)d->cells);
}
