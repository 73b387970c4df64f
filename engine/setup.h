/*
 * What the commands have in common at their start: the configuration, the
 * rules, the organisation; everything that is wrong with them told at once.
 *
 * Thread: main.  Owns: all three until setup_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "engine/config.h"
#include "engine/options.h"
#include "engine/organisation.h"
#include "rules/rules.h"

struct setup {
	struct config *config; /* defaults when there is no file */
	struct ruleset *rules;
	struct organisation *organisation; /* everyone when there is no file */
	unsigned workers; /* option, else config, else the processor quota */
};

/**
 * setup_load(s, o, types): fill ${s}.  Returns 0, or the exit code after the
 * problems were printed on stderr: EXIT_FOUND when a file is refused,
 * EXIT_MISUSE when there are no rules at all.  Call setup_free either way.
 */
int setup_load(struct setup *s, const struct options *o,
    const struct config_types *types);

void setup_free(struct setup *s);

#endif
