/*
 * The lifecycle as JSON: entries of the journal, commands, answers.  Their
 * form is that of docs/ALERTS.md.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LIFECYCLE_LINE_H
#define ENGINE_LIFECYCLE_LINE_H

#include "engine/lifecycle/lifecycle.h"

/** lifecycle_line_transition(out, t), _notice(out, n), _answer(out, a): one
 * object. */
void lifecycle_line_transition(struct buf *out, const struct transition *t);
void lifecycle_line_notice(struct buf *out, const struct notice *n);
void lifecycle_line_answer(struct buf *out, const struct answer *a);

/**
 * lifecycle_line_command(json, c, texts, refusal): read one; its texts are
 * kept in ${texts}, good until that is cleared.  False: ${refusal} says why.
 * id and sent_ms are the caller's.
 */
bool lifecycle_line_command(struct slice json, struct command *c,
    struct buf *texts, enum lifecycle_refusal *refusal);

/** lifecycle_line_stream_time(id): milliseconds of a stream id, TIME_NONE. */
int64_t lifecycle_line_stream_time(struct slice id);

#endif
