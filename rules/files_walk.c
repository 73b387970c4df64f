/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/files.h"

static void
refuse(struct diag *diag, const char *path, const char *code, const char *help,
    const char *why)
{
	struct place place = {diag_file(diag, path, SLICE("")), 0, 0, 0};

	diag_add(diag, DIAG_ERROR, place, code, help, "%s", why);
}

/* Each file once, however often the paths name it. */
static void
add(struct files_paths *paths, const char *path, const struct stat *st)
{
	struct files_path *item;

	paths->seen++;
	for (size_t i = 0; i < paths->count; i++)
		if (paths->items[i].device == st->st_dev &&
		    paths->items[i].inode == st->st_ino)
			return;
	if (paths->count == paths->room) {
		paths->room = paths->room * 2 + 16;
		paths->items = must_grow(
		    paths->items, paths->room * sizeof(*paths->items));
	}
	item = &paths->items[paths->count++];
	item->path = strdup(path);
	REQUIRE(item->path != NULL);
	item->device = st->st_dev;
	item->inode = st->st_ino;
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && !strcmp(name + n - m, end);
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What ${path} is behind links, and whether it is a folder without any; the
 * folder that it is in may have said so: ${type}. */
static bool
look_at(const char *path, unsigned char type, bool *folder, struct stat *st)
{
	*folder = type == DT_DIR;
	if (type == DT_UNKNOWN) { /* of file systems that do not tell */
		if (lstat(path, st) != 0)
			return false;
		*folder = S_ISDIR(st->st_mode);
	}
	return stat(path, st) == 0;
}

/* Every *.yaml below ${path}, in order of name.  Links to files are followed
 * (mounted configurations are made of them), links to folders are not. */
static void
walk(struct files_paths *paths, const char *path, unsigned depth,
    struct diag *diag)
{
	struct dirent **entries;
	int n = scandir(path, &entries, visible, by_name);

	if (n < 0 || depth > WALK_DEPTH_MAX) {
		refuse(diag, path, "unreadable", NULL,
		    n < 0 ? strerror(errno) : "folders are nested too deep");
		if (n < 0)
			return;
	}
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		size_t bytes = strlen(path) + strlen(name) + 2;
		char *child = must_alloc(bytes);
		struct stat st;
		bool folder;

		snprintf(child, bytes, "%s%s%s", path,
		    ends_in(path, "/") || !strcmp(path, "/") ? "" : "/", name);
		if (depth <= WALK_DEPTH_MAX &&
		    look_at(child, entries[i]->d_type, &folder, &st)) {
			if (folder)
				walk(paths, child, depth + 1, diag);
			else if (S_ISREG(st.st_mode) && ends_in(name, ".yaml"))
				add(paths, child, &st);
			else if (S_ISREG(st.st_mode) && ends_in(name, ".yml"))
				diag_add(diag, DIAG_WARNING,
				    (struct place){diag_file(diag, child,
						       SLICE("")),
					0, 0, 0},
				    "yml", "rename it to .yaml",
				    "not read: of a folder only *.yaml counts");
		} else if (depth <= WALK_DEPTH_MAX && ends_in(name, ".yaml")) {
			refuse(diag, child, "unreadable", NULL,
			    strerror(errno));
		}
		free(child);
		free(entries[i]);
	}
	free(entries);
}

void
files_walk(struct files_paths *paths, const char *path, struct diag *diag)
{
	size_t before = paths->seen;
	unsigned errors = diag_errors(diag);
	struct stat st;

	if (stat(path, &st) != 0) {
		refuse(diag, path, "unreadable",
		    "is the path right? it is a rule file, or a folder of them",
		    strerror(errno));
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		add(paths, path, &st);
		return;
	}
	walk(paths, path, 0, diag);
	if (paths->seen == before && diag_errors(diag) == errors &&
	    !paths->may_be_empty)
		refuse(diag, path, "no-rules",
		    "rule files end in .yaml", "no rule file in this folder");
}

void
files_walk_fini(struct files_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i].path);
	free(paths->items);
	*paths = (struct files_paths){0};
}

/* A whole file into ${room}, which may have been used. */
static int
read_whole(struct files *f, const char *path, struct files_room *room)
{
	size_t want = 1 << 16;
	struct stat st;
	int rc, fd;

	if (f->options != NULL && f->options->reading != NULL)
		f->options->reading(f->options->self, path);
	room->len = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? errno : 0;
	/* One more than there should be, so that the end is seen. */
	if (rc == 0 && fstat(fd, &st) == 0 && st.st_size > 0 &&
	    st.st_size <= (off_t)RULE_FILE_BYTES_MAX)
		want = (size_t)st.st_size + 1;
	if (room->bytes < want)
		room->data = must_grow(room->data, room->bytes = want);
	while (rc == 0) {
		ssize_t n = read(
		    fd, room->data + room->len, room->bytes - room->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = errno;
		if (n <= 0)
			break;
		room->len += (size_t)n;
		if (room->len > RULE_FILE_BYTES_MAX)
			rc = EFBIG;
		if (room->len == room->bytes)
			room->data = must_grow(room->data, room->bytes *= 2);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

int
files_walk_read(struct files *f, const char *path, struct slice *bytes)
{
	struct files_room room = {0};
	int rc = read_whole(f, path, &room);

	if (rc != 0) {
		free(room.data);
		room = (struct files_room){0};
	}
	*bytes = (struct slice){room.data, room.len};
	return rc;
}

bool
files_walk_same(struct files *f, const char *path, uint64_t hash,
    struct files_room *room)
{
	return read_whole(f, path, room) == 0 &&
	       XXH3_64bits(room->data, room->len) == hash;
}
