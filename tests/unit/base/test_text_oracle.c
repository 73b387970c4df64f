/*
 * Goal: folding and tokens are what CONTRACT 3 says, for every character and
 * for sequences that nobody would write.
 * Method: a slow fold made of calls of utf8proc, in the order of the
 * contract, and a tokenizer over code points; every path must agree with it
 * on each code point, on the lines of NormalizationTest.txt, on seeded random
 * strings of difficult characters, and on their own results (folding twice).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "engine/base/rand.h"
#include "engine/base/text_step.h"
#include "tests/unit/base/corpus.h"

#define CODES_MAX 8192
#define RANDOM_STRINGS 200000

struct codes {
	uint32_t count;
	utf8proc_int32_t at[CODES_MAX];
};

struct expected {
	struct buf bytes;
	uint32_t tokens;
	uint32_t at[CODES_MAX], end[CODES_MAX];
};

static struct text text;
static struct expected want;

static struct codes
decode(struct slice s)
{
	static struct codes c;
	utf8proc_ssize_t i = 0, n;

	for (c.count = 0; i < (utf8proc_ssize_t)s.len; i += n) {
		n = utf8proc_iterate((const utf8proc_uint8_t *)s.data + i,
		    (utf8proc_ssize_t)s.len - i, &c.at[c.count]);
		assert_true(n > 0);
		assert_true(++c.count < CODES_MAX);
	}
	return c;
}

static void
map(struct codes *c, utf8proc_option_t options)
{
	struct buf text_in = {0};
	utf8proc_uint8_t *result = NULL;
	utf8proc_ssize_t n;

	for (uint32_t i = 0; i < c->count; i++)
		corpus_put_code(&text_in, (uint32_t)c->at[i]);
	n = utf8proc_map((const utf8proc_uint8_t *)text_in.data,
	    (utf8proc_ssize_t)text_in.len, &result, options);
	assert_true(n >= 0);
	*c = decode((struct slice){(const char *)result, (size_t)n});
	free(result);
	buf_fini(&text_in);
}

static bool
is_style(utf8proc_int32_t c)
{
	return c == 0xfe0e || c == 0xfe0f;
}

/* Dropped wherever it stands. */
static bool
is_dropped(utf8proc_int32_t c)
{
	return c == 0xad || c == 0x200b || c == 0x200c || c == 0x2060 ||
	    c == 0xfeff || (c >= 0x300 && c <= 0x36f) ||
	    (c >= 0x180b && c <= 0x180d) || c == 0x180f ||
	    (c >= 0xfe00 && c <= 0xfe0d) || (c >= 0xe0100 && c <= 0xe01ef);
}

static bool
is_blank(utf8proc_int32_t c)
{
	return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 ||
	    c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static void
drop(struct codes *c, bool (*gone)(utf8proc_int32_t))
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++)
		if (!gone(c->at[i]))
			c->at[kept++] = c->at[i];
	c->count = kept;
}

static bool
is_emoji(utf8proc_int32_t c)
{
	return UNICODE_CLASS(unicode_get((uint32_t)c)) == UNICODE_EMOJI;
}

static bool
is_tone(utf8proc_int32_t c)
{
	return c >= 0x1f3fb && c <= 0x1f3ff;
}

static bool
is_tag(utf8proc_int32_t c)
{
	return c >= 0xe0020 && c <= 0xe007f;
}

