/*
 * Makes engine/base/unicode_tables.c (make unicode): prints it on stdout.
 *
 * Normalisation and case folding come from utf8proc, scripts and emoji from
 * the files of the Unicode character database (Debian package unicode-data).
 * Both must be of the same Unicode version.  The engine itself needs neither.
 * usage: unicode [/usr/share/unicode]
 * Thread: one.  Owns: nothing that outlives it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/gen/unicode_sets.h"
#include "engine/base/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "engine/base/must.h"

#define CODES 0x110000u
#define BLOCKS_MAX 1024u
#define POOL_MAX 65536u
#define IOTA 0x345u

enum flag {
	EMOJI = 1,
	PICTURE = 2,
	CJK = 4,
	SELECTOR = 8,
	BLANK = 16,
};

static uint8_t flags[CODES];
static uint32_t words[CODES];
static char pool[POOL_MAX];
static uint32_t pool_len;

struct codes {
	uint32_t count;
	utf8proc_int32_t at[256];
};

/* Sets ${flag} for each range of ${file} that has ${property}. */
static void
read_property(const char *dir, const char *file, const char *property,
    enum flag flag)
{
	char path[512], line[1024], name[128];
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	in = fopen(path, "r");
	if (in == NULL) {
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		unsigned first, last;

		if (sscanf(line, "%x..%x ; %127[A-Za-z_]", &first, &last,
			name) != 3) {
			if (sscanf(line, "%x ; %127[A-Za-z_]", &first, name) !=
			    2)
				continue;
			last = first;
		}
		REQUIRE(last < CODES);
		for (unsigned c = first; c <= last; c++)
			if (!strcmp(name, property))
				flags[c] |= (uint8_t)flag;
	}
	fclose(in);
}

/* Each code point of ${s} decomposed under ${options}; sorted by utf8proc. */
static struct codes
convert(const struct codes *s, utf8proc_option_t options)
{
	struct codes d;
	utf8proc_uint8_t text[1024], *result = NULL;
	utf8proc_ssize_t len = 0, at = 0, step;

	for (uint32_t i = 0; i < s->count; i++)
		len += utf8proc_encode_char(s->at[i], text + len);
	len = utf8proc_map(text, len, &result, options);
	REQUIRE(len >= 0);
	for (d.count = 0; at < len; at += step) {
		step = utf8proc_iterate(result + at, len - at, &d.at[d.count]);
		REQUIRE(step > 0);
		d.count++;
	}
	free(result);
	return d;
}

static uint32_t
plain_of(utf8proc_int32_t c)
{
	switch (c) {
	case 0x2018: case 0x2019: case 0x201a: case 0x201b:
	case 0x2032: case 0x2039: case 0x203a: case 0x02bc:
	case 0x275b: case 0x275c:
		return '\'';
	case 0x201c: case 0x201d: case 0x201e: case 0x201f:
	case 0x00ab: case 0x00bb: case 0x275d: case 0x275e:
	case 0x301d: case 0x301e: case 0x301f: case 0x2e42:
		return '"';
	}
	return flags[c] & BLANK ? ' ' : (uint32_t)c;
}

static bool
is_dropped(utf8proc_int32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200c) || c == 0x2060 ||
	    c == 0xfeff || (c >= 0x300 && c <= 0x36f) || is_pointing(c) ||
	    ((flags[c] & SELECTOR) && c != 0xfe0e && c != 0xfe0f);
}

static bool
is_special(uint32_t c)
{
	return c == IOTA || c == 0x200d || c == 0x20e3 || c == 0xfe0e ||
	    c == 0xfe0f || (c >= 0xe0020 && c <= 0xe007f);
}

static bool
is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c < 0xe000;
}

static bool
holds(const struct codes *s, uint32_t c)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (s->at[i] == (utf8proc_int32_t)c)
			return true;
	return false;
}

static struct codes
decompose(uint32_t c, utf8proc_option_t more)
{
	struct codes one = {1, {(utf8proc_int32_t)c}};

	return convert(&one, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | more);
}

