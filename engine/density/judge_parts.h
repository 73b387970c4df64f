/*
 * The inside of the judge, for judge.c and for the files that save and mend
 * it.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_JUDGE_PARTS_H
#define ENGINE_JUDGE_PARTS_H

#include "engine/density/judge.h"
#include "engine/budget.h"
#include "engine/density/minute.h"
#include "engine/pseudonym.h"
#include "engine/state/recent.h"
#include "engine/density/seen.h"
#include "engine/density/signals.h"

/* What one reason has of the harm of a share. */
struct harm_part {
	const char *name; /* interned */
	struct slice words;
	int32_t weight_milli;
	int64_t harm;
};

struct judge {
	struct judge_options o;
	struct keys *keys;
	struct voices *voices;
	struct seen *seen;
	struct evidence_ring *ring;
	struct signals *signals; /* or NULL */
	struct budget *budget;   /* or NULL: none was set */
	struct pseudonym *authors; /* that alerts show; NULL: no alert yet */
	struct minute_context context;
	struct ruleset *rules;
	uint64_t ruleset;
	int64_t now_ms; /* W */
	int64_t minute; /* the open one; MINUTE_NONE before the first post */
	int64_t passed; /* the latest that judge_pass() has seen */
	uint64_t voices_forgotten, ids_forgotten; /* as counted */
	struct harm_part *parts; /* of the share that is added */
	uint32_t parts_count, parts_room;
	bool deaf; /* the tap: what is judged comes from it */
};

/* One post as a share of it is added to its keys. */
struct addition {
	const struct batch *batch;
	const struct record *record;
	const struct share *share;
	uint64_t account;
	int64_t minute; /* of the post */
	int64_t t_ms;
	struct sums sums;
	struct voice voice;
	/* where there is harm: judge_harm_ready() */
	struct evidence_place place;
	struct evidence_post shown;
};

/** judge_harm_ready(j, brand, a): what judge_harm takes for all keys of
 * ${a}, which is about ${brand}.
 * judge_harm(j, key, a): why ${key} was harmed, and the post that did. */
void judge_harm_ready(struct judge *j, const struct key *brand,
    struct addition *a);
void judge_harm(const struct judge *j, struct key *key, struct addition *a);

/** judge_nomarketing(j, brand, a): the share ${a} harmed ${brand};
 * judge_nomarketing_opens(j, key, minute): its alert begins.  Only where
 * nomarketing is on. */
void judge_nomarketing(struct judge *j, const struct key *brand,
    const struct addition *a);
void judge_nomarketing_opens(struct judge *j, const struct key *key,
    int64_t minute);

/** judge_pass(j, ms): W is now ${ms}, if it was less; minutes close. */
void judge_pass(struct judge *j, int64_t ms);

/** judge_ahead(j, batch, first): a hint that JUDGE_AHEAD records of ${batch}
 * from ${first} are judged now, by the rules of now. */
#define JUDGE_AHEAD 24u
void judge_ahead(const struct judge *j, const struct batch *batch,
    uint32_t first);

/** judge_account(j, r): who is compared: the account, else the post. */
uint64_t judge_account(struct judge *j, const struct record *r);

#endif
