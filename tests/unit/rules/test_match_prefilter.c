/*
 * Goal: the prefilter loses no post that operators over looks, forms and the
 * text as posted would match, nor words of regexes that are part of a token.
 * Method: random rules of such operators over a small vocabulary, random posts
 * of disguised and inclusive words and of marks; verdicts with and without the
 * prefilter are compared, in two sets of three with pairs of words looked up
 * as such, which only large sets do.  VIGIE_TEST_PAIRS and VIGIE_TEST_SEED as
 * in test_match_reference.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/rand.h"
#include "rules/prefilter.h"
#include "rules/rules.h"

#define PAIRS_DEFAULT 60000
#define RULES 20
#define POSTS 30

static const char *const terms[] = {"disguised:nestle", "disguised:kitkat",
    "disguised:\"kit kat\"", "disguised:(nestle OR boycott)", "salariés",
    "salariées", "\"clientes de nestle\"", "\"les acteurs\"", "\"kit kat\"",
    "\"de nestle\"", "\"les salariées\"", "#clients",
    "client*", "acteurs OR actrices", "exact:Nestlé", "exact:\"KitKat !\"",
    "/Kit/r", "/\\bNest/r", "/(?:Kit|Nes)t?[kl]/r", "/[A-Z]{3}/r", "/é/r",
    "/amp/r", "/\\bKat\\b/ri",
    "/\\bkit\\s+kat\\b/", "/\\bkit(?!\\w)/", "/(?<!\\w)kat[ .]+kit$/",
    "/\\b(?:kat\\s|les kit\\b)/", "/\\bles\\W+kit\\s+kat(?!\\w)/",
    "/\\bde[ -]kat(?:s)?\\b/", "title:disguised:nestle", "kit", "nestle",
    "boycott*", "e", "SENTENCE(disguised:nestle boycott)",
    "ATLEAST/2(salariés OR disguised:kitkat)", "\"nestle salariés kit\"~2"};
static const char *const words[] = {"n€stlé", "N3STLE", "nestlé", "Nestlé",
    "n.e.s.t.l.e", "k1tkat", "kit", "k4t", "kat", "KitKat", "salarié·e·s",
    "salarié.e", "salarié(e)s", "client-e-s", "#client·es", "acteur·rice·s",
    "les", "de", "b0ycott", "boycott", "e", "s", "$tarbucks", "AT&amp;T",
    "Kit\xe2\x80\x8bKat", "k i t k a t", "№Kit", "\xe3\x8e\x8fKit", "100",
    "KIT", "nеstlе", "!", "é", "kit\xe2\x83\x9d", "kat\xe2\x83\x9d",
    "\xe2\x83\x9dkat", "de\xe2\x83\x9dkit\xe2\x83\x9d",
    "kit kat\xe2\x83\x9d", "de\xe2\x83\x9dkit kat"};
static const char *const gaps[] = {" ", " ", " ", ", ", ". ", " ! ", "\n", "-",
    "", "\xc2\xad", "·", "€"};

#define PICK(r, list) list[rand_below(r, sizeof(list) / sizeof(*list))]

static void
put_query(struct rand *r, struct buf *out)
{
	static const char *const ways[] = {"%s", "%s", "%s OR %s",
	    "(%s) AND (%s)", "(%s) AND NOT (%s)", "kit NEAR/2 (%s)",
	    "text:(%s)", "title:(%s) OR (%s)"};
	const char *way = PICK(r, ways);

	for (; *way != '\0'; way++)
		if (way[0] == '%') {
			buf_text(out, PICK(r, terms));
			way++;
		} else {
			buf_char(out, *way);
		}
}

static struct ruleset *
load(struct rand *r, struct buf *yaml)
{
	static const struct rules_options options = {0};
	char path[] = "/tmp/vigie-same-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	buf_clear(yaml);
	buf_text(yaml, "sector: test\nrules:\n");
	for (int i = 0; i < RULES; i++) {
		buf_printf(yaml, "  r%d:\n    when: |-\n      ", i);
		put_query(r, yaml);
		buf_char(yaml, '\n');
	}
	assert_true(fd >= 0);
	assert_true(write(fd, yaml->data, yaml->len) == (ssize_t)yaml->len);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	if (rs == NULL)
		diag_print(diag, stderr, false);
	diag_free(diag);
	return rs;
}

static void
put_text(struct rand *r, struct buf *out)
{
	uint32_t n = rand_below(r, 9);

	buf_clear(out);
	for (uint32_t i = 0; i < n; i++) {
		buf_text(out, PICK(r, words));
		buf_text(out, PICK(r, gaps));
	}
}

static uint32_t
judge(struct matcher *m, const struct post *post, struct text *text,
    unsigned flags, struct buf *out)
{
	const struct verdict *v;

	text_fold(text, post->title, post->text, TEXT_POST);
	v = rules_match(m, post, text, flags | MATCH_SPANS);
	buf_clear(out);
	for (uint32_t i = 0; i < v->hits_count; i++) {
		buf_printf(out, "r%u", v->hits[i].index);
		for (uint32_t k = 0; k < v->hits[i].spans_count; k++)
			buf_printf(out, " %u-%u", v->hits[i].spans[k].start,
			    v->hits[i].spans[k].end);
		buf_char(out, '\n');
	}
	return v->hits_count;
}

static uint64_t
from_environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : strtoull(value, NULL, 10);
}

static void
test_same(void **state)
{
	uint64_t pairs = from_environment("VIGIE_TEST_PAIRS", PAIRS_DEFAULT);
	uint64_t seed = from_environment("VIGIE_TEST_SEED", 1), hits = 0;
	struct buf yaml = {0}, title = {0}, body = {0}, a = {0}, b = {0};
	struct matcher *m = matcher_new();
	struct text text;
	struct rand r;

	/* none is large; all are, and gone through in turns; large alone */
	static const uint32_t beyond[] = {UINT32_MAX, 0, 7};

	(void)state;
	text_init(&text);
	for (uint64_t done = 0; done < pairs; done += RULES * POSTS, seed++) {
		struct ruleset *rs;

		rand_seed(&r, seed);
		prefilter_large_beyond(beyond[seed % 3]);
		rs = load(&r, &yaml);
		assert_non_null(rs);
		matcher_fit(m, rs);
		for (int i = 0; i < POSTS; i++) {
			struct post post;

			put_text(&r, &title);
			put_text(&r, &body);
			post_clear(&post);
			post.text = buf_slice(&body);
			if (body.len == 0)
				post.text = SLICE("x");
			if (rand_below(&r, 3) == 0 && title.len > 0)
				post.title = buf_slice(&title);
			hits += judge(m, &post, &text, 0, &a);
			judge(m, &post, &text, MATCH_NO_PREFILTER, &b);
			if (!slice_equal(buf_slice(&a), buf_slice(&b)))
				fail_msg("seed %llu\n%.*stitle: %.*s\ntext: "
					 "%.*s\nwith:\n%.*swithout:\n%.*s",
				    (unsigned long long)seed,
				    SLICE_ARG(buf_slice(&yaml)),
				    SLICE_ARG(post.title),
				    SLICE_ARG(post.text),
				    SLICE_ARG(buf_slice(&a)),
				    SLICE_ARG(buf_slice(&b)));
		}
		ruleset_unref(rs);
	}
	printf("%llu hits\n", (unsigned long long)hits);
	assert_true(hits > pairs / 20);
	text_fini(&text);
	matcher_free(m);
	buf_fini(&yaml);
	buf_fini(&title);
	buf_fini(&body);
	buf_fini(&a);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
