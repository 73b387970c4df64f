/*
 * The set before, with the changed entries' queries and tables in place.
 *
 * Flat arrays are copied and grow at their ends; what nothing refers to any
 * more stays until the next full load.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/compile.h"
#include "rules/patch.h"

static void *
copy(struct arena *arena, const void *items, size_t bytes)
{
	void *to = arena_alloc(arena, bytes + 1);

	if (bytes > 0)
		memcpy(to, items, bytes);
	return to;
}

/* The same names and units; nothing of the program yet. */
static struct ruleset *
start(const struct ruleset *old)
{
	struct ruleset *rs = ruleset_new(old), fresh = *rs;

	*rs = *old;
	rs->references = fresh.references;
	rs->generation = fresh.generation;
	rs->arena = fresh.arena;
	rs->brands = copy(rs->arena, old->brands,
	    sizeof(*rs->brands) * old->brands_count);
	rs->topics = copy(rs->arena, old->topics,
	    sizeof(*rs->topics) * old->topics_count);
	rs->rules =
	    copy(rs->arena, old->rules, sizeof(*rs->rules) * old->rules_count);
	rs->units = copy(
	    rs->arena, old->units, sizeof(*rs->units) * ruleset_units(old));
	rs->own_count = 0;
	memset(rs->own_sieve, 0, sizeof(rs->own_sieve));
	rs->regexes_count = 0; /* none to be freed yet */
	return rs;
}

static void
rename_entries(struct ruleset *rs, const struct patch *p)
{
	const struct decls *d = &p->decls;

	for (uint32_t i = 0; i < d->brands_count; i++)
		compile_brand(rs, &rs->brands[p->index[HIT_BRAND][i]],
		    &d->brands[i]);
	for (uint32_t i = 0; i < d->topics_count; i++)
		compile_topic(rs, &rs->topics[p->index[HIT_TOPIC][i]],
		    &d->topics[i]);
	for (uint32_t i = 0; i < d->rules_count; i++)
		compile_rule(
		    rs, &rs->rules[p->index[HIT_RULE][i]], &d->rules[i]);
	ruleset_own_build(rs);
}

/* ---- the program --------------------------------------------------------- */

/* What a full load would have interned of a phrase, as far as it can be
 * told. */
static void
key_phrase(struct builder *b, const struct flat_node *node)
{
	for (uint32_t i = 0; i < node->count; i++) {
		const struct flat_token *t =
		    grow_at(&b->tokens, struct flat_token, node->first + i);
		bool prefix = t->form == TOKEN_PREFIX;
		uint64_t len = t->len + (uint64_t)prefix;
		char head[2] = {t->sign, t->form != TOKEN_EXACT};

		builder_push(&b->key, head, 2);
		builder_push(&b->key, &len, sizeof(len));
		builder_push(
		    &b->key, grow_at(&b->bytes, char, t->text), t->len);
		builder_push(&b->key, "*", prefix);
	}
}

/* The nodes of a list, so that who names it shares them. */
static void
know_list(struct builder *b, uint32_t index, struct slice name)
{
	const struct flat_node *node =
	    grow_at(&b->nodes, struct flat_node, index);
	const struct flat_node key = {.kind = NODE_OR, .extra = SET_NONE};
	const uint32_t *items = grow_at(&b->children, uint32_t, node->first);

	for (uint32_t i = 0; i < node->count; i++) {
		const struct flat_node *phrase =
		    grow_at(&b->nodes, struct flat_node, items[i]);

		if (phrase->kind != NODE_PHRASE)
			return;
		anchor_token(
		    b, phrase, grow_at(&b->costs, uint32_t, items[i]));
		key_phrase(b, phrase);
		builder_intern(b, 'p', items[i]);
	}
	*grow_at(&b->costs, uint32_t, index) = anchor_cost(b, node);
	builder_push(&b->key, &key, sizeof(key));
	builder_push(&b->key, items, node->count * (uint32_t)sizeof(*items));
	builder_push(&b->key, name.data, (uint32_t)name.len);
	builder_intern(b, 'g', index);
}

static void
know_regex(struct builder *b, uint32_t index, const struct regex *r)
{
	uint32_t options[2] = {r->options, r->raw};

	builder_push(&b->key, r->pattern.data, (uint32_t)r->pattern.len);
	builder_push(&b->key, options, sizeof(options));
	builder_intern(b, 'r', index);
}

/* Lists and regexes are shared with the set before; phrases and groups of
 * changed entries are not, which costs some memory until the next full load.
 */
static void
know(struct builder *b, const struct ruleset *old)
{
	for (uint32_t i = 0; i < old->nodes_count; i++) {
		const struct flat_node *node = &old->nodes[i];

		if (node->kind == NODE_REGEX)
			know_regex(b, i, &old->regexes[node->first]);
		else if (node->kind == NODE_OR && node->extra != SET_NONE &&
			 old->sets[node->extra].name.len > 0)
			know_list(b, i, old->sets[node->extra].name);
	}
}

