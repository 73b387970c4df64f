/*
 * The pipeline as inputs see it: what intake.c needs from it, and what it
 * may know of an input.
 *
 * Each open input may hold one open batch beside those that are in flight,
 * so memory is bounded by both ceilings together, and a half line never
 * waits for somebody else's batch.
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_INTAKE_HUB_H
#define ENGINE_INTAKE_HUB_H

#include "engine/batch.h"
#include "engine/intake.h"

struct intake {
	struct intake_hub *hub;
	struct batch *batch; /* open, or NULL */
	uint32_t whole;      /* bytes of whole lines in it */
	uint32_t index;      /* in the hub; batch.input */
	uint32_t flying;     /* batches submitted and not yet collected */
	bool skipping;       /* inside a line that is too long */
	bool closed;
	uint64_t offset; /* bytes of the input taken so far */
	uint64_t lines;  /* lines collected so far, for messages */
	void (*on_collected)(void *self, uint32_t lines); /* or NULL */
	void *on_collected_self;
	char name[160];
};

struct intake_hub {
	/* a batch in state intake; never NULL while room() is true */
	struct batch *(*take)(struct intake_hub *hub);
	void (*give_back)(struct intake_hub *hub, struct batch *batch);
	/* may a batch be submitted now?  False: wait for a resume */
	bool (*room)(struct intake_hub *hub);
	void (*submit)(struct intake_hub *hub, struct intake *in,
	    struct batch *batch);
	/* an input wanted memory and there was none: pause the sources */
	void (*starved)(struct intake_hub *hub);
	int64_t (*arrival_ms)(struct intake_hub *hub);
	uint32_t inputs_max; /* 1..INPUTS_MAX */
	uint32_t inputs_top; /* behind the last that was ever open */
	struct intake *inputs[INPUTS_MAX];
};

/** intake_flush(in): submit the whole lines of its open batch, if there are
 * any and if there is room; true when a batch was submitted. */
bool intake_flush(struct intake *in);

/** intake_flush_closed(hub): the same for inputs that ended while there was
 * no room: they come before anything new. */
void intake_flush_closed(struct intake_hub *hub);

/** intake_free_all(hub): at the very end; nothing may be in flight. */
void intake_free_all(struct intake_hub *hub);

/** intake_collected(in, lines): one batch of it came back; a closed input
 * without further batches is freed. */
void intake_collected(struct intake *in, uint32_t lines);

#endif
