/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/coverage.h"

#include <stdlib.h>

#include "engine/base/buf.h"
#include "rules/check.h"
#include "rules/op.h"

struct part {
	uint32_t item, node;
};

/* A list, and the parts of it that are items. */
struct list {
	uint32_t node, first, count;
};

struct rules_coverage {
	struct arena *arena;
	struct rules_coverage_item *items;
	uint32_t items_count, items_room;
	struct grow parts;    /* struct part: alternatives, by unit */
	struct grow entries;  /* struct part: of lists, by list */
	struct grow lists;    /* struct list */
	struct grow uses;     /* uint32_t: lists that units name, by unit */
	struct ranges units;  /* unit: parts; items are unused */
	struct ranges of_uses;
	uint32_t *entry;      /* unit: its item, or RULES_NONE */
	struct check_set known; /* lists, by address: struct list + 1 */
	struct matcher *m;
	const struct ruleset *rs;
};

struct rules_coverage *
rules_coverage_new(void)
{
	struct rules_coverage *c = must_alloc(sizeof(*c));

	c->arena = arena_new();
	c->parts.item_bytes = c->entries.item_bytes = sizeof(struct part);
	c->lists.item_bytes = sizeof(struct list);
	c->uses.item_bytes = sizeof(uint32_t);
	return c;
}

void
rules_coverage_free(struct rules_coverage *c)
{
	if (c == NULL)
		return;
	matcher_free(c->m);
	check_set_fini(&c->known);
	arena_free(c->arena);
	free(c->items);
	free(c->parts.items);
	free(c->entries.items);
	free(c->lists.items);
	free(c->uses.items);
	free(c->units.first);
	free(c->of_uses.first);
	free(c->entry);
	free(c);
}

/* ---- what there is ---- */

static uint32_t
add_item(struct rules_coverage *c, enum rules_covered what, struct place place,
    struct slice of, const struct node *node)
{
	struct rules_coverage_item *item;
	struct buf text = {0};

	if (c->items_count == c->items_room) {
		c->items_room = c->items_room * 2 + 256;
		c->items = must_grow(
		    c->items, c->items_room * sizeof(*c->items));
	}
	item = &c->items[c->items_count];
	*item = (struct rules_coverage_item){
	    .what = what, .line = place.line, .column = place.column};
	item->path = arena_text(c->arena, slice_of(place.path));
	item->of = arena_text(c->arena, of);
	if (node != NULL) {
		check_say(node, &text);
		item->text = arena_text(c->arena, buf_slice(&text));
		buf_fini(&text);
	}
	return c->items_count++;
}

static uint32_t
take_list(struct rules_coverage *c, struct builder *b, const struct node *node,
    uint32_t unit)
{
	uint64_t key = check_key_bytes(&node, sizeof(node), 0);
	uintptr_t known = (uintptr_t)check_set_find(&c->known, key);
	struct list list = {.node = flatten_node(b, node, unit),
	    .first = c->entries.count,
	    .count = node->group.count};

	if (known != 0)
		return (uint32_t)known - 1;
	for (uint32_t i = 0; i < node->group.count; i++) {
		const struct node *entry = node->group.items[i];
		struct part part = {
		    add_item(c, COVERED_LIST, entry->place, node->group.list,
			entry),
		    flatten_node(b, entry, unit)};

		builder_push(&c->entries, &part, 1);
	}
	known = builder_push(&c->lists, &list, 1) + 1;
	check_set_add(&c->known, key, (const void *)known);
	return (uint32_t)known - 1;
}

static void
take_query(struct rules_coverage *c, struct builder *b, const struct node *node,
    uint32_t unit, struct slice of)
{
	if (node == NULL || !ast_is_group(node) || node->kind == NODE_NOT)
		return; /* what must not stand is covered by misses */
	if (node->kind == NODE_OR && node->group.list.len > 0) {
		uint32_t list = take_list(c, b, node, unit);

		builder_push(&c->uses, &list, 1);
		return;
	}
	for (uint32_t i = 0; i < node->group.count; i++) {
		const struct node *item = node->group.items[i];
		bool list = item->kind == NODE_OR && item->group.list.len > 0;

		if (node->kind == NODE_OR &&
		    (item->kind != NODE_OR || list)) {
			struct part part = {
			    add_item(c, COVERED_BRANCH, item->place, of, item),
			    flatten_node(b, item, unit)};

			builder_push(&c->parts, &part, 1);
		}
		take_query(c, b, item, unit, of);
	}
}

