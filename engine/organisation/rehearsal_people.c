/*
 * What people do in a rehearsal, and how long it takes them.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/organisation/rehearsal_parts.h"

/* Of a team that says none. */
#define CAPACITY 10

static const int sees_min[ORGANISATION_LEVELS] = {0,
#define SEES(level, minutes) minutes,
#include "engine/organisation/rehearsal_people.def"
};

static const int drafts_min[TEAM_KINDS] = {
#define DRAFTS(kind, minutes) [TEAM_##kind] = minutes,
#include "engine/organisation/rehearsal_people.def"
};

enum {
#define PEOPLE(name, figure) PEOPLE_##name = figure,
#include "engine/organisation/rehearsal_people.def"
};

/* Between half of it and twice as much. */
static int64_t
drawn_ms(struct rehearsal_run *run, double minutes)
{
	double ln2 = mathx_ln(2.0);
	double factor = mathx_exp((2.0 * rand_unit(&run->rand) - 1.0) * ln2);

	return (int64_t)(minutes * factor * (double)MINUTE_MS);
}

/* Somebody does it after ${wait_ms}, or as long after the team is back. */
static void
when_there(struct rehearsal_run *run, enum rehearsal_step step,
    uint32_t episode, const struct team *team, int64_t wait_ms)
{
	int64_t at_ms = run->now_ms + wait_ms;

	if (!organisation_on_duty(run->o, team, at_ms)) {
		at_ms = organisation_back(run->o, team, at_ms);
		if (at_ms == TIME_NONE)
			return;
		at_ms += wait_ms;
	}
	rehearsal_later(run, step, episode, team, at_ms);
}

static unsigned
open_alerts(const struct rehearsal_run *run, const struct team *team)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < run->episodes_count; i++)
		count += run->episodes[i].level > 0 &&
		    !strcmp(run->episodes[i].owner, team->id);
	return count;
}

void
rehearsal_told(
    struct rehearsal_run *run, uint32_t episode, const struct team *team)
{
	const struct rehearsal_episode *e = &run->episodes[episode];
	double capacity = team->capacity > 0 ? (double)team->capacity :
					       CAPACITY;
	double times = (1.0 + open_alerts(run, team) / capacity) *
	    (run->o->model == MODEL_ORGANIC ? PEOPLE_BYSTANDER : 1);
	uint8_t level = e->level > 0 ? e->level : 1;

	when_there(run, STEP_SEES, episode, team,
	    drawn_ms(run, sees_min[level] * times));
}

void
rehearsal_calm(struct rehearsal_run *run, uint32_t episode)
{
	const struct rehearsal_episode *e = &run->episodes[episode];
	const struct team *team = organisation_team(run->o, e->owner);

	if (team != NULL)
		when_there(run, STEP_CLOSES, episode, team,
		    drawn_ms(run, PEOPLE_CLOSES));
}

/* One team more that the public hears of this. */
static void
speaks(struct rehearsal_run *run, uint32_t episode, const struct team *team)
{
	struct rehearsal_episode *e = &run->episodes[episode];

	if (run->statement_ms == TIME_NONE)
		run->statement_ms = run->now_ms;
	for (uint32_t i = 0; i < e->speakers_count; i++)
		if (e->speakers[i] == team)
			return;
	e->speakers = must_grow(
	    e->speakers, (e->speakers_count + 1) * sizeof(*e->speakers));
	e->speakers[e->speakers_count++] = team;
}

static bool
command(struct rehearsal_run *run, enum lifecycle_act act, uint32_t episode,
    const struct team *team, int64_t until_ms, struct answer *answer)
{
	char id[32];
	struct command c = {.act = act, .sent_ms = run->now_ms,
	    .alert = slice_of(run->episodes[episode].id),
	    .team = slice_of(team->id), .by = SLICE("rehearsal"),
	    .text = SLICE("rehearsal"), .until_ms = until_ms};

	snprintf(id, sizeof(id), "%llu-0", (unsigned long long)++run->commands);
	c.id = slice_of(id);
	return lifecycle_command(run->lc, &c, run->now_ms, answer);
}

static void
on_sees(struct rehearsal_run *run, uint32_t episode, const struct team *team)
{
	struct rehearsal_episode *e = &run->episodes[episode];
	struct answer answer;

	if (e->level == 0)
		return;
	if (!command(run, ACT_claim, episode, team, TIME_NONE, &answer)) {
		/* Nobody coordinates: they speak for themselves. */
		if (run->o->model == MODEL_ORGANIC && e->level >= 2 &&
		    answer.refusal == REFUSAL_owned)
			when_there(run, STEP_OWN, episode, team,
			    drawn_ms(run, drafts_min[team->kind]));
		return;
	}
	if (e->claimed_ms == TIME_NONE)
		e->claimed_ms = run->now_ms;
	snprintf(e->owner, sizeof(e->owner), "%s", team->id);
	when_there(run, STEP_SAYS, episode, team,
	    drawn_ms(run, drafts_min[team->kind]));
}

/* At level 1 people are answered one by one; that is no statement. */
static void
on_says(struct rehearsal_run *run, uint32_t episode, const struct team *team)
{
	bool loud = run->episodes[episode].level >= 2;
	struct answer answer;

	if (!command(run, loud ? ACT_hold : ACT_watch, episode, team,
		loud ? run->now_ms + PEOPLE_PROMISE * MINUTE_MS : TIME_NONE,
		&answer) || !loud)
		return;
	run->result->promises++;
	speaks(run, episode, team);
	when_there(run, STEP_KEEPS, episode, team, drawn_ms(run, PEOPLE_KEEPS));
}

static void
on_keeps(struct rehearsal_run *run, uint32_t episode, const struct team *team)
{
	struct answer answer;

	if (command(run, ACT_respond, episode, team, TIME_NONE, &answer))
		when_there(run, STEP_LEAVES, episode, team,
		    drawn_ms(run, PEOPLE_WATCHES));
}

void
rehearsal_do_next(struct rehearsal_run *run)
{
	struct rehearsal_event e = run->events[0];
	struct answer answer;
	size_t i = 0, count = --run->events_count;
	struct rehearsal_event last = run->events[count];

	for (size_t child = 1; child < count; i = child, child = 2 * i + 1) {
		const struct rehearsal_event *at = run->events;

		if (child + 1 < count &&
		    (at[child + 1].at_ms < at[child].at_ms ||
			(at[child + 1].at_ms == at[child].at_ms &&
			    at[child + 1].order < at[child].order)))
			child++;
		if (last.at_ms < at[child].at_ms ||
		    (last.at_ms == at[child].at_ms &&
			last.order < at[child].order))
			break;
		run->events[i] = at[child];
	}
	run->events[i] = last;
	run->now_ms = e.at_ms;
	switch (e.step) {
	case STEP_SEES: on_sees(run, e.episode, e.team); break;
	case STEP_SAYS: on_says(run, e.episode, e.team); break;
	case STEP_OWN: speaks(run, e.episode, e.team); break;
	case STEP_KEEPS: on_keeps(run, e.episode, e.team); break;
	case STEP_LEAVES:
		command(run, ACT_watch, e.episode, e.team, TIME_NONE, &answer);
		break;
	case STEP_CLOSES:
		command(run, ACT_close, e.episode, e.team, TIME_NONE, &answer);
		break;
	}
}
