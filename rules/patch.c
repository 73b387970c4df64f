/*
 * Whether a load can be a patch of the set before, and making it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/patch.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

static const struct ruleset *
set_of(const struct rules_options *o)
{
	for (size_t i = 0; i < o->known_count; i++)
		if (o->known[i]->generation == o->base->generation)
			return o->known[i];
	return NULL;
}

/* Every file again, lists and those of other kinds too; false when one is not
 * what it was and cannot be patched. */
static bool
read_files(struct patch *p)
{
	struct files f = {.options = p->options};

	for (uint32_t i = 0; i < p->base->files_count; i++) {
		const struct patch_file *file = &p->base->files[i];
		uint64_t hash;

		if (files_walk_read(&f, file->path, &p->bytes[i]) != 0)
			return false;
		hash = XXH3_64bits(p->bytes[i].data, p->bytes[i].len);
		p->hashes[i] = hash;
		if (hash != file->hash &&
		    (file->list || file->kind != NULL || file->whole))
			return false;
		if (file->kind != NULL && p->options->other != NULL)
			p->options->other(
			    p->options->self, file->path, file->kind);
		if (hash != file->hash)
			continue;
		free((void *)(uintptr_t)p->bytes[i].data);
		p->bytes[i] = SLICE_NONE;
	}
	return true;
}

bool
patch_same_files(const struct rules_base *base, const char *const *paths,
    size_t count, struct diag *diag)
{
	struct files_paths found = {0};
	uint32_t k = 0;
	bool same = true;

	for (size_t i = 0; i < count; i++)
		files_walk(&found, paths[i], diag);
	files_local_walk(&found, paths, count, diag);
	for (size_t i = 0; i < found.count && same; i++) {
		while (k < base->files_count && base->files[k].list)
			k++;
		same = k < base->files_count &&
		       !strcmp(found.items[i].path, base->files[k++].path);
	}
	while (k < base->files_count && base->files[k].list)
		k++;
	same = same && k == base->files_count;
	files_walk_fini(&found);
	return same && diag_errors(diag) + diag_warnings(diag) == 0;
}

static bool
find_changes(struct patch *p)
{
	for (uint32_t i = 0; i < p->base->files_count; i++)
		if (p->bytes[i].data != NULL && !patch_find(p, i))
			return false;
	return p->base->patched + p->changes_count <=
	       ruleset_units(p->old) / PATCHED_SHARE;
}

/* Where the entries of changed files stand now. */
static void
place_entries(struct patch *p)
{
	uint32_t c = 0;

	for (uint32_t i = 0; i < p->base->files_count; i++) {
		const struct patch_file *f = &p->base->files[i];
		uint32_t ahead = 0, lines = 0; /* modulo 2^32 */
		struct patch_entry *out;

		if (p->bytes[i].data == NULL)
			continue;
		out = must_alloc(sizeof(*out) * (f->entries_count + 1ul));
		p->entries[i] = out;
		for (uint32_t k = 0; k < f->entries_count; k++) {
			out[k] = f->entries[k];
			out[k].from += ahead;
			out[k].to += ahead;
			out[k].line += lines;
			if (c == p->changes_count || p->changes[c].file != i ||
			    p->changes[c].entry != k)
				continue;
			ahead += p->changes[c].to - out[k].to;
			out[k].to = p->changes[c].to;
			lines += p->changes[c].lines;
			c++;
		}
	}
}

/* The base of the new set. */
static void
commit(struct patch *p, const struct ruleset *rs)
{
	struct rules_base *base = p->base;

	for (uint32_t i = 0; i < base->files_count; i++) {
		struct patch_file *f = &base->files[i];

		f->hash = p->hashes[i];
		if (p->bytes[i].data == NULL)
			continue;
		free((void *)(uintptr_t)f->bytes.data);
		free(f->entries);
		f->bytes = p->bytes[i];
		f->entries = p->entries[i];
		p->bytes[i] = SLICE_NONE;
		p->entries[i] = NULL;
	}
	free(base->mains);
	free(base->topical);
	free(base->uses);
	base->mains = p->next.mains;
	base->topical = p->next.topical;
	base->uses = p->next.uses;
	base->mains_count = p->next.mains_count;
	base->topical_count = p->next.topical_count;
	base->uses_count = p->next.uses_count;
	p->next = (struct rules_base){0};
	base->generation = rs->generation;
	base->patched += p->changes_count;
	base->counts[0]++;
	for (uint32_t i = 0; i < p->decls.rules_count; i++)
		base->examples += p->decls.rules[i].d.examples_count;
}

/* As files.c reckons it of a full load. */
static uint64_t
id_of(const struct patch *p)
{
	struct files f = {0};
	uint64_t id;

	for (uint32_t i = 0; i < p->base->files_count; i++)
		if (p->base->files[i].kind == NULL)
			files_hash_add(&f, p->hashes[i]);
	id = files_hash_id(&f);
	free(f.hashes);
	return id;
}

static void
fini(struct patch *p)
{
	for (uint32_t i = 0; i < p->base->files_count; i++) {
		free((void *)(uintptr_t)p->bytes[i].data);
		free(p->entries[i]);
	}
	free(p->bytes);
	free(p->entries);
	free(p->hashes);
	free(p->changes);
	free(p->next.mains);
	free(p->next.topical);
	free(p->next.uses);
	arena_free(p->arena);
	diag_free(p->diag);
}

struct ruleset *
patch_load(const char *const *paths, size_t count,
    const struct rules_options *options)
{
	struct patch p = {.base = options->base, .options = options};
	size_t files = p.base->files_count + 1ul;
	struct ruleset *rs = NULL;

	p.old = set_of(options);
	if (p.base->generation == 0 || p.old == NULL || options->pedantic ||
	    !options->selftest || options->coverage != NULL)
		return NULL;
	p.bytes = must_alloc(sizeof(*p.bytes) * files);
	p.hashes = must_alloc(sizeof(*p.hashes) * files);
	p.entries = must_alloc(sizeof(struct patch_entry *) * files);
	p.arena = arena_new();
	p.diag = diag_new();
	if (patch_same_files(p.base, paths, count, p.diag) && read_files(&p) &&
	    find_changes(&p) && patch_read(&p)) {
		place_entries(&p);
		rs = patch_build(&p);
	}
	if (rs != NULL) {
		rs->id = id_of(&p);
		commit(&p, rs);
	} else {
		p.base->counts[2]++;
	}
	fini(&p);
	return rs;
}
