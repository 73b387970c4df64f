/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/service.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/record_job.h"
#include "engine/service_parts.h"

/* How often the clock moves without posts: well under the minute that it
 * closes. */
#define TICK_MS 1000u

/* Entries and bytes that the journal keeps while it has no file. */
#define JOURNAL_ENTRIES 4096u
#define JOURNAL_BYTES (16u << 20)

static void
on_alert(void *self, struct alert *alert, uint64_t ruleset)
{
	struct service *s = self;

	/* Judged again after a restart, and in the journal since. */
	if (service_state_told(s, alert->seq))
		alert_unref(alert);
	else
		dispatch_alert(s->dispatch, alert, ruleset, s->arrival_ms,
		    s->matched_ms);
}

static void
on_news(void *self, struct slice json)
{
	struct service *s = self;

	if (!service_state_told(s, judge_next_seq(s->judge)))
		desk_entry(s->desk, "signal", json);
}

/* The judge was given something: minutes may be over. */
static void
after_judge(struct service *s)
{
	int64_t now_ms = judge_now(s->judge);

	if (now_ms != TIME_NONE)
		dispatch_minute(s->dispatch,
		    now_ms - now_ms % MINUTE_MS - MINUTE_MS);
	service_state_batch(s);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct service *s = self;

	s->arrival_ms = batch->arrival_ms;
	s->matched_ms = clock_now(&s->o->clock);
	judge_batch(s->judge, batch);
	after_judge(s);
}

static bool
may_go_on(void *self)
{
	struct service *s = self;

	return !dispatch_full(s->dispatch);
}

static void
on_room(void *self)
{
	struct service *s = self;

	pipeline_go_on(s->pipeline);
}

static void
on_tick(uv_timer_t *timer)
{
	struct service *s = timer->data;

	service_desk_tick(s);
	if (dispatch_full(s->dispatch) || s->o->posts_time)
		return;
	s->arrival_ms = TIME_NONE;
	judge_clock(s->judge, clock_now(&s->o->clock));
	after_judge(s);
}

/* Every counter that is not zero, in one line of the log, and who rings more
 * often than somebody can look into. */
static void
say_figures(struct service *s)
{
	const struct counters *c = pipeline_counters(s->pipeline);
	struct buf line = {0};

	for (unsigned i = 0; i < COUNTERS_COUNT; i++)
		if (c->values[i] > 0)
			buf_printf(&line, " %s=%" PRIu64,
			    counters_info(i)->name, c->values[i]);
	log_info("engine", "figures:%.*s", (int)line.len,
	    line.len > 0 ? line.data : "");
	buf_clear(&line);
	judge_over_budget(s->judge, &line);
	if (line.len > 0)
		log_warn("engine", "%.*s", (int)line.len, line.data);
	buf_fini(&line);
}

static void
on_figures(uv_signal_t *handle, int number)
{
	(void)number;
	say_figures(handle->data);
}

/* ---- the end ------------------------------------------------------------ */

void
service_leave(struct service *s)
{
	control_close(s->control);
	s->control = NULL;
	source_set_free(s->sources);
	s->sources = NULL;
	pipeline_close(s->pipeline, NULL, NULL);
	uv_close((uv_handle_t *)&s->tick, NULL);
	uv_close((uv_handle_t *)&s->ending, NULL);
	uv_close((uv_handle_t *)&s->deadline, NULL);
	uv_close((uv_handle_t *)&s->on_term, NULL);
	uv_close((uv_handle_t *)&s->on_int, NULL);
	uv_close((uv_handle_t *)&s->on_usr1, NULL);
	service_reload_close(s);
	service_state_leave(s);
}

static void
on_dispatch_closed(void *self)
{
	struct service *s = self;

	s->leaving = true;
	if (!reload_busy(s->reload))
		service_leave(s);
}

