/*
 * From inputs to a consumer, through the workers and back into order.
 *
 * Whole lines leave the inputs as numbered batches, workers read them in any
 * order, pipeline_collect hands them to the consumer strictly by number.  A
 * batch is judged by the set of rules that ran when it was submitted.
 * Flush: at the end of a turn, and before done ones are judged, an open batch
 * goes out if a worker is idle, else it fills.  Back-pressure: no room -> the
 * sources are paused, resumed when half of the room is back; a consumer that
 * cannot go on stops the collection, which fills the room.
 * Three ways to drive it: by a uv loop; by pulling (pipeline_wait), where the
 * caller is one of the workers; by hand (pipeline_step), without threads, in
 * an order chosen by a seed.
 * Thread: the loop.  Owns: batches, workers, inputs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include <uv.h>

#include "engine/base/rand.h"
#include "engine/complaints.h"
#include "engine/crew.h"
#include "engine/intake.h"

struct pipeline;

struct consumer {
	/* each batch, by number; it goes back to the pool afterwards */
	void (*on_batch)(void *self, struct batch *batch);
	/* false: not now; pipeline_go_on tells when.  NULL: always */
	bool (*may_go_on)(void *self);
	/* once, after pipeline_end, when all has been collected; or NULL */
	void (*on_end)(void *self);
	void *self;
};

struct pipeline_options {
	unsigned workers;
	uint32_t inputs_max; /* open at once; 1..INPUTS_MAX */
	bool stepping;       /* no threads: pipeline_step */
	uv_loop_t *loop;     /* NULL: pulled or stepped */
	struct clock clock;  /* now_ms is the arrival; TIME_NONE in replay */
	const struct decoder *decoder;
	struct job job;
	struct consumer consumer;
	FILE *complaints; /* where bad lines are told; NULL: nowhere */
};

/** pipeline_new(o): with its threads started.  Copies ${o}. */
struct pipeline *pipeline_new(const struct pipeline_options *o);

/** pipeline_hub(p): where inputs are opened (intake_open). */
struct intake_hub *pipeline_hub(struct pipeline *p);

/** pipeline_rules(p, rs): batches submitted from now on are judged by ${rs};
 * takes a reference of its own. */
void pipeline_rules(struct pipeline *p, struct ruleset *rs);

/** pipeline_watch(p, pause, resume, self): whom back-pressure concerns. */
void pipeline_watch(struct pipeline *p, void (*pause)(void *self),
    void (*resume)(void *self), void *self);

/** pipeline_flush(p): the end of a turn: submit open batches while a worker
 * is idle. */
void pipeline_flush(struct pipeline *p);

/** pipeline_collect(p): give the consumer what is done and next in order. */
void pipeline_collect(struct pipeline *p);

/** pipeline_go_on(p): the consumer can go on. */
void pipeline_go_on(struct pipeline *p);

/** pipeline_end(p): every input was closed and none follows; on_end comes,
 * maybe before this returns. */
void pipeline_end(struct pipeline *p);

/** pipeline_over(p): on_end has come. */
bool pipeline_over(const struct pipeline *p);

/** pipeline_help(p): pulled: do the work that fell to the caller, as one of
 * the workers; collect. */
void pipeline_help(struct pipeline *p);

/** pipeline_wait(p): pulled: block until some batch is done, collect.
 * pipeline_wait_for(p, fd): collect until ${fd} can be read. */
void pipeline_wait(struct pipeline *p);
void pipeline_wait_for(struct pipeline *p, int fd);

/** pipeline_step(p, r): stepped: one thing that could happen now, chosen by
 * ${r}; false when there is nothing to do. */
bool pipeline_step(struct pipeline *p, struct rand *r);

/** pipeline_counters(p): totals of what was collected; to add to, too. */
struct counters *pipeline_counters(struct pipeline *p);

/** pipeline_in_flight(p): batches that were submitted and not collected. */
uint32_t pipeline_in_flight(const struct pipeline *p);

/** pipeline_complaints(p): to silence or to hook. */
struct complaints *pipeline_complaints(struct pipeline *p);

/** pipeline_stop(p, stages): end the threads (what was submitted is worked
 * through, and thrown away if not collected); ${stages} may be NULL. */
void pipeline_stop(struct pipeline *p, struct stages *stages);

/** pipeline_close(p, on_closed, self): stop if need be, free all.  With a
 * loop, ${on_closed} (may be NULL) comes from it later; else at once. */
void pipeline_close(struct pipeline *p, void (*on_closed)(void *self),
    void *self);

#endif
