/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define MINUTES 64u /* a power of two above WINDOW_MINUTES */
#define SLOTS_FIRST 4096u
#define AHEAD 12u /* look-ups that are announced */
#define NONE UINT32_MAX
#define PIECE_KEYS 31u

/* Four lie in a line of the caches. */
struct slot {
	uint64_t key;    /* 0: free */
	uint32_t count;
	uint32_t tagged; /* the latest such minute + 1, low bits; 0: none */
};

/* Of the list of a minute. */
struct piece {
	uint32_t next, count;
	uint64_t keys[PIECE_KEYS];
};

struct ranks {
	struct ranks_events events;
	struct slot *slots;
	uint64_t mask;
	uint64_t keys;   /* slots that are not free: half of them at most */
	int64_t minute;  /* the newest */
	uint32_t room, entries;
	struct piece *pieces;
	uint32_t pieces_room, used, free;
	uint32_t heads[MINUTES]; /* the piece that is being filled */
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
	struct slot *slots = must_huge_lines(count / 4);

	memset(slots, 0, count * sizeof(*slots));
	return slots;
}

struct ranks *
ranks_new(uint32_t entries, const struct ranks_events *events)
{
	struct ranks *r = must_alloc(sizeof(*r));
	uint64_t slots = 16;

	REQUIRE(entries > 0 && entries < UINT32_MAX / 4);
	while (slots < SLOTS_FIRST && slots < entries * UINT64_C(2))
		slots *= 2;
	if (events != NULL)
		r->events = *events;
	r->minute = INT64_MIN;
	r->mask = slots - 1;
	r->slots = slots_new(slots);
	r->room = entries;
	/* each minute may have one that is not full */
	r->pieces_room = entries / PIECE_KEYS + MINUTES;
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

/* ${key} is in the list of ${minute}, which is over. */
static void
take_out(struct ranks *r, uint64_t key, int64_t minute)
{
	struct slot *slot = find(r, key);

	if (slot->tagged == (uint32_t)minute + 1)
		slot->tagged = 0;
	if (--slot->count == 0)
		slot_remove(r, slot);
}

/* The table is larger than any cache: a look-up waits for memory unless it was
 * announced. */
static void
take_out_piece(struct ranks *r, const struct piece *piece, int64_t minute)
{
	for (uint32_t i = 0; i < piece->count && i < AHEAD; i++)
		ranks_prepare(r, piece->keys[i]);
	for (uint32_t i = 0; i < piece->count; i++) {
		if (i + AHEAD < piece->count)
			ranks_prepare(r, piece->keys[i + AHEAD]);
		take_out(r, piece->keys[i], minute);
	}
}

static uint32_t
forget_minute(struct ranks *r, int64_t minute)
{
	uint32_t *head = &r->heads[(uint64_t)minute % MINUTES], count = 0;

	while (*head != NONE) {
		uint32_t i = *head;
		struct piece *piece = &r->pieces[i];

		take_out_piece(r, piece, minute);
		count += piece->count;
		*head = piece->next;
		piece->next = r->free;
		r->free = i;
	}
	r->entries -= count;
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
	r->minute = minute;
}

/* The oldest minutes go until there is room. */
static void
make_room(struct ranks *r)
{
	for (int64_t m = r->minute - WINDOW_MINUTES + 1;
	     r->entries >= r->room && m <= r->minute; m++) {
		uint32_t count = forget_minute(r, m);

		r->forgotten += count;
		if (count > 0 && r->events.forgot != NULL)
			r->events.forgot(r->events.self, m);
	}
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

/* To the list of ${minute}. */
static void
append(struct ranks *r, uint64_t key, int64_t minute)
{
	uint32_t *head = &r->heads[(uint64_t)minute % MINUTES];
	struct piece *piece;

	REQUIRE(key != 0 && r->minute != INT64_MIN && minute <= r->minute &&
	    minute > r->minute - WINDOW_MINUTES);
	if (*head == NONE || r->pieces[*head].count == PIECE_KEYS) {
		uint32_t i = piece_take(r);

		r->pieces[i].next = *head;
		r->pieces[i].count = 0;
		*head = i;
	}
	piece = &r->pieces[*head];
	piece->keys[piece->count++] = key;
	r->entries++;
}

/* The slot of ${key}, which takes ${slot} if there is none. */
static struct slot *
claim(struct ranks *r, uint64_t key, struct slot *slot)
{
	if (slot->key == key)
		return slot;
	if (++r->keys * 2 > r->mask + 1) {
		grow(r);
		slot = find(r, key);
	}
	slot->key = key;
	return slot;
}

static struct slot *
add(struct ranks *r, uint64_t key, int64_t minute)
{
	struct slot *slot;

	make_room(r);
	append(r, key, minute);
	slot = claim(r, key, find(r, key));
	slot->count++;
	return slot;
}

uint32_t
ranks_add(struct ranks *r, uint64_t key, int64_t minute)
{
	return add(r, key, minute)->count;
}

uint32_t
ranks_add_tagged(struct ranks *r, uint64_t key, int64_t minute,
    int64_t *before)
{
	struct slot *slot = add(r, key, minute);
	uint32_t now = (uint32_t)r->minute + 1;

	*before = slot->tagged == 0 ? RANKS_NEVER :
				      r->minute - (now - slot->tagged);
	if (*before < minute)
		slot->tagged = (uint32_t)minute + 1;
	return slot->count;
}

bool
ranks_add_first(struct ranks *r, uint64_t key, int64_t minute)
{
	struct slot *slot = find(r, key);

	if (slot->key == key)
		return false;
	if (r->entries >= r->room) {
		make_room(r);
		slot = find(r, key);
	}
	append(r, key, minute);
	claim(r, key, slot)->count++;
	return true;
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
