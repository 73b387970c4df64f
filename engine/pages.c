/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pages.h"

#if __has_include(<jemalloc/jemalloc.h>)

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include <jemalloc/jemalloc.h>

#define PAGE_BYTES ((size_t)2 << 20) /* a large one */
#define SMALL_PAGE_BYTES 4096u

/* Not there in the flavours that are linked without it. */
#pragma weak mallctl

/* What one arena of the allocator grows by, for as long as the process runs:
 * address space, given out from its beginning and never taken back. */
struct reserve {
	extent_hooks_t hooks; /* first: the allocator hands us this */
	extent_hooks_t *usual;
	char *from;
	atomic_size_t used; /* more than there is: all is */
};

/* The allocator's own bookkeeping, of which little is used, and what is
 * wanted when all is given out: as usual. */
static void *
give(extent_hooks_t *hooks, void *at, size_t bytes, size_t alignment,
    bool *zero, bool *commit, unsigned arena)
{
	struct reserve *r = (struct reserve *)(void *)hooks;
	size_t used = atomic_load(&r->used);

	if (at != NULL || alignment > SMALL_PAGE_BYTES)
		return r->usual->alloc(r->usual, at, bytes, alignment, zero,
		    commit, arena);
	do {
		if (bytes > PAGES_LARGE_MAX - used)
			return r->usual->alloc(r->usual, at, bytes, alignment,
			    zero, commit, arena);
	} while (!atomic_compare_exchange_weak(&r->used, &used, used + bytes));
	*zero = *commit = true;
	return r->from + used;
}

static bool
reserve_make(struct reserve *r)
{
	size_t bytes = sizeof(r->usual);
	char *p;

	if (mallctl == NULL || mallctl("arena.0.extent_hooks", &r->usual,
		&bytes, NULL, 0) != 0)
		return false;
	p = mmap(NULL, PAGES_LARGE_MAX + PAGE_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return false;
	r->from = p + (-(uintptr_t)p & (PAGE_BYTES - 1));
	if (madvise(r->from, PAGES_LARGE_MAX, MADV_HUGEPAGE) != 0) {
		munmap(p, PAGES_LARGE_MAX + PAGE_BYTES);
		return false;
	}
	r->hooks = *r->usual;
	r->hooks.alloc = give;
	return true;
}

static bool
use(struct reserve *r)
{
	extent_hooks_t *hooks = &r->hooks;
	unsigned arena;
	size_t bytes = sizeof(arena);

	if (!reserve_make(r) || mallctl("arenas.create", &arena, &bytes,
		&hooks, sizeof(hooks)) != 0)
		return false;
	/* Where this thread was before, nobody may come by for long. */
	return mallctl("thread.arena", NULL, NULL, &arena, bytes) == 0 &&
	    mallctl("arena.0.purge", NULL, NULL, NULL, 0) == 0;
}

bool
pages_grow_large(void)
{
	static struct reserve reserve;
	static atomic_flag asked = ATOMIC_FLAG_INIT;

	return !atomic_flag_test_and_set(&asked) && use(&reserve);
}

#else

bool
pages_grow_large(void)
{
	return false;
}

#endif
