/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/scenario/drill.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/mathx.h"
#include "engine/kind_words.h"
#include "engine/view_words.h"

#define WEEK_MS (7 * 1440 * MINUTE_MS)

void
drill_start(struct drill *d, const struct scenario *s)
{
	memset(d, 0, sizeof(*d));
	d->scenario = s;
	for (int i = 0; i < DRILL_LEVELS; i++)
		d->first_ms[i] = TIME_NONE;
}

/* Until when all is quiet: to the end where no trouble comes. */
static int64_t
quiet_until(const struct drill *d)
{
	int64_t crisis_ms = scenario_crisis_ms(d->scenario);

	return crisis_ms != TIME_NONE ? crisis_ms :
					scenario_to_ms(d->scenario);
}

static int64_t
quiet_micro_weeks(const struct drill *d)
{
	return mathx_ratio(quiet_until(d) - scenario_from_ms(d->scenario),
	    MATHX_MICRO, WEEK_MS);
}

void
drill_alert(struct drill *d, const struct alert *a)
{
	int64_t known_ms = a->minute_ms + MINUTE_MS;

	if (a->level > d->highest)
		d->highest = a->level;
	d->kinds[a->kind] += a->rev == 0;
	if (known_ms <= quiet_until(d)) {
		d->false_alarms += a->rev == 0 && a->level > 0;
		return;
	}
	if (a->level < a->previous_level ||
	    !scenario_is_about(d->scenario, a->brand))
		return;
	if (a->level > 0 && d->first_ms[1] == TIME_NONE) {
		snprintf(d->first_kind, sizeof(d->first_kind), "%s",
		    alert_kind_name(a->kind));
		snprintf(d->first_about, sizeof(d->first_about), "%s",
		    a->brand != NULL ? a->brand : a->sector);
	}
	for (uint8_t level = 1; level <= a->level; level++)
		if (d->first_ms[level] == TIME_NONE)
			d->first_ms[level] = known_ms;
}

/* Minutes from ${ms} to the first statement; false: there is neither. */
static bool
minutes_before(const struct drill *d, int64_t ms, int64_t *minutes)
{
	int64_t statement_ms = scenario_statement_ms(d->scenario);

	if (statement_ms == TIME_NONE || ms == TIME_NONE)
		return false;
	*minutes = (statement_ms - ms) / MINUTE_MS;
	return true;
}

void
drill_json(const struct drill *d, uint64_t posts, uint64_t seed,
    struct buf *b)
{
	const struct scenario *s = d->scenario;
	const char *comma = "";
	int64_t minutes;

	buf_text(b, "{\"drill\":");
	buf_json(b, slice_of(scenario_name(s)));
	buf_printf(b, ",\"seed\":%llu,\"posts\":%llu",
	    (unsigned long long)seed, (unsigned long long)posts);
	buf_member_time(b, "crisis", scenario_crisis_ms(s));
	buf_member_time(b, "statement", scenario_statement_ms(s));
	for (int level = 1; level < DRILL_LEVELS; level++) {
		char key[24];

		snprintf(key, sizeof(key), "level_%d", level);
		buf_member_time(b, key, d->first_ms[level]);
	}
	buf_member_text(b, "first_kind",
	    d->first_kind[0] != '\0' ? d->first_kind : NULL);
	buf_printf(b, ",\"highest_level\":%u", d->highest);
	buf_text(b, ",\"minutes_before_statement\":");
	if (minutes_before(d, d->first_ms[1], &minutes))
		buf_int(b, minutes);
	else
		buf_text(b, "null");
	buf_text(b, ",\"quiet_weeks\":");
	buf_fixed(b, quiet_micro_weeks(d), 6, 2);
	buf_printf(b, ",\"false_alarms\":%llu,\"episodes\":{",
	    (unsigned long long)d->false_alarms);
	for (int kind = 0; kind <= ALERT_SILENCE; kind++) {
		if (d->kinds[kind] == 0)
			continue;
		buf_printf(b, "%s\"%s\":%llu", comma,
		    alert_kind_name((enum alert_kind)kind),
		    (unsigned long long)d->kinds[kind]);
		comma = ",";
	}
	buf_text(b, "}}\n");
}

