/*
 * How `vigie check` ends: what each entry costs, and the summary.
 *
 * Thread: main.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_CHECK_SAY_H
#define ENGINE_CMD_CHECK_SAY_H

#include "engine/base/diag.h"
#include "engine/sample.h"

struct cmd_check_summary {
	const struct ruleset *rules; /* NULL: there was an error */
	const struct diag *diag;
	unsigned organisations, playbooks, configurations, scenarios;
	bool only_others; /* no rule file among the paths */
	int64_t took_ns;
	struct sample_cost cost;
	const char *posts; /* the file of them, or NULL */
};

/** cmd_check_summary(s, json, french): one line on stdout. */
void cmd_check_summary(
    const struct cmd_check_summary *s, bool json, bool french);

/** cmd_check_costs(rs, json): one line for each entry on stdout. */
void cmd_check_costs(const struct ruleset *rs, bool json);

#endif
