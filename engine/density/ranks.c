/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/ranks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define MINUTES 64u /* a power of two above WINDOW_MINUTES */
#define SLOTS_FIRST 4096u
#define AHEAD 16u /* slots that are announced */
#define SWEEP_AHEAD 64u
#define NONE UINT32_MAX
#define PIECE_SLOTS 62u
#define UNTAGGED 63u
#define LISTED 64u
#define ONE 128u
#define ENTRIES_MOST (UINT32_MAX / ONE)

/*
 * Four lie in a line of the caches.  Minutes are counted from 1.  A slot whose
 * latest minute was forgotten is dead: so are all of its entries, for none is
 * later; nobody has to tell it.  Its place is another key's when one comes by.
 */
struct slot {
	uint64_t key;    /* 0: free */
	uint32_t latest; /* minute of its latest entry */
	/* how many entries times ONE, whether they are LISTED, and by how
	 * many minutes the latest tag is earlier than the latest entry; or
	 * UNTAGGED */
	uint32_t entries;
};
_Static_assert(sizeof(struct slot) == 16, "four in a line");
_Static_assert(WINDOW_MINUTES <= UNTAGGED, "a tag of the hour fits");

/* Of the list of a minute. */
struct piece {
	uint32_t next, count;
	uint32_t slots[PIECE_SLOTS];
};

struct ranks {
	struct ranks_events events;
	struct slot *slots;
	uint64_t mask;
	uint64_t taken; /* slots that are not free, dead ones too */
	uint64_t sweep; /* slots below are looked at next */
	int64_t minute; /* the newest */
	uint32_t gone;  /* minutes up to here, counted from 1, are forgotten */
	uint32_t room, entries;
	struct piece *pieces;
	uint32_t pieces_room, used, free;
	/* By minute: how many entries there are, and which slots have them
	 * beside others: the piece that is being filled. */
	uint32_t counts[MINUTES], heads[MINUTES];
	uint64_t forgotten;
};

static struct slot *
slots_new(uint64_t count)
{
	struct slot *slots = must_huge_lines(count / 4);

	memset(slots, 0, count * sizeof(*slots));
	return slots;
}

struct ranks *
ranks_new(uint32_t entries, const struct ranks_events *events)
{
	struct ranks *r = must_alloc(sizeof(*r));
	uint64_t slots = 16;

	REQUIRE(entries > 0 && entries < ENTRIES_MOST);
	while (slots < SLOTS_FIRST && slots < entries * UINT64_C(2))
		slots *= 2;
	if (events != NULL)
		r->events = *events;
	r->minute = INT64_MIN;
	r->mask = slots - 1;
	r->slots = slots_new(slots);
	r->room = entries;
	/* each minute may have one that is not full */
	r->pieces_room = entries / PIECE_SLOTS + MINUTES;
	r->pieces = must_alloc(r->pieces_room * sizeof(*r->pieces));
	must_huge(r->pieces, r->pieces_room * sizeof(*r->pieces));
	r->free = NONE;
	memset(r->heads, 0xff, sizeof(r->heads));
	return r;
}

void
ranks_free(struct ranks *r)
{
	if (r == NULL)
		return;
	free(r->slots);
	free(r->pieces);
	free(r);
}

void
ranks_prepare(const struct ranks *r, uint64_t key)
{
	const struct slot *slot = &r->slots[key & r->mask];

	/* It is often in the next place, which may be of the next line. */
	__builtin_prefetch(slot, 1);
	__builtin_prefetch(slot + 1, 1);
}

static uint32_t
behind(const struct slot *slot)
{
	return slot->entries & UNTAGGED;
}

static bool
is_alive(const struct ranks *r, const struct slot *slot)
{
	return slot->latest > r->gone;
}

/* The slot of ${key}; else one that it can have: the first that is dead, or
 * the free one at the end. */
static struct slot *
find(const struct ranks *r, uint64_t key)
{
	struct slot *dead = NULL;

	for (uint64_t i = key & r->mask;; i = (i + 1) & r->mask) {
		struct slot *slot = &r->slots[i];

		if (slot->key == key)
			return slot;
		if (slot->key == 0)
			return dead != NULL ? dead : slot;
		if (dead == NULL && !is_alive(r, slot))
			dead = slot;
	}
}

/* The lists name slots by their places: those of ${old}, which say where they
 * are now. */
