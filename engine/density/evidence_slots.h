/*
 * What evidence_add.c keeps, for evidence.c, which chooses among it, and for
 * the file that saves it.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EVIDENCE_SLOTS_H
#define ENGINE_EVIDENCE_SLOTS_H

#include "engine/density/evidence.h"

enum role { FIRST, WIDEST, HARMFUL, COPIED, LATEST, ROLES };
_Static_assert(ROLES == EVIDENCE_MAX, "one slot per role");

#define EVIDENCE_DEPTH 5u /* posts kept per role */

/* A post, copied once for all the roles that it has. */
struct kept {
	struct record record; /* its parts point into text */
	char text[];
};

struct slot {
	const struct kept *kept; /* NULL: free */
	int64_t minute, t_ms;
	uint64_t followers;
	uint32_t blame, copies;
};

#define EVIDENCE_SLOTS (EVIDENCE_MAX * EVIDENCE_DEPTH + 1)

/* Memory for a post, counted and used again here, so that nobody has to look
 * at the post itself, which lies somewhere else. */
struct cell {
	struct kept *kept; /* NULL: never asked for */
	uint32_t lines;    /* of 64 bytes, the record's too */
	uint32_t refs;     /* slots */
};

struct likeness {
	uint64_t id_key, sketch;
};

/* The least that a post must be better than to be kept in a role, where all
 * of its slots are taken by posts not older than a minute. */
struct bar {
	int64_t oldest;
	uint32_t least;
	bool full;
};

/*
 * Of FIRST, slot c holds the first post of the minutes m with m / 12 % 5 = c;
 * the other roles keep their best, all different.  The pinned one is the
 * first of the open episode.
 */
struct evidence {
	/* First what nearly every post asks for, close together.  Cells that
	 * no slot needs, as bits: the next post takes the first, so that posts
	 * ask for no memory once there are enough. */
	uint32_t free;
	uint8_t cell_of[EVIDENCE_SLOTS]; /* of a slot with a post */
	struct bar bars[ROLES];
	/* of the posts of all roles but FIRST, which lie anywhere */
	struct likeness likes[ROLES - 1][EVIDENCE_DEPTH];
	struct slot slots[ROLES][EVIDENCE_DEPTH];
	struct slot pinned; /* the last of the slots */
	/* one more than slots: of the post that is about to take one */
	struct cell cells[EVIDENCE_SLOTS + 1];
};
_Static_assert(EVIDENCE_SLOTS < 32, "a bit for each cell");

/** evidence_slot(e, i): slot ${i} of all, the pinned one last. */
static inline struct slot *
evidence_slot(struct evidence *e, unsigned i)
{
	return i == EVIDENCE_SLOTS - 1 ? &e->pinned :
		&e->slots[i / EVIDENCE_DEPTH][i % EVIDENCE_DEPTH];
}

/** evidence_cell(e, slot): of its post. */
unsigned evidence_cell(const struct evidence *e, const struct slot *slot);

/** evidence_hold(e, slot, cell): ${slot}, which was let go of, has the post
 * of ${cell} too. */
void evidence_hold(struct evidence *e, struct slot *slot, unsigned cell);

/** evidence_note(e, slot): after its post was set or taken out. */
void evidence_note(struct evidence *e, const struct slot *slot);

/** evidence_let_go(e, slot): it is free. */
void evidence_let_go(struct evidence *e, struct slot *slot);

/** evidence_is_old(slot, minute): the hour has left it behind. */
bool evidence_is_old(const struct slot *slot, int64_t minute);

/** evidence_is_alike(a, b): nearly the same post. */
bool evidence_is_alike(const struct record *a, const struct record *b);

/** evidence_is_weaker(role, a, b): whether slot ${b} serves ${role} better
 * than ${a}. */
bool evidence_is_weaker(enum role role, const struct slot *a,
    const struct slot *b);

/** evidence_keep(e, post): the cell of a copy of what is shown of it, which no
 * slot has yet: one has to take it before the next is kept. */
unsigned evidence_keep(struct evidence *e, const struct evidence_post *post);

#endif
