/*
 * The inside of a log, for frames.c (opening, gathering, trimming),
 * frames_mend.c (what a crash or a disk left), frames_write.c (the way out)
 * and frames_read.c (the way back).
 *
 * Thread: as in frames.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FRAMES_PARTS_H
#define ENGINE_FRAMES_PARTS_H

#include "engine/state/frames_file.h"

/* Frames on their way; from ${turn_at} on they belong to a new file. */
struct frames_load {
	struct buf bytes;
	bool turns;
	size_t turn_at;
	struct frames_file file; /* the new one */
};

struct frames {
	struct disk disk;
	char *folder;
	const char *kind;
	uint32_t version;
	uint64_t file_bytes;
	struct counters *counters;
	/* the loop's */
	struct frames_load gather;
	uint64_t next;
	uint64_t filled; /* bytes of the file that the next frame goes to */
	bool fresh;      /* no file takes frames yet */
	/* the writer's */
	struct frames_load flight;
	size_t written; /* bytes of flight that are in their file */
	bool left;
	struct frames_file *files; /* the last one is open */
	uint32_t count;
	int fd;
	/* Of the open file what is not known to be on the disk, so that it
	 * can be written anew. */
	struct buf held;
	bool doubted;  /* a sync failed: the file is not to be trusted */
	uint32_t anew; /* files written anew, not yet told of */
};

/** frames_refuse(f, rc, what, err): "cannot ${what} FOLDER: why"; ${rc}. */
int frames_refuse(const struct frames *f, int rc, const char *what,
    struct err *err);

/** frames_mend_last(f, err): cut the torn end of the last file off and open
 * it; 1: none of it could be read, and it was taken out of the list. */
int frames_mend_last(struct frames *f, struct err *err);

/** frames_mend_older(f): stamps and sizes of the files before it. */
void frames_mend_older(struct frames *f);

#endif
