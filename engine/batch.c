/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/utf8.h"

struct batch_pool {
	struct batch *items, *free; /* the last one given back goes out first */
	uint32_t count, free_count;
};

/* The longest line may begin just before a batch would be full. */
#define BYTES_ROOM ((size_t)BATCH_BYTES + LINE_BYTES_MAX + BATCH_PADDING)

struct batch_pool *
batch_pool_new(uint32_t count)
{
	struct batch_pool *pool = must_alloc(sizeof(*pool));

	REQUIRE(count > 0);
	pool->items = must_alloc(count * sizeof(*pool->items));
	pool->count = pool->free_count = count;
	for (uint32_t i = count; i-- > 0;) {
		struct batch *b = &pool->items[i];

		/* Zero pages that nobody touches cost no memory: most
		 * batches never see a line longer than BATCH_BYTES. */
		b->bytes = must_alloc(BYTES_ROOM);
		b->next = pool->free;
		pool->free = b;
	}
	return pool;
}

static void
batch_fini(struct batch *b)
{
	struct vec *vecs[] = {
	    &b->records, &b->shares, &b->topics, &b->reasons, &b->terms,
	    &b->tallies, &b->overruns};

	for (size_t i = 0; i < sizeof(vecs) / sizeof(*vecs); i++)
		free(vecs[i]->items);
	buf_fini(&b->text);
	buf_fini(&b->out);
	free(b->bytes);
}

void
batch_pool_free(struct batch_pool *pool)
{
	if (pool == NULL)
		return;
	REQUIRE(pool->free_count == pool->count);
	for (uint32_t i = 0; i < pool->count; i++)
		batch_fini(&pool->items[i]);
	free(pool->items);
	free(pool);
}

static void
clear_results(struct batch *b)
{
	b->records.count = b->shares.count = b->topics.count = 0;
	b->reasons.count = b->terms.count = b->tallies.count = 0;
	b->overruns.count = 0;
	buf_clear(&b->text);
	buf_clear(&b->out);
}

struct batch *
batch_take(struct batch_pool *pool)
{
	struct batch *b = pool->free;

	if (b == NULL)
		return NULL;
	pool->free = b->next;
	pool->free_count--;
	b->next = NULL;
	b->seq = 0;
	b->len = b->input = b->lines = b->bad_count = 0;
	b->offset = 0;
	b->arrival_ms = b->clock_ms = TIME_NONE;
	b->last = false;
	b->rules = NULL;
	b->benched = NULL;
	b->benched_count = 0;
	clear_results(b);
	memset(&b->counts, 0, sizeof(b->counts));
	batch_move(b, BATCH_FREE, BATCH_INTAKE);
	return b;
}

void
batch_release(struct batch_pool *pool, struct batch *b)
{
	REQUIRE(b->state == BATCH_DONE || b->state == BATCH_INTAKE);
	REQUIRE(b >= pool->items && b < pool->items + pool->count);
	b->state = BATCH_FREE;
	b->next = pool->free;
	pool->free = b;
	pool->free_count++;
}

struct batch *
batch_alone(void)
{
	struct batch *b = must_alloc(sizeof(*b));

	b->clock_ms = b->arrival_ms = TIME_NONE;
	return b;
}

void
batch_alone_clear(struct batch *b)
{
	b->clock_ms = TIME_NONE;
	clear_results(b);
}

void
batch_alone_free(struct batch *b)
{
	if (b == NULL)
		return;
	batch_fini(b);
	free(b);
}

void
batch_move(struct batch *b, enum batch_state from, enum batch_state to)
{
	REQUIRE(b->state == from);
	b->state = to;
}

void
batch_forget(struct batch *b)
{
	/* Lines that are too long were counted and noted by intake, before
	 * any worker. */
	uint64_t too_long =
	    b->counts.values[COUNTER_lines_bad_too_long_total];

	memset(&b->counts, 0, sizeof(b->counts));
	b->counts.values[COUNTER_lines_bad_too_long_total] = too_long;
	if (b->bad_count > too_long)
		b->bad_count = (uint32_t)too_long;
	b->lines = 0;
	b->clock_ms = TIME_NONE;
	clear_results(b);
}

void *
batch_vec_room(struct vec *v, size_t item_bytes, uint32_t count)
{
	if (v->room - v->count < count) {
		while (v->room - v->count < count)
			v->room = v->room == 0 ? 64 : v->room * 2;
		v->items = must_grow(v->items, v->room * item_bytes);
	}
	return (char *)v->items + v->count * item_bytes;
}

void
batch_note_bad(struct batch *b, const struct bad_line *where,
    const char *line, size_t len)
{
	struct bad_line *bad = &b->bad[b->bad_count];
	size_t n = 0, step;
	uint32_t c;

	if (b->bad_count == BAD_LINES_SHOWN)
		return;
	b->bad_count++;
	*bad = *where;
	for (size_t i = 0; i < len; i += step) {
		step = utf8_decode(line + i, len - i, &c);
		if (n + (step == 0 ? 1 : step) >= sizeof(bad->text))
			break;
		/* A terminal must not obey a post, and a broken byte would
		 * break the message too. */
		if (step == 0 || c < ' ' || (c >= 0x7f && c < 0xa0)) {
			bad->text[n++] = '?';
			step += step == 0;
			continue;
		}
		memcpy(bad->text + n, line + i, step);
		n += step;
	}
	bad->text[n] = '\0';
}
