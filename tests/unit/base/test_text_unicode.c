/*
 * Goal: folding and tokens agree with Unicode's own data, and where they are
 * meant to differ, they differ there and nowhere else.
 * Method: all lines of CaseFolding, SpecialCasing, NormalizationTest,
 * WordBreakTest and GraphemeBreakTest.  Forms that Unicode calls equal must
 * fold to the same bytes.  A border that WordBreakTest sets between two
 * characters of tokens must be a border of tokens, and the other way round,
 * but for the rules of UAX 29 that words[] and graphemes[] list, in each
 * direction; each of them must be met.
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

#define CODES_MAX 64

static struct text text;

/* A line of a break test: characters, where each begins, and whether there is
 * a border before it; rules are those that its comment names. */
struct line {
	uint32_t codes[CODES_MAX];
	size_t from[CODES_MAX + 1];
	bool border[CODES_MAX];
	char rule[CODES_MAX][8];
	unsigned count;
	struct buf bytes;
};

static bool
open_or_skip(const char *name, gzFile *file)
{
	char path[100];

	snprintf(path, sizeof(path), "edge/unicode15/%s.gz", name);
	if (corpus_open(path, file))
		return true;
	print_message("skipped: no %s\n", name);
	return false;
}

/* ---- equal forms ------------------------------------------------------- */

/* The code points of a field of hexadecimal numbers; what follows it. */
static char *
put_codes(char *p, struct buf *out)
{
	buf_clear(out);
	for (p += strspn(p, " "); *p != ';' && *p != '\0' && *p != '\n';
	     p += strspn(p, " "))
		corpus_put_code(out, (uint32_t)strtoul(p, &p, 16));
	return *p == ';' ? p + 1 : p;
}

static void
folds_alike(const char *line, const struct buf *a, const struct buf *b)
{
	static struct buf kept;

	text_fold(&text, SLICE_NONE, buf_slice(a), TEXT_POST);
	buf_clear(&kept);
	buf_put(&kept, text.bytes, text.len);
	text_fold(&text, SLICE_NONE, buf_slice(b), TEXT_POST);
	if (kept.len != text.len ||
	    (kept.len > 0 && memcmp(kept.data, text.bytes, kept.len) != 0))
		fail_msg("'%.*s' and '%.*s': %s", SLICE_ARG(buf_slice(&kept)),
		    (int)text.len, text.bytes, line);
}

/* Common, full and simple foldings; not T, which is for Turkish alone. */
static void
case_folding(void **state)
{
	struct buf from = {0}, to = {0};
	unsigned seen = 0;
	char line[1024];
	gzFile file;

	(void)state;
	if (!open_or_skip("CaseFolding.txt", &file))
		skip();
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p;

		if (line[0] == '#' || line[0] == '\n')
			continue;
		p = put_codes(line, &from);
		p += strspn(p, " ");
		if (*p == 'T')
			continue;
		put_codes(p + 2, &to);
		folds_alike(line, &from, &to);
		seen++;
	}
	gzclose(file);
	assert_true(seen > 1500);
	buf_fini(&from);
	buf_fini(&to);
}

/* The lower, title and upper form of a character; conditional ones (Turkish,
 * Lithuanian, the final sigma) too, but where the letter changes. */
static void
special_casing(void **state)
{
	struct buf from = {0}, to = {0};
	unsigned seen = 0;
	char line[1024];
	gzFile file;

	(void)state;
	if (!open_or_skip("SpecialCasing.txt", &file))
		skip();
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p;

		if (line[0] == '#' || line[0] == '\n' ||
		    strstr(line, "; tr") != NULL ||
		    strstr(line, "; az") != NULL)
			continue;
		p = put_codes(line, &from);
		for (unsigned form = 0; form < 3; form++) {
			p = put_codes(p, &to);
			folds_alike(line, &from, &to);
			seen++;
		}
	}
	gzclose(file);
	assert_true(seen > 300);
	buf_fini(&from);
	buf_fini(&to);
}

/* A sign of trade marks or rights is a blank, an acute accent by itself a
 * quote: CONTRACT 3 takes them before NFKC makes other things of them. */
static bool
before_nfkc(const struct buf *s)
{
	static const char *const signs[] = {"\xc2\xb4", "\xc2\xa9", "\xc2\xae",
	    "\xe2\x84\xa0", "\xe2\x84\xa2", "\xe2\x84\x97", "\xe1\xbf\xbd"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (s->len >= strlen(signs[i]) &&
		    memmem(s->data, s->len, signs[i], strlen(signs[i])))
			return true;
	return false;
}

static void
normal_forms(void **state)
{
	struct buf forms[5] = {{0}};
	unsigned seen = 0, apart = 0;
	char line[4096];
	gzFile file;

	(void)state;
	if (!open_or_skip("NormalizationTest.txt", &file))
		skip();
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p = line;

		if (*p == '#' || *p == '@' || *p == '\n')
			continue;
		for (unsigned i = 0; i < 5; i++)
			p = put_codes(p, &forms[i]);
		if (before_nfkc(&forms[0])) {
			apart++;
			continue;
		}
		for (unsigned i = 1; i < 5; i++)
			folds_alike(line, &forms[0], &forms[i]);
		seen++;
	}
	gzclose(file);
	assert_true(seen > 18000);
	assert_true(apart < 10);
	for (unsigned i = 0; i < 5; i++)
		buf_fini(&forms[i]);
}

/* ---- borders ----------------------------------------------------------- */

