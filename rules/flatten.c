/*
 * A query's tree to flat nodes, equal ones shared.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/patch.h"
#include "rules/regex_known.h"

/* From so many phrases on a lookup by token is cheaper than searches. */
#define SET_PHRASES_MIN 4u

static uint32_t
add_node(struct builder *b, struct flat_node node)
{
	uint32_t cost = anchor_cost(b, &node);

	builder_push(&b->costs, &cost, 1);
	return builder_push(&b->nodes, &node, 1);
}

static struct flat_token
flat_token(struct builder *b, const struct token *token)
{
	struct slice text = token->text;
	struct flat_token flat = {.form = TOKEN_EXACT, .sign = token->sign};
	size_t literal = text.len;

	if (token->wild) {
		while (text.len > 0 && text.data[text.len - 1] == '*')
			text.len--;
		literal = 0;
		while (literal < text.len && text.data[literal] != '*' &&
		       text.data[literal] != '?')
			literal++;
		flat.form = literal == text.len ? TOKEN_PREFIX : TOKEN_GLOB;
		if (text.len == token->text.len && literal == text.len)
			flat.form = TOKEN_EXACT; /* no wildcard after all */
		else if (flat.form == TOKEN_GLOB)
			text.len = token->text.len;
	}
	flat.len = (uint32_t)text.len;
	flat.head =
	    flat.form == TOKEN_EXACT || literal > 8 ? 8 : (uint8_t)literal;
	memcpy(&flat.key, text.data, literal < 8 ? literal : 8);
	flat.text = builder_push(&b->bytes, text.data, flat.len);
	return flat;
}

static void
key_token(struct builder *b, const struct token *token)
{
	uint64_t len = token->text.len;
	char head[2] = {token->sign, token->wild};

	builder_push(&b->key, head, 2);
	builder_push(&b->key, &len, sizeof(len));
	builder_push(&b->key, token->text.data, (uint32_t)len);
}

static uint32_t
flatten_phrase(struct builder *b, const struct node *node)
{
	struct flat_node flat = {
	    .kind = NODE_PHRASE, .count = node->phrase.count};
	uint32_t index;

	for (uint32_t i = 0; i < node->phrase.count; i++)
		key_token(b, &node->phrase.tokens[i]);
	index = builder_intern(b, 'p', b->nodes.count);
	if (index != b->nodes.count)
		return index;
	flat.first = b->tokens.count;
	for (uint32_t i = 0; i < node->phrase.count; i++) {
		struct flat_token token =
		    flat_token(b, &node->phrase.tokens[i]);

		builder_push(&b->tokens, &token, 1);
	}
	return add_node(b, flat);
}

static uint32_t
flatten_exact(struct builder *b, const struct node *node)
{
	struct flat_node flat = {.kind = NODE_EXACT};
	struct slice text = node->phrase.exact;
	struct flat_exact exact = {.phrase = flatten_phrase(b, node),
	    .len = (uint32_t)text.len,
	    .core = node->phrase.core,
	    .core_len = node->phrase.core_len};
	uint32_t index;

	builder_push(&b->key, text.data, exact.len);
	index = builder_intern(b, 'e', b->nodes.count);
	if (index != b->nodes.count)
		return index;
	exact.text = builder_push(&b->bytes, text.data, exact.len);
	flat.first = exact.phrase;
	flat.extra = builder_push(&b->exacts, &exact, 1);
	return add_node(b, flat);
}

static uint32_t
flatten_disguised(struct builder *b, const struct node *node)
{
	struct flat_node flat = {
	    .kind = NODE_DISGUISED, .first = flatten_phrase(b, node)};
	uint32_t index;

	builder_push(&b->key, &flat.first, sizeof(flat.first));
	index = builder_intern(b, 'd', b->nodes.count);
	return index == b->nodes.count ? add_node(b, flat) : index;
}

