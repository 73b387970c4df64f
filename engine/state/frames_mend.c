/*
 * Of frames.h: what a crash or a disk left.
 *
 * Nothing that may hold a frame is removed: what cannot be read is kept aside
 * as FILE.damaged, the newest FRAMES_ASIDE_MAX of a log.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/pack.h"
#include "engine/state/frames_parts.h"

#define ASIDE ".damaged"
#define NAME_BYTES 40u

static bool
is_aside(const char *name)
{
	size_t len = strlen(name), end = strlen(ASIDE);

	return len < NAME_BYTES && len > end &&
	    !strcmp(name + (len - end), ASIDE);
}

/* How many are kept aside, and the first of them by name, the oldest. */
static uint32_t
count_aside(const struct frames *f, char first[static NAME_BYTES])
{
	DIR *dir = opendir(f->folder);
	const struct dirent *entry;
	uint32_t count = 0;

	first[0] = '\0';
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!is_aside(entry->d_name))
			continue;
		if (count++ == 0 || strcmp(entry->d_name, first) < 0)
			memcpy(first, entry->d_name,
			    strlen(entry->d_name) + 1);
	}
	if (dir != NULL)
		closedir(dir);
	return count;
}

static void
make_room(const struct frames *f)
{
	char path[4096], first[NAME_BYTES];

	while (count_aside(f, first) >= FRAMES_ASIDE_MAX) {
		snprintf(path, sizeof(path), "%s/%s", f->folder, first);
		if (f->disk.remove(f->disk.self, path) != 0)
			return;
	}
}

void
frames_forget_aside(const struct frames *f, int64_t before_ms)
{
	DIR *dir = opendir(f->folder);
	const struct dirent *entry;
	struct stat st;
	char path[4096];

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!is_aside(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", f->folder,
		    entry->d_name);
		if (stat(path, &st) == 0 &&
		    (int64_t)st.st_mtim.tv_sec * 1000 < before_ms)
			(void)f->disk.remove(f->disk.self, path);
	}
	if (dir != NULL)
		closedir(dir);
}

/* Beside the file that goes on, or instead of it; best effort. */
static bool
put_aside(struct frames *f, const char *path, const struct buf *copy)
{
	char aside[4120];
	struct err err;
	int rc;

	make_room(f);
	snprintf(aside, sizeof(aside), "%s" ASIDE, path);
	rc = copy == NULL ? f->disk.rename(f->disk.self, path, aside)
			  : disk_replace(&f->disk, f->folder,
				strrchr(aside, '/') + 1, buf_slice(copy), &err);
	if (rc == 0)
		counters_bump(f->counters, state_aside_total);
	else
		log_error("state", "%s: what is damaged cannot be kept "
				   "aside: %s", path, strerror(-rc));
	return rc == 0;
}

/* Whether ${rest}, behind the last good frame, is a write that was not
 * finished: zeros, or a frame that is longer than what is there. */
static bool
is_torn(struct slice rest)
{
	struct unpack in = unpack_of(rest);
	uint32_t len = unpack_u32(&in);
	size_t zeros = 0;

	if (rest.len < FRAMES_FRAME_HEAD)
		return true;
	while (zeros < rest.len && rest.data[zeros] == '\0')
		zeros++;
	return zeros == rest.len ||
	    (len <= FRAME_BYTES_MAX && len > rest.len - FRAMES_FRAME_HEAD);
}

/* ${damaged}: bytes behind ${file} that no write of ours left so. */
static void
keep_tail(struct frames *f, const char *path, const struct frames_file *file)
{
	struct buf bytes = {0};
	struct err err;

	if (disk_read(path, FRAMES_FILE_BYTES_MAX, &bytes, &err) == 0 &&
	    bytes.len > file->bytes &&
	    !is_torn((struct slice){bytes.data + file->bytes,
		bytes.len - file->bytes}) &&
	    put_aside(f, path, &bytes))
		log_error("state", "%s: damaged from frame %" PRIu64
				   " on; all of it is kept as " ASIDE, path,
		    file->first + file->count);
	buf_fini(&bytes);
}

/* A file without its header: its name tells the number of its first frame.  0:
 * it has a header again, and the frames that could be read; 1: it had none of
 * them and is kept aside. */
