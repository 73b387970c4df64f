/*
 * Goal: however the bytes arrive, the same lines come out, in bounded memory.
 * Method: a hub of our own writes each submitted batch to one long text; the
 * input is cut at random places by many seeds and compared with itself.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "engine/intake_hub.h"

struct fixture {
	struct intake_hub hub; /* first */
	struct batch_pool *pool;
	struct buf all;      /* bytes of all batches */
	struct counters counts;
	uint32_t room;       /* batches that may be submitted */
	unsigned starved, batches, longest;
	struct bad_line bad[BAD_LINES_SHOWN];
	uint32_t bad_count, flying;
	bool last;
};

static struct batch *
take(struct intake_hub *hub)
{
	return batch_take(((struct fixture *)hub)->pool);
}

static void
give_back(struct intake_hub *hub, struct batch *b)
{
	batch_release(((struct fixture *)hub)->pool, b);
}

static bool
room(struct intake_hub *hub)
{
	return ((struct fixture *)hub)->room > 0;
}

static void
submit(struct intake_hub *hub, struct intake *in, struct batch *b)
{
	struct fixture *f = (struct fixture *)hub;

	assert_int_equal(b->state, BATCH_INTAKE);
	assert_true(b->len > 0);
	assert_true(b->last || b->bytes[b->len - 1] == '\n');
	assert_false(f->last);
	f->last = b->last;
	buf_put(&f->all, b->bytes, b->len);
	counters_add(&f->counts, &b->counts);
	for (uint32_t i = 0; i < b->bad_count; i++)
		if (f->bad_count < BAD_LINES_SHOWN)
			f->bad[f->bad_count++] = b->bad[i];
	f->batches++;
	if (b->len > f->longest)
		f->longest = b->len;
	f->room--;
	batch_release(f->pool, b);
	f->flying++;
	assert_ptr_equal(f->hub.inputs[in->index], in);
}

/* As the pipeline does later: tell the input that its batches came back. */
static void
collect(struct fixture *f)
{
	for (; f->flying > 0; f->flying--)
		intake_collected(f->hub.inputs[0], 0);
}

static void
starved(struct intake_hub *hub)
{
	((struct fixture *)hub)->starved++;
}

static int64_t
arrival(struct intake_hub *hub)
{
	(void)hub;
	return 42;
}

static void
fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->hub = (struct intake_hub){
	    .take = take,
	    .give_back = give_back,
	    .room = room,
	    .submit = submit,
	    .starved = starved,
	    .arrival_ms = arrival,
	    .inputs_max = 2,
	};
	f->pool = batch_pool_new(4);
	f->room = UINT32_MAX;
}

static void
fixture_fini(struct fixture *f)
{
	collect(f);
	assert_null(f->hub.inputs[0]);
	batch_pool_free(f->pool);
	buf_fini(&f->all);
}

/* Push ${text} through, in pieces of at most ${piece} (0: as room allows). */
static void
push(struct fixture *f, const char *text, size_t len, size_t piece,
    struct rand *r)
{
	struct intake *in = intake_open(&f->hub, "test");

	for (size_t at = 0; at < len;) {
		size_t space, n = len - at;
		char *to = intake_room(in, &space);

		assert_non_null(to);
		assert_true(space > 0);
		if (piece > 0 && n > piece)
			n = 1 + rand_below(r, (uint32_t)piece);
		if (n > space)
			n = space;
		memcpy(to, text + at, n);
		intake_bytes(in, n);
		at += n;
		if (piece > 0 && rand_below(r, 8) == 0)
			intake_flush(in);
	}
	intake_close(in);
}

static void
make_lines(struct buf *out, struct rand *r, size_t lines)
{
	static const char *const ends[] = {"\n", "\r\n", "\n\n"};

	buf_clear(out);
	for (size_t i = 0; i < lines; i++) {
		uint32_t n = rand_below(r, 400);

		if (rand_below(r, 50) == 0)
			n = rand_below(r, 90000);
		for (uint32_t k = 0; k < n; k++) {
			char c = (char)rand_next(r);

			buf_char(out, c == '\n' ? '\0' : c);
		}
		if (i + 1 < lines || rand_below(r, 2) == 0)
			buf_text(out, ends[rand_below(r, 3)]);
	}
}

