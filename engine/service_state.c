/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/service_state.h"

#include <inttypes.h>
#include <stdio.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/service_parts.h"

/* A pause of this length was no silence: nobody watched. */
#define ABSENT_MS (WINDOW_MINUTES * MINUTE_MS)
#define NORMS_GAP_MS 1000

static void
write_off_loop(uv_work_t *work)
{
	struct service_state *st = work->data;

	st->rc = state_write(st->state, &st->err);
}

static void
answer(struct service_state *st)
{
	if (st->call == NULL || !st->call_taken)
		return;
	control_answer(st->call);
	st->call = NULL;
}

/* Sources are paused while it lasts. */
static void
hold(struct service_state *st, bool full)
{
	struct service *s = st->service;

	if (st->held == full)
		return;
	st->held = full;
	journal_hold(s->journal, full);
	if (full)
		counters_bump(st->counters, state_full_total);
	else if (!st->closing)
		pipeline_go_on(s->pipeline);
}

static void on_turn(uv_prepare_t *turn);

static void
on_retry(uv_timer_t *timer)
{
	struct service_state *st = timer->data;

	st->failed = false;
	on_turn(&st->turn);
}

static void
on_failure(struct service_state *st)
{
	counters_bump(st->counters, state_errors_total);
	if (strncmp(st->why, st->err.text, sizeof(st->why) - 1) != 0)
		log_error("state", "%s; sources are paused and alerts wait "
				   "until it can be written", st->err.text);
	snprintf(st->why, sizeof(st->why), "%.*s", (int)sizeof(st->why) - 1,
	    st->err.text);
	st->failed = true;
	hold(st, true);
	st->wait_ms = st->wait_ms == 0 ? RETRY_FIRST_MS : st->wait_ms * 2;
	if (st->wait_ms > RETRY_LAST_MS)
		st->wait_ms = RETRY_LAST_MS;
	if (!st->closing)
		uv_timer_start(&st->retry, on_retry, st->wait_ms, 0);
}

static void
on_written(uv_work_t *work, int status)
{
	struct service_state *st = work->data;
	uint64_t number;

	(void)status;
	st->busy = false;
	if (st->rc != 0) {
		on_failure(st);
		return;
	}
	if (st->why[0] != '\0')
		log_info("state", "can be written again");
	st->why[0] = '\0';
	st->wait_ms = 0;
	number = state_written(st->state);
	if (st->service->dispatch != NULL)
		dispatch_durable(st->service->dispatch, number);
	if (st->service->sources != NULL)
		source_set_kept(st->service->sources);
	answer(st);
	if (!state_full(st->state))
		hold(st, false);
}

/* Once a turn: what was gathered in it goes out together. */
static void
on_turn(uv_prepare_t *turn)
{
	struct service_state *st = turn->data;
	bool taken;

	if (state_full(st->state))
		hold(st, true);
	if (st->busy || st->failed || st->closing)
		return;
	taken = state_take(st->state, st->service->dispatch);
	if (st->service->sources != NULL)
		source_set_mark(st->service->sources);
	if (!taken) { /* all of it is on the disk */
		if (st->service->sources != NULL)
			source_set_kept(st->service->sources);
		return;
	}
	st->call_taken = st->call != NULL;
	st->busy = true;
	REQUIRE(uv_queue_work(&st->service->loop, &st->work, write_off_loop,
		    on_written) == 0);
}

int
service_state_open(struct service *s)
{
	const struct config *config = s->o->setup->config;
	struct service_state *st = &s->state;
	unsigned char key[EVIDENCE_KEY_BYTES];
	struct state_options o = {
	    .folder = config->state_dir,
	    .clock = s->o->clock,
	    .counters = pipeline_counters(s->pipeline),
	    .norms_gap_ms = NORMS_GAP_MS,
	};

	st->service = s;
	st->counters = o.counters;
	if (config->state_dir == NULL)
		return 0;
	if (config->key != NULL) {
		setup_author_key(s->o->setup, true, key);
		o.key = key;
	}
	st->state = state_open(&o, &st->err);
	if (st->state == NULL) {
		log_error("state", "%s", st->err.text);
		s->exit_code = EXIT_FOUND;
		return -1;
	}
	state_journal(st->state, s->journal);
	uv_prepare_init(&s->loop, &st->turn);
	uv_timer_init(&s->loop, &st->retry);
	st->turn.data = st->retry.data = st->work.data = st;
	return 0;
}

void
service_state_judge(struct service *s, struct judge_options *options)
{
	if (s->state.state != NULL)
		state_judge(s->state.state, options);
	else /* what could not be opened says why, and is the end */
		setup_author_key(s->o->setup,
		    s->o->setup->config->state_dir == NULL,
		    options->author_key);
}

int
service_state_load(struct service *s)
{
	struct service_state *st = &s->state;

	if (st->state == NULL ||
	    state_load(st->state, s->judge, &st->err) >= 0)
		return 0;
	log_error("state", "%s", st->err.text);
	s->exit_code = EXIT_FOUND;
	return -1;
}

int
service_state_resume(struct service *s, struct err *err)
{
	struct service_state *st = &s->state;
	int64_t now_ms = clock_now(&s->o->clock) - CLOCK_LAG_MS;
	int64_t heard_ms;

	if (st->state == NULL)
		return service_desk_resume(s, err);
	s->arrival_ms = TIME_NONE;
	if (state_refill(st->state, s->dispatch, err) != 0 ||
	    service_desk_resume(s, err) != 0 ||
	    state_rehear(st->state, s->judge, err) != 0)
		return -1;
	st->resumed = true;
	heard_ms = judge_now(s->judge);
	if (heard_ms != TIME_NONE && now_ms - heard_ms > ABSENT_MS &&
	    !s->o->posts_time) {
		log_info("state", "nobody watched for %" PRId64 " minutes: "
				  "norms take them for no silence",
		    (now_ms - heard_ms) / MINUTE_MS);
		judge_absent(s->judge, now_ms);
	}
	state_batch(st->state, s->judge, false);
	uv_prepare_start(&st->turn, on_turn);
	/* Only a write on its way keeps a loop alive, not turns. */
	uv_unref((uv_handle_t *)&st->turn);
	return 0;
}

bool
service_state_told(const struct service *s, uint64_t seq)
{
	return s->state.state != NULL && seq < state_told(s->state.state);
}

void
service_state_batch(struct service *s)
{
	if (s->state.resumed)
		state_batch(s->state.state, s->judge, false);
}

void
service_state_drained(struct service *s)
{
	if (s->state.resumed)
		state_cursors(s->state.state, s->dispatch);
}

void
service_state_leave(struct service *s)
{
	struct service_state *st = &s->state;

	if (st->state == NULL)
		return;
	st->closing = true;
	/* The pipeline is freed before the last write. */
	st->counters = &st->last;
	state_counters(st->state, st->counters);
	if (st->call != NULL)
		control_refuse(st->call, "the engine ends");
	st->call = NULL;
	uv_close((uv_handle_t *)&st->turn, NULL);
	uv_close((uv_handle_t *)&st->retry, NULL);
}

void
service_state_close(struct service *s)
{
	struct service_state *st = &s->state;

	if (st->resumed) {
		state_batch(st->state, s->judge, true);
		if (state_flush(st->state, NULL, &st->err) != 0) {
			log_error("state", "%s; what came after the last "
					   "write is lost", st->err.text);
			s->exit_code = EXIT_FOUND;
		}
	}
	state_close(st->state);
	st->state = NULL;
}
