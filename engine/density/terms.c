/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/terms.h"

#include <stdlib.h>

#include "engine/base/must.h"

#define HASHES 4u
#define ROW 8u /* places that one key may have */
#define ROWS (TERMS_YOUNG_MAX / ROW)
#define FILTER_BYTES (TERMS_FILTER_BITS / 8)
#define LINE_BYTES 64u
_Static_assert(ROW * sizeof(uint64_t) == LINE_BYTES, "keys of one row");

struct terms {
	unsigned char *filters[2];
	uint32_t counts[2];
	uint32_t newest;
	uint64_t *keys; /* of the young, a row in a line of the cache */
	struct young_term *young;
	/* Keys that are known and not young; 0: free.  Holds while bits are
	 * only set: emptied with a filter. */
	uint64_t *settled;
	uint64_t forgotten;
};

struct terms *
terms_new(void)
{
	struct terms *t = must_alloc(sizeof(*t));

	for (unsigned i = 0; i < 2; i++)
		t->filters[i] = must_alloc(FILTER_BYTES);
	t->young = must_alloc(TERMS_YOUNG_MAX * sizeof(*t->young));
	t->keys = must_lines(TERMS_YOUNG_MAX / ROW);
	memset(t->keys, 0, TERMS_YOUNG_MAX * sizeof(*t->keys));
	t->settled = must_lines(TERMS_SETTLED_MAX / ROW);
	memset(t->settled, 0, TERMS_SETTLED_MAX * sizeof(*t->settled));
	return t;
}

void
terms_free(struct terms *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < 2; i++)
		free(t->filters[i]);
	free(t->young);
	free(t->keys);
	free(t->settled);
	free(t);
}

/* The bits of a key: pieces of two mixed words. */
struct bits {
	uint32_t at[HASHES];
};

static struct bits
bits_of(uint64_t key)
{
	uint64_t x = key * 0xff51afd7ed558ccdu, y;

	x ^= x >> 33;
	y = x * 0x9e3779b97f4a7c15u;
	x *= 0xc4ceb9fe1a85ec53u;
	x ^= x >> 29;
	y ^= y >> 29;
	return (struct bits){{(uint32_t)x % TERMS_FILTER_BITS,
	    (uint32_t)(x >> 32) % TERMS_FILTER_BITS,
	    (uint32_t)y % TERMS_FILTER_BITS,
	    (uint32_t)(y >> 32) % TERMS_FILTER_BITS}};
}

static bool
in_filter(const unsigned char *filter, const struct bits *bits)
{
	for (uint32_t i = 0; i < HASHES; i++)
		if ((filter[bits->at[i] / 8] & 1u << bits->at[i] % 8) == 0)
			return false;
	return true;
}

#define SETTLED_ROWS (TERMS_SETTLED_MAX / ROW)

/* The row of the keys that are settled in which ${key} stands if it is. */
static uint64_t *
settled_row(const struct terms *t, uint64_t key)
{
	return &t->settled[(key >> 40) % SETTLED_ROWS * ROW];
}

static bool
is_settled(const struct terms *t, uint64_t key)
{
	const uint64_t *row = settled_row(t, key);
	bool any = false;

	for (uint32_t i = 0; i < ROW; i++)
		any |= row[i] == key;
	return any;
}

/* The one that was settled first leaves its row. */
static void
settle(struct terms *t, uint64_t key)
{
	uint64_t *row = settled_row(t, key);

	memmove(row + 1, row, (ROW - 1) * sizeof(*row));
	row[0] = key;
}

static uint32_t
row_of(uint64_t key)
{
	return (key >> 17) % ROWS * ROW;
}

void
terms_ahead(const struct terms *t, uint64_t key)
{
	__builtin_prefetch(settled_row(t, key), 1);
}

bool
terms_prepare(const struct terms *t, uint64_t key)
{
	struct bits bits;

	if (is_settled(t, key))
		return true;
	bits = bits_of(key);
	__builtin_prefetch(&t->keys[row_of(key)]);
	for (uint32_t i = 0; i < HASHES; i++) {
		__builtin_prefetch(&t->filters[0][bits.at[i] / 8]);
		if (t->counts[1] > 0)
			__builtin_prefetch(&t->filters[1][bits.at[i] / 8]);
	}
	return false;
}

bool
terms_known(const struct terms *t, uint64_t key)
{
	struct bits bits = bits_of(key);

	return in_filter(t->filters[0], &bits) ||
	    in_filter(t->filters[1], &bits);
}

