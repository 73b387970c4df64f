/*
 * Whose own account an author is: asked of every post, so that most names
 * are nobody's by their length, and a sieve of 1 KiB says it of most others
 * from three of their letters; the rest is looked up by halving.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "rules/ruleset.h"

static inline unsigned char
small(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static inline struct slice
bare(struct slice name)
{
	if (name.len > 0 && name.data[0] == '@') {
		name.data++;
		name.len--;
	}
	return name;
}

/* The bit of a name that is not empty. */
static inline uint32_t
bit_of(struct slice name)
{
	uint32_t seen = small(name.data[0]) |
	    (uint32_t)small(name.data[name.len - 1]) << 8 |
	    (uint32_t)small(name.data[name.len / 2]) << 16 |
	    (uint32_t)name.len << 24;

	return (seen * 2654435769u) >> 16 & (RULESET_OWN_BITS - 1);
}

static inline uint64_t
length_bit(struct slice name)
{
	return UINT64_C(1) << (name.len < 63 ? name.len : 63);
}

/* As bytes, ${name} in small ASCII letters. */
static int
order(struct slice own, struct slice name)
{
	size_t n = own.len < name.len ? own.len : name.len;

	for (size_t i = 0; i < n; i++) {
		int o = (unsigned char)own.data[i] - small(name.data[i]);

		if (o != 0)
			return o;
	}
	return (own.len > name.len) - (own.len < name.len);
}

static int
by_text(const void *a, const void *b)
{
	const struct ruleset_own *x = a, *y = b;
	int o = slice_order(x->text, y->text);

	return o != 0 ? o : (x->brand > y->brand) - (x->brand < y->brand);
}

void
ruleset_own_build(struct ruleset *rs)
{
	uint32_t room = 0, n = 0;

	for (uint32_t i = 0; i < rs->brands_count; i++)
		room += rs->brands[i].own_count;
	rs->own = arena_alloc(rs->arena, sizeof(*rs->own) * (room + 1ul));
	rs->own_brands = arena_alloc(
	    rs->arena, sizeof(*rs->own_brands) * (room + 1ul));
	for (uint32_t i = 0; i < rs->brands_count; i++)
		for (uint32_t k = 0; k < rs->brands[i].own_count; k++)
			if (rs->brands[i].own[k].len > 0)
				rs->own[n++] = (struct ruleset_own){
				    rs->brands[i].own[k], i};
	rs->own_lengths = 0;
	qsort(rs->own, n, sizeof(*rs->own), by_text);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t bit = bit_of(rs->own[i].text);

		/* A brand may name an account twice. */
		if (i > 0 && by_text(&rs->own[i - 1], &rs->own[i]) == 0)
			continue;
		rs->own_sieve[bit / 64] |= UINT64_C(1) << bit % 64;
		rs->own_lengths |= length_bit(rs->own[i].text);
		rs->own[rs->own_count] = rs->own[i];
		rs->own_brands[rs->own_count++] = rs->own[i].brand;
	}
}

static uint32_t
find(const struct ruleset *rs, struct slice name, const uint32_t **brands)
{
	uint32_t from = 0, to = rs->own_count, count = 0;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (order(rs->own[middle].text, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	*brands = &rs->own_brands[from];
	while (from + count < rs->own_count &&
	    order(rs->own[from + count].text, name) == 0)
		count++;
	return count;
}

/* Most are turned away here. */
static inline uint32_t
owned_by(const struct ruleset *rs, struct slice name, const uint32_t **brands)
{
	uint32_t bit;

	name = bare(name);
	/* None is empty. */
	if ((rs->own_lengths & length_bit(name)) == 0)
		return 0;
	bit = bit_of(name);
	return rs->own_sieve[bit / 64] >> bit % 64 & 1
	    ? find(rs, name, brands) : 0;
}

bool
ruleset_asks(const struct ruleset *rs, bool own)
{
	return rs->fields_count > 0 || (own && rs->own_count > 0);
}

uint32_t
ruleset_owned(const struct ruleset *rs, const struct post *post,
    const uint32_t **brands)
{
	uint32_t count;

	if (rs->own_count == 0)
		return 0;
	count = owned_by(rs, post->author_handle, brands);
	if (count == 0)
		count = owned_by(rs, post->author_id, brands);
	if (count == 0)
		count = owned_by(rs, post->author_name, brands);
	return count;
}