static void
rename_listed(struct ranks *r, const struct slot *old)
{
	for (uint32_t m = 0; m < MINUTES; m++)
		for (uint32_t i = r->heads[m]; i != NONE;
		     i = r->pieces[i].next) {
			struct piece *piece = &r->pieces[i];

			for (uint32_t k = 0; k < piece->count; k++)
				piece->slots[k] =
				    (uint32_t)old[piece->slots[k]].key;
		}
}

/* Without those that are dead; twice the slots if there are still many. */
static void
rebuild(struct ranks *r)
{
	struct slot *old = r->slots;
	uint64_t count = r->mask + 1, alive = 0;

	for (uint64_t i = 0; i < count; i++)
		alive += is_alive(r, &old[i]);
	if (alive * 8 > count * 3)
		r->mask = 2 * count - 1;
	r->slots = slots_new(r->mask + 1);
	r->taken = alive;
	r->sweep = 0;
	for (uint64_t i = 0; i < count; i++) {
		struct slot *slot;

		if (!is_alive(r, &old[i]))
			continue;
		slot = find(r, old[i].key);
		*slot = old[i];
		old[i].key = (uint64_t)(slot - r->slots);
	}
	rename_listed(r, old);
	free(old);
}

/* A slot that is dead before one that is free is free; from the end to the
 * front, so that it is for the one before. */
static void
sweep_some(struct ranks *r, uint64_t count)
{
	uint64_t i = r->sweep, freed = 0, mask = r->mask;
	struct slot *slots = r->slots;
	bool next_free = slots[i].key == 0;

	/* Nobody can guess how it is with the next slot: no branches. */
	for (; count > 0; count--) {
		struct slot *slot;
		bool is_free;

		i = (i - 1) & mask;
		slot = &slots[i];
		__builtin_prefetch(&slots[(i - SWEEP_AHEAD) & mask], 1);
		is_free = slot->key == 0;
		next_free &= !is_alive(r, slot);
		freed += next_free & !is_free;
		slot->key = next_free ? 0 : slot->key;
		slot->latest = next_free ? 0 : slot->latest;
		next_free |= is_free;
	}
	r->sweep = i;
	r->taken -= freed;
}

/* For ${key}: ${slot}, if that is not its own. */
static struct slot *
claim(struct ranks *r, uint64_t key, struct slot *slot)
{
	if (slot->key == 0 && ++r->taken * 8 > (r->mask + 1) * 5) {
		rebuild(r);
		slot = find(r, key);
		r->taken++;
	}
	*slot = (struct slot){.key = key, .entries = UNTAGGED};
	return slot;
}

static void
take_out_piece(struct ranks *r, const struct piece *piece)
{
	for (uint32_t i = 0; i < piece->count; i++) {
		if (i + AHEAD < piece->count)
			__builtin_prefetch(
			    &r->slots[piece->slots[i + AHEAD]], 1);
		r->slots[piece->slots[i]].entries -= ONE;
	}
}

/* What is listed of ${minute}, which is over.  A key that came once is not:
 * its slot dies. */
static uint32_t
forget_minute(struct ranks *r, int64_t minute)
{
	uint32_t *head = &r->heads[(uint64_t)minute % MINUTES];
	uint32_t *counted = &r->counts[(uint64_t)minute % MINUTES];
	uint32_t count = *counted;

	while (*head != NONE) {
		uint32_t i = *head;
		struct piece *piece = &r->pieces[i];

		if (piece->next != NONE)
			__builtin_prefetch(&r->pieces[piece->next]);
		take_out_piece(r, piece);
		*head = piece->next;
		piece->next = r->free;
		r->free = i;
	}
	*counted = 0;
	r->entries -= count;
	return count;
}

/* As r->gone says it: what the hour has left behind. */
static uint32_t
left_behind(const struct ranks *r)
{
	return r->minute < WINDOW_MINUTES ?
	    0 : (uint32_t)(r->minute - WINDOW_MINUTES + 1);
}

void
ranks_advance(struct ranks *r, int64_t minute)
{
	int64_t passed;

	if (r->minute == INT64_MIN)
		r->minute = minute;
	if (minute <= r->minute)
		return;
	/* Minutes that leave the hour; all of them after a long silence. */
	for (int64_t m = r->minute - WINDOW_MINUTES + 1;
	     m <= minute - WINDOW_MINUTES && m <= r->minute; m++)
		forget_minute(r, m);
	passed = minute - r->minute;
	r->minute = minute;
	if (r->gone < left_behind(r))
		r->gone = left_behind(r);
	if (passed > MINUTES)
		passed = MINUTES;
	sweep_some(r, (r->mask + 1) / MINUTES * (uint64_t)passed);
}