static bool
is_flag(utf8proc_int32_t c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static bool
is_key(utf8proc_int32_t c)
{
	return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/*
 * One past the emoji sequence at ${i}, or ${i}: keycap, flag, or elements
 * joined by U+200D, each an emoji with a skin tone and tags.  A selector may
 * stand between two of these, not at the very end.
 */
static uint32_t
emoji_sequence(const struct codes *c, uint32_t i)
{
	const utf8proc_int32_t *at = c->at;
	uint32_t n = c->count, j = i;

	if (is_key(at[i])) {
		j = i + 1 < n && is_style(at[i + 1]) ? i + 2 : i + 1;
		return j < n && at[j] == 0x20e3 ? j + 1 : i;
	}
	if (is_flag(at[i]))
		return i + 1 < n && is_flag(at[i + 1]) ? i + 2 : i + 1;
	if (!is_emoji(at[i]))
		return i;
	for (;;) {
		bool style;

		j++;
		style = j + 1 < n && is_style(at[j]);
		if (style && (is_tone(at[j + 1]) || is_tag(at[j + 1])))
			j++;
		if (j < n && is_tone(at[j]))
			j++;
		while (j < n && is_tag(at[j]))
			j++;
		style = j + 2 < n && is_style(at[j]) && at[j + 1] == 0x200d &&
		    is_emoji(at[j + 2]);
		if (style)
			j++;
		if (j + 1 >= n || at[j] != 0x200d || !is_emoji(at[j + 1]))
			return j;
		j++;
	}
}

/* Does an emoji sequence hold ${k} and more behind it? */
static bool
is_inside(const struct codes *c, uint32_t k)
{
	uint32_t i = 0, stop = 0;

	while (i <= k) {
		stop = emoji_sequence(c, i);
		i = stop > i ? stop : i + 1;
	}
	return stop > k + 1;
}

/*
 * Drop joiners and selectors outside emoji sequences: those that would not
 * be inside one if they came right after what has been kept; and those
 * behind a dropped one.
 */
static void
drop_outside(struct codes *c)
{
	struct codes kept = {0};
	bool broken = false;

	for (uint32_t i = 0; i < c->count; i++) {
		utf8proc_int32_t code = c->at[i];

		if (is_style(code) || code == 0x200d) {
			uint32_t k = kept.count;

			kept.count += 3;
			for (uint32_t n = 0; n < 3; n++)
				kept.at[k + n] =
				    i + n < c->count ? c->at[i + n] : 0;
			broken |= !is_inside(&kept, k);
			kept.count = k;
			if (broken)
				continue;
		}
		broken = false;
		kept.at[kept.count++] = code;
	}
	*c = kept;
}

static utf8proc_int32_t
plain_quote(utf8proc_int32_t c)
{
	static const utf8proc_int32_t single[] = {0x2018, 0x2019, 0x201a,
	    0x201b, 0x2032, 0x2039, 0x203a, 0x2bc, 0x275b, 0x275c};
	static const utf8proc_int32_t twice[] = {0x201c, 0x201d, 0x201e, 0x201f,
	    0xab, 0xbb, 0x275d, 0x275e, 0x301d, 0x301e, 0x301f, 0x2e42};

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (c == single[i])
			return '\'';
	for (size_t i = 0; i < sizeof(twice) / sizeof(twice[0]); i++)
		if (c == twice[i])
			return '"';
	return c;
}

static void
plain_letters(struct codes *c)
{
	struct codes d = {0};

	for (uint32_t i = 0; i < c->count; i++) {
		utf8proc_int32_t code = plain_quote(c->at[i]);

		if (code == 0x153 || code == 0xe6) {
			d.at[d.count++] = code == 0x153 ? 'o' : 'a';
			code = 'e';
		}
		if (is_blank(code)) {
			if (d.count > 0 && d.at[d.count - 1] == ' ')
				continue;
			code = ' ';
		}
		d.at[d.count++] = code;
	}
	*c = d;
}

static bool
is_mark(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC ||
	    k == UTF8PROC_CATEGORY_ME;
}

static bool
is_letter(utf8proc_int32_t c, bool query)
{
	utf8proc_category_t k = utf8proc_category(c);

	return c == '_' || (query && (c == '*' || c == '?')) ||
	    (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
	    (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO);
}

static bool
is_cjk(utf8proc_int32_t c)
{
	/* The scripts are checked by name in test_text.c. */
	return UNICODE_CLASS(unicode_get((uint32_t)c)) == UNICODE_CJK;
}

/* Bytes and tokens of the folded code points. */
static void
tokenize(const struct codes *c, bool query)
{
	uint32_t i = 0, from = 0;
	bool open = false;

	buf_clear(&want.bytes);
	want.tokens = 0;
	while (i < c->count) {
		uint32_t stop = emoji_sequence(c, i), begin = (uint32_t)
		    want.bytes.len;
		bool closed = stop > i || is_cjk(c->at[i]);
		bool part = closed || is_mark(c->at[i]) ||
		    is_letter(c->at[i], query);

		if (stop == i)
			stop = i + 1;
		if (closed)
			while (stop < c->count && is_mark(c->at[stop]))
				stop++;
		for (; i < stop; i++)
			corpus_put_code(&want.bytes, (uint32_t)c->at[i]);
		if (open && (closed || !part)) {
			want.at[want.tokens] = from;
			want.end[want.tokens++] = begin;
			open = false;
		}
		if (closed) {
			want.at[want.tokens] = begin;
			want.end[want.tokens++] = (uint32_t)want.bytes.len;
		} else if (part && !open) {
			open = true;
			from = begin;
		}
	}
	if (open) {
		want.at[want.tokens] = from;
		want.end[want.tokens++] = (uint32_t)want.bytes.len;
	}
}

/* CONTRACT 3 in the order of its words, to ${want}. */
static void
oracle(struct slice s, bool query)
{
	struct buf plain = {0};
	struct codes c;

	for (size_t i = 0; i < s.len;) {
		uint32_t code;
		unsigned n = s.data[i] != '&' ? 0
		    : text_entity_read(s.data + i, s.data + s.len, &code);

		if (n == 0)
			buf_char(&plain, s.data[i++]);
		else
			corpus_put_code(&plain, code);
		i += n;
	}
	c = decode(buf_slice(&plain));
	buf_fini(&plain);
	map(&c, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	map(&c, UTF8PROC_CASEFOLD);
	map(&c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	drop(&c, is_dropped);
	drop_outside(&c);
	plain_letters(&c);
	/* What is dropped no longer keeps marks apart. */
	map(&c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	tokenize(&c, query);
}

static void
dump(const char *name, const char *data, size_t len)
{
	print_error("%s:", name);
	for (size_t i = 0; i < len; i++)
		print_error(" %02x", (unsigned char)data[i]);
	print_error("\n");
}

static void
same(const char *path, struct slice s)
{
	bool equal = text.len == want.bytes.len &&
	    (text.len == 0 || !memcmp(text.bytes, want.bytes.data, text.len)) &&
	    text.tokens == want.tokens &&
	    !memcmp(text.at, want.at, want.tokens * sizeof(want.at[0])) &&
	    !memcmp(text.end, want.end, want.tokens * sizeof(want.end[0]));

	if (equal)
		return;
	print_error("path %s\n", path);
	dump("input", s.data, s.len);
	dump("want ", want.bytes.data, want.bytes.len);
	dump("got  ", text.bytes, text.len);
	for (uint32_t i = 0; i < want.tokens; i++)
		print_error(" want [%u, %u)", want.at[i], want.end[i]);
	print_error("\n");
	for (uint32_t i = 0; i < text.tokens; i++)
		print_error(" got [%u, %u)", text.at[i], text.end[i]);
	print_error("\n");
	fail();
}

static void
check(struct slice s, enum text_mode mode)
{
	static const char *const paths[] = {"auto", "plain", "exact"};
	static char again[1 << 16];
	struct slice folded = {again, 0};

	oracle(s, mode == TEXT_QUERY);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(text_path(paths[i]));
		text_fold(&text, SLICE_NONE, s, mode);
		same(paths[i], s);
		text_map(&text, SLICE_NONE, s, mode);
		same("map", s);
	}
	text_path("auto");
	folded.len = text.len;
	memcpy(again, text.bytes, text.len);
	if (memchr(again, '&', folded.len) != NULL)
		return;
	text_fold(&text, SLICE_NONE, folded, mode);
	same("twice", s);
}

static void
every_code_point(void **state)
{
	struct buf s = {0};

	(void)state;
	for (uint32_t c = 1; c < 0x110000; c++) {
		if ((c >= 0xd800 && c < 0xe000) ||
		    (c >= 0xf0100 && c < 0x10ff00))
			continue;
		buf_clear(&s);
		corpus_put_code(&s, c);
		check(buf_slice(&s), TEXT_POST);
	}
	buf_fini(&s);
}

static void
normalization_lines(void **state)
{
	gzFile file;
	char line[4096];
	struct buf s = {0};
	unsigned lines = 0;

	(void)state;
	if (!corpus_open("edge/unicode15/NormalizationTest.txt.gz", &file)) {
		print_message("skipped: no NormalizationTest.txt\n");
		skip();
	}
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p = line;

		for (unsigned column = 0; column < 5 && *p != '#' &&
		    *p != '@'; column++) {
			buf_clear(&s);
			for (; *p != ';' && *p != '\0'; p += *p == ' ')
				corpus_put_code(
				    &s, (uint32_t)strtoul(p, &p, 16));
			p++;
			check(buf_slice(&s), TEXT_POST);
			lines++;
		}
	}
	gzclose(file);
	buf_fini(&s);
	assert_true(lines > 90000);
}

/* A character of the kind that makes folding difficult. */
static uint32_t
difficult(struct rand *r)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{'a', 'z'}, {'A', 'Z'}, {' ', '?'}, {9, 13}, {'0', '9'},
	    {0xa0, 0xff}, {0x100, 0x24f}, {0x2b0, 0x2ff}, {0x300, 0x36f},
	    {0x340, 0x345}, {0x370, 0x3ff}, {0x400, 0x52f}, {0x591, 0x5c7},
	    {0x610, 0x65f}, {0x900, 0x97f}, {0x9be, 0x9d7}, {0xe31, 0xe4e},
	    {0xf71, 0xf84}, {0x1100, 0x11ff}, {0x180b, 0x180f},
	    {0x1ab0, 0x1ac0}, {0x1dc0, 0x1dff}, {0x1e00, 0x1eff},
	    {0x1f00, 0x1fff}, {0x2000, 0x206f}, {0x20d0, 0x20f0},
	    {0x2100, 0x218f}, {0x2460, 0x24ff}, {0x2600, 0x27bf},
	    {0x302a, 0x30ff}, {0x3131, 0x318e}, {0x3300, 0x33ff},
	    {0x4e00, 0x4e20}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
	    {0xfb00, 0xfdff}, {0xfe00, 0xfe0f}, {0xfe50, 0xfeff},
	    {0xff01, 0xffef}, {0x10400, 0x1044f}, {0x110b9, 0x110ba},
	    {0x11131, 0x11134}, {0x1d15e, 0x1d16d}, {0x1d400, 0x1d7ff},
	    {0x1e900, 0x1e94a}, {0x1f000, 0x1f2ff}, {0x1f1e6, 0x1f1ff},
	    {0x1f300, 0x1faff}, {0x1f3fb, 0x1f3ff}, {0x20000, 0x20010},
	    {0x2f800, 0x2fa1d}, {0xe0020, 0xe007f}, {0xe0100, 0xe01ef}};
	static const uint32_t loved[] = {0x200d, 0xfe0f, 0x200d, 0xfe0f, 0xfe0e,
	    0x20e3, 0x200b, 0xad, '1', '#', '*', ' ', '&', 0x3b1, 0x397, 0x345,
	    0x323, 0x301, 0x5b0, 0x591, 0x3099, 0x2764, 0x1f469, 0x1f3fd,
	    0x1f468, 0x1f1eb, 0x1f1f7, 0x1f3f4, 0xff9e, 0x344, 0xa8, 0x130,
	    0xdf, 0x1e9e, 0x153, 0xc6, 0x2026, 0x2019, 0xa0, 0xa9, 0x2122};
	uint32_t n = sizeof(ranges) / sizeof(ranges[0]), i;

	if (rand_below(r, 3) == 0)
		return loved[rand_below(r, sizeof(loved) / sizeof(loved[0]))];
	i = rand_below(r, n);
	return ranges[i].first +
	    rand_below(r, ranges[i].last - ranges[i].first + 1);
}

static void
random_strings(void **state)
{
	struct buf s = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 20100317);
	for (unsigned i = 0; i < RANDOM_STRINGS; i++) {
		uint32_t count = 1 + rand_below(&r, i % 16 ? 12 : 70);
		bool plain = false;

		buf_clear(&s);
		for (uint32_t k = 0; k < count; k++) {
			if (rand_below(&r, 6) == 0)
				plain = !plain;
			corpus_put_code(&s, plain ? 32 + rand_below(&r, 90)
						  : difficult(&r));
		}
		check(buf_slice(&s), i % 4 ? TEXT_POST : TEXT_QUERY);
	}
	buf_fini(&s);
}

/* Few characters, all of the kind that meet an iota subscript or a joiner:
 * the rare turns of the exact path. */
static void
random_knots(void **state)
{
	static const uint32_t greek[] = {0x3b1, 0x397, 0x3c9, 0x1fb3, 0x3ac,
	    0x1f80, 0x37a, 0x3b2, 0x1d6c2, 'a', 0x345, 0x345, 0x301, 0x313,
	    0x304, 0x343, 0x344, 0x323, 0x5b0, 0x591, 0x651, 0x64e, 0xf73,
	    0x3099, 0xff9e, 0x1d165, 0x200b, 0x200d};
	static const uint32_t emoji[] = {0x200d, 0x200d, 0xfe0f, 0xfe0f, 0xfe0e,
	    0x1f469, 0x2764, 0x1f3fd, 0x1f1eb, 0x20e3, '1', '#', 'a', ' ',
	    0xe0067, 0xe007f, 0x1f3f4, 0x301, 0x5b0, 0x200b, 0x4e00, '*'};
	struct buf s = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 20100320);
	for (unsigned i = 0; i < RANDOM_STRINGS; i++) {
		uint32_t count = 1 + rand_below(&r, 9);
		uint32_t n = i & 1 ? sizeof(greek) / sizeof(greek[0])
				   : sizeof(emoji) / sizeof(emoji[0]);

		buf_clear(&s);
		for (uint32_t k = 0; k < count; k++)
			corpus_put_code(
			    &s, (i & 1 ? greek : emoji)[rand_below(&r, n)]);
		check(buf_slice(&s), TEXT_POST);
	}
	buf_fini(&s);
}

