/*
 * vigie match: the posts that fire a rule, as JSON lines in input order.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "connectors/decode.h"
#include "connectors/reader.h"
#include "engine/base/must.h"
#include "engine/emit.h"
#include "engine/options.h"
#include "engine/progress.h"
#include "engine/pull.h"
#include "engine/quota.h"
#include "engine/stats.h"

/* Lines are written when so many bytes have come together. */
#define WRITE_BYTES (64u << 10)

struct match_run {
	const struct options *o;
	struct clock clock;
	struct pipeline *pipeline;
	struct reader *reader; /* of the input that is being read */
	uint64_t bytes_before; /* of the inputs before it */
	struct progress progress;
	struct buf out;
	bool at_once; /* somebody may be waiting for each line */
	bool stopped; /* nobody reads our output */
	struct err err; /* of writing */
};

/* On a worker: most posts need no topic unless they name a brand, so those
 * that matched are judged again with all topics and with spans. */
static void
render_post(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	const struct match_run *run = self;

	if (verdict->hits_count == 0)
		return; /* a deletion */
	if (!run->o->mentions) {
		if (!verdict->matched)
			return;
		verdict = rules_match(ctx->matcher, post, text,
		    ctx->match_flags | MATCH_TOPICS | MATCH_SPANS);
	}
	emit_match(&batch->out, ctx->rules, post, verdict);
}

static void
write_out(struct match_run *run)
{
	size_t at = 0;

	while (at < run->out.len && !run->stopped) {
		ssize_t n = write(
		    STDOUT_FILENO, run->out.data + at, run->out.len - at);

		if (n >= 0) {
			at += (size_t)n;
		} else if (errno != EINTR) {
			run->stopped = true;
			if (errno != EPIPE) /* `head` has seen enough */
				err_set(&run->err, -errno,
				    "cannot write the results: %s",
				    strerror(errno));
		}
	}
	buf_clear(&run->out);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct match_run *run = self;

	buf_put(&run->out, batch->out.data, batch->out.len);
	if (run->at_once || run->out.len >= WRITE_BYTES)
		write_out(run);
}

static bool
on_turn(void *self)
{
	struct match_run *run = self;

	progress_tick(&run->progress,
	    run->bytes_before + reader_bytes(run->reader),
	    pipeline_counters(run->pipeline)->values[COUNTER_posts_total]);
	return !run->stopped;
}

static int
read_input(struct match_run *run, const char *path)
{
	struct pull_input input = {
	    .name = strcmp(path, "-") ? path : "stdin",
	    .read = reader_read,
	};
	struct err err;
	int rc = reader_open(path, &run->reader, &err);

	if (rc == 0) {
		input.self = run->reader;
		input.fd = reader_waits(run->reader);
		run->at_once = input.fd >= 0;
		rc = pull_read(run->pipeline, &input, on_turn, run, &err);
		run->bytes_before += reader_bytes(run->reader);
		reader_close(run->reader);
	}
	progress_clear(&run->progress);
	if (rc < 0)
		fprintf(stderr, "vigie match: %s\n", err.text);
	return rc;
}

/* All of them, even if one cannot be read. */
static int
read_inputs(struct match_run *run)
{
	static char dash[] = "-";
	char *only[] = {dash};
	size_t count = run->o->args_count > 0 ? run->o->args_count : 1;
	char **paths = run->o->args_count > 0 ? run->o->args : only;
	uint64_t total = 0;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		total += reader_size(paths[i]);
	progress_start(&run->progress, stderr, run->clock, total);
	for (size_t i = 0; i < count && !run->stopped; i++)
		if (read_input(run, paths[i]) < 0)
			rc = -1;
	pull_end(run->pipeline);
	progress_clear(&run->progress);
	write_out(run);
	return rc;
}

static int64_t
replay_now(void *self)
{
	(void)self;
	return TIME_NONE;
}

static void
start(struct match_run *run, struct ruleset *rs, unsigned workers)
{
	struct pipeline_options po = {
	    .workers = workers,
	    .inputs_max = 1,
	    .clock = {replay_now, run->clock.tick_ns, run->clock.self},
	    .decoder = &decode_auto,
	    .job = {.post = render_post, .self = run},
	    .consumer = {.on_batch = on_batch, .self = run},
	    .complaints = stderr,
	};

	if (run->o->no_prefilter)
		po.job.match_flags |= MATCH_NO_PREFILTER;
	if (run->o->mentions)
		po.job.match_flags |= MATCH_TOPICS | MATCH_SPANS;
	run->pipeline = pipeline_new(&po);
	pipeline_rules(run->pipeline, rs);
	pipeline_complaints(run->pipeline)->before = progress_clear;
	pipeline_complaints(run->pipeline)->self = &run->progress;
}

static struct ruleset *
load(const struct options *o)
{
	struct rules_options ro = {.selftest = true};
	struct diag *diag = diag_new();
	struct ruleset *rs =
	    ruleset_load(o->rules, o->rules_count, &ro, diag);

	diag_print(diag, stderr, isatty(STDERR_FILENO));
	diag_free(diag);
	return rs;
}

int
cmd_match(struct options *o)
{
	struct match_run run = {.o = o, .clock = clock_wall()};
	struct stats stats = {.command = "match"};
	int64_t start_ns = run.clock.tick_ns(NULL), ready_ns;
	struct ruleset *rs;
	int rc;

	if (o->rules_count == 0) {
		fprintf(stderr, "vigie match: no rules given\n"
		                "help: vigie match --rules FILE-OR-FOLDER\n");
		return EXIT_MISUSE;
	}
	rs = load(o);
	if (rs == NULL)
		return EXIT_FOUND;
	ready_ns = run.clock.tick_ns(NULL);
	stats.workers = o->workers > 0 ? (unsigned)o->workers : quota_workers();
	start(&run, rs, stats.workers);
	rc = read_inputs(&run);
	pipeline_stop(run.pipeline, &stats.stages);
	stats.ready_ns = ready_ns - start_ns;
	stats.elapsed_ns = run.clock.tick_ns(NULL) - ready_ns;
	stats.counters = pipeline_counters(run.pipeline);
	stats.rules = rs;
	if (o->stats_json != NULL && run.err.code == 0 &&
	    stats_write(&stats, o->stats_json, &run.err) < 0)
		rc = -1;
	if (run.err.code != 0)
		fprintf(stderr, "vigie match: %s\n", run.err.text);
	if (run.err.code != 0)
		rc = -1;
	pipeline_close(run.pipeline, NULL, NULL);
	ruleset_unref(rs);
	buf_fini(&run.out);
	return rc < 0 ? EXIT_FOUND : EXIT_DONE;
}
