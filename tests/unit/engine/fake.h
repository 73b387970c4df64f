/*
 * For tests of the pipeline: a decoder whose posts are the lines themselves,
 * and a job that writes each post to batch.out, now and then giving way to
 * other threads so that batches overtake each other.
 * A line that begins with '!' is bad.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_FAKE_H
#define TESTS_UNIT_ENGINE_FAKE_H

#include <sched.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/pipeline.h"

struct fake_state {
	const char *bytes;
	uint32_t len, at;
};

static void *
fake_open(void)
{
	return must_alloc(sizeof(struct fake_state));
}

static void
fake_begin(void *state, const char *bytes, size_t len)
{
	struct fake_state *s = state;

	s->bytes = bytes;
	s->len = (uint32_t)len;
	s->at = 0;
}

static enum decode_result
fake_next(void *state, struct post *post, struct decode_line *line)
{
	struct fake_state *s = state;
	const char *newline;

	if (s->at >= s->len)
		return DECODE_END;
	newline = memchr(s->bytes + s->at, '\n', s->len - s->at);
	line->at = s->at;
	line->len = newline == NULL
	    ? s->len - s->at
	    : (uint32_t)(newline - s->bytes) - s->at;
	line->error_at = 0;
	line->reason = "a bang";
	line->lists_cut = false;
	s->at += line->len + 1;
	if (line->len == 0)
		return DECODE_BLANK;
	if (s->bytes[line->at] == '!')
		return DECODE_BAD_JSON;
	post_clear(post);
	post->text = (struct slice){s->bytes + line->at, line->len};
	return DECODE_POST;
}

static const struct decoder fake_decoder = {
    .name = "fake",
    .help = "lines",
    .open = fake_open,
    .close = free,
    .begin = fake_begin,
    .next = fake_next,
};

static void
fake_post(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	(void)self;
	(void)ctx;
	(void)text;
	(void)verdict;
	if (post->text.len % 16 == 3)
		sched_yield();
	buf_slice_put(&batch->out, post->text);
	buf_char(&batch->out, '\n');
}

static const struct job fake_job = {.post = fake_post, .every = true};

/* What a consumer saw. */
struct seen {
	struct buf out;
	uint64_t batches, next_seq;
	unsigned ends, pauses, resumes;
	bool closed, shut; /* shut: it may not go on */
};

static void
seen_on_batch(void *self, struct batch *b)
{
	struct seen *s = self;

	REQUIRE(b->seq == s->next_seq++);
	REQUIRE(b->state == BATCH_DONE);
	REQUIRE(!s->shut);
	buf_put(&s->out, b->out.data, b->out.len);
	s->batches++;
}

static bool
seen_may_go_on(void *self)
{
	return !((struct seen *)self)->shut;
}

static void
seen_on_end(void *self)
{
	((struct seen *)self)->ends++;
}

static void
seen_pause(void *self)
{
	((struct seen *)self)->pauses++;
}

static void
seen_resume(void *self)
{
	((struct seen *)self)->resumes++;
}

static void
seen_closed(void *self)
{
	((struct seen *)self)->closed = true;
}

static inline struct pipeline *
fake_pipeline(struct seen *s, unsigned workers, uv_loop_t *loop, bool stepping)
{
	struct pipeline_options o = {
	    .workers = workers,
	    .inputs_max = 8,
	    .loop = loop,
	    .stepping = stepping,
	    .clock = clock_wall(),
	    .decoder = &fake_decoder,
	    .job = fake_job,
	    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end, s},
	};
	struct pipeline *p = pipeline_new(&o);

	pipeline_watch(p, seen_pause, seen_resume, s);
	return p;
}

/* Copy up to ${len} bytes in; returns how many there was room for. */
static inline size_t
fake_feed(struct intake *in, const char *bytes, size_t len)
{
	size_t space;
	char *to = intake_room(in, &space);

	if (to == NULL)
		return 0;
	if (len > space)
		len = space;
	memcpy(to, bytes, len);
	intake_bytes(in, len);
	return len;
}

#endif