static int
mend_head(struct frames *f, struct frames_file *file, const char *path,
    struct err *err)
{
	struct buf bytes = {0}, whole = {0};
	struct frames_file found = {.first = file->first};
	struct stat st;
	int rc = disk_read(path, FRAMES_FILE_BYTES_MAX, &bytes, err);

	if (rc != 0)
		return rc;
	counters_bump(f->counters, state_torn_total);
	frames_file_salvage(buf_slice(&bytes), &found);
	/* No earlier than its first frame, so it goes no earlier either. */
	found.stamp = stat(path, &st) == 0
	    ? (int64_t)st.st_mtim.tv_sec * 1000
	    : INT64_MIN;
	if (found.count == 0) {
		if (put_aside(f, path, NULL))
			log_error("state", "%s: nothing in it can be read; "
					   "kept as " ASIDE, path);
		buf_fini(&bytes);
		return 1;
	}
	if (found.bytes < bytes.len)
		put_aside(f, path, &bytes);
	frames_file_head(&whole, f->kind, f->version, &found);
	buf_slice_put(&whole, (struct slice){bytes.data + FRAMES_FILE_HEAD,
	    found.bytes - FRAMES_FILE_HEAD});
	rc = disk_replace(&f->disk, f->folder, strrchr(path, '/') + 1,
	    buf_slice(&whole), err);
	log_error("state", "%s: its header was damaged; %" PRIu64 " frames "
			   "of it are read, %zu bytes are not", path,
	    found.count, bytes.len - found.bytes);
	*file = found;
	buf_fini(&bytes);
	buf_fini(&whole);
	return rc;
}

/* Without its header, ${size} bytes long: as mend_head. */
static int
mend_torn_head(struct frames *f, struct frames_file *file, const char *path,
    uint64_t size, struct err *err)
{
	int rc;

	if (size > FRAMES_FILE_HEAD)
		return mend_head(f, file, path, err);
	log_warn("state", "%s: removed, a crash had torn its header and "
			  "nothing is behind it", path);
	counters_bump(f->counters, state_torn_total);
	rc = f->disk.remove(f->disk.self, path);
	return rc == 0 ? 1 : frames_refuse(f, rc, "mend", err);
}

static int
open_last(struct frames *f, const char *path, struct err *err)
{
	f->fd = open(path, O_WRONLY | O_CLOEXEC);
	return f->fd >= 0 ? 0 : frames_refuse(f, -errno, "open", err);
}

int
frames_mend_last(struct frames *f, struct err *err)
{
	struct frames_file *last = &f->files[f->count - 1];
	char path[4096];
	uint64_t size;
	int rc;

	frames_file_path(f->folder, last->first, path);
	size = frames_file_bytes(path);
	rc = frames_file_walk(path, f->kind, f->version, last, NULL, NULL,
	    err);
	if (rc == -EBADMSG) {
		rc = mend_torn_head(f, last, path, size, err);
		if (rc != 1)
			return rc == 0 ? open_last(f, path, err) : rc;
		/* Its numbers are not given again. */
		if (f->next < last->first)
			f->next = last->first;
		f->count--;
		return 1;
	}
	if (rc == 0)
		rc = open_last(f, path, err);
	if (rc != 0 || last->bytes == size)
		return rc;
	keep_tail(f, path, last);
	log_warn("state", "%s: cut off %" PRIu64 " bytes that a crash had "
			  "torn, after frame %" PRIu64,
	    path, size - last->bytes, last->first + last->count);
	counters_bump(f->counters, state_torn_total);
	rc = f->disk.cut(f->disk.self, f->fd, last->bytes);
	return rc == 0 ? 0 : frames_refuse(f, rc, "mend", err);
}

void
frames_mend_older(struct frames *f)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < f->count; i++) {
		struct frames_file file = f->files[i];
		char path[4096];
		struct err err;
		int rc = 0;

		frames_file_path(f->folder, file.first, path);
		if (i + 1 < f->count)
			rc = frames_file_peek(path, f->kind, f->version,
			    &file, &err);
		if (rc == -EBADMSG)
			rc = mend_torn_head(f, &file, path,
			    frames_file_bytes(path), &err);
		if (rc == 1)
			continue;
		if (rc != 0) {
			log_warn("state", "%s; passed over", err.text);
			counters_bump(f->counters, state_torn_total);
		}
		if (i + 1 < f->count)
			file.bytes = frames_file_bytes(path);
		f->files[kept++] = file;
	}
	f->count = kept;
}