/* Long runs of marks are sorted by counting. */
static void
long_runs(void **state)
{
	static const uint32_t marks[] = {0x5b0, 0x591, 0x345, 0x651, 0x323};
	struct buf s = {0};
	struct rand r;

	(void)state;
	rand_seed(&r, 7);
	for (unsigned i = 0; i < 40; i++) {
		buf_clear(&s);
		corpus_put_code(&s, i & 1 ? 0x3b1 : 'x');
		for (unsigned k = 0; k < 20 + 10 * i; k++)
			corpus_put_code(&s, marks[rand_below(&r, 5)]);
		check(buf_slice(&s), TEXT_POST);
	}
	buf_fini(&s);
}

static void
real_texts(void **state)
{
	static const char *const files[] = {
	    "french/free_mobile_2020_2025.ndjson.gz",
	    "french/media_accounts_2022.ndjson.gz",
	    "brands_en/sanders_apple_google.ndjson.gz"};
	struct corpus c = {0};

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		corpus_read(&c, files[i]);
	corpus_read_list(&c, "edge/big_list_of_naughty_strings.json");
	if (c.count == 0) {
		print_message("skipped: no shared texts\n");
		skip();
	}
	for (size_t i = 0; i < c.count; i++)
		check(c.texts[i], TEXT_POST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_code_point),
	    cmocka_unit_test(normalization_lines),
	    cmocka_unit_test(random_strings),
	    cmocka_unit_test(random_knots),
	    cmocka_unit_test(long_runs),
	    cmocka_unit_test(real_texts),
	};
	int failed;

	text_init(&text);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&text);
	buf_fini(&want.bytes);
	return failed;
}
