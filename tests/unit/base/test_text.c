/*
 * Goal: what people write folds and splits as CONTRACT 3 says, spans lead
 * back to it, and the tables of emoji and CJK are Unicode's.
 * Method: examples by hand with the expected bytes and tokens; every sequence
 * of emoji-test.txt must be one token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/text_step.h"
#include "tests/unit/base/corpus.h"

static struct text text;

/* Fold ${in}: the bytes, then the tokens with | around each. */
static const char *
folded(const char *in, enum text_mode mode)
{
	static struct buf out;

	text_fold(&text, SLICE_NONE, slice_of(in), mode);
	buf_clear(&out);
	buf_put(&out, text.bytes, text.len);
	for (uint32_t i = 0; i < text.tokens; i++) {
		buf_char(&out, '|');
		buf_put(&out, text.bytes + text.at[i],
		    text.end[i] - text.at[i]);
	}
	buf_char(&out, '\0');
	return out.data;
}

#define FOLDS(in, want) \
	assert_string_equal(folded((in), TEXT_POST), (want))

static void
letters(void **state)
{
	(void)state;
	FOLDS("", "");
	FOLDS("KitKat", "kitkat|kitkat");
	FOLDS("Nestlé DÉFORESTATION", "nestle deforestation|nestle|"
	    "deforestation");
	FOLDS("Nestle\xcc\x81", "nestle|nestle");
	FOLDS("cœur ŒUVRE Æther", "coeur oeuvre aether|coeur|oeuvre|aether");
	FOLDS("Straße ﬁn ＡＢＣ①", "strasse fin abc1|strasse|fin|abc1");
	FOLDS("İstanbul ŁÓDŹ", "istanbul łodz|istanbul|łodz");
	FOLDS("ΣΊΣΥΦΟΣ", "σισυφοσ|σισυφοσ");
	FOLDS("Ёлка", "елка|елка");
	FOLDS("snake_case x2", "snake_case x2|snake_case|x2");
}

static void
signs(void **state)
{
	(void)state;
	FOLDS("l’huile", "l'huile|l|huile");
	FOLDS("orang-outan don't", "orang-outan don't|orang|outan|don|t");
	FOLDS("«oui» “non” ‚si‘", "\"oui\" \"non\" 'si'|oui|non|si");
	FOLDS("#KitKat @Nestlé $NSRGY",
	    "#kitkat @nestle $nsrgy|kitkat|nestle|nsrgy");
	FOLDS("attends…", "attends...|attends");
	FOLDS("5 €", "5 €|5");
	FOLDS("c'est 10 % !", "c'est 10 % !|c|est|10");
}

static void
blanks_and_formats(void **state)
{
	(void)state;
	FOLDS("a  b\t\n c", "a b c|a|b|c");
	FOLDS("a\xc2\xa0 \xe2\x80\xaf" "b", "a b|a|b");
	FOLDS("  a ", " a |a");
	FOLDS("boy\xc2\xad" "cott", "boycott|boycott");
	FOLDS("boy\xe2\x80\x8b" "co\xe2\x80\x8dtt", "boycott|boycott");
	FOLDS("\xef\xbb\xbfkit", "kit|kit");
	FOLDS("a\xc2\xa8" "b", "a b|a|b");
}

static void
entities(void **state)
{
	(void)state;
	FOLDS("H&amp;M", "h&m|h|m");
	FOLDS("&amp;lt;", "&lt;|lt");
	FOLDS("&lt;3 &eacute;t&Eacute;", "<3 ete|3|ete");
	FOLDS("&#233;&#xE9;&#Xe9;&#0233;", "eeee|eeee");
	FOLDS("l&rsquo;eau l&#146;eau l&apos;eau",
	    "l'eau l'eau l'eau|l|eau|l|eau|l|eau");
	FOLDS("a&nbsp;&nbsp;b", "a b|a|b");
	FOLDS("&#128512;ok", "😀ok|😀|ok");
	FOLDS("KitKat™ ® x", "kitkat x|kitkat|x");
	FOLDS("Total®Energies℠&trade;", "total energies |total|energies");
	FOLDS("©️ 2010", " 2010|2010");
	FOLDS("?a=1&copy=2&b", "?a=1&copy=2&b|a|1|copy|2|b");
	FOLDS("&nosuch; &; &#; &#x; &#0; &#xD800; &#99999999;",
	    "&nosuch; &; &#; &#x; &#0; &#xd800; &#99999999;|nosuch|x|0|xd800"
	    "|99999999");
	FOLDS("&thetasym;&", "θ&|θ");
	FOLDS("e&#x301;t&#233;", "ete|ete");
}

