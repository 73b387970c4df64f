/*
 * What replay and drill have in common: posts in their own time through the
 * judge, alerts as JSON lines or for a person's eyes.
 *
 * Thread: main.  Owns: the judge and the view, until cmd_judge_close.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_JUDGE_H
#define ENGINE_CMD_JUDGE_H

#include "engine/alert.h"
#include "engine/cmd_inputs.h"
#include "engine/cmd_state.h"
#include "engine/setup.h"
#include "engine/view.h"

struct judge;

struct cmd_judge {
	struct cmd_inputs in;
	const struct setup *setup;
	struct cmd_state state; /* --state */
	struct judge *judge;
	struct view *view; /* NULL: JSON lines */
	uint64_t posts_seen;
	/* sees each alert before it is shown; may be NULL */
	void (*watch)(void *self, const struct alert *alert);
	void *watch_self;
};

/** cmd_judge_view(run, view, lang): --view and --lang; NULL: JSON lines.
 * False: misuse, and it was said. */
bool cmd_judge_view(struct cmd_judge *run, const char *view, const char *lang);

/** cmd_judge_open(run): the pipeline and the judge, by run->setup.  False: it
 * cannot go on, and it was said; close it all the same. */
bool cmd_judge_open(struct cmd_judge *run);

/** cmd_judge_close(run, rc): curves and totals, last results; ${rc} is that
 * of reading.  Returns the exit code. */
int cmd_judge_close(struct cmd_judge *run, int rc);

#endif
