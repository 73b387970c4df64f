/*
 * A word that stands twice, or that another one covers.
 *
 * Under NEAR and its like the places of a word count as well as whether it
 * stands at all: there only parts are told of that stand at the same places.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/check.h"

static void
push(struct check_parts *parts, const struct node *node)
{
	if (parts->count == parts->room) {
		parts->room = parts->room * 2 + 16;
		parts->items = must_grow(
		    parts->items, parts->room * sizeof(*parts->items));
	}
	parts->items[parts->count++] = node;
}

static bool
is_list(const struct node *node)
{
	return node->kind == NODE_OR && node->group.list.len > 0;
}

static void
gather(struct check *c, const struct node *node, enum node_kind kind,
    struct check_parts *out)
{
	if (node->kind != kind || is_list(node)) {
		out->lists += is_list(node);
		push(out, node);
		return;
	}
	for (uint32_t i = 0; i < node->group.count; i++)
		gather(c, node->group.items[i], kind, out);
}

void
check_parts(struct check *c, const struct node *node, enum node_kind kind,
    struct check_parts *out)
{
	*out = (struct check_parts){0};
	gather(c, node, kind, out);
	for (uint32_t i = 0; i < out->count; i++)
		check_add(&out->set, &c->memo, out->items[i]);
}

void
check_parts_fini(struct check_parts *parts)
{
	free(parts->items);
	check_set_fini(&parts->set);
}

/* ---- lists ------------------------------------------------------------- */

static void
tell_twice(struct check *c, const struct node *node)
{
	check_tell(c, node, "twice",
	    "take one of them out; capitals, accents and the signs between "
	    "words make no difference",
	    "", node, " stands here twice", NULL);
}

static void
tell_covered(struct check *c, const struct node *node, const struct node *by)
{
	check_tell(c, node, "covered", "take it out: it adds nothing", "",
	    node, " is found by ", by);
}

const struct check_set *
check_list(struct check *c, const struct node *list)
{
	uint64_t at = check_key_bytes(&list, sizeof(list), 0);
	struct check_set *set =
	    (struct check_set *)(uintptr_t)check_set_find(&c->lists, at);

	if (set != NULL)
		return set;
	set = must_alloc(sizeof(*set));
	check_set_add(&c->lists, at, set);
	for (uint32_t i = 0; i < list->group.count; i++) {
		const struct node *item = list->group.items[i];
		const struct node *twin = check_add(set, &c->memo, item);

		if (twin != NULL)
			tell_twice(c, item);
	}
	for (uint32_t i = 0; set->prefixes && i < list->group.count; i++) {
		const struct node *item = list->group.items[i];
		const struct node *by = check_covered(set, item);

		if (by != NULL)
			tell_covered(c, item, by);
	}
	return set;
}

/* ---- one group ---------------------------------------------------------- */

static const struct node *
find(const struct check_set *set, uint64_t key, const struct node *node)
{
	const struct node *found = check_set_find(set, key);

	return found != NULL ? found : check_covered(set, node);
}

const struct node *
check_has(struct check *c, const struct check_parts *any,
    const struct node *node)
{
	uint64_t key = check_key(&c->memo, node);
	const struct node *found = find(&any->set, key, node);
	uint32_t left = any->lists;

	for (uint32_t i = 0; found == NULL && left > 0; i++) {
		if (!is_list(any->items[i]))
			continue;
		left--;
		if (any->items[i] != node)
			found =
			    find(check_list(c, any->items[i]), key, node);
	}
	return found;
}

/* Whose operands all stand in the post when it does. */
static bool
wants_all(const struct node *node)
{
	return node->kind == NODE_AND || node->kind == NODE_NEAR ||
	       node->kind == NODE_WITHIN || node->kind == NODE_SENTENCE ||
	       node->kind == NODE_ATLEAST || node->kind == NODE_PART;
}

/* ${part}: within a title or a sentence, where what is absent may stand
 * elsewhere in the post. */
static bool
implies(struct check *c, const struct node *node,
    const struct check_parts *any, bool part)
{
	if (node->kind == NODE_NOT && part)
		return false;
	if (check_has(c, any, node) != NULL)
		return true;
	if (wants_all(node)) {
		part |= node->kind != NODE_AND;
		for (uint32_t i = 0; i < node->group.count; i++)
			if (implies(c, node->group.items[i], any, part))
				return true;
		return false;
	}
	if (node->kind != NODE_OR)
		return false;
	for (uint32_t i = 0; i < node->group.count; i++)
		if (!implies(c, node->group.items[i], any, part))
			return false;
	return true;
}