static void
on_drained(void *self, uint64_t left)
{
	struct service *s = self;

	if (left > 0) {
		log_error("engine", "%" PRIu64 " messages were not delivered",
		    left);
		s->exit_code = EXIT_FOUND;
	}
	say_figures(s);
	service_state_drained(s);
	service_desk_close(s);
	dispatch_close(s->dispatch, on_dispatch_closed);
	s->dispatch = NULL;
}

static void
on_ending(uv_timer_t *timer)
{
	struct service *s = timer->data;

	dispatch_drain(s->dispatch, SHUTDOWN_MS_MAX, on_drained);
}

/* All input was judged.  What follows wants a turn of the loop of its own, as
 * handles of sources may still be closing. */
static void
on_end(void *self)
{
	struct service *s = self;

	reload_stop(s->reload);
	uv_timer_stop(&s->tick);
	service_desk_leave(s);
	uv_timer_start(&s->ending, on_ending, 0, 0);
}

/* The outboxes are full and nobody takes anything: the deadline holds. */
static void
on_late(uv_timer_t *timer)
{
	struct service *s = timer->data;

	log_error("engine", "leaving with %" PRIu64 " messages undelivered",
	    dispatch_waiting(s->dispatch));
	_exit(EXIT_FOUND);
}

void
service_stop(struct service *s, const char *why)
{
	if (s->stopping)
		return;
	s->stopping = true;
	log_info("engine", "%s: closing sources, draining", why);
	uv_timer_start(&s->deadline, on_late, 2 * SHUTDOWN_MS_MAX, 0);
	reload_stop(s->reload);
	if (s->sources != NULL)
		source_set_close(s->sources);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	struct service *s = handle->data;
	char why[32];

	if (s->stopping) {
		log_warn("engine", "second signal: leaving at once");
		_exit(EXIT_FOUND);
	}
	snprintf(why, sizeof(why), "signal %d", number);
	service_stop(s, why);
}

/* ---- the beginning ------------------------------------------------------ */

static int64_t
no_time(void *self)
{
	(void)self;
	return TIME_NONE;
}

static void
start_pipeline(struct service *s)
{
	const struct service_options *o = s->o;
	struct pipeline_options options = {
	    .workers = o->setup->workers,
	    .inputs_max = INPUTS_MAX,
	    .loop = &s->loop,
	    .clock = o->clock,
	    .decoder = o->decoder,
	    .job = record_job(),
	    .consumer = {on_batch, may_go_on, on_end, s},
	    .complaints = stderr,
	};

	if (o->posts_time)
		options.clock.now_ms = no_time;
	s->pipeline = pipeline_new(&options);
	pipeline_rules(s->pipeline, o->setup->rules);
	service_reload_open(s);
}

static int
start_judge(struct service *s)
{
	struct judge_options options = {
	    .counters = pipeline_counters(s->pipeline),
	    .signals = s->o->setup->config->signals,
	    .on_alert = on_alert,
	    .on_news = on_news,
	    .nomarketing = s->nomarketing,
	    .self = s,
	};

	setup_density(s->o->setup, &options.density);
	service_state_judge(s, &options);
	s->judge = judge_new(&options);
	if (service_state_load(s) != 0)
		return -1;
	judge_rules(s->judge, service_rules(s));
	return 0;
}

static void
start_dispatch(struct service *s)
{
	struct dispatch_setup setup = {
	    .loop = &s->loop,
	    .clock = s->o->clock,
	    .counters = pipeline_counters(s->pipeline),
	    .organisation = reload_kept(s->reload, 0)->organisation,
	    .messages_max = SPOOL_MESSAGES_MAX,
	    .on_room = on_room,
	    .arg = s,
	};

	s->journal = journal_new(JOURNAL_ENTRIES, JOURNAL_BYTES,
	    pipeline_counters(s->pipeline));
	setup.journal = s->journal;
	service_desk_open(s, &setup);
	s->dispatch = dispatch_new(&setup);
}

