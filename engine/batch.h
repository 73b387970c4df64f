/*
 * A slab of input and what a worker made of it: the unit of every hand-off.
 *
 * Fixed pool, one owner at a time, asserted at each hand-off by batch_move:
 * free -> intake -> queued -> worker -> done -> free.  Input memory is taken
 * once; output vectors grow in their first batches and keep their memory.
 * Thread: whoever owns it by its state.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "engine/base/buf.h"
#include "engine/counters.h"
#include "engine/decoder.h"
#include "engine/record.h"

enum batch_state {
	BATCH_FREE,
	BATCH_INTAKE,
	BATCH_QUEUED,
	BATCH_WORKER,
	BATCH_DONE,
};

/* A growing array that keeps its memory: struct vec of bytes, typed by use. */
struct vec {
	void *items;
	uint32_t count, room;
};

/** vec_push(v, type): room for one more; the pointer is good until the next. */
#define vec_push(v, type) ((type *)batch_vec_push((v), sizeof(type)))
/** vec_room(v, type, n): room for ${n} more; where they go. */
#define vec_room(v, type, n) ((type *)batch_vec_room((v), sizeof(type), (n)))
#define vec_at(v, type, i) (&((type *)(v)->items)[i])

struct bad_line {
	uint32_t line; /* of the batch, from 0 */
	uint32_t at, error_at;
	enum decode_result result;
	const char *reason;
	char text[96]; /* how the line begins, printable */
};

struct benched;

struct batch {
	enum batch_state state;
	uint64_t seq;
	struct batch *next; /* in the pool or in the order of collection */

	/* filled by intake, on the loop */
	char *bytes; /* BATCH_BYTES + LINE_BYTES_MAX, padding behind */
	uint32_t len;
	uint32_t input;     /* index of the input, for messages */
	uint64_t offset;    /* of bytes[0] in that input */
	int64_t arrival_ms; /* clock at the last read; TIME_NONE in replay */
	bool last;          /* nothing follows from this input */
	const struct ruleset *rules; /* pinned */
	struct benched *benched;     /* of those rules; NULL without */
	uint32_t benched_count;      /* known when it was submitted */

	/* filled by the worker */
	uint32_t lines;     /* newlines and a last line without one */
	int64_t clock_ms;   /* TIME_NONE */
	struct vec records, shares, topics, reasons, terms;
	struct vec tallies; /* struct term_hit: what conditions count */
	struct buf text;    /* evidence, pointed to by struct part */
	struct buf out;     /* lines to print, in order (match) */
	struct bad_line bad[BAD_LINES_SHOWN];
	uint32_t bad_count;
	uint32_t uses;      /* times that a worker had it, for the warm-up */
	struct vec overruns; /* uint32_t regex index, one per overrun */
	struct counters counts;
};

struct batch_pool;

/** batch_pool_new(count): all free.  batch_pool_free wants them all back. */
struct batch_pool *batch_pool_new(uint32_t count);
void batch_pool_free(struct batch_pool *pool);

/** batch_take(pool): a cleared batch in state intake, or NULL: none free. */
struct batch *batch_take(struct batch_pool *pool);

/** batch_release(pool, batch): done or intake -> free. */
void batch_release(struct batch_pool *pool, struct batch *batch);

/** batch_alone(): a batch of no pool for records that come from a file;
 * batch_alone_free(batch), batch_alone_clear(batch): as new. */
struct batch *batch_alone(void);
void batch_alone_clear(struct batch *batch);
void batch_alone_free(struct batch *batch);

/** batch_move(batch, from, to): the hand-off; REQUIREs the old state. */
void batch_move(struct batch *batch, enum batch_state from,
    enum batch_state to);

/** batch_forget(batch): what a worker made of it, as if it had none seen. */
void batch_forget(struct batch *batch);

void *batch_vec_room(struct vec *v, size_t item_bytes, uint32_t count);

static inline void *
batch_vec_push(struct vec *v, size_t item_bytes)
{
	if (v->count == v->room)
		batch_vec_room(v, item_bytes, 1);
	return (char *)v->items + item_bytes * v->count++;
}

/**
 * batch_note_bad(batch, where, line, len): keep ${where} and how the line
 * begins for the message; the first BAD_LINES_SHOWN of a batch are kept.
 */
void batch_note_bad(struct batch *batch, const struct bad_line *where,
    const char *line, size_t len);

#endif
