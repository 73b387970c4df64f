/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reload/reload_files.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

struct paths {
	char **items;
	size_t count, room;
};

struct reload_files {
	struct paths roots, read;
	uint64_t roots_seen, read_seen;
};

struct reload_files *
reload_files_new(void)
{
	return must_alloc(sizeof(struct reload_files));
}

static void
add(struct paths *p, const char *path)
{
	/* One more, for the NULL that fts_open wants. */
	if (p->count + 1 >= p->room) {
		p->room = p->room * 2 + 16;
		p->items = must_grow(p->items, p->room * sizeof(*p->items));
	}
	p->items[p->count] = strdup(path);
	REQUIRE(p->items[p->count] != NULL);
	p->items[++p->count] = NULL;
}

static void
drop(struct paths *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->items[i]);
	free(p->items);
}

void
reload_files_free(struct reload_files *f)
{
	if (f == NULL)
		return;
	drop(&f->roots);
	drop(&f->read);
	free(f);
}

/* ${seen} and how ${path} looks, as one number. */
static uint64_t
mix(uint64_t seen, const char *path, const struct stat *st)
{
	uint64_t looks[6] = {seen};

	if (st != NULL) {
		looks[1] = (uint64_t)st->st_ino;
		looks[2] = (uint64_t)st->st_size;
		looks[3] = (uint64_t)st->st_mtim.tv_sec;
		looks[4] = (uint64_t)st->st_mtim.tv_nsec;
		looks[5] = (uint64_t)st->st_dev;
	}
	return XXH3_64bits_withSeed(
	    path, strlen(path), XXH3_64bits(looks, sizeof(looks)));
}

static uint64_t
mix_file(uint64_t seen, const char *path)
{
	struct stat st;

	return mix(seen, path, stat(path, &st) == 0 ? &st : NULL);
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool
is_yaml(const FTSENT *e)
{
	return e->fts_namelen > 5 &&
	    !strcmp(e->fts_name + e->fts_namelen - 5, ".yaml");
}

/* What a set's reader would find below the roots: links to files are
 * followed, links to folders and what begins with a dot are not. */
static FTS *
walk(const struct reload_files *f)
{
	if (f->roots.count == 0)
		return NULL;
	return fts_open(f->roots.items,
	    FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
}

static FTSENT *
next(FTS *fts)
{
	FTSENT *e;

	while ((e = fts_read(fts)) != NULL) {
		if (e->fts_level > 0 && e->fts_name[0] == '.')
			fts_set(fts, e, FTS_SKIP);
		else if (e->fts_level > (int)WALK_DEPTH_MAX)
			fts_set(fts, e, FTS_SKIP);
		else
			return e;
	}
	return NULL;
}

static uint64_t
look_at_roots(const struct reload_files *f)
{
	FTS *fts = walk(f);
	uint64_t seen = 0;
	FTSENT *e;

	if (fts == NULL)
		return 0;
	while ((e = next(fts)) != NULL)
		if (e->fts_info != FTS_D && e->fts_info != FTS_DP &&
		    (e->fts_level == 0 || is_yaml(e)))
			seen = mix_file(seen, e->fts_path);
	fts_close(fts);
	return seen;
}

void
reload_files_root(struct reload_files *f, const char *path)
{
	if (path[0] != '\0')
		add(&f->roots, path);
}

void
reload_files_mark(struct reload_files *f)
{
	f->roots_seen = look_at_roots(f);
}

void
reload_files_add(struct reload_files *f, const char *path)
{
	add(&f->read, path);
	f->read_seen = mix_file(f->read_seen, path);
}

/* Not their exclusive or: a set of one file is the same in both. */
static uint64_t
both(uint64_t roots, uint64_t read)
{
	uint64_t looks[2] = {roots, read};

	return XXH3_64bits(looks, sizeof(looks));
}

uint64_t
reload_files_look(const struct reload_files *f)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < f->read.count; i++)
		seen = mix_file(seen, f->read.items[i]);
	return both(look_at_roots(f), seen);
}

uint64_t
reload_files_seen(const struct reload_files *f)
{
	return both(f->roots_seen, f->read_seen);
}

static void
tell_parent(const char *path, void (*tell)(void *self, const char *folder),
    void *self)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (slash == NULL) {
		tell(self, ".");
		return;
	}
	folder = strndup(path, (size_t)(slash - path) + (slash == path));
	REQUIRE(folder != NULL);
	tell(self, folder);
	free(folder);
}

void
reload_files_folders(const struct reload_files *f,
    void (*tell)(void *self, const char *folder), void *self)
{
	FTS *fts = walk(f);
	FTSENT *e;

	for (size_t i = 0; i < f->read.count; i++)
		tell_parent(f->read.items[i], tell, self);
	for (size_t i = 0; i < f->roots.count; i++)
		tell_parent(f->roots.items[i], tell, self);
	if (fts == NULL)
		return;
	while ((e = next(fts)) != NULL)
		if (e->fts_info == FTS_D)
			tell(self, e->fts_path);
	fts_close(fts);
}
