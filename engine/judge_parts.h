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

#include "engine/judge.h"
#include "engine/minute.h"
#include "engine/pseudonym.h"
#include "engine/recent.h"
#include "engine/seen.h"
#include "engine/signals.h"

struct judge {
	struct judge_options o;
	struct keys *keys;
	struct voices *voices;
	struct seen *seen;
	struct signals *signals; /* or NULL */
	struct minute_context context;
	struct ruleset *rules;
	uint64_t ruleset;
	int64_t now_ms; /* W */
	int64_t minute; /* the open one; MINUTE_NONE before the first post */
	uint64_t voices_forgotten, ids_forgotten; /* as counted */
	bool deaf; /* the tap: what is judged comes from it */
};

/** judge_pass(j, ms): W is now ${ms}, if it was less; minutes close. */
void judge_pass(struct judge *j, int64_t ms);

/** judge_account(j, r): who is compared: the account, else the post. */
uint64_t judge_account(struct judge *j, const struct record *r);

#endif
