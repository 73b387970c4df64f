/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/must.h"

#include <stdio.h>
#include <stdlib.h>

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
must_grow(void *old, unsigned long bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	REQUIRE(p != NULL);
	return p;
}
