/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/utf8.h"
#include "engine/base/yaml_parts.h"

/* Bad characters of one file that are reported. */
#define REPORTED_MAX 5

enum verdict { FINE, BROKEN, NUL, CONTROL, LINE_END };

static enum verdict
judge(const char *p, size_t left, uint32_t *c, size_t *n)
{
	*n = utf8_decode(p, left, c);
	if (*n == 0) {
		*n = 1;
		return BROKEN;
	}
	if (*c == 0)
		return NUL;
	if (*c == '\r')
		return left > 1 && p[1] == '\n' ? FINE : LINE_END;
	if (*c == 0x85 || *c == 0x2028 || *c == 0x2029)
		return LINE_END;
	if ((*c < 0x20 && *c != '\t' && *c != '\n') ||
	    (*c >= 0x7f && *c < 0xa0) || *c == 0xfffe || *c == 0xffff)
		return CONTROL;
	return FINE;
}

static void
report(enum verdict v, uint32_t c, struct place place, struct diag *diag)
{
	switch (v) {
	case BROKEN:
		diag_add(diag, DIAG_ERROR, place, "utf8",
		    "save the file as UTF-8 (it looks like Latin-1 or "
		    "Windows-1252, or is cut)",
		    "byte 0x%02x is not UTF-8", c);
		break;
	case NUL:
		diag_add(diag, DIAG_ERROR, place, "nul",
		    "save the file as plain UTF-8 text", "a NUL byte");
		break;
	case CONTROL:
		diag_add(diag, DIAG_ERROR, place, "control-character",
		    "delete it; it came in by copy and paste",
		    "the invisible character U+%04X", c);
		break;
	case LINE_END:
		diag_add(diag, DIAG_ERROR, place, "line-end",
		    "delete it and press Enter instead",
		    "the invisible line end U+%04X", c);
		break;
	case FINE:
		break;
	}
}

/* Another character of the same length, so that all places stay right. */
static void
overwrite(char *p, enum verdict v, size_t n)
{
	if (v == LINE_END && n == 3)
		memcpy(p, "\xe2\x80\xa2", 3);
	else if (n == 3)
		memcpy(p, "\xef\xbf\xbd", 3);
	else if (n == 2)
		memcpy(p, "\xc2\xb7", 2);
	else
		*p = v == LINE_END ? ' ' : '?';
}

/* Blanks of word processors, which YAML takes for letters. */
static bool
is_wide_blank(uint32_t c)
{
	return c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	    c == 0x3000;
}

/* Whether such blanks, and others, stand before a key. */
static bool
indents_key(const char *p, const char *end)
{
	const char *key;
	size_t n;
	uint32_t c;

	for (; p < end; p += n) {
		n = utf8_decode(p, (size_t)(end - p), &c);
		if (n == 0 || (c != ' ' && !is_wide_blank(c)))
			break;
	}
	for (key = p; p < end && ((*p >= 'a' && *p <= 'z') || *p == '_' ||
			     (*p >= '0' && *p <= '9') || *p == '-');
	     p++)
		;
	return p > key && p < end && *p == ':' &&
	    (p + 1 == end || p[1] == ' ' || p[1] == '\n' || p[1] == '\r');
}

static void
tell_indent(uint32_t c, struct place place, struct diag *diag)
{
	diag_add(diag, DIAG_ERROR, place, "yaml-blank",
	    "replace it by ordinary blanks; it came in by copy and paste",
	    "a blank U+%04X in the indentation, which YAML takes for a letter",
	    c);
}

bool
yaml_scan(const char *path, struct slice bytes, char *scratch,
    struct diag *diag)
{
	struct place place = {path, 1, 1, 1};
	unsigned reported = 0, wide = 0;
	bool indent = true;
	size_t n;

	for (size_t i = 0; i < bytes.len; i += n) {
		unsigned char b = (unsigned char)bytes.data[i];
		enum verdict v;
		uint32_t c;

		if (b >= 0x20 && b < 0x7f) {
			n = 1;
			indent &= b == ' ';
			place.column++;
			continue;
		}
		v = judge(bytes.data + i, bytes.len - i, &c, &n);
		if (v != FINE) {
			if (reported++ < REPORTED_MAX)
				report(v, c, place, diag);
			overwrite(scratch + i, v, n);
		} else if (indent && is_wide_blank(c) &&
		    indents_key(bytes.data + i, bytes.data + bytes.len) &&
		    wide++ < REPORTED_MAX) {
			tell_indent(c, place, diag);
		}
		indent = b == '\n';
		place.column++;
		if (b == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return wide == 0;
}
