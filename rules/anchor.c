/*
 * Which literals a unit hangs on.
 *
 * An OR needs anchors of all its parts, an AND or NEAR those of its cheapest
 * part; a phrase has its rarest token, a regex what literal.c finds.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pcre2.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/builder.h"
#include "rules/literal.h"

/* Flags under which a pattern's letters are still what they seem. */
#define PLAIN_FLAGS                                                            \
	(PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_DOTALL |                     \
	    PCRE2_NO_AUTO_CAPTURE | PCRE2_UNGREEDY)

static uint32_t
token_cost(const struct builder *b, const struct flat_token *token)
{
	const char *text = grow_at(&b->bytes, char, token->text);
	uint32_t cost;

	if (!prefilter_keyable(token))
		return ANCHOR_NONE;
	switch (token->form) {
	case TOKEN_EXACT:
		cost = frequency_word(
		    b->frequency, (struct slice){text, token->len});
		break;
	case TOKEN_INNER:
		cost = frequency_inner(
		    b->frequency, (struct slice){text, token->len});
		break;
	default: /* only the bytes before the first wildcard are looked up */
		cost = frequency_prefix(
		    b->frequency, (struct slice){text, token->head});
		break;
	}
	return token->sign != 0 ? cost / 16 + 1 : cost;
}

uint32_t
anchor_token(
    const struct builder *b, const struct flat_node *phrase, uint32_t *cost)
{
	uint32_t best = 0;

	*cost = ANCHOR_NONE;
	for (uint32_t i = 0; i < phrase->count && i <= UINT16_MAX; i++) {
		uint32_t c = token_cost(b,
		    grow_at(&b->tokens, struct flat_token, phrase->first + i));

		if (c < *cost) {
			*cost = c;
			best = i;
		}
	}
	return best;
}

/* The words of a pattern, roughly: runs of letters that no backslash begins. */
static void
use_pattern(struct frequency *f, struct slice pattern)
{
	for (size_t i = 0; i < pattern.len;) {
		size_t from = i;

		while (i < pattern.len && pattern.data[i] >= 'a' &&
		       pattern.data[i] <= 'z')
			i++;
		if (i > from + 1)
			frequency_use(
			    f, (struct slice){pattern.data + from, i - from});
		if (i == from)
			i += pattern.data[i] == '\\' ? 2 : 1;
	}
}

void
anchor_use(struct builder *b, const struct node *node)
{
	if (node == NULL)
		return;
	if (node->kind == NODE_PHRASE || node->kind == NODE_EXACT ||
	    node->kind == NODE_DISGUISED) {
		for (uint32_t i = 0; i < node->phrase.count; i++)
			if (!node->phrase.tokens[i].wild)
				frequency_use(
				    b->frequency, node->phrase.tokens[i].text);
	} else if (node->kind == NODE_REGEX) {
		use_pattern(b->frequency, node->regex.pattern);
	} else if (ast_is_group(node) && node->group.list.len == 0 &&
		   node->kind != NODE_MACRO) {
		for (uint32_t i = 0; i < node->group.count; i++)
			anchor_use(b, node->group.items[i]);
	}
}

static uint32_t
child(const struct builder *b, const struct flat_node *node, uint32_t i)
{
	return *grow_at(&b->children, uint32_t, node->first + i);
}

static uint32_t
cheapest_child(
    const struct builder *b, const struct flat_node *node, uint32_t *cost)
{
	uint32_t best = 0;

	*cost = ANCHOR_NONE;
	for (uint32_t i = 0; i < node->count; i++) {
		uint32_t index = child(b, node, i);
		uint32_t c = *grow_at(&b->costs, uint32_t, index);

		if (c < *cost) {
			*cost = c;
			best = index;
		}
	}
	return best;
}

static uint32_t
node_cost(const struct builder *b, uint32_t node)
{
	return node == NODE_NONE ? ANCHOR_NONE
				 : *grow_at(&b->costs, uint32_t, node);
}

/* What has to stand in the post for the unit that a label names: its match,
 * or where that is cheaper or says nothing, its topic's. */
static uint32_t
label_node(const struct builder *b, uint32_t index)
{
	const struct unit *unit = &b->rs->units[index];
	uint32_t topic = NODE_NONE;

	if (unit->topic != RULES_NONE)
		topic =
		    b->rs->units[unit_of_topic(b->rs, unit->topic)].match;
	return node_cost(b, unit->match) <= node_cost(b, topic) ? unit->match
								: topic;
}

