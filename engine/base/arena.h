/*
 * Many small things that live and die together.
 *
 * Memory is handed out in order from large blocks and given back all at once.
 * Used for a compiled ruleset, a parsed file, a configuration.
 * Thread: one at a time.  Owns: all blocks, and what is mapped.  Never: on the
 * path of a post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_ARENA_H
#define ENGINE_BASE_ARENA_H

#include <stddef.h>

#include "engine/base/slice.h"

struct arena;

/** arena_new(): an empty arena; never NULL. */
struct arena *arena_new(void);

/** arena_free(arena): give everything back; NULL is legal. */
void arena_free(struct arena *arena);

/** arena_reset(arena): forget what was handed out, keep a block. */
void arena_reset(struct arena *arena);

/** arena_alloc(arena, bytes): zeroed, 16-byte aligned; never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);

/** arena_map(arena, fd, bytes): so many bytes of a file, as if they had been
 * read, while nobody changes it in place; NULL: it cannot be. */
void *arena_map(struct arena *arena, int fd, size_t bytes);

/** arena_text(arena, text): a copy of ${text}, with a NUL after its end. */
struct slice arena_text(struct arena *arena, struct slice text);

/** arena_bytes(arena): bytes taken from the system so far. */
size_t arena_bytes(const struct arena *arena);

#endif
