/*
 * vigie match: the posts that fire a rule, as JSON lines in input order.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/connectors.h"
#include "engine/cmd_inputs.h"
#include "engine/emit.h"
#include "engine/setup.h"

struct match_run {
	struct cmd_inputs in;
};

/* On a worker. */
static void
render_post(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	(void)self;
	(void)text;
	if (verdict->hits_count == 0)
		return; /* a deletion */
	emit_match(&batch->out, ctx->rules, post, verdict);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct match_run *run = self;

	cmd_inputs_put(&run->in, buf_slice(&batch->out));
}

static int
match_all(struct match_run *run, const struct setup *setup)
{
	const struct options *o = run->in.o;
	struct job job = {
	    .post = render_post,
	    .self = run,
	    .match_flags = MATCH_SPANS | MATCH_ALL_SAID,
	    .matched = !o->mentions,
	};

	if (o->no_prefilter)
		job.match_flags |= MATCH_NO_PREFILTER;
	if (o->mentions)
		job.match_flags |= MATCH_TOPICS | MATCH_MENTIONS;
	cmd_inputs_open(&run->in, setup->rules, setup->workers, job,
	    (struct consumer){.on_batch = on_batch, .self = run});
	return cmd_inputs_close(
	    &run->in, setup->workers, setup->rules, cmd_inputs_read(&run->in));
}

int
cmd_match(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct match_run run = {0};
	struct setup setup;
	int rc;

	cmd_inputs_start(&run.in, o);
	rc = setup_load(&setup, o, &types);
	if (rc == 0)
		rc = match_all(&run, &setup);
	setup_free(&setup);
	return rc;
}
