/*
 * Hand-off of pointers between two threads: one pushes, one pops, no lock.
 *
 * The capacity is the size of the batch pool, so a push cannot fail: a full
 * ring is a bug of ours and is REQUIREd, not handled.
 * Thread: ring_push by one thread, ring_pop by one other.
 * Owns: its slots, never what they point to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_RING_H
#define ENGINE_BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
	void **slots;
	size_t mask;
	_Alignas(64) _Atomic size_t head; /* next to pop */
	_Alignas(64) _Atomic size_t tail; /* next to push */
};

/** ring_init(ring, capacity): rounded up to a power of two. */
void ring_init(struct ring *ring, size_t capacity);
void ring_fini(struct ring *ring);

void ring_push(struct ring *ring, void *item);

/** ring_pop(ring): the oldest item, or NULL when the ring is empty. */
void *ring_pop(struct ring *ring);

/** ring_holds(ring): there is an item.  Thread: that of ring_pop. */
bool ring_holds(const struct ring *ring);

#endif
