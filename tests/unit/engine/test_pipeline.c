/*
 * Goal: what goes in comes out in order, whatever the number of workers, how
 * it is driven and how slow the consumer is; nothing is lost at the end or
 * when closed while busy.  Method: fake.h's decoder echoes lines; the output
 * must be the input.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "tests/unit/engine/fake.h"

static struct buf input;

static int
make_input(void **state)
{
	struct rand r;

	(void)state;
	rand_seed(&r, 11);
	while (input.len < (3u << 20)) {
		uint32_t n = 1 + rand_below(&r, 300);

		for (uint32_t i = 0; i < n; i++)
			buf_char(&input, (char)('a' + rand_below(&r, 26)));
		buf_char(&input, '\n');
	}
	return 0;
}

static int
drop_input(void **state)
{
	(void)state;
	buf_fini(&input);
	return 0;
}

static void
check(struct seen *s)
{
	assert_int_equal(s->out.len, input.len);
	assert_memory_equal(s->out.data, input.data, input.len);
	assert_int_equal(s->ends, 1);
	buf_fini(&s->out);
}

static void
pulled_in_order(void **state)
{
	static const unsigned workers[] = {1, 2, 4, 8};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct seen s = {0};
		struct pipeline *p = fake_pipeline(&s, workers[i], NULL, false);
		struct intake *in = intake_open(pipeline_hub(p), "a");

		for (size_t at = 0; at < input.len;) {
			size_t n =
			    fake_feed(in, input.data + at, input.len - at);

			if (n == 0)
				pipeline_wait(p);
			at += n;
		}
		intake_close(in);
		pipeline_end(p);
		while (s.ends == 0)
			pipeline_wait(p);
		assert_true(s.pauses > 0);
		pipeline_close(p, seen_closed, &s);
		assert_true(s.closed);
		check(&s);
	}
}

/* ---- by a loop ---------------------------------------------------------- */

struct feeder {
	struct pipeline *p;
	struct intake *in;
	size_t at, piece;
	uv_idle_t idle;
	struct seen *seen;
};

static void
on_idle(uv_idle_t *handle)
{
	struct feeder *f = handle->data;
	size_t n = input.len - f->at;

	if (f->seen->pauses > f->seen->resumes)
		return;
	if (n > f->piece)
		n = f->piece;
	f->at += fake_feed(f->in, input.data + f->at, n);
	if (f->at < input.len)
		return;
	uv_close((uv_handle_t *)handle, NULL);
	intake_close(f->in);
	pipeline_end(f->p);
}

static void
looped_in_order(void **state)
{
	static const size_t pieces[] = {1000, 30000, 1 << 20};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uv_loop_t loop;
		struct seen s = {0};
		struct feeder f = {.piece = pieces[i], .seen = &s};

		assert_int_equal(uv_loop_init(&loop), 0);
		f.p = fake_pipeline(&s, 1 + (unsigned)i, &loop, false);
		f.in = intake_open(pipeline_hub(f.p), "a");
		uv_idle_init(&loop, &f.idle);
		f.idle.data = &f;
		uv_idle_start(&f.idle, on_idle);
		while (s.ends == 0)
			uv_run(&loop, UV_RUN_ONCE);
		pipeline_close(f.p, seen_closed, &s);
		uv_run(&loop, UV_RUN_DEFAULT);
		assert_true(s.closed);
		assert_int_equal(uv_loop_close(&loop), 0);
		check(&s);
	}
}

/* Each thread asks for a stack that no machine has. */
static void
in_order_without_threads(void **state)
{
	pthread_attr_t attr, usual;

	assert_int_equal(pthread_getattr_default_np(&usual), 0);
	pthread_attr_init(&attr);
	assert_int_equal(pthread_attr_setstacksize(&attr, (size_t)1 << 46), 0);
	assert_int_equal(pthread_setattr_default_np(&attr), 0);
	pulled_in_order(state);
	looped_in_order(state);
	assert_int_equal(pthread_setattr_default_np(&usual), 0);
	pthread_attr_destroy(&attr);
	pthread_attr_destroy(&usual);
}

