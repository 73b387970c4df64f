/*
 * Goal: all paths give the same bytes and tokens for real posts, wherever a
 * block of vectors begins or ends, and the map leads back in order.
 * Method: the shared texts (French, English brands, the coordinated stream,
 * strings that break software), alone and as titles; then one text shifted
 * and cut at each length through three blocks, in memory of its exact size,
 * so that a read past the end is found by the address sanitizer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/text.h"
#include "tests/unit/base/corpus.h"

/* Every so manieth text, so that the sanitizers end within seconds. */
#define STRIDE 4u

static struct text first, other;

static void
equal(const struct text *a, const struct text *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->bytes, b->bytes, a->len);
	assert_int_equal(a->tokens, b->tokens);
	assert_int_equal(a->title_tokens, b->title_tokens);
	if (a->tokens == 0)
		return;
	assert_memory_equal(a->at, b->at, a->tokens * sizeof(*a->at));
	assert_memory_equal(a->end, b->end, a->tokens * sizeof(*a->end));
}

/* Spans of tokens lie in the text, one after the other. */
static void
map_is_sound(const struct text *t, size_t len)
{
	uint32_t last = 0, start, stop;

	for (uint32_t i = t->title_tokens; i < t->tokens; i++) {
		assert_true(
		    text_span(t, t->at[i], t->end[i], &start, &stop));
		assert_true(start < stop && stop <= len);
		assert_true(start >= last);
		last = start;
	}
	assert_int_equal(t->map[t->len], len);
}

static void
compare(struct slice title, struct slice s)
{
	static const char *const paths[] = {"plain", "avx2", "exact"};

	assert_true(text_path("auto"));
	text_fold(&first, title, s, TEXT_POST);
	for (unsigned i = 0; i < 3; i++) {
		if (!text_path(paths[i]))
			continue; /* this processor does not have it */
		text_fold(&other, title, s, TEXT_POST);
		equal(&first, &other);
		text_map(&other, title, s, TEXT_POST);
		equal(&first, &other);
		map_is_sound(&other, s.len);
	}
	text_path("auto");
}

static void
corpora(void **state)
{
	static const char *const files[] = {
	    "french/free_mobile_2020_2025.ndjson.gz",
	    "french/media_accounts_2022.ndjson.gz",
	    "french/mlma_fr.ndjson.gz",
	    "french/xlmt_fr_sentiment_train_val.ndjson.gz",
	    "french/debat_presidentielle_2017.ndjson.gz",
	    "brands_en/airline_2015-02-16_22.ndjson.gz",
	    "brands_en/customer_support_sample.ndjson.gz",
	    "brands_en/sanders_apple_google.ndjson.gz",
	    "coordinated/ira_stream_2015-11-15_12-05.ndjson.gz"};
	struct corpus c = {0};

	(void)state;
	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		corpus_read(&c, files[i]);
	if (c.count == 0) {
		print_message("skipped: no shared texts\n");
		skip();
	}
	for (size_t i = 0; i < c.count; i += STRIDE)
		compare(i % 5 ? SLICE_NONE : c.texts[i / 2], c.texts[i]);
	corpus_free(&c);
}

static void
naughty(void **state)
{
	struct corpus c = {0};

	(void)state;
	if (!corpus_read_list(&c, "edge/big_list_of_naughty_strings.json")) {
		print_message("skipped: no naughty strings\n");
		skip();
	}
	for (size_t i = 0; i < c.count; i++)
		compare(SLICE_NONE, c.texts[i]);
	corpus_free(&c);
}

static void
block_edges(void **state)
{
	static const char wild[] = "Le KitKat  fait: é😡❤️ ok &amp; l’huile\t\n"
	    "DE palme _x9 漢字 ÉÈ  fin&eacute; 👩‍👧 a\xcc\x81 Z &nope 12 "
	    "The Quick_Brown fox JUMPS over;  lazy dogs. 1️⃣ end ";

	(void)state;
	for (size_t from = 0; from < sizeof(wild) - 1; from++) {
		if ((wild[from] & 0xc0) == 0x80)
			continue;
		for (size_t to = from; to < sizeof(wild); to++) {
			struct slice s = {NULL, to - from};
			char *copy;

			if ((wild[to] & 0xc0) == 0x80)
				continue;
			copy = must_alloc(s.len);
			memcpy(copy, wild + from, s.len);
			s.data = copy;
			compare(SLICE_NONE, s);
			free(copy);
		}
	}
}

static void
ascii(void **state)
{
	char all[3 * 128];

	(void)state;
	for (unsigned i = 0; i < sizeof(all); i++)
		all[i] = (char)(i % 128);
	for (size_t len = 0; len <= sizeof(all); len++)
		compare(SLICE_NONE, (struct slice){all, len});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(corpora),
	    cmocka_unit_test(naughty),
	    cmocka_unit_test(block_edges),
	    cmocka_unit_test(ascii),
	};
	int failed;

	text_init(&first);
	text_init(&other);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&first);
	text_fini(&other);
	return failed;
}
