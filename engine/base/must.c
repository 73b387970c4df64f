/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/must.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

_Noreturn void
must_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "vigie: %s:%d: broken promise: %s\n", file, line, what);
	abort();
}

void *
must_alloc(unsigned long bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	REQUIRE(p != NULL);
	return p;
}

void *
must_lines(unsigned long count)
{
	void *p = aligned_alloc(64, (count ? count : 1) * 64);

	REQUIRE(p != NULL);
	return p;
}

#define HUGE_BYTES (2ul << 20)

void *
must_huge_lines(unsigned long count)
{
	unsigned long bytes = count * 64;
	void *p;

	if (bytes < HUGE_BYTES || bytes % HUGE_BYTES != 0)
		return must_lines(count);
	p = aligned_alloc(HUGE_BYTES, bytes);
	REQUIRE(p != NULL);
	must_huge(p, bytes);
	return p;
}

void
must_huge(void *p, unsigned long bytes)
{
	uintptr_t from = ((uintptr_t)p + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
	uintptr_t to = ((uintptr_t)p + bytes) & ~(HUGE_BYTES - 1);

	if (to > from) /* it may be refused: no harm */
		(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
}

void *
must_grow(void *old, unsigned long bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	REQUIRE(p != NULL);
	return p;
}
