/*
 * Sets of bits, each kept once and known by its number.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "engine/organisation/duty_parts.h"

const uint64_t *
duty_sets_at(const struct duty_sets *s, uint64_t i)
{
	REQUIRE(i < s->count);
	return s->bits + i * s->words;
}

static uint32_t
slot_of(const struct duty_sets *s, const uint64_t *bits)
{
	uint64_t hash = XXH3_64bits(bits, s->words * sizeof(*bits));
	uint32_t slot = (uint32_t)hash & (s->slots - 1);

	while (
	    s->table[slot] != 0 && memcmp(duty_sets_at(s, s->table[slot] - 1),
				       bits, s->words * sizeof(*bits)) != 0)
		slot = (slot + 1) & (s->slots - 1);
	return slot;
}

static void
grow(struct duty_sets *s)
{
	s->room = s->room * 2 + 64;
	s->bits = must_grow(s->bits, s->room * s->words * sizeof(*s->bits));
	free(s->table);
	s->slots = 256;
	while (s->slots < 2 * s->room)
		s->slots *= 2;
	s->table = must_alloc(s->slots * sizeof(*s->table));
	for (uint32_t i = 0; i < s->count; i++)
		s->table[slot_of(s, duty_sets_at(s, i))] = i + 1;
}

uint32_t
duty_sets_add(struct duty_sets *s, const uint64_t *bits)
{
	uint32_t slot;

	if (s->count == s->room)
		grow(s);
	slot = slot_of(s, bits);
	if (s->table[slot] == 0) {
		memcpy(s->bits + (size_t)s->count * s->words, bits,
		    s->words * sizeof(*bits));
		s->table[slot] = ++s->count;
	}
	return s->table[slot] - 1;
}

void
duty_sets_fini(struct duty_sets *s)
{
	free(s->bits);
	free(s->table);
}
