/*
 * A disk that dies, or is full, after a number of calls: half a write may
 * still arrive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_DYING_DISK_H
#define TESTS_UNIT_ENGINE_DYING_DISK_H

#include <errno.h>
#include <stdbool.h>

#include "engine/base/rand.h"
#include "engine/state/disk.h"

/* A disk that does ${left} more calls, then none. */
struct dying {
	struct disk real;
	int64_t left; /* negative: for ever */
	struct rand rand;
	uint64_t calls;
};

static inline bool
dead(struct dying *d)
{
	d->calls++;
	if (d->left < 0)
		return false;
	return d->left == 0 || --d->left == 0;
}

static inline ssize_t
dying_write(void *self, int fd, const void *data, size_t bytes, uint64_t at)
{
	struct dying *d = self;
	bool was_dead = d->left == 0;

	if (!dead(d))
		return d->real.write(NULL, fd, data, bytes, at);
	/* The last breath: part of it may arrive. */
	if (!was_dead && bytes > 1)
		d->real.write(NULL, fd, data,
		    rand_below(&d->rand, (uint32_t)bytes), at);
	return -EIO;
}

static inline int
dying_sync(void *self, int fd)
{
	(void)fd;
	return dead(self) ? -EIO : 0; /* a test needs no platter */
}

static inline int
dying_cut(void *self, int fd, uint64_t bytes)
{
	return dead(self) ? -EIO : disk_system().cut(NULL, fd, bytes);
}

static inline int
dying_rename(void *self, const char *from, const char *to)
{
	return dead(self) ? -EIO : disk_system().rename(NULL, from, to);
}

static inline int
dying_remove(void *self, const char *path)
{
	return dead(self) ? -EIO : disk_system().remove(NULL, path);
}

#endif
