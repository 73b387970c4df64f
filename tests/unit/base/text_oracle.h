/*
 * CONTRACT 3 done slowly: a fold made of calls of utf8proc in the order of
 * the contract's words, and a tokenizer over code points.  oracle_fold leaves
 * bytes and tokens in oracle_want.
 *
 * The classes "emoji" and "CJK" are the engine's own tables; test_text.c
 * checks these against the files of the Unicode database.
 * Thread: one.  Owns: oracle_want.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_BASE_TEXT_ORACLE_H
#define TESTS_UNIT_BASE_TEXT_ORACLE_H

#include <utf8proc.h>

#include "engine/base/text_step.h"
#include "tests/unit/base/corpus.h"

#define ORACLE_CODES_MAX 8192

struct oracle_codes {
	uint32_t count;
	utf8proc_int32_t at[ORACLE_CODES_MAX];
};

struct oracle {
	struct buf bytes;
	uint32_t tokens;
	uint32_t at[ORACLE_CODES_MAX], end[ORACLE_CODES_MAX];
};

static struct oracle oracle_want;

static struct oracle_codes
oracle_decode(struct slice s)
{
	static struct oracle_codes c;
	utf8proc_ssize_t i = 0, n;

	for (c.count = 0; i < (utf8proc_ssize_t)s.len; i += n) {
		n = utf8proc_iterate((const utf8proc_uint8_t *)s.data + i,
		    (utf8proc_ssize_t)s.len - i, &c.at[c.count]);
		assert_true(n > 0);
		assert_true(++c.count < ORACLE_CODES_MAX);
	}
	return c;
}

static void
oracle_map(struct oracle_codes *c, utf8proc_option_t options)
{
	struct buf text_in = {0};
	utf8proc_uint8_t *result = NULL;
	utf8proc_ssize_t n;

	for (uint32_t i = 0; i < c->count; i++)
		corpus_put_code(&text_in, (uint32_t)c->at[i]);
	n = utf8proc_map((const utf8proc_uint8_t *)text_in.data,
	    (utf8proc_ssize_t)text_in.len, &result, options);
	assert_true(n >= 0);
	*c = oracle_decode((struct slice){(const char *)result, (size_t)n});
	free(result);
	buf_fini(&text_in);
}

static bool
oracle_is_style(utf8proc_int32_t c)
{
	return c == 0xfe0e || c == 0xfe0f;
}

/* Of Hebrew and Arabic. */
static bool
oracle_is_pointing(utf8proc_int32_t c)
{
	return (c >= 0x591 && c <= 0x5bd) || c == 0x5bf || c == 0x5c1 ||
	    c == 0x5c2 || c == 0x5c4 || c == 0x5c5 || c == 0x5c7 ||
	    (c >= 0x610 && c <= 0x61a) || c == 0x640 ||
	    (c >= 0x64b && c <= 0x65f) || c == 0x670 ||
	    (c >= 0x6d6 && c <= 0x6dc) || (c >= 0x6df && c <= 0x6e4) ||
	    c == 0x6e7 || c == 0x6e8 || (c >= 0x6ea && c <= 0x6ed);
}

/* Dropped wherever it stands. */
static bool
oracle_is_dropped(utf8proc_int32_t c)
{
	return c == 0xad || c == 0x200b || c == 0x200c || c == 0x2060 ||
	    c == 0xfeff || (c >= 0x300 && c <= 0x36f) ||
	    oracle_is_pointing(c) ||
	    (c >= 0x180b && c <= 0x180d) || c == 0x180f ||
	    (c >= 0xfe00 && c <= 0xfe0d) || (c >= 0xe0100 && c <= 0xe01ef);
}

static bool
oracle_is_blank(utf8proc_int32_t c)
{
	return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 ||
	    c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Copyright, registered, sound recording, service mark, trade mark. */
static bool
oracle_is_rights(utf8proc_int32_t c)
{
	return c == 0xa9 || c == 0xae || c == 0x2117 || c == 0x2120 ||
	    c == 0x2122;
}

static void
oracle_drop(struct oracle_codes *c, bool (*gone)(utf8proc_int32_t))
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++)
		if (!gone(c->at[i]))
			c->at[kept++] = c->at[i];
	c->count = kept;
}

static bool
oracle_is_emoji(utf8proc_int32_t c)
{
	return UNICODE_CLASS(unicode_get((uint32_t)c)) == UNICODE_EMOJI;
}

static bool
oracle_is_tone(utf8proc_int32_t c)
{
	return c >= 0x1f3fb && c <= 0x1f3ff;
}

static bool
oracle_is_tag(utf8proc_int32_t c)
{
	return c >= 0xe0020 && c <= 0xe007f;
}