bool
check_implies(struct check *c, const struct node *node,
    const struct check_parts *any)
{
	return implies(c, node, any, false);
}

static void
tell_idle(struct check *c, const struct node *node, const struct node *by)
{
	check_tell(c, node, "idle", "take one of the two out", "", node,
	    " is always true beside ", by);
}

static void
check_words(
    struct check *c, const struct check_parts *parts, enum node_kind kind)
{
	struct check_set met = {0};

	for (uint32_t i = 0; i < parts->count; i++) {
		const struct node *item = parts->items[i];
		const struct node *twin =
		    check_add(&met, &c->memo, item), *by;

		if (twin != NULL) {
			tell_twice(c, item);
			continue;
		}
		by = check_covered(&parts->set, item);
		if (by != NULL && kind == NODE_OR)
			tell_covered(c, item, by);
		else if (by != NULL)
			tell_idle(c, by, item);
	}
	check_set_fini(&met);
}

static void
check_in_lists(struct check *c, const struct check_parts *parts)
{
	for (uint32_t i = 0; i < parts->count; i++) {
		const struct node *item = parts->items[i];
		uint64_t key = check_key(&c->memo, item);

		for (uint32_t k = 0; k < parts->count && !is_list(item); k++) {
			const struct node *list = parts->items[k];

			if (!is_list(list) ||
			    find(check_list(c, list), key, item) == NULL)
				continue;
			check_tell(c, item, "covered",
			    "take it out: it adds nothing", "", item,
			    " is found by ", list);
			break;
		}
	}
}

/* "a OR (a AND b)": the second is true only where the first is. */
static void
check_branches(struct check *c, const struct check_parts *parts)
{
	for (uint32_t i = 0; i < parts->count; i++) {
		const struct node *item = parts->items[i];

		for (uint32_t k = 0;
		     wants_all(item) && k < item->group.count; k++) {
			const struct node *part = item->group.items[k];
			const struct node *by;

			if (part->kind == NODE_NOT)
				continue;
			by = check_has(c, parts, part);
			if (by == NULL || by == item)
				continue;
			check_tell(c, item, "covered",
			    "take this alternative out, or the shorter one",
			    "this alternative adds nothing: where it is true, "
			    "so is ",
			    by, "", NULL);
			break;
		}
	}
}

/* "a AND (a OR b)": the second is true wherever the first is. */
static void
check_idle(struct check *c, const struct check_parts *parts)
{
	for (uint32_t i = 0; i < parts->count; i++) {
		const struct node *item = parts->items[i];
		struct check_parts any;

		if (item->kind != NODE_OR)
			continue;
		check_parts(c, item, NODE_OR, &any);
		for (uint32_t k = 0; k < parts->count; k++) {
			const struct node *by = parts->items[k];

			if (k == i || by->kind == NODE_NOT ||
			    !check_implies(c, by, &any))
				continue;
			tell_idle(c, item, by);
			break;
		}
		check_parts_fini(&any);
	}
}

static void
check_group(struct check *c, const struct node *node, bool places)
{
	struct check_parts parts;

	check_parts(c, node, node->kind, &parts);
	check_words(c, &parts, node->kind);
	if (node->kind == NODE_OR && parts.lists > 0 &&
	    parts.count > parts.lists)
		check_in_lists(c, &parts);
	if (node->kind == NODE_OR && !places)
		check_branches(c, &parts);
	if (node->kind == NODE_AND && !places) {
		check_idle(c, &parts);
		check_never(c, &parts);
	}
	check_parts_fini(&parts);
}

static void
walk(struct check *c, const struct node *node, enum node_kind above,
    bool places)
{
	if (!ast_is_group(node) ||
	    check_set_add(&c->seen, check_key_bytes(&node, sizeof(node), 0),
		node) != NULL)
		return;
	if (is_list(node)) {
		check_list(c, node);
		return;
	}
	if ((node->kind == NODE_OR || node->kind == NODE_AND) &&
	    node->kind != above)
		check_group(c, node, places);
	places |= node->kind == NODE_NEAR || node->kind == NODE_WITHIN ||
		  node->kind == NODE_ATLEAST;
	for (uint32_t i = 0; i < node->group.count; i++)
		walk(c, node->group.items[i], node->kind, places);
}

void
check_query(struct check *c, const struct node *query)
{
	if (query != NULL)
		walk(c, query, NODE_KINDS, false);
}
