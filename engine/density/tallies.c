/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/tallies.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define MINUTES 64u /* a power of two above WINDOW_MINUTES */
#define MOVED_ON (UINT32_C(1) << 31)
#define NONE UINT32_MAX
#define PIECE_KEYS 63u

struct tally {
	uint32_t hour, near;
};

/* Of the list of a minute: all but the first are full. */
struct piece {
	uint32_t next;
	uint32_t keys[PIECE_KEYS]; /* with MOVED_ON: one account less */
};

struct tallies {
	int near_minutes;
	int64_t minute; /* the newest */
	struct tally *of; /* by key */
	uint32_t room;
	struct piece *pieces;
	uint32_t pieces_room, used, free;
	/* By minute: the piece that is being filled, and how many keys it
	 * has: pieces of old minutes are far. */
	uint32_t heads[MINUTES], counts[MINUTES];
};

struct tallies *
tallies_new(int near_minutes)
{
	struct tallies *t = must_alloc(sizeof(*t));

	REQUIRE(near_minutes <= WINDOW_MINUTES);
	t->near_minutes = near_minutes;
	t->minute = INT64_MIN;
	t->free = NONE;
	memset(t->heads, 0xff, sizeof(t->heads));
	return t;
}

void
tallies_free(struct tallies *t)
{
	if (t == NULL)
		return;
	free(t->of);
	free(t->pieces);
	free(t);
}

static uint32_t
place_of(int64_t minute)
{
	return (uint32_t)((uint64_t)minute % MINUTES);
}

static struct tally *
tally_of(struct tallies *t, uint32_t key)
{
	if (key >= t->room) {
		uint32_t room = t->room == 0 ? 64 : t->room;

		while (room <= key)
			room *= 2;
		t->of = must_grow(t->of, room * sizeof(*t->of));
		memset(t->of + t->room, 0,
		    (room - t->room) * sizeof(*t->of));
		t->room = room;
	}
	return &t->of[key];
}

static uint32_t
piece_take(struct tallies *t)
{
	uint32_t i = t->free;

	if (i != NONE) {
		t->free = t->pieces[i].next;
		return i;
	}
	if (t->used == t->pieces_room) {
		t->pieces_room = t->pieces_room == 0 ? 128 :
						       t->pieces_room * 2;
		t->pieces = must_grow(t->pieces,
		    t->pieces_room * sizeof(*t->pieces));
	}
	return t->used++;
}

static void
append(struct tallies *t, int64_t minute, uint32_t key)
{
	uint32_t at = place_of(minute);

	if (t->heads[at] == NONE || t->counts[at] == PIECE_KEYS) {
		uint32_t i = piece_take(t);

		t->pieces[i].next = t->heads[at];
		t->heads[at] = i;
		t->counts[at] = 0;
	}
	t->pieces[t->heads[at]].keys[t->counts[at]++] = key;
}

static bool
is_near(const struct tallies *t, int64_t minute)
{
	return minute > t->minute - t->near_minutes;
}

void
tallies_add(struct tallies *t, uint32_t key, int64_t minute, int64_t before)
{
	struct tally *tally = tally_of(t, key);

	REQUIRE(key < MOVED_ON);
	if (before != RANKS_NEVER) {
		if (before >= minute)
			return;
		append(t, before, key | MOVED_ON);
		tally->near -= is_near(t, before);
		tally->hour--;
	}
	append(t, minute, key);
	tally->near += is_near(t, minute);
	tally->hour++;
}

/* Those of ${minute} leave the hour, or what is near. */
static void
take_out(struct tallies *t, int64_t minute, bool hour)
{
	uint32_t count = t->counts[place_of(minute)];

	for (uint32_t i = t->heads[place_of(minute)]; i != NONE;
	     i = t->pieces[i].next, count = PIECE_KEYS) {
		const struct piece *piece = &t->pieces[i];

		for (uint32_t k = 0; k < count; k++) {
			uint32_t key = piece->keys[k] & ~MOVED_ON;
			uint32_t one =
			    piece->keys[k] & MOVED_ON ? UINT32_MAX : 1;

			if (hour)
				t->of[key].hour -= one;
			else
				t->of[key].near -= one;
		}
	}
}

static void
leave(struct tallies *t, int64_t minute)
{
	uint32_t *head = &t->heads[place_of(minute)];

	take_out(t, minute, true);
	while (*head != NONE) {
		uint32_t i = *head;

		*head = t->pieces[i].next;
		t->pieces[i].next = t->free;
		t->free = i;
	}
}

void
tallies_forget(struct tallies *t, int64_t minute)
{
	if (is_near(t, minute))
		take_out(t, minute, false);
	leave(t, minute);
}

void
tallies_advance(struct tallies *t, int64_t minute)
{
	int64_t last = t->minute;

	if (last == INT64_MIN)
		t->minute = last = minute;
	if (minute <= last)
		return;
	for (int64_t m = last - t->near_minutes + 1;
	     m <= minute - t->near_minutes && m <= last; m++)
		take_out(t, m, false);
	for (int64_t m = last - WINDOW_MINUTES + 1;
	     m <= minute - WINDOW_MINUTES && m <= last; m++)
		leave(t, m);
	t->minute = minute;
}

uint32_t
tallies_hour(const struct tallies *t, uint32_t key)
{
	return key < t->room ? t->of[key].hour : 0;
}

uint32_t
tallies_near(const struct tallies *t, uint32_t key)
{
	return key < t->room ? t->of[key].near : 0;
}
