/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence_ring.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/evidence_slots.h"

#define LINE 64u  /* bytes */
#define PAGE_BYTES (2ul << 20)    /* a large one */
#define SMALL_BYTES (256ul << 10) /* of the ring, in small ones */
#define OWNERS 6u /* a post of one sector, brand and four topics */
#define SPOTS_AHEAD 8u /* asked for before they are needed */
#define LINES_AHEAD 8u /* of the next post, as most are */
#define LINES_SHOWN 4u /* of one that may be shown: its record */
#define NO_HOME UINT32_MAX
#define NO_LINE UINT32_MAX

struct shared {
	int64_t t_ms;
	uint32_t blame, copies;
	struct kept kept;
};

#define LINES_LEAST ((sizeof(struct shared) + LINE - 1) / LINE)

/* Where a post is, apart from it: nearly all go without having been looked at
 * again. */
struct spot {
	uint32_t line;
	uint16_t lines;
	uint16_t owners_count;
	uint32_t owners[OWNERS]; /* homes; some have let go of it by now */
};

/* A home is the number of an evidence: a post can outlive it. */
struct home {
	struct evidence *evidence; /* NULL: free */
	uint32_t next_free;
};

struct evidence_ring {
	void *room;   /* with what is left out in front */
	char *memory; /* of the lines */
	uint32_t lines;
	/* Lines: where the next is written, where the oldest begins, and
	 * where posts end before those at the front, if there are any. */
	uint32_t head, tail, end;
	struct spot *spots; /* of the posts, round and round */
	/* of each, how many latest and cells have it: so small that it is
	 * always near */
	uint8_t *held;
	uint32_t spots_room, oldest, count;
	struct home *homes;
	uint32_t homes_count, homes_room, homes_free;
};

/*
 * The lines are filled from the first to the last.  The first ones lie in
 * small pages, which end where large ones begin: so a ring that never gets
 * that far is as small as its posts.  What is left out in front, and behind
 * the last line, is never touched, or hardly.
 */
static void
lines_make(struct evidence_ring *ring)
{
	size_t bytes = (size_t)ring->lines * LINE, large;

	if (bytes < SMALL_BYTES + PAGE_BYTES) {
		ring->room = ring->memory = must_lines(ring->lines);
		return;
	}
	large = (bytes - SMALL_BYTES + PAGE_BYTES - 1) / PAGE_BYTES;
	ring->room = aligned_alloc(PAGE_BYTES, (1 + large) * PAGE_BYTES);
	REQUIRE(ring->room != NULL);
	must_huge((char *)ring->room + PAGE_BYTES, large * PAGE_BYTES);
	ring->memory = (char *)ring->room + (PAGE_BYTES - SMALL_BYTES);
}

struct evidence_ring *
evidence_ring_new(uint32_t bytes)
{
	struct evidence_ring *ring = must_alloc(sizeof(*ring));

	ring->lines = bytes / LINE;
	lines_make(ring);
	/* more posts than that do not fit */
	ring->spots_room = ring->lines / LINES_LEAST + SPOTS_AHEAD;
	ring->spots = must_alloc(ring->spots_room * sizeof(*ring->spots));
	ring->held = must_alloc(ring->spots_room);
	ring->end = NO_LINE;
	ring->homes_free = NO_HOME;
	return ring;
}

void
evidence_ring_free(struct evidence_ring *ring)
{
	if (ring == NULL)
		return;
	free(ring->room);
	free(ring->spots);
	free(ring->held);
	free(ring->homes);
	free(ring);
}

static struct spot *
spot_at(const struct evidence_ring *ring, uint32_t at)
{
	return &ring->spots[at - 1];
}

static struct shared *
post_of(const struct evidence_ring *ring, const struct spot *spot)
{
	return (void *)(ring->memory + (size_t)spot->line * LINE);
}

struct view
evidence_ring_view(const struct evidence_ring *ring, uint32_t at)
{
	const struct shared *p = post_of(ring, spot_at(ring, at));

	return (struct view){.kept = &p->kept, .t_ms = p->t_ms,
	    .followers = p->kept.record.followers,
	    .id_key = p->kept.record.id_key, .sketch = p->kept.record.sketch,
	    .blame = p->blame, .copies = p->copies};
}

void
evidence_ring_spot_ahead(const struct evidence_ring *ring, uint32_t at)
{
	__builtin_prefetch(spot_at(ring, at));
}

void
evidence_ring_ahead(const struct evidence_ring *ring, uint32_t at)
{
	const char *post = (const char *)post_of(ring, spot_at(ring, at));

	for (uint32_t i = 0; i < LINES_SHOWN; i++)
		__builtin_prefetch(post + (size_t)i * LINE);
}

void
evidence_ring_hold(struct evidence_ring *ring, uint32_t at)
{
	ring->held[at - 1]++;
}

void
evidence_ring_let_go(struct evidence_ring *ring, uint32_t at)
{
	ring->held[at - 1]--;
}

/* ---- who has posts here ------------------------------------------------- */

static void
enter(struct evidence_ring *ring, struct evidence *e)
{
	uint32_t home = ring->homes_free;

	if (home != NO_HOME) {
		ring->homes_free = ring->homes[home].next_free;
	} else {
		if (ring->homes_count == ring->homes_room) {
			ring->homes_room = ring->homes_room == 0 ?
			    64 : ring->homes_room * 2;
			ring->homes = must_grow(ring->homes,
			    ring->homes_room * sizeof(*ring->homes));
		}
		home = ring->homes_count++;
	}
	ring->homes[home].evidence = e;
	e->ring = ring;
	e->home = home;
}