static void
start_handles(struct service *s)
{
	uv_timer_init(&s->loop, &s->tick);
	uv_timer_init(&s->loop, &s->ending);
	uv_timer_init(&s->loop, &s->deadline);
	uv_signal_init(&s->loop, &s->on_term);
	uv_signal_init(&s->loop, &s->on_int);
	uv_signal_init(&s->loop, &s->on_usr1);
	s->tick.data = s->ending.data = s->deadline.data = s;
	s->on_term.data = s->on_int.data = s->on_usr1.data = s;
	uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
	uv_signal_start(&s->on_term, on_signal, SIGTERM);
	uv_signal_start(&s->on_int, on_signal, SIGINT);
	uv_signal_start(&s->on_usr1, on_figures, SIGUSR1);
}

/* An engine that nobody can ask runs all the same, but for a socket that was
 * asked for. */
static int
open_control(struct service *s)
{
	struct config *config = s->o->setup->config;
	struct control_options o = {
	    .loop = &s->loop,
	    .path = config_control(config),
	    .rows = control_rows(),
	    .counters = pipeline_counters(s->pipeline),
	    .self = s,
	};
	struct err err;

	if (o.path == NULL)
		return 0;
	if (config->control_socket == NULL)
		mkdir(config->state_dir, 0700); /* or it is there */
	s->control = control_open(&o, &err);
	if (s->control != NULL)
		return 0;
	log_error("engine", "%s", err.text);
	s->exit_code = EXIT_FOUND;
	return -1;
}

/* Sinks first: an alert of the first post must find its outbox. */
static int
open_connectors(struct service *s)
{
	struct config *config = s->o->setup->config;
	const struct ruleset *rules = service_rules(s);
	size_t sources = config->sources_count;
	struct err err;

	for (size_t i = 0; i < config->sinks_count; i++)
		if (dispatch_open(s->dispatch, config->sinks[i], &err) < 0)
			goto refused;
	if (service_state_resume(s, &err) != 0)
		goto refused;
	s->sources = source_set_new(s->pipeline, &s->loop);
	for (size_t i = 0; i < config->sources_count; i++) {
		source_set_adopt(s->sources, config->sources[i]);
		config->sources[i] = NULL;
	}
	config->sources_count = 0;
	if (s->state.state != NULL)
		source_set_keeps(s->sources);
	if (source_set_open(s->sources, &err) == 0) {
		log_info("engine",
		    "watching: brands %u, topics %u, rules %u; sources %zu, "
		    "sinks %zu, workers %u",
		    ruleset_brands(rules), ruleset_topics(rules),
		    ruleset_rules(rules), sources, config->sinks_count,
		    s->o->setup->workers);
		return 0;
	}
	log_error("engine", "%s", err.text);
	s->exit_code = EXIT_FOUND;
	return 0;

refused:
	log_error("engine", "%s", err.text);
	s->exit_code = EXIT_FOUND;
	pipeline_end(s->pipeline);
	return -1;
}

int
service_run(const struct service_options *o)
{
	struct service s;
	bool ready;
	int rc;

	memset(&s, 0, sizeof(s));
	s.o = o;
	rc = uv_loop_init(&s.loop);
	if (rc < 0) { /* no descriptors left */
		log_error("engine", "cannot begin: %s", uv_strerror(rc));
		return EXIT_FOUND;
	}
	start_handles(&s);
	start_pipeline(&s);
	start_dispatch(&s);
	ready = service_state_open(&s) == 0;
	ready = start_judge(&s) == 0 && ready;
	s.started_ms = clock_now(&o->clock);
	if (ready && open_control(&s) == 0)
		open_connectors(&s);
	else
		pipeline_end(s.pipeline);
	uv_run(&s.loop, UV_RUN_DEFAULT);
	REQUIRE(uv_loop_close(&s.loop) == 0);
	service_state_close(&s);
	judge_free(s.judge);
	journal_free(s.journal);
	buf_fini(&s.statements);
	free(s.health.sources);
	return s.exit_code;
}
