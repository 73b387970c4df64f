/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "engine/base/must.h"

/* First block in bytes; each further one doubles up to the last figure. */
#define BLOCK_FIRST (16u << 10)
#define BLOCK_LAST (1u << 20)

/* Arenas larger than this take the rest in huge pages: a first touch costs a
 * hundredth, and who reads them misses fewer addresses. */
#define HUGE_FROM (4u << 20)
#define HUGE_PAGE (2u << 20)

struct block {
	struct block *next;
	size_t used, room;
	size_t mapped; /* bytes; 0: of the heap */
	_Alignas(16) char data[];
};

struct mapping {
	struct mapping *next;
	void *from;
	size_t bytes;
};

struct arena {
	struct block *head;
	struct mapping *files; /* nodes in the blocks */
	size_t next_bytes, total_bytes;
};

struct arena *
arena_new(void)
{
	struct arena *arena = must_alloc(sizeof(*arena));

	arena->next_bytes = BLOCK_FIRST;
	return arena;
}

static void
block_free(struct block *block)
{
	if (block->mapped > 0)
		munmap(block, block->mapped);
	else
		free(block);
}

static void
unmap_files(struct arena *arena)
{
	for (; arena->files != NULL; arena->files = arena->files->next) {
		arena->total_bytes -= arena->files->bytes;
		munmap(arena->files->from, arena->files->bytes);
	}
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	unmap_files(arena);
	while (arena->head != NULL) {
		struct block *block = arena->head;

		arena->head = block->next;
		block_free(block);
	}
	free(arena);
}

void
arena_reset(struct arena *arena)
{
	struct block *block = arena->head;

	unmap_files(arena);
	if (block == NULL)
		return;
	while (block->next != NULL) { /* the newest is the largest */
		struct block *old = block->next;

		block->next = old->next;
		arena->total_bytes -= sizeof(*old) + old->room;
		block_free(old);
	}
	memset(block->data, 0, block->used);
	block->used = 0;
}

/* A block of ${bytes} or more, whole huge pages at the border of one; NULL if
 * there is no such thing here. */
static struct block *
block_map(size_t bytes)
{
	size_t want = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
	size_t before;
	struct block *block;
	char *p = mmap(NULL, want + HUGE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)p & (HUGE_PAGE - 1);
	if (before > 0)
		munmap(p, before);
	munmap(p + before + want, HUGE_PAGE - before);
	madvise(p + before, want, MADV_HUGEPAGE);
	block = (struct block *)(p + before);
	block->mapped = want;
	block->room = want - sizeof(*block);
	return block;
}

static struct block *
block_new(size_t room, bool huge)
{
	struct block *block =
	    huge ? block_map(sizeof(*block) + room) : NULL;

	if (block == NULL) {
		block = must_alloc(sizeof(*block) + room);
		block->room = room;
	}
	return block;
}

static struct block *
arena_grow(struct arena *arena, size_t bytes)
{
	size_t room = bytes > arena->next_bytes ? bytes : arena->next_bytes;
	struct block *block =
	    block_new(room, arena->total_bytes + room >= HUGE_FROM);

	room = block->room;
	block->next = arena->head;
	arena->head = block;
	arena->total_bytes += sizeof(*block) + room;
	if (arena->next_bytes < BLOCK_LAST)
		arena->next_bytes *= 2;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	struct block *block = arena->head;
	size_t rounded = (bytes + 15) & ~(size_t)15;
	void *p;

	if (block == NULL || block->room - block->used < rounded)
		block = arena_grow(arena, rounded);
	p = block->data + block->used;
	block->used += rounded;
	return p;
}

void *
arena_map(struct arena *arena, int fd, size_t bytes)
{
	struct mapping *m;
	void *from = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	if (from == MAP_FAILED)
		return NULL;
	m = arena_alloc(arena, sizeof(*m));
	*m = (struct mapping){arena->files, from, bytes};
	arena->files = m;
	arena->total_bytes += bytes;
	return from;
}

struct slice
arena_text(struct arena *arena, struct slice text)
{
	char *copy = arena_alloc(arena, text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	return (struct slice){copy, text.len};
}

size_t
arena_bytes(const struct arena *arena)
{
	return arena->total_bytes;
}
