/*
 * What evidence.c keeps, for it and for the file that saves it.
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

/*
 * Of FIRST, slot c holds the first post of the minutes m with m / 12 % 5 = c;
 * the other roles keep their best, all different.  The pinned one is the
 * first of the open episode.
 */
struct evidence {
	struct slot slots[ROLES][EVIDENCE_DEPTH];
	struct slot pinned;
	/* The last one let go of: the next post takes its place, so that posts
	 * ask for no memory once there are enough. */
	struct kept *spare;
};

/** evidence_keep(e, post): a copy of what is shown of it, without a reference
 * yet. */
struct kept *evidence_keep(struct evidence *e,
    const struct evidence_post *post);

#endif
