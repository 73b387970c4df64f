/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check_set.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"

#define SLOTS_MIN 64u
#define TAG_BEGINNING 100u

void
check_set_fini(struct check_set *set)
{
	free(set->slots);
	*set = (struct check_set){0};
}

void
check_set_clear(struct check_set *set)
{
	if (set->count > 0)
		memset(set->slots, 0,
		    sizeof(*set->slots) * (set->mask + (size_t)1));
	set->count = 0;
	set->prefixes = false;
}

static struct check_slot *
slot_of(const struct check_set *set, uint64_t key)
{
	uint32_t i = (uint32_t)(key >> 32) & set->mask;

	while (set->slots[i].what != NULL && set->slots[i].key != key)
		i = (i + 1) & set->mask;
	return &set->slots[i];
}

static void
grow(struct check_set *set)
{
	struct check_set larger = {.mask = SLOTS_MIN - 1,
	    .count = set->count,
	    .prefixes = set->prefixes};

	if (set->slots != NULL)
		larger.mask = set->mask * 2 + 1;
	larger.slots =
	    must_alloc(sizeof(*larger.slots) * (larger.mask + (size_t)1));
	for (uint32_t i = 0; set->slots != NULL && i <= set->mask; i++)
		if (set->slots[i].what != NULL)
			*slot_of(&larger, set->slots[i].key) = set->slots[i];
	free(set->slots);
	*set = larger;
}

const void *
check_set_add(struct check_set *set, uint64_t key, const void *what)
{
	struct check_slot *slot;

	if (set->slots == NULL || set->count * 2 > set->mask)
		grow(set);
	slot = slot_of(set, key);
	if (slot->what != NULL)
		return slot->what;
	*slot = (struct check_slot){key, what};
	set->count++;
	return NULL;
}

const void *
check_set_find(const struct check_set *set, uint64_t key)
{
	return set->slots == NULL ? NULL : slot_of(set, key)->what;
}

/* ---- keys ------------------------------------------------------------- */

uint64_t
check_key_bytes(const void *data, size_t len, uint64_t tag)
{
	return XXH3_64bits_withSeed(data, len, tag);
}

static void
put_token(struct buf *out, const struct token *token)
{
	buf_char(out, token->sign);
	buf_char(out, token->wild ? '*' : ' ');
	buf_slice_put(out, token->text);
	buf_char(out, '\0');
}

static void
put_number(struct buf *out, uint64_t n)
{
	buf_put(out, &n, sizeof(n));
}

static void
put_leaf(struct buf *out, const struct node *node)
{
	const struct field *f;

	switch (node->kind) {
	case NODE_EXACT:
		buf_slice_put(out, node->phrase.exact);
		break;
	case NODE_PHRASE:
	case NODE_DISGUISED:
		for (uint32_t i = 0; i < node->phrase.count; i++)
			put_token(out, &node->phrase.tokens[i]);
		break;
	case NODE_REGEX:
		put_number(out, node->regex.pcre2_options);
		put_number(out, node->regex.raw);
		buf_slice_put(out, node->regex.pattern);
		break;
	case NODE_FIELD:
		f = node->field;
		put_number(out, f->id);
		put_number(out, f->low);
		put_number(out, f->high);
		put_number(out, (uint64_t)(int64_t)f->zone_min);
		for (uint32_t i = 0; i < f->count; i++) {
			buf_slice_put(out, f->values[i]);
			buf_char(out, '\0');
		}
		break;
	case NODE_LABEL:
		put_number(out, node->label.what);
		buf_slice_put(out, node->label.id);
		break;
	default:
		break;
	}
}

static int
by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* (a OR b) OR c is a OR b OR c. */
static void
put_items(struct check_memo *memo, const struct node *node,
    enum node_kind kind, struct buf *out)
{
	for (uint32_t i = 0; i < node->group.count; i++) {
		const struct node *item = node->group.items[i];

		if (item->kind == kind &&
		    (kind == NODE_AND || kind == NODE_OR) &&
		    item->group.list.len == 0)
			put_items(memo, item, kind, out);
		else
			put_number(out, check_key(memo, item));
	}
}