static void
put(struct terms *t, uint64_t key)
{
	unsigned char *filter = t->filters[t->newest];
	struct bits bits = bits_of(key);

	if (in_filter(filter, &bits))
		return;
	if (t->counts[t->newest] == TERMS_PER_FILTER) {
		t->newest ^= 1;
		filter = t->filters[t->newest];
		if (t->counts[t->newest] > 0)
			t->forgotten++;
		memset(filter, 0, FILTER_BYTES);
		memset(t->settled, 0,
		    TERMS_SETTLED_MAX * sizeof(*t->settled));
		t->counts[t->newest] = 0;
	}
	t->counts[t->newest]++;
	for (uint32_t i = 0; i < HASHES; i++) {
		uint32_t bit = bits.at[i];

		filter[bit / 8] =
		    (unsigned char)(filter[bit / 8] | 1u << bit % 8);
	}
}

static uint32_t
find(const struct terms *t, uint64_t key)
{
	uint32_t row = row_of(key);

	for (uint32_t i = row; i < row + ROW; i++)
		if (t->keys[i] == key)
			return i;
	return TERMS_YOUNG_MAX;
}

static void
set_key(struct terms *t, uint32_t i, uint64_t key)
{
	t->keys[i] = t->young[i].key = key;
}

struct young_term *
terms_find(struct terms *t, uint64_t key)
{
	uint32_t i = find(t, key);

	return i == TERMS_YOUNG_MAX ? NULL : &t->young[i];
}

bool
terms_settled(struct terms *t, uint64_t key)
{
	if (is_settled(t, key))
		return true;
	if (find(t, key) != TERMS_YOUNG_MAX || !terms_known(t, key))
		return false;
	settle(t, key);
	return true;
}

void
terms_learn(struct terms *t, uint64_t key)
{
	uint32_t i = find(t, key);

	if (i != TERMS_YOUNG_MAX)
		set_key(t, i, 0);
	put(t, key);
	if (!is_settled(t, key))
		settle(t, key);
}

struct young_term *
terms_young(struct terms *t, uint64_t key, int64_t minute)
{
	uint32_t row = row_of(key), at = find(t, key);

	if (at != TERMS_YOUNG_MAX)
		return &t->young[at];
	at = row;
	for (uint32_t i = row; i < row + ROW && t->keys[at] != 0; i++)
		if (t->keys[i] == 0 || t->young[i].born < t->young[at].born)
			at = i;
	if (t->keys[at] != 0) {
		put(t, t->keys[at]);
		t->forgotten++;
	}
	t->young[at] = (struct young_term){.born = minute};
	set_key(t, at, key);
	return &t->young[at];
}

uint64_t
terms_forgotten(const struct terms *t)
{
	return t->forgotten;
}

uint32_t
terms_turn(const struct terms *t)
{
	return t->newest;
}

void
terms_save(const struct terms *t, struct buf *out)
{
	uint32_t young = 0;
	uint32_t header[6] = {TERMS_FILTER_BITS, TERMS_YOUNG_MAX, t->counts[0],
	    t->counts[1], t->newest, 0};

	for (uint32_t i = 0; i < TERMS_YOUNG_MAX; i++)
		young += t->young[i].key != 0;
	header[5] = young;
	buf_put(out, header, sizeof(header));
	for (unsigned i = 0; i < 2; i++)
		if (t->counts[i] > 0)
			buf_put(out, t->filters[i], FILTER_BYTES);
	for (uint32_t i = 0; i < TERMS_YOUNG_MAX; i++) {
		if (t->young[i].key == 0)
			continue;
		buf_put(out, &i, sizeof(i));
		buf_put(out, &t->young[i], sizeof(t->young[i]));
	}
}

static bool
take(struct slice *from, void *to, size_t bytes)
{
	if (from->len < bytes)
		return false;
	memcpy(to, from->data, bytes);
	from->data += bytes;
	from->len -= bytes;
	return true;
}

bool
terms_load(struct terms *t, struct slice *saved)
{
	uint32_t header[6];

	if (!take(saved, header, sizeof(header)) ||
	    header[0] != TERMS_FILTER_BITS || header[1] != TERMS_YOUNG_MAX ||
	    header[2] > TERMS_PER_FILTER || header[3] > TERMS_PER_FILTER ||
	    header[4] > 1)
		return false;
	t->newest = header[4];
	for (unsigned i = 0; i < 2; i++) {
		t->counts[i] = header[2 + i];
		if (t->counts[i] > 0 &&
		    !take(saved, t->filters[i], FILTER_BYTES))
			return false;
	}
	for (uint32_t i = 0; i < header[5]; i++) {
		uint32_t at;

		if (!take(saved, &at, sizeof(at)) || at >= TERMS_YOUNG_MAX ||
		    !take(saved, &t->young[at], sizeof(t->young[at])) ||
		    t->young[at].count > TERM_ACCOUNTS_MAX)
			return false;
		t->keys[at] = t->young[at].key;
	}
	return true;
}
