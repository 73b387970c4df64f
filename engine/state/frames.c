/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/state/frames_file.h"

/* Frames on their way; from ${turn_at} on they belong to a new file. */
struct load {
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
	struct load gather;
	uint64_t next;
	uint64_t filled; /* bytes of the file that the next frame goes to */
	bool fresh;      /* no file takes frames yet */
	/* the writer's */
	struct load flight;
	size_t written; /* bytes of flight that are in their file */
	bool left;
	struct frames_file *files; /* the last one is open */
	uint32_t count;
	int fd;
};

static int
refuse(const struct frames *f, int rc, const char *what, struct err *err)
{
	return err_set(err, rc, "cannot %s %s: %s", what, f->folder,
	    strerror(-rc));
}

/* Cut a torn end off, or let a file go whose header is torn. */
static int
mend_last(struct frames *f, struct err *err)
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
		log_warn("state", "%s: removed, a crash had torn its header",
		    path);
		counters_bump(f->counters, state_torn_total);
		f->count--;
		rc = f->disk.remove(f->disk.self, path);
		return rc == 0 ? 1 : refuse(f, rc, "mend", err);
	}
	if (rc != 0)
		return rc;
	f->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (f->fd < 0)
		return refuse(f, -errno, "open", err);
	if (last->bytes == size)
		return 0;
	log_warn("state", "%s: cut off %" PRIu64 " bytes that a crash had "
			  "torn, after frame %" PRIu64,
	    path, size - last->bytes, last->first + last->count);
	counters_bump(f->counters, state_torn_total);
	rc = f->disk.cut(f->disk.self, f->fd, last->bytes);
	return rc == 0 ? 0 : refuse(f, rc, "mend", err);
}

static int
look(struct frames *f, struct err *err)
{
	int rc = 1;

	if (mkdir(f->folder, 0700) != 0 && errno != EEXIST)
		return refuse(f, -errno, "make", err);
	rc = frames_file_list(f->folder, &f->files, &f->count, err);
	if (rc != 0)
		return rc;
	for (uint32_t i = 0; i < f->count; i++)
		frames_file_drop_half(&f->disk, f->folder, f->files[i].first);
	for (rc = 1; f->count > 0 && rc == 1;)
		rc = mend_last(f, err);
	return rc < 0 ? rc : 0;
}

/* Stamps and sizes of the older files. */
static void
look_back(struct frames *f)
{
	for (uint32_t i = 0; i + 1 < f->count; i++) {
		struct frames_file *file = &f->files[i];
		char path[4096];
		struct err err;

		frames_file_path(f->folder, file->first, path);
		if (frames_file_peek(path, f->kind, f->version, file,
			&err) != 0) {
			log_warn("state", "%s; passed over", err.text);
			counters_bump(f->counters, state_torn_total);
		}
		file->bytes = frames_file_bytes(path);
	}
}

struct frames *
frames_open(const struct frames_options *o, struct err *err)
{
	struct frames *f = must_alloc(sizeof(*f));

	f->disk = *o->disk;
	f->folder = strdup(o->folder);
	REQUIRE(f->folder != NULL);
	f->kind = o->kind;
	f->version = o->version;
	f->file_bytes = o->file_bytes;
	f->counters = o->counters;
	f->fd = -1;
	if (look(f, err) != 0) {
		frames_close(f);
		return NULL;
	}
	look_back(f);
	f->fresh = f->count == 0;
	if (!f->fresh) {
		const struct frames_file *last = &f->files[f->count - 1];

		f->next = last->first + last->count;
		f->filled = last->bytes;
	}
	return f;
}

void
frames_close(struct frames *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	buf_fini(&f->gather.bytes);
	buf_fini(&f->flight.bytes);
	free(f->files);
	free(f->folder);
	free(f);
}

uint64_t
frames_first(const struct frames *f)
{
	return f->count == 0 ? f->next : f->files[0].first;
}

uint64_t
frames_next(const struct frames *f)
{
	return f->next;
}

void
frames_leap(struct frames *f, uint64_t next)
{
	REQUIRE(next >= f->next && f->gather.bytes.len == 0);
	f->fresh |= next != f->next;
	f->next = next;
}

bool
frames_turn(struct frames *f, int64_t stamp, bool force)
{
	struct load *g = &f->gather;
	bool due = f->fresh ||
	    (f->filled > FRAMES_FILE_HEAD &&
		(force || f->filled >= f->file_bytes));

	/* One turn at a time: a file may get a little larger. */
	if (!due || g->turns)
		return false;
	g->turns = true;
	g->turn_at = g->bytes.len;
	g->file = (struct frames_file){.first = f->next, .stamp = stamp};
	f->fresh = false;
	f->filled = FRAMES_FILE_HEAD;
	return true;
}

