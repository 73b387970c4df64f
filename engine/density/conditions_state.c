/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/conditions.h"

#include <stdlib.h>

#include "engine/base/must.h"

#define VERSION 1u
#define WINDOW_MOST (31u * 1440) /* of any term, and more */

static void
save_watch(const struct watch *w, struct buf *out)
{
	pack_uint(out, w->key->serial);
	pack_u8(out, w->open);
	pack_int(out, w->open_at);
	pack_int(out, w->held_at);
	for (uint32_t i = 0; i < w->of->terms_count; i++) {
		pack_int(out, w->frozen[i]);
		tally_save(&w->tallies[i], out);
	}
}

static void
save_condition(const struct condition *c, struct buf *out)
{
	pack_word(out, c->id);
	pack_word(out, c->text);
	pack_word(out, c->name_fr);
	pack_word(out, c->name_en);
	pack_u8(out, c->level);
	pack_u8(out, c->gone);
	pack_uint(out, c->terms_count);
	for (uint32_t i = 0; i < c->terms_count; i++) {
		const struct rules_term *t = &c->terms[i];

		pack_u8(out, t->authors);
		pack_u8(out, t->of_norm);
		pack_u8(out, (uint8_t)t->than);
		pack_uint(out, t->window_minutes);
		pack_int(out, t->value_micro);
	}
	pack_text(out, (struct slice){(const char *)c->steps,
	    c->steps_count});
	pack_uint(out, c->watches_count);
	for (uint32_t i = 0; i < c->watches_count; i++)
		save_watch(c->watches[i], out);
}

/* In the order in which they are judged: which condition, whose watch. */
static void
save_awake(const struct conditions *c, struct buf *out)
{
	pack_uint(out, c->awake_count);
	for (uint32_t i = 0; i < c->awake_count; i++) {
		uint32_t k = 0;

		while (c->all[k] != c->awake[i]->of)
			k++;
		pack_uint(out, k);
		pack_uint(out, c->awake[i]->key->serial);
	}
}

void
conditions_save(const struct conditions *c, struct buf *out)
{
	pack_u8(out, VERSION);
	pack_int(out, c->minute);
	pack_uint(out, c->count);
	for (uint32_t i = 0; i < c->count; i++)
		save_condition(c->all[i], out);
	save_awake(c, out);
}

static char *
word(struct unpack *in)
{
	struct slice text = unpack_word(in);
	char *copy = must_alloc(text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

static void
load_terms(struct condition *c, struct unpack *in)
{
	struct slice steps;

	c->terms_count = (uint32_t)unpack_most(in, CONDITION_TERMS_MAX);
	c->terms = must_alloc((c->terms_count + 1ul) * sizeof(*c->terms));
	for (uint32_t i = 0; i < c->terms_count; i++) {
		struct rules_term *t = &c->terms[i];

		t->rule = RULES_NONE; /* of rules that are not known yet */
		t->authors = unpack_u8(in);
		t->of_norm = unpack_u8(in);
		t->than = (enum rules_than)unpack_most(in, THAN_LESS);
		t->window_minutes = (uint32_t)unpack_most(in, WINDOW_MOST);
		t->value_micro = unpack_int(in);
	}
	steps = unpack_text(in);
	if (steps.len > CONDITION_STEPS_MAX) {
		in->bad = true;
		steps.len = 0;
	}
	c->steps_count = (uint32_t)steps.len;
	c->steps = must_alloc(steps.len + 1);
	if (steps.len > 0)
		memcpy(c->steps, steps.data, steps.len);
}

static void
load_watch(struct condition *c, struct unpack *in, const struct keys *keys)
{
	struct key *key = keys_at(keys, unpack_uint(in));
	struct watch *w;

	if (key == NULL || conditions_find(c, key) != NULL) {
		in->bad = true;
		return;
	}
	w = conditions_add(c, key, 0);
	w->open = unpack_u8(in);
	w->open_at = unpack_int(in);
	w->held_at = unpack_int(in);
	for (uint32_t i = 0; i < c->terms_count; i++) {
		w->frozen[i] = unpack_int(in);
		tally_load(&w->tallies[i], in);
	}
}

static void
load_condition(struct conditions *all, struct unpack *in,
    const struct keys *keys)
{
	struct condition *c = must_alloc(sizeof(*c));
	uint64_t watches;

	all->all = must_grow(all->all,
	    (all->count + 1ul) * sizeof(struct condition *));
	all->all[all->count++] = c;
	c->id = word(in);
	c->text = word(in);
	c->name_fr = word(in);
	c->name_en = word(in);
	c->level = (uint8_t)unpack_most(in, 4);
	c->gone = unpack_u8(in);
	load_terms(c, in);
	watches = unpack_most(in, CONDITION_WATCHES_MAX - all->watches);
	for (uint64_t i = 0; i < watches && !in->bad; i++)
		load_watch(c, in, keys);
	all->watches += c->watches_count;
}

static void
load_awake(struct conditions *c, struct unpack *in, const struct keys *keys)
{
	uint64_t count = unpack_most(in, CONDITION_WATCHES_MAX);

	for (uint64_t i = 0; i < count && !in->bad; i++) {
		uint64_t k = unpack_uint(in);
		const struct key *key = keys_at(keys, unpack_uint(in));
		struct watch *w = k < c->count && key != NULL ?
		    conditions_find(c->all[k], key) : NULL;

		if (w == NULL || w->awake)
			in->bad = true;
		else
			conditions_wake(c, w);
	}
}

bool
conditions_load(struct conditions *c, struct unpack *in,
    const struct keys *keys)
{
	uint64_t count;

	REQUIRE(c->count == 0);
	if (unpack_u8(in) != VERSION)
		return false;
	c->minute = unpack_int(in);
	count = unpack_most(in, UINT32_MAX);
	for (uint64_t i = 0; i < count && !in->bad; i++)
		load_condition(c, in, keys);
	load_awake(c, in, keys);
	return !in->bad;
}