static uint32_t
add_regex(struct builder *b, const struct node *node, uint32_t unit)
{
	struct regex regex = {.pattern = node->regex.pattern,
	    .options = node->regex.pcre2_options,
	    .raw = node->regex.raw,
	    .path = slice_of(node->place.path),
	    .line = node->place.line,
	    .unit = unit};
	struct regex_literals literals;

	if (regex_known_take(b->known, &regex)) {
		b->regexes_shared++;
	} else if (!regex_check_told(&regex, node->place, b->diag)) {
		return NODE_NONE;
	}
	literals = anchor_regex(b, &regex);
	builder_push(&b->literals, &literals, 1);
	return builder_push(&b->regexes, &regex, 1);
}

/* Those of a regex that came from another set, if nobody asked before. */
static void
find_literals(struct builder *b, uint32_t node, uint32_t regex)
{
	struct regex_literals found;

	if (grow_at(&b->literals, struct regex_literals, regex)->count !=
	    LITERALS_UNKNOWN)
		return;
	found = anchor_regex(b, grow_at(&b->regexes, struct regex, regex));
	*grow_at(&b->literals, struct regex_literals, regex) = found;
	*grow_at(&b->costs, uint32_t, node) = found.cost;
}

static uint32_t
flatten_regex(struct builder *b, const struct node *node, uint32_t unit)
{
	struct flat_node flat = {.kind = NODE_REGEX, .count = 1};
	struct slice pattern = node->regex.pattern;
	uint32_t options[2] = {node->regex.pcre2_options, node->regex.raw};
	uint32_t index;

	builder_push(&b->key, pattern.data, (uint32_t)pattern.len);
	builder_push(&b->key, options, sizeof(options));
	index = builder_intern(b, 'r', b->nodes.count);
	if (index == b->nodes.count) {
		flat.first = add_regex(b, node, unit);
		if (flat.first == NODE_NONE)
			return NODE_NONE;
		add_node(b, flat);
	} else {
		flat = *grow_at(&b->nodes, struct flat_node, index);
		find_literals(b, index, flat.first);
	}
	builder_push(&b->uses,
	    &(struct patch_use){unit, flat.first, 0, node->place.line}, 1);
	return index;
}

/* Equal questions, however they were written, are one. */
static uint32_t
flatten_field(struct builder *b, const struct field *field)
{
	struct flat_node flat = {.kind = NODE_FIELD};
	uint64_t head[4] = {field->id, field->low, field->high,
	    (uint64_t)(int64_t)field->zone_min};
	uint32_t index;

	builder_push(&b->key, head, sizeof(head));
	for (uint32_t i = 0; i < field->count; i++) {
		builder_push(&b->key, &field->values[i].len, sizeof(size_t));
		builder_push(&b->key, field->values[i].data,
		    (uint32_t)field->values[i].len);
	}
	index = builder_intern(b, 'f', b->nodes.count);
	if (index != b->nodes.count)
		return index;
	flat.first = builder_push(&b->fields, field, 1);
	return add_node(b, flat);
}

/* What it costs to look: the cheap decide first. */
static uint32_t
weight(const struct builder *b, uint32_t index)
{
	const struct flat_node *node =
	    grow_at(&b->nodes, struct flat_node, index);

	switch ((enum node_kind)node->kind) {
	case NODE_BRAND:
	case NODE_FIELD:
		return 0;
	case NODE_PHRASE:
		return 1;
	case NODE_OR:
		return node->extra != SET_NONE ? 2 : 3;
	case NODE_AND:
		return 4;
	case NODE_NOT:
	case NODE_PART:
	case NODE_MACRO:
		return weight(b, *grow_at(&b->children, uint32_t, node->first));
	case NODE_EXACT:
		return 5;
	case NODE_NEAR:
	case NODE_WITHIN:
	case NODE_ATLEAST:
		return 6;
	case NODE_SENTENCE:
	case NODE_DISGUISED:
		return 7;
	default:
		return 8;
	}
}

