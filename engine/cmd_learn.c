/*
 * vigie learn: what is normal, from recorded posts; nothing is told of.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>

#include "connectors/connectors.h"
#include "engine/cmd_inputs.h"
#include "engine/cmd_state.h"
#include "engine/density/keys.h"
#include "engine/record_job.h"

#define DAY_MS INT64_C(86400000)

struct learn_run {
	struct cmd_inputs in;
	struct cmd_state state;
	struct judge *judge;
	int64_t first_ms;
};

static void
on_alert(void *self, struct alert *alert, uint64_t ruleset)
{
	(void)self;
	(void)ruleset;
	alert_unref(alert);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct learn_run *run = self;

	if (run->first_ms == TIME_NONE && batch->records.count > 0)
		run->first_ms =
		    vec_at(&batch->records, struct record, 0)->clock_ms;
	judge_batch(run->judge, batch);
	if (run->first_ms == TIME_NONE)
		run->first_ms = judge_now(run->judge);
	/* Rows of the series; norms come at the end. */
	if (!run->state.failed &&
	    state_flush(run->state.state, NULL, &run->state.err) != 0)
		cmd_state_write(&run->state, run->judge, false);
}

static void
on_end(void *self)
{
	struct learn_run *run = self;

	judge_end(run->judge);
	judge_calm(run->judge);
}

static void
put_days(int64_t ms)
{
	printf("%" PRId64 ".%" PRId64 " days", ms / DAY_MS,
	    ms % DAY_MS * 10 / DAY_MS);
}

static void
tell(const struct learn_run *run)
{
	int64_t now_ms = judge_now(run->judge);
	struct keys_summary s;
	char from[24], to[24];

	if (now_ms == TIME_NONE) {
		puts("nothing learnt: no post names a brand or a sector");
		return;
	}
	keys_tell(judge_keys(run->judge), now_ms / MINUTE_MS, &s);
	clock_format(run->first_ms, from);
	clock_format(now_ms, to);
	printf("learnt from ");
	put_days(now_ms - run->first_ms);
	printf(", %s to %s\n", from, to);
	printf("sectors %u, brands %u, brand and topic %u\n",
	    s.counts[ALERT_SECTOR], s.counts[ALERT_BRAND],
	    s.counts[ALERT_PAIR]);
	printf("still learning (under 3 days): sectors %u, brands %u, brand "
	       "and topic %u\n",
	    s.learning[ALERT_SECTOR], s.learning[ALERT_BRAND],
	    s.learning[ALERT_PAIR]);
}

static bool
open_judge(struct learn_run *run, const struct setup *setup)
{
	struct judge_options options = {
	    .counters = pipeline_counters(run->in.pipeline),
	    .signals = setup->config->signals,
	    .on_alert = on_alert,
	    .self = run,
	};

	setup_density(setup, &options.density);
	state_judge(run->state.state, &options);
	run->judge = judge_new(&options);
	if (!cmd_state_resume(&run->state, run->judge, setup->rules))
		return false;
	if (judge_now(run->judge) == TIME_NONE)
		return true;
	fprintf(stderr,
	    "vigie learn: the folder has norms already\nhelp: give an empty "
	    "one, or move its norms and recent away\n");
	return false;
}

static int
learn(struct learn_run *run, const struct setup *setup, const char *folder)
{
	int rc = -1;

	cmd_inputs_open(&run->in, setup->rules, setup->workers, record_job(),
	    (struct consumer){
		.on_batch = on_batch, .on_end = on_end, .self = run});
	if (cmd_state_open(&run->state, "learn", folder, setup,
		pipeline_counters(run->in.pipeline))) {
		state_learn(run->state.state);
		if (open_judge(run, setup)) {
			rc = cmd_inputs_read(&run->in);
			cmd_state_write(&run->state, run->judge, true);
			if (!run->state.failed)
				tell(run);
		}
	}
	rc = run->state.failed ? -1 : rc;
	rc = cmd_inputs_close(&run->in, setup->workers, setup->rules, rc);
	judge_free(run->judge);
	cmd_state_close(&run->state);
	return rc;
}

int
cmd_learn(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct learn_run run = {.first_ms = TIME_NONE};
	struct setup setup;
	int rc;

	cmd_inputs_start(&run.in, o);
	rc = setup_load(&setup, o, &types);
	if (rc == 0) {
		const char *folder = o->state != NULL ? o->state :
							setup.config->state_dir;

		if (folder == NULL) {
			fprintf(stderr, "vigie learn: where to?\nhelp: --state "
					"DIR, or state_dir: in the "
					"configuration\n");
			rc = EXIT_MISUSE;
		} else {
			rc = learn(&run, &setup, folder);
		}
	}
	setup_free(&setup);
	return rc;
}
