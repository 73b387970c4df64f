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
#include "engine/state/frames_parts.h"

int
frames_refuse(const struct frames *f, int rc, const char *what, struct err *err)
{
	return err_set(err, rc, "cannot %s %s: %s", what, f->folder,
	    strerror(-rc));
}

static int
look(struct frames *f, struct err *err)
{
	int rc = 1;

	if (mkdir(f->folder, 0700) != 0 && errno != EEXIST)
		return frames_refuse(f, -errno, "make", err);
	rc = frames_file_list(f->folder, &f->files, &f->count, err);
	if (rc != 0)
		return rc;
	for (uint32_t i = 0; i < f->count; i++)
		frames_file_drop_half(&f->disk, f->folder, f->files[i].first);
	for (rc = 1; f->count > 0 && rc == 1;)
		rc = frames_mend_last(f, err);
	return rc < 0 ? rc : 0;
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
	frames_mend_older(f);
	f->fresh = f->count == 0;
	if (!f->fresh) {
		const struct frames_file *last = &f->files[f->count - 1];
		uint64_t next = last->first + last->count;

		f->fresh = next < f->next; /* one behind it was lost */
		f->next = f->fresh ? f->next : next;
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
	buf_fini(&f->held);
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
	struct frames_load *g = &f->gather;
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
	struct frames_load empty = f->flight;

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

