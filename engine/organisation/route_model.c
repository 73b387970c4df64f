/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/route_model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/organisation/route_say.h"

#define SHADOW_PREFIX "shadow:"

/* What becomes of each team. */
enum part { PART_NONE, PART_SHADOW, PART_TOLD };

struct routing {
	const struct organisation *o;
	struct route_subject s;
	struct route_chain chain;
	enum part *parts;                 /* by team */
	const struct route_choice *owner; /* or NULL */
	const struct team *deputy;
	const char *second;
	bool on_duty;
	struct buf code, fr, en;
};

const struct route_choice *
route_on_duty(
    const struct organisation *o, const struct route_chain *chain, int64_t ms)
{
	for (size_t i = 0; i < chain->count; i++)
		if (organisation_on_duty(o, chain->choices[i].team, ms))
			return &chain->choices[i];
	return chain->count > 0 ? &chain->choices[0] : NULL;
}

const struct team *
route_deputy(const struct organisation *o, const struct route_chain *chain,
    const struct route_choice *owner, const struct route_subject *s, int64_t ms)
{
	for (size_t i = 0; i < owner->team->deputies_count; i++) {
		const struct team *team = owner->team->deputies[i];

		if (route_stands_in(team, s) &&
		    organisation_on_duty(o, team, ms))
			return team;
	}
	for (size_t i = 0; i < chain->count; i++) {
		const struct route_choice *c = &chain->choices[i];

		if (c != owner && c->promised &&
		    organisation_on_duty(o, c->team, ms))
			return c->team;
	}
	return NULL;
}

static size_t
index_of(const struct routing *r, const struct team *team)
{
	return (size_t)(team - r->o->teams);
}

static void
tell(struct routing *r, const struct team *team)
{
	bool live = route_is_live(team, &r->s);

	r->parts[index_of(r, team)] = live ? PART_TOLD : PART_SHADOW;
}

/* Routes that inform, up to and with the one that names the owner. */
static void
tell_routes(struct routing *r)
{
	for (size_t i = 0; i < r->o->routes_count; i++) {
		const struct route_rule *rule = &r->o->routes[i];

		if (!route_matches(&rule->match, &r->s))
			continue;
		for (size_t k = 0; k < rule->inform_count; k++)
			tell(r, rule->inform[k]);
		if (!rule->go_on)
			return;
	}
}

