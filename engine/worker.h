/*
 * A worker: takes a batch, reads every post in it, gives it back.
 *
 * What is done with a post that was judged is the job: `match` renders a
 * line, run and replay leave a record.  The thread's body is a loop around
 * worker_step, which tests call by hand.
 * Thread: worker_step by one thread at a time; the rings join it to the loop.
 * Never: a lock, a clock except for samples, malloc once the buffers grew.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "engine/base/ring.h"
#include "engine/batch.h"

enum stage { STAGE_DECODE, STAGE_FOLD, STAGE_MATCH, STAGE_REST, STAGES };

/* Where the time goes, from one batch in SAMPLE_EVERY. */
#define SAMPLE_EVERY 64u

struct stages {
	int64_t ns[STAGES];
	uint64_t posts;
};

/* What a job may use while it looks at one post. */
struct worker_ctx {
	struct matcher *matcher;
	const struct ruleset *rules;
	int64_t t_ms;   /* event time of the post, or TIME_NONE */
	unsigned flags; /* enum record_flags of that time */
	unsigned match_flags;
	uint32_t line;  /* of the batch, from 0 */
};

struct job {
	/* of a post that has a hit or is a deletion; all posts with every */
	void (*post)(void *self, struct worker_ctx *ctx, struct batch *batch,
	    const struct post *post, struct text *text,
	    const struct verdict *verdict);
	void *self; /* shared by all workers: constant */
	unsigned match_flags;
	bool every;
	bool own; /* and of what a brand's own account says, hit or not */
	bool matched; /* of posts alone that are verdict->matched, and of them
		       * only what emit_id() reads is looked at */
};

struct worker;

/**
 * worker_new(decoder, job, clock, batches): a worker whose rings hold
 * ${batches}.  All three are borrowed until worker_free, which wants empty
 * rings.
 */
struct worker *worker_new(const struct decoder *decoder, const struct job *job,
    const struct clock *clock, uint32_t batches);
void worker_free(struct worker *w);

/** worker_give(w, batch): queued.  worker_take_back(w): done, or NULL.
 * Thread: the loop. */
void worker_give(struct worker *w, struct batch *batch);
struct batch *worker_take_back(struct worker *w);

/** worker_done(w): worker_take_back has one.  Thread: the same. */
bool worker_done(const struct worker *w);

/** worker_step(w): work through one batch; false: there was none. */
bool worker_step(struct worker *w);

/**
 * worker_again(w, batch): judge a done batch anew, in sequence order, by what
 * is benched now.  Thread: the loop; ${w} has no thread and is given nothing
 * else.
 */
void worker_again(struct worker *w, struct batch *batch);

/** worker_stages(w): the samples.  Thread: after the worker's has ended. */
const struct stages *worker_stages(const struct worker *w);

#endif
