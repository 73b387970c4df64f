/*
 * Goal: what one thread pushes the other pops, all of it, in order.
 * Method: one thread around the end of a small ring; then two threads that
 * pass a million numbers through eight slots.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include "engine/base/ring.h"

#define ITEMS 1000000u
#define SLOTS 8u

static void
one_thread(void **state)
{
	struct ring ring;
	int items[5];

	(void)state;
	ring_init(&ring, 3); /* rounded up to four */
	assert_null(ring_pop(&ring));
	assert_false(ring_holds(&ring));
	for (int turn = 0; turn < 10; turn++) {
		for (int i = 0; i < 4; i++)
			ring_push(&ring, &items[i]);
		for (int i = 0; i < 4; i++)
			assert_ptr_equal(ring_pop(&ring), &items[i]);
		assert_null(ring_pop(&ring));
		ring_push(&ring, &items[4]);
		assert_true(ring_holds(&ring));
		assert_ptr_equal(ring_pop(&ring), &items[4]);
	}
	ring_fini(&ring);
}

struct pass {
	struct ring there, back;
	unsigned char slots[SLOTS];
	size_t wrong;
};

/* Pops what comes and sends it back, as a worker does with batches. */
static void *
popper(void *arg)
{
	struct pass *pass = arg;

	for (uint32_t i = 0; i < ITEMS; i++) {
		void *item = ring_pop(&pass->there);

		while (item == NULL) {
			sched_yield();
			item = ring_pop(&pass->there);
		}
		pass->wrong += item != &pass->slots[i % SLOTS];
		pass->wrong += *(unsigned char *)item != (i & 0xff);
		ring_push(&pass->back, item);
	}
	return NULL;
}

static void
two_threads(void **state)
{
	static struct pass pass;
	uint32_t free_slots = SLOTS;
	pthread_t thread;

	(void)state;
	ring_init(&pass.there, SLOTS);
	ring_init(&pass.back, SLOTS);
	assert_int_equal(pthread_create(&thread, NULL, popper, &pass), 0);
	for (uint32_t i = 0; i < ITEMS; i++) {
		while (free_slots == 0) {
			if (ring_pop(&pass.back) != NULL)
				free_slots++;
			else
				sched_yield();
		}
		pass.slots[i % SLOTS] = (unsigned char)i;
		ring_push(&pass.there, &pass.slots[i % SLOTS]);
		free_slots--;
	}
	pthread_join(thread, NULL);
	assert_int_equal(pass.wrong, 0);
	ring_fini(&pass.there);
	ring_fini(&pass.back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_thread),
	    cmocka_unit_test(two_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
