/*
 * Goal: memory is as good after the heap was told to grow in large pages, as
 * long as there are some and when there are none left.
 * Method: blocks of many sizes, from before, from then, and of more than there
 * is, each filled with its own byte, grown, read again and freed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/pages.h"

#define BLOCKS 200u

struct block {
	unsigned char *bytes;
	size_t size;
};

/* 16 bytes to 2 MiB, by turns. */
static size_t
size_of(unsigned i)
{
	return ((size_t)16 << i % 18) + i;
}

static void
make(struct block *blocks)
{
	for (unsigned i = 0; i < BLOCKS; i++) {
		size_t size = size_of(i);

		blocks[i] = (struct block){must_alloc(size), size};
		for (size_t k = 0; k < size; k++)
			assert_int_equal(blocks[i].bytes[k], 0);
		memset(blocks[i].bytes, (int)(i % 251 + 1), size);
	}
}

static void
grow(struct block *blocks)
{
	for (unsigned i = 0; i < BLOCKS; i += 3) {
		blocks[i].bytes =
		    must_grow(blocks[i].bytes, 3 * blocks[i].size);
		memset(blocks[i].bytes + blocks[i].size, (int)(i % 251 + 1),
		    2 * blocks[i].size);
		blocks[i].size *= 3;
	}
}

static void
check_and_free(struct block *blocks)
{
	for (unsigned i = 0; i < BLOCKS; i++) {
		for (size_t k = 0; k < blocks[i].size; k++)
			assert_int_equal(
			    blocks[i].bytes[k], (int)(i % 251 + 1));
		free(blocks[i].bytes);
	}
}

static void
memory_stays_good(void **state)
{
	static struct block before[BLOCKS], then[BLOCKS], again[BLOCKS];
	unsigned char *large;

	(void)state;
	make(before);
	(void)pages_grow_large();
	make(then);
	grow(before);
	grow(then);
	check_and_free(then);
	make(again);
	check_and_free(before);
	/* more than there is */
	large = must_alloc(PAGES_LARGE_MAX + 1ul);
	assert_int_equal(large[PAGES_LARGE_MAX], 0);
	large[PAGES_LARGE_MAX] = 1;
	check_and_free(again);
	free(large);
}

static void
once_per_process(void **state)
{
	(void)state;
	(void)pages_grow_large();
	assert_false(pages_grow_large());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_stays_good),
		cmocka_unit_test(once_per_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