static void
cuts_change_nothing(void **state)
{
	struct buf text = {0};
	struct rand r;

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		static const size_t pieces[] = {0, 7, 600, 5000, 70000};
		struct fixture f;

		rand_seed(&r, seed);
		make_lines(&text, &r, 1 + rand_below(&r, 300));
		fixture_init(&f);
		push(&f, text.data, text.len,
		    text.len > 50000 && seed % 5 == 1 ? 600 : pieces[seed % 5],
		    &r);
		assert_int_equal(f.all.len, text.len);
		if (text.len > 0)
			assert_memory_equal(f.all.data, text.data, text.len);
		assert_int_equal(
		    f.counts.values[COUNTER_posts_bytes], text.len);
		fixture_fini(&f);
	}
	buf_fini(&text);
}

/* before \n (long line) \n after \n, by each size of piece */
static void
drops_a_long_line(void **state)
{
	static const size_t pieces[] = {0, 70000, 64, 300000};
	static const size_t lengths[] = {LINE_BYTES_MAX, LINE_BYTES_MAX + 1,
	    LINE_BYTES_MAX + 65536, 5u << 20};
	struct buf text = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 7);
	for (size_t i = 0; i < 16; i++) {
		size_t len = lengths[i / 4];
		bool over = len > LINE_BYTES_MAX;
		struct fixture f;

		buf_clear(&text);
		buf_text(&text, "before\n");
		for (size_t k = 0; k < len; k++)
			buf_char(&text, 'x');
		buf_text(&text, "\nafter\n");
		fixture_init(&f);
		push(&f, text.data, text.len, pieces[i % 4], &r);
		assert_int_equal(
		    f.counts.values[COUNTER_lines_bad_too_long_total], over);
		if (over) {
			/* An empty line stands for it. */
			assert_int_equal(f.all.len, 14);
			assert_memory_equal(
			    f.all.data, "before\n\nafter\n", 14);
			assert_int_equal(f.bad_count, 1);
			assert_int_equal(f.bad[0].text[0], 'x');
		} else {
			assert_int_equal(f.all.len, text.len);
		}
		fixture_fini(&f);
	}
	buf_fini(&text);
}

static void
stays_small_under_a_huge_line(void **state)
{
	struct fixture f;
	struct intake *in;
	size_t space;

	(void)state;
	fixture_init(&f);
	in = intake_open(&f.hub, "huge");
	for (size_t fed = 0; fed < (100u << 20); fed += space) {
		char *to = intake_room(in, &space);

		assert_non_null(to);
		memset(to, 'y', space);
		intake_bytes(in, space);
	}
	memcpy(intake_room(in, &space), "\nlast", 5);
	intake_bytes(in, 5);
	intake_close(in);
	assert_true(f.longest <= BATCH_BYTES + LINE_BYTES_MAX);
	assert_int_equal(f.all.len, 5);
	assert_memory_equal(f.all.data, "\nlast", 5);
	assert_true(f.last);
	assert_int_equal(f.counts.values[COUNTER_lines_bad_too_long_total], 1);
	fixture_fini(&f);
}

static void
waits_without_room(void **state)
{
	struct fixture f;
	struct intake *in;
	size_t space;
	char *to;

	(void)state;
	fixture_init(&f);
	f.room = 0;
	in = intake_open(&f.hub, "a");
	assert_null(intake_room(in, &space));
	assert_int_equal(f.starved, 1);
	f.room = 1;
	to = intake_room(in, &space);
	assert_non_null(to);
	f.room = 0;
	memset(to, 'z', space);
	to[space - 2] = '\n';
	intake_bytes(in, space);
	assert_int_equal(f.batches, 0);
	assert_null(intake_room(in, &space));
	intake_close(in); /* cannot go out yet, must not be lost */
	assert_non_null(f.hub.inputs[0]);
	f.room = 1;
	assert_true(intake_flush(in));
	assert_int_equal(f.batches, 1);
	assert_true(f.last);
	fixture_fini(&f);
}

static void
refuses_above_the_limit(void **state)
{
	struct fixture f;
	struct intake *a, *b;

	(void)state;
	fixture_init(&f);
	a = intake_open(&f.hub, "a");
	b = intake_open(&f.hub, "b");
	assert_null(intake_open(&f.hub, "c"));
	intake_close(a);
	a = intake_open(&f.hub, "c");
	assert_non_null(a);
	intake_close(a);
	intake_close(b);
	fixture_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cuts_change_nothing),
	    cmocka_unit_test(drops_a_long_line),
	    cmocka_unit_test(stays_small_under_a_huge_line),
	    cmocka_unit_test(waits_without_room),
	    cmocka_unit_test(refuses_above_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