void
evidence_ring_leave(struct evidence_ring *ring, uint32_t home)
{
	ring->homes[home] = (struct home){NULL, ring->homes_free};
	ring->homes_free = home;
}

/* ---- room --------------------------------------------------------------- */

/* To those who still have it. */
static void
give_away(struct evidence_ring *ring, const struct spot *spot, uint32_t at)
{
	for (uint32_t i = 0; i < spot->owners_count; i++) {
		struct evidence *e = ring->homes[spot->owners[i]].evidence;

		if (e != NULL)
			evidence_rescue(e, at);
	}
}

static uint32_t
after(const struct evidence_ring *ring, uint32_t i, uint32_t count)
{
	i += count;
	return i < ring->spots_room ? i : i - ring->spots_room;
}

/* The post at ${i} is to go soon: those who have it will ask for it, in what
 * they have before their boards. */
static void
announce(const struct evidence_ring *ring, uint32_t i)
{
	const struct spot *spot = &ring->spots[i];
	const char *post = (const char *)post_of(ring, spot);

	for (uint32_t k = 0; k < LINES_AHEAD && k < spot->lines; k++)
		__builtin_prefetch(post + (size_t)k * LINE);
	for (uint32_t k = 0; k < spot->owners_count; k++) {
		const char *e = (const char *)
		    ring->homes[spot->owners[k]].evidence;

		for (size_t at = 0; e != NULL &&
		     at < offsetof(struct evidence, boards); at += LINE)
			__builtin_prefetch(e + at, 1);
	}
}

/* And the one at ${i} is the next: which cell it has is known by now. */
static void
announce_cells(const struct evidence_ring *ring, uint32_t i)
{
	const struct spot *spot = &ring->spots[i];

	for (uint32_t k = 0; k < spot->owners_count; k++) {
		const struct evidence *e =
		    ring->homes[spot->owners[k]].evidence;

		if (e != NULL)
			evidence_rescue_ahead(e, i + 1);
	}
}

/* The oldest post goes. */
static void
give_up_oldest(struct evidence_ring *ring)
{
	const struct spot *spot = &ring->spots[ring->oldest];
	uint32_t next;

	__builtin_prefetch(
	    &ring->spots[after(ring, ring->oldest, SPOTS_AHEAD)]);
	if (ring->held[ring->oldest] > 0)
		give_away(ring, spot, ring->oldest + 1);
	ring->count--;
	ring->tail += spot->lines;
	ring->oldest = after(ring, ring->oldest, 1);
	if (ring->tail == ring->end) {
		ring->tail = 0;
		ring->end = NO_LINE;
	}
	if (ring->count < 2)
		return;
	if (ring->held[ring->oldest] > 0)
		announce_cells(ring, ring->oldest);
	next = after(ring, ring->oldest, 1);
	if (ring->held[next] > 0)
		announce(ring, next);
}

/* So many lines in a row from ring->head on. */
static void
make_room(struct evidence_ring *ring, uint32_t lines)
{
	REQUIRE(lines <= ring->lines && lines <= UINT16_MAX);
	for (;;) {
		if (ring->count == 0)
			ring->head = ring->tail = 0;
		if (ring->count == 0 || ring->head > ring->tail) {
			if (ring->lines - ring->head >= lines)
				return;
			ring->end = ring->head;
			ring->head = 0;
		}
		if (ring->tail - ring->head >= lines)
			return;
		give_up_oldest(ring);
	}
}

/* Where the post lies. */
static uint32_t
append(struct evidence_ring *ring, const struct evidence_post *post)
{
	struct stretch span = evidence_span(post);
	uint32_t bytes =
	    (uint32_t)offsetof(struct shared, kept) + evidence_bytes(span);
	uint32_t lines = (bytes + LINE - 1) / LINE, i;
	struct spot *spot;
	struct shared *p;

	make_room(ring, lines);
	i = after(ring, ring->oldest, ring->count);
	__builtin_prefetch(&ring->spots[after(ring, i, SPOTS_AHEAD)], 1);
	spot = &ring->spots[i];
	spot->line = ring->head;
	spot->lines = (uint16_t)lines;
	spot->owners_count = 0;
	ring->held[i] = 0;
	p = post_of(ring, spot);
	p->blame = post->blame;
	p->copies = post->copies;
	p->t_ms = post->t_ms;
	evidence_copy(&p->kept, post, span);
	ring->head += lines;
	ring->count++;
	for (uint32_t k = 0; k < LINES_AHEAD; k++)
		__builtin_prefetch(
		    ring->memory + ((size_t)ring->head + k) * LINE, 1);
	return i + 1;
}

uint32_t
evidence_ring_put(struct evidence_place *place, struct evidence *e,
    const struct evidence_post *post)
{
	struct evidence_ring *ring = place->ring;
	struct spot *spot;

	if (place->at == 0)
		place->at = append(ring, post);
	spot = spot_at(ring, place->at);
	if (spot->owners_count == OWNERS)
		return 0;
	if (e->ring == NULL)
		enter(ring, e);
	spot->owners[spot->owners_count++] = e->home;
	return place->at;
}
