/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/conditions.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"

#define HOLD_MINUTES 30
#define FREEZE_MINUTES (72 * 60)
#define LEAST_NORM MICRO /* one post: three times nothing is three posts */

static char *
text_of(struct slice s)
{
	char *copy = must_alloc(s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.data, s.len);
	copy[s.len] = '\0';
	return copy;
}

static struct condition *
condition_new(const struct rules_condition *c)
{
	struct condition *made = must_alloc(sizeof(*made));

	made->id = text_of(c->id);
	made->text = text_of(c->text);
	made->terms_count = c->terms_count;
	made->steps_count = c->steps_count;
	made->terms = must_alloc(c->terms_count * sizeof(*made->terms));
	memcpy(made->terms, c->terms, c->terms_count * sizeof(*made->terms));
	made->steps = must_alloc(c->steps_count);
	memcpy(made->steps, c->steps, c->steps_count);
	return made;
}

static void
free_watch(struct watch *w)
{
	for (uint32_t i = 0; i < w->of->terms_count; i++)
		tally_fini(&w->tallies[i]);
	free(w->tallies);
	free(w->readings);
	free(w->frozen);
	free(w);
}

static void
free_condition(struct condition *c)
{
	for (uint32_t i = 0; i < c->watches_count; i++)
		free_watch(c->watches[i]);
	free(c->watches);
	free(c->id);
	free(c->text);
	free(c->name_fr);
	free(c->name_en);
	free(c->terms);
	free(c->steps);
	free(c);
}

void
conditions_fini(struct conditions *c)
{
	for (uint32_t i = 0; i < c->count; i++)
		free_condition(c->all[i]);
	free(c->all);
	free(c->map);
	free(c->awake);
	*c = (struct conditions){0};
}

/* The one of this id and text, which means the same; made if new. */
static struct condition *
known(struct conditions *c, const struct rules_condition *rule)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (slice_is(rule->id, c->all[i]->id) &&
		    slice_is(rule->text, c->all[i]->text))
			return c->all[i];
	c->all = must_grow(c->all, (c->count + 1ul) * sizeof(*c->all));
	return c->all[c->count++] = condition_new(rule);
}

void
conditions_map(struct conditions *c, const struct ruleset *rules)
{
	uint32_t count = ruleset_conditions(rules);

	if (c->mapped && c->rules == ruleset_id(rules))
		return;
	c->mapped = true;
	c->rules = ruleset_id(rules);
	c->map = must_grow(c->map, (count + 1ul) * sizeof(struct condition *));
	for (uint32_t i = 0; i < c->count; i++)
		c->all[i]->gone = true;
	for (uint32_t i = 0; i < count; i++) {
		const struct rules_condition *from =
		    ruleset_condition(rules, i);
		struct condition *to = known(c, from);

		c->map[i] = to;
		to->gone = false;
		to->level = from->severity > 1 ? from->severity : 1;
		free(to->name_fr);
		free(to->name_en);
		to->name_fr = text_of(from->name_fr);
		to->name_en = text_of(from->name_en);
	}
}

