/*
 * What a load leaves behind for the next one.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/patch.h"

struct rules_base *
rules_base_new(void)
{
	return must_alloc(sizeof(struct rules_base));
}

void
patch_base_clear(struct rules_base *base)
{
	uint64_t counts[3], cached[3];

	memcpy(counts, base->counts, sizeof(counts));
	memcpy(cached, base->cached, sizeof(cached));
	for (uint32_t i = 0; i < base->files_count; i++) {
		free(base->files[i].path);
		free((void *)(uintptr_t)base->files[i].bytes.data);
		free(base->files[i].entries);
	}
	free(base->files);
	free(base->mains);
	free(base->topical);
	free(base->uses);
	*base = (struct rules_base){0};
	memcpy(base->counts, counts, sizeof(counts));
	memcpy(base->cached, cached, sizeof(cached));
}

void
rules_base_free(struct rules_base *base)
{
	if (base == NULL)
		return;
	patch_base_clear(base);
	free(base);
}

void
rules_base_move(struct rules_base *to, struct rules_base *from)
{
	struct rules_base empty = {0};

	for (int i = 0; i < 3; i++) {
		from->counts[i] += to->counts[i];
		from->cached[i] += to->cached[i];
		to->counts[i] = to->cached[i] = 0;
	}
	patch_base_clear(to);
	*to = *from;
	*from = empty;
}

uint64_t
rules_base_patches(const struct rules_base *base)
{
	return base->counts[0];
}

uint64_t
rules_base_cached(const struct rules_base *base, enum rules_cached what)
{
	return base->cached[what];
}

size_t
rules_base_bytes(const struct rules_base *base)
{
	size_t bytes = sizeof(*base);

	for (uint32_t i = 0; i < base->files_count; i++)
		bytes += sizeof(*base->files) + base->files[i].bytes.len +
			 base->files[i].entries_count *
			     sizeof(struct patch_entry);
	return bytes +
	       (base->mains_count + base->topical_count) *
		   sizeof(struct anchor) +
	       base->uses_count * sizeof(struct patch_use);
}

static struct patch_file *
add(struct rules_base *base, const char *path, struct slice bytes)
{
	struct patch_file *file;

	if (base->files_count == base->files_room) {
		base->files_room = base->files_room * 2 + 16;
		base->files = must_grow(
		    base->files, base->files_room * sizeof(*base->files));
	}
	file = &base->files[base->files_count++];
	*file = (struct patch_file){.path = strdup(path),
	    .hash = XXH3_64bits(bytes.data, bytes.len)};
	REQUIRE(file->path != NULL);
	return file;
}

void
patch_base_other(struct rules_base *base, const char *path, const char *kind,
    struct slice bytes)
{
	add(base, path, bytes)->kind = kind;
}

void
patch_base_list(struct rules_base *base, const char *path, struct slice bytes)
{
	add(base, path, bytes)->list = true;
}

void
patch_base_file(
    struct rules_base *base, const struct files_file *from, bool plain)
{
	struct patch_file *file = add(base, from->path, from->bytes);

	base->refused |= from->local;
	file->whole = !plain;
}

void
patch_base_bytes(struct rules_base *base, struct files_file *items,
    const struct decls *d)
{
	for (uint32_t i = 0, k = 0; i < base->files_count; i++) {
		struct patch_file *file = &base->files[i];

		if (file->list || file->kind != NULL)
			continue;
		file->bytes = items[k].bytes;
		if (items[k].sector != RULES_NONE)
			file->sector_id = d->sectors[items[k].sector].id;
		items[k++].bytes.data = NULL;
	}
}

void
patch_base_anchors(
    struct rules_base *base, bool topical, const struct grow *anchors)
{
	struct anchor **out = topical ? &base->topical : &base->mains;

	free(*out);
	*out = must_alloc(sizeof(struct anchor) * (anchors->count + 1ul));
	if (anchors->count > 0)
		memcpy(*out, anchors->items,
		    sizeof(struct anchor) * anchors->count);
	*(topical ? &base->topical_count : &base->mains_count) =
	    anchors->count;
}

/* ---- entries ------------------------------------------------------------- */

/* The rule files of the base, by their number in the declarations. */
static uint32_t *
rule_files(const struct rules_base *base)
{
	uint32_t *out = must_alloc(sizeof(*out) * (base->files_count + 1ul));

	for (uint32_t i = 0, k = 0; i < base->files_count; i++)
		if (!base->files[i].list && base->files[i].kind == NULL)
			out[k++] = i;
	return out;
}

/* By file, what begins on each line: unit + 1, or RULES_NONE for more than
 * one. */
struct lines {
	uint32_t *at, count;
};