static void
one_line_travels_at_once(void **state)
{
	uv_loop_t loop;
	struct seen s = {0};
	struct pipeline *p;
	struct intake *in;

	(void)state;
	uv_loop_init(&loop);
	p = fake_pipeline(&s, 2, &loop, false);
	in = intake_open(pipeline_hub(p), "a");
	fake_feed(in, "hello\nhalf", 10);
	while (s.batches == 0) /* no timer, no further input */
		uv_run(&loop, UV_RUN_ONCE);
	assert_int_equal(s.out.len, 6);
	intake_close(in);
	pipeline_end(p);
	while (s.ends == 0)
		uv_run(&loop, UV_RUN_ONCE);
	assert_memory_equal(s.out.data, "hello\nhalf\n", 11);
	pipeline_close(p, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	buf_fini(&s.out);
}

/* ---- by whom ------------------------------------------------------------ */

static pthread_t loop_thread;

static void
write_who(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	bool here = pthread_equal(pthread_self(), loop_thread);

	(void)self;
	(void)ctx;
	(void)post;
	(void)text;
	(void)verdict;
	buf_char(&batch->out, here ? 'l' : 'w');
}

static void
what_one_worker_need_not_do(void **state)
{
	static const struct {
		unsigned workers;
		size_t bytes;
		const char *who; /* did the first line, and the last one */
	} rows[] = {{1, 20000, "ll"}, {1, 50000, "ll"}, {1, 110000, "lw"},
	    {2, 20000, "ll"}, {2, 50000, "ww"}, {2, 110000, "ww"}};

	(void)state;
	loop_thread = pthread_self();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uv_loop_t loop;
		struct seen s = {0};
		struct pipeline_options o = {.workers = rows[i].workers,
		    .inputs_max = 1, .loop = &loop, .clock = clock_wall(),
		    .decoder = &fake_decoder,
		    .job = {.post = write_who, .every = true},
		    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end,
			&s}};
		struct pipeline *p;
		struct intake *in;

		uv_loop_init(&loop);
		p = pipeline_new(&o);
		in = intake_open(pipeline_hub(p), "a");
		for (size_t at = 0; at < rows[i].bytes;)
			at += fake_feed(
			    in, input.data + at, rows[i].bytes - at);
		intake_close(in);
		pipeline_end(p);
		while (s.ends == 0)
			uv_run(&loop, UV_RUN_ONCE);
		assert_int_equal(s.out.data[0], rows[i].who[0]);
		assert_int_equal(s.out.data[s.out.len - 1], rows[i].who[1]);
		pipeline_close(p, NULL, NULL);
		uv_run(&loop, UV_RUN_DEFAULT);
		assert_int_equal(uv_loop_close(&loop), 0);
		buf_fini(&s.out);
	}
}

static void
a_shut_consumer_pauses_the_sources(void **state)
{
	struct seen s = {.shut = true};
	struct pipeline *p = fake_pipeline(&s, 2, NULL, true);
	struct intake *in = intake_open(pipeline_hub(p), "a");
	struct rand r;
	size_t at = 0, n;

	(void)state;
	rand_seed(&r, 3);
	do {
		while (pipeline_step(p, &r))
			continue;
		n = fake_feed(in, input.data + at, input.len - at);
		at += n;
	} while (n > 0);
	/* All of the room is full, and nothing was collected. */
	assert_int_equal(s.pauses, 1);
	assert_int_equal(s.batches, 0);
	assert_true(at <= (2 * BATCHES_PER_WORKER + 1) * BATCH_BYTES);
	s.shut = false;
	pipeline_go_on(p);
	assert_int_equal(s.resumes, 1);
	assert_int_equal(s.batches, 2 * BATCHES_PER_WORKER);
	intake_close(in);
	pipeline_end(p);
	while (pipeline_step(p, &r))
		continue;
	assert_int_equal(s.ends, 1);
	assert_memory_equal(s.out.data, input.data, at);
	pipeline_close(p, NULL, NULL);
	buf_fini(&s.out);
}

