/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/files.h"

#include <errno.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/patch.h"
#include "rules/regex.h"

/* ---- first pass: names -------------------------------------------------- */

static void
set_milli(struct files *f, const struct yaml *map, const char *key,
    int32_t least, int32_t most, int32_t *out)
{
	const struct yaml *node = yaml_get(map, key);

	if (node != NULL)
		files_value_milli(f, node, least, most, out);
}

static void
calibration(struct files *f, const struct files_file *file)
{
	static const char *const keys[] = {"offset", "scale", "override", NULL};
	const struct yaml *node = yaml_get(file->root, "calibration");
	struct rules_sector *sector;
	struct place *place;

	if (node == NULL || !files_value_keys(f, node, "calibration", keys))
		return;
	if (file->sector == RULES_NONE) {
		files_value_error(f, node, "no-sector",
		    "add sector: to the file, or move it to a sector's file",
		    "a calibration belongs to a sector");
		return;
	}
	place = &f->calibrations[file->sector];
	if (place->line > 0 &&
	    !(file->local && files_local_flag(f, node, "override"))) {
		diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
		    "keep one of them",
		    "the sector is already calibrated at %s:%u", place->path,
		    place->line);
		return;
	}
	*place = node->key_place;
	sector = &f->decls->sectors[file->sector];
	set_milli(f, node, "offset", -20000, 20000, &sector->offset_milli);
	set_milli(f, node, "scale", 0, 100000, &sector->scale_milli);
}

/* For people; several files of a sector may say the same. */
static void
sector_name(struct files *f, const struct files_file *file)
{
	const struct yaml *node = yaml_get(file->root, "name");
	struct slice fr = SLICE_NONE, en = SLICE_NONE;
	struct rules_sector *sector;

	if (node == NULL)
		return;
	if (file->sector == RULES_NONE) {
		files_value_error(f, node, "no-sector",
		    "add sector: to the file, or leave the name out",
		    "this is the name of a sector");
		return;
	}
	files_value_name(f, node, &fr, &en);
	if (fr.len == 0)
		return;
	sector = &f->decls->sectors[file->sector];
	if (sector->name_fr.len > 0 && (!slice_equal(sector->name_fr, fr) ||
	    !slice_equal(sector->name_en, en))) {
		files_value_error(f, node, "other-name",
		    "name it in one file, or alike in all",
		    "the sector has another name already");
		return;
	}
	sector->name_fr = fr;
	sector->name_en = en;
}

static uint32_t
sector_of(struct files *f, const struct yaml *root)
{
	const struct yaml *node = yaml_get(root, "sector");
	struct decls *d = f->decls;
	const struct files_id *twin;
	struct slice id;

	if (node == NULL || !files_value_text(f, node, &id))
		return RULES_NONE;
	/* One that cannot be an id stands for what is below it all the same:
	 * that is not wrong as well. */
	files_value_id(f, id, node->place);
	twin = files_ids_add(&f->sectors,
	    (struct files_id){id, node->place, d->sectors_count});
	if (twin != NULL)
		return twin->index;
	if (d->sectors_count == f->sectors_room) {
		f->sectors_room = f->sectors_room * 2 + 16;
		d->sectors = must_grow(
		    d->sectors, f->sectors_room * sizeof(*d->sectors));
		f->calibrations = must_grow(f->calibrations,
		    f->sectors_room * sizeof(*f->calibrations));
	}
	d->sectors[d->sectors_count] = (struct rules_sector){
	    .id = id, .offset_milli = -3000, .scale_milli = 1000};
	f->calibrations[d->sectors_count] = (struct place){0};
	return d->sectors_count++;
}

/* Remember ${node}'s name; false when it cannot have it. */
static bool
declare(struct files *f, struct files_ids *ids, const struct yaml *node,
    const char *what, uint32_t file, uint32_t index, struct decl *out)
{
	const struct files_id *twin;

	out->over = RULES_NONE;
	if (!files_value_id(f, node->key, node->key_place))
		return false;
	*out = (struct decl){.id = arena_text(f->decls->arena, node->key),
	    .place = node->key_place,
	    .file = file,
	    .over = RULES_NONE,
	    .sector = f->items[file].sector};
	if (files_local_may(f, file, node)) {
		twin = files_ids_find(ids, out->id);
		if (twin == NULL)
			files_local_unknown(f, node, what, ids);
		out->over = twin == NULL ? RULES_NONE : twin->index;
		return false;
	}
	twin = files_ids_add(
	    ids, (struct files_id){out->id, node->key_place, index});
	if (twin == NULL)
		return true;
	diag_add(f->diag, DIAG_ERROR, node->key_place, "repeated-id",
	    f->items[file].local
		? "write override: true to change that one, or disable: true "
		  "to switch it off"
		: "ids are unique in the whole set: rename one of them",
	    "the %s '%.*s' is already declared at %s:%u", what,
	    SLICE_ARG(node->key), twin->place.path, twin->place.line);
	return false;
}

