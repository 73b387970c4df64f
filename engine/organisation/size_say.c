/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/size_say.h"

#include <inttypes.h>

#include "engine/base/zone.h"
#include "engine/view_words.h"

/* Spans that are written out; the rest is counted. */
#define SPANS_SHOWN 12

static const char *const days[2][7] = {
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    {"lun", "mar", "mer", "jeu", "ven", "sam", "dim"}};

/* The same word in both languages. */
static const char *
contacts(uint64_t n, bool french)
{
	return view_form(n, french, "contact", "contacts");
}

static void
put_minutes(struct buf *out, int64_t ms)
{
	int64_t minutes = ms / MINUTE_MS;

	if (minutes % 60 == 0)
		buf_printf(out, "%" PRId64 " h", minutes / 60);
	else
		buf_printf(out, "%" PRId64 " min", minutes);
}

static void
put_head(const struct size *s, const struct size_options *o, bool french,
    struct buf *out)
{
	const int64_t *within = o->organisation->answer_within_ms;

	buf_printf(out, french ?
	    "Taille des équipes, d'après %" PRIu32 " %s.\n"
	    "Un contact = un compte qui fait du tort à une marque dans "
	    "l'heure ; chacun occupe une personne " :
	    "Sizing of the teams, from %" PRIu32 " recorded %s.\n"
	    "A contact is an account that does harm to a brand within the "
	    "hour; each takes one person ", size_hours(s), french ?
	    view_form(size_hours(s), true, "heure enregistrée",
		"heures enregistrées") :
	    view_form(size_hours(s), false, "hour", "hours"));
	put_minutes(out, o->handle_ms);
	buf_printf(out, french ?
	    ".\nObjectif : %.0f %% pris en charge à temps" :
	    ".\nGoal: %.0f%% taken up in time", 100 * o->share);
	for (int level = 1; level < ORGANISATION_LEVELS; level++) {
		buf_printf(out, french ? "%s niveau %d en " : "%s level %d in ",
		    level == 1 ? french ? " :" : ":" : ",", level);
		put_minutes(out, within[level]);
	}
	buf_text(out, french ?
	    ".\nFormule d'Erlang C : arrivées au hasard, une seule file, "
	    "personne ne renonce. C'est le moins qui puisse suffire.\n" :
	    ".\nErlang C: random arrivals, one line, nobody gives up. It is "
	    "the least that can do.\n");
}

/* People of a usual hour; ! where there were too few at least once. */
static void
put_week(const struct size_team *t, bool french, struct buf *out)
{
	buf_text(out, "        00    04    08    12    16    20\n");
	for (int day = 0; day < 7; day++) {
		buf_printf(out, "    %s ", days[french][day]);
		for (int h = 0; h < 24; h++) {
			const struct size_cell *c = &t->cells[day * 24 + h];

			if (h % 4 == 0)
				buf_char(out, ' ');
			if (c->hours == 0)
				buf_char(out, ' ');
			else if (c->short_of > 0)
				buf_char(out, '!');
			else if (c->usual == 0)
				buf_char(out, '.');
			else if (c->usual < 10)
				buf_char(out, (char)('0' + c->usual));
			else
				buf_char(out, '+');
			if (h % 4 == 3)
				buf_char(out, ' ');
		}
		buf_char(out, '\n');
	}
}

static void
put_team(const struct size_team *t, bool french, struct buf *out)
{
	buf_printf(out, "\n%s (%s)\n", french ? t->team->name_fr :
	    t->team->name_en, t->team->id);
	if (t->contacts == 0) {
		buf_text(out, french ? "    rien à traiter\n" :
				       "    nothing to answer\n");
		return;
	}
	buf_printf(out, french ?
	    "    %" PRIu64 " %s ; au plus %u %s ; trop peu de monde pendant "
	    "%" PRIu32 " h\n" :
	    "    %" PRIu64 " %s; at most %u %s; too few people for "
	    "%" PRIu32 " h\n", t->contacts, contacts(t->contacts, french),
	    t->most,
	    french ? t->most > 1 ? "personnes" : "personne" :
		t->most > 1 ? "people" : "person", t->hours_short);
	put_week(t, french, out);
}

static void
put_wall(struct buf *out, const struct size_span *span, int64_t ms, bool french)
{
	int64_t wall_ms = zone_wall(span->team->hours.zone, ms);
	unsigned day = zone_weekday(zone_day(wall_ms));

	buf_printf(out, "%s ", days[french][day]);
	buf_utc(out, wall_ms);
	out->len -= 4; /* ":00Z": to the minute, on the wall */
	out->data[out->len - 6] = ' ';
}