static struct codes
folded(uint32_t c)
{
	struct codes one = {1, {(utf8proc_int32_t)c}}, kept = {0};
	struct codes parts = decompose(c, UTF8PROC_COMPAT);
	struct codes s = convert(
	    &one, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);

	s = convert(&s, UTF8PROC_CASEFOLD);
	s = convert(&s, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	/* The engine skips composition: it must not matter to case folding,
	 * but for the order of an iota subscript and other marks. */
	parts = convert(&parts, UTF8PROC_CASEFOLD);
	parts = convert(&parts, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	REQUIRE(parts.count == s.count &&
	    !memcmp(parts.at, s.at, s.count * sizeof(s.at[0])));
	for (uint32_t i = 0; i < s.count; i++) {
		if (is_dropped(s.at[i]))
			continue;
		if (s.at[i] == 0x153 || s.at[i] == 0xe6) {
			kept.at[kept.count++] = s.at[i] == 0x153 ? 'o' : 'a';
			kept.at[kept.count++] = 'e';
			continue;
		}
		kept.at[kept.count++] = (utf8proc_int32_t)plain_of(s.at[i]);
	}
	return kept;
}

static enum unicode_class
class_of(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	if (c >= 0x1f1e6 && c <= 0x1f1ff)
		return UNICODE_FLAG;
	if (is_special((uint32_t)c))
		return UNICODE_SPECIAL;
	if (c >= 0x80 && ((flags[c] & EMOJI) ||
	    ((flags[c] & PICTURE) && category == UTF8PROC_CATEGORY_CN)))
		return UNICODE_EMOJI;
	if (c == ' ')
		return UNICODE_BLANK;
	if (c == '_')
		return UNICODE_WORD;
	switch (category) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return UNICODE_MARK;
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return flags[c] & CJK ? UNICODE_CJK : UNICODE_WORD;
	default:
		return UNICODE_OTHER;
	}
}

static uint32_t
word_make(enum unicode_class class, enum unicode_kind kind, uint32_t high)
{
	return high << 8 | (uint32_t)kind << 5 | (uint32_t)class << 2;
}

static uint32_t
word_pool(const char *bytes, uint32_t len)
{
	uint32_t at = 0;

	while (at + len <= pool_len && memcmp(pool + at, bytes, len) != 0)
		at++;
	if (at + len > pool_len) {
		at = pool_len;
		REQUIRE(at + len < POOL_MAX && len < 256);
		memcpy(pool + at, bytes, len);
		pool_len += len;
	}
	return word_make(UNICODE_OTHER, UNICODE_POOL, at << 8 | len);
}

/* The one class of all of ${s} if it may be inline, else UNICODE_SPECIAL. */
static enum unicode_class
class_common(const struct codes *s)
{
	enum unicode_class class = class_of(s->at[0]);

	for (uint32_t i = 0; i < s->count; i++) {
		if (class_of(s->at[i]) != class)
			return UNICODE_SPECIAL;
		if (s->at[i] == '*' || s->at[i] == '?')
			return UNICODE_SPECIAL;
	}
	if (s->count > 1 && class != UNICODE_WORD && class != UNICODE_OTHER)
		return UNICODE_SPECIAL;
	return class;
}

static uint32_t
word_of(uint32_t c)
{
	struct codes s = folded(is_rights(c) ? ' ' : c);
	struct codes parts = decompose(c, UTF8PROC_COMPAT);
	bool same = s.count == 1 && s.at[0] == (utf8proc_int32_t)c;
	utf8proc_uint8_t bytes[256];
	uint32_t len = 0, word;
	enum unicode_class class;

	if (is_special(c))
		return word_make(UNICODE_SPECIAL, UNICODE_SAME, 0);
	REQUIRE(s.count <= 18);
	if (c >= 0xac00 && c <= 0xd7a3)
		return word_make(UNICODE_WORD, UNICODE_HANGUL, 0);
	if (s.count == 0)
		return 0;
	for (uint32_t i = 0; i < s.count; i++)
		len += (uint32_t)utf8proc_encode_char(s.at[i], bytes + len);
	if (holds(&parts, IOTA))
		return word_pool((char *)bytes, len) | UNICODE_IOTA;
	class = class_common(&s);
	if (same && c >= 0x800)
		return word_make(class_of(s.at[0]), UNICODE_SAME, 0);
	if (len > 3 || (class == UNICODE_SPECIAL && c >= 0x80))
		return word_pool((char *)bytes, len);
	word = bytes[0];
	for (uint32_t i = 1; i < len; i++)
		word |= (uint32_t)bytes[i] << (8 * i);
	class = class_of(s.at[0]);
	return word_make(class, UNICODE_INLINE, word) | len;
}

static void
print_words(void)
{
	static uint32_t starts[BLOCKS_MAX];
	static uint16_t block_of[CODES / 64];
	static uint16_t groups[0x110][64];
	uint8_t group_of[0x110];
	uint32_t blocks = 0, group_count = 0;

	for (uint32_t c = 0; c < CODES; c += 64) {
		uint32_t b = c < 0x800 ? blocks : 0;

		while (b < blocks && memcmp(words + starts[b], words + c,
		    64 * sizeof(words[0])) != 0)
			b++;
		if (b == blocks) {
			REQUIRE(blocks < BLOCKS_MAX);
			starts[blocks++] = c;
		}
		block_of[c / 64] = (uint16_t)b;
	}
	for (uint32_t i = 0; i < 0x110; i++) {
		uint32_t g = i < 16 ? group_count : 0;

		while (g < group_count && memcmp(groups[g], block_of + 64 * i,
		    sizeof(groups[0])) != 0)
			g++;
		if (g == group_count)
			memcpy(groups[group_count++], block_of + 64 * i,
			    sizeof(groups[0]));
		group_of[i] = (uint8_t)g;
	}
	printf("\nconst uint8_t unicode_group[0x110] = {");
	for (uint32_t i = 0; i < 0x110; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", group_of[i]);
	printf("\n};\n\nconst uint16_t unicode_block[] = {");
	for (uint32_t i = 0; i < group_count * 64; i++)
		printf("%s%u,", i % 16 ? "" : "\n\t", groups[i / 64][i % 64]);
	printf("\n};\n\nconst uint32_t unicode_word[] = {");
	for (uint32_t i = 0; i < blocks * 64; i++)
		printf("%s%#x,", i % 6 ? "" : "\n\t",
		    words[starts[i / 64] + i % 64]);
	printf("\n};\n\nconst char unicode_pool[] = {");
	for (uint32_t i = 0; i < pool_len; i++)
		printf("%s%d,", i % 12 ? "" : "\n\t", pool[i]);
	printf("\n};\n");
	fprintf(stderr, "unicode: %u blocks, %u groups, %u bytes of pool\n",
	    blocks, group_count, pool_len);
}

static uint8_t
ccc_of(uint32_t c)
{
	return (uint8_t)utf8proc_get_property((utf8proc_int32_t)c)
	    ->combining_class;
}

static void
print_ccc(void)
{
	uint32_t count = 0;

	printf("\nconst struct unicode_ccc_range unicode_ccc_ranges[] = {\n");
	for (uint32_t c = 0; c < CODES; c++) {
		uint32_t first = c;

		if (ccc_of(c) == 0)
			continue;
		while (c + 1 < CODES && ccc_of(c + 1) == ccc_of(first))
			c++;
		printf("\t{%#x, %#x, %u},\n", first, c, ccc_of(first));
		count++;
	}
	printf("};\nconst uint32_t unicode_ccc_count = %u;\n", count);
}

static bool
takes_iota(utf8proc_int32_t c)
{
	return c == 0x3b1 || c == 0x3b7 || c == 0x3c9 || c == 0x391 ||
	    c == 0x397 || c == 0x3a9;
}

static void
print_iota(void)
{
	uint32_t count = 0, pairs = 0;

	printf("\nconst struct unicode_iota_entry unicode_iotas[] = {\n");
	for (uint32_t c = 0x80; c < CODES; c++) {
		struct codes s = {0};

		if (!is_surrogate(c))
			s = decompose(c, UTF8PROC_COMPAT);
		if (c == IOTA || (s.count == 1 && s.at[0] == (int)c) ||
		    !(takes_iota(s.at[0]) || holds(&s, IOTA)))
			continue;
		REQUIRE(s.count <= UNICODE_PARTS);
		printf("\t{%#x, {", c);
		for (uint32_t i = 0; i < s.count; i++)
			printf("%s%#x", i ? ", " : "", (unsigned)s.at[i]);
		printf("}},\n");
		count++;
	}
	printf("};\nconst uint32_t unicode_iota_count = %u;\n", count);
	printf("\nconst struct unicode_pair_entry unicode_pairs[] = {\n");
	for (uint32_t c = 0x80; c < CODES; c++) {
		struct codes s, first, whole;

		if (is_surrogate(c))
			continue;
		s = decompose(c, 0);
		/* A primary composite: composing its parts gives it back. */
		whole = convert(&s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		if (s.count < 2 || !takes_iota(s.at[0]) || whole.count != 1 ||
		    whole.at[0] != (int)c)
			continue;
		first = s;
		first.count--;
		first = convert(&first, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		REQUIRE(first.count == 1);
		printf("\t{%#x, %#x, %#x},\n", (unsigned)first.at[0],
		    (unsigned)s.at[s.count - 1], c);
		pairs++;
	}
	printf("};\nconst uint32_t unicode_pair_count = %u;\n", pairs);
}

int
main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "/usr/share/unicode";

	read_property(dir, "emoji/emoji-data.txt", "Emoji", EMOJI);
	read_property(
	    dir, "emoji/emoji-data.txt", "Extended_Pictographic", PICTURE);
	read_property(dir, "Scripts.txt", "Han", CJK);
	read_property(dir, "Scripts.txt", "Hiragana", CJK);
	read_property(dir, "Scripts.txt", "Katakana", CJK);
	read_property(dir, "PropList.txt", "Variation_Selector", SELECTOR);
	read_property(dir, "PropList.txt", "White_Space", BLANK);
	/* The sound mark of both kana; its script is Common. */
	flags[0x30fc] |= CJK;
	for (uint32_t c = 0; c < CODES; c++)
		words[c] = is_surrogate(c)
		    ? word_make(UNICODE_OTHER, UNICODE_SAME, 0)
		    : word_of(c);
	printf("/*\n * Made by engine/base/gen/unicode.c (make unicode) of "
	       "Unicode %s.\n * Never edit by hand.\n *\n"
	       " * SPDX-License-Identifier: Apache-2.0\n */\n"
	       "#include \"engine/base/unicode.h\"\n",
	    utf8proc_unicode_version());
	print_words();
	print_ccc();
	print_iota();
	return 0;
}