/* ---- for people ---------------------------------------------------------- */

/* "2 days 3 h 5 min", the two largest parts. */
static void
put_span(struct buf *b, int64_t minutes, bool fr)
{
	int64_t days = minutes / 1440, hours = minutes % 1440 / 60;

	if (days > 0)
		buf_printf(b, fr ? "%lld j %lld h" : "%lld d %lld h",
		    (long long)days, (long long)hours);
	else if (hours > 0)
		buf_printf(b, "%lld h %lld min", (long long)hours,
		    (long long)(minutes % 60));
	else
		buf_printf(b, "%lld min", (long long)minutes);
}

static void
put_statement(struct buf *b, const struct drill *d, bool fr)
{
	int64_t minutes;

	if (!minutes_before(d, d->first_ms[1], &minutes))
		return;
	buf_text(b, fr ? "  Première parole de l'entreprise : " :
			 "  First word of the company: ");
	view_moment(b, scenario_statement_ms(d->scenario), fr);
	buf_text(b, fr ? " ; l'alerte est venue " : "; the alert came ");
	put_span(b, minutes < 0 ? -minutes : minutes, fr);
	buf_text(b, minutes < 0 ? fr ? " après" : " after it" :
		fr ? " avant" : " before it");
	buf_text(b, ".\n");
}

static void
put_kinds(struct buf *b, const struct drill *d, bool fr)
{
	const char *comma = "";

	buf_text(b, fr ? "  Épisodes :" : "  Episodes:");
	for (int kind = 0; kind <= ALERT_SILENCE; kind++) {
		if (d->kinds[kind] == 0)
			continue;
		buf_printf(b, "%s %s %llu", comma,
		    kind_words(alert_kind_name((enum alert_kind)kind), fr),
		    (unsigned long long)d->kinds[kind]);
		comma = ",";
	}
	buf_text(b, comma[0] != '\0' ? "\n" : fr ? " aucun\n" : " none\n");
}

/* What rang while nothing was wrong. */
static void
put_quiet(struct buf *b, const struct drill *d, bool fr)
{
	uint64_t n = d->false_alarms;

	buf_text(b, fr ? "  Avant la crise : " : "  Before the crisis: ");
	if (n == 0)
		buf_text(b, fr ? "aucune" : "no");
	else
		view_number(b, n, fr);
	buf_text(b, fr ? (n < 2 ? " fausse alerte en " : " fausses alertes en ")
		       : (n == 1 ? " false alarm in " : " false alarms in "));
	view_decimal(b, quiet_micro_weeks(d) / 1000, 3, fr);
	buf_text(b, fr ? " semaines.\n" : " weeks.\n");
}

void
drill_text(const struct drill *d, bool fr, struct buf *b)
{
	int64_t trouble_ms = scenario_crisis_ms(d->scenario);

	buf_char(b, '\n');
	if (trouble_ms != TIME_NONE && d->first_ms[1] == TIME_NONE)
		buf_text(b, fr ? "  Aucune alerte : la crise est passée "
				 "inaperçue.\n" :
				 "  No alert: the crisis went unnoticed.\n");
	for (int level = 1; level < DRILL_LEVELS; level++) {
		if (d->first_ms[level] == TIME_NONE)
			continue;
		buf_printf(b, fr ? "  Niveau %d : " : "  Level %d: ", level);
		view_moment(b, d->first_ms[level], fr);
		if (level == 1)
			buf_printf(b, " (%s, %s)", d->first_about,
			    kind_words(d->first_kind, fr));
		buf_char(b, '\n');
	}
	put_statement(b, d, fr);
	put_kinds(b, d, fr);
	put_quiet(b, d, fr);
}
