/*
 * All sources of a run: opened together, paused and resumed together, and
 * the end of the last one is the end of the input.
 *
 * A source that fails is said, counted and closed; the others go on.
 * Thread: the loop.  Owns: the sources.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SOURCE_SET_H
#define ENGINE_SOURCE_SET_H

#include "engine/pipeline.h"
#include "engine/source.h"

struct source_set;

/** source_set_new(p, loop): none yet; back-pressure of ${p} goes to them. */
struct source_set *source_set_new(struct pipeline *p, uv_loop_t *loop);

/** source_set_add(set, type): a zeroed source; the caller fills its settings
 * before source_set_open. */
struct source *source_set_add(
    struct source_set *set, const struct source_type *type);

/** source_set_adopt(set, s): one that was allocated with type->size bytes and
 * has its type and settings; the set frees it. */
void source_set_adopt(struct source_set *set, struct source *s);

/**
 * source_set_open(set, err): open all.  Negative when one refuses: those that
 * were opened are being closed, as by source_set_close.
 */
int source_set_open(struct source_set *set, struct err *err);

/** source_set_close(set): no more input; when all are closed, pipeline_end
 * is called.  Calling it again is harmless. */
void source_set_close(struct source_set *set);

/** source_set_keeps(set): there is a state: what was judged is safe only when
 * source_set_mark and then source_set_kept were called.  Before it opens. */
void source_set_keeps(struct source_set *set);
void source_set_mark(struct source_set *set);
void source_set_kept(struct source_set *set);

/** source_set_each(set, tell, self): all sources, in order; NULL: none. */
void source_set_each(const struct source_set *set,
    void (*tell)(void *self, const struct source *s), void *self);

/** source_set_free(set): a turn of the loop after the pipeline's on_end, as
 * uv handles live in the sources; before pipeline_close. */
void source_set_free(struct source_set *set);

#endif
