/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/crowd.h"

#include <stdbool.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define DEPTH_MAX 40u

struct crowd_member {
	uint64_t hash; /* 0: free */
	int64_t minute;
	uint32_t depth; /* it stands for 2^depth accounts */
};

/* Accounts are hashes already; mixed once more, so that the bits that sample
 * are not those that others sort by.  Never 0. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (x ^ (x >> 32)) | UINT64_C(1) << 63;
}

/* Bit 63 is always set: the bits below it sample. */
static bool
sampled(uint64_t hash, uint32_t depth)
{
	return depth == 0 || (hash << 1) >> (64 - depth) == 0;
}

static struct crowd_member *
find(const struct crowd *c, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (c->room - 1);

	while (c->slots[i].hash != 0 && c->slots[i].hash != hash)
		i = (i + 1) & (c->room - 1);
	return &c->slots[i];
}

/* Into ${room} slots: those who spoke since ${since}, at the present depth. */
static void
rebuild(struct crowd *c, uint32_t room, int64_t since)
{
	struct crowd_member *old = c->slots;
	uint32_t old_room = c->room;

	c->slots = must_alloc(room * sizeof(*c->slots));
	c->room = room;
	c->count = 0;
	c->size = 0;
	for (uint32_t i = 0; i < old_room; i++) {
		struct crowd_member *m = &old[i];

		if (m->hash == 0 || m->minute < since ||
		    (m->depth < c->depth && !sampled(m->hash, c->depth)))
			continue;
		if (m->depth < c->depth)
			m->depth = c->depth;
		*find(c, m->hash) = *m;
		c->count++;
		c->size += UINT64_C(1) << m->depth;
	}
	free(old);
}

void
crowd_fini(struct crowd *c)
{
	free(c->slots);
	*c = (struct crowd){0};
}

void
crowd_add(struct crowd *c, uint64_t account, int64_t minute)
{
	uint64_t hash = mix(account);
	struct crowd_member *m;

	if (!sampled(hash, c->depth))
		return;
	if (c->room == 0)
		rebuild(c, 16, INT64_MIN);
	m = find(c, hash);
	if (m->hash == 0) {
		m->hash = hash;
		m->minute = minute;
		m->depth = c->depth;
		c->count++;
		c->size += UINT64_C(1) << m->depth;
	} else {
		if (minute > m->minute)
			m->minute = minute;
		c->size += (UINT64_C(1) << c->depth) -
		    (UINT64_C(1) << m->depth);
		m->depth = c->depth;
	}
	if (c->count * 2 < c->room)
		return;
	if (c->room < 2 * CROWD_MAX)
		rebuild(c, c->room * 2, INT64_MIN);
	while (c->count >= CROWD_MAX && c->depth < DEPTH_MAX) {
		c->depth++;
		rebuild(c, c->room, INT64_MIN);
	}
}

void
crowd_expire(struct crowd *c, int64_t before)
{
	bool any = false;

	for (uint32_t i = 0; i < c->room && !any; i++)
		any = c->slots[i].hash != 0 && c->slots[i].minute < before;
	if (any)
		rebuild(c, c->room, before);
	/* Who comes from now on stands for fewer; the others for as many as
	 * when they were last heard. */
	if (c->depth > 0 && c->count < CROWD_MAX / 4)
		c->depth--;
}

void
crowd_save(const struct crowd *c, struct buf *out)
{
	pack_uint(out, c->depth);
	pack_uint(out, c->count);
	for (uint32_t i = 0; i < c->room; i++) {
		if (c->slots[i].hash == 0)
			continue;
		pack_u64(out, c->slots[i].hash);
		pack_int(out, c->slots[i].minute);
		pack_uint(out, c->slots[i].depth);
	}
}

void
crowd_load(struct crowd *c, struct unpack *in)
{
	uint32_t count, room = 16;

	c->depth = (uint32_t)unpack_most(in, DEPTH_MAX);
	count = (uint32_t)unpack_most(in, CROWD_MAX);
	if (in->bad || count == 0)
		return;
	while (count * 2 >= room)
		room *= 2;
	rebuild(c, room, INT64_MIN);
	for (uint32_t i = 0; i < count && !in->bad; i++) {
		struct crowd_member m = {.hash = unpack_u64(in)}, *at;

		m.minute = unpack_int(in);
		m.depth = (uint32_t)unpack_most(in, DEPTH_MAX);
		at = find(c, m.hash);
		if (m.hash == 0 || at->hash != 0) {
			in->bad = true;
			return;
		}
		*at = m;
		c->count++;
		c->size += UINT64_C(1) << m.depth;
	}
}