/* Stable, and the groups are short but for lists, which are phrases only. */
static void
order_by_weight(const struct builder *b, uint32_t *items, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t item = items[i], heavy = weight(b, item), k = i;

		for (; k > 0 && weight(b, items[k - 1]) > heavy; k--)
			items[k] = items[k - 1];
		items[k] = item;
	}
}

static bool
goes_into_set(const struct builder *b, uint32_t index)
{
	const struct flat_node *node =
	    grow_at(&b->nodes, struct flat_node, index);

	return node->kind == NODE_PHRASE &&
	       *grow_at(&b->costs, uint32_t, index) != ANCHOR_NONE;
}

/* Phrases that a set can hold come first; returns how many. */
static uint32_t
phrases_first(const struct builder *b, uint32_t *items, uint32_t count)
{
	uint32_t phrases = 0, *rest = must_alloc(sizeof(*rest) * count);

	for (uint32_t i = 0, others = 0; i <= count; i++) {
		if (i == count) {
			memcpy(items + phrases, rest, sizeof(*rest) * others);
			break;
		}
		if (goes_into_set(b, items[i]))
			items[phrases++] = items[i];
		else
			rest[others++] = items[i];
	}
	free(rest);
	return phrases;
}

static bool
gather(struct builder *b, const struct node *node, enum node_kind kind,
    uint32_t unit)
{
	bool good = true;

	for (uint32_t i = 0; i < node->group.count; i++) {
		const struct node *item = node->group.items[i];

		/* (a OR b) OR c is one OR; a list stays one, to be shared. */
		if (item->kind == kind && item->group.list.len == 0 &&
		    (kind == NODE_AND || kind == NODE_OR)) {
			good &= gather(b, item, kind, unit);
		} else {
			uint32_t index = flatten_node(b, item, unit);

			good &= index != NODE_NONE;
			builder_push(&b->stack, &index, 1);
		}
	}
	return good;
}

static uint32_t
make_set(struct builder *b, struct slice name)
{
	uint32_t node = b->nodes.count; /* about to be added */

	builder_push(&b->set_names, &name, 1);
	return builder_push(&b->sets, &node, 1);
}

/* Most rules are the word brand and a list: the set of the second part of an
 * AND and one more, if that is nothing else and brand the first; else 0. */
static uint32_t
pair_of(const struct builder *b, const struct flat_node *and)
{
	const uint32_t *items = grow_at(&b->children, uint32_t, and->first);
	const struct flat_node *brand, *or;

	brand = grow_at(&b->nodes, struct flat_node, items[0]);
	or = grow_at(&b->nodes, struct flat_node, items[1]);
	if (brand->kind != NODE_BRAND || or->kind != NODE_OR ||
	    or->extra == SET_NONE)
		return 0;
	items = grow_at(&b->children, uint32_t, or->first);
	for (uint32_t i = 0; i < or->count; i++)
		if (!goes_into_set(b, items[i]))
			return 0;
	return or->extra + 1;
}

static uint32_t
flatten_group(struct builder *b, const struct node *node, uint32_t unit)
{
	uint32_t bottom = b->stack.count, count, phrases = 0, index, *items;
	bool good = gather(b, node, node->kind, unit);
	struct flat_node flat = {.kind = (uint8_t)node->kind,
	    .ordered = node->ordered,
	    .extra = node->kind == NODE_OR ? SET_NONE : node->near};

	items = grow_at(&b->stack, uint32_t, bottom);
	count = b->stack.count - bottom;
	b->stack.count = bottom;
	if (!good || count == 0)
		return NODE_NONE;
	if (count == 1 &&
	    (node->kind == NODE_AND ||
		(node->kind == NODE_OR && node->group.list.len == 0)))
		return items[0];
	if (node->kind == NODE_OR)
		phrases = phrases_first(b, items, count);
	if (node->kind == NODE_AND || node->kind == NODE_OR)
		order_by_weight(b, items + phrases, count - phrases);
	builder_push(&b->key, &flat, sizeof(flat));
	builder_push(&b->key, items, count * (uint32_t)sizeof(*items));
	builder_push(
	    &b->key, node->group.list.data, (uint32_t)node->group.list.len);
	index = builder_intern(b, 'g', b->nodes.count);
	if (index != b->nodes.count)
		return index;
	flat.count = count;
	flat.first = builder_push(&b->children, items, count);
	if (node->kind == NODE_OR &&
	    (phrases >= SET_PHRASES_MIN || node->group.list.len > 0))
		flat.extra = make_set(b, node->group.list);
	else if (node->kind == NODE_AND)
		flat.extra = pair_of(b, &flat);
	return add_node(b, flat);
}

