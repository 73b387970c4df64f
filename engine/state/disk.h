/*
 * The few calls that change the state on the disk, as a table, so that a test
 * can make any of them fail or stop half-way.
 *
 * Thread: any; the real ones keep nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DISK_H
#define ENGINE_DISK_H

#include <stdint.h>
#include <sys/types.h>

#include "engine/base/err.h"
#include "engine/base/slice.h"

struct disk {
	/* as the calls of POSIX, but a negative errno instead of -1 */
	ssize_t (*write)(void *self, int fd, const void *data, size_t bytes,
	    uint64_t at);
	int (*sync)(void *self, int fd);
	int (*cut)(void *self, int fd, uint64_t bytes);
	int (*rename)(void *self, const char *from, const char *to);
	int (*remove)(void *self, const char *path);
	void *self;
};

/** disk_system(): the real calls. */
struct disk disk_system(void);

/** disk_write(d, fd, bytes, at): all of them; 0 or a negative errno, after
 * which nothing is known of what stands behind ${at}. */
int disk_write(const struct disk *d, int fd, struct slice bytes, uint64_t at);

/** disk_sync_folder(d, path): what was made or renamed in it is there after a
 * power cut. */
int disk_sync_folder(const struct disk *d, const char *path);

/** disk_replace(d, folder, name, bytes, err): the file folder/name is the old
 * one or all of ${bytes}, whatever happens; mode 0600. */
int disk_replace(const struct disk *d, const char *folder, const char *name,
    struct slice bytes, struct err *err);

/** disk_read(path, most, out, err): the whole file behind what ${out} holds;
 * -ENOENT without a message when there is none. */
struct buf;
int disk_read(const char *path, uint64_t most, struct buf *out,
    struct err *err);

#endif