static void
note(struct lines *lines, const uint32_t *files, const struct decl *d,
    uint32_t unit)
{
	struct lines *l = &lines[files[d->file]];

	if (d->place.line <= l->count)
		l->at[d->place.line - 1] =
		    l->at[d->place.line - 1] == 0 ? unit + 1 : RULES_NONE;
}

static uint32_t
lines_of(struct slice bytes)
{
	uint32_t n = 1;

	for (size_t i = 0; i < bytes.len; i++)
		n += bytes.data[i] == '\n';
	return n;
}

uint32_t
patch_extent(struct slice bytes, uint32_t from, uint32_t indent)
{
	const char *p = bytes.data;
	size_t at = from;

	for (;;) {
		const char *end = memchr(p + at, '\n', bytes.len - at);
		size_t start, i;

		if (end == NULL || (size_t)(end + 1 - p) == bytes.len)
			return (uint32_t)bytes.len;
		start = i = (size_t)(end + 1 - p);
		while (i < bytes.len && p[i] == ' ')
			i++;
		if (i < bytes.len && p[i] != '\n' && p[i] != '#' &&
		    i - start <= indent)
			return (uint32_t)start;
		at = start;
	}
}

/* Its lines to entries. */
static void
make_entries(struct patch_file *file, const struct lines *l)
{
	struct slice bytes = file->bytes;
	uint32_t n = 0, from = 0;

	for (uint32_t i = 0; i < l->count; i++)
		n += l->at[i] != 0;
	file->entries = must_alloc(sizeof(*file->entries) * (n + 1ul));
	for (uint32_t i = 0; i < l->count; i++) {
		const char *end = memchr(
		    bytes.data + from, '\n', bytes.len - from);
		uint32_t indent = 0;

		if (l->at[i] != 0) {
			while (bytes.data[from + indent] == ' ')
				indent++;
			file->entries[file->entries_count++] =
			    (struct patch_entry){from,
				patch_extent(bytes, from, indent), i + 1,
				l->at[i] == RULES_NONE || indent == 0
				    ? RULES_NONE
				    : l->at[i] - 1};
		}
		if (end == NULL)
			break;
		from = (uint32_t)(end + 1 - bytes.data);
	}
}

static void
find_entries(struct rules_base *base, const struct decls *d)
{
	struct lines *lines =
	    must_alloc(sizeof(*lines) * (base->files_count + 1ul));
	uint32_t *files = rule_files(base);

	for (uint32_t i = 0; i < base->files_count; i++) {
		struct patch_file *f = &base->files[i];

		f->sector = RULES_NONE;
		for (uint32_t k = 0; k < d->sectors_count; k++)
			if (slice_equal(d->sectors[k].id, f->sector_id))
				f->sector = k;
		f->sector_id = SLICE_NONE;
		if (f->bytes.data == NULL || f->whole)
			continue;
		lines[i].count = lines_of(f->bytes);
		lines[i].at = must_alloc(sizeof(uint32_t) * lines[i].count);
	}
	for (uint32_t i = 0; i < d->brands_count; i++)
		note(lines, files, &d->brands[i].d, i);
	for (uint32_t i = 0; i < d->topics_count; i++)
		note(lines, files, &d->topics[i].d, d->brands_count + i);
	for (uint32_t i = 0; i < d->rules_count; i++) {
		note(lines, files, &d->rules[i].d,
		    d->brands_count + d->topics_count + i);
		base->examples += d->rules[i].d.examples_count;
	}
	for (uint32_t i = 0; i < base->files_count; i++) {
		if (lines[i].at != NULL)
			make_entries(&base->files[i], &lines[i]);
		free(lines[i].at);
	}
	free(files);
	free(lines);
}

void
patch_base_uses(struct rules_base *base, const struct grow *uses,
    const struct decls *d)
{
	uint32_t *files = rule_files(base);

	base->uses_count = uses->count;
	base->uses = must_alloc(sizeof(*base->uses) * (uses->count + 1ul));
	for (uint32_t i = 0; i < uses->count; i++) {
		struct patch_use *use = &base->uses[i];
		uint32_t unit;

		*use = *grow_at(uses, struct patch_use, i);
		unit = use->unit;
		use->file =
		    files[unit < d->brands_count ? d->brands[unit].d.file
			  : (unit -= d->brands_count) < d->topics_count
			      ? d->topics[unit].d.file
			      : d->rules[unit - d->topics_count].d.file];
	}
	free(files);
}

void
patch_base_ready(struct rules_base *base, const struct ruleset *rs,
    const struct decls *d)
{
	base->counts[1]++;
	base->refused |= rs->labels_count > 0 || d->macros_count > 0 ||
			 rs->replacers.first != NULL || d->dated;
	if (base->refused) {
		patch_base_clear(base);
		return;
	}
	find_entries(base, d);
	base->generation = rs->generation;
}
