/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ranks.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define NONE UINT32_MAX
#define SLOTS 64 /* a power of two above WINDOW_MINUTES */
/* Of the table at the start: one that is filled in the order of hashes
 * touches all of its pages, so it is no larger than what it holds asks. */
#define KEYS_FIRST 2048u
#define AHEAD 12u /* look-ups that are announced */

struct slot {
	uint64_t key; /* 0: free */
	uint32_t count, tagged, near;
};

struct entry {
	uint64_t key;
	uint32_t tag, next;
};

struct ranks {
	struct ranks_events events;
	int near_minutes;
	int64_t minute; /* the newest */
	struct slot *slots;
	uint64_t mask;
	uint64_t keys; /* slots that are not free: half of them at most */
	struct entry *entries;
	uint32_t room, used; /* entries, and those that were ever taken */
	uint32_t free;       /* list of those given back */
	uint32_t heads[SLOTS];
	bool aged[SLOTS];
	bool tags; /* some entry had one: near is counted */
	uint64_t forgotten;
};

uint64_t
ranks_key(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b * 0x9e3779b97f4a7c15u)) + b;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	x ^= x >> 31;
	return x == 0 ? 1 : x;
}

static struct slot *
slots_new(uint64_t count)
{
	struct slot *slots = must_alloc(count * sizeof(*slots));

	must_huge(slots, count * sizeof(*slots));
	return slots;
}

struct ranks *
ranks_new(uint32_t entries, int near_minutes,
    const struct ranks_events *events)
{
	struct ranks *r = must_alloc(sizeof(*r));
	uint64_t slots = 16;
	uint64_t first = entries < KEYS_FIRST ? entries : KEYS_FIRST;

	REQUIRE(entries > 0 && entries < NONE / 4 &&
	    near_minutes <= WINDOW_MINUTES);
	while (slots < first * 2)
		slots *= 2;
	if (events != NULL)
		r->events = *events;
	r->near_minutes = near_minutes;
	r->minute = INT64_MIN;
	r->mask = slots - 1;
	r->slots = slots_new(slots);
	r->entries = must_alloc((uint64_t)entries * sizeof(*r->entries));
	must_huge(r->entries, (uint64_t)entries * sizeof(*r->entries));
	r->room = entries;
	r->free = NONE;
	for (unsigned i = 0; i < SLOTS; i++)
		r->heads[i] = NONE;
	return r;
}

void
ranks_free(struct ranks *r)
{
	if (r == NULL)
		return;
	free(r->slots);
	free(r->entries);
	free(r);
}

static struct slot *
find(const struct ranks *r, uint64_t key)
{
	uint64_t i = key & r->mask;

	while (r->slots[i].key != 0 && r->slots[i].key != key)
		i = (i + 1) & r->mask;
	return &r->slots[i];
}

/* Twice the slots, the same keys. */
static void
grow(struct ranks *r)
{
	struct slot *old = r->slots;
	uint64_t count = r->mask + 1;

	r->mask = 2 * count - 1;
	r->slots = slots_new(2 * count);
	for (uint64_t i = 0; i < count; i++)
		if (old[i].key != 0)
			*find(r, old[i].key) = old[i];
	free(old);
}

/* The slot of ${key}, which takes a free one if there is none. */
static struct slot *
claim(struct ranks *r, uint64_t key)
{
	struct slot *slot = find(r, key);

	if (slot->key == key)
		return slot;
	if (++r->keys * 2 > r->mask + 1) {
		grow(r);
		slot = find(r, key);
	}
	slot->key = key;
	return slot;
}

/* Deletion by moving back what was pushed on: no tombstones. */
static void
slot_remove(struct ranks *r, struct slot *slot)
{
	uint64_t hole = (uint64_t)(slot - r->slots);
	uint64_t i = hole;

	for (;;) {
		uint64_t home;

		i = (i + 1) & r->mask;
		if (r->slots[i].key == 0)
			break;
		home = r->slots[i].key & r->mask;
		if (((i - home) & r->mask) >= ((i - hole) & r->mask)) {
			r->slots[hole] = r->slots[i];
			hole = i;
		}
	}
	r->slots[hole] = (struct slot){0};
	r->keys--;
}

static unsigned
slot_of(int64_t minute)
{
	return (unsigned)((uint64_t)minute % SLOTS);
}

/* The table is larger than any cache: a look-up waits for memory unless it was
 * announced. */
