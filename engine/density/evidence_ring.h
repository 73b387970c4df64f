/*
 * The latest harmful posts of all keys, each written once.
 *
 * Nearly every harmful post is kept as the latest of its keys and as nothing
 * else, and soon there are five later ones.  Such a post lies here, one behind
 * the other, whatever the number of its keys; those only know where.  When its
 * place is needed, the keys that still have it get a copy of their own: what
 * is shown does not depend on the size of the ring.
 * Thread: the loop.  Owns: the posts, until their place is needed; must
 * outlive the evidence that was given posts of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EVIDENCE_RING_H
#define ENGINE_EVIDENCE_RING_H

#include "engine/density/evidence.h"

struct view;

/** evidence_ring_new(bytes): room for so much, at least a few posts. */
struct evidence_ring *evidence_ring_new(uint32_t bytes);
void evidence_ring_free(struct evidence_ring *ring);

/** evidence_ring_put(place, e, post): where ${post} lies for ${e} too,
 * written if it was not; 0 when too many keys have it: it is to be copied.
 * Keys, ${e} too, may get copies of what has to go for it. */
uint32_t evidence_ring_put(struct evidence_place *place, struct evidence *e,
    const struct evidence_post *post);

/** evidence_ring_view(ring, at): the post that lies there. */
struct view evidence_ring_view(const struct evidence_ring *ring, uint32_t at);

/** evidence_ring_spot_ahead(ring, at): fetch where it lies, and after that,
 * by evidence_ring_ahead, the post itself. */
void evidence_ring_spot_ahead(const struct evidence_ring *ring, uint32_t at);
void evidence_ring_ahead(const struct evidence_ring *ring, uint32_t at);

/** evidence_ring_leave(ring, home): its evidence is freed. */
void evidence_ring_leave(struct evidence_ring *ring, uint32_t home);

/** evidence_ring_hold(ring, at): one of the latest of a key, or a cell, has
 * what lies there; evidence_ring_let_go(ring, at): it has it no more.  What
 * nobody has goes unseen. */
void evidence_ring_hold(struct evidence_ring *ring, uint32_t at);
void evidence_ring_let_go(struct evidence_ring *ring, uint32_t at);

/** evidence_rescue_ahead(e, at): fetch the cell that evidence_rescue fills
 * soon. */
void evidence_rescue_ahead(const struct evidence *e, uint32_t at);

/** evidence_rescue(e, at): what lies there in the ring is about to be gone: a
 * copy, if it is one of the latest of ${e} or has a cell. */
void evidence_rescue(struct evidence *e, uint32_t at);

#endif
