/*
 * What `vigie check` says about who is on duty.
 *
 * Thread: main.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_CHECK_DUTY_H
#define ENGINE_CMD_CHECK_DUTY_H

#include "engine/organisation/organisation_plan.h"
#include "rules/rules.h"

struct cmd_check_duty {
	const struct ruleset *rules; /* of the command line, or NULL */
	int64_t now_ms;              /* the week begins here */
	bool french;
	struct diag *diag;
};

/**
 * cmd_check_duty(c, o, json, out): prove what ${o} promises for the coming
 * week; to ${out} what was proven and what is left open.  Its rules: are
 * read; without them those of the command line tell which ids there are.
 */
void cmd_check_duty(const struct cmd_check_duty *c,
    const struct organisation *o, bool json, struct buf *out);

#endif
