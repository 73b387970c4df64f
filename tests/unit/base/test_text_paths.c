/*
 * Goal: all paths give the same bytes and tokens for real posts, wherever a
 * block of vectors begins or ends, and the map leads back in order.
 * Method: the shared texts (French, English brands, the coordinated stream,
 * strings that break software), alone and as titles; then one text shifted
 * and cut at each length through three blocks, in memory of its exact size,
 * so that a read past the end is found by the address sanitizer.  What vectors
 * shorten to a byte of ASCII stands once at every edge of a block, and in
 * random company.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/rand.h"
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

/* Latin-1, then U+2000 to U+203F. */
#define SHORT_CODES (128u + 64u)

static size_t
put_code(char *to, uint32_t i)
{
	uint32_t c = i < 128 ? 0x80 + i : 0x2000 + (i - 128);

	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	to[0] = (char)0xe2;
	to[1] = (char)(0x80 | (c >> 6 & 63));
	to[2] = (char)(0x80 | (c & 63));
	return 3;
}

static void
shortened_at_edges(void **state)
{
	static const unsigned shifts[] = {0, 1, 2, 30, 59, 60, 61, 62, 63, 64};
	static const char around[] = "a A.";
	char line[200];

	(void)state;
	for (uint32_t i = 0; i < SHORT_CODES; i++)
		for (unsigned k = 0; k < sizeof(shifts) / sizeof(*shifts) * 4;
		     k++) {
			size_t len = shifts[k / 4];

			memset(line, around[k % 4], len);
			len += put_code(line + len, i);
			line[len++] = around[(k + i) % 4];
			len += put_code(line + len, i);
			compare(SLICE_NONE, (struct slice){line, len});
		}
}

static void
shortened_in_company(void **state)
{
	static const char *const others[] = {" ", "\t", "e", "Z", "7", "&",
	    "&amp;", "\xcc\x81", "\xc5\x93", "\xf0\x9f\x98\x80",
	    "\xef\xb8\x8f", "\xd0\xb6"};
	struct rand r;
	char line[400];

	(void)state;
	rand_seed(&r, 119);
	for (unsigned n = 0; n < 3000; n++) {
		/* in most lines nothing that vectors stop at */
		uint32_t kinds = n % 4 ? 5 : sizeof(others) / sizeof(*others);
		size_t len = 0, most = rand_below(&r, 300);

		while (len < most) {
			const char *o = others[rand_below(&r, kinds)];

			if (rand_below(&r, 3) == 0) {
				len += put_code(line + len,
				    rand_below(&r, SHORT_CODES));
				continue;
			}
			memcpy(line + len, o, strlen(o));
			len += strlen(o);
		}
		compare(SLICE_NONE, (struct slice){line, len});
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(corpora),
	    cmocka_unit_test(naughty),
	    cmocka_unit_test(block_edges),
	    cmocka_unit_test(ascii),
	    cmocka_unit_test(shortened_at_edges),
	    cmocka_unit_test(shortened_in_company),
	};
	int failed;

	text_init(&first);
	text_init(&other);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&first);
	text_fini(&other);
	return failed;
}
