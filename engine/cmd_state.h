/*
 * The state for commands that read files instead of watching: written in
 * turn, not beside the loop.
 *
 * Thread: main.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_STATE_H
#define ENGINE_CMD_STATE_H

#include "engine/setup.h"
#include "engine/state/state.h"

struct cmd_state {
	struct state *state; /* NULL: none was asked for */
	struct journal *journal;
	struct err err;
	bool failed; /* it was said */
	const char *command;
};

/** cmd_state_open(c, command, folder, setup, counters): ${folder} NULL: no
 * state.  False when it cannot be used; it was said. */
bool cmd_state_open(struct cmd_state *c, const char *command,
    const char *folder, const struct setup *setup,
    struct counters *counters);

/** cmd_state_resume(c, judge, rules): norms and later posts into a new
 * judge; also gives it its rules. */
bool cmd_state_resume(struct cmd_state *c, struct judge *judge,
    const struct ruleset *rules);

/** cmd_state_alert(c, alert): to the journal; false: it is there already. */
bool cmd_state_alert(struct cmd_state *c, const struct alert *alert);

/** cmd_state_write(c, judge, last): after a batch, and at the end. */
void cmd_state_write(struct cmd_state *c, const struct judge *judge,
    bool last);

/** cmd_state_close(c): false when something failed. */
bool cmd_state_close(struct cmd_state *c);

#endif
