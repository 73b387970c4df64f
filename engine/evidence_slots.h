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

#include "engine/evidence.h"

enum role { FIRST, WIDEST, HARMFUL, COPIED, LATEST, ROLES };
_Static_assert(ROLES == EVIDENCE_MAX, "one slot per role");

#define EVIDENCE_DEPTH 5u /* posts kept per role */

/* A post, copied once for all the roles that it has. */
struct kept {
	uint32_t refs, room; /* bytes behind text */
	struct record record; /* its parts point into text */
	char text[];
};

struct slot {
	struct kept *kept; /* NULL: free */
	int64_t minute, t_ms;
	uint32_t blame, copies;
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
	/* First what nearly every post asks for, close together.  The last
	 * one let go of: the next post takes its place, so that posts ask for
	 * no memory once there are enough. */
	struct kept *spare;
	struct bar bars[ROLES];
	/* of the posts of all roles but FIRST, which lie anywhere */
	struct likeness likes[ROLES - 1][EVIDENCE_DEPTH];
	struct slot slots[ROLES][EVIDENCE_DEPTH];
	struct slot pinned;
};

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

/** evidence_keep(e, post): a copy of what is shown of it, without a reference
 * yet. */
struct kept *evidence_keep(struct evidence *e,
    const struct evidence_post *post);

#endif
