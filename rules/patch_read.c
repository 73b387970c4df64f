/*
 * The entries that have changed, by the same reader as in a full load.
 *
 * They are read beside the lists of their file.  Brands and topics that they
 * name are looked up in the set before, for none has come or gone.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/patch.h"

/* What stands outside of the entries: the lists, mostly. */
static void
head_of(const struct patch_file *f, struct buf *out)
{
	size_t at = 0;

	for (uint32_t i = 0; i < f->entries_count; i++) {
		buf_put(out, f->bytes.data + at, f->entries[i].from - at);
		at = f->entries[i].to;
	}
	buf_put(out, f->bytes.data + at, f->bytes.len - at);
}

static void
read_lists(struct files *f, uint32_t file, const struct patch_file *from)
{
	const struct yaml *lists;
	struct yaml *root;
	struct buf head = {0};

	head_of(from, &head);
	root = yaml_parse_most(f->trees, from->path,
	    arena_text(f->trees, buf_slice(&head)), f->diag);
	buf_fini(&head);
	lists = root == NULL ? NULL : yaml_get(root, "lists");
	if (lists == NULL)
		return;
	for (const struct yaml *v = lists->first; v != NULL; v = v->next)
		files_list(f, file, v);
}

/* Lists of files that have changes, and of common files. */
static void
read_all_lists(struct files *f, const struct patch *p)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < p->base->files_count; i++) {
		const struct patch_file *file = &p->base->files[i];
		bool named = false;

		if (file->bytes.data == NULL)
			continue;
		for (; next < p->changes_count && p->changes[next].file == i;
		     next++)
			named = true;
		if (named || file->sector == RULES_NONE)
			read_lists(f, i, file);
	}
}

static enum hit_kind
kind_of(const struct ruleset *rs, uint32_t unit, uint32_t *index)
{
	*index = unit;
	if (unit < rs->brands_count)
		return HIT_BRAND;
	*index -= rs->brands_count;
	if (*index < rs->topics_count)
		return HIT_TOPIC;
	*index -= rs->topics_count;
	return HIT_RULE;
}

/* One change to its declaration and its YAML; false: not plain. */
static bool
declare(struct files *f, struct patch *p, const struct patch_change *c)
{
	const struct patch_file *file = &p->base->files[c->file];
	struct decls *d = f->decls;
	const struct yaml *node = yaml_parse_entry(f->trees, file->path,
	    (struct slice){p->bytes[c->file].data + c->from, c->to - c->from},
	    c->line);
	struct decl decl = {.file = c->file, .sector = file->sector,
	    .over = RULES_NONE};
	uint32_t index;

	if (node == NULL)
		return false;
	decl.place = node->key_place;
	switch (kind_of(p->old, file->entries[c->entry].unit, &index)) {
	case HIT_BRAND:
		decl.id = p->old->brands[index].id;
		p->index[HIT_BRAND][d->brands_count] = index;
		f->brand_nodes[d->brands_count] = node;
		d->brands[d->brands_count++].d = decl;
		break;
	case HIT_TOPIC:
		decl.id = p->old->topics[index].id;
		p->index[HIT_TOPIC][d->topics_count] = index;
		f->topic_nodes[d->topics_count] = node;
		d->topics[d->topics_count++].d = decl;
		break;
	case HIT_RULE:
		decl.id = p->old->rules[index].id;
		p->index[HIT_RULE][d->rules_count] = index;
		f->rule_nodes[d->rules_count] = node;
		d->rules[d->rules_count++].d = decl;
		break;
	}
	return slice_equal(decl.id, node->key);
}

static void
declare_groups(struct files *f, const struct ruleset *rs)
{
	for (uint32_t i = 0; i < rs->groups_count; i++)
		files_ids_add(&f->groups,
		    (struct files_id){.id = rs->groups[i].id, .index = i});
}

/* Room for all changes of each kind. */
static void
prepare(struct files *f, struct patch *p)
{
	struct decls *d = f->decls;
	size_t n = p->changes_count + 1ul;

	d->arena = p->arena;
	d->brands = arena_alloc(p->arena, n * sizeof(*d->brands));
	d->topics = arena_alloc(p->arena, n * sizeof(*d->topics));
	d->rules = arena_alloc(p->arena, n * sizeof(*d->rules));
	f->brand_nodes = arena_alloc(p->arena, n * sizeof(*f->brand_nodes));
	f->topic_nodes = arena_alloc(p->arena, n * sizeof(*f->topic_nodes));
	f->rule_nodes = arena_alloc(p->arena, n * sizeof(*f->rule_nodes));
	for (int k = 0; k < 3; k++)
		p->index[k] = arena_alloc(p->arena, n * sizeof(uint32_t));
	f->count = p->base->files_count;
	f->items = arena_alloc(p->arena, (f->count + 1ul) * sizeof(*f->items));
	for (uint32_t i = 0; i < f->count; i++) {
		f->items[i].path = p->base->files[i].path;
		f->items[i].sector = p->base->files[i].sector;
	}
}

/* Whether what unchanged rules take from a topic has stayed. */
static bool
topics_stay(const struct patch *p)
{
	for (uint32_t i = 0; i < p->decls.topics_count; i++) {
		const struct topic_decl *t = &p->decls.topics[i];
		const struct rules_topic *old =
		    &p->old->topics[p->index[HIT_TOPIC][i]];

		if (t->severity != old->severity || t->family != old->family ||
		    !slice_equal(t->department, old->department))
			return false;
	}
	return true;
}

static bool
is_usual(const struct patch *p, const struct files *f)
{
	const struct decls *d = &p->decls;

	for (uint32_t i = 0; i < d->rules_count; i++)
		if (d->rules[i].is_term || d->rules[i].replaces_count > 0)
			return false;
	/* examples of rules hang on brands and topics as well */
	if (d->brands_count + d->topics_count > 0 && p->base->examples > 0)
		return false;
	return !f->scope->labels && !d->dated && d->macros_count == 0 &&
	       topics_stay(p);
}

bool
patch_read(struct patch *p)
{
	struct files f = {.diag = p->diag,
	    .trees = p->arena,
	    .opened = p->arena,
	    .world = p->old,
	    .decls = &p->decls};
	bool good = true;

	prepare(&f, p);
	f.scope = scope_new(p->arena, p->diag);
	declare_groups(&f, p->old);
	read_all_lists(&f, p);
	for (uint32_t i = 0; i < p->changes_count && good; i++)
		good = declare(&f, p, &p->changes[i]);
	for (uint32_t i = 0; i < p->decls.brands_count && good; i++)
		files_entry_brand(&f, i);
	for (uint32_t i = 0; i < p->decls.topics_count && good; i++)
		files_entry_topic(&f, i);
	for (uint32_t i = 0; i < p->decls.rules_count && good; i++)
		files_entry_rule(&f, i);
	good = good && is_usual(p, &f) &&
	       diag_errors(p->diag) + diag_warnings(p->diag) == 0;
	files_ids_fini(&f.groups);
	scope_free(f.scope);
	free(f.hashes);
	return good;
}
