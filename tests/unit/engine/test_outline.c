/*
 * Goal: an outline tells of each token what asking that token tells, on every
 * path; its hash is that of its bytes, wherever it stands.
 * Method: texts made of signs, schemes, blanks, short and long words in no
 * order, with and without a title, beside a plain definition; the same words
 * among others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/cpu.h"
#include "engine/base/rand.h"
#include "engine/density/outline_read.h"

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

/* The definitions, token by token. */
struct told {
	bool link, web, name, tag, word, letters;
};

static uint32_t
blank_behind(const struct text *t, uint32_t byte)
{
	while (byte < t->len && t->bytes[byte] != ' ' &&
	    t->bytes[byte] != '\n')
		byte++;
	return byte;
}

static void
tell(const struct text *t, struct told *told)
{
	memset(told, 0, t->tokens * sizeof(*told));
	for (uint32_t i = 0; i < t->tokens; i++) {
		const char *at = t->bytes + t->at[i];
		uint32_t len = t->end[i] - t->at[i];
		bool web = (len == 4 && memcmp(at, "http", 4) == 0) ||
		    (len == 5 && memcmp(at, "https", 5) == 0);

		told[i].name = at[-1] == '@';
		told[i].tag = at[-1] == '#';
		told[i].word = len >= OUTLINE_WORD_BYTES;
		told[i].letters = told[i].word;
		for (uint32_t k = 0; k < len; k++)
			told[i].letters &= (at[k] >= 'a' && at[k] <= 'z') ||
			    (at[k] & 0x80) != 0;
		if (memcmp(at + len, "://", 3) != 0)
			continue;
		for (uint32_t k = i; k < t->tokens &&
		    t->at[k] < blank_behind(t, t->end[i]); k++) {
			told[k].link = true;
			told[k].web |= web;
		}
	}
}

static uint32_t
same_as_told(const struct outline *o, const struct told *told)
{
	for (uint32_t i = 0; i < o->count; i++) {
		const struct told *want = &told[o->first + i];

		assert_int_equal(o->tokens >> i & 1, 1);
		assert_int_equal(o->links >> i & 1, want->link);
		assert_int_equal(o->web >> i & 1, want->web);
		assert_int_equal(o->names >> i & 1, want->name);
		assert_int_equal(o->tags >> i & 1, want->tag);
		assert_int_equal(o->words >> i & 1, want->word);
		if (o->letters >> i & 1)
			assert_true(want->letters);
	}
	if (o->count < OUTLINE_TOKENS_MAX)
		assert_int_equal((o->tokens | o->links | o->web | o->names |
		    o->tags | o->words) >> o->count, 0);
	return o->count;
}

static void
paths_are_the_same(const struct outline *o, const struct text *text)
{
	struct outline a = *o, b = *o;
	uint64_t colons[2], longer[2];

	if (cpu_level() < CPU_AVX512)
		return;
	outline_read_plain(&a, text, &colons[0], &longer[0]);
	outline_read_avx512(&b, text, &colons[1], &longer[1]);
	assert_int_equal(colons[0], colons[1]);
	assert_int_equal(longer[0], longer[1]);
	assert_int_equal(a.names, b.names);
	assert_int_equal(a.tags, b.tags);
	assert_int_equal(a.words, b.words);
	assert_memory_equal(
	    a.hashes, b.hashes, a.count * sizeof(*a.hashes));
}

static void
tokens_are_what_they_are(void **state)
{
	static struct told told[1000];
	struct buf words = {0}, title = {0};
	uint32_t more = 0;
	struct text text;
	struct rand r;

	(void)state;
	rand_seed(&r, 21);
	text_init(&text);
	for (uint32_t i = 0; i < 20000; i++) {
		struct slice none = {NULL, 0};
		struct outline o;
		uint32_t read;

		random_text(&r,
		    1 + rand_below(&r, i % 10 == 0 ? 300 : 40), &words);
		random_text(&r, 1 + rand_below(&r, 6), &title);
		text_fold(&text, i % 4 == 0 ? buf_slice(&title) : none,
		    buf_slice(&words), TEXT_POST);
		assert_true(text.tokens <= 1000);
		tell(&text, told);
		outline_of(&o, &text);
		paths_are_the_same(&o, &text);
		for (read = same_as_told(&o, told); outline_next(&o, &text);
		     read += same_as_told(&o, told))
			more++;
		assert_int_equal(read, text.tokens);
	}
	assert_true(more > 300);
	text_fini(&text);
	buf_fini(&words);
	buf_fini(&title);
}

/* Of each length up to 40, first and last in a text and between others; one
 * byte that differs makes another hash. */
static void
hashes_are_of_the_token(void **state)
{
	static const char *const around[][2] = {{"", ""}, {"@", "://x"},
	    {"abc ", " xyzwxyzw"}, {"#", "."}, {"longerlonger-", "-a"}};
	struct text text;
	struct rand r;

	(void)state;
	rand_seed(&r, 5);
	text_init(&text);
	for (uint32_t n = 0; n < 4000; n++) {
		uint32_t len = 1 + n % 40, first = 0;
		struct outline o;
		char word[41] = {0}, other[41];

		for (uint32_t i = 0; i < len; i++)
			word[i] = (char)('a' + rand_below(&r, 26));
		memcpy(other, word, sizeof(word));
		other[rand_below(&r, len)] = (char)('a' + rand_below(&r, 26));
		for (unsigned k = 0; k < 5; k++) {
			struct buf b = {0};
			uint32_t at = k == 2 || k == 4;

			buf_printf(&b, "%s%s%s", around[k][0], word,
			    around[k][1]);
			text_fold(&text, SLICE_NONE, buf_slice(&b), TEXT_POST);
			outline_of(&o, &text);
			if (k == 0)
				first = o.hashes[0];
			assert_int_equal(o.hashes[at], first);
			buf_fini(&b);
		}
		text_fold(&text, SLICE_NONE, slice_of(other), TEXT_POST);
		outline_of(&o, &text);
		if (strcmp(word, other) != 0)
			assert_int_not_equal(o.hashes[0], first);
	}
	text_fini(&text);
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
	outline_of(&o, &text);
	/* longer ann tag x ftp a org http b org c end */
	assert_int_equal(text.tokens, 12);
	assert_int_equal(o.tokens, 0xfff);
	assert_int_equal(o.words, 1 << 0);
	assert_int_equal(o.letters, cpu_level() >= CPU_AVX512);
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
	    cmocka_unit_test(tokens_are_what_they_are),
	    cmocka_unit_test(hashes_are_of_the_token),
	    cmocka_unit_test(tokens_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
