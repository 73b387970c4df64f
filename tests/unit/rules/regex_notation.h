/*
 * A small reader of the commonest parts of the notation of PCRE2's test
 * files: patterns with their modifiers, subjects with their escapes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REGEX_NOTATION_H
#define TESTS_RULES_REGEX_NOTATION_H

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/buf.h"
#include "engine/base/utf8.h"

struct pattern {
	struct slice text;
	uint32_t options;
	char flags[8];
	pcre2_code *code;
};

static bool
is_utf8(const char *text, size_t len)
{
	uint32_t c;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_decode(text + at, len - at, &c);
		if (n == 0)
			return false;
	}
	return true;
}

static void
put_utf8(struct buf *out, uint32_t c)
{
	static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	unsigned bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (unsigned i = bytes; i-- > 0;) {
		unsigned bits = c >> (6 * i) & (i == bytes - 1 ? 0xffu : 0x3fu);

		buf_char(out, (char)(bytes == 1 ? bits :
				i == bytes - 1	? heads[bytes] | bits :
						  0x80 | bits));
	}
}

/* Modifiers that change what matches and that /regex/ has, too; those that
 * only ask pcre2test to show more are passed over; false for any other. */
static bool
read_modifiers(struct pattern *p, char *text)
{
	static const struct {
		char letter;
		uint32_t option;
	} letters[] = {{'i', PCRE2_CASELESS}, {'s', PCRE2_DOTALL},
	    {'m', PCRE2_MULTILINE}, {'x', PCRE2_EXTENDED}, {'g', 0}};
	static const char *const shown[] = {"mark", "aftertext", "info",
	    "allaftertext", "bincode", "utf", "ucp", "no_start_optimize",
	    "no_auto_possess", "global", "jitstack=256", "allusedtext"};
	char *save = NULL;

	for (char *m = strtok_r(text, ", \n", &save); m != NULL;
	     m = strtok_r(NULL, ", \n", &save)) {
		bool known = false;

		for (unsigned i = 0; i < sizeof(shown) / sizeof(*shown); i++)
			known = known || !strcmp(m, shown[i]);
		if (known)
			continue;
		for (; *m != '\0'; m++) {
			unsigned i = 0;

			while (i < 5 && letters[i].letter != *m)
				i++;
			if (i == 5)
				return false;
			p->options |= letters[i].option;
			if (letters[i].option != 0 &&
			    strchr(p->flags, *m) == NULL)
				strncat(p->flags, m, 1);
		}
	}
	return true;
}

static unsigned
hex(const char **at)
{
	unsigned value = 0;

	for (int i = 0; i < 2 && strchr("0123456789abcdefABCDEF", **at) &&
	     **at != '\0'; i++) {
		char digit[2] = {*(*at)++, '\0'};

		value = value * 16 + (unsigned)strtoul(digit, NULL, 16);
	}
	return value;
}

/* A subject with its escapes undone; false when it has one not known. */
static bool
read_subject(const char *at, struct buf *out)
{
	static const char from[] = "nrtfeab\\", to[] = "\n\r\t\f\x1b\a\b\\";

	while (*at != '\0' && *at != '\n') {
		const char *simple;

		if (*at != '\\') {
			buf_char(out, *at++);
			continue;
		}
		at++;
		if (*at == '=' || *at == '\n')
			return *at != '=';
		simple = strchr(from, *at);
		if (at[0] == 'x' && at[1] == '{') {
			char *end;
			unsigned long c = strtoul(at + 2, &end, 16);

			if (*end != '}' || c == 0 || c > 0x10ffff ||
			    (c >= 0xd800 && c < 0xe000))
				return false;
			put_utf8(out, (uint32_t)c);
			at = end + 1;
		} else if (*at == 'x') {
			unsigned c;

			at++;
			c = hex(&at);
			if (c == 0)
				return false;
			put_utf8(out, c);
		} else if (simple != NULL && *at != '\0') {
			buf_char(out, to[simple - from]);
			at++;
		} else {
			return false;
		}
	}
	return out->len > 0 && is_utf8(out->data, out->len);
}

/* The end of the pattern that begins behind its delimiter. */
static char *
pattern_end(char *at)
{
	while (*at != '\0' && *at != '/')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	return *at == '/' ? at : NULL;
}

#endif
