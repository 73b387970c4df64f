/*
 * Says when the files of a set have changed and come to rest.
 *
 * The system tells of events in their folders (an editor may write by
 * renaming); besides they are looked at now and then, as some file systems
 * tell nothing.  An event is a reason to look, no more: a change is what two
 * looks, WATCH_SETTLE_MS apart, agree upon.
 * Thread: the loop; looking happens in libuv's pool.  Owns: the files it was
 * given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_WATCH_H
#define ENGINE_WATCH_H

#include <uv.h>

#include "engine/reload/reload_files.h"

struct watch;

/** watch_new(loop, on_change, self): of nothing yet. */
struct watch *watch_new(
    uv_loop_t *loop, void (*on_change)(void *self), void *self);

/** watch_files(w, files): of these from now on, in place of those before;
 * takes them over.  What changed since they were read is a change. */
void watch_files(struct watch *w, struct reload_files *files);

/** watch_close(w): no more calls; frees itself in the loop.  NULL is legal. */
void watch_close(struct watch *w);

#endif
