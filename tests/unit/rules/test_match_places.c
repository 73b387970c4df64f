/*
 * Goal: places that are kept while a post is judged are those that a search
 * finds, also where they are more than is kept, and words that keys prove
 * are those that their bytes prove.
 * Method: posts made of brands and words of lists, one more of each at a
 * time; hits and spans are those without the prefilter, which keeps nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "rules/matcher.h"
#include "tests/unit/load.h"

static const char rules[] =
    "sector: s\n"
    "lists:\n"
    "  a: [fire, smoke, blazes, 'house fire', '#fire', ash*]\n"
    "  b: [flood, floods, flooding, 'high water', floodwaters]\n"
    "  c: [storm, storms, stormy, tempest]\n"
    "  d: [quake, quakes, tremor, tremors]\n"
    "  e: [strike, strikes, walkout, picket]\n"
    "  f: ['#leak', leaks, leaked, spill]\n"
    "brands:\n"
    "  tag: {match: 'acme OR #acme* OR \"acme water\"'}\n"
    "  two: {match: '\"blue lagoon\" OR \"lagoon blue\"'}\n"
    "  re: {match: '/(?<!\\w)nova\\s+corp(?!\\w)/'}\n"
    "  w8: {match: abcdefgh}\n"
    "  w15: {match: abcdefghijklmno}\n"
    "  w16: {match: abcdefghijklmnop}\n"
    "  at: {match: '@abcdefgh OR #abcdefghijk'}\n"
    "topics:\n"
    "  t: {match: 'fire OR storm OR quake OR leaks'}\n"
    "rules:\n"
    "  ra: {brand: '*', when: 'brand AND @list(a)'}\n"
    "  rb: {brand: '*', when: 'brand NEAR/9 @list(b)'}\n"
    "  rc: {brand: '*', when: '@list(c) AND NOT @list(d)'}\n"
    "  re1: {brand: '*', when: '@list(d) AND @list(e)'}\n"
    "  rf: {brand: '*', when: '@list(f) AND (@list(a) OR @list(e))'}\n"
    "  rg: {when: 'acme OR tempest'}\n";

static const char *const words[] = {"acme ", "#acme ", "#acmewater ",
    "acme water ", "blue lagoon ", "lagoon blue ", "nova corp ", "novacorp ",
    "abcdefgh ", "abcdefghi ", "abcdefghijklmno ", "abcdefghijklmnx ",
    "abcdefghijklmnop ", "abcdefghijklmnoq ", "@abcdefgh ", "#abcdefgh ",
    "#abcdefghijk ", "fire ", "House  Fire ", "#fire ", "ashes ", "flooding ",
    "high water ", "\xc3\xa9t\xc3\xa9 ", "storm ", "quake ", "strike ",
    "#leak ", "leak ", "leaks "};
#define WORDS (sizeof(words) / sizeof(*words))

struct found {
	struct hit hits[64];
	struct span spans[64][16];
	uint32_t count;
};

static struct matcher *searching, *keeping;
static struct text text;

static void
match(struct matcher *m, struct slice body, unsigned flags, struct found *out)
{
	static struct post post;
	const struct verdict *v;

	post_clear(&post);
	post.text = body;
	text_fold(&text, post.title, post.text, TEXT_POST);
	v = rules_match(m, &post, &text,
	    flags | MATCH_SPANS | MATCH_TOPICS | MATCH_MENTIONS);
	assert_true(v->hits_count <= 64);
	out->count = v->hits_count;
	for (uint32_t i = 0; i < v->hits_count; i++) {
		const struct hit *hit = &v->hits[i];

		out->hits[i] = *hit;
		memcpy(out->spans[i], hit->spans,
		    sizeof(*hit->spans) * hit->spans_count);
	}
}

/* How many hits both found. */
static uint32_t
compare(struct slice body)
{
	static struct found a, b;

	match(searching, body, MATCH_NO_PREFILTER, &a);
	match(keeping, body, 0, &b);
	assert_int_equal(a.count, b.count);
	for (uint32_t i = 0; i < a.count; i++) {
		const struct hit *x = &a.hits[i], *y = &b.hits[i];

		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->index, y->index);
		assert_int_equal(x->brand, y->brand);
		assert_int_equal(x->spans_count, y->spans_count);
		assert_memory_equal(a.spans[i], b.spans[i],
		    sizeof(**a.spans) * x->spans_count);
	}
	return a.count;
}

static void
test_few_and_many(void **state)
{
	struct buf body = {0};
	uint32_t hits = 0, words_hit = 0;

	(void)state;
	for (size_t i = 0; i < WORDS; i++) {
		buf_clear(&body);
		buf_text(&body, words[i]);
		words_hit += compare(buf_slice(&body)) > 0;
		for (size_t k = 0; k < WORDS; k++) {
			buf_text(&body, words[(i + k * 7) % WORDS]);
			hits += compare(buf_slice(&body));
		}
	}
	assert_true(words_hit > 10 && words_hit < WORDS);
	assert_true(hits > 5000);
	for (size_t i = 0; i < WORDS; i++) {
		buf_clear(&body);
		buf_text(&body, "acme fire storm ");
		for (unsigned n = 0; n < 24; n++) {
			buf_text(&body, words[i]);
			assert_true(compare(buf_slice(&body)) > 2);
		}
	}
	buf_fini(&body);
}

static bool
take_rules(void *into, const char *path, struct diag *diag)
{
	const struct rules_options options = {.selftest = true};
	struct ruleset *rs = ruleset_load(&path, 1, &options, diag);

	*(struct ruleset **)into = rs;
	return rs != NULL;
}

static int
set_up(void **state)
{
	struct ruleset *rs;

	load_good(take_rules, &rs, rules);
	searching = matcher_new();
	keeping = matcher_new();
	matcher_fit(searching, rs);
	matcher_fit(keeping, rs);
	text_init(&text);
	*state = rs;
	return 0;
}

static int
tear_down(void **state)
{
	matcher_free(searching);
	matcher_free(keeping);
	text_fini(&text);
	ruleset_unref(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_few_and_many, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
