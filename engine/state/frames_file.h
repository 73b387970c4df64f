/*
 * One file of frames.h: its name, its header, its frames.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FRAMES_FILE_H
#define ENGINE_FRAMES_FILE_H

#include "engine/state/frames.h"

#define FRAMES_FILE_HEAD 48u  /* bytes */
#define FRAMES_FRAME_HEAD 12u /* length and checksum */

struct frames_file {
	uint64_t first; /* number of its first frame */
	int64_t stamp;
	uint64_t bytes; /* up to the end of the last good frame */
	uint64_t count; /* frames; known after frames_file_walk */
	bool damaged;   /* in its middle, and told */
};

/** frames_file_path(folder, first, path): into 4096 bytes. */
void frames_file_path(const char *folder, uint64_t first, char *path);

/** frames_file_drop_half(disk, folder, first): what a kill left beside that
 * file when it was written anew; it may hold texts that were to go. */
void frames_file_drop_half(const struct disk *disk, const char *folder,
    uint64_t first);

/** frames_file_tell_damage(path, found, file, counters): tell, once for
 * ${file}, that bytes follow the last good frame that a walk ${found}. */
void frames_file_tell_damage(const char *path,
    const struct frames_file *found, struct frames_file *file,
    struct counters *counters);

/** frames_file_list(folder, files, count, err): in order of number, with
 * ${first} alone; the caller frees. */
int frames_file_list(const char *folder, struct frames_file **files,
    uint32_t *count, struct err *err);

/** frames_file_head(out, kind, version, file): the header. */
void frames_file_head(struct buf *out, const char *kind, uint32_t version,
    const struct frames_file *file);

/** frames_file_frame(out, number, payload): one frame. */
void frames_file_frame(struct buf *out, uint64_t number,
    struct slice payload);

/**
 * frames_file_walk(path, kind, version, file, visit, self, err): read the
 * file and visit its good frames (NULL: only count them); fills ${file}.
 * -EBADMSG when the header is torn, -EPROTO when it is of another kind or
 * version, else a negative errno.
 */
int frames_file_walk(const char *path, const char *kind, uint32_t version,
    struct frames_file *file, frames_visit visit, void *self,
    struct err *err);

/** frames_file_salvage(bytes, file): of a whole file whose header is not to be
 * trusted: fills what is known of it after frames_file_walk but its stamp. */
void frames_file_salvage(struct slice bytes, struct frames_file *file);

/** frames_file_peek(path, kind, version, file, err): the header alone. */
int frames_file_peek(const char *path, const char *kind, uint32_t version,
    struct frames_file *file, struct err *err);

/** frames_file_is_older(folder, kind, version, file, stamp): it has a stamp,
 * of ${stamp} or before. */
bool frames_file_is_older(const char *folder, const char *kind,
    uint32_t version, const struct frames_file *file, int64_t stamp);

/** frames_file_bytes(path): its size on the disk, 0 when there is none. */
uint64_t frames_file_bytes(const char *path);

#endif
