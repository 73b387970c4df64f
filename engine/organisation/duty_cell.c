/*
 * One brand, topic, level, language, country through the whole week.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/duty_parts.h"

#include <string.h>

#include "engine/base/must.h"

/* Two teams for different languages are no tie when the language is not
 * known: each takes what is its own. */
static bool
is_apart(const struct team *a, const struct team *b)
{
	if (a->languages.all || a->languages.count == 0 || b->languages.all ||
	    b->languages.count == 0)
		return false;
	for (size_t i = 0; i < a->languages.count; i++)
		if (organisation_holds(&b->languages, a->languages.ids[i]))
			return false;
	return true;
}

static bool
any_bit(const uint64_t *bits, uint32_t words)
{
	for (uint32_t k = 0; k < words; k++)
		if (bits[k] != 0)
			return true;
	return false;
}

struct telling {
	struct duty *d;
	const struct route_subject *s;
	const uint64_t *promised;
	uint64_t *seen, *twice, *gap, *other; /* scratch */
	void (*tell)(void *self, enum duty_kind kind, uint32_t a, uint32_t b,
	    const uint64_t *gap);
	void *self;
};

static uint32_t
number(const struct telling *t, const struct team *team)
{
	return (uint32_t)(team - t->d->o->teams);
}

static void
say(const struct telling *t, enum duty_kind kind, uint32_t a, uint32_t b)
{
	if (any_bit(t->gap, t->d->words))
		t->tell(t->self, kind, a, b, t->gap);
}

/* Two of the same rank, and nobody before them. */
static void
ties(const struct telling *t, size_t i, size_t end)
{
	const struct route_choice *c = t->d->chain.choices;

	for (size_t a = i; a < end; a++) {
		const uint64_t *x = duty_team(t->d, t->d->on_duty, c[a].team);

		for (size_t b = a + 1; b < end; b++) {
			const uint64_t *y =
			    duty_team(t->d, t->d->on_duty, c[b].team);

			if (t->s->lang == NULL &&
			    is_apart(c[a].team, c[b].team))
				continue;
			for (uint32_t k = 0; k < t->d->words; k++)
				t->gap[k] =
				    t->promised[k] & x[k] & y[k] & ~t->seen[k];
			say(t, DUTY_OVERLAP, number(t, c[a].team),
			    number(t, c[b].team));
		}
	}
}

/* Where somebody is there, and where two are. */
static void
count_there(const struct telling *t, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		const uint64_t *on =
		    duty_team(t->d, t->d->on_duty, t->d->chain.choices[i].team);

		for (uint32_t k = 0; k < t->d->words; k++) {
			t->twice[k] |= t->seen[k] & on[k];
			t->seen[k] |= on[k];
		}
	}
}

/* The last in line that is no deputy: its absence makes the hole. */
static uint32_t
backstop(const struct telling *t)
{
	const struct route_chain *chain = &t->d->chain;

	for (size_t i = chain->count; i > 0; i--)
		if (chain->choices[i - 1].reason != REASON_DEPUTY)
			return number(t, chain->choices[i - 1].team);
	return DUTY_NONE;
}

/* Who stands in for a team, whatever the chain says of it. */
static void
take_away_deputies(const struct telling *t, const struct team *team)
{
	for (size_t i = 0; i < team->deputies_count; i++) {
		const uint64_t *on =
		    duty_team(t->d, t->d->on_duty, team->deputies[i]);

		if (!route_stands_in(team->deputies[i], t->s))
			continue;
		for (uint32_t k = 0; k < t->d->words; k++)
			t->gap[k] &= ~on[k];
	}
}

/* Each owner where nobody else is, and no second one of its own. */
static void
lone(const struct telling *t)
{
	const struct route_chain *chain = &t->d->chain;
	uint64_t *before = t->other;
	uint32_t words = t->d->words;

	memset(before, 0, words * sizeof(*before));
	for (size_t i = 0; i < chain->count; i++) {
		const struct team *team = chain->choices[i].team;
		const uint64_t *on = duty_team(t->d, t->d->on_duty, team);
		const uint64_t *two = duty_team(t->d, t->d->second, team);

		for (uint32_t k = 0; k < words; k++) {
			t->gap[k] = t->promised[k] & on[k] & ~before[k] &
				    ~t->twice[k] & ~two[k];
			before[k] |= on[k];
		}
		take_away_deputies(t, team);
		say(t, DUTY_LONE, number(t, team), DUTY_NONE);
	}
}

void
duty_cell(struct duty *d, const struct team *const *teams, size_t count,
    const struct route_subject *s,
    void (*tell)(void *self, enum duty_kind kind, uint32_t a, uint32_t b,
	const uint64_t *gap),
    void *self)
{
	struct telling t = {.d = d,
	    .s = s,
	    .promised = d->promised[s->level],
	    .seen = d->scratch,
	    .twice = d->scratch + d->words,
	    .gap = d->scratch + 2 * (size_t)d->words,
	    .other = d->scratch + 3 * (size_t)d->words,
	    .tell = tell,
	    .self = self};

	_Static_assert(DUTY_SCRATCH == 4, "seen, twice, gap, other");
	REQUIRE(t.promised != NULL);
	d->chain.promised_only = true;
	route_chain_build(d->o, teams, count, s, &d->chain);
	d->checked++;
	memset(d->scratch, 0, 2 * d->words * sizeof(*d->scratch));
	for (size_t i = 0, end; i < d->chain.count; i = end) {
		for (end = i + 1;
		     end < d->chain.count &&
		     d->chain.choices[end].rank == d->chain.choices[i].rank;)
			end++;
		if (end - i > 1 && d->o->model != MODEL_ORGANIC)
			ties(&t, i, end);
		count_there(&t, i, end);
	}
	for (uint32_t k = 0; k < d->words; k++)
		t.gap[k] = t.promised[k] & ~t.seen[k];
	say(&t, DUTY_HOLE, backstop(&t), DUTY_NONE);
	if (s->level >= d->o->plan->deputy_from)
		lone(&t);
}