static uint64_t
key_group(struct check_memo *memo, const struct node *node)
{
	struct buf keys = {0};
	uint64_t key, head[2] = {node->near, node->ordered};
	size_t count;

	put_items(memo, node, node->kind, &keys);
	count = keys.len / sizeof(uint64_t);
	if (node->kind != NODE_NEAR || !node->ordered)
		qsort(keys.data, count, sizeof(uint64_t), by_value);
	if (count == 1 && (node->kind == NODE_AND || node->kind == NODE_OR)) {
		memcpy(&key, keys.data, sizeof(key));
	} else {
		if (node->kind != NODE_AND && node->kind != NODE_OR)
			buf_put(&keys, head, sizeof(head));
		key = check_key_bytes(keys.data, keys.len, node->kind);
	}
	buf_fini(&keys);
	return key;
}

uint64_t
check_key(struct check_memo *memo, const struct node *node)
{
	struct buf leaf = {0};
	uint64_t key, at;
	uint64_t *kept;

	if (ast_is_group(node) && node->group.list.len == 0)
		return key_group(memo, node);
	if (!ast_is_group(node)) {
		put_leaf(&leaf, node);
		key = check_key_bytes(leaf.data, leaf.len, node->kind);
		buf_fini(&leaf);
		return key;
	}
	at = check_key_bytes(&node, sizeof(node), NODE_KINDS);
	kept = (uint64_t *)(uintptr_t)check_set_find(&memo->lists, at);
	if (kept == NULL) {
		kept = arena_alloc(memo->arena, sizeof(*kept));
		*kept = key_group(memo, node);
		check_set_add(&memo->lists, at, kept);
	}
	return *kept;
}

/* ---- beginnings ---------------------------------------------------- */

/* Bytes before the '*' that ends the last word; 0: it ends otherwise, or has
 * another wildcard in it. */
static size_t
stem_of(const struct node *phrase)
{
	const struct token *last =
	    &phrase->phrase.tokens[phrase->phrase.count - 1];
	size_t len = last->text.len;

	if (!last->wild || len < 2 || last->text.data[len - 1] != '*' ||
	    memchr(last->text.data, '*', len - 1) != NULL ||
	    memchr(last->text.data, '?', len - 1) != NULL)
		return 0;
	return len - 1;
}

static uint64_t
key_before(const struct node *phrase)
{
	uint32_t last = phrase->phrase.count - 1;
	struct buf head = {0};
	uint64_t key;

	for (uint32_t i = 0; i < last; i++)
		put_token(&head, &phrase->phrase.tokens[i]);
	buf_char(&head, phrase->phrase.tokens[last].sign);
	key = check_key_bytes(head.data, head.len, TAG_BEGINNING);
	buf_fini(&head);
	return key;
}

const struct node *
check_add(struct check_set *set, struct check_memo *memo,
    const struct node *node)
{
	const struct node *twin =
	    check_set_add(set, check_key(memo, node), node);
	size_t stem = node->kind == NODE_PHRASE ? stem_of(node) : 0;

	if (stem > 0 && twin == NULL) {
		set->prefixes = true;
		check_set_add(set,
		    check_key_bytes(node->phrase.tokens[node->phrase.count - 1]
					.text.data,
			stem, key_before(node)),
		    node);
	}
	return twin;
}

const struct node *
check_covered(const struct check_set *set, const struct node *phrase)
{
	const struct token *last;
	size_t end;
	uint64_t before;

	if (!set->prefixes || phrase->kind != NODE_PHRASE)
		return NULL;
	last = &phrase->phrase.tokens[phrase->phrase.count - 1];
	end = stem_of(phrase);
	if (last->wild && end == 0)
		return NULL;
	end = last->wild ? end - 1 : last->text.len;
	before = key_before(phrase);
	for (size_t n = 1; n <= end; n++) {
		const struct node *found = check_set_find(
		    set, check_key_bytes(last->text.data, n, before));

		if (found != NULL)
			return found;
	}
	return NULL;
}