static bool
oracle_is_flag(utf8proc_int32_t c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static bool
oracle_is_key(utf8proc_int32_t c)
{
	return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/*
 * One past the emoji sequence at ${i}, or ${i}: keycap, flag, or elements
 * joined by U+200D, each an emoji with a skin tone and tags.  A selector may
 * stand between two of these, not at the very end.
 */
static uint32_t
oracle_emoji_sequence(const struct oracle_codes *c, uint32_t i)
{
	const utf8proc_int32_t *at = c->at;
	uint32_t n = c->count, j = i;

	if (oracle_is_key(at[i])) {
		j = i + 1 < n && oracle_is_style(at[i + 1]) ? i + 2 : i + 1;
		return j < n && at[j] == 0x20e3 ? j + 1 : i;
	}
	if (oracle_is_flag(at[i]))
		return i + 1 < n && oracle_is_flag(at[i + 1]) ? i + 2 : i + 1;
	if (!oracle_is_emoji(at[i]))
		return i;
	for (;;) {
		bool style;

		j++;
		style = j + 1 < n && oracle_is_style(at[j]);
		if (style &&
		    (oracle_is_tone(at[j + 1]) || oracle_is_tag(at[j + 1])))
			j++;
		if (j < n && oracle_is_tone(at[j]))
			j++;
		while (j < n && oracle_is_tag(at[j]))
			j++;
		style = j + 2 < n && oracle_is_style(at[j]) &&
		    at[j + 1] == 0x200d && oracle_is_emoji(at[j + 2]);
		if (style)
			j++;
		if (j + 1 >= n || at[j] != 0x200d ||
		    !oracle_is_emoji(at[j + 1]))
			return j;
		j++;
	}
}

/* Does an emoji sequence hold ${k} and more behind it? */
static bool
oracle_is_inside(const struct oracle_codes *c, uint32_t k)
{
	uint32_t i = 0, stop = 0;

	while (i <= k) {
		stop = oracle_emoji_sequence(c, i);
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
oracle_drop_outside(struct oracle_codes *c)
{
	struct oracle_codes kept = {0};
	bool broken = false;

	for (uint32_t i = 0; i < c->count; i++) {
		utf8proc_int32_t code = c->at[i];

		if (oracle_is_style(code) || code == 0x200d) {
			uint32_t k = kept.count;

			kept.count += 3;
			for (uint32_t n = 0; n < 3; n++)
				kept.at[k + n] =
				    i + n < c->count ? c->at[i + n] : 0;
			broken |= !oracle_is_inside(&kept, k);
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
oracle_plain_quote(utf8proc_int32_t c)
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
oracle_plain_letters(struct oracle_codes *c)
{
	struct oracle_codes d = {0};

	for (uint32_t i = 0; i < c->count; i++) {
		utf8proc_int32_t code = oracle_plain_quote(c->at[i]);

		if (code == 0x153 || code == 0xe6) {
			d.at[d.count++] = code == 0x153 ? 'o' : 'a';
			code = 'e';
		}
		if (oracle_is_blank(code)) {
			if (d.count > 0 && d.at[d.count - 1] == ' ')
				continue;
			code = ' ';
		}
		d.at[d.count++] = code;
	}
	*c = d;
}

static bool
oracle_is_mark(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC ||
	    k == UTF8PROC_CATEGORY_ME;
}

static bool
oracle_is_letter(utf8proc_int32_t c, bool query)
{
	utf8proc_category_t k = utf8proc_category(c);

	return c == '_' || (query && (c == '*' || c == '?')) ||
	    (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
	    (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO);
}

static bool
oracle_is_cjk(utf8proc_int32_t c)
{
	/* The scripts are checked by name in test_text.c. */
	return UNICODE_CLASS(unicode_get((uint32_t)c)) == UNICODE_CJK;
}

/* Bytes and tokens of the folded code points. */
static void
oracle_tokenize(const struct oracle_codes *c, bool query)
{
	struct oracle *want = &oracle_want;
	uint32_t i = 0, from = 0;
	bool open = false;

	buf_clear(&want->bytes);
	want->tokens = 0;
	while (i < c->count) {
		uint32_t stop = oracle_emoji_sequence(c, i);
		uint32_t begin = (uint32_t)want->bytes.len;
		bool closed = stop > i || oracle_is_cjk(c->at[i]);
		bool part = closed || oracle_is_mark(c->at[i]) ||
		    oracle_is_letter(c->at[i], query);

		if (stop == i)
			stop = i + 1;
		if (closed)
			while (stop < c->count && oracle_is_mark(c->at[stop]))
				stop++;
		for (; i < stop; i++)
			corpus_put_code(&want->bytes, (uint32_t)c->at[i]);
		if (open && (closed || !part)) {
			want->at[want->tokens] = from;
			want->end[want->tokens++] = begin;
			open = false;
		}
		if (closed) {
			want->at[want->tokens] = begin;
			want->end[want->tokens++] = (uint32_t)want->bytes.len;
		} else if (part && !open) {
			open = true;
			from = begin;
		}
	}
	if (open) {
		want->at[want->tokens] = from;
		want->end[want->tokens++] = (uint32_t)want->bytes.len;
	}
}

/* CONTRACT 3 in the order of its words, to oracle_want. */
static void
oracle_fold(struct slice s, bool query)
{
	struct buf plain = {0};
	struct oracle_codes c;

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
	c = oracle_decode(buf_slice(&plain));
	buf_fini(&plain);
	for (uint32_t i = 0; i < c.count; i++)
		if (oracle_is_rights(c.at[i]))
			c.at[i] = ' ';
	oracle_map(&c, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	oracle_map(&c, UTF8PROC_CASEFOLD);
	oracle_map(&c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	oracle_drop(&c, oracle_is_dropped);
	oracle_drop_outside(&c);
	oracle_plain_letters(&c);
	/* What is dropped no longer keeps marks apart. */
	oracle_map(&c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	oracle_tokenize(&c, query);
}

#endif
