/*
 * The workers and their threads: one in-ring and one out-ring each, parked
 * on a semaphore when there is nothing to do.
 *
 * When the caller would otherwise only wait (helping), worker 0 has no thread:
 * it runs in crew_help, where its batch is still in the cache.  When it has a
 * loop of its own (spare), it has one more worker there for a small batch that
 * finds all the others at rest: the few posts of a quiet moment are judged
 * without waking anybody.  Without any threads (stepping) nothing runs until
 * crew_step says which worker does: the order is the caller's, for tests.
 * Thread: the loop.  Owns: workers, threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CREW_H
#define ENGINE_CREW_H

#include "engine/worker.h"

struct crew_options {
	unsigned workers;
	bool stepping; /* no threads */
	bool helping;  /* worker 0 runs in crew_help */
	bool spare;    /* one more worker does, small batches alone */
	uint32_t batches; /* in flight at most */
	const struct decoder *decoder;
	const struct job *job;
	const struct clock *clock;
	/* a batch is done, or the spare one has one.  Thread: a worker's, or
	 * the loop */
	void (*wake)(void *self);
	void *self;
};

struct crew;

/** crew_new(o): threads started; where the system gives fewer, it is fewer
 * workers, and with none the caller's own does all of it in crew_help.  ${o}
 * may go; what it points to stays. */
struct crew *crew_new(const struct crew_options *o);

/** crew_stop(crew): let all that was given be worked through, end the
 * threads.  Stepping: works through the rest itself. */
void crew_stop(struct crew *crew);
void crew_free(struct crew *crew);

/** crew_give(crew, batch): to the worker with the least to do. */
void crew_give(struct crew *crew, struct batch *batch);

/** crew_take_back(crew): a batch that is done, in any order, or NULL. */
struct batch *crew_take_back(struct crew *crew);

/** crew_done(crew): crew_take_back has one. */
bool crew_done(const struct crew *crew);

/** crew_idle(crew): some worker has nothing to do. */
bool crew_idle(const struct crew *crew);

/** crew_help(crew): let worker 0, or the spare one, do one batch; false: it
 * has none, or there is neither. */
bool crew_help(struct crew *crew);

/** crew_step(crew, i): let worker ${i} do one batch; false: it has none. */
bool crew_step(struct crew *crew, unsigned i);

/** crew_stages(crew, sum): all samples.  After crew_stop. */
void crew_stages(const struct crew *crew, struct stages *sum);

#endif
