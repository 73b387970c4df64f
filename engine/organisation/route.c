/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/route.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/organisation/route_model.h"

static bool
is_for(const struct team *team, const struct alert *a)
{
	uint8_t level =
	    a->level > a->previous_level ? a->level : a->previous_level;

	return level >= team->min_level &&
	    (organisation_holds(&team->brands, a->brand) ||
		organisation_holds(&team->sectors, a->sector));
}

/* How near a team is to the alert: it names the brand, the sector, neither. */
static int
nearness(const struct team *team, const struct alert *a)
{
	if (!team->brands.all && organisation_holds(&team->brands, a->brand))
		return 2;
	if (!team->sectors.all && organisation_holds(&team->sectors, a->sector))
		return 1;
	return 0;
}

static char *
put(char **to, const char *text)
{
	size_t bytes = strlen(text) + 1;
	char *at = *to;

	memcpy(at, text, bytes);
	*to += bytes;
	return at;
}

/* One block holds both arrays and all texts: free(a->teams) frees it all. */
static void
take(struct alert *a, const struct team *const *teams, size_t count)
{
	size_t bytes = 2 * count * sizeof(char *);
	char *text;

	for (size_t i = 0; i < count; i++)
		bytes += strlen(teams[i]->id) + strlen(teams[i]->channel) + 2;
	a->teams = must_alloc(bytes);
	a->channels = a->teams + count;
	text = (char *)(a->teams + 2 * count);
	for (size_t i = 0; i < count; i++) {
		a->teams[i] = put(&text, teams[i]->id);
		a->channels[i] = put(&text, teams[i]->channel);
	}
	a->teams_count = a->channels_count = (uint32_t)count;
}

static void
nearest(const struct organisation *o, struct alert *a)
{
	const struct team **teams =
	    must_alloc(o->teams_count * sizeof(*teams));
	size_t count = 0;
	int best = -1;

	for (size_t i = 0; i < o->teams_count; i++)
		if (is_for(&o->teams[i], a))
			teams[count++] = &o->teams[i];
	take(a, teams, count);
	a->owner = NULL;
	for (size_t i = 0; i < count; i++) {
		int near = nearness(teams[i], a);

		if (near > best) {
			best = near;
			a->owner = a->teams[i];
		}
	}
	free(teams);
}

void
route_owner(const struct organisation *o, struct alert *a)
{
	REQUIRE(a->teams == NULL);
	if (o->model == MODEL_NONE)
		nearest(o, a);
	else
		route_model(o, a);
}
