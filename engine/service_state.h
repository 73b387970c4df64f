/*
 * The state of a running engine: written off the loop, once a turn, before
 * any message goes out.
 *
 * Thread: the loop; state_write on the thread pool, one at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SERVICE_STATE_H
#define ENGINE_SERVICE_STATE_H

#include <uv.h>

#include "engine/state/state.h"

struct service;
struct control_call;

struct service_state {
	struct service *service;
	struct state *state; /* NULL: no state_dir, memory only */
	uv_prepare_t turn;
	uv_timer_t retry;
	uv_work_t work;
	bool busy, failed, held, resumed, closing;
	uint32_t wait_ms;
	struct counters *counters; /* the pipeline's, then those below */
	struct counters last;      /* of what is written after its end */
	int rc;
	struct err err;
	char why[200]; /* of the outage that lasts */
	struct control_call *call; /* a snapshot that was asked for */
	bool call_taken;
};

/** service_state_open(s): when there is a state_dir; before the judge.
 * Negative: it was said why. */
int service_state_open(struct service *s);

/** service_state_judge(s, options): what the judge needs of it;
 * service_state_load(s): norms into the new judge. */
void service_state_judge(struct service *s, struct judge_options *options);
int service_state_load(struct service *s);

/** service_state_resume(s, err): the sinks are open, no source is. */
int service_state_resume(struct service *s, struct err *err);

/** service_state_told(s, seq): the message is on the disk already. */
bool service_state_told(const struct service *s, uint64_t seq);

/** service_state_batch(s): a batch was judged or the clock moved. */
void service_state_batch(struct service *s);

/** service_state_drained(s): outboxes are as they will stay. */
void service_state_drained(struct service *s);

/** service_state_leave(s): close the handles; service_state_close(s): after
 * the loop, before the judge is freed: the last norms, the last writes. */
void service_state_leave(struct service *s);
void service_state_close(struct service *s);

#endif
