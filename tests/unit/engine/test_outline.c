/*
 * Goal: what an outline tells of a text gives the sketch and the terms that
 * asking each token gives; it is not known of long texts.
 * Method: texts made of signs, schemes, blanks, short and long words in no
 * order, with and without a title; both ways beside each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/cpu.h"
#include "engine/base/rand.h"
#include "engine/batch.h"
#include "engine/density/sketch.h"

static const char *const pieces[] = {"@", "://", "http", "https", " ", " ",
    " ", "rt", "a", "word", "longword", "#", "\n", ":", "/", ".", "ftp", "_",
    "morethansixteenletters", "r2d2c3po", "\xc3\xa9t\xc3\xa9sien",
    "\xe6\x97\xa5", " the "};

static void
random_text(struct rand *r, uint32_t count, struct buf *out)
{
	buf_clear(out);
	for (uint32_t i = 0; i < count; i++)
		buf_text(out, pieces[rand_below(r,
		    sizeof(pieces) / sizeof(*pieces))]);
}

static void
same_terms(struct batch *a, struct batch *b, const struct text *text,
    const struct outline *outline)
{
	struct record x = {.line = 0}, y = {.line = 0};
	struct post post;

	post_clear(&post);
	batch_alone_clear(a);
	batch_alone_clear(b);
	record_terms(a, &x, &post, text, NULL);
	record_terms(b, &y, &post, text, outline);
	assert_int_equal(x.terms_count, y.terms_count);
	assert_int_equal(a->text.len, b->text.len);
	if (x.terms_count == 0)
		return;
	assert_memory_equal(a->text.data, b->text.data, a->text.len);
	assert_memory_equal(a->terms.items, b->terms.items,
	    x.terms_count * sizeof(struct part));
}

static void
both_ways_are_the_same(void **state)
{
	struct batch *a = batch_alone(), *b = batch_alone();
	struct buf words = {0}, title = {0};
	unsigned known = 0, terms = 0;
	struct text text;
	struct rand r;

	(void)state;
	rand_seed(&r, 21);
	text_init(&text);
	for (uint32_t i = 0; i < 30000; i++) {
		struct slice none = {NULL, 0};
		struct outline o;

		random_text(&r,
		    1 + rand_below(&r, i % 10 == 0 ? 120 : 40), &words);
		random_text(&r, 1 + rand_below(&r, 6), &title);
		text_fold(&text, i % 4 == 0 ? buf_slice(&title) : none,
		    buf_slice(&words), TEXT_POST);
		o = outline_of(&text);
		known += o.known;
		assert_true(sketch_of(&text, &o) == sketch_of(&text, NULL));
		same_terms(a, b, &text, &o);
		terms += b->terms.count;
	}
	assert_true(terms > 10000);
	assert_true(known < 30000);
	assert_int_equal(known > 20000, cpu_level() >= CPU_AVX512);
	text_fini(&text);
	buf_fini(&words);
	buf_fini(&title);
	batch_alone_free(a);
	batch_alone_free(b);
}

static void
tokens_are_told(void **state)
{
	struct outline o;
	struct text text;

	(void)state;
	text_init(&text);
	text_fold(&text, SLICE_NONE, slice_of("Longer @ann #tag x "
	    "ftp://a.org http://b.org/#c end"), TEXT_POST);
	o = outline_of(&text);
	if (!o.known) {
		text_fini(&text);
		skip();
	}
	/* longer ann tag x ftp a org http b org c end */
	assert_int_equal(text.tokens, 12);
	assert_int_equal(o.tokens, 0xfff);
	assert_int_equal(o.words, 1 << 0);
	assert_int_equal(o.names, 1 << 1);
	assert_int_equal(o.tags, 1 << 2 | 1 << 10);
	assert_int_equal(o.links, 0x7f << 4);
	assert_int_equal(o.web, 0xf << 7);
	text_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_ways_are_the_same),
	    cmocka_unit_test(tokens_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