static void
take_unit(struct rules_coverage *c, struct builder *b, const struct decl *d,
    enum rules_covered what, uint32_t unit, struct slice name)
{
	c->units.first[unit] = c->parts.count;
	c->of_uses.first[unit] = c->uses.count;
	c->entry[unit] = RULES_NONE;
	if (d->disabled)
		return;
	c->entry[unit] = add_item(c, what, d->place, name, NULL);
	take_query(c, b, d->match, unit, name);
}

void
coverage_take(struct rules_coverage *c, struct builder *b)
{
	const struct decls *d = b->decls;
	uint32_t units = d->brands_count + d->topics_count + d->rules_count;
	uint32_t unit = 0;

	c->units.first = must_alloc(sizeof(uint32_t) * (units + 1ul));
	c->of_uses.first = must_alloc(sizeof(uint32_t) * (units + 1ul));
	c->entry = must_alloc(sizeof(uint32_t) * (units + 1ul));
	for (uint32_t i = 0; i < d->brands_count; i++)
		take_unit(c, b, &d->brands[i].d, COVERED_BRAND, unit++,
		    d->brands[i].d.id);
	for (uint32_t i = 0; i < d->topics_count; i++)
		take_unit(c, b, &d->topics[i].d, COVERED_TOPIC, unit++,
		    d->topics[i].d.id);
	for (uint32_t i = 0; i < d->rules_count; i++)
		take_unit(c, b, &d->rules[i].d, COVERED_RULE, unit++,
		    d->rules[i].d.id);
	c->units.first[unit] = c->parts.count;
	c->of_uses.first[unit] = c->uses.count;
}

/* ---- posts ---- */

static void
hit_parts(struct rules_coverage *c, const struct part *parts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (!c->items[parts[i].item].hit && parts[i].node != NODE_NONE)
			c->items[parts[i].item].hit =
			    op_eval(c->m, parts[i].node);
}

static void
hit_unit(struct rules_coverage *c, uint32_t unit, uint32_t brand)
{
	uint32_t first = c->units.first[unit];

	if (c->entry[unit] == RULES_NONE)
		return;
	c->items[c->entry[unit]].hit = true;
	c->m->brand = brand;
	hit_parts(c, grow_at(&c->parts, struct part, first),
	    c->units.first[unit + 1] - first);
	for (uint32_t i = c->of_uses.first[unit];
	     i < c->of_uses.first[unit + 1]; i++) {
		const struct list *list = grow_at(&c->lists, struct list,
		    *grow_at(&c->uses, uint32_t, i));

		if (op_eval(c->m, list->node))
			hit_parts(c,
			    grow_at(&c->entries, struct part, list->first),
			    list->count);
	}
}

void
rules_coverage_post(
    struct rules_coverage *c, const struct post *post, struct text *text)
{
	const struct verdict *v = rules_match(c->m, post, text, MATCH_TOPICS);
	uint32_t hits = v->hits_count, terms = v->terms_count;

	for (uint32_t i = 0; i < hits; i++)
		hit_unit(c, ruleset_hit_unit(c->rs, &v->hits[i]),
		    v->hits[i].brand);
	for (uint32_t i = 0; i < terms; i++)
		hit_unit(c, unit_of_rule(c->rs, v->terms[i].rule),
		    v->terms[i].brand);
}

static void
hit_examples(struct rules_coverage *c, const struct decl *d, struct text *text)
{
	for (uint32_t i = 0; i < d->examples_count; i++) {
		struct post post;

		example_post(&d->examples[i], &post);
		text_fold(text, post.title, post.text, TEXT_POST);
		rules_coverage_post(c, &post, text);
	}
}

void
coverage_examples(struct rules_coverage *c, const struct ruleset *rs,
    const struct decls *decls)
{
	struct text text;

	c->rs = rs;
	c->m = matcher_new();
	matcher_fit(c->m, rs);
	text_init(&text);
	for (uint32_t i = 0; i < decls->brands_count; i++)
		hit_examples(c, &decls->brands[i].d, &text);
	for (uint32_t i = 0; i < decls->topics_count; i++)
		hit_examples(c, &decls->topics[i].d, &text);
	for (uint32_t i = 0; i < decls->rules_count; i++)
		hit_examples(c, &decls->rules[i].d, &text);
	text_fini(&text);
}

const struct rules_coverage_item *
rules_coverage_items(const struct rules_coverage *c, uint32_t *count)
{
	*count = c->items_count;
	return c->items;
}
