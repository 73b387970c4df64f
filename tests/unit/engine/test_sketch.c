/*
 * Goal: copies and near-copies share at least one half of their sketch, posts
 * that only speak of the same thing do not.
 * Method: real sentences, edited as people edit them; counts over many random
 * edits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/rand.h"
#include "engine/base/text.h"
#include "engine/density/sketch.h"
#include "engine/density/sketch_least.h"

static uint64_t
sketch(const char *post)
{
	static struct text text;
	static bool ready;

	if (!ready)
		text_init(&text);
	ready = true;
	text_fold(&text, SLICE_NONE, slice_of(post), TEXT_POST);
	return sketch_of(&text, NULL);
}

static bool
alike(const char *a, const char *b)
{
	uint64_t x = sketch(a), y = sketch(b);

	return (uint32_t)x == (uint32_t)y || x >> 32 == y >> 32;
}

static const char original[] = "Nestlé finance la déforestation en Indonésie "
    "pour fabriquer ses barres KitKat, il faut que cela cesse maintenant";

static void
reposts_are_copies(void **state)
{
	(void)state;
	assert_true(alike(original, original));
	assert_true(alike(original,
	    "RT @greenpeace: Nestlé finance la déforestation en Indonésie "
	    "pour fabriquer ses barres KitKat, il faut que cela cesse "
	    "maintenant https://t.co/Ab3dEf"));
	assert_true(alike(original,
	    "NESTLE finance la deforestation en Indonesie pour fabriquer ses "
	    "barres KitKat; il faut que cela cesse maintenant !!!"));
	/* A post of nothing but a link is known by the link. */
	assert_true(alike("https://example.org/a/b?c=d",
	    "https://example.org/a/b?c=d"));
}

static void
other_posts_are_not(void **state)
{
	static const char *const posts[] = {
	    original,
	    "KitKat et l'huile de palme : la vidéo de Greenpeace est partout",
	    "J'adore les barres KitKat avec un café",
	    "Nestlé retire la vidéo et tout le monde la remet en ligne",
	    "Pourquoi boycotter KitKat ? Parce que les orangs-outans meurent",
	    "Give the orangutans a break",
	    "Have a break, have a KitKat",
	};
	size_t count = sizeof(posts) / sizeof(*posts);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			assert_false(alike(posts[i], posts[k]));
}

/* Twenty words; an edit replaces one of them. */
static void
one_word_changed_is_mostly_a_copy(void **state)
{
	struct rand r;
	unsigned found = 0, strangers = 0;

	(void)state;
	rand_seed(&r, 4);
	for (int i = 0; i < 500; i++) {
		struct buf a = {0}, b = {0}, c = {0};
		uint32_t changed = rand_below(&r, 20);

		for (uint32_t w = 0; w < 20; w++) {
			uint32_t word = rand_below(&r, 1000);
			uint32_t other = rand_below(&r, 1000);

			buf_printf(&a, "mot%u ", word);
			buf_printf(&b, "mot%u ", w == changed ? other : word);
			buf_printf(&c, "mot%u ", other);
		}
		buf_char(&a, '\0');
		buf_char(&b, '\0');
		buf_char(&c, '\0');
		found += alike(a.data, b.data);
		strangers += alike(a.data, c.data);
		buf_fini(&a);
		buf_fini(&b);
		buf_fini(&c);
	}
	assert_true(found > 350);
	assert_int_equal(strangers, 0);
}

static void
nothing_has_no_sketch(void **state)
{
	(void)state;
	assert_true(sketch("") == 0);
	assert_true(sketch("!!! ...") == 0);
	assert_true(sketch("KitKat") != 0);
}

static void
eight_at_a_time_are_the_same(void **state)
{
	struct rand r;

	(void)state;
	if (!sketch_wide_here())
		skip();
	rand_seed(&r, 7);
	for (uint32_t runs = 0; runs < 40; runs++) {
		uint64_t tokens[42], plain[SKETCH_HASHES], wide[SKETCH_HASHES];

		for (uint32_t i = 0; i < runs + 2; i++)
			tokens[i] = rand_next(&r);
		memset(plain, 0xff, sizeof(plain));
		memset(wide, 0xff, sizeof(wide));
		sketch_least_plain(plain, tokens, runs);
		sketch_least_avx512(wide, tokens, runs);
		assert_memory_equal(plain, wide, sizeof(plain));
	}
}