static uint32_t
label_cost(const struct builder *b, const struct flat_node *node)
{
	uint64_t sum = 0;

	if (node->extra != LABEL_SECTOR)
		return node_cost(b, label_node(b, node->first));
	for (uint32_t i = 0; i < b->rs->brands_count; i++) {
		uint32_t cost;

		if (b->rs->brands[i].sector != node->first)
			continue;
		cost = node_cost(b, label_node(b, i));
		if (cost == ANCHOR_NONE)
			return cost;
		sum += cost;
	}
	return sum > 0 && sum < ANCHOR_NONE ? (uint32_t)sum : ANCHOR_NONE;
}

uint32_t
anchor_cost(const struct builder *b, const struct flat_node *node)
{
	uint32_t cost = ANCHOR_NONE;
	uint64_t sum = 0;

	switch ((enum node_kind)node->kind) {
	case NODE_PHRASE:
		anchor_token(b, node, &cost);
		return cost;
	case NODE_REGEX:
		return grow_at(&b->literals, struct regex_literals, node->first)
		    ->cost;
	case NODE_AND:
	case NODE_NEAR:
	case NODE_WITHIN:
	case NODE_SENTENCE:
	case NODE_ATLEAST:
	case NODE_PART:
	case NODE_MACRO:
		cheapest_child(b, node, &cost);
		return cost;
	case NODE_EXACT:
	case NODE_DISGUISED:
		return *grow_at(&b->costs, uint32_t, node->first);
	case NODE_OR:
		for (uint32_t i = 0; i < node->count; i++) {
			cost = *grow_at(&b->costs, uint32_t, child(b, node, i));
			if (cost == ANCHOR_NONE)
				return cost;
			sum += cost;
		}
		return sum < ANCHOR_NONE ? (uint32_t)sum : ANCHOR_NONE - 1;
	case NODE_LABEL:
		return label_cost(b, node);
	default: /* NOT asks for nothing; brand is hung elsewhere */
		return ANCHOR_NONE;
	}
}

static void
push_word(struct builder *b, struct slice text, enum token_form form)
{
	struct flat_token token = {.form = (uint8_t)form,
	    .len = (uint32_t)text.len,
	    .head = text.len < 8 ? (uint8_t)text.len : 8};

	memcpy(&token.key, text.data, token.head);
	token.text = builder_push(&b->bytes, text.data, token.len);
	builder_push(&b->tokens, &token, 1);
}

/* The word beside a literal lies among the tokens behind all literals. */
static uint32_t
pair_next(uint32_t *next, const struct literal *l)
{
	return l->beside_len > 0 ? (*next)++ : NODE_NONE;
}

struct regex_literals
anchor_regex(struct builder *b, const struct regex *regex)
{
	struct regex_literals none = {.cost = ANCHOR_NONE}, found;
	struct literal_set *set;
	uint32_t pairs;

	/* A raw pattern reads text that the literals are not folded from. */
	if (regex->raw || (regex->options & ~(uint32_t)PLAIN_FLAGS) != 0)
		return none;
	set = must_alloc(sizeof(*set));
	literal_find(set, b->frequency, regex->pattern,
	    (regex->options & PCRE2_CASELESS) != 0);
	found = (struct regex_literals){b->tokens.count, set->count,
	    b->literal_hooks.count, set->count > 0 ? set->cost : ANCHOR_NONE};
	pairs = b->tokens.count + set->count;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct literal *l = &set->items[i];

		push_word(b, (struct slice){l->text, l->len},
		    l->whole             ? TOKEN_EXACT
			: l->starts_word ? TOKEN_PREFIX
					 : TOKEN_INNER);
		builder_push(&b->literal_hooks,
		    &(struct hook){.unit = pair_next(&pairs, l),
			.phrase = NODE_NONE,
			.near = l->near,
			.near_bytes = l->near_bytes,
			.flags = l->near_before ? HOOK_BEFORE | HOOK_TAIL : 0},
		    1);
		b->soft |= l->starts_word;
	}
	for (uint32_t i = 0; i < set->count; i++)
		if (set->items[i].beside_len > 0)
			push_word(b, (struct slice){set->items[i].beside,
			    set->items[i].beside_len}, TOKEN_EXACT);
	free(set);
	return found;
}

static bool
is_whole(const struct flat_token *token)
{
	return token->form == TOKEN_EXACT && token->sign == 0;
}

/* Whether a phrase is one word that its key says all of. */
static bool
is_short(const struct builder *b, const struct flat_node *phrase)
{
	const struct flat_token *token =
	    grow_at(&b->tokens, struct flat_token, phrase->first);

	return phrase->count == 1 && is_whole(token) &&
	       token->len <= sizeof(token->key);
}

/* The token beside the anchor's in its phrase, as far as four bytes say; and
 * which it is, if a pair of both may be looked up. */
