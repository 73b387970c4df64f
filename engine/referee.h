/*
 * Which set of rules judges a batch, and which regexes of it no longer match
 * because they overran their limits too often.
 *
 * Only the loop decides, post by post in sequence order: with the overrun
 * that is one too many, a regex is benched from the next post on, until the
 * rules are loaded anew.  A batch that was judged in the belief that it still
 * matched is judged again, here (docs/decisions/0010).
 *
 * Thread: the loop; a worker reads what its batch knows of (struct benched).
 * Owns: a reference to the set, a worker without a thread once one is needed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REFEREE_H
#define ENGINE_REFEREE_H

#include "engine/complaints.h"
#include "engine/worker.h"

/* One per set that runs; shared by the batches that it judges.  The first
 * batch.benched_count of the list never change. */
struct benched {
	uint32_t refs;
	uint32_t count; /* benched, in the order in which it happened */
	uint32_t *list; /* regex of the set; room for all of them */
	uint32_t *overruns; /* of each regex, until it is benched */
};

struct referee;

/** referee_new(decoder, job, clock): without rules; all three are borrowed. */
struct referee *referee_new(const struct decoder *decoder,
    const struct job *job, const struct clock *clock);
void referee_free(struct referee *r);

/** referee_rules(r, rs): of batches pinned from now on; NULL: none. */
void referee_rules(struct referee *r, struct ruleset *rs);

/** referee_pin(r, batch): by the rules and what is benched now. */
void referee_pin(struct referee *r, struct batch *batch);
void referee_unpin(struct batch *batch);

/**
 * referee_settle(r, batch, counts, complaints): ${batch} is the next in
 * order: judge it again if need be, count its overruns, say what is benched.
 */
void referee_settle(struct referee *r, struct batch *batch,
    struct counters *counts, struct complaints *complaints);

#endif