/* Words of every length up to 400 in no order, some beyond ASCII. */
static void
random_words(struct rand *r, uint32_t words, struct buf *out)
{
	for (uint32_t w = 0; w < words; w++) {
		uint32_t most = rand_below(r, 4) ? 9 : 40;
		uint32_t len = 1 + rand_below(
		    r, rand_below(r, 30) == 0 ? 400 : most);

		for (uint32_t i = 0; i < len; i++) {
			if (rand_below(r, 12) == 0)
				buf_text(out, "\xd0\xb6");
			else
				buf_char(out, (char)('a' + rand_below(r, 26)));
		}
		buf_char(out, ' ');
	}
}

static void
tokens_hash_the_same(void **state)
{
	struct buf words = {0};
	struct text text;
	struct rand r;

	(void)state;
	rand_seed(&r, 8);
	text_init(&text);
	for (uint32_t i = 0; i < 2000; i++) {
		uint64_t plain[30], wide[30];
		uint32_t first, count;

		buf_clear(&words);
		random_words(&r, 1 + i % 29, &words);
		text_fold(&text, SLICE_NONE, buf_slice(&words), TEXT_POST);
		assert_int_equal(text.tokens, 1 + i % 29);
		first = rand_below(&r, text.tokens);
		count = text.tokens - first;
		memset(wide, 0x55, sizeof(wide));
		sketch_hash_plain(plain, &text, first, count);
		plain[count] = wide[count]; /* nothing is written behind */
		if (sketch_wide_here())
			sketch_hash_avx512(wide, &text, first, count);
		else
			memcpy(wide, plain, sizeof(wide));
		assert_memory_equal(plain, wide, (count + 1) * sizeof(*wide));
	}
	text_fini(&text);
	buf_fini(&words);
}

/* What is left out: a text with it has the sketch of the text without. */
static void
links_and_mentions_are_left_out(void **state)
{
	static const char *const pairs[][2] = {
	    {"rt one two three four five", "one two three four five"},
	    {"RT @a: one two three", "one two three"},
	    {"one two @Mark three four", "one two three four"},
	    {"one two three http://a.b/c?d=@e#f-g four", "one two three four"},
	    {"https://a.b one two three", "one two three"},
	    {"one two three https://a.b", "one two three"},
	    {"one @https://a.b/c two three", "one two three"},
	    {"one @@x two @ three four", "one two three four"},
	    {"one @a @b https://c.d @e two three", "one two three"},
	    {"rt http://a.b http://c.d one two three", "one two three"},
	    {"one two https@three four five", "one two https four five"},
	    {"one two three @https", "one two three"},
	};
	static const char *const kept[][2] = {
	    {"one ftp://a.b two three", "one two three"},
	    {"one rt two three", "one two three"},
	    {"one://a two three", "two three"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		assert_int_equal(sketch(pairs[i][0]), sketch(pairs[i][1]));
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		assert_int_not_equal(sketch(kept[i][0]), sketch(kept[i][1]));
	/* no token stands between */
	assert_int_equal(sketch("one :// two three"), sketch("one two three"));
	assert_int_equal(
	    sketch("one ://x two three"), sketch("one x two three"));
}

/* Files keep sketches: those of texts around the number of tokens that are
 * hashed in one go are what they always were. */
static void
long_texts_are_read_whole(void **state)
{
	static const struct {
		int words;
		uint64_t sketch;
	} known[] = {
	    {62, UINT64_C(0x87cba6d3bc8d9c80)},
	    {63, UINT64_C(0x87cba6d3bc8d9c80)},
	    {64, UINT64_C(0x87cba6d3bc8d9c80)},
	    {65, UINT64_C(0x87cba6d3bc8d9c80)},
	    {66, UINT64_C(0x87cba6d3bc8d9c80)},
	    {67, UINT64_C(0x87cba6d3bc8d9c80)},
	    {128, UINT64_C(0x1ddf2b7c9eb1e63)},
	    {300, UINT64_C(0xc04cc7e79ddd2d8a)},
	};
	struct buf b = {0};
	int words = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		for (; words < known[i].words; words++)
			buf_printf(&b, "word%d ", words * words);
		buf_char(&b, '\0');
		assert_true(sketch(b.data) == known[i].sketch);
		b.len--;
	}
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(eight_at_a_time_are_the_same),
	    cmocka_unit_test(tokens_hash_the_same),
	    cmocka_unit_test(links_and_mentions_are_left_out),
	    cmocka_unit_test(long_texts_are_read_whole),
	    cmocka_unit_test(reposts_are_copies),
	    cmocka_unit_test(other_posts_are_not),
	    cmocka_unit_test(one_word_changed_is_mostly_a_copy),
	    cmocka_unit_test(nothing_has_no_sketch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