/* Closing must neither hang nor lose a batch's memory, however busy. */
static void
closes_while_busy(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct seen s = {0};
		struct pipeline *p = fake_pipeline(&s, 3, NULL, false);
		struct intake *in = intake_open(pipeline_hub(p), "a");

		for (unsigned k = 0; k < i; k++)
			fake_feed(in, input.data, 50000);
		if (i % 3 == 0)
			pipeline_collect(p);
		pipeline_close(p, seen_closed, &s);
		assert_true(s.closed);
		assert_int_equal(s.ends, 0);
		buf_fini(&s.out);
	}
}

static void
bad_lines_are_located(void **state)
{
	struct seen s = {0};
	struct pipeline *p = fake_pipeline(&s, 1, NULL, true);
	struct intake *in = intake_open(pipeline_hub(p), "posts.ndjson");
	char *text = NULL;
	size_t len = 0;
	struct rand r;

	(void)state;
	rand_seed(&r, 5);
	pipeline_complaints(p)->out = open_memstream(&text, &len);
	fake_feed(in, "one\n!two\n\n", 10);
	pipeline_flush(p);
	while (pipeline_step(p, &r))
		continue;
	fake_feed(in, "four\n!five\x01\n!6\n!7\n!8\n!9", 24);
	intake_close(in);
	pipeline_end(p);
	while (pipeline_step(p, &r))
		continue;
	assert_int_equal(s.ends, 1);
	fclose(pipeline_complaints(p)->out);
	assert_string_equal(text,
	    "posts.ndjson:2: byte 1: a bang: \"!two\"\n"
	    "posts.ndjson:5: byte 1: a bang: \"!five?\"\n"
	    "posts.ndjson:6: byte 1: a bang: \"!6\"\n"
	    "posts.ndjson:7: byte 1: a bang: \"!7\"\n"
	    "posts.ndjson:8: byte 1: a bang: \"!8\"\n"
	    "6 bad lines left out: 6 not one JSON object\n");
	assert_int_equal(
	    pipeline_counters(p)->values[COUNTER_lines_blank_total], 1);
	assert_int_equal(pipeline_counters(p)->values[COUNTER_posts_total], 2);
	pipeline_close(p, NULL, NULL);
	free(text);
	buf_fini(&s.out);
}

static void
a_pipe_is_watched_while_batches_fly(void **state)
{
	struct seen s = {0};
	struct pipeline *p = fake_pipeline(&s, 1, NULL, false);
	struct intake *in = intake_open(pipeline_hub(p), "a");
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	fake_feed(in, "hello\n", 6);
	pipeline_flush(p);
	/* Nothing to read: it comes back because all has been collected. */
	pipeline_wait_for(p, fds[0]);
	assert_int_equal(s.batches, 1);
	assert_int_equal(write(fds[1], "x", 1), 1);
	pipeline_wait_for(p, fds[0]);
	intake_close(in);
	pipeline_end(p);
	assert_int_equal(s.ends, 1);
	pipeline_close(p, NULL, NULL);
	close(fds[0]);
	close(fds[1]);
	buf_fini(&s.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pulled_in_order),
	    cmocka_unit_test(looped_in_order),
	    cmocka_unit_test(in_order_without_threads),
	    cmocka_unit_test(one_line_travels_at_once),
	    cmocka_unit_test(what_one_worker_need_not_do),
	    cmocka_unit_test(a_shut_consumer_pauses_the_sources),
	    cmocka_unit_test(closes_while_busy),
	    cmocka_unit_test(bad_lines_are_located),
	    cmocka_unit_test(a_pipe_is_watched_while_batches_fly),
	};

	return cmocka_run_group_tests(tests, make_input, drop_input);
}
