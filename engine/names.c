/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/names.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/arena.h"
#include "engine/base/must.h"

struct names {
	struct arena *arena;
	struct name **slots;
	uint64_t mask;
	uint64_t count;
};

#define FIRST_SLOTS 1024u

struct names *
names_new(void)
{
	struct names *n = must_alloc(sizeof(*n));

	n->arena = arena_new();
	n->mask = FIRST_SLOTS - 1;
	n->slots = must_alloc(FIRST_SLOTS * sizeof(struct name *));
	return n;
}

void
names_free(struct names *n)
{
	if (n == NULL)
		return;
	arena_free(n->arena);
	free(n->slots);
	free(n);
}

static struct name **
find(const struct names *n, struct slice text)
{
	uint64_t i = XXH3_64bits(text.data, text.len) & n->mask;

	while (n->slots[i] != NULL &&
	    !slice_equal(slice_of(n->slots[i]->text), text))
		i = (i + 1) & n->mask;
	return &n->slots[i];
}

static void
grow(struct names *n)
{
	struct name **old = n->slots;
	uint64_t old_slots = n->mask + 1;

	n->mask = old_slots * 2 - 1;
	n->slots = must_alloc(old_slots * 2 * sizeof(struct name *));
	for (uint64_t i = 0; i < old_slots; i++)
		if (old[i] != NULL)
			*find(n, slice_of(old[i]->text)) = old[i];
	free(old);
}

struct name *
names_give(struct names *n, struct slice text, int64_t since)
{
	struct name **slot = find(n, text);

	if (*slot != NULL)
		return *slot;
	if (++n->count * 2 > n->mask) {
		grow(n);
		slot = find(n, text);
	}
	*slot = arena_alloc(n->arena, sizeof(struct name));
	(*slot)->text = arena_text(n->arena, text).data;
	(*slot)->since = since;
	return *slot;
}

void
names_each(const struct names *n,
    void (*visit)(void *self, const struct name *name), void *self)
{
	for (uint64_t i = 0; i <= n->mask; i++)
		if (n->slots[i] != NULL)
			visit(self, n->slots[i]);
}
