/*
 * Episodes of alerts under both sets.  Two are the same when their ids are;
 * else when they are about the same thing and begin at most a day apart, the
 * nearest first in the order of time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/diff/diff.h"

#define APART_MAX_MS (INT64_C(24) * 60 * 60 * 1000)

static const char *
copy(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_text(arena, slice_of(text)).data;
}

void
diff_alert_add(struct diff *d, enum diff_side side, const struct alert *a)
{
	struct diff_alerts *all = &d->alerts;
	struct diff_episode *e;

	/* The latest ones first: messages of an episode are not far apart. */
	for (size_t i = all->count; i > 0; i--) {
		e = all->episodes[i - 1];
		if (e->side != side)
			break;
		if (strcmp(e->id, a->id))
			continue;
		e->last_ms = a->minute_ms;
		e->level = a->level > e->level ? a->level : e->level;
		e->messages++;
		return;
	}
	if (all->count >= (size_t)DIFF_EPISODES_MAX * ((size_t)side + 1)) {
		all->cut++;
		return;
	}
	if (all->count == all->room) {
		all->room = all->room * 2 + 64;
		all->episodes = must_grow(
		    all->episodes, all->room * sizeof(struct diff_episode *));
	}
	e = arena_alloc(all->arena, sizeof(*e));
	memcpy(e->id, a->id, sizeof(e->id));
	e->kind = a->kind;
	e->side = side;
	e->sector = copy(all->arena, a->sector);
	e->brand = copy(all->arena, a->brand);
	e->topic = copy(all->arena, a->topic);
	e->first_ms = e->last_ms = a->minute_ms;
	e->level = a->level;
	e->messages = 1;
	all->episodes[all->count++] = e;
}

static int
by_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
by_subject(const struct diff_episode *x, const struct diff_episode *y)
{
	int order = by_text(x->sector, y->sector);

	if (order == 0)
		order = by_text(x->brand, y->brand);
	if (order == 0)
		order = by_text(x->topic, y->topic);
	return order != 0 ? order : (int)x->kind - (int)y->kind;
}

static int
by_order(const void *a, const void *b)
{
	const struct diff_episode *x = *(struct diff_episode *const *)a;
	const struct diff_episode *y = *(struct diff_episode *const *)b;
	int order = by_subject(x, y);

	if (order == 0)
		order = (x->first_ms > y->first_ms) -
		    (x->first_ms < y->first_ms);
	if (order == 0)
		order = strcmp(x->id, y->id);
	return order != 0 ? order : (int)x->side - (int)y->side;
}

static void
add_change(struct diff_alerts *all, const struct diff_episode *old,
    const struct diff_episode *new)
{
	struct diff_alert *c;

	if (old != NULL && new != NULL && old->first_ms == new->first_ms &&
	    old->level == new->level) {
		all->same++;
		return;
	}
	c = &all->changes[all->changes_count++];
	c->at[DIFF_OLD] = old;
	c->at[DIFF_NEW] = new;
	c->what = old == NULL ? DIFF_APPEARS :
	    new == NULL	      ? DIFF_VANISHES :
				DIFF_MOVES;
	if (c->what == DIFF_MOVES)
		c->minutes = (new->first_ms - old->first_ms) / 60000;
}

/* The nearest episode of the other side about the same as number ${i}. */
static struct diff_episode *
partner(const struct diff_alerts *all, size_t i)
{
	const struct diff_episode *e = all->episodes[i];
	struct diff_episode *best = NULL;
	int64_t best_ms = APART_MAX_MS + 1;

	for (int way = -1; way <= 1; way += 2)
		for (size_t k = i + (size_t)way; k < all->count;
		     k += (size_t)way) {
			struct diff_episode *o = all->episodes[k];
			int64_t ms = o->first_ms - e->first_ms;

			ms = ms < 0 ? -ms : ms;
			if (by_subject(e, o) != 0 || ms > APART_MAX_MS)
				break;
			if (o->side == e->side || o->paired)
				continue;
			if (ms < best_ms || !strcmp(o->id, e->id)) {
				best = o;
				best_ms = strcmp(o->id, e->id) ? ms : -1;
			}
		}
	return best;
}

/* Those with the same id before all others take the nearest. */
static void
pair(struct diff_alerts *all, bool same_id)
{
	for (size_t i = 0; i < all->count; i++) {
		struct diff_episode *e = all->episodes[i], *o;

		if (e->side != DIFF_OLD || e->paired)
			continue;
		o = partner(all, i);
		if (o == NULL || (same_id && strcmp(o->id, e->id)))
			continue;
		e->paired = o->paired = true;
		add_change(all, e, o);
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct diff_alert *x = a, *y = b;
	const struct diff_episode *e = x->at[x->at[DIFF_OLD] == NULL];
	const struct diff_episode *f = y->at[y->at[DIFF_OLD] == NULL];

	if (e->first_ms != f->first_ms)
		return e->first_ms < f->first_ms ? -1 : 1;
	return by_order(&e, &f);
}

void
diff_alerts_end(struct diff *d)
{
	struct diff_alerts *all = &d->alerts;

	all->changes = must_alloc((all->count + 1) * sizeof(*all->changes));
	if (all->count == 0)
		return;
	qsort(all->episodes, all->count, sizeof(struct diff_episode *),
	    by_order);
	pair(all, true);
	pair(all, false);
	for (size_t i = 0; i < all->count; i++) {
		const struct diff_episode *e = all->episodes[i];

		if (!e->paired)
			add_change(all, e->side == DIFF_OLD ? e : NULL,
			    e->side == DIFF_NEW ? e : NULL);
	}
	qsort(all->changes, all->changes_count, sizeof(*all->changes), by_time);
}

void
diff_alerts_free(struct diff *d)
{
	free(d->alerts.episodes);
	free(d->alerts.changes);
	arena_free(d->alerts.arena);
}
