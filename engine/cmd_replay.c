/*
 * vigie replay: judge recorded posts in their own time; what the engine would
 * have said, as JSON lines or for a person's eyes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "connectors/connectors.h"
#include "engine/cmd_inputs.h"
#include "engine/cmd_state.h"
#include "engine/judge.h"
#include "engine/record_job.h"
#include "engine/route.h"
#include "engine/setup.h"
#include "engine/view.h"

struct replay_run {
	struct cmd_inputs in;
	const struct setup *setup;
	struct cmd_state state;
	struct judge *judge;
	struct view *view; /* NULL: JSON lines */
	uint64_t posts_seen;
};

static void
on_alert(void *self, struct alert *alert, uint64_t ruleset)
{
	struct replay_run *run = self;

	route_owner(run->setup->organisation, alert);
	alert_encode(alert, ruleset, NULL);
	if (!cmd_state_alert(&run->state, alert)) {
		alert_unref(alert);
		return;
	}
	if (run->view != NULL) {
		progress_clear(&run->in.progress);
		view_alert(run->view, alert);
	} else {
		buf_put(&run->in.out, alert->json.data, alert->json.len);
		buf_char(&run->in.out, '\n');
	}
	alert_unref(alert);
}

static void
on_sector(void *self, int64_t end_ms, const char *sector, int64_t rd_micro)
{
	struct replay_run *run = self;

	view_density(run->view, end_ms, sector, rd_micro);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct replay_run *run = self;

	judge_batch(run->judge, batch);
	cmd_state_write(&run->state, run->judge, false);
	cmd_inputs_write(&run->in, false);
}

static void
on_end(void *self)
{
	struct replay_run *run = self;

	/* With a state the next part may go on in the same minute. */
	if (run->state.state == NULL)
		judge_end(run->judge);
	cmd_state_write(&run->state, run->judge, true);
}

static void
on_turn(void *self, uint64_t posts)
{
	struct replay_run *run = self;

	view_posts(run->view, posts - run->posts_seen);
	run->posts_seen = posts;
}

static bool
open_judge(struct replay_run *run)
{
	struct judge_options options = {
	    .counters = pipeline_counters(run->in.pipeline),
	    .signals = run->setup->config->signals,
	    .on_alert = on_alert,
	    .on_sector = run->view != NULL ? on_sector : NULL,
	    .self = run,
	};

	setup_density(run->setup, &options.density);
	setup_author_key(run->setup, false, options.author_key);
	if (run->state.state != NULL)
		state_judge(run->state.state, &options);
	run->judge = judge_new(&options);
	return cmd_state_resume(&run->state, run->judge, run->setup->rules);
}

static int
replay_all(struct replay_run *run)
{
	const struct setup *setup = run->setup;
	int rc = -1;

	cmd_inputs_open(&run->in, setup->rules, setup->workers, record_job(),
	    (struct consumer){
		.on_batch = on_batch, .on_end = on_end, .self = run});
	/* Never the folder of the configuration: that is the engine's. */
	if (cmd_state_open(&run->state, "replay", run->in.o->state, setup,
		pipeline_counters(run->in.pipeline)) &&
	    open_judge(run))
		rc = cmd_inputs_read(&run->in);
	if (run->view != NULL) {
		struct clock *clock = &run->in.clock;

		on_turn(run, pipeline_counters(run->in.pipeline)
				 ->values[COUNTER_posts_total]);
		view_end(run->view,
		    (clock->tick_ns(clock->self) - run->in.ready_ns) / 1000000);
	}
	rc = run->state.failed ? -1 : rc;
	if (run->judge != NULL)
		judge_budget(run->judge, &run->in.budget);
	rc = cmd_inputs_close(&run->in, setup->workers, setup->rules, rc);
	judge_free(run->judge);
	cmd_state_close(&run->state);
	return rc;
}

/* --view json|terminal and --lang fr|en; false: misuse, and it was said. */
static bool
open_view(struct replay_run *run, const struct options *o)
{
	struct view_options options;

	if (o->lang != NULL && strcmp(o->lang, "fr") && strcmp(o->lang, "en")) {
		fprintf(stderr, "vigie replay: --lang is fr or en\n");
		return false;
	}
	if (o->view == NULL || !strcmp(o->view, "json"))
		return true;
	if (strcmp(o->view, "terminal")) {
		fprintf(stderr, "vigie replay: --view is json or terminal\n");
		return false;
	}
	options = view_detect(stdout, o->lang);
	run->view = view_open(&options);
	run->in.on_turn = on_turn;
	run->in.self = run;
	return true;
}

int
cmd_replay(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct replay_run run = {0};
	struct setup setup;
	int rc;

	cmd_inputs_start(&run.in, o);
	rc = setup_load(&setup, o, &types);
	run.setup = &setup;
	if (rc == 0)
		rc = open_view(&run, o) ? replay_all(&run) : EXIT_MISUSE;
	setup_free(&setup);
	return rc;
}
