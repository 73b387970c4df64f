/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/frames_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define MAGIC "VIGIELOG"
#define NAME_DIGITS 20

void
frames_file_path(const char *folder, uint64_t first, char *path)
{
	snprintf(path, 4096, "%s/%020" PRIu64 ".log", folder, first);
}

uint64_t
frames_file_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

void
frames_file_drop_half(const struct disk *disk, const char *folder,
    uint64_t first)
{
	char path[4096], half[4104];

	frames_file_path(folder, first, path);
	snprintf(half, sizeof(half), "%s.new", path);
	if (access(half, F_OK) == 0)
		(void)disk->remove(disk->self, half);
}

void
frames_file_tell_damage(const char *path, const struct frames_file *found,
    struct frames_file *file, struct counters *counters)
{
	uint64_t size = frames_file_bytes(path);

	if (found->bytes >= size || file->damaged)
		return;
	file->damaged = true;
	log_error("state", "%s: damaged from frame %" PRIu64 " on, its last "
			   "%" PRIu64 " bytes are left out",
	    path, found->first + found->count, size - found->bytes);
	counters_bump(counters, state_torn_total);
}

static bool
number_of(const char *name, uint64_t *first)
{
	char *end;

	if (strlen(name) != NAME_DIGITS + 4 ||
	    strspn(name, "0123456789") != NAME_DIGITS ||
	    strcmp(name + NAME_DIGITS, ".log"))
		return false;
	errno = 0;
	*first = strtoull(name, &end, 10);
	return errno == 0;
}

static int
by_first(const void *a, const void *b)
{
	uint64_t x = ((const struct frames_file *)a)->first;
	uint64_t y = ((const struct frames_file *)b)->first;

	return (x > y) - (x < y);
}

int
frames_file_list(const char *folder, struct frames_file **files,
    uint32_t *count, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	uint64_t first;

	*files = NULL;
	*count = 0;
	if (dir == NULL)
		return err_set(err, -errno, "cannot read %s: %s", folder,
		    strerror(errno));
	while ((entry = readdir(dir)) != NULL) {
		if (!number_of(entry->d_name, &first))
			continue;
		*files = must_grow(*files, (*count + 1) * sizeof(**files));
		(*files)[(*count)++] = (struct frames_file){.first = first};
	}
	closedir(dir);
	if (*count > 1)
		qsort(*files, *count, sizeof(**files), by_first);
	return 0;
}

void
frames_file_head(struct buf *out, const char *kind, uint32_t version,
    const struct frames_file *file)
{
	size_t at = out->len;
	char name[8] = {0};

	REQUIRE(strlen(kind) <= sizeof(name));
	memcpy(name, kind, strlen(kind));
	buf_text(out, MAGIC);
	buf_put(out, name, sizeof(name));
	pack_u32(out, version);
	pack_u32(out, 0);
	pack_u64(out, file->first);
	pack_u64(out, (uint64_t)file->stamp);
	pack_u64(out, XXH3_64bits(out->data + at, out->len - at));
	REQUIRE(out->len - at == FRAMES_FILE_HEAD);
}

void
frames_file_frame(struct buf *out, uint64_t number, struct slice payload)
{
	REQUIRE(payload.len <= FRAME_BYTES_MAX);
	pack_u32(out, (uint32_t)payload.len);
	pack_u64(out,
	    XXH3_64bits_withSeed(payload.data, payload.len, number));
	buf_slice_put(out, payload);
}

static int
read_head(struct unpack *in, const char *kind, uint32_t version,
    struct frames_file *file)
{
	const char *start = in->at;
	char name[8] = {0};
	uint32_t found;
	uint64_t first;

	if ((size_t)(in->end - in->at) < FRAMES_FILE_HEAD)
		return -EBADMSG;
	memcpy(name, kind, strlen(kind));
	in->at += 16;
	found = unpack_u32(in);
	unpack_u32(in);
	first = unpack_u64(in);
	file->stamp = (int64_t)unpack_u64(in);
	if (unpack_u64(in) != XXH3_64bits(start, FRAMES_FILE_HEAD - 8) ||
	    first != file->first)
		return -EBADMSG;
	if (memcmp(start, MAGIC, 8) != 0 || memcmp(start + 8, name, 8) != 0 ||
	    found != version)
		return -EPROTO;
	return 0;
}

int
frames_file_peek(const char *path, const char *kind, uint32_t version,
    struct frames_file *file, struct err *err)
{
	char head[FRAMES_FILE_HEAD];
	struct unpack in = unpack_of((struct slice){head, sizeof(head)});
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -EBADMSG;

	if (fd < 0)
		rc = -errno;
	else if (pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head))
		rc = read_head(&in, kind, version, file);
	if (fd >= 0)
		close(fd);
	return rc == 0 ? 0 : err_set(err, rc, "%s has no header of ours",
	    path);
}

bool
frames_file_is_older(const char *folder, const char *kind, uint32_t version,
    const struct frames_file *file, int64_t stamp)
{
	struct frames_file head = {.first = file->first};
	char path[4096];
	struct err err;

	frames_file_path(folder, file->first, path);
	return frames_file_peek(path, kind, version, &head, &err) == 0 &&
	    head.stamp != INT64_MIN && head.stamp <= stamp;
}

/* The next good frame, or false at the end or at the first bad byte. */
static bool
read_frame(struct unpack *in, uint64_t number, struct slice *payload)
{
	struct unpack at = *in;
	uint32_t len = unpack_u32(&at);
	uint64_t sum = unpack_u64(&at);

	if (at.bad || len > FRAME_BYTES_MAX ||
	    (size_t)(at.end - at.at) < len)
		return false;
	*payload = (struct slice){at.at, len};
	if (XXH3_64bits_withSeed(at.at, len, number) != sum)
		return false;
	at.at += len;
	*in = at;
	return true;
}

void
frames_file_salvage(struct slice bytes, struct frames_file *file)
{
	struct unpack in = unpack_of(bytes);
	struct slice payload;

	file->count = file->bytes = 0;
	if (bytes.len < FRAMES_FILE_HEAD)
		return;
	in.at += FRAMES_FILE_HEAD;
	while (read_frame(&in, file->first + file->count, &payload))
		file->count++;
	file->bytes = (uint64_t)(in.at - bytes.data);
}

int
frames_file_walk(const char *path, const char *kind, uint32_t version,
    struct frames_file *file, frames_visit visit, void *self,
    struct err *err)
{
	struct buf bytes = {0};
	struct slice payload;
	struct unpack in;
	int rc = disk_read(path, FRAMES_FILE_BYTES_MAX, &bytes, err);

	file->count = file->bytes = 0;
	if (rc == -ENOENT)
		err_set(err, rc, "cannot read %s: it is gone", path);
	if (rc == 0) {
		in = unpack_of(buf_slice(&bytes));
		rc = read_head(&in, kind, version, file);
		if (rc == -EPROTO)
			err_set(err, rc,
			    "%s is of another version of vigie, or no file "
			    "of its %s", path, kind);
		if (rc == -EBADMSG)
			err_set(err, rc, "%s has a broken header", path);
	}
	while (rc == 0 && read_frame(&in, file->first + file->count, &payload))
	{
		file->count++;
		if (visit != NULL &&
		    !visit(self, file->first + file->count - 1, payload))
			break;
	}
	if (rc == 0)
		file->bytes = (uint64_t)(in.at - bytes.data);
	buf_fini(&bytes);
	return rc;
}
