/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_judge.h"

#include <stdio.h>
#include <string.h>

#include "engine/density/judge.h"
#include "engine/record_job.h"
#include "engine/organisation/playbooks.h"
#include "engine/organisation/route.h"

static void
on_alert(void *self, struct alert *alert, uint64_t ruleset)
{
	struct cmd_judge *run = self;

	route_owner(run->setup->organisation, alert);
	playbooks_attach(run->setup->organisation->playbooks, alert);
	if (run->watch != NULL)
		run->watch(run->watch_self, alert);
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
	struct cmd_judge *run = self;

	view_density(run->view, end_ms, sector, rd_micro);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct cmd_judge *run = self;

	judge_batch(run->judge, batch);
	cmd_state_write(&run->state, run->judge, false);
	cmd_inputs_write(&run->in, false);
}

static void
on_end(void *self)
{
	struct cmd_judge *run = self;

	/* With a state the next part may go on in the same minute. */
	if (run->state.state == NULL)
		judge_end(run->judge);
	cmd_state_write(&run->state, run->judge, true);
}

static void
on_turn(void *self, uint64_t posts)
{
	struct cmd_judge *run = self;

	view_posts(run->view, posts - run->posts_seen);
	run->posts_seen = posts;
}

static bool
open_judge(struct cmd_judge *run)
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

bool
cmd_judge_open(struct cmd_judge *run)
{
	const struct setup *setup = run->setup;

	cmd_inputs_open(&run->in, setup->rules, setup->workers, record_job(),
	    (struct consumer){
		.on_batch = on_batch, .on_end = on_end, .self = run});
	/* Never the folder of the configuration: that is the engine's. */
	return cmd_state_open(&run->state, run->in.o->command,
		   run->in.o->state, setup,
		   pipeline_counters(run->in.pipeline)) &&
	    open_judge(run);
}

/* Who rang more often than somebody can look into. */
static void
say_over_budget(const struct cmd_judge *run)
{
	struct buf line = {0};

	if (run->judge != NULL)
		judge_over_budget(run->judge, &line);
	if (line.len > 0)
		fprintf(stderr, "vigie %s: %.*s\n", run->in.o->command,
		    (int)line.len, line.data);
	buf_fini(&line);
}

int
cmd_judge_close(struct cmd_judge *run, int rc)
{
	const struct setup *setup = run->setup;

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
	say_over_budget(run);
	judge_free(run->judge);
	cmd_state_close(&run->state);
	return rc;
}

bool
cmd_judge_view(struct cmd_judge *run, const char *view, const char *lang)
{
	const char *command = run->in.o->command;
	struct view_options options;

	if (view == NULL || !strcmp(view, "json"))
		return true;
	if (strcmp(view, "terminal")) {
		fprintf(stderr, "vigie %s: --view is json or terminal\n",
		    command);
		return false;
	}
	options = view_detect(stdout, lang);
	run->view = view_open(&options);
	run->in.on_turn = on_turn;
	run->in.self = run;
	return true;
}