void
ranks_prepare(const struct ranks *r, uint64_t key)
{
	const struct slot *slot = &r->slots[key & r->mask];

	__builtin_prefetch(slot, 1);
	__builtin_prefetch(&slot->near, 1); /* the next line, for one in four */
}

/* The keys of ${count} entries of a list; the entry behind them. */
static uint32_t
prepare_list(const struct ranks *r, uint32_t i, unsigned count)
{
	for (; count > 0 && i != NONE; count--) {
		ranks_prepare(r, r->entries[i].key);
		i = r->entries[i].next;
	}
	return i;
}

/* The entries of one minute turn older than the near limit. */
static void
age_minute(struct ranks *r, int64_t minute)
{
	unsigned m = slot_of(minute);
	uint32_t ahead;

	if (r->aged[m])
		return;
	r->aged[m] = true;
	if (!r->tags)
		return;
	ahead = prepare_list(r, r->heads[m], AHEAD);
	for (uint32_t i = r->heads[m]; i != NONE; i = r->entries[i].next) {
		const struct entry *e = &r->entries[i];

		ahead = prepare_list(r, ahead, 1);
		if (e->tag != RANKS_NO_TAG && --find(r, e->key)->near == 0 &&
		    r->events.aged != NULL)
			r->events.aged(r->events.self, e->tag);
	}
}

static uint32_t
forget_minute(struct ranks *r, int64_t minute)
{
	unsigned m = slot_of(minute);
	uint32_t count = 0, ahead;

	age_minute(r, minute);
	ahead = prepare_list(r, r->heads[m], AHEAD);
	while (r->heads[m] != NONE) {
		uint32_t i = r->heads[m];
		struct entry *e = &r->entries[i];
		struct slot *slot = find(r, e->key);

		ahead = prepare_list(r, ahead, 1);
		r->heads[m] = e->next;
		if (e->tag != RANKS_NO_TAG && --slot->tagged == 0 &&
		    r->events.gone != NULL)
			r->events.gone(r->events.self, e->tag);
		if (--slot->count == 0)
			slot_remove(r, slot);
		e->next = r->free;
		r->free = i;
		count++;
	}
	r->aged[m] = false;
	return count;
}

void
ranks_advance(struct ranks *r, int64_t minute)
{
	if (r->minute == INT64_MIN)
		r->minute = minute;
	if (minute <= r->minute)
		return;
	/* Minutes that leave the hour; all of them after a long silence. */
	for (int64_t m = r->minute - WINDOW_MINUTES + 1;
	     m <= minute - WINDOW_MINUTES && m <= r->minute; m++)
		forget_minute(r, m);
	for (int64_t m = minute - WINDOW_MINUTES + 1;
	     m <= minute - r->near_minutes; m++)
		age_minute(r, m);
	r->minute = minute;
}

/* An entry given back, else one never used, else the oldest minute's. */
static uint32_t
take_entry(struct ranks *r)
{
	uint32_t i;

	if (r->free == NONE && r->used < r->room)
		return r->used++;
	for (int64_t m = r->minute - WINDOW_MINUTES + 1;
	     r->free == NONE && m <= r->minute; m++)
		r->forgotten += forget_minute(r, m);
	REQUIRE(r->free != NONE);
	i = r->free;
	r->free = r->entries[i].next;
	return i;
}

uint32_t
ranks_add(struct ranks *r, uint64_t key, int64_t minute, uint32_t tag,
    unsigned *first)
{
	unsigned m = slot_of(minute), news = 0;
	struct slot *slot;
	struct entry *e;
	uint32_t i;

	REQUIRE(key != 0 && r->minute != INT64_MIN && minute <= r->minute &&
	    minute > r->minute - WINDOW_MINUTES);
	i = take_entry(r);
	if (minute <= r->minute - r->near_minutes)
		age_minute(r, minute);
	e = &r->entries[i];
	*e = (struct entry){.key = key, .tag = tag, .next = r->heads[m]};
	r->heads[m] = i;
	slot = claim(r, key);
	slot->count++;
	if (tag != RANKS_NO_TAG) {
		r->tags = true;
		if (slot->tagged++ == 0)
			news |= 1;
		if (!r->aged[m] && slot->near++ == 0)
			news |= 2;
	}
	if (first != NULL)
		*first = news;
	return slot->count;
}

uint32_t
ranks_count(const struct ranks *r, uint64_t key)
{
	return find(r, key)->count;
}

uint64_t
ranks_forgotten(const struct ranks *r)
{
	return r->forgotten;
}
