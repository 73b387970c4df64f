/*
 * Compiled sets in a folder: one file for each list of paths, named after it.
 *
 * A file serves when it is of this very program and library, whole, and when
 * every file that its set was made of still has its contents.  It holds no
 * machine code, so that it is of no processor.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "rules/cache_folder.h"
#include "rules/image.h"

static uint64_t
key_of_program(void)
{
	struct buf text = {0};
	struct stat st;
	uint64_t key;

	buf_printf(&text, "set 7 %zu %zu %zu %zu %zu ", sizeof(struct ruleset),
	    sizeof(struct rules_base), sizeof(struct anchor),
	    sizeof(struct regex), sizeof(struct field));
	rules_library(&text);
	if (stat("/proc/self/exe", &st) == 0)
		buf_printf(&text, " %lu %lu %ld %ld %ld",
		    (unsigned long)st.st_dev, (unsigned long)st.st_ino,
		    (long)st.st_size, (long)st.st_mtim.tv_sec,
		    (long)st.st_mtim.tv_nsec);
	key = XXH3_64bits(text.data, text.len);
	buf_fini(&text);
	return key;
}

static char *
path_of(const char *folder, const char *const *paths, size_t count)
{
	size_t room = strlen(folder) + 32;
	char *out = must_alloc(room), *here = getcwd(NULL, 0);
	struct buf all = {0};

	if (here != NULL)
		buf_text(&all, here);
	for (size_t i = 0; i < count; i++) {
		buf_char(&all, '\0');
		buf_text(&all, paths[i]);
	}
	snprintf(out, room, "%s/%016lx.set", folder,
	    (unsigned long)XXH3_64bits(all.data, all.len));
	buf_fini(&all);
	free(here);
	return out;
}

/* Every file has the contents of which the set was made. */
static bool
read_files(struct rules_base *base, const struct rules_options *o)
{
	struct files f = {.options = o};
	struct files_room room = {0};
	bool same = true;

	for (uint32_t i = 0; i < base->files_count && same; i++) {
		struct patch_file *file = &base->files[i];

		same = files_walk_same(&f, file->path, file->hash, &room);
		if (same && !base->brief && file->kind == NULL &&
		    !file->list) {
			file->bytes = (struct slice){room.data, room.len};
			room = (struct files_room){0};
		}
		if (same && file->kind != NULL && o->other != NULL)
			o->other(o->self, file->path, file->kind);
	}
	free(room.data);
	return same;
}

/* ---- what is made anew --------------------------------------------------- */

static void
borrow(struct grow *g, void *items, uint32_t count)
{
	g->items = items;
	g->count = g->room = count;
}

static void
make_sets(struct builder *b, struct ruleset *rs)
{
	uint32_t count = rs->sets_count, none = NODE_NONE;

	for (uint32_t i = 0; i < count; i++) {
		builder_push(&b->sets, &none, 1);
		builder_push(&b->set_names, &rs->sets[i].name, 1);
	}
	for (uint32_t i = 0; i < rs->nodes_count; i++) {
		const struct flat_node *n = &rs->nodes[i];

		if (n->kind == NODE_OR && n->extra < count)
			*grow_at(&b->sets, uint32_t, n->extra) = i;
	}
	tables_sets(b, rs, NULL);
}

/* ${rs} is as image_set has left it. */
static void
finish(struct ruleset *rs)
{
	const struct decls none = {0};
	struct diag *diag = diag_new();
	struct builder b;

	builder_init(&b, &none, diag);
	b.rs = rs;
	borrow(&b.tokens, rs->tokens, rs->tokens_count);
	borrow(&b.bytes, rs->bytes, rs->bytes_count);
	make_sets(&b, rs);
	ruleset_own_build(rs);
	b.tokens.items = b.bytes.items = NULL;
	builder_fini(&b);
	diag_free(diag);
}

static bool
may(const struct rules_options *o)
{
	return o->cache != NULL && o->base != NULL && !o->pedantic &&
	       o->coverage == NULL;
}