/* Where the watch of ${key} is, or would be. */
static uint32_t
place(const struct condition *c, const struct key *key)
{
	uint32_t from = 0, to = c->watches_count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (c->watches[middle]->key->serial < key->serial)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct watch *
conditions_find(const struct condition *c, const struct key *key)
{
	uint32_t at = place(c, key);

	return at < c->watches_count && c->watches[at]->key == key ?
	    c->watches[at] : NULL;
}

struct watch *
conditions_add(struct condition *of, struct key *key, int64_t minute)
{
	struct watch *w = must_alloc(sizeof(*w));
	uint32_t at = place(of, key);

	w->of = of;
	w->key = key;
	w->tallies = must_alloc(of->terms_count * sizeof(*w->tallies));
	w->readings = must_alloc(of->terms_count * sizeof(*w->readings));
	w->frozen = must_alloc(of->terms_count * sizeof(*w->frozen));
	for (uint32_t i = 0; i < of->terms_count; i++)
		tally_init(&w->tallies[i], &of->terms[i], minute, key->born);
	of->watches = must_grow(of->watches,
	    (of->watches_count + 1ul) * sizeof(struct watch *));
	memmove(&of->watches[at + 1], &of->watches[at],
	    (of->watches_count - at) * sizeof(struct watch *));
	of->watches_count++;
	return of->watches[at] = w;
}

void
conditions_wake(struct conditions *c, struct watch *w)
{
	w->awake = true;
	if (c->awake_count == c->awake_room) {
		c->awake_room = c->awake_room * 2 + 16;
		c->awake = must_grow(c->awake,
		    c->awake_room * sizeof(struct watch *));
	}
	c->awake[c->awake_count++] = w;
}

struct watch *
conditions_watch(struct conditions *c, uint32_t index, struct key *key,
    int64_t minute)
{
	struct condition *of = c->map[index];
	struct watch *w = conditions_find(of, key);

	if (w == NULL) {
		if (c->watches == CONDITION_WATCHES_MAX)
			return NULL;
		c->watches++;
		w = conditions_add(of, key, minute);
	}
	if (w->awake)
		return w;
	if (c->awake_count == 0)
		c->minute = minute - 1;
	conditions_wake(c, w);
	return w;
}

/* Compared in millionths, as they are printed. */
static bool
compare(enum rules_than than, int64_t value, int64_t threshold)
{
	switch (than) {
	case THAN_AT_LEAST:
		return value >= threshold;
	case THAN_MORE:
		return value > threshold;
	case THAN_AT_MOST:
		return value <= threshold;
	case THAN_LESS:
		return value < threshold;
	}
	UNREACHABLE("a comparison");
}

static void
read_term(struct watch *w, uint32_t i, int64_t minute)
{
	const struct rules_term *t = &w->of->terms[i];
	struct reading *r = &w->readings[i];

	r->value = tally_value(&w->tallies[i]);
	r->norm = tally_norm(&w->tallies[i]);
	r->threshold = t->value_micro;
	if (w->open && minute - w->open_at < FREEZE_MINUTES)
		r->norm = w->frozen[i];
	if (t->of_norm && r->norm < 0) { /* nobody knows: it does not hold */
		r->threshold = -1;
		r->holds = false;
		return;
	}
	if (t->of_norm)
		r->threshold = mathx_ratio(t->value_micro,
		    r->norm > LEAST_NORM ? r->norm : LEAST_NORM, MICRO);
	r->holds = compare(t->than, (int64_t)r->value * MICRO, r->threshold);
}

enum condition_change
conditions_judge(struct watch *w, int64_t minute)
{
	bool values[CONDITION_TERMS_MAX];
	bool holds;

	for (uint32_t i = 0; i < w->of->terms_count; i++) {
		tally_close(&w->tallies[i], minute);
		read_term(w, i, minute);
		values[i] = w->readings[i].holds;
	}
	holds = !w->of->gone && rules_condition_holds(w->of->steps,
	    w->of->steps_count, values);
	if (holds)
		w->held_at = minute;
	if (!w->open && holds) {
		w->open = true;
		w->open_at = minute;
		for (uint32_t i = 0; i < w->of->terms_count; i++)
			w->frozen[i] = w->readings[i].norm;
		return CONDITION_BEGINS;
	}
	if (w->open && minute - w->held_at >= HOLD_MINUTES) {
		w->open = false;
		return CONDITION_ENDS;
	}
	return CONDITION_SAME;
}

static bool
idle(const struct watch *w)
{
	for (uint32_t i = 0; i < w->of->terms_count; i++)
		if (w->tallies[i].total > 0)
			return false;
	return !w->open;
}

void
conditions_rest(struct conditions *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->awake_count; i++) {
		if (idle(c->awake[i]))
			c->awake[i]->awake = false;
		else
			c->awake[kept++] = c->awake[i];
	}
	c->awake_count = kept;
}
