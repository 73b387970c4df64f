/*
 * The thread that loads rules while the engine runs: one load at a time, at a
 * low priority, so that workers come first.
 *
 * Thread: the loop; the load itself runs on a thread of its own.
 * Owns: the thread, from start to the call of done.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RELOAD_THREAD_H
#define ENGINE_RELOAD_THREAD_H

#include <uv.h>

#include "engine/reload/reload_job.h"

struct reload_thread;

/** reload_thread_new(loop, done, self): done(self, job) comes on the loop. */
struct reload_thread *reload_thread_new(uv_loop_t *loop,
    void (*done)(void *self, struct reload_job *job), void *self);

/** reload_thread_start(t, job, err): run it; none is under way.  Negative:
 * there is no thread to be had, and ${job} is the caller's still. */
int reload_thread_start(struct reload_thread *t, struct reload_job *job,
    struct err *err);

/** reload_thread_dispose(rules): give the last reference up elsewhere; here,
 * if there is no thread to be had. */
void reload_thread_dispose(struct ruleset *rules);

/** reload_thread_close(t): none is under way; frees itself in the loop. */
void reload_thread_close(struct reload_thread *t);

#endif