/* Every mention of a list is the same struct node: looked up by address. */
static uint32_t
flatten_list(struct builder *b, const struct node *node, uint32_t unit)
{
	uint32_t slot, index;

	builder_push(&b->key, &node, sizeof(node));
	slot = builder_intern(b, 'l', b->lists.count);
	if (slot < b->lists.count)
		return *grow_at(&b->lists, uint32_t, slot);
	index = flatten_group(b, node, unit);
	builder_push(&b->lists, &index, 1);
	return index;
}

/* The tree of a macro is walked once, however many name it. */
static uint32_t
flatten_macro(struct builder *b, const struct node *node, uint32_t unit)
{
	const struct macro_decl *macro = node->group.macro;
	const struct node *tree = node->group.items[0];
	struct flat_node flat = {.kind = NODE_MACRO, .count = 1};
	uint32_t slot, none = NODE_NONE, inner, index;

	builder_push(&b->key, &tree, sizeof(tree));
	slot = builder_intern(b, 't', b->lists.count);
	if (slot == b->lists.count) {
		builder_push(&b->lists, &none, 1);
		inner = flatten_node(b, tree, unit);
		*grow_at(&b->lists, uint32_t, slot) = inner;
	}
	inner = *grow_at(&b->lists, uint32_t, slot);
	if (inner == NODE_NONE)
		return NODE_NONE;
	builder_push(&b->key, &macro, sizeof(macro));
	flat.extra = builder_intern(b, 'm', b->macro_names.count);
	if (flat.extra == b->macro_names.count)
		builder_push(&b->macro_names, &macro->d.id, 1);
	builder_push(&b->key, &inner, sizeof(inner));
	builder_push(&b->key, &flat.extra, sizeof(flat.extra));
	index = builder_intern(b, 'o', b->nodes.count);
	if (index != b->nodes.count)
		return index;
	flat.first = builder_push(&b->children, &inner, 1);
	return add_node(b, flat);
}

uint32_t
flatten_node(struct builder *b, const struct node *node, uint32_t unit)
{
	static const struct flat_node brand = {.kind = NODE_BRAND};
	struct flat_node label;
	uint32_t index;

	if (node == NULL)
		return NODE_NONE;
	switch (node->kind) {
	case NODE_PHRASE:
		return flatten_phrase(b, node);
	case NODE_REGEX:
		return flatten_regex(b, node, unit);
	case NODE_FIELD:
		return flatten_field(b, node->field);
	case NODE_EXACT:
		return flatten_exact(b, node);
	case NODE_DISGUISED:
		return flatten_disguised(b, node);
	case NODE_LABEL:
		index = flatten_label(b, node, &label);
		return index == b->nodes.count ? add_node(b, label) : index;
	case NODE_MACRO:
		return flatten_macro(b, node, unit);
	case NODE_BRAND:
		index = builder_intern(b, 'b', b->nodes.count);
		return index == b->nodes.count ? add_node(b, brand) : index;
	default:
		return node->group.list.len > 0 ? flatten_list(b, node, unit)
						: flatten_group(b, node, unit);
	}
}
