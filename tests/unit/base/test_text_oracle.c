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

#include "engine/base/rand.h"
#include "tests/unit/base/text_oracle.h"

/* One thread, many millions of memory accesses: the thread sanitizer, which
 * has nothing to find here, looks at a part. */
#ifdef __SANITIZE_THREAD__
#define RANDOM_STRINGS 5000
#define CODE_STEP 61
#else
#define RANDOM_STRINGS 200000
#define CODE_STEP 1
#endif

static struct text text;

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
	const struct oracle *want = &oracle_want;
	size_t size = want->tokens * sizeof(want->at[0]);
	bool equal = text.len == want->bytes.len &&
	    (text.len == 0 ||
		!memcmp(text.bytes, want->bytes.data, text.len)) &&
	    text.tokens == want->tokens && !memcmp(text.at, want->at, size) &&
	    !memcmp(text.end, want->end, size);

	if (equal)
		return;
	print_error("path %s\n", path);
	dump("input", s.data, s.len);
	dump("want ", want->bytes.data, want->bytes.len);
	dump("got  ", text.bytes, text.len);
	for (uint32_t i = 0; i < want->tokens; i++)
		print_error(" want [%u, %u)", want->at[i], want->end[i]);
	print_error("\n");
	for (uint32_t i = 0; i < text.tokens; i++)
		print_error(" got [%u, %u)", text.at[i], text.end[i]);
	print_error("\n");
	fail();
}

static void
check(struct slice s, enum text_mode mode)
{
	static const char *const paths[] = {"auto", "avx2", "plain", "exact"};
	static char again[1 << 16];
	struct slice folded = {again, 0};

	oracle_fold(s, mode == TEXT_QUERY);
	for (unsigned i = 0; i < 4; i++) {
		if (!text_path(paths[i]))
			continue; /* this processor does not have it */
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
	for (uint32_t c = 1; c < 0x110000; c += CODE_STEP) {
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
			if (lines++ % CODE_STEP == 0)
				check(buf_slice(&s), TEXT_POST);
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
	corpus_free(&c);
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
	buf_fini(&oracle_want.bytes);
	return failed;
}
