/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/memo.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"

#define LINE 64u /* bytes */

/* Of an item; its data lies behind it. */
struct head {
	uint64_t key;
	int64_t touched;
	uint32_t serial; /* 0: saved, and not asked for since */
	uint32_t padding;
};

struct memo {
	uint32_t item_bytes, version;
	size_t stride;
	char *items; /* heads and data */
	uint32_t count, room;
	uint32_t saved;      /* so many first items were loaded, by key */
	uint32_t *by_serial; /* index + 1 */
	uint32_t serials_room;
	uint64_t forgotten;
};

struct memo *
memo_new(uint32_t item_bytes, uint32_t version)
{
	struct memo *m = must_alloc(sizeof(*m));

	m->item_bytes = item_bytes;
	m->version = version;
	m->stride = sizeof(struct head) + (item_bytes + 7ul) / 8 * 8;
	return m;
}

void
memo_free(struct memo *m)
{
	if (m == NULL)
		return;
	free(m->items);
	free(m->by_serial);
	free(m);
}

static struct head *
head_at(const struct memo *m, uint32_t i)
{
	return (struct head *)(void *)(m->items + i * m->stride);
}

uint64_t
memo_key(const struct key *key)
{
	const char *ids[] = {key->sector, key->brand, key->topic};
	uint64_t hash = 0;

	for (unsigned i = 0; i < 3; i++)
		hash = ids[i] == NULL ? hash * 31 + 1 :
		    XXH3_64bits_withSeed(ids[i], strlen(ids[i]), hash);
	return hash;
}

/* Among those that were loaded and keep their order. */
static uint32_t
find_saved(const struct memo *m, uint64_t key)
{
	uint32_t from = 0, to = m->saved;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (head_at(m, middle)->key == key)
			return middle;
		if (head_at(m, middle)->key < key)
			from = middle + 1;
		else
			to = middle;
	}
	return UINT32_MAX;
}

static uint32_t *
slot_of(struct memo *m, uint32_t serial)
{
	if (serial >= m->serials_room) {
		uint32_t room = serial * 2;

		m->by_serial =
		    must_grow(m->by_serial, room * sizeof(*m->by_serial));
		memset(&m->by_serial[m->serials_room], 0,
		    (room - m->serials_room) * sizeof(*m->by_serial));
		m->serials_room = room;
	}
	return &m->by_serial[serial];
}

/* The place of the one that was touched the longest ago, now free. */
static uint32_t
give_up_one(struct memo *m)
{
	uint32_t oldest = 0;

	for (uint32_t i = 1; i < m->count; i++)
		if (head_at(m, i)->touched < head_at(m, oldest)->touched)
			oldest = i;
	if (oldest < m->saved) /* what was loaded is found by its order */
		m->saved = oldest;
	if (head_at(m, oldest)->serial > 0)
		*slot_of(m, head_at(m, oldest)->serial) = 0;
	m->forgotten++;
	return oldest;
}

static uint32_t
place(struct memo *m)
{
	if (m->count == MEMO_ITEMS_MAX)
		return give_up_one(m);
	if (m->count == m->room) {
		m->room = m->room == 0 ? 16 : m->room * 2;
		m->items = must_grow(m->items, m->room * m->stride);
	}
	return m->count++;
}

static void *
data_at(const struct memo *m, uint32_t i)
{
	return (char *)head_at(m, i) + sizeof(struct head);
}

void *
memo_find(struct memo *m, const struct key *key)
{
	uint32_t *slot = slot_of(m, key->serial), i;

	if (*slot > 0)
		return data_at(m, *slot - 1);
	if (m->saved == 0)
		return NULL;
	i = find_saved(m, memo_key(key));
	if (i == UINT32_MAX || head_at(m, i)->serial != 0)
		return NULL;
	head_at(m, i)->serial = key->serial;
	*slot = i + 1;
	return data_at(m, i);
}

void *
memo_of(struct memo *m, const struct key *key, int64_t minute)
{
	void *data = memo_find(m, key);
	uint32_t i;

	if (data == NULL) {
		i = place(m);
		memset(head_at(m, i), 0, m->stride);
		*head_at(m, i) = (struct head){.key = memo_key(key),
		    .serial = key->serial};
		*slot_of(m, key->serial) = i + 1;
		data = data_at(m, i);
	}
	head_at(m, *slot_of(m, key->serial) - 1)->touched = minute;
	return data;
}

const void *
memo_peek(const struct memo *m, const struct key *key)
{
	uint32_t i = key->serial < m->serials_room ?
	    m->by_serial[key->serial] : 0;

	return i == 0 ? NULL : data_at(m, i - 1);
}

void
memo_ahead(const struct memo *m, const struct key *key, size_t from,
    size_t bytes)
{
	const char *data = memo_peek(m, key);
	uintptr_t line;

	if (data == NULL)
		return;
	__builtin_prefetch(data - sizeof(struct head), 1);
	line = (uintptr_t)(data + from) & ~(uintptr_t)(LINE - 1);
	for (; line < (uintptr_t)(data + from + bytes); line += LINE)
		__builtin_prefetch((const void *)line, 1);
}

uint64_t
memo_key_of(const void *item)
{
	return ((const struct head *)item - 1)->key;
}

uint64_t
memo_forgotten(const struct memo *m)
{
	return m->forgotten;
}

static int
by_key(const void *a, const void *b)
{
	const struct head *x = *(struct head *const *)a;
	const struct head *y = *(struct head *const *)b;

	return (x->key > y->key) - (x->key < y->key);
}

void
memo_save(const struct memo *m, struct buf *out)
{
	struct head **order = must_alloc((m->count + 1ul) * sizeof(*order));
	uint32_t header[4] = {m->version, m->item_bytes, m->count, 0};

	for (uint32_t i = 0; i < m->count; i++)
		order[i] = head_at(m, i);
	qsort(order, m->count, sizeof(*order), by_key);
	buf_put(out, header, sizeof(header));
	for (uint32_t i = 0; i < m->count; i++) {
		struct head head = *order[i];

		head.serial = 0;
		buf_put(out, &head, sizeof(head));
		buf_put(out, (char *)order[i] + sizeof(head),
		    m->stride - sizeof(head));
	}
	free(order);
}

bool
memo_load(struct memo *m, struct slice *saved)
{
	uint32_t header[4];
	size_t bytes;

	REQUIRE(m->count == 0);
	if (saved->len < sizeof(header))
		return false;
	memcpy(header, saved->data, sizeof(header));
	bytes = header[2] * m->stride;
	if (header[0] != m->version || header[1] != m->item_bytes ||
	    header[2] > MEMO_ITEMS_MAX || saved->len - sizeof(header) < bytes)
		return false;
	m->count = m->room = m->saved = header[2];
	if (m->count > 0) {
		m->items = must_alloc(bytes);
		memcpy(m->items, saved->data + sizeof(header), bytes);
	}
	for (uint32_t i = 0; i < m->count; i++) {
		head_at(m, i)->serial = 0;
		if (i > 0 && head_at(m, i)->key <= head_at(m, i - 1)->key)
			m->saved = i < m->saved ? i : m->saved;
	}
	saved->data += sizeof(header) + bytes;
	saved->len -= sizeof(header) + bytes;
	return true;
}