static void
put_spans(const struct size *s, bool french, struct buf *out)
{
	const struct size_span *span;
	size_t i = 0;

	buf_text(out, french ? "\nOù le plan ne tient pas\n" :
			       "\nWhere the plan fails\n");
	if (size_span(s, 0) == NULL)
		buf_text(out, french ? "    nulle part\n" : "    nowhere\n");
	for (; (span = size_span(s, i)) != NULL && i < SPANS_SHOWN; i++) {
		buf_printf(out, "    %s ", span->team->id);
		put_wall(out, span, span->from_ms, french);
		buf_text(out, french ? " à " : " to ");
		put_wall(out, span, span->to_ms, french);
		buf_printf(out, french ?
		    " : il faut %u, il y a %u (%" PRIu64 " %s)\n" :
		    ": needs %u, has %u (%" PRIu64 " %s)\n",
		    span->needed, span->there, span->contacts,
		    contacts(span->contacts, french));
	}
	while (size_span(s, i) != NULL)
		i++;
	if (i > SPANS_SHOWN)
		buf_printf(out, french ? "    et %zu de plus\n" :
					 "    and %zu more\n", i - SPANS_SHOWN);
	if (size_unowned(s) > 0)
		buf_printf(out, french ?
		    "    sans équipe : %" PRIu64 " %s\n" :
		    "    without a team: %" PRIu64 " %s\n",
		    size_unowned(s), contacts(size_unowned(s), french));
}

void
size_text(const struct size *s, const struct size_options *o, bool french,
    struct buf *out)
{
	const struct size_team *t;

	put_head(s, o, french, out);
	for (size_t i = 0; (t = size_team(s, i)) != NULL; i++)
		put_team(t, french, out);
	buf_text(out, french ?
	    "\nUn chiffre : personnes pour une heure ordinaire de ce moment de "
	    "la semaine (. aucune) ; ! : il en a manqué.\n" :
	    "\nA digit: people for a usual hour at that time of the week "
	    "(. none); !: there were too few.\n");
	put_spans(s, french, out);
}

static void
json_cells(const struct size_team *t, struct buf *out)
{
	bool first = true;

	for (int h = 0; h < SIZE_HOURS; h++) {
		const struct size_cell *c = &t->cells[h];

		if (c->contacts == 0)
			continue;
		buf_printf(out, "%s{\"hour_of_week\":%d,\"recorded\":%" PRIu32
		    ",\"contacts\":%" PRIu64 ",\"usual\":%u,\"most\":%u,"
		    "\"there\":%u,\"short\":%" PRIu32 ",\"worst\":\"",
		    first ? "" : ",", h, c->hours, c->contacts, c->usual,
		    c->most, c->there, c->short_of);
		buf_utc(out, c->worst_ms);
		buf_text(out, "\"}");
		first = false;
	}
}

void
size_json(const struct size *s, const struct size_options *o, struct buf *out)
{
	const struct size_team *t;
	const struct size_span *span;

	buf_printf(out, "{\"v\":1,\"hours\":%" PRIu32 ",\"handle_ms\":%" PRId64
	    ",\"share\":%.3f,\"unowned_contacts\":%" PRIu64 ",\"teams\":[",
	    size_hours(s), o->handle_ms, o->share, size_unowned(s));
	for (size_t i = 0; (t = size_team(s, i)) != NULL; i++) {
		buf_printf(out, "%s{\"team\":\"%s\",\"contacts\":%" PRIu64
		    ",\"most\":%u,\"hours_short\":%" PRIu32 ",\"week\":[",
		    i > 0 ? "," : "", t->team->id, t->contacts, t->most,
		    t->hours_short);
		json_cells(t, out);
		buf_text(out, "]}");
	}
	buf_text(out, "],\"fails\":[");
	for (size_t i = 0; (span = size_span(s, i)) != NULL; i++) {
		buf_printf(out, "%s{\"team\":\"%s\",\"from\":\"",
		    i > 0 ? "," : "", span->team->id);
		buf_utc(out, span->from_ms);
		buf_text(out, "\",\"to\":\"");
		buf_utc(out, span->to_ms);
		buf_printf(out, "\",\"needed\":%u,\"there\":%u,\"contacts\":%"
		    PRIu64 "}", span->needed, span->there, span->contacts);
	}
	buf_text(out, "]}\n");
}