static void
take_program(struct builder *b, const struct ruleset *old)
{
	const struct regex_literals unknown = {.count = LITERALS_UNKNOWN};
	const struct slice none = SLICE_NONE;
	uint32_t *costs = must_alloc(sizeof(*costs) * (old->nodes_count + 1ul));

	/* not known, so that nothing is hung on them unasked */
	memset(costs, 0xff, sizeof(*costs) * old->nodes_count);
	builder_push(&b->nodes, old->nodes, old->nodes_count);
	builder_push(&b->costs, costs, old->nodes_count);
	builder_push(&b->children, old->children, old->children_count);
	builder_push(&b->tokens, old->tokens, old->tokens_count);
	builder_push(&b->bytes, old->bytes, old->bytes_count);
	builder_push(&b->exacts, old->exacts, old->exacts_count);
	builder_push(&b->fields, old->fields, old->fields_count);
	for (uint32_t i = 0; i < old->regexes_count; i++) {
		const struct regex *from = &old->regexes[i];
		/* not as it lies: a worker may just publish its code */
		struct regex r = {.pattern = from->pattern,
		    .path = from->path,
		    .line = from->line,
		    .options = from->options,
		    .unit = from->unit,
		    .raw = from->raw};

		regex_share(&r, from);
		builder_push(&b->regexes, &r, 1);
		builder_push(&b->literals, &unknown, 1);
	}
	for (uint32_t i = 0; i < old->sets_count; i++) {
		uint32_t node = NODE_NONE; /* its table is there already */

		builder_push(&b->sets, &node, 1);
		builder_push(&b->set_names, &none, 1);
	}
	free(costs);
}

static void
doubt(const struct patch *p)
{
	diag_add(p->diag, DIAG_ERROR, (struct place){0}, "doubt", NULL,
	    "load it all");
}

/* A rule may hang on its topic's words.  What those cost is known of none. */
static void
doubt_rule(struct builder *b, const struct patch *p, uint32_t rule,
    const uint8_t *changed)
{
	const struct ruleset *rs = b->rs;
	uint32_t unit = unit_of_rule(rs, rule);
	uint32_t topic = rs->units[unit].topic, match = rs->units[unit].match;

	if (topic == RULES_NONE || rs->rules[rule].for_brands)
		return;
	if (changed[unit_of_topic(rs, topic)])
		doubt(p);
	else if (changed[unit] &&
		 (match == NODE_NONE ||
		     *grow_at(&b->costs, uint32_t, match) == ANCHOR_NONE))
		doubt(p);
}

static void
flatten_one(struct builder *b, const struct decl *d, uint32_t unit)
{
	b->rs->units[unit].match = flatten_node(b, d->match, unit);
	b->rs->units[unit].not = flatten_node(b, d->not, unit);
}

static void
flatten_changed(struct builder *b, const struct patch *p, uint8_t *changed)
{
	const struct decls *d = &p->decls;
	struct ruleset *rs = b->rs;

	for (uint32_t i = 0; i < d->brands_count; i++)
		anchor_use(b, d->brands[i].d.match);
	for (uint32_t i = 0; i < d->rules_count; i++)
		anchor_use(b, d->rules[i].d.match);
	for (uint32_t i = 0; i < d->brands_count; i++) {
		changed[p->index[HIT_BRAND][i]] = 1;
		flatten_one(b, &d->brands[i].d, p->index[HIT_BRAND][i]);
	}
	for (uint32_t i = 0; i < d->topics_count; i++) {
		uint32_t unit = unit_of_topic(rs, p->index[HIT_TOPIC][i]);

		changed[unit] = 1;
		flatten_one(b, &d->topics[i].d, unit);
	}
	for (uint32_t i = 0; i < d->rules_count; i++) {
		uint32_t unit = unit_of_rule(rs, p->index[HIT_RULE][i]);

		changed[unit] = 1;
		rs->units[unit].topic = d->rules[i].topic;
		flatten_one(b, &d->rules[i].d, unit);
	}
	for (uint32_t i = 0; d->topics_count > 0 && i < rs->rules_count; i++)
		doubt_rule(b, p, i, changed);
	for (uint32_t i = 0; i < d->rules_count; i++)
		doubt_rule(b, p, p->index[HIT_RULE][i], changed);
}

struct ruleset *
patch_build(struct patch *p)
{
	const struct ruleset *old = p->old;
	struct ruleset *rs = start(old);
	uint8_t *changed = must_alloc(ruleset_units(old) + 1ul);
	struct builder b;

	builder_init(&b, &p->decls, p->diag);
	b.rs = rs;
	rename_entries(rs, p);
	take_program(&b, old);
	know(&b, old);
	flatten_changed(&b, p, changed);
	rs->regexes_shared = old->regexes_count + b.regexes_shared;
	compile_program(&b, rs, old);
	if (diag_errors(p->diag) == 0) {
		tables_patch(&b, rs, p, changed);
		patch_owners(p, rs, &b.uses, changed);
		selftest_some(rs, &p->decls, p->index, p->diag);
	}
	builder_fini(&b);
	free(changed);
	if (diag_errors(p->diag) + diag_warnings(p->diag) == 0)
		return rs;
	ruleset_unref(rs);
	return NULL;
}
