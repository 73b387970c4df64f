/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/size.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/zone.h"
#include "engine/organisation/erlang.h"
#include "engine/organisation/route.h"

#define HOUR_MS (60 * MINUTE_MS)

/* What one team has to do in the hour that is being read. */
struct now {
	uint64_t contacts;
	int64_t target_ms; /* the tightest of its contacts */
};

struct size {
	struct size_options o;
	struct size_team *teams;
	struct now *now; /* by team */
	int64_t hour_ms; /* start of the hour being read; TIME_NONE */
	uint32_t hours;
	uint64_t unowned;
	struct size_span *spans;
	size_t spans_count;
};

struct size *
size_new(const struct size_options *options)
{
	const struct organisation *o = options->organisation;
	struct size *s = must_alloc(sizeof(*s));

	s->o = *options;
	s->hour_ms = TIME_NONE;
	s->teams = must_alloc((o->teams_count + 1) * sizeof(*s->teams));
	s->now = must_alloc((o->teams_count + 1) * sizeof(*s->now));
	for (size_t i = 0; i < o->teams_count; i++) {
		s->teams[i].team = &o->teams[i];
		for (int h = 0; h < SIZE_HOURS; h++)
			s->teams[i].cells[h].worst_ms = TIME_NONE;
	}
	return s;
}

void
size_free(struct size *s)
{
	if (s == NULL)
		return;
	free(s->teams);
	free(s->now);
	free(s->spans);
	free(s);
}

unsigned
size_people(const struct organisation *o, const struct team *team, int64_t ms)
{
	unsigned count = 0;

	if (!organisation_on_duty(o, team, ms))
		return 0;
	for (size_t i = 0; i < team->people_count; i++)
		count += hours_hold(&team->people[i].hours, ms);
	return team->people_count == 0 ? 1 : count;
}

/* Who would own an alert about ${key}, "sector/brand", at ${level}? */
static size_t
owner_of(const struct size *s, const char *key, uint8_t level, int64_t ms)
{
	const struct organisation *o = s->o.organisation;
	const char *slash = strchr(key, '/');
	const struct team *team = NULL;
	struct alert *a = must_alloc(sizeof(*a));

	a->refs = 1;
	a->kind = ALERT_DENSITY;
	a->sector = strndup(key, (size_t)(slash - key));
	if (strcmp(slash + 1, "-") != 0)
		a->brand = strdup(slash + 1);
	a->subject = a->brand != NULL ? ALERT_BRAND : ALERT_SECTOR;
	a->level = level > 0 ? level : 1;
	a->minute_ms = ms;
	route_owner(o, a);
	team = organisation_team(o, a->owner);
	alert_unref(a);
	return team == NULL ? o->teams_count : (size_t)(team - o->teams);
}

/* One span goes on as long as the next hour is short as well. */
static void
fail(struct size *s, size_t i, unsigned needed, unsigned there)
{
	const struct team *team = s->teams[i].team;
	struct size_span *span = NULL;

	s->teams[i].hours_short++;
	for (size_t k = s->spans_count; k-- > 0;)
		if (s->spans[k].team == team) {
			span = &s->spans[k];
			break;
		}
	if (span == NULL || span->to_ms != s->hour_ms) {
		s->spans = must_grow(
		    s->spans, (s->spans_count + 1) * sizeof(*s->spans));
		span = &s->spans[s->spans_count++];
		*span = (struct size_span){
		    .team = team, .from_ms = s->hour_ms};
	}
	span->to_ms = s->hour_ms + HOUR_MS;
	span->contacts += s->now[i].contacts;
	if (needed - there > span->needed - span->there) {
		span->needed = needed;
		span->there = there;
	}
}

static void
close_team(struct size *s, size_t i)
{
	struct size_team *t = &s->teams[i];
	const struct now *now = &s->now[i];
	int64_t wall_ms = zone_wall(t->team->hours.zone, s->hour_ms);
	unsigned at = zone_weekday(zone_day(wall_ms)) * 24 +
	    (unsigned)(wall_ms / HOUR_MS % 24);
	struct size_cell *cell = &t->cells[at];
	unsigned there = size_people(s->o.organisation, t->team, s->hour_ms);
	unsigned needed = erlang_needed((double)now->contacts *
	    (double)s->o.handle_ms / HOUR_MS, s->o.handle_ms, now->target_ms,
	    s->o.share);

	cell->hours++;
	cell->contacts += now->contacts;
	t->contacts += now->contacts;
	if (needed >= cell->most) {
		cell->most = needed;
		cell->there = there;
		if (needed > 0)
			cell->worst_ms = s->hour_ms;
	}
	if (needed > t->most)
		t->most = needed;
	if (needed > there) {
		cell->short_of++;
		fail(s, i, needed, there);
	}
}

static void
close_hour(struct size *s)
{
	size_t teams = s->o.organisation->teams_count;

	if (s->hour_ms == TIME_NONE)
		return;
	for (size_t i = 0; i < teams; i++)
		close_team(s, i);
	memset(s->now, 0, (teams + 1) * sizeof(*s->now));
	s->hours++;
}

/* An hour that no row speaks of was a quiet one. */
static void
turn_to(struct size *s, int64_t hour_ms)
{
	if (s->hour_ms == TIME_NONE)
		s->hour_ms = hour_ms;
	for (; s->hour_ms < hour_ms; s->hour_ms += HOUR_MS)
		close_hour(s);
}

void
size_row(struct size *s, const struct series_row *row)
{
	const struct organisation *o = s->o.organisation;
	uint8_t level = row->level < ORGANISATION_LEVELS ? row->level : 0;
	int64_t target_ms = o->answer_within_ms[level > 0 ? level : 1];
	const char *slash = strchr(row->key, '/');
	size_t i;

	/* Accounts are those of the last sixty minutes: once an hour. */
	turn_to(s, (row->end_ms - 1) / HOUR_MS * HOUR_MS);
	if (row->end_ms % HOUR_MS != 0 || row->subject != ALERT_BRAND ||
	    slash == NULL || row->accounts == 0)
		return;
	i = owner_of(s, row->key, level, s->hour_ms);
	if (i == o->teams_count)
		s->unowned += row->accounts;
	s->now[i].contacts += row->accounts;
	if (s->now[i].target_ms == 0 || target_ms < s->now[i].target_ms)
		s->now[i].target_ms = target_ms;
}

void
size_end(struct size *s)
{
	int64_t target_ms = s->o.organisation->answer_within_ms[1];

	close_hour(s);
	s->hour_ms = TIME_NONE;
	for (size_t i = 0; i < s->o.organisation->teams_count; i++)
		for (int h = 0; h < SIZE_HOURS; h++) {
			struct size_cell *c = &s->teams[i].cells[h];

			if (c->hours == 0)
				continue;
			c->usual = erlang_needed((double)c->contacts /
			    c->hours * (double)s->o.handle_ms / HOUR_MS,
			    s->o.handle_ms, target_ms, s->o.share);
		}
}

uint32_t
size_hours(const struct size *s)
{
	return s->hours;
}

uint64_t
size_unowned(const struct size *s)
{
	return s->unowned;
}

const struct size_team *
size_team(const struct size *s, size_t i)
{
	return i < s->o.organisation->teams_count ? &s->teams[i] : NULL;
}

const struct size_span *
size_span(const struct size *s, size_t i)
{
	return i < s->spans_count ? &s->spans[i] : NULL;
}