/* Room for one more in two arrays that grow together. */
#define GROW(items, nodes, count, room)                                        \
	do {                                                                   \
		if ((count) == (room)) {                                       \
			(room) = (room) * 2 + 64;                              \
			(items) = must_grow(                                   \
			    (items), (room) * sizeof(*(items)));               \
			(nodes) = must_grow(                                   \
			    (nodes), (room) * sizeof(*(nodes)));               \
		}                                                              \
	} while (0)

static void
declare_brand(struct files *f, uint32_t file, const struct yaml *node)
{
	struct decls *d = f->decls;
	struct brand_decl b = {0};

	if (f->items[file].sector == RULES_NONE &&
	    !files_local_may(f, file, node)) {
		files_value_error(f, node, "no-sector",
		    "add sector: to the file",
		    "a brand needs a sector, and this file has none");
		return;
	}
	if (!declare(f, &f->brands, node, "brand", file, d->brands_count,
		&b.d)) {
		if (b.d.over != RULES_NONE)
			files_local_entry(f, file, node,
			    &f->brand_nodes[b.d.over], &d->brands[b.d.over].d);
		return;
	}
	GROW(d->brands, f->brand_nodes, d->brands_count, f->brands_room);
	f->brand_nodes[d->brands_count] = node;
	d->brands[d->brands_count++] = b;
}

static void
declare_topic(struct files *f, uint32_t file, const struct yaml *node)
{
	struct decls *d = f->decls;
	struct topic_decl t = {0};

	if (!declare(f, &f->topics, node, "topic", file, d->topics_count,
		&t.d)) {
		if (t.d.over != RULES_NONE)
			files_local_entry(f, file, node,
			    &f->topic_nodes[t.d.over], &d->topics[t.d.over].d);
		return;
	}
	GROW(d->topics, f->topic_nodes, d->topics_count, f->topics_room);
	f->topic_nodes[d->topics_count] = node;
	d->topics[d->topics_count++] = t;
}

static void
declare_rule(struct files *f, uint32_t file, const struct yaml *node)
{
	struct decls *d = f->decls;
	struct rule_decl r = {0};

	if (!declare(f, &f->rules, node, "rule", file, d->rules_count,
		&r.d)) {
		if (r.d.over != RULES_NONE)
			files_local_entry(f, file, node,
			    &f->rule_nodes[r.d.over], &d->rules[r.d.over].d);
		return;
	}
	GROW(d->rules, f->rule_nodes, d->rules_count, f->rules_room);
	f->rule_nodes[d->rules_count] = node;
	d->rules[d->rules_count++] = r;
}

static void
declare_all(struct files *f, uint32_t file, const char *key,
    void (*one)(struct files *f, uint32_t file, const struct yaml *node))
{
	const struct yaml *node = yaml_get(f->items[file].root, key);

	if (node == NULL || node->broken)
		return;
	if (node->kind != YAML_MAP) {
		files_value_error(f, node, "no-map",
		    "write one 'id:' per line below it, indented by two "
		    "blanks",
		    "ids are wanted below this key");
		return;
	}
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		one(f, file, v);
}

static void
declare_file(struct files *f, uint32_t file)
{
	static const char *const keys[] = {"sector", "name", "calibration",
	    "lists", "macros", "brands", "topics", "rules", "relays",
	    "groups", NULL};
	struct files_file *it = &f->items[file];
	uint32_t sectors = f->decls->sectors_count;

	if (!files_value_keys(f, it->root, "a rule file", keys))
		return;
	it->sector = sector_of(f, it->root);
	if (it->local && f->decls->sectors_count > sectors)
		files_local_sector(f, it);
	calibration(f, it);
	sector_name(f, it);
	declare_all(f, file, "lists", files_list);
	declare_all(f, file, "macros", files_macro);
	declare_all(f, file, "groups", files_weight_declare);
	declare_all(f, file, "brands", declare_brand);
	declare_all(f, file, "topics", declare_topic);
	declare_all(f, file, "rules", declare_rule);
	files_relays(f, file);
}

/* ---- reading ------------------------------------------------------------ */

/* playbooks: of a configuration names files, that of a library holds them. */
static bool
is_paths(const struct yaml *playbooks)
{
	return playbooks != NULL && playbooks->kind != YAML_MAP;
}

/* What the file is, by its keys; NULL: a rule file. */
static const char *
other_kind(const struct yaml *root)
{
	if (yaml_get(root, "teams") != NULL)
		return "organisation";
	if (yaml_get(root, "sources") != NULL ||
	    yaml_get(root, "sinks") != NULL)
		return "config";
	if (yaml_get(root, "playbooks") != NULL ||
	    yaml_get(root, "statements") != NULL)
		return is_paths(yaml_get(root, "playbooks")) ? "config" :
							       "playbooks";
	if (yaml_get(root, "scenario") != NULL ||
	    yaml_get(root, "shared") != NULL)
		return "scenario";
	return NULL;
}

