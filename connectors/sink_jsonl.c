/*
 * Each alert as one line of JSON at the end of a file.
 *
 * A line that was torn by a crash is cut off at the next start: its alert was
 * not acknowledged then.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "connectors/lines.h"
#include "engine/base/limits.h"
#include "engine/base/log.h"

struct sink_jsonl {
	struct sink sink;
	struct lines lines;
	const char *path;
	bool sync;
	int fd;
	void (*on_closed)(struct sink *s);
};

static const struct setting settings[] = {
    {.name = "path",
	.type = SETTING_PATH,
	.required = true,
	.offset = offsetof(struct sink_jsonl, path),
	.help = "file to append to; created if it is not there"},
    {.name = "sync",
	.type = SETTING_BOOL,
	.fallback = "true",
	.offset = offsetof(struct sink_jsonl, sync),
	.help = "an alert counts as delivered when it is on the disk"},
    {0},
};

static struct sink_jsonl *
self(struct sink *s)
{
	return (struct sink_jsonl *)s;
}

/* Cut a torn last line off, if it is one of ours (it begins with a brace);
 * end it with a newline if it is not.  0 or a negative errno. */
static int
repair(const char *name, int fd, off_t bytes)
{
	char tail[4096];
	off_t line = bytes;

	while (line > 0) {
		off_t from = line > (off_t)sizeof(tail)
		    ? line - (off_t)sizeof(tail)
		    : 0;
		ssize_t n = pread(fd, tail, (size_t)(line - from), from);
		ssize_t i = n;

		if (n != line - from)
			return n < 0 ? -errno : -EIO;
		while (i > 0 && tail[i - 1] != '\n')
			i--;
		line = from + i;
		if (i > 0)
			break;
	}
	if (line == bytes)
		return 0;
	if (pread(fd, tail, 1, line) != 1)
		return -EIO;
	if (tail[0] != '{')
		return write(fd, "\n", 1) == 1 ? 0 : -errno;
	log_warn("sink", "%s: cut off a last line that a crash had torn", name);
	return ftruncate(fd, line) == 0 ? 0 : -errno;
}

/* A new file is only safe when its folder is. */
static void
sync_folder(const char *path)
{
	char folder[4096];
	char *slash;
	int fd;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		snprintf(folder, sizeof(folder), ".");
	else
		slash[slash == folder ? 1 : 0] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static int
jsonl_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	struct sink_jsonl *j = self(s);
	struct stat st;
	int rc = 0;

	snprintf(s->name, sizeof(s->name), "jsonl %s", j->path);
	j->fd = open(j->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (j->fd < 0)
		return err_set(err, -errno, "cannot open %s to append: %s",
		    j->path, strerror(errno));
	if (fstat(j->fd, &st) != 0)
		rc = -errno;
	else if (S_ISREG(st.st_mode))
		rc = repair(s->name, j->fd, st.st_size);
	if (rc != 0) {
		close(j->fd);
		return err_set(err, rc, "cannot read the end of %s: %s",
		    j->path, strerror(-rc));
	}
	if (j->sync)
		sync_folder(j->path);
	lines_open(&j->lines, s, loop, j->fd, j->sync);
	return 0;
}

static void
jsonl_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	(void)channel;
	lines_put(&self(s)->lines, a, token);
}

static uint32_t
jsonl_room(const struct sink *s)
{
	return lines_room(&((const struct sink_jsonl *)s)->lines);
}

static void
on_lines_closed(struct sink *s)
{
	close(self(s)->fd);
	self(s)->on_closed(s);
}

static void
jsonl_close(struct sink *s, void (*on_closed)(struct sink *s))
{
	self(s)->on_closed = on_closed;
	lines_close(&self(s)->lines, on_lines_closed);
}

const struct sink_type sink_jsonl_type = {
    .name = "jsonl",
    .help = "one JSON object per line at the end of a file",
    .settings = settings,
    .size = sizeof(struct sink_jsonl),
    .open = jsonl_open,
    .publish = jsonl_publish,
    .room = jsonl_room,
    .close = jsonl_close,
    .per_alert = true,
};
