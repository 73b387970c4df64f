/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/arena.h"

#include <stdlib.h>

#include "engine/base/must.h"

/* First block in bytes; each further one doubles up to the last figure. */
#define BLOCK_FIRST (16u << 10)
#define BLOCK_LAST (1u << 20)

struct block {
	struct block *next;
	size_t used, room;
	_Alignas(16) char data[];
};

struct arena {
	struct block *head;
	size_t next_bytes, total_bytes;
};

struct arena *
arena_new(void)
{
	struct arena *arena = must_alloc(sizeof(*arena));

	arena->next_bytes = BLOCK_FIRST;
	return arena;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->head != NULL) {
		struct block *block = arena->head;

		arena->head = block->next;
		free(block);
	}
	free(arena);
}

static struct block *
arena_grow(struct arena *arena, size_t bytes)
{
	size_t room = bytes > arena->next_bytes ? bytes : arena->next_bytes;
	struct block *block = must_alloc(sizeof(*block) + room);

	block->room = room;
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
