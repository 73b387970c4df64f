/*
 * A log on the disk: numbered frames in numbered files, safe against a kill
 * between any two writes.
 *
 *	folder/00000000000000000000.log   header, frame 0, frame 1, ...
 *	folder/00000000000000004711.log   header, frame 4711, ...
 *
 * A frame is its length, the XXH3 of its bytes seeded with its number, and the
 * bytes.  At the start the last file is read through and what is torn at its
 * end is cut off; a file damaged in its middle ends there, one without its
 * header is read by its name, and all is told and counted.  What cannot be read
 * is kept aside.  A file that the disk did not keep is written anew.
 * Putting a frame only gathers it; frames_take hands what was gathered to
 * frames_write, which may run in another thread and may fail and be called
 * again: what it could not write is kept.
 * Thread: put, turn and take on the loop; write and trim on one writer at a
 * time, never while take runs.  Owns: its buffers and one descriptor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FRAMES_H
#define ENGINE_FRAMES_H

#include <stdbool.h>

#include "engine/base/buf.h"
#include "engine/counters.h"
#include "engine/state/disk.h"

struct frames;

struct frames_options {
	const struct disk *disk;   /* must last */
	const char *folder;        /* made if it is not there; copied */
	const char *kind;          /* at most 8 bytes, in each header */
	uint32_t version;          /* another one is refused */
	uint64_t file_bytes;       /* a file that is larger is ended */
	struct counters *counters; /* state_torn_total */
};

/** frames_open(o, err): NULL when the folder cannot be used. */
struct frames *frames_open(const struct frames_options *o, struct err *err);
void frames_close(struct frames *f);

/** frames_first/next(f): numbers of the oldest frame kept and of the next. */
uint64_t frames_first(const struct frames *f);
uint64_t frames_next(const struct frames *f);

/** frames_leap(f, next): before the first put: numbers go on at ${next}, in a
 * new file, because frames up to there were lost. */
void frames_leap(struct frames *f, uint64_t next);

/** frames_turn(f, stamp, force): true when the next frame begins a new file,
 * which gets ${stamp}: the first of all, a full one, or by ${force}. */
bool frames_turn(struct frames *f, int64_t stamp, bool force);

/** frames_put(f, payload): gather one frame; its number. */
uint64_t frames_put(struct frames *f, struct slice payload);

/** frames_gathered(f): bytes that wait to be taken. */
size_t frames_gathered(const struct frames *f);

/** frames_take(f): hand over what was gathered; only when nothing is left of
 * the last (frames_left); false when there is nothing to write. */
bool frames_take(struct frames *f);

/** frames_left(f): frames_write has not yet succeeded. */
bool frames_left(const struct frames *f);

/** frames_write(f, sync, err): write what was taken, make it durable. */
int frames_write(struct frames *f, bool sync, struct err *err);

/** frames_anew(f): files that were written anew since the last call, as the
 * disk had not kept what it was given.  Not while frames_write runs. */
uint32_t frames_anew(struct frames *f);

/** frames_trim(f, stamp, keep, bytes_max): remove old files: those with a
 * stamp before ${stamp}, and the oldest while all have more than
 * ${bytes_max}; never one with a frame >= ${keep}, never the last.  Returns
 * how many frames went because of the bytes alone. */
uint64_t frames_trim(struct frames *f, int64_t stamp, uint64_t keep,
    uint64_t bytes_max);

/** frames_forget_aside(f, before_ms): remove what was kept aside and was
 * written before ${before_ms}, by the clock of the system. */
void frames_forget_aside(const struct frames *f, int64_t before_ms);

/* One frame; false: no more. */
typedef bool (*frames_visit)(void *self, uint64_t number,
    struct slice payload);

/** frames_read(f, from, visit, self, err): every frame of the files that
 * hold ${from} and later ones, from the first of the file on. */
int frames_read(struct frames *f, uint64_t from, frames_visit visit,
    void *self, struct err *err);

/** frames_begins(f, number): it is the first of its file. */
bool frames_begins(const struct frames *f, uint64_t number);

/** frames_rewrite(f, change, self, err): give every file that is ended to
 * ${change}, frame by frame: true and another payload replace it. */
int frames_rewrite(struct frames *f,
    bool (*change)(void *self, struct slice payload, struct buf *out),
    void *self, struct err *err);

#endif
