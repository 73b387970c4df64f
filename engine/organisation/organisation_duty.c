/*
 * Who is there, and who stands in.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"

static int
by_id(const void *id, const void *team)
{
	return strcmp(id, ((const struct team *)team)->id);
}

const struct team *
organisation_team(const struct organisation *o, const char *id)
{
	if (o->teams_count == 0 || id == NULL)
		return NULL;
	return bsearch(id, o->teams, o->teams_count, sizeof(*o->teams), by_id);
}

bool
organisation_on_duty(
    const struct organisation *o, const struct team *team, int64_t ms)
{
	(void)o;
	if (!hours_hold(&team->hours, ms))
		return false;
	for (size_t i = 0; i < team->people_count; i++)
		if (hours_hold(&team->people[i].hours, ms))
			return true;
	return team->people_count == 0;
}

/* Owners first: the second one is whoever is there beside the first. */
const char *
organisation_second(
    const struct organisation *o, const struct team *team, int64_t ms)
{
	const struct person *first = NULL, *second = NULL;

	(void)o;
	if (!hours_hold(&team->hours, ms))
		return NULL;
	for (int deputies = 0; deputies < 2; deputies++) {
		for (size_t i = 0; i < team->people_count; i++) {
			const struct person *p = &team->people[i];

			if (p->is_deputy != (deputies == 1) ||
			    !hours_hold(&p->hours, ms))
				continue;
			if (first == NULL)
				first = p;
			else if (second == NULL ||
				 (p->is_deputy && !second->is_deputy))
				second = p;
		}
	}
	return second == NULL ? NULL : second->name;
}

/* From one beginning to the next, until team and person agree. */
int64_t
organisation_back(
    const struct organisation *o, const struct team *team, int64_t ms)
{
	int64_t end_ms = ms + HOURS_NEXT_DAYS * HOURS_DAY_MS;

	while (ms < end_ms) {
		int64_t first = TIME_NONE;

		ms = hours_next(&team->hours, ms);
		if (ms == TIME_NONE || organisation_on_duty(o, team, ms))
			return ms;
		for (size_t i = 0; i < team->people_count; i++) {
			int64_t at = hours_next(&team->people[i].hours, ms);

			if (at != TIME_NONE &&
			    (first == TIME_NONE || at < first))
				first = at;
		}
		if (first == TIME_NONE)
			break;
		ms = first;
	}
	return TIME_NONE;
}
