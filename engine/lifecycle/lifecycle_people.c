/*
 * What the organisation says to a case: who is known, who deputises, who is
 * asked when nobody answers.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/lifecycle/lifecycle_parts.h"
#include "engine/organisation/organisation_plan.h"

/* Steps of the escalation, where the organisation names none: deputies after
 * half the time to answer, the centre after all of it, then everybody again
 * and again, each time after twice as long. */
#define STEPS_DOUBLED 10u

static const struct team *
find(const struct lifecycle *lc, struct slice id)
{
	const struct organisation *o = lc->setup.organisation;

	for (size_t i = 0; o != NULL && i < o->teams_count; i++)
		if (slice_is(id, o->teams[i].id))
			return &o->teams[i];
	return NULL;
}

bool
lifecycle_people_known(const struct lifecycle *lc, struct slice team)
{
	return find(lc, team) != NULL;
}

const char *
lifecycle_people_channel(const struct lifecycle *lc, const char *team)
{
	const struct team *t = find(lc, slice_of(team));

	return t != NULL ? t->channel : NULL;
}

/* Without a file nobody promised anything. */
int64_t
lifecycle_people_window(const struct lifecycle *lc, uint8_t level)
{
	const struct organisation *o = lc->setup.organisation;

	if (o == NULL || o->plan->path == NULL || level >= ORGANISATION_LEVELS)
		return 0;
	return o->answer_within_ms[level];
}

int64_t
lifecycle_people_answer_by(const struct lifecycle *lc, const struct alert *a)
{
	int64_t window_ms = lifecycle_people_window(lc, a->level);

	if (window_ms > 0 && lc->setup.posts_time)
		return lc->now_ms + window_ms;
	if (window_ms > 0 && a->route != NULL && a->route->answer_by_ms > 0)
		return a->route->answer_by_ms;
	return window_ms > 0 ? a->minute_ms + window_ms : TIME_NONE;
}

/* Whom a step asks: who is there for it, else who is for it, else anybody. */
enum pick { PICK_THERE, PICK_LEVEL, PICK_ANY, PICKS };

static bool
is_picked(const struct lifecycle *lc, const struct team *t, uint8_t level,
    enum pick pick)
{
	if (t->stage == STAGE_SHADOW)
		return false;
	if (pick < PICK_ANY && (level < t->min_level || level > t->max_level))
		return false;
	return pick > PICK_THERE ||
	    organisation_on_duty(lc->setup.organisation, t, lc->now_ms);
}

void
lifecycle_people_deputies(const struct lifecycle *lc, const char *team,
    uint8_t level, struct lifecycle_set *set)
{
	const struct team *t = find(lc, slice_of(team));
	bool any = false;

	for (enum pick pick = 0; t != NULL && !any && pick < PICKS; pick++)
		for (size_t i = 0; i < t->deputies_count; i++) {
			const struct team *deputy = t->deputies[i];

			if (!is_picked(lc, deputy, level, pick))
				continue;
			lifecycle_set_put(set, deputy->id, deputy->channel);
			any = true;
		}
}

static bool
sees_all(const struct team *t)
{
	return t->stage != STAGE_SHADOW && (t->brands.all || t->sectors.all);
}

void
lifecycle_people_centres(
    const struct lifecycle *lc, struct lifecycle_set *set)
{
	const struct organisation *o = lc->setup.organisation;
	bool any = false;

	for (size_t i = 0; o != NULL && i < o->teams_count; i++)
		if (o->teams[i].kind == TEAM_CENTRE &&
		    o->teams[i].stage != STAGE_SHADOW) {
			lifecycle_set_put(
			    set, o->teams[i].id, o->teams[i].channel);
			any = true;
		}
	for (size_t i = 0; !any && o != NULL && i < o->teams_count; i++)
		if (sees_all(&o->teams[i]))
			lifecycle_set_put(
			    set, o->teams[i].id, o->teams[i].channel);
}

static void
put_target(const struct lifecycle *lc, const struct lifecycle_case *c,
    const struct escalation_target *to, struct lifecycle_set *set)
{
	const char *owner = c->owner != NULL ? c->owner : c->wanted;

	switch (to->role) {
	case ESCALATE_TEAM:
		lifecycle_set_put(set, to->team->id, to->team->channel);
		return;
	case ESCALATE_OWNER:
		if (owner != NULL)
			lifecycle_set_put(set, owner,
			    lifecycle_people_channel(lc, owner));
		return;
	case ESCALATE_DEPUTIES:
		if (owner != NULL)
			lifecycle_people_deputies(
			    lc, owner, c->level, set);
		return;
	case ESCALATE_CENTRE:
		lifecycle_people_centres(lc, set);
		return;
	case ESCALATE_INFORMED:
		for (uint32_t i = 0; i < c->got.count; i++)
			lifecycle_set_put(
			    set, c->got.ids[i], c->got.channels[i]);
	}
}

static int64_t
planned(const struct lifecycle *lc, const struct lifecycle_case *c,
    uint32_t n, struct lifecycle_set *set)
{
	const struct organisation_plan *plan = lc->setup.organisation->plan;
	size_t last = plan->escalation_count - 1;
	const struct escalation_step *s =
	    &plan->escalation[n < last ? n : last];
	int64_t more = n > last ? (int64_t)(n - last) : 0;

	if (more > 0 && s->repeat_ms < MINUTE_MS)
		return TIME_NONE;
	for (size_t i = 0; i < s->to_count; i++)
		put_target(lc, c, &s->to[i], set);
	return s->after_ms + more * s->repeat_ms;
}

int64_t
lifecycle_people_step(const struct lifecycle *lc,
    const struct lifecycle_case *c, uint32_t n, struct lifecycle_set *set)
{
	const struct organisation *o = lc->setup.organisation;

	if (o != NULL && o->plan->escalation_count > 0)
		return planned(lc, c, n, set);
	if (n >= STEPS_DOUBLED)
		return TIME_NONE;
	if (c->wanted != NULL)
		lifecycle_people_deputies(lc, c->wanted, c->level, set);
	if (n == 0)
		return c->window_ms / 2;
	lifecycle_people_centres(lc, set);
	for (uint32_t i = 0; n > 1 && i < c->got.count; i++)
		lifecycle_set_put(set, c->got.ids[i], c->got.channels[i]);
	return c->window_ms << (n - 1);
}

bool
lifecycle_people_deputises(const struct lifecycle *lc, struct slice team,
    const struct lifecycle_set *set)
{
	for (uint32_t i = 0; i < set->count; i++) {
		const struct team *t = find(lc, slice_of(set->ids[i]));

		for (size_t k = 0; t != NULL && k < t->deputies_count; k++)
			if (slice_is(team, t->deputies[k]->id))
				return true;
	}
	return false;
}
