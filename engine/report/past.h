/*
 * Alerts of the past, as far as routing goes by them: from the journal of a
 * state_dir, or from the JSON lines of replay and of the file sink.
 *
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PAST_H
#define ENGINE_PAST_H

#include "engine/alert.h"
#include "engine/base/err.h"

/* ${alert} has no teams (alert_unrouted) and is good during the call. */
typedef void (*past_visit)(void *self, const struct alert *alert);

/** past_state(state, from_ms, visit, self, err): the messages of the journal
 * in the folder ${state}, in order; older ones than ${from_ms} are left out by
 * whole files only.  An engine may be writing there. */
int past_state(const char *state, int64_t from_ms, past_visit visit,
    void *self, struct err *err);

/** past_newest(state, visit, self, err): those of the newest file that has
 * any. */
int past_newest(
    const char *state, past_visit visit, void *self, struct err *err);

/** past_lines(path, visit, self, bad, err): of a file, or of "-"; ${bad}
 * counts lines that are no alerts. */
int past_lines(const char *path, past_visit visit, void *self, uint64_t *bad,
    struct err *err);

/** past_alert(json): one of those lines; NULL when it is no alert.  A topic
 * that the line does not give is that of its first pair. */
struct alert *past_alert(struct slice json);

#endif
