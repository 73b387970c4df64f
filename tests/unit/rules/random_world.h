/*
 * Random sets of declarations, with labels, groups with caps, replaced parts
 * and counted terms; and posts for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_RANDOM_WORLD_H
#define TESTS_RULES_RANDOM_WORLD_H

#include "rules/condition.h"
#include "tests/unit/rules/random_node.h"

static struct slice
make_id(struct world *w, char kind, uint32_t i)
{
	char id[8];

	snprintf(id, sizeof(id), "%c%u", kind, (unsigned)i);
	return arena_text(w->arena, slice_of(id));
}

static void
make_decl(struct world *w, struct decl *d, char kind, uint32_t i, bool brand,
    bool common)
{
	uint32_t sector = rand_below(&w->rand, common ? 3 : 2);

	d->id = make_id(w, kind, i);
	d->sector = sector == 2 ? RULES_NONE : sector;
	buf_printf(
	    &w->shown, "%c%u in %d: ", kind, (unsigned)i, (int)d->sector);
	if (kind != 'r' || rand_below(&w->rand, 6) > 0)
		d->match = make_node(w, 3, brand);
	if (rand_below(&w->rand, 3) == 0) {
		buf_text(&w->shown, " NOT ");
		d->not = make_node(w, 1, brand);
	}
	buf_char(&w->shown, '\n');
}

static void
make_rule(struct world *w, struct rule_decl *rule, uint32_t i)
{
	struct rand *r = &w->rand;
	uint32_t hang = rand_below(r, 4);

	rule->every_brand = hang == 0;
	if (hang == 1 || hang == 2) {
		rule->brands = make(w, sizeof(uint32_t) * BRANDS);
		for (uint32_t b = 0; b < BRANDS; b++)
			if (rand_below(r, 2) == 0)
				rule->brands[rule->brands_count++] = b;
	}
	rule->topic =
	    rand_below(r, 3) == 0 ? rand_below(r, TOPICS) : RULES_NONE;
	rule->weight_milli = (int32_t)rand_below(r, 7) * 500 - 1000;
	if (i == RULES - 1 && rand_below(r, 2) == 0) { /* no label names it */
		rule->is_term = true;
		buf_text(&w->shown, "term ");
		w->decls.conditions = make(w, sizeof(struct condition_decl));
		*w->decls.conditions = (struct condition_decl){
		    .id = SLICE("wave"),
		    .terms = make(w, sizeof(struct condition_term)),
		    .terms_count = 1};
		w->decls.conditions_count = 1;
	}
	make_decl(w, &rule->d, "aqzr"[i % 4 == 3 ? 3 : i % 4], i,
	    rule -> every_brand || rule -> brands_count > 0, true);
	buf_printf(&w->shown, "   topic %d, %u brands%s\n", (int)rule->topic,
	    (unsigned)rule->brands_count, rule->every_brand ? " *" : "");
}

static int
rule_order(const void *a, const void *b)
{
	const struct rule_decl *x = a, *y = b;

	return slice_order(x->d.id, y->d.id);
}

static uint32_t
make_group(struct world *w)
{
	uint32_t group = rand_below(&w->rand, 4);

	return group < w->decls.groups_count ? group : RULES_NONE;
}

/* Groups with caps, and rules that replace others. */
static void
make_weights(struct world *w)
{
	struct decls *d = &w->decls;
	struct rand *r = &w->rand;

	d->groups_count = rand_below(r, 3);
	for (uint32_t g = 0; g < d->groups_count; g++)
		d->groups[g] = (struct group_decl){
		    .id = g == 0 ? SLICE("ga") : SLICE("gb"),
		    .min_milli = -(int32_t)rand_below(r, 3) * 400,
		    .max_milli = (int32_t)rand_below(r, 5) * 700};
	for (uint32_t t = 0; t < TOPICS; t++)
		d->topics[t].group = make_group(w);
	for (uint32_t i = 0; i < RULES; i++) {
		struct rule_decl *rule = &d->rules[i];

		rule->group = make_group(w);
		if (rand_below(r, 3) > 0 || rule->is_term)
			continue;
		rule->replaces = make(w, 3 * sizeof(*rule->replaces));
		rule->replaces_count = 1 + rand_below(r, 3);
		for (uint32_t k = 0; k < rule->replaces_count; k++) {
			struct replaced *part = &rule->replaces[k];

			part->topic = rand_below(r, 2) == 0;
			part->index = rand_below(
			    r, part->topic ? TOPICS : RULES);
			buf_printf(&w->shown, "%.*s replaces %s %u\n",
			    SLICE_ARG(rule->d.id),
			    part->topic ? "topic" : "rule",
			    (unsigned)part->index);
		}
	}
}

static void
world_make(struct world *w, uint64_t seed)
{
	struct decls *d = &w->decls;

	rand_seed(&w->rand, seed);
	w->brands = w->topics = w->rules = w->sectors = 0;
	w->words_count = sizeof(words) / sizeof(*words);
	w->words_from = rand_below(&w->rand, w->words_count);
	if (rand_below(&w->rand, 3) == 0)
		w->words_count = 3;
	w->arena = arena_new();
	buf_clear(&w->shown);
	*d = (struct decls){.arena = w->arena,
	    .sectors_count = 2,
	    .brands_count = BRANDS,
	    .topics_count = TOPICS,
	    .rules_count = RULES};
	d->sectors = make(w, sizeof(*d->sectors) * 2);
	d->sectors[0].id = SLICE("food");
	d->sectors[1].id = SLICE("rail");
	d->brands = make(w, sizeof(*d->brands) * BRANDS);
	d->topics = make(w, sizeof(*d->topics) * TOPICS);
	d->rules = make(w, sizeof(*d->rules) * RULES);
	for (uint32_t i = 0; i < BRANDS; i++)
		make_decl(w, &d->brands[w->brands = i].d, 'b', i, false,
		    false);
	w->brands = BRANDS;
	w->sectors = 2;
	for (uint32_t i = 0; i < TOPICS; i++) {
		make_decl(w, &d->topics[w->topics = i].d, 't', i, false, true);
		d->topics[i].weight_milli = 2000;
	}
	w->topics = TOPICS;
	for (uint32_t i = 0; i < RULES; i++)
		make_rule(w, &d->rules[w->rules = i], i);
	qsort(d->rules, RULES, sizeof(*d->rules), rule_order);
	make_weights(w);
}

/* Some posts have none but words, some looks, some inclusive forms too. */
static void
make_text(struct world *w, char *out, size_t room)
{
	struct rand *r = &w->rand;
	uint32_t n = rand_below(r, 12), kind = rand_below(r, 6);

	out[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		const char *word = pick_word(w), *gap = PICK(r, gaps);

		if (kind == 2 && rand_below(r, 3) > 0)
			gap = PICK(r, stops);
		if (kind == 0 && rand_below(r, 2) == 0)
			word = PICK(r, looks);
		else if (kind == 1 && rand_below(r, 2) == 0)
			word = PICK(r, inclusives);

		if (strlen(out) + strlen(word) + strlen(gap) + 1 < room) {
			strcat(out, gap + (i == 0 && gap[0] == ' '));
			strcat(out, word);
		}
	}
}

#endif
