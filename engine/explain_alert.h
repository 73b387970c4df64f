/*
 * vigie explain --alert: recompute alerts from a file, standard input or a
 * journal.
 *
 * Thread: main only.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EXPLAIN_ALERT_H
#define ENGINE_EXPLAIN_ALERT_H

#include "engine/options.h"

/**
 * explain_alert(o): o->alert is a file of alerts, one a line, "-", or the
 * beginning of an id that is looked for in o->alerts or in the journal of the
 * state_dir o->state.  Returns the exit code:
 * EXIT_FOUND when a figure differs, a line is no alert or no alert is found.
 */
int explain_alert(const struct options *o);

#endif
