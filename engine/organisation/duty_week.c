/*
 * A week in segments: minutes with the same people on duty are one.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/duty_parts.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"

#define MINUTE_WORDS ((DUTY_MINUTES + 63) / 64)

/* Hours that several teams or people keep are worked out once. */
struct calendar {
	const struct hours *hours;
	uint64_t *minutes;
};

struct week {
	struct duty *d;
	struct calendar *calendars;
	size_t calendars_count;
	uint64_t *on_duty, *second; /* by team, minutes */
};

static const uint64_t *
minutes_of(struct week *w, const struct hours *hours)
{
	struct calendar *c;

	for (size_t i = 0; i < w->calendars_count; i++)
		if (hours_same(w->calendars[i].hours, hours))
			return w->calendars[i].minutes;
	w->calendars = must_grow(
	    w->calendars, (w->calendars_count + 1) * sizeof(*w->calendars));
	c = &w->calendars[w->calendars_count++];
	c->hours = hours;
	c->minutes =
	    arena_alloc(w->d->arena, MINUTE_WORDS * sizeof(*c->minutes));
	for (uint32_t m = 0; m < DUTY_MINUTES; m++)
		if (hours_hold(hours, w->d->from_ms + m * MINUTE_MS))
			c->minutes[m / 64] |= UINT64_C(1) << (m % 64);
	return c->minutes;
}

/* As organisation_on_duty and organisation_second say for one minute. */
static void
team_minutes(struct week *w, size_t i)
{
	const struct team *team = &w->d->o->teams[i];
	const uint64_t *own = minutes_of(w, &team->hours);
	uint64_t *on = w->on_duty + i * MINUTE_WORDS;
	uint64_t *two = w->second + i * MINUTE_WORDS;

	if (team->people_count == 0)
		memcpy(on, own, MINUTE_WORDS * sizeof(*on));
	for (size_t p = 0; p < team->people_count; p++) {
		const uint64_t *there = minutes_of(w, &team->people[p].hours);

		for (uint32_t k = 0; k < MINUTE_WORDS; k++) {
			two[k] |= on[k] & there[k] & own[k];
			on[k] |= there[k] & own[k];
		}
	}
}

/* A bit where something differs from the minute before. */
static void
mark_changes(uint64_t *changes, const uint64_t *minutes)
{
	uint64_t carry = 0;

	for (uint32_t k = 0; k < MINUTE_WORDS; k++) {
		changes[k] |= minutes[k] ^ (minutes[k] << 1 | carry);
		carry = minutes[k] >> 63;
	}
}

static void
find_segments(struct week *w)
{
	struct duty *d = w->d;
	uint64_t changes[MINUTE_WORDS] = {0};

	for (size_t i = 0; i < d->o->teams_count; i++) {
		mark_changes(changes, w->on_duty + i * MINUTE_WORDS);
		mark_changes(changes, w->second + i * MINUTE_WORDS);
	}
	mark_changes(changes, minutes_of(w, &d->o->plan->office));
	changes[0] |= 1;
	d->starts =
	    arena_alloc(d->arena, (DUTY_MINUTES + 1) * sizeof(*d->starts));
	for (uint32_t m = 0; m < DUTY_MINUTES; m++)
		if (duty_bit(changes, m))
			d->starts[d->segments++] = m;
	d->starts[d->segments] = DUTY_MINUTES;
	d->words = (d->segments + 63) / 64;
}

static void
to_segments(const struct duty *d, const uint64_t *minutes, uint64_t *out)
{
	for (uint32_t s = 0; s < d->segments; s++)
		if (duty_bit(minutes, d->starts[s]))
			out[s / 64] |= UINT64_C(1) << (s % 64);
}

static void
promise_segments(struct week *w)
{
	struct duty *d = w->d;
	const struct organisation_plan *plan = d->o->plan;

	for (int level = 1; level < ORGANISATION_LEVELS; level++) {
		uint64_t *bits;

		if (plan->promise[level] == PROMISE_NONE)
			continue;
		bits = arena_alloc(d->arena, d->words * sizeof(*bits));
		d->promised[level] = bits;
		if (plan->promise[level] == PROMISE_OFFICE)
			to_segments(d, minutes_of(w, &plan->office), bits);
		for (uint32_t s = 0;
		     s < d->segments && plan->promise[level] == PROMISE_ALWAYS;
		     s++)
			bits[s / 64] |= UINT64_C(1) << (s % 64);
	}
}

void
duty_week(struct duty *d)
{
	size_t teams = d->o->teams_count;
	struct week w = {.d = d};

	w.on_duty = must_alloc(teams * MINUTE_WORDS * sizeof(*w.on_duty));
	w.second = must_alloc(teams * MINUTE_WORDS * sizeof(*w.second));
	for (size_t i = 0; i < teams; i++)
		team_minutes(&w, i);
	find_segments(&w);
	d->on_duty =
	    arena_alloc(d->arena, (teams + 1) * d->words * sizeof(*d->on_duty));
	d->second =
	    arena_alloc(d->arena, (teams + 1) * d->words * sizeof(*d->second));
	d->scratch = arena_alloc(
	    d->arena, DUTY_SCRATCH * d->words * sizeof(*d->scratch));
	for (size_t i = 0; i < teams; i++) {
		to_segments(
		    d, w.on_duty + i * MINUTE_WORDS, d->on_duty + i * d->words);
		to_segments(
		    d, w.second + i * MINUTE_WORDS, d->second + i * d->words);
	}
	promise_segments(&w);
	free(w.on_duty);
	free(w.second);
	free(w.calendars);
}

uint32_t
duty_at(const struct duty *d, int64_t ms)
{
	int64_t minute = (ms - d->from_ms) / MINUTE_MS;
	uint32_t low = 0, high = d->segments;

	REQUIRE(minute >= 0 && minute < DUTY_MINUTES);
	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;

		if (d->starts[middle] <= (uint32_t)minute)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const uint64_t *
duty_team(const struct duty *d, const uint64_t *bits, const struct team *team)
{
	return bits + (size_t)(team - d->o->teams) * d->words;
}
