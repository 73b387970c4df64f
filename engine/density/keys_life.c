/*
 * A key while it is talked of, and while nobody does: then it has no window,
 * and what its detector knows is put away small.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/detector_asleep.h"
#include "engine/density/key_parts.h"
#include "engine/density/keys_table.h"

/* The silence after ${closed}, up to and with ${minute}. */
static void
pass_silence(struct detector *d, int64_t *closed, int64_t minute)
{
	const int64_t tick = DETECTOR_TICK_MINUTES;

	detector_silence(d,
	    (uint64_t)((minute + 1) / tick - (*closed + 1) / tick));
	*closed = minute;
}

void
keys_catch_up(struct key *key, int64_t minute)
{
	struct detector awake;

	REQUIRE(!key->active);
	if (minute <= key->closed)
		return;
	detector_awake(&awake, key->asleep);
	pass_silence(&awake, &key->closed, minute);
	key->asleep = detector_asleep(key->asleep, &awake);
}

int64_t
keys_norm(const struct key *key, unsigned ticks)
{
	struct detector awake;

	if (key->live != NULL)
		return detector_harm(detector_norm(&key->live->detector),
		    ticks);
	detector_awake(&awake, key->asleep);
	return detector_harm(detector_norm(&awake), ticks);
}

struct detector_answer
keys_answer(const struct key *key)
{
	struct live *l = key->live;

	if (l->asked >= 0.0)
		l->answer = detector_peek(&l->detector, l->asked);
	l->asked = -1.0;
	return l->answer;
}

void
keys_refresh_norm(struct key *key)
{
	key->live->norm = NORM_UNKNOWN;
}

int64_t
keys_live_norm(const struct key *key)
{
	struct live *l = key->live;

	if (l->norm == NORM_UNKNOWN)
		l->norm = keys_norm(key, 12);
	return l->norm;
}

void
keys_activate(struct keys *k, struct key *key)
{
	REQUIRE(!key->active);
	key->active = true;
	if (k->active_count == k->active_room) {
		k->active_room = k->active_room == 0 ? 64 :
						       k->active_room * 2;
		k->active = must_grow(k->active,
		    k->active_room * sizeof(*k->active));
	}
	k->active[k->active_count++] = key;
}

void
keys_enliven(struct key *key)
{
	struct live *l = key->live = must_alloc(sizeof(*l));

	l->asked = -1.0;
	l->closed = key->closed;
	detector_awake(&l->detector, key->asleep);
	free(key->asleep);
	key->asleep = NULL;
}

void
keys_wake(struct keys *k, struct key *key, int64_t minute)
{
	if (key->active)
		return;
	keys_enliven(key);
	if (minute - 1 > key->closed)
		pass_silence(&key->live->detector, &key->live->closed,
		    minute - 1);
	keys_refresh_norm(key);
	window_init(&key->live->window, minute);
	keys_activate(k, key);
}

static int
compare(const void *a, const void *b)
{
	return key_parts_order(*(struct key *const *)a,
	    *(struct key *const *)b);
}

/* How many of the first ${count} come before ${key}. */
static uint32_t
place_of(struct key *const *keys, uint32_t count, const struct key *key)
{
	uint32_t from = 0, to = count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (key_parts_order(keys[middle], key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* A few new ones behind many that are in order: to their places among them,
 * from the last to the first, so that each of those is moved once. */
static void
put_in_order(struct keys *k)
{
	uint32_t old = k->sorted, count = k->active_count - old;
	struct key **tail = k->active + old, **fresh;

	qsort(tail, count, sizeof(*tail), compare);
	fresh = must_alloc((size_t)count * sizeof(*fresh));
	memcpy(fresh, tail, (size_t)count * sizeof(*fresh));
	for (uint32_t i = count; i-- > 0;) {
		uint32_t at = place_of(k->active, old, fresh[i]);

		memmove(k->active + at + i + 1, k->active + at,
		    (size_t)(old - at) * sizeof(*k->active));
		k->active[at + i] = fresh[i];
		old = at;
	}
	free(fresh);
}

struct key **
keys_active(struct keys *k, uint32_t *count)
{
	if (k->sorted < k->active_count)
		put_in_order(k);
	k->sorted = k->active_count;
	*count = k->active_count;
	return k->active;
}

void
keys_let_go(struct key *key)
{
	free(key->live);
	key->live = NULL;
	if (key->causes != NULL)
		causes_fini(key->causes);
	free(key->causes);
	key->causes = NULL;
	evidence_free(key->evidence);
	key->evidence = NULL;
}

static void
retire(struct key *key)
{
	if (key->of_sector != NULL)
		keys_breadth(key); /* it stays known */
	key->active = false;
	key->density.rare_run = 0;
	key->flood = false;
	window_day_forget(&key->day, key->live->window.minute);
	key->closed = key->live->closed;
	key->asleep = detector_asleep(NULL, &key->live->detector);
	keys_let_go(key);
}

/* From the end: pairs before their brands, brands before their sectors. */
void
keys_retire(struct keys *k)
{
	uint32_t count, kept = 0;
	struct key **keys = keys_active(k, &count);

	for (uint32_t i = count; i-- > 0;)
		if (keys[i]->live->window.total.posts == 0 &&
		    keys[i]->density.level == 0 && !key_parts_active(keys[i]))
			retire(keys[i]);
	for (uint32_t i = 0; i < count; i++)
		if (keys[i]->active)
			keys[kept++] = keys[i];
	k->active_count = k->sorted = kept;
}