static void
decide(struct routing *r, int64_t ms)
{
	const struct organisation *o = r->o;
	const struct team **all =
	    must_alloc((o->teams_count + 1) * sizeof(*all));

	for (size_t i = 0; i < o->teams_count; i++)
		all[i] = &o->teams[i];
	route_chain_build(o, all, o->teams_count, &r->s, &r->chain);
	free(all);
	for (size_t i = 0; i < o->teams_count; i++)
		if (route_is_told(o, &o->teams[i], &r->s))
			tell(r, &o->teams[i]);
	tell_routes(r);
	r->owner = route_on_duty(o, &r->chain, ms);
	if (r->owner == NULL)
		return;
	r->on_duty = organisation_on_duty(o, r->owner->team, ms);
	r->deputy = route_deputy(o, &r->chain, r->owner, &r->s, ms);
	if (r->deputy == NULL)
		r->second = organisation_second(o, r->owner->team, ms);
	r->parts[index_of(r, r->owner->team)] = PART_TOLD;
	if (r->deputy != NULL)
		r->parts[index_of(r, r->deputy)] = PART_TOLD;
	route_say(o, &r->chain, r->owner, ms, &r->code, &r->fr, &r->en);
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

static size_t
length(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

/* The owner, if it is there; under the organic model everybody concerned. */
static bool
may_answer(const struct routing *r, const struct team *team, int64_t ms)
{
	if (!r->on_duty || team == r->owner->team)
		return r->on_duty;
	if (r->o->model != MODEL_ORGANIC)
		return false;
	for (size_t i = 0; i < r->chain.count; i++)
		if (r->chain.choices[i].team == team)
			return r->chain.choices[i].promised &&
			       organisation_on_duty(r->o, team, ms);
	return false;
}

/* All in the block of a->teams: its arrays, the route, all texts. */
static char *
lay_out(const struct routing *r, struct alert *a)
{
	size_t teams = 0, shadow = 0, bytes = sizeof(struct alert_route);
	const char **at;

	for (size_t i = 0; i < r->o->teams_count; i++) {
		const struct team *team = &r->o->teams[i];

		if (r->parts[i] == PART_NONE)
			continue;
		teams += r->parts[i] == PART_TOLD;
		shadow += r->parts[i] == PART_SHADOW;
		bytes += length(team->id) + length(team->channel) +
			 sizeof(SHADOW_PREFIX);
	}
	bytes += (4 * teams + 2 * shadow) * sizeof(*at);
	bytes += length(r->second) + r->code.len + r->fr.len + r->en.len + 3;
	a->teams = must_alloc(bytes);
	a->teams_count = (uint32_t)teams;
	a->channels_count = (uint32_t)(teams + shadow);
	a->channels = a->teams + teams;
	at = a->channels + teams + shadow;
	/* pointers before it: aligned */
	a->route = (struct alert_route *)(void *)(at + 2 * teams + shadow);
	*a->route = (struct alert_route){
	    .informed = at,
	    .interlocutors = at + teams,
	    .shadow = at + 2 * teams,
	};
	return (char *)(a->route + 1);
}

static void
fill_teams(const struct routing *r, struct alert *a, int64_t ms, char **text)
{
	struct alert_route *route = a->route;
	uint32_t teams = 0, channels = a->teams_count;

	for (size_t i = 0; i < r->o->teams_count; i++) {
		const struct team *team = &r->o->teams[i];
		const char *id;

		if (r->parts[i] == PART_NONE)
			continue;
		id = put(text, team->id);
		if (r->parts[i] == PART_SHADOW) {
			route->shadow[route->shadow_count++] = id;
			a->channels[channels++] = *text;
			memcpy(*text, SHADOW_PREFIX, sizeof(SHADOW_PREFIX));
			*text += sizeof(SHADOW_PREFIX) - 1;
			put(text, team->channel);
			continue;
		}
		a->channels[teams] = put(text, team->channel);
		a->teams[teams++] = id;
		if (r->owner != NULL && team == r->owner->team)
			a->owner = id;
		else
			route->informed[route->informed_count++] = id;
		if (team == r->deputy)
			route->deputy = id;
		if (may_answer(r, team, ms))
			route->interlocutors[route->interlocutors_count++] = id;
	}
}

static const char *
put_buf(char **text, const struct buf *b)
{
	char *at = *text;

	if (b->len > 0)
		memcpy(at, b->data, b->len);
	at[b->len] = 0;
	*text += b->len + 1;
	return at;
}

static void
write_down(const struct routing *r, struct alert *a)
{
	char *text = lay_out(r, a);
	struct alert_route *route = a->route;

	a->owner = NULL;
	fill_teams(r, a, a->minute_ms, &text);
	if (r->second != NULL)
		route->deputy_person = put(&text, r->second);
	route->why = put_buf(&text, &r->code);
	route->why_fr = put_buf(&text, &r->fr);
	route->why_en = put_buf(&text, &r->en);
	route->on_duty = r->on_duty;
	REQUIRE(a->level < ORGANISATION_LEVELS);
	if (r->o->answer_within_ms[a->level] > 0)
		route->answer_by_ms =
		    a->minute_ms + r->o->answer_within_ms[a->level];
}

void
route_model(const struct organisation *o, struct alert *a)
{
	struct routing r = {.o = o, .s = route_subject_of(o, a)};

	r.parts = must_alloc((o->teams_count + 1) * sizeof(*r.parts));
	decide(&r, a->minute_ms);
	write_down(&r, a);
	route_chain_fini(&r.chain);
	buf_fini(&r.code);
	buf_fini(&r.fr);
	buf_fini(&r.en);
	free(r.parts);
}
