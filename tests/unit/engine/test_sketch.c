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
#include "engine/base/cpu.h"
#include "engine/base/rand.h"
#include "engine/base/text.h"
#include "engine/density/sketch.h"
#include "engine/density/sketch_least.h"

static uint64_t
sketch(const char *post)
{
	static struct text text;
	static bool ready;
	struct outline outline;

	if (!ready)
		text_init(&text);
	ready = true;
	text_fold(&text, SLICE_NONE, slice_of(post), TEXT_POST);
	outline_of(&outline, &text);
	return sketch_of(&text, &outline);
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

/* Of every number of runs; what lies behind them counts for nothing. */
static void
all_paths_find_the_same(void **state)
{
	static sketch_least *const wide[] = {
	    sketch_least_avx2, sketch_least_avx512};
	struct rand r;

	(void)state;
	if (cpu_level() < CPU_AVX2)
		skip();
	rand_seed(&r, 7);
	for (uint32_t i = 0; i < 64 * 20; i++) {
		uint32_t tokens[OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
		uint32_t plain[SKETCH_ORDERS], other[SKETCH_ORDERS];

		for (size_t k = 0; k < sizeof(tokens) / sizeof(*tokens); k++)
			tokens[k] = (uint32_t)rand_next(&r);
		for (unsigned w = 0; w <= cpu_level() - CPU_AVX2; w++) {
			memset(plain, 0xff, sizeof(plain));
			plain[i % SKETCH_ORDERS] = tokens[0];
			memcpy(other, plain, sizeof(plain));
			sketch_least_plain(plain, tokens, i % 64);
			wide[w](other, tokens, i % 64);
			assert_memory_equal(plain, other, sizeof(plain));
		}
	}
}

static void
any_tokens_are_taken(void **state)
{
	uint32_t hashes[OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
	struct rand r;

	(void)state;
	if (cpu_level() < CPU_AVX512)
		skip();
	rand_seed(&r, 9);
	for (uint32_t n = 0; n < 2000; n++) {
		uint32_t plain[OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
		uint32_t wide[OUTLINE_TOKENS_MAX + OUTLINE_SPARE];
		uint64_t which = rand_next(&r) >> rand_below(&r, 64);
		uint32_t count;

		which &= n % 2 ? rand_next(&r) : ~UINT64_C(0);
		for (uint32_t i = 0; i < OUTLINE_TOKENS_MAX; i++)
			hashes[i] = (uint32_t)rand_next(&r);
		memset(hashes + OUTLINE_TOKENS_MAX, 0,
		    OUTLINE_SPARE * sizeof(*hashes));
		count = sketch_take_plain(plain, hashes, which);
		assert_int_equal(
		    sketch_take_avx512(wide, hashes, which), count);
		assert_memory_equal(plain, wide, count * sizeof(*plain));
	}
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

/* However many of them stand before the tokens that count. */
static void
names_between_change_nothing(void **state)
{
	struct rand r;

	(void)state;
	rand_seed(&r, 31);
	for (uint32_t n = 0; n < 3000; n++) {
		struct buf a = {0}, b = {0};
		uint32_t words = 1 + rand_below(&r, 200), names;

		names = rand_below(&r, 2) ? 70 : rand_below(&r, words + 1);
		for (uint32_t w = 0; w < words; w++) {
			while (names > 0 && rand_below(&r, 3) == 0) {
				buf_printf(&b, "@name%u ", names);
				names--;
			}
			buf_printf(&a, "w%u ", n + w * w);
			buf_printf(&b, "w%u ", n + w * w);
		}
		buf_char(&a, '\0');
		buf_char(&b, '\0');
		assert_true(sketch(a.data) == sketch(b.data));
		buf_fini(&a);
		buf_fini(&b);
	}
}

/* Files keep sketches: those of texts around the number of tokens that are
 * read in one go stay what they are, on every path. */
static void
long_texts_are_read_whole(void **state)
{
	static const char *const levels[] = {"plain", "avx2", "auto"};
	static const struct {
		int words;
		uint64_t sketch;
	} known[] = {
	    {1, UINT64_C(0x7786ef37a1eb5c13)},
	    {2, UINT64_C(0xb4d6040b22fe9e4c)},
	    {3, UINT64_C(0xcc65a0032af60106)},
	    {62, UINT64_C(0x56932a856412d6ab)},
	    {63, UINT64_C(0x56932a856412d6ab)},
	    {64, UINT64_C(0x56932a856412d6ab)},
	    {65, UINT64_C(0x56932a856412d6ab)},
	    {66, UINT64_C(0x244136736412d6ab)},
	    {67, UINT64_C(0x244136736412d6ab)},
	    {128, UINT64_C(0xc8639933bcda26c8)},
	    {300, UINT64_C(0x84c7eb8f310bbece)},
	};

	(void)state;
	for (unsigned l = 0; l < 3; l++) {
		struct buf b = {0};
		int words = 0;

		if (!cpu_limit(levels[l]))
			continue;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			for (; words < known[i].words; words++)
				buf_printf(&b, "longerword%d w%d ",
				    words * words * words, words);
			buf_char(&b, '\0');
			assert_true(sketch(b.data) == known[i].sketch);
			b.len--;
		}
		buf_fini(&b);
	}
	cpu_limit("auto");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_paths_find_the_same),
	    cmocka_unit_test(any_tokens_are_taken),
	    cmocka_unit_test(links_and_mentions_are_left_out),
	    cmocka_unit_test(names_between_change_nothing),
	    cmocka_unit_test(long_texts_are_read_whole),
	    cmocka_unit_test(reposts_are_copies),
	    cmocka_unit_test(other_posts_are_not),
	    cmocka_unit_test(one_word_changed_is_mostly_a_copy),
	    cmocka_unit_test(nothing_has_no_sketch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
