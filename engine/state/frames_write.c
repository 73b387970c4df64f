/*
 * Of frames.h: the way out.
 *
 * A sync that fails says so once: the system then takes the pages that it
 * could not write for clean, and the next sync succeeds without them.  So what
 * was written since the last good one is held, and after a failure the file is
 * written anew beside itself, from what was synced before and what is held.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/state/frames_parts.h"

static int
sync_file(struct frames *f)
{
	int rc = f->disk.sync(f->disk.self, f->fd);

	if (rc == 0)
		buf_clear(&f->held);
	else
		f->doubted = true;
	return rc;
}

/* The first ${bytes} of it, which were synced once, if they are still what
 * they were. */
static int
read_safe(const struct frames *f, const char *path, uint64_t bytes,
    struct buf *out, struct err *err)
{
	struct frames_file found = f->files[f->count - 1];
	int rc = frames_file_walk(path, f->kind, f->version, &found, NULL,
	    NULL, err);

	if (rc == 0)
		rc = disk_read(path, FRAMES_FILE_BYTES_MAX, out, err);
	if (rc == 0 && (found.bytes < bytes || out->len < bytes))
		rc = err_set(err, -EIO,
		    "%s was lost by the disk behind byte %llu: put the folder "
		    "on a disk that works, and start again", path,
		    (unsigned long long)found.bytes);
	out->len = rc == 0 ? bytes : 0;
	return rc;
}

/* Never the file that was doubted again: another one in its place. */
static int
write_anew(struct frames *f, struct err *err)
{
	const struct frames_file *file = &f->files[f->count - 1];
	struct buf bytes = {0};
	char path[4096];
	int fd = -1, rc;

	frames_file_path(f->folder, file->first, path);
	rc = read_safe(f, path, file->bytes - f->held.len, &bytes, err);
	if (rc == 0) {
		buf_slice_put(&bytes, buf_slice(&f->held));
		rc = disk_replace(&f->disk, f->folder,
		    strrchr(path, '/') + 1, buf_slice(&bytes), err);
	}
	buf_fini(&bytes);
	if (rc == 0 && (fd = open(path, O_WRONLY | O_CLOEXEC)) < 0)
		rc = frames_refuse(f, -errno, "open what is in", err);
	if (rc != 0)
		return rc;
	close(f->fd);
	f->fd = fd;
	buf_clear(&f->held);
	f->doubted = false;
	f->anew++;
	return 0;
}

/* The file that the rest of the flight belongs to; durable before it. */
static int
next_file(struct frames *f)
{
	struct frames_file *file = &f->flight.file;
	struct buf head = {0};
	char path[4096];
	int fd, rc = 0;

	if (f->fd >= 0)
		rc = sync_file(f);
	if (rc != 0)
		return rc;
	frames_file_path(f->folder, file->first, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	frames_file_head(&head, f->kind, f->version, file);
	rc = disk_write(&f->disk, fd, buf_slice(&head), 0);
	buf_fini(&head);
	if (rc == 0)
		rc = f->disk.sync(f->disk.self, fd);
	if (rc == 0)
		rc = disk_sync_folder(&f->disk, f->folder);
	if (rc != 0) {
		close(fd);
		/* Made again the next time: a sync that failed counts for
		 * nothing, neither of the file nor of its name. */
		(void)f->disk.remove(f->disk.self, path);
		return rc;
	}
	if (f->fd >= 0)
		close(f->fd);
	f->fd = fd;
	file->bytes = FRAMES_FILE_HEAD;
	f->files = must_grow(f->files, (f->count + 1) * sizeof(*f->files));
	f->files[f->count++] = *file;
	f->flight.turns = false;
	return 0;
}

/* The bytes of the flight up to ${end}. */
static int
write_some(struct frames *f, size_t end)
{
	struct slice bytes = {f->flight.bytes.data + f->written,
	    end - f->written};
	struct frames_file *last;
	int rc;

	if (bytes.len == 0)
		return 0;
	last = &f->files[f->count - 1];
	rc = disk_write(&f->disk, f->fd, bytes, last->bytes);
	if (rc != 0) {
		/* Best effort: what is left behind is written over later,
		 * or cut at the next start. */
		(void)f->disk.cut(f->disk.self, f->fd, last->bytes);
		return rc;
	}
	buf_slice_put(&f->held, bytes);
	last->bytes += bytes.len;
	f->written = end;
	return 0;
}

int
frames_write(struct frames *f, bool sync, struct err *err)
{
	int rc = f->doubted ? write_anew(f, err) : 0;

	if (rc != 0)
		return rc;
	if (f->left && f->flight.turns) {
		rc = write_some(f, f->flight.turn_at);
		if (rc == 0)
			rc = next_file(f);
	}
	if (rc == 0 && f->left)
		rc = write_some(f, f->flight.bytes.len);
	if (rc == 0 && f->fd >= 0 &&
	    (sync || f->held.len > FRAMES_HELD_BYTES_MAX))
		rc = sync_file(f);
	if (rc != 0)
		return frames_refuse(f, rc,
		    f->doubted ? "make sure of what was written to"
			       : "write to", err);
	f->left = false;
	return 0;
}

uint32_t
frames_anew(struct frames *f)
{
	uint32_t anew = f->anew;

	f->anew = 0;
	return anew;
}
