/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/intake_hub.h"

/* A batch with less room than this is handed on: a read of a few bytes costs
 * as much as one of many. */
#define READ_BYTES_MIN (BATCH_BYTES / 8)

struct intake *
intake_open(struct intake_hub *hub, const char *name)
{
	for (uint32_t i = 0; i < hub->inputs_max; i++) {
		struct intake *in = hub->inputs[i];

		if (in != NULL)
			continue;
		in = must_alloc(sizeof(*in));
		in->hub = hub;
		in->index = i;
		snprintf(in->name, sizeof(in->name), "%s", name);
		hub->inputs[i] = in;
		if (i >= hub->inputs_top)
			hub->inputs_top = i + 1;
		return in;
	}
	return NULL;
}

static void
intake_free_if_over(struct intake *in)
{
	if (!in->closed || in->batch != NULL || in->flying > 0)
		return;
	in->hub->inputs[in->index] = NULL;
	free(in);
}

static bool
is_full(const struct intake *in)
{
	return in->whole > 0 && in->batch->len > BATCH_BYTES - READ_BYTES_MIN;
}

/* Open a batch at offset ${offset} of the input. */
static struct batch *
open_batch(struct intake *in, uint64_t offset)
{
	struct batch *b = in->hub->take(in->hub);

	REQUIRE(b != NULL);
	b->input = in->index;
	b->offset = offset;
	return b;
}

/* Hand on the whole lines; the half line behind them moves to a new batch. */
bool
intake_flush(struct intake *in)
{
	struct intake_hub *hub = in->hub;
	struct batch *b = in->batch, *next = NULL;
	uint32_t half;

	if (b == NULL || in->whole == 0 || !hub->room(hub))
		return false;
	half = b->len - in->whole;
	if (half > 0) {
		next = open_batch(in, in->offset - half);
		memcpy(next->bytes, b->bytes + in->whole, half);
		next->len = half;
		next->arrival_ms = b->arrival_ms;
	}
	b->len = in->whole;
	b->last = in->closed;
	in->batch = next;
	in->whole = 0;
	in->flying++;
	hub->submit(hub, in, b);
	return true;
}

char *
intake_room(struct intake *in, size_t *room)
{
	struct intake_hub *hub = in->hub;
	struct batch *b;

	REQUIRE(!in->closed);
	*room = 0;
	if (in->batch != NULL && is_full(in) && !intake_flush(in)) {
		hub->starved(hub);
		return NULL;
	}
	if (in->batch == NULL) {
		if (!hub->room(hub)) {
			hub->starved(hub);
			return NULL;
		}
		in->batch = open_batch(in, in->offset);
		in->whole = 0;
	}
	b = in->batch;
	/* Only a line longer than a batch goes on behind BATCH_BYTES; it is
	 * dropped before it leaves the memory of the batch. */
	*room = in->whole > 0 || b->len <= BATCH_BYTES - READ_BYTES_MIN
	    ? BATCH_BYTES - b->len
	    : BATCH_BYTES;
	return b->bytes + b->len;
}

/* The line that begins at ${whole} is too long: an empty line takes its
 * place, so that the lines after it keep their numbers. */
static void
drop_line(struct intake *in)
{
	struct batch *b = in->batch;
	struct bad_line bad = {
	    .error_at = LINE_BYTES_MAX,
	    .at = in->whole,
	    .result = DECODE_BAD_JSON,
	    .reason = "the line is too long",
	};
	const char *end = b->bytes + in->whole;

	for (const char *p = b->bytes; p < end; p++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (p == NULL)
			break;
		bad.line++;
	}
	batch_note_bad(b, &bad, end, 64);
	counters_bump(&b->counts, lines_bad_too_long_total);
	b->bytes[in->whole++] = '\n';
	b->len = in->whole;
}

/* New bytes stand at ${from}..len: take out the part of them that belongs to
 * a line that is too long.  Returns false when nothing is left. */
static bool
skip_long_line(struct intake *in, uint32_t from)
{
	struct batch *b = in->batch;
	uint32_t len = b->len, left;
	const char *newline = memchr(b->bytes + from, '\n', len - from);

	if (!in->skipping) {
		uint32_t end = newline != NULL
		    ? (uint32_t)(newline - b->bytes)
		    : len;

		if (end - in->whole <= LINE_BYTES_MAX)
			return true;
		drop_line(in);
	}
	in->skipping = newline == NULL;
	if (newline == NULL) {
		b->len = in->whole;
		return false;
	}
	left = len - (uint32_t)(newline + 1 - b->bytes);
	memmove(b->bytes + in->whole, newline + 1, left);
	b->len = in->whole + left;
	return left > 0;
}

void
intake_bytes(struct intake *in, size_t n)
{
	struct batch *b = in->batch;
	uint32_t from;
	const char *newline;

	REQUIRE(b != NULL && !in->closed);
	REQUIRE(n <= BATCH_BYTES);
	from = b->len;
	b->len += (uint32_t)n;
	in->offset += n;
	b->arrival_ms = in->hub->arrival_ms(in->hub);
	counters_bump_by(&b->counts, posts_bytes, n);
	if (n > 0 &&
	    (in->skipping || b->len - in->whole > LINE_BYTES_MAX)) {
		if (!skip_long_line(in, from))
			return;
		from = in->whole;
	}
	newline = memrchr(b->bytes + from, '\n', b->len - from);
	if (newline != NULL)
		in->whole = (uint32_t)(newline + 1 - b->bytes);
	if (is_full(in))
		intake_flush(in);
}

void
intake_on_collected(struct intake *in,
    void (*call)(void *self, uint32_t lines), void *self)
{
	in->on_collected = call;
	in->on_collected_self = self;
}

void
intake_close(struct intake *in)
{
	REQUIRE(!in->closed);
	in->closed = true;
	if (in->batch != NULL && in->batch->len == 0) {
		in->hub->give_back(in->hub, in->batch);
		in->batch = NULL;
	}
	if (in->batch != NULL) {
		in->whole = in->batch->len;
		intake_flush(in);
	}
	intake_free_if_over(in);
}

void
intake_collected(struct intake *in, uint32_t lines)
{
	REQUIRE(in->flying > 0);
	in->flying--;
	in->lines += lines;
	if (in->on_collected != NULL)
		in->on_collected(in->on_collected_self, lines);
	intake_free_if_over(in);
}

void
intake_flush_closed(struct intake_hub *hub)
{
	for (uint32_t i = 0; i < hub->inputs_top; i++) {
		struct intake *in = hub->inputs[i];

		if (in != NULL && in->closed && in->batch != NULL)
			intake_flush(in);
	}
}

void
intake_free_all(struct intake_hub *hub)
{
	for (uint32_t i = 0; i < hub->inputs_top; i++) {
		struct intake *in = hub->inputs[i];

		if (in != NULL && in->batch != NULL)
			hub->give_back(hub, in->batch);
		free(in);
		hub->inputs[i] = NULL;
	}
}