static void
phrase_neighbour(const struct builder *b, const struct flat_node *phrase,
    uint32_t offset, struct anchor *anchor)
{
	bool before = offset + 1 == phrase->count;
	struct hook *hook = &anchor->hook;
	const struct flat_token *near;
	uint32_t beside;

	if (phrase->count == 1)
		return;
	beside = phrase->first + (before ? offset - 1 : offset + 1);
	near = grow_at(&b->tokens, struct flat_token, beside);
	hook->near = (uint32_t)near->key;
	hook->near_bytes = near->head < 4 ? near->head : 4;
	hook->flags |= before ? HOOK_BEFORE : 0;
	if (is_whole(near) && is_whole(grow_at(&b->tokens, struct flat_token,
				  anchor->token)))
		anchor->pair = beside;
}

/* ${proves}: whether a phrase met here alone makes the unit's match true. */
static void
collect(struct builder *b, uint32_t unit, uint32_t index, bool proves)
{
	const struct flat_node *node =
	    grow_at(&b->nodes, struct flat_node, index);
	const struct regex_literals *literals;
	struct anchor anchor = {.hook = {.unit = unit, .phrase = NODE_NONE},
	    .pair = NODE_NONE};
	uint32_t cost, offset;

	switch ((enum node_kind)node->kind) {
	case NODE_PHRASE:
		offset = anchor_token(b, node, &cost);
		anchor.token = node->first + offset;
		anchor.hook.phrase = index;
		anchor.hook.offset = (uint16_t)offset;
		anchor.hook.flags = (proves ? HOOK_PROVES : 0) |
		    (is_short(b, node) ? HOOK_WORD : 0) |
		    (node->count == 1 ? HOOK_ALONE : 0);
		phrase_neighbour(b, node, offset, &anchor);
		builder_push(&b->anchors, &anchor, 1);
		break;
	case NODE_OR:
	case NODE_MACRO:
		for (uint32_t i = 0; i < node->count; i++)
			collect(b, unit, child(b, node, i), proves);
		break;
	case NODE_AND:
	case NODE_NEAR:
	case NODE_WITHIN:
	case NODE_SENTENCE:
	case NODE_ATLEAST:
	case NODE_PART:
		collect(b, unit, cheapest_child(b, node, &cost), false);
		break;
	case NODE_EXACT:
		collect(b, unit, node->first, false);
		break;
	case NODE_DISGUISED:
		node = grow_at(&b->nodes, struct flat_node, node->first);
		anchor.token = node->first + anchor_token(b, node, &cost);
		builder_push(&b->anchors, &anchor, 1);
		builder_push(&b->disguised,
		    &(struct disguised){anchor.token, unit}, 1);
		break;
	case NODE_REGEX:
		literals =
		    grow_at(&b->literals, struct regex_literals, node->first);
		for (uint32_t i = 0; i < literals->count; i++) {
			anchor.token = literals->first + i;
			anchor.hook = *grow_at(&b->literal_hooks, struct hook,
			    literals->hooks + i);
			anchor.pair = anchor.hook.unit;
			anchor.hook.unit = unit;
			builder_push(&b->anchors, &anchor, 1);
		}
		break;
	case NODE_LABEL:
		for (uint32_t i = 0; i < b->rs->brands_count; i++)
			if (node->extra == LABEL_SECTOR &&
			    b->rs->brands[i].sector == node->first)
				collect(b, unit, label_node(b, i), false);
		if (node->extra != LABEL_SECTOR)
			collect(b, unit, label_node(b, node->first), false);
		break;
	default:
		UNREACHABLE("a part without anchors was chosen");
	}
}

/* The anchors from ${first} on are those of a unit: when all of them are of
 * phrases that prove it, at token starts, the scan sees each of its places. */
static void
mark_places(struct builder *b, uint32_t first)
{
	bool all = true;

	for (uint32_t i = first; i < b->anchors.count; i++) {
		const struct anchor *a =
		    grow_at(&b->anchors, struct anchor, i);

		all &= a->hook.flags & HOOK_PROVES &&
		    grow_at(&b->tokens, struct flat_token, a->token)->form !=
			TOKEN_INNER;
	}
	for (uint32_t i = first; all && i < b->anchors.count; i++)
		grow_at(&b->anchors, struct anchor, i)->hook.flags |=
		    HOOK_PLACES;
}

void
anchor_unit(struct builder *b, uint32_t unit, uint32_t match, uint32_t other)
{
	uint32_t cost = node_cost(b, match), cost_other = node_cost(b, other);
	uint32_t first = b->anchors.count;

	if (cost == ANCHOR_NONE && cost_other == ANCHOR_NONE)
		builder_push(&b->always, &unit, 1);
	else if (cost <= cost_other)
		collect(b, unit, match, true);
	else
		collect(b, unit, other, false);
	mark_places(b, first);
}