/* The oldest minutes go until there is room. */
static void
make_room(struct ranks *r)
{
	for (int64_t m = r->minute - WINDOW_MINUTES + 1;
	     r->entries >= r->room && m <= r->minute; m++) {
		uint32_t count = forget_minute(r, m);

		r->forgotten += count;
		if (count == 0)
			continue;
		r->gone = (uint32_t)m + 1;
		if (r->events.forgot != NULL)
			r->events.forgot(r->events.self, m);
	}
}

/* Something late comes to a minute that went because there was no room: what
 * is dead is marked as such, so that no minute of the hour is gone. */
static void
reopen(struct ranks *r)
{
	for (uint64_t i = 0; i <= r->mask; i++) {
		struct slot *slot = &r->slots[i];

		if (!is_alive(r, slot))
			slot->latest = 0;
		else if (slot->latest - r->gone <= behind(slot))
			slot->entries |= UNTAGGED;
	}
	r->gone = left_behind(r);
}

static uint32_t
piece_take(struct ranks *r)
{
	uint32_t i = r->free;

	if (i != NONE) {
		r->free = r->pieces[i].next;
		return i;
	}
	REQUIRE(r->used < r->pieces_room);
	return r->used++;
}

/* ${slot} to the list of ${minute}, counted from 1. */
static void
append(struct ranks *r, const struct slot *slot, uint32_t minute)
{
	uint32_t *head = &r->heads[(minute - 1) % MINUTES];
	struct piece *piece;

	if (*head == NONE || r->pieces[*head].count == PIECE_SLOTS) {
		uint32_t i = piece_take(r);

		r->pieces[i].next = *head;
		r->pieces[i].count = 0;
		*head = i;
	}
	piece = &r->pieces[*head];
	piece->slots[piece->count++] = (uint32_t)(slot - r->slots);
}

/* The latest tag of ${slot} is so many minutes behind. */
static void
tag_at(struct slot *slot, uint32_t minutes)
{
	slot->entries = (slot->entries & ~UNTAGGED) |
	    (minutes < WINDOW_MINUTES ? minutes : UNTAGGED);
}

/* One more in ${minute}, counted from 1. */
static void
count_in(struct ranks *r, struct slot *slot, uint32_t minute)
{
	r->entries++;
	r->counts[(minute - 1) % MINUTES]++;
	slot->entries += ONE;
	if (slot->latest == 0) {
		slot->latest = minute;
		return;
	}
	if (!(slot->entries & LISTED))
		append(r, slot, slot->latest);
	slot->entries |= LISTED;
	append(r, slot, minute);
	if (minute <= slot->latest)
		return;
	if (behind(slot) != UNTAGGED)
		tag_at(slot, behind(slot) + (minute - slot->latest));
	slot->latest = minute;
}

/* ${minute} is counted from 1, and not of those that are gone. */
static uint32_t
open_minute(struct ranks *r, uint64_t key, int64_t minute)
{
	REQUIRE(key != 0 && minute >= 0 &&
	    (uint64_t)r->minute - (uint64_t)minute < WINDOW_MINUTES);
	if ((uint32_t)minute + 1 <= r->gone)
		reopen(r);
	return (uint32_t)minute + 1;
}

static inline struct slot *
add(struct ranks *r, uint64_t key, int64_t minute)
{
	uint32_t counted;
	struct slot *slot;

	if (r->entries >= r->room)
		make_room(r);
	counted = open_minute(r, key, minute);
	slot = find(r, key);
	if (slot->key != key || !is_alive(r, slot))
		slot = claim(r, key, slot);
	count_in(r, slot, counted);
	return slot;
}

uint32_t
ranks_add(struct ranks *r, uint64_t key, int64_t minute)
{
	return add(r, key, minute)->entries / ONE;
}

uint32_t
ranks_add_tagged(struct ranks *r, uint64_t key, int64_t minute,
    int64_t *before)
{
	struct slot *slot = add(r, key, minute);
	uint32_t tag = slot->latest - behind(slot);

	*before = behind(slot) == UNTAGGED || tag <= r->gone ?
	    RANKS_NEVER : (int64_t)tag - 1;
	if (*before < minute)
		tag_at(slot, slot->latest - ((uint32_t)minute + 1));
	return slot->entries / ONE;
}

uint32_t
ranks_count(const struct ranks *r, uint64_t key)
{
	const struct slot *slot = find(r, key);

	return slot->key == key && is_alive(r, slot) ?
	    slot->entries / ONE : 0;
}

uint64_t
ranks_forgotten(const struct ranks *r)
{
	return r->forgotten;
}
