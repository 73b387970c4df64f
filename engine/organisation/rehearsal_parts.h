/*
 * The inside of a rehearsal: one run with one organisation.
 *
 * Thread: one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REHEARSAL_PARTS_H
#define ENGINE_REHEARSAL_PARTS_H

#include "engine/base/rand.h"
#include "engine/lifecycle/lifecycle.h"
#include "engine/organisation/rehearsal.h"

struct rehearsal {
	struct alert **alerts; /* without teams */
	size_t count;
};

enum rehearsal_step {
	STEP_SEES,  /* somebody of the team sees the alert */
	STEP_SAYS,  /* a first word in public */
	STEP_OWN,   /* the same by one who does not own it (organic) */
	STEP_KEEPS, /* the answer */
	STEP_LEAVES,
	STEP_CLOSES,
};

struct rehearsal_event {
	int64_t at_ms;
	uint64_t order; /* of events of one moment */
	enum rehearsal_step step;
	uint32_t episode;
	const struct team *team;
};

struct rehearsal_episode {
	char id[33];
	char about[64], owner[64];
	uint8_t level, highest;
	int64_t first_ms, due_ms, claimed_ms;
	const struct team **speakers;
	uint32_t speakers_count;
};

struct rehearsal_run {
	const struct organisation *o;
	struct lifecycle *lc;
	struct counters counters;
	struct rand rand;
	struct rehearsal_event *events; /* a heap, the next one first */
	size_t events_count;
	uint64_t order, commands;
	struct rehearsal_episode *episodes;
	uint32_t episodes_count;
	int64_t now_ms, statement_ms;
	struct rehearsal_result *result;
};

/** rehearsal_later(run, step, episode, team, at_ms): put it on the list. */
void rehearsal_later(struct rehearsal_run *run, enum rehearsal_step step,
    uint32_t episode, const struct team *team, int64_t at_ms);

/** rehearsal_next_ms(run): of the next event; INT64_MAX: none.
 * rehearsal_do_next(run): do it. */
int64_t rehearsal_next_ms(const struct rehearsal_run *run);
void rehearsal_do_next(struct rehearsal_run *run);

/** rehearsal_told(run, episode, team): the team is to act: somebody will see
 * it, when the team is there. */
void rehearsal_told(struct rehearsal_run *run, uint32_t episode,
    const struct team *team);

/** rehearsal_calm(run, episode): back to level 0: its owner will close it. */
void rehearsal_calm(struct rehearsal_run *run, uint32_t episode);

#endif
