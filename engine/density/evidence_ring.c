/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence_ring.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/evidence_slots.h"

#define LINE 64u  /* bytes */
#define OWNERS 6u /* a post of one sector, brand and four topics */
#define IN_CELL (UINT32_C(1) << 31) /* of an owner: not as its latest alone */
#define NO_HOME UINT32_MAX
#define NO_LINE UINT32_MAX

struct shared {
	uint32_t lines, owners_count;
	uint32_t blame, copies;
	int64_t t_ms;
	/* homes, with IN_CELL; some have later posts by now */
	uint32_t owners[OWNERS];
	struct kept kept;
};

/* A home is the number of an evidence: a post can outlive it. */
struct home {
	struct evidence *evidence; /* NULL: free */
	uint32_t next_free;
};

struct evidence_ring {
	char *memory;
	uint32_t lines;
	/* Lines: where the next is written, where the oldest begins, and
	 * where posts end before those at the front, if there are any. */
	uint32_t head, tail, end;
	uint32_t count; /* posts */
	struct home *homes;
	uint32_t homes_count, homes_room, homes_free;
};

struct evidence_ring *
evidence_ring_new(uint32_t bytes)
{
	struct evidence_ring *ring = must_alloc(sizeof(*ring));

	ring->lines = bytes / LINE;
	ring->memory = must_lines(ring->lines);
	ring->end = NO_LINE;
	ring->homes_free = NO_HOME;
	return ring;
}

void
evidence_ring_free(struct evidence_ring *ring)
{
	if (ring == NULL)
		return;
	free(ring->memory);
	free(ring->homes);
	free(ring);
}

static struct shared *
post_at(const struct evidence_ring *ring, uint32_t line)
{
	return (void *)(ring->memory + (size_t)line * LINE);
}

struct view
evidence_ring_view(const struct evidence_ring *ring, uint32_t at)
{
	const struct shared *p = post_at(ring, at - 1);

	return (struct view){.kept = &p->kept, .t_ms = p->t_ms,
	    .followers = p->kept.record.followers,
	    .id_key = p->kept.record.id_key, .sketch = p->kept.record.sketch,
	    .blame = p->blame, .copies = p->copies};
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

static struct evidence *
owner(const struct evidence_ring *ring, const struct shared *p, uint32_t i)
{
	return ring->homes[p->owners[i] & ~IN_CELL].evidence;
}

/* The oldest post is to go next: its keys are asked for it. */
static void
announce_oldest(const struct evidence_ring *ring)
{
	const struct shared *p = post_at(ring, ring->tail);

	for (uint32_t i = 0; i < p->owners_count; i++) {
		const struct evidence *e = owner(ring, p, i);

		if (e == NULL)
			continue;
		__builtin_prefetch(e->latest_at);
		if (p->owners[i] & IN_CELL)
			__builtin_prefetch(e->cell_at);
	}
	__builtin_prefetch(post_at(ring, ring->tail + p->lines));
}

/* The oldest post goes, to those who still have it. */
static void
give_up_oldest(struct evidence_ring *ring)
{
	const struct shared *p = post_at(ring, ring->tail);

	for (uint32_t i = 0; i < p->owners_count; i++) {
		struct evidence *e = owner(ring, p, i);

		if (e != NULL)
			evidence_rescue(e, ring->tail + 1,
			    p->owners[i] & IN_CELL);
	}
	ring->count--;
	ring->tail += p->lines;
	if (ring->tail == ring->end) {
		ring->tail = 0;
		ring->end = NO_LINE;
	}
	if (ring->count > 0)
		announce_oldest(ring);
}

/* So many lines in a row from ring->head on. */
static void
make_room(struct evidence_ring *ring, uint32_t lines)
{
	REQUIRE(lines <= ring->lines);
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

static struct shared *
append(struct evidence_ring *ring, const struct evidence_post *post)
{
	struct stretch span = evidence_span(post);
	uint32_t bytes =
	    (uint32_t)offsetof(struct shared, kept) + evidence_bytes(span);
	uint32_t lines = (bytes + LINE - 1) / LINE;
	struct shared *p;

	make_room(ring, lines);
	p = post_at(ring, ring->head);
	p->lines = lines;
	p->owners_count = 0;
	p->blame = post->blame;
	p->copies = post->copies;
	p->t_ms = post->t_ms;
	evidence_copy(&p->kept, post, span);
	ring->head += lines;
	ring->count++;
	return p;
}

uint32_t
evidence_ring_put(struct evidence_place *place, struct evidence *e,
    const struct evidence_post *post)
{
	struct evidence_ring *ring = place->ring;
	struct shared *p;

	if (place->at == 0) {
		p = append(ring, post);
		place->at = (uint32_t)(((char *)p - ring->memory) / LINE) + 1;
	} else {
		p = post_at(ring, place->at - 1);
	}
	if (p->owners_count == OWNERS)
		return 0;
	if (e->ring == NULL)
		enter(ring, e);
	p->owners[p->owners_count++] = e->home;
	return place->at;
}

void
evidence_ring_in_cell(struct evidence_ring *ring, uint32_t at)
{
	struct shared *p = post_at(ring, at - 1);

	p->owners[p->owners_count - 1] |= IN_CELL;
}
