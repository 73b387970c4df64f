/*
 * Who would own more at once than it can hold: all brands of a sector in one
 * bad week, each with one alert.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/organisation/duty_parts.h"

struct load {
	struct duty *d;
	const char *sector;
	uint32_t *owned; /* by team and segment, of the sector */
	const struct team **teams;
	uint8_t level; /* the gravest that is promised */
};

static void
add_owner(struct load *l, const struct duty_brand *brand)
{
	const struct duty_topic none = {NULL, NULL, NULL};
	struct duty *d = l->d;
	size_t count = duty_concerned(d, brand, &none, l->teams);
	struct route_subject s = {.sector = brand->sector,
	    .brand = brand->id,
	    .lang = d->langs[0],
	    .subject = ALERT_BRAND,
	    .level = l->level,
	    .talk = TALK_EXTERNAL};

	d->chain.promised_only = true;
	route_chain_build(d->o, l->teams, count, &s, &d->chain);
	for (uint32_t seg = 0; seg < d->segments; seg++) {
		for (size_t i = 0; i < d->chain.count; i++) {
			const struct team *team = d->chain.choices[i].team;

			if (!duty_bit(duty_team(d, d->on_duty, team), seg))
				continue;
			l->owned[(size_t)(team - d->o->teams) * d->segments +
				 seg]++;
			break;
		}
	}
}

static void
tell(const struct load *l, size_t i, bool french, struct diag *diag)
{
	const struct duty *d = l->d;
	const struct team *team = &d->o->teams[i];
	const uint32_t *owned = l->owned + i * d->segments;
	uint64_t *gap = d->scratch;
	uint32_t most = 0;
	struct buf spans = {0};

	memset(gap, 0, d->words * sizeof(*gap));
	for (uint32_t s = 0; s < d->segments; s++) {
		if (owned[s] <= team->capacity ||
		    !duty_bit(d->promised[l->level], s))
			continue;
		gap[s / 64] |= UINT64_C(1) << (s % 64);
		most = owned[s] > most ? owned[s] : most;
	}
	if (most == 0)
		return;
	duty_spans(d, gap, french, &spans);
	diag_add(diag, DIAG_WARNING, team->place, "over-capacity",
	    french ? "si toutes les marques d'un secteur sont touchées à la "
		     "fois, comme cela s'est vu ; élargissez capacity: ou "
		     "partagez les marques"
		   : "if all brands of a sector are hit at once, as has "
		     "happened; raise capacity: or share the brands out",
	    french ? "« %s » peut tenir %lld alertes à la fois et en aurait %u "
		     "(secteur %s, niveau %u) : %.*s"
		   : "'%s' can hold %lld alerts at once and would have %u "
		     "(sector %s, level %u): %.*s",
	    team->id, (long long)team->capacity, most, l->sector, l->level,
	    SLICE_ARG(buf_slice(&spans)));
	buf_fini(&spans);
}

static bool
any_capacity(const struct organisation *o)
{
	for (size_t i = 0; i < o->teams_count; i++)
		if (o->teams[i].capacity > 0)
			return true;
	return false;
}

void
duty_capacity(struct duty *d, bool french, struct diag *diag)
{
	size_t cells = d->o->teams_count * d->segments;
	struct load l = {.d = d, .level = ORGANISATION_LEVELS};

	while (l.level > 0 &&
	       (l.level == ORGANISATION_LEVELS || d->promised[l.level] == NULL))
		l.level--;
	if (l.level == 0 || !any_capacity(d->o))
		return;
	l.owned = must_alloc(cells * sizeof(*l.owned));
	l.teams = must_alloc((d->o->teams_count + 1) * sizeof(*l.teams));
	for (size_t s = 0; s < d->brands_count && d->brands[s].id == NULL;
	     s++) {
		l.sector = d->brands[s].sector;
		memset(l.owned, 0, cells * sizeof(*l.owned));
		for (size_t b = s; b < d->brands_count; b++)
			if (d->brands[b].id != NULL &&
			    (d->brands[b].sector == l.sector || !d->from_rules))
				add_owner(&l, &d->brands[b]);
		for (size_t i = 0; i < d->o->teams_count; i++)
			if (d->o->teams[i].capacity > 0)
				tell(&l, i, french, diag);
		if (!d->from_rules)
			break; /* which sector a brand is of is not known */
	}
	free(l.owned);
	free(l.teams);
}