/* Read one file; true when it is one of another kind. */
static bool
read_one(struct files *f, const char *path, const struct rules_options *options)
{
	struct files_file *it = &f->items[f->count];
	unsigned errors = diag_errors(f->diag);
	static const char *const closed[] = {"brands", "topics", "rules", NULL};
	const char *kind;
	bool plain = false;
	int rc = files_walk_read(f, path, &it->bytes);

	it->path = diag_file(f->diag, path, it->bytes);
	it->sector = RULES_NONE;
	it->local = files_local_path(path);
	if (rc != 0) {
		const struct place whole = {it->path, 0, 0, 0};

		diag_add(f->diag, DIAG_ERROR, whole,
		    rc == EFBIG ? "too-large" : "unreadable", NULL,
		    "cannot read it: %s", strerror(rc));
		return false;
	}
	it->root = it->local ? yaml_parse_most(f->trees, it->path, it->bytes,
				   f->diag)
			     : yaml_parse_closed(f->trees, it->path, it->bytes,
				   f->diag, closed, &plain);
	kind = it->root == NULL ? NULL : other_kind(it->root);
	if (kind != NULL) {
		/* its reader would tell the errors of its YAML again */
		if (options != NULL && options->other != NULL &&
		    diag_errors(f->diag) == errors)
			options->other(options->self, path, kind);
		if (f->base != NULL)
			patch_base_other(f->base, path, kind, it->bytes);
		free((void *)(uintptr_t)it->bytes.data);
		return true;
	}
	files_hash(f, it->bytes);
	if (f->base != NULL)
		patch_base_file(f->base, it, plain);
	f->count++;
	return false;
}

static void
read_paths(struct files *f, const char *const *paths, size_t count,
    const struct rules_options *options)
{
	struct files_paths found = {0};
	bool others = false;

	for (size_t i = 0; i < count; i++)
		files_walk(&found, paths[i], f->diag);
	files_local_walk(&found, paths, count, f->diag);
	f->items = must_alloc((found.count + 1) * sizeof(*f->items));
	for (size_t i = 0; i < found.count; i++)
		others |= read_one(f, found.items[i].path, options);
	if (f->count == 0 && diag_errors(f->diag) == 0 &&
	    (!others || options == NULL || options->other == NULL))
		diag_add(f->diag, DIAG_ERROR, (struct place){0}, "no-rules",
		    "a rule file has brands:, topics: or rules:",
		    "no rule file among the given paths");
	files_walk_fini(&found);
}

/* Where errors keep the set from being compiled, those of its expressions
 * are told all the same. */
static void
try_regexes(struct files *f)
{
	for (const struct node *n = f->scope->regexes; n != NULL;
	     n = n->regex.next) {
		struct regex regex = {.pattern = n->regex.pattern,
		    .options = n->regex.pcre2_options};

		regex_check_told(&regex, n->place, f->diag);
	}
}

static void
fini(struct files *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		free((void *)(uintptr_t)f->items[i].bytes.data);
	free(f->items);
	free(f->hashes);
	free(f->calibrations);
	free(f->brand_nodes);
	free(f->topic_nodes);
	free(f->rule_nodes);
	files_ids_fini(&f->sectors);
	files_ids_fini(&f->brands);
	files_ids_fini(&f->topics);
	files_ids_fini(&f->rules);
	files_ids_fini(&f->groups);
	scope_free(f->scope);
	arena_free(f->trees);
	arena_free(f->opened);
}

struct decls *
files_read_with(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag)
{
	struct files f = {
	    .diag = diag, .options = options, .trees = arena_new(),
	    .opened = arena_new()};
	struct arena *arena = arena_new();
	struct decls *d = arena_alloc(arena, sizeof(*d)), grown;
	unsigned errors = diag_errors(diag);

	d->arena = arena;
	d->relay_reach = RELAY_REACH_DEFAULT;
	f.decls = d;
	f.base = options != NULL ? options->base : NULL;
	f.scope = scope_new(arena, diag);
	read_paths(&f, paths, count, options);
	for (uint32_t i = 0; i < f.count; i++)
		if (f.items[i].root != NULL)
			declare_file(&f, i);
	files_macros_ready(&f);
	for (uint32_t i = 0; i < d->brands_count; i++)
		files_entry_brand(&f, i);
	for (uint32_t i = 0; i < d->topics_count; i++)
		files_entry_topic(&f, i);
	for (uint32_t i = 0; i < d->rules_count; i++)
		files_entry_rule(&f, i);
	files_macros_end(&f);
	files_weight_check(&f);
	files_label_check(&f);
	files_relays_end(&f);
	files_conditions_end(&f);
	if (diag_errors(diag) != errors)
		try_regexes(&f);
	d->id = files_hash_id(&f);
	if (f.base != NULL)
		patch_base_bytes(f.base, f.items, d);
	grown = *d; /* the growing arrays, replaced by those in the arena */
	decls_sort(d);
	free(grown.sectors);
	free(grown.brands);
	free(grown.topics);
	free(grown.rules);
	fini(&f);
	if (diag_errors(diag) == errors)
		return d;
	decls_free(d);
	return NULL;
}

struct decls *
files_read(const char *const *paths, size_t count, struct diag *diag)
{
	return files_read_with(paths, count, NULL, diag);
}