/* "÷ 0061 × 0308 ÷ # ÷ [0.2] ... × [4.0] ..." */
static void
read_line(char *p, struct line *l)
{
	char *comment = strchr(p, '#');

	l->count = 0;
	buf_clear(&l->bytes);
	while (p < comment && l->count < CODES_MAX) {
		bool border = (unsigned char)p[0] == 0xc3 &&
			      (unsigned char)p[1] == 0xb7;

		p += 2 + strspn(p + 2, " \t");
		if (p >= comment)
			break;
		l->border[l->count] = border;
		l->from[l->count] = l->bytes.len;
		l->codes[l->count] = (uint32_t)strtoul(p, &p, 16);
		corpus_put_code(&l->bytes, l->codes[l->count++]);
		p += strspn(p, " ");
	}
	l->from[l->count] = l->bytes.len;
	p = comment;
	for (unsigned i = 0; i < l->count; i++) {
		size_t n;

		do
			p = strchr(p + 1, '[');
		while (p[1] < '0' || p[1] > '9' || p[-1] != ' ');
		n = strcspn(p + 1, "]");
		snprintf(l->rule[i], sizeof(l->rule[i]), "%.*s", (int)n, p + 1);
	}
}

/* Which token each character is of; -1: none, or one that the fold drops. */
static void
find_owners(const struct line *l, int owner[CODES_MAX])
{
	text_map(&text, SLICE_NONE, buf_slice(&l->bytes), TEXT_POST);
	for (unsigned i = 0; i < l->count; i++) {
		owner[i] = -1;
		for (uint32_t t = 0; t < text.tokens; t++) {
			uint32_t start, stop;

			assert_true(text_span(&text, text.at[t], text.end[t],
			    &start, &stop));
			if (start < l->from[i + 1] && stop > l->from[i])
				owner[i] = (int)t;
		}
	}
}

/* What UAX 29 joins and we set apart, or the other way round: its rule, and
 * a character that the line has (0: any). */
struct expected {
	const char *rule;
	bool joined; /* by UAX 29 */
	uint32_t code;
	const char *why;
	unsigned met;
};

static struct expected words[] = {
    {"7.0", true, 0, "l'huile and a:b are two words", 0},
    {"7.3", true, 0, "Hebrew with a gershayim between its letters, too", 0},
    {"11.0", true, 0, "3.14 and 1,000 are two", 0},
    {"999.0", false, 0x3031, "a letter of no script: no Katakana for us", 0},
    {"3.3", true, 0x1f6d1, "a joiner joins an emoji to emoji only", 0},

    {NULL, false, 0, NULL, 0}};
static struct expected graphemes[] = {
    {"13.0", true, 0x1f1e8, "as above: a joiner within a flag", 0},
    {"9.0", true, 0x1f3ff, "a skin tone behind no emoji is an emoji", 0},
    {NULL, false, 0, NULL, 0}};

static bool
holds(const struct line *l, uint32_t code)
{
	for (unsigned i = 0; i < l->count; i++)
		if (code == 0 || l->codes[i] == code)
			return true;
	return false;
}

/* Whether a difference before character ${i} is known. */
static bool
is_expected(struct expected *list, const struct line *l, unsigned i,
    bool joined)
{
	for (; list->rule != NULL; list++)
		if (!strcmp(list->rule, l->rule[i]) &&
		    list->joined == joined && holds(l, list->code)) {
			list->met++;
			return true;
		}
	return false;
}

static void
all_met(const struct expected *list)
{
	for (; list->rule != NULL; list++)
		if (list->met == 0)
			fail_msg("rule %s is met nowhere: %s", list->rule,
			    list->why);
}

static unsigned
each_line(gzFile file, void (*check)(struct line *, const char *))
{
	struct line l = {.count = 0};
	char line[4096];
	unsigned seen = 0;

	while (gzgets(file, line, sizeof(line)) != NULL) {
		if ((unsigned char)line[0] != 0xc3)
			continue;
		read_line(line, &l);
		check(&l, line);
		seen++;
	}
	gzclose(file);
	buf_fini(&l.bytes);
	return seen;
}

/* Each character of a token, and the next that is of a token: one token if
 * UAX 29 sees no border between them. */
static void
check_words(struct line *l, const char *shown)
{
	int owner[CODES_MAX];
	bool joined = true;
	unsigned last = CODES_MAX;

	find_owners(l, owner);
	for (unsigned i = 0; i < l->count; i++) {
		joined = joined && !l->border[i];
		if (owner[i] < 0)
			continue;
		if (last < CODES_MAX && joined != (owner[i] == owner[last]) &&
		    !is_expected(words, l, i, joined))
			fail_msg("rule %s, character %u: %s: %s", l->rule[i],
			    i, joined ? "two tokens" : "one token", shown);
		last = i;
		joined = true;
	}
}

static void
word_borders(void **state)
{
	gzFile file;

	(void)state;
	if (!open_or_skip("WordBreakTest.txt", &file))
		skip();
	assert_int_equal(each_line(file, check_words), 1823);
	all_met(words);
}

/* No token ends inside what people take for one character. */
static void
check_characters(struct line *l, const char *shown)
{
	int owner[CODES_MAX];

	find_owners(l, owner);
	for (unsigned i = 1; i < l->count; i++)
		if (!l->border[i] && owner[i] >= 0 && owner[i - 1] >= 0 &&
		    owner[i] != owner[i - 1] &&
		    !is_expected(graphemes, l, i, true))
			fail_msg("rule %s, character %u: two tokens: %s",
			    l->rule[i], i, shown);
}

static void
characters(void **state)
{
	gzFile file;

	(void)state;
	if (!open_or_skip("GraphemeBreakTest.txt", &file))
		skip();
	assert_int_equal(each_line(file, check_characters), 602);
	all_met(graphemes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(case_folding),
	    cmocka_unit_test(special_casing),
	    cmocka_unit_test(normal_forms),
	    cmocka_unit_test(word_borders),
	    cmocka_unit_test(characters),
	};
	int failed;

	text_init(&text);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&text);
	return failed;
}