static void
emoji_and_cjk(void **state)
{
	(void)state;
	FOLDS("ok😡😡!", "ok😡😡!|ok|😡|😡");
	FOLDS("I ❤️ it", "i ❤ it|i|❤|it");
	FOLDS("👩‍👩‍👧x", "👩‍👩‍👧x|👩‍👩‍👧|x");
	FOLDS("👍🏽👍", "👍🏽👍|👍🏽|👍");
	FOLDS("🇫🇷🇩🇪🇨", "🇫🇷🇩🇪🇨|🇫🇷|🇩🇪|🇨");
	FOLDS("a1️⃣2️⃣b", "a1️⃣2️⃣b|a|1️⃣|2️⃣|b");
	FOLDS("❤️‍🔥", "❤️‍🔥|❤️‍🔥");
	FOLDS("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", "🏴󠁧󠁢󠁥󠁮󠁧󠁿!|🏴󠁧󠁢󠁥󠁮󠁧󠁿");
	FOLDS("a\xe2\x80\x8d😡", "a😡|a|😡");
	FOLDS("漢字kit", "漢字kit|漢|字|kit");
	FOLDS("コーヒー", "コーヒー|コ|ー|ヒ|ー");
	FOLDS("が", "か\xe3\x82\x99|か\xe3\x82\x99");
	FOLDS("ｶﾞ", "カ\xe3\x82\x99|カ\xe3\x82\x99");
	/* Hangul is letters: one token, in jamo. */
	text_fold(&text, SLICE_NONE, SLICE("한국 a"), TEXT_POST);
	assert_int_equal(text.tokens, 2);
}

static void
queries(void **state)
{
	(void)state;
	FOLDS("deforest* ?", "deforest* ?|deforest");
	assert_string_equal(folded("Défor?st* b*t", TEXT_QUERY),
	    "defor?st* b*t|defor?st*|b*t");
	assert_string_equal(
	    folded("ａ＊？", TEXT_QUERY), "a*?|a*?");
}

static void
titles(void **state)
{
	(void)state;
	text_fold(&text, SLICE("Le Titré"), SLICE("Le texte"), TEXT_POST);
	assert_string_equal(text.bytes, "le titre\nle texte");
	assert_int_equal(text.tokens, 4);
	assert_int_equal(text.title_tokens, 2);
	assert_int_equal(text.at[2], 9);
	text_fold(&text, SLICE("漢"), SLICE("字"), TEXT_POST);
	assert_int_equal(text.tokens, 2);
	assert_int_equal(text.title_tokens, 1);
	text_fold(&text, SLICE("kit"), SLICE_NONE, TEXT_POST);
	assert_string_equal(text.bytes, "kit\n");
	assert_int_equal(text.title_tokens, 1);
	text_fold(&text, SLICE(""), SLICE("kit"), TEXT_POST);
	assert_string_equal(text.bytes, "kit");
	assert_int_equal(text.title_tokens, 0);
	text_fold(&text, SLICE_NONE, SLICE_NONE, TEXT_POST);
	assert_int_equal(text.len, 0);
	assert_int_equal(text.tokens, 0);
}

/* What the n-th token was in the text. */
static void
span_is(struct slice title, const char *in, uint32_t n, const char *want)
{
	uint32_t start, stop;

	text_map(&text, title, slice_of(in), TEXT_POST);
	assert_true(n < text.tokens);
	assert_true(text_span(
	    &text, text.at[n], text.end[n], &start, &stop));
	assert_int_equal(stop - start, strlen(want));
	assert_memory_equal(in + start, want, stop - start);
}

static void
spans(void **state)
{
	uint32_t start, stop;

	(void)state;
	for (unsigned exact = 0; exact < 2; exact++) {
		assert_true(text_path(exact ? "exact" : "auto"));
		span_is(SLICE_NONE, "a  Nestlé!", 1, "Nestlé");
		span_is(SLICE("Un"), "Nestlé", 1, "Nestlé");
		span_is(SLICE_NONE, "Nestle\xcc\x81 b", 0, "Nestle\xcc\x81");
		span_is(SLICE_NONE, "Straße x", 0, "Straße");
		span_is(SLICE_NONE, "x &eacute;t&#233;, b", 1,
		    "&eacute;t&#233;");
		span_is(SLICE_NONE, "boy\xc2\xad" "cott x", 0,
		    "boy\xc2\xad" "cott");
		span_is(SLICE_NONE, "kit\xe2\x80\x8b x", 0, "kit");
		span_is(SLICE_NONE, "I ❤️ it", 1, "❤️");
		span_is(SLICE_NONE, "漢字", 1, "字");
		span_is(SLICE_NONE, "한국 a", 0, "한국");
		span_is(SLICE_NONE, "㎏ a", 0, "㎏");
		/* marks in the wrong order: the whole cluster */
		span_is(SLICE_NONE, "\xd7\x90\xd6\x91\xd6\xb0 a", 0,
		    "\xd7\x90\xd6\x91\xd6\xb0");
		assert_int_equal(text.map[text.len], 8);
	}
	text_path("auto");
	text_map(&text, SLICE("Un"), SLICE("deux"), TEXT_POST);
	assert_false(text_span(&text, 0, 2, &start, &stop));
	assert_int_equal(text.map[text.len], 4);
}

