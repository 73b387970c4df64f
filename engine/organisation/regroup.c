/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/regroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/organisation/route.h"

enum { OLD, NEW };

/* Both lists of teams are in order of id. */
void
regroup_start(struct regroup *g, const struct organisation *old,
    const struct organisation *new)
{
	size_t i = 0, k = 0;

	*g = (struct regroup){.o = {old, new}, .ids = names_new()};
	g->teams = must_alloc((old->teams_count + new->teams_count + 1) *
	    sizeof(*g->teams));
	while (i < old->teams_count || k < new->teams_count) {
		struct regroup_team *t = &g->teams[g->teams_count++];
		int order = i == old->teams_count ? 1 :
		    k == new->teams_count ? -1 :
		    strcmp(old->teams[i].id, new->teams[k].id);

		t->id = order <= 0 ? old->teams[i].id : new->teams[k].id;
		if (order <= 0)
			t->teams[OLD] = &old->teams[i++];
		if (order >= 0)
			t->teams[NEW] = &new->teams[k++];
	}
}

void
regroup_fini(struct regroup *g)
{
	for (uint32_t i = 0; i < g->episodes_count; i++)
		for (int s = OLD; s <= NEW; s++) {
			free(g->episodes[i].sides[s].told);
			free(g->episodes[i].sides[s].shadow);
		}
	free(g->episodes);
	free(g->teams);
	names_free(g->ids);
}

static struct regroup_episode *
episode_of(struct regroup *g, const struct alert *a)
{
	struct name *name = names_give(g->ids, slice_of(a->id), 0);
	struct regroup_episode *e;

	if (name->thing != NULL)
		return &g->episodes[(uintptr_t)name->thing - 1];
	if (g->episodes_count == g->episodes_room) {
		g->episodes_room = g->episodes_room * 2 + 64;
		g->episodes = must_grow(g->episodes,
		    g->episodes_room * sizeof(*g->episodes));
	}
	e = &g->episodes[g->episodes_count++];
	name->thing = (void *)(uintptr_t)g->episodes_count;
	*e = (struct regroup_episode){.first_ms = a->minute_ms};
	memcpy(e->id, a->id, sizeof(e->id));
	snprintf(e->about, sizeof(e->about), "%s%s%s", a->brand != NULL ?
		a->brand : a->sector, a->topic != NULL ? "/" : "",
	    a->topic != NULL ? a->topic : "");
	for (int s = OLD; s <= NEW; s++) {
		e->sides[s].told = must_alloc(g->o[s]->teams_count + 1);
		e->sides[s].shadow = must_alloc(g->o[s]->teams_count + 1);
	}
	return e;
}

static void
mark(const struct organisation *o, uint8_t *marks, const char *id)
{
	const struct team *team = organisation_team(o, id);

	if (team != NULL)
		marks[team - o->teams] = 1;
}

void
regroup_take(struct regroup *g, const struct alert *from)
{
	struct regroup_episode *e = episode_of(g, from);
	bool higher = from->level > e->highest;

	if (higher)
		e->highest = from->level;
	for (int s = OLD; s <= NEW; s++) {
		const struct organisation *o = g->o[s];
		struct alert *a = alert_unrouted(from);

		route_owner(o, a);
		for (uint32_t i = 0; i < a->teams_count; i++)
			mark(o, e->sides[s].told, a->teams[i]);
		for (uint32_t i = 0;
		     a->route != NULL && i < a->route->shadow_count; i++)
			mark(o, e->sides[s].shadow, a->route->shadow[i]);
		if (higher)
			e->sides[s].owner = organisation_team(o, a->owner);
		alert_unref(a);
	}
}

static bool
has(const struct regroup *g, const struct regroup_episode *e, int side,
    const struct regroup_team *t, bool shadow)
{
	const struct regroup_side *s = &e->sides[side];

	return t->teams[side] != NULL &&
	    (shadow ? s->shadow : s->told)[t->teams[side] - g->o[side]->teams];
}

static const char *
owner_of(const struct regroup_episode *e, int side)
{
	return e->sides[side].owner != NULL ? e->sides[side].owner->id : "";
}

void
regroup_end(struct regroup *g)
{
	for (uint32_t i = 0; i < g->episodes_count; i++) {
		const struct regroup_episode *e = &g->episodes[i];

		g->moved += strcmp(owner_of(e, OLD), owner_of(e, NEW)) != 0;
		for (int s = OLD; s <= NEW; s++)
			g->unowned[s] += e->sides[s].owner == NULL;
		for (uint32_t k = 0; k < g->teams_count; k++) {
			struct regroup_team *t = &g->teams[k];
			bool told[2], owns[2];

			for (int s = OLD; s <= NEW; s++) {
				told[s] = has(g, e, s, t, false);
				owns[s] = !strcmp(owner_of(e, s), t->id);
				t->told[s] += told[s];
				t->owned[s] += owns[s];
				t->shadow[s] += has(g, e, s, t, true);
			}
			t->gained += told[NEW] && !told[OLD];
			t->lost += told[OLD] && !told[NEW];
			t->owns_more += owns[NEW] && !owns[OLD];
			t->owns_less += owns[OLD] && !owns[NEW];
		}
	}
}
