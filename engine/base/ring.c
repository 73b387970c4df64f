/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/ring.h"

#include <stdlib.h>

#include "engine/base/must.h"

void
ring_init(struct ring *ring, size_t capacity)
{
	size_t count = 1;

	REQUIRE(capacity > 0);
	while (count < capacity)
		count *= 2;
	ring->slots = must_alloc(count * sizeof(*ring->slots));
	ring->mask = count - 1;
	atomic_init(&ring->head, 0);
	atomic_init(&ring->tail, 0);
}

void
ring_fini(struct ring *ring)
{
	free(ring->slots);
	ring->slots = NULL;
}

void
ring_push(struct ring *ring, void *item)
{
	size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

	REQUIRE(item != NULL);
	REQUIRE(tail - head <= ring->mask);
	ring->slots[tail & ring->mask] = item;
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}

void *
ring_pop(struct ring *ring)
{
	size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	void *item;

	if (head == tail)
		return NULL;
	item = ring->slots[head & ring->mask];
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	return item;
}

bool
ring_holds(const struct ring *ring)
{
	return atomic_load_explicit(&ring->head, memory_order_relaxed) !=
	    atomic_load_explicit(&ring->tail, memory_order_acquire);
}
