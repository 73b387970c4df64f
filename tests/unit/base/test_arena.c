/*
 * Goal: an arena gives zeroed, aligned memory that does not overlap.
 * Method: many sizes, some larger than a block, each filled and read again
 * at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/arena.h"

#define PIECES 2000

static size_t
size_of(int i)
{
	return i % 97 == 0 ? 70000 : (size_t)(i * 37 % 513);
}

static void
pieces(void **state)
{
	static unsigned char *piece[PIECES];
	struct arena *arena = arena_new();
	size_t sum = 0;

	(void)state;
	for (int i = 0; i < PIECES; i++) {
		piece[i] = arena_alloc(arena, size_of(i));
		assert_int_equal((uintptr_t)piece[i] % 16, 0);
		for (size_t k = 0; k < size_of(i); k++)
			assert_int_equal(piece[i][k], 0);
		memset(piece[i], i & 0xff, size_of(i));
		sum += size_of(i);
	}
	for (int i = 0; i < PIECES; i++)
		for (size_t k = 0; k < size_of(i); k++)
			assert_int_equal(piece[i][k], i & 0xff);
	assert_true(arena_bytes(arena) >= sum);
	arena_free(arena);
}

static void
texts(void **state)
{
	struct arena *arena = arena_new();
	char text[] = "KitKat";
	struct slice copy = arena_text(arena, (struct slice){text, 3});
	struct slice none = arena_text(arena, SLICE_NONE);

	(void)state;
	text[0] = 'x';
	assert_int_equal(copy.len, 3);
	assert_string_equal(copy.data, "Kit");
	assert_int_equal(none.len, 0);
	assert_string_equal(none.data, "");
	arena_free(arena);
	arena_free(NULL);
}

static void
files(void **state)
{
	char path[] = "/tmp/vigie-arena-XXXXXX", back[5];
	struct arena *arena = arena_new();
	size_t before = arena_bytes(arena);
	int fd = mkstemp(path);
	char *p;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "first", 5), 5);
	p = arena_map(arena, fd, 5);
	assert_non_null(p);
	assert_memory_equal(p, "first", 5);
	p[0] = 'b'; /* ours alone */
	assert_int_equal(pread(fd, back, 5, 0), 5);
	assert_memory_equal(back, "first", 5);
	assert_true(arena_bytes(arena) >= before + 5);
	close(fd);
	unlink(path);
	assert_memory_equal(p, "birst", 5);
	assert_null(arena_map(arena, fd, 5));
	arena_reset(arena);
	assert_true(arena_alloc(arena, 10) != NULL);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(texts),
	    cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