/* 0; or why not. */
static enum rules_cached
load(struct image *im, struct ruleset *rs, struct rules_base *base,
    const char *const *paths, size_t count, const struct rules_options *o)
{
	char *path = path_of(o->cache, paths, count);
	int rc = image_read(im, path, key_of_program(), rs);
	struct diag *diag;
	bool same;

	free(path);
	if (rc != 0)
		return rc == ENOENT ? RULES_CACHE_MISS : RULES_CACHE_REFUSED;
	image_base(im, base);
	if (im->broken)
		return RULES_CACHE_REFUSED;
	diag = diag_new();
	same = patch_same_files(base, paths, count, diag) &&
	       read_files(base, o);
	diag_free(diag);
	if (!same)
		return RULES_CACHE_MISS;
	image_set(im, rs, base);
	if (im->broken) {
		rs->regexes_count = 0;
		return RULES_CACHE_REFUSED;
	}
	finish(rs);
	return RULES_CACHE_HIT;
}

struct ruleset *
cache_load(const char *const *paths, size_t count,
    const struct rules_options *o)
{
	struct rules_base *base;
	struct ruleset *rs;
	struct image im = {.load = true};
	enum rules_cached what;

	if (!may(o) || o->base->generation != 0 ||
	    (o->cache_own && !cache_folder_serves(o->cache)))
		return NULL;
	base = rules_base_new();
	base->brief = o->base->brief;
	im.map = base->brief && o->cache_own;
	rs = ruleset_new(NULL);
	what = load(&im, rs, base, paths, count, o);
	o->base->cached[what]++;
	if (what == RULES_CACHE_HIT) {
		rules_base_move(o->base, base);
	} else {
		ruleset_unref(rs);
		rs = NULL;
	}
	rules_base_free(base);
	return rs;
}

/* ---- saving -------------------------------------------------------------- */

static int
is_set(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && !strcmp(e->d_name + n - 4, ".set");
}

/* Of too many files the oldest one. */
static void
prune(const char *folder)
{
	struct dirent **all;
	int n = scandir(folder, &all, is_set, NULL);
	struct timespec oldest = {0};
	char *path = NULL;

	for (int i = 0; i < n; i++) {
		size_t room = strlen(folder) + strlen(all[i]->d_name) + 2;
		char *one = must_alloc(room);
		struct stat st;

		snprintf(one, room, "%s/%s", folder, all[i]->d_name);
		if (stat(one, &st) == 0 &&
		    (path == NULL || st.st_mtim.tv_sec < oldest.tv_sec)) {
			free(path);
			path = one;
			oldest = st.st_mtim;
		} else {
			free(one);
		}
		free(all[i]);
	}
	if (n > (int)CACHE_FILES_MAX && path != NULL)
		unlink(path);
	free(path);
	if (n >= 0)
		free(all);
}

void
cache_save(const char *const *paths, size_t count,
    const struct rules_options *o, const struct ruleset *rs)
{
	struct ruleset copy = *rs;
	struct image im = {0};
	char *path;

	/* What was not tried on its examples is not known to be good. */
	if (!may(o) || !o->selftest || o->base->generation != rs->generation ||
	    rs->conditions_count > 0)
		return;
	if (!o->cache_own)
		mkdir(o->cache, 0700); /* or the file says why not */
	else if (ruleset_units(rs) < CACHE_UNITS_MIN ||
		 !cache_folder_make(o->cache))
		return;
	image_begin(&im, arena_bytes(rs->arena) + rules_base_bytes(o->base),
	    arena_bytes(rs->shared->arena));
	regex_kept_fill(&copy.kept, rs->regexes, rs->regexes_count);
	image_base(&im, o->base);
	image_set(&im, &copy, o->base);
	regex_kept_fini(&copy.kept);
	path = path_of(o->cache, paths, count);
	if (image_write(&im, path, key_of_program()) == 0)
		prune(o->cache);
	free(path);
	image_end(&im);
}