uint64_t
frames_put(struct frames *f, struct slice payload)
{
	size_t before = f->gather.bytes.len;

	REQUIRE(!f->fresh);
	frames_file_frame(&f->gather.bytes, f->next, payload);
	f->filled += f->gather.bytes.len - before;
	return f->next++;
}

size_t
frames_gathered(const struct frames *f)
{
	return f->gather.bytes.len;
}

bool
frames_take(struct frames *f)
{
	struct load empty = f->flight;

	REQUIRE(!f->left);
	if (f->gather.bytes.len == 0)
		return false;
	buf_clear(&empty.bytes);
	empty.turns = false;
	f->flight = f->gather;
	f->gather = empty;
	f->written = 0;
	f->left = true;
	return true;
}

bool
frames_left(const struct frames *f)
{
	return f->left;
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
		rc = f->disk.sync(f->disk.self, f->fd);
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
	last->bytes += bytes.len;
	f->written = end;
	return 0;
}

int
frames_write(struct frames *f, bool sync, struct err *err)
{
	int rc = 0;

	if (f->left && f->flight.turns) {
		rc = write_some(f, f->flight.turn_at);
		if (rc == 0)
			rc = next_file(f);
	}
	if (rc == 0 && f->left)
		rc = write_some(f, f->flight.bytes.len);
	if (rc == 0 && sync && f->fd >= 0)
		rc = f->disk.sync(f->disk.self, f->fd);
	if (rc != 0)
		return refuse(f, rc, "write to", err);
	f->left = false;
	return 0;
}

/* Without a clock there is no stamp: only bytes count then. */
static bool
is_old(const struct frames_file *file, int64_t stamp)
{
	return file->stamp != INT64_MIN && file->stamp < stamp;
}

uint64_t
frames_trim(struct frames *f, int64_t stamp, uint64_t keep,
    uint64_t bytes_max)
{
	uint64_t bytes = 0, gone = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->count; i++)
		bytes += f->files[i].bytes;
	while (n + 1 < f->count && f->files[n + 1].first <= keep &&
	    (is_old(&f->files[n], stamp) || bytes > bytes_max)) {
		char path[4096];
		int rc;

		frames_file_path(f->folder, f->files[n].first, path);
		rc = f->disk.remove(f->disk.self, path);
		if (rc != 0 && rc != -ENOENT) /* or somebody took it away */
			break;
		if (!is_old(&f->files[n], stamp))
			gone += f->files[n + 1].first - f->files[n].first;
		bytes -= f->files[n++].bytes;
	}
	if (n == 0)
		return gone;
	f->count -= n;
	memmove(f->files, f->files + n, f->count * sizeof(*f->files));
	return gone;
}

int
frames_read(struct frames *f, uint64_t from, frames_visit visit, void *self,
    struct err *err)
{
	for (uint32_t i = 0; i < f->count; i++) {
		struct frames_file file = f->files[i];
		char path[4096];
		int rc;

		if (i + 1 < f->count && f->files[i + 1].first <= from)
			continue;
		frames_file_path(f->folder, file.first, path);
		rc = frames_file_walk(path, f->kind, f->version, &file, visit,
		    self, err);
		if (rc == 0)
			frames_file_tell_damage(path, &file, &f->files[i],
			    f->counters);
		/* Without its header: told when the folder was opened. */
		if (rc != 0 && rc != -EBADMSG)
			return rc;
	}
	return 0;
}

bool
frames_begins(const struct frames *f, uint64_t number)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (f->files[i].first == number)
			return true;
	return false;
}

struct rewriter {
	bool (*change)(void *self, struct slice payload, struct buf *out);
	void *self;
	struct buf file, payload;
	bool changed;
};

static bool
rewrite_frame(void *arg, uint64_t number, struct slice payload)
{
	struct rewriter *r = arg;

	buf_clear(&r->payload);
	if (r->change(r->self, payload, &r->payload)) {
		payload = buf_slice(&r->payload);
		r->changed = true;
	}
	frames_file_frame(&r->file, number, payload);
	return true;
}

int
frames_rewrite(struct frames *f,
    bool (*change)(void *self, struct slice payload, struct buf *out),
    void *self, struct err *err)
{
	struct rewriter r = {.change = change, .self = self};
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i + 1 < f->count; i++) {
		struct frames_file *file = &f->files[i];
		char path[4096];

		frames_file_path(f->folder, file->first, path);
		buf_clear(&r.file);
		r.changed = false;
		frames_file_head(&r.file, f->kind, f->version, file);
		rc = frames_file_walk(path, f->kind, f->version, file,
		    rewrite_frame, &r, err);
		if (rc == -EBADMSG) {
			rc = 0;
			continue;
		}
		if (rc == 0 && r.changed)
			rc = disk_replace(&f->disk, f->folder,
			    strrchr(path, '/') + 1, buf_slice(&r.file), err);
	}
	buf_fini(&r.file);
	buf_fini(&r.payload);
	return rc;
}
