/*
 * What match and replay have in common: files and standard input read one
 * after another through a pipeline that is pulled, a progress line, results
 * gathered for standard output.
 *
 * Thread: main.  Owns: the pipeline and the buffer, until cmd_inputs_close.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_INPUTS_H
#define ENGINE_CMD_INPUTS_H

#include "connectors/reader.h"
#include "engine/base/buf.h"
#include "engine/options.h"
#include "engine/pipeline.h"
#include "engine/progress.h"
#include "engine/pull.h"
#include "engine/control/stats.h"

struct cmd_inputs {
	const struct options *o;
	struct clock clock;
	struct pipeline *pipeline;
	struct reader *reader; /* of the input that is being read */
	uint64_t bytes_before; /* of the inputs before it */
	struct progress progress;
	int64_t start_ns, ready_ns;
	/* after each read, with the posts so far; may be NULL */
	void (*on_turn)(void *self, uint64_t posts);
	void *self;
	struct buf budget; /* judge_budget, for --stats-json; or empty */
	struct buf out; /* results, written when enough came together */
	bool at_once;   /* somebody may be waiting for each line */
	bool stopped;   /* nobody reads our output */
	struct err err; /* of writing */
};

/** cmd_inputs_start(in, o): zeroed memory to one that notes the time. */
void cmd_inputs_start(struct cmd_inputs *in, const struct options *o);

/** cmd_inputs_open(in, rules, workers, job, consumer): the pipeline. */
void cmd_inputs_open(struct cmd_inputs *in, struct ruleset *rules,
    unsigned workers, struct job job, struct consumer consumer);

/**
 * cmd_inputs_read(in): all of them, even if one cannot be read, until all has
 * been collected.  Negative when one failed; it was said.
 */
int cmd_inputs_read(struct cmd_inputs *in);

/** cmd_inputs_pull(in, input): the same of something that makes posts. */
int cmd_inputs_pull(struct cmd_inputs *in, const struct pull_input *input);

/** cmd_inputs_write(in, all): write in->out when it is large, when somebody
 * waits, or ${all}. */
void cmd_inputs_write(struct cmd_inputs *in, bool all);

/** cmd_inputs_put(in, text): more results, behind in->out; a lot of them at
 * once from where they are. */
void cmd_inputs_put(struct cmd_inputs *in, struct slice text);

/**
 * cmd_inputs_close(in, workers, rules, rc): last results, stats if
 * asked for, free.  ${rc} is that of cmd_inputs_read; returns the exit code.
 */
int cmd_inputs_close(struct cmd_inputs *in, unsigned workers,
    const struct ruleset *rules, int rc);

#endif
