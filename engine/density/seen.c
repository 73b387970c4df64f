/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/seen.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/density/ranks.h"

#define MINUTES 64u /* a power of two above WINDOW_MINUTES */
#define SLOTS_FIRST 4096u
#define SLOTS_LEAST 64u
#define SWEEP_AHEAD 128u
#define AGE_BITS 8u
#define AGES (1u << AGE_BITS)
#define TOMB UINT64_C(1) /* dead, whatever its minute */

/*
 * Each id counts once.  A slot is the upper bits of
 * a mixed id and the low bits of its minute, eight in a line of the caches: it
 * is dead when the hour has left its minute, without being told.  Its place is
 * another id's when one comes by.  All slots are looked at once in MINUTES, so
 * that the few bits of a minute never mean a later one.  Of a million ids, two
 * are taken for one every fifteen years.
 */
struct seen {
	uint64_t *slots;
	uint64_t mask;
	unsigned shift; /* a key's upper bits are its place */
	uint64_t taken; /* slots that are not free, dead ones too */
	uint64_t sweep; /* slots below are looked at next */
	int64_t minute; /* the newest */
	uint32_t span;  /* minutes that are known, the newest too */
	uint32_t room, entries;
	uint32_t counts[MINUTES];
	uint64_t forgotten;
};

static void
slots_make(struct seen *s, uint64_t count)
{
	s->slots = must_huge_lines(count / 8);
	memset(s->slots, 0, count * sizeof(*s->slots));
	s->mask = count - 1;
	s->shift = 64 - (unsigned)__builtin_ctzll(count);
	s->taken = s->sweep = 0;
}

struct seen *
seen_new(uint32_t ids)
{
	struct seen *s = must_alloc(sizeof(*s));
	uint64_t slots = SLOTS_LEAST;

	REQUIRE(ids > 0);
	while (slots < SLOTS_FIRST && slots < ids * UINT64_C(2))
		slots *= 2;
	slots_make(s, slots);
	s->room = ids;
	s->minute = INT64_MIN;
	s->span = WINDOW_MINUTES;
	return s;
}

void
seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	free(s->slots);
	free(s);
}

/* What of an id is known, with room for the minute; neither free nor TOMB. */
static uint64_t
key_of(uint64_t id)
{
	uint64_t key = ranks_key(id, 0) & ~(uint64_t)(AGES - 1);

	return key == 0 ? AGES : key;
}

static bool
is_alive(const struct seen *s, uint64_t slot)
{
	return (slot >= AGES) &
	    ((uint8_t)((uint64_t)s->minute - slot) < s->span);
}

void
seen_prepare(const struct seen *s, uint64_t id)
{
	const uint64_t *slot = &s->slots[key_of(id) >> s->shift];

	__builtin_prefetch(slot, 1);
	__builtin_prefetch(slot + 3, 1);
}

/* The slot of ${key}; else one that it can have: the first that is dead, or
 * the free one at the end. */
static uint64_t *
find(const struct seen *s, uint64_t key)
{
	uint64_t *dead = NULL;

	for (uint64_t i = key >> s->shift;; i = (i + 1) & s->mask) {
		uint64_t *slot = &s->slots[i];

		if (*slot == 0)
			return dead != NULL ? dead : slot;
		if ((*slot ^ key) < AGES)
			return slot;
		if (dead == NULL && !is_alive(s, *slot))
			dead = slot;
	}
}

/* Without those that are dead; twice the slots if there are still many. */
static void
rebuild(struct seen *s)
{
	uint64_t *old = s->slots, count = s->mask + 1;

	slots_make(s, s->entries * UINT64_C(8) > count * 3 ?
		2 * count : count);
	for (uint64_t i = 0; i < count; i++) {
		if (!is_alive(s, old[i]))
			continue;
		*find(s, old[i] & ~(uint64_t)(AGES - 1)) = old[i];
		s->taken++;
	}
	free(old);
}

/* A slot that is dead before one that is free is free; from the end to the
 * front, so that it is for the one before. */
static void
sweep_some(struct seen *s, uint64_t count)
{
	uint64_t i = s->sweep, freed = 0, *slots = s->slots;
	uint64_t next = slots[i];

	/* Nobody can guess how it is with the next slot: no branches. */
	for (; count > 0; count--) {
		uint64_t slot, keep;
		bool alive;

		i = (i - 1) & s->mask;
		slot = slots[i];
		__builtin_prefetch(&slots[(i - SWEEP_AHEAD) & s->mask], 1);
		alive = is_alive(s, slot);
		keep = next == 0 ? 0 : TOMB;
		next = alive ? slot : slot == 0 ? 0 : keep;
		freed += (slot != 0) & (next == 0);
		slots[i] = next;
	}
	s->sweep = i;
	s->taken -= freed;
}

static void
forget_all(struct seen *s)
{
	memset(s->slots, 0, (s->mask + 1) * sizeof(*s->slots));
	memset(s->counts, 0, sizeof(s->counts));
	s->taken = s->entries = 0;
	s->span = WINDOW_MINUTES;
}

static uint32_t
forget_minute(struct seen *s, int64_t minute)
{
	uint32_t *counted = &s->counts[(uint64_t)minute % MINUTES];
	uint32_t count = *counted;

	*counted = 0;
	s->entries -= count;
	return count;
}

void
seen_advance(struct seen *s, int64_t minute)
{
	int64_t passed;

	if (s->minute == INT64_MIN)
		s->minute = minute;
	passed = minute - s->minute;
	if (passed <= 0)
		return;
	if (passed >= WINDOW_MINUTES) {
		forget_all(s);
		s->minute = minute;
		return;
	}
	for (int64_t m = s->minute + 1; m <= minute; m++)
		forget_minute(s, m - WINDOW_MINUTES);
	s->minute = minute;
	s->span += (uint32_t)passed;
	if (s->span > WINDOW_MINUTES)
		s->span = WINDOW_MINUTES;
	sweep_some(s, (s->mask + 1) / MINUTES * (uint64_t)passed);
}

/* The oldest minutes go until there is room. */
static void
make_room(struct seen *s)
{
	while (s->entries >= s->room) {
		uint32_t count =
		    forget_minute(s, s->minute - (int64_t)--s->span);

		s->forgotten += count;
		if (s->span == 0)
			forget_all(s);
	}
}

bool
seen_before(struct seen *s, uint64_t id, int64_t minute)
{
	uint64_t key = key_of(id), *slot = find(s, key);

	REQUIRE(s->minute != INT64_MIN && minute <= s->minute &&
	    minute > s->minute - WINDOW_MINUTES);
	if ((*slot ^ key) < AGES && is_alive(s, *slot))
		return true;
	if (s->entries >= s->room) {
		make_room(s);
		slot = find(s, key);
	}
	if (*slot == 0 && ++s->taken * 8 > (s->mask + 1) * 5) {
		rebuild(s);
		slot = find(s, key);
		s->taken++;
	}
	/* The oldest that is known, after one that went for want of room. */
	if (minute <= s->minute - s->span)
		minute = s->minute - s->span + 1;
	*slot = key | (uint64_t)minute % AGES;
	s->counts[(uint64_t)minute % MINUTES]++;
	s->entries++;
	return false;
}

uint64_t
seen_forgotten(const struct seen *s)
{
	return s->forgotten;
}
