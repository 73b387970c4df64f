/*
 * What a key keeps of its posts, for the files that fill, choose and save it.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EVIDENCE_SLOTS_H
#define ENGINE_EVIDENCE_SLOTS_H

#include "engine/base/clock.h"
#include "engine/density/evidence.h"

enum role { FIRST, WIDEST, HARMFUL, COPIED, LATEST, ROLES };
_Static_assert(ROLES == EVIDENCE_MAX, "one slot per role");

#define EVIDENCE_DEPTH 5u /* posts kept per role */

/* Slots by number: those of each role, and the first of the open episode. */
#define EVIDENCE_PINNED (ROLES * EVIDENCE_DEPTH)
#define EVIDENCE_SLOTS (EVIDENCE_PINNED + 1)
#define EVIDENCE_NONE 0xffu /* no cell */

/* A post, copied for all the roles that it has. */
struct kept {
	struct record record; /* its parts point into text */
	char text[];
};

/* A post of a key: a copy, or memory for one while it lies in the ring. */
struct cell {
	struct kept *kept;
	int64_t t_ms;
	uint32_t blame, copies;
	uint32_t lines; /* of 64 bytes, in kept */
};

/* What the latest posts are compared by, side by side: nearly every post goes
 * here and nowhere else. */
struct latest {
	int64_t t_ms[EVIDENCE_DEPTH];
	uint64_t sketch[EVIDENCE_DEPTH];
	uint64_t id_key[EVIDENCE_DEPTH];
};

/* FIRST, which is never full, and LATEST, which takes all, have no bar. */
#define EVIDENCE_BARS 3u

/* What the posts of a role that has a bar are compared by, side by side, so
 * that their cells are not looked at. */
struct board {
	int64_t t_ms[EVIDENCE_DEPTH]; /* INT64_MIN: the slot is free */
	uint64_t worth[EVIDENCE_DEPTH];
	uint64_t sketch[EVIDENCE_DEPTH];
	uint64_t id_key[EVIDENCE_DEPTH];
};

/*
 * Four lines of the caches, and what few posts ask for: those that are above
 * a bar.  Of FIRST, slot c holds the first post of the
 * minutes m with m / 12 % 5 = c; the other roles keep their best, all
 * different.
 */
struct evidence {
	/* The least that a post must be better than to be kept in a role,
	 * where all of its slots are taken by posts not older than that. */
	int64_t oldest[EVIDENCE_BARS];
	uint32_t least[EVIDENCE_BARS];
	bool full[EVIDENCE_BARS];
	uint8_t cells_count;
	uint32_t free; /* cells that no slot needs, as bits */
	uint32_t home; /* of the ring */
	struct evidence_ring *ring; /* NULL: no post of it was there */
	struct cell *cells;
	/* Where the latest lie in the ring; 0: in a cell, or none. */
	uint32_t latest_at[EVIDENCE_DEPTH];
	uint32_t in_ring; /* cells whose posts lie there, as bits */
	uint8_t cell_of[EVIDENCE_SLOTS];
	/* the slot of FIRST that was asked for last, if it has a post */
	uint8_t first;
	uint32_t first_blame;
	struct latest latest;
	int64_t first_ms;
	/* of those in the ring: where; one is kept before a slot is free */
	uint32_t cell_at[EVIDENCE_SLOTS + 1];
	struct board boards[EVIDENCE_BARS];
};
_Static_assert(EVIDENCE_SLOTS < 32, "a bit for each cell");
_Static_assert(offsetof(struct evidence, cell_at) <= 256, "four lines");

/* A post that a slot holds, wherever it lies. */
struct view {
	const struct kept *kept; /* NULL: none */
	int64_t t_ms;
	uint64_t followers, id_key, sketch;
	uint32_t blame, copies;
};

static inline unsigned
evidence_slot(enum role role, unsigned i)
{
	return (unsigned)role * EVIDENCE_DEPTH + i;
}

/** evidence_board(e, slot): the board on which ${slot} stands, or NULL. */
static inline struct board *
evidence_board(struct evidence *e, unsigned slot)
{
	unsigned bar = slot / EVIDENCE_DEPTH - WIDEST;

	return bar < EVIDENCE_BARS ? &e->boards[bar] : NULL;
}

/** evidence_view(e, slot): its post. */
struct view evidence_view(const struct evidence *e, unsigned slot);

/** evidence_is_free(e, slot): it has no post. */
static inline bool
evidence_is_free(const struct evidence *e, unsigned slot)
{
	const unsigned latest = slot - evidence_slot(LATEST, 0);

	return e->cell_of[slot] == EVIDENCE_NONE &&
	    (latest >= EVIDENCE_DEPTH || e->latest_at[latest] == 0);
}

/** evidence_is_old(t_ms, minute): the hour has left it behind. */
static inline bool
evidence_is_old(int64_t t_ms, int64_t minute)
{
	return t_ms < (minute - WINDOW_MINUTES + 1) * MINUTE_MS;
}

/** evidence_keep(e, post, at): the cell of what is shown of it, which lies at
 * ${at} in the ring, or is copied (0).  No slot has it yet: one has to take it
 * before the next is kept. */
unsigned evidence_keep(struct evidence *e, const struct evidence_post *post,
    uint32_t at);

/* Where the parts that are shown begin and end in the batch: a worker writes
 * them one behind the other. */
struct stretch {
	uint32_t from, to;
};

/** evidence_span(post): of it; evidence_bytes(span): of its struct kept;
 * evidence_copy(kept, post, span): to there. */
struct stretch evidence_span(const struct evidence_post *post);
static inline uint32_t
evidence_bytes(struct stretch span)
{
	return (uint32_t)sizeof(struct kept) + (span.to - span.from);
}
void evidence_copy(struct kept *kept, const struct evidence_post *post,
    struct stretch span);

/** evidence_hold(e, slot, cell): ${slot}, which is free, has the post of
 * ${cell} too. */
void evidence_hold(struct evidence *e, unsigned slot, unsigned cell);

/** evidence_let_go(e, slot): it is free. */
void evidence_let_go(struct evidence *e, unsigned slot);

/** evidence_worth(role, followers, blame, copies): what the posts of ${role}
 * are compared by, where it is a number. */
static inline uint64_t
evidence_worth(enum role role, uint64_t followers, uint32_t blame,
    uint32_t copies)
{
	return role == WIDEST ? followers : role == HARMFUL ? blame : copies;
}

/** evidence_note(e, slot): after its post was set or taken out. */
void evidence_note(struct evidence *e, unsigned slot);

/** evidence_is_alike(a, b): nearly the same post. */
bool evidence_is_alike(const struct view *a, const struct view *b);

/** evidence_is_weaker(role, a, b): whether ${b} serves ${role} better than
 * ${a}. */
bool evidence_is_weaker(enum role role, const struct view *a,
    const struct view *b);

#endif