static void
cuts(void **state)
{
	size_t room = TEXT_BYTES_MAX + 2;
	char *long_text = must_alloc(room);
	struct slice s = {long_text, TEXT_BYTES_MAX};

	(void)state;
	memset(long_text, 'a', room);
	text_fold(&text, SLICE_NONE, s, TEXT_POST);
	assert_false(text.cut);
	assert_int_equal(text.len, TEXT_BYTES_MAX);
	s.len++;
	text_fold(&text, SLICE_NONE, s, TEXT_POST);
	assert_true(text.cut);
	assert_int_equal(text.len, TEXT_BYTES_MAX);
	/* Never through a character. */
	memcpy(long_text + TEXT_BYTES_MAX - 1, "\xc3\xa9", 2);
	text_map(&text, SLICE_NONE, s, TEXT_POST);
	assert_true(text.cut);
	assert_int_equal(text.len, TEXT_BYTES_MAX - 1);
	assert_int_equal(text.map[text.len], TEXT_BYTES_MAX - 1);
	memset(long_text, 'a', room);
	text_fold(&text, s, SLICE("never read"), TEXT_POST);
	assert_true(text.cut);
	assert_int_equal(text.tokens, text.title_tokens);
	free(long_text);
}

/* The text that grows most fits, on each path; padding is zero. */
static void
growth(void **state)
{
	static const char *const paths[] = {"auto", "plain", "exact"};
	char *worst = must_alloc(TEXT_BYTES_MAX);
	static const char zeros[TEXT_PADDING];

	(void)state;
	for (size_t i = 0; i + 3 <= TEXT_BYTES_MAX; i += 3)
		memcpy(worst + i, "\xef\xb7\xba", 3);
	for (unsigned i = 0; i < 3; i++) {
		struct slice s = {worst, TEXT_BYTES_MAX / 3 * 3};

		assert_true(text_path(paths[i]));
		text_fold(&text, SLICE_NONE, s, TEXT_POST);
		assert_int_equal(text.len, TEXT_BYTES_MAX / 3 * 33);
		text_map(&text, SLICE_NONE, s, TEXT_POST);
		assert_int_equal(text.len, TEXT_BYTES_MAX / 3 * 33);
		text_fold(&text, SLICE_NONE, SLICE("after"), TEXT_POST);
		assert_memory_equal(text.bytes - TEXT_PADDING, zeros,
		    TEXT_PADDING);
		assert_memory_equal(text.bytes + text.len, zeros, TEXT_PADDING);
		assert_int_equal(text.tokens, 1);
	}
	text_path("auto");
	free(worst);
	assert_false(text_path("abacus"));
}

/* Not the sequences whose first character NFKC takes apart (™, ‼, ...). */
static bool
stays(const char *s)
{
	unsigned n;
	uint32_t c = step_decode((const unsigned char *)s, &n);

	return c < 0x80 || UNICODE_CLASS(unicode_get(c)) == UNICODE_EMOJI ||
	    UNICODE_CLASS(unicode_get(c)) == UNICODE_FLAG;
}

static void
emoji_file(void **state)
{
	struct buf s = {0};
	char line[1024];
	unsigned seen = 0, apart = 0;
	gzFile file;

	(void)state;
	if (!corpus_open("edge/unicode15/emoji-test.txt.gz", &file)) {
		print_message("skipped: no emoji-test.txt\n");
		skip();
	}
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p = line;

		if (*p == '#' || *p == '\n')
			continue;
		buf_clear(&s);
		while (*p != ';') {
			corpus_put_code(&s, (uint32_t)strtoul(p, &p, 16));
			p += strspn(p, " ");
		}
		buf_char(&s, '\0');
		if (!stays(s.data)) {
			apart++;
			continue;
		}
		s.len--;
		text_fold(&text, SLICE_NONE, buf_slice(&s), TEXT_POST);
		if (text.tokens != 1 || text.end[0] - text.at[0] != text.len)
			fail_msg("%s: %u tokens", line, text.tokens);
		seen++;
	}
	gzclose(file);
	buf_fini(&s);
	assert_true(seen > 4600);
	assert_true(apart < 50);
}

static void
cjk_tables(void **state)
{
	static const uint32_t yes[] = {0x3041, 0x3005, 0x3007, 0x30a2, 0x30fc,
	    0x31f0, 0x3400, 0x4e00, 0x9fff, 0xfa0e, 0x1b000, 0x20000, 0x30000};
	static const uint32_t no[] = {'a', 0x1100, 0xac00, 0xe01, 0x3105,
	    0x3030, 0x3001, 0x2e80};

	(void)state;
	for (unsigned i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_int_equal(
		    UNICODE_CLASS(unicode_get(yes[i])), UNICODE_CJK);
	for (unsigned i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_int_not_equal(
		    UNICODE_CLASS(unicode_get(no[i])), UNICODE_CJK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters),
	    cmocka_unit_test(signs),
	    cmocka_unit_test(blanks_and_formats),
	    cmocka_unit_test(entities),
	    cmocka_unit_test(emoji_and_cjk),
	    cmocka_unit_test(queries),
	    cmocka_unit_test(titles),
	    cmocka_unit_test(spans),
	    cmocka_unit_test(cuts),
	    cmocka_unit_test(growth),
	    cmocka_unit_test(emoji_file),
	    cmocka_unit_test(cjk_tables),
	};
	int failed;

	text_init(&text);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&text);
	return failed;
}
