/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"

static ssize_t
system_write(void *self, int fd, const void *data, size_t bytes, uint64_t at)
{
	ssize_t n;

	(void)self;
	do
		n = pwrite(fd, data, bytes, (off_t)at);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int
system_sync(void *self, int fd)
{
	(void)self;
	return fdatasync(fd) == 0 ? 0 : -errno;
}

static int
system_cut(void *self, int fd, uint64_t bytes)
{
	(void)self;
	return ftruncate(fd, (off_t)bytes) == 0 ? 0 : -errno;
}

static int
system_rename(void *self, const char *from, const char *to)
{
	(void)self;
	return rename(from, to) == 0 ? 0 : -errno;
}

static int
system_remove(void *self, const char *path)
{
	(void)self;
	return unlink(path) == 0 ? 0 : -errno;
}

struct disk
disk_system(void)
{
	return (struct disk){system_write, system_sync, system_cut,
	    system_rename, system_remove, NULL};
}

int
disk_write(const struct disk *d, int fd, struct slice bytes, uint64_t at)
{
	while (bytes.len > 0) {
		ssize_t n = d->write(d->self, fd, bytes.data, bytes.len, at);

		if (n <= 0)
			return n < 0 ? (int)n : -ENOSPC;
		bytes.data += n;
		bytes.len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

int
disk_sync_folder(const struct disk *d, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return -errno;
	rc = d->sync(d->self, fd);
	close(fd);
	return rc;
}

int
disk_replace(const struct disk *d, const char *folder, const char *name,
    struct slice bytes, struct err *err)
{
	char path[4096], temporary[4096];
	int fd, rc;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(temporary, sizeof(temporary), "%s/%s.new", folder, name);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	rc = fd < 0 ? -errno : disk_write(d, fd, bytes, 0);
	if (rc == 0)
		rc = d->sync(d->self, fd);
	if (fd >= 0)
		close(fd);
	if (rc == 0)
		rc = d->rename(d->self, temporary, path);
	if (rc == 0)
		rc = disk_sync_folder(d, folder);
	else if (fd >= 0) /* a full disk wants the room */
		(void)d->remove(d->self, temporary);
	return rc == 0 ? 0 : err_set(err, rc, "cannot write %s: %s", path,
	    strerror(-rc));
}

int
disk_read(const char *path, uint64_t most, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	struct stat st;
	ssize_t n = 1;

	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0 || fstat(fd, &st) != 0)
		rc = -errno;
	else if ((uint64_t)st.st_size > most)
		rc = -EFBIG;
	while (rc == 0 && n > 0) {
		char *to = buf_reserve(out, (size_t)st.st_size + 1);

		do
			n = read(fd, to, (size_t)st.st_size + 1);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			rc = -errno;
		out->len += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return rc == 0 ? 0 : err_set(err, rc, "cannot read %s: %s", path,
	    strerror(-rc));
}
