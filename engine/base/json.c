/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/json.h"

enum want {
	WANT_VALUE,
	WANT_FIRST, /* a value, or the end of a list */
	WANT_FIRST_KEY, /* a key, or the end of an object */
	WANT_KEY,
	WANT_MORE, /* a comma, or the end of the collection */
	WANT_NOTHING,
	WANT_BROKEN,
};

void
json_init(struct json *j, struct slice text)
{
	memset(j, 0, sizeof(*j));
	j->at = text.data;
	j->end = text.data + text.len;
	j->want = WANT_VALUE;
}

static enum json_kind
broken(struct json *j)
{
	j->want = WANT_BROKEN;
	j->raw.len = 0;
	return JSON_BROKEN;
}

static void
skip_blanks(struct json *j)
{
	while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' ||
				     *j->at == '\n' || *j->at == '\r'))
		j->at++;
}

static bool
in_object(const struct json *j)
{
	return j->objects >> (j->depth - 1) & 1;
}

/* A value is over. */
static void
valued(struct json *j)
{
	j->want = j->depth > 0 ? WANT_MORE : WANT_NOTHING;
}

static bool
is_digit(const struct json *j)
{
	return j->at < j->end && *j->at >= '0' && *j->at <= '9';
}

static bool
digits(struct json *j)
{
	if (!is_digit(j))
		return false;
	while (is_digit(j))
		j->at++;
	return true;
}

static enum json_kind
number(struct json *j)
{
	j->raw.data = j->at;
	if (*j->at == '-')
		j->at++;
	if (j->at < j->end && *j->at == '0')
		j->at++;
	else if (!digits(j))
		return broken(j);
	if (j->at < j->end && *j->at == '.') {
		j->at++;
		if (!digits(j))
			return broken(j);
	}
	if (j->at < j->end && (*j->at == 'e' || *j->at == 'E')) {
		j->at++;
		if (j->at < j->end && (*j->at == '+' || *j->at == '-'))
			j->at++;
		if (!digits(j))
			return broken(j);
	}
	j->raw.len = (size_t)(j->at - j->raw.data);
	valued(j);
	return JSON_NUMBER;
}

static enum json_kind
word(struct json *j, const char *text, enum json_kind kind)
{
	size_t n = strlen(text);

	if ((size_t)(j->end - j->at) < n || memcmp(j->at, text, n) != 0)
		return broken(j);
	j->raw = (struct slice){j->at, n};
	j->at += n;
	valued(j);
	return kind;
}

static bool
hex4(const char *p, const char *end, uint32_t *value)
{
	*value = 0;
	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		uint32_t v;

		if (c >= '0' && c <= '9')
			v = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
		*value = *value << 4 | v;
	}
	return true;
}

/* A string, from behind its first quote to behind its last. */
static bool
string(struct json *j)
{
	uint32_t code;

	j->raw.data = ++j->at;
	for (; j->at < j->end && *j->at != '"'; j->at++) {
		if ((unsigned char)*j->at < 0x20)
			return false;
		if (*j->at != '\\')
			continue;
		if (++j->at == j->end)
			return false;
		if (*j->at == 'u' && hex4(j->at + 1, j->end, &code))
			j->at += 4;
		else if (*j->at == 0 || strchr("\"\\/bfnrt", *j->at) == NULL)
			return false;
	}
	if (j->at == j->end)
		return false;
	j->raw.len = (size_t)(j->at++ - j->raw.data);
	return true;
}

static enum json_kind
open(struct json *j, bool object)
{
	if (j->depth == JSON_READ_DEPTH)
		return broken(j);
	j->objects &= ~(UINT32_C(1) << j->depth);
	j->objects |= (uint32_t)object << j->depth;
	j->depth++;
	j->at++;
	j->want = object ? WANT_FIRST_KEY : WANT_FIRST;
	return object ? JSON_OBJECT : JSON_LIST;
}

static enum json_kind
shut(struct json *j)
{
	bool object = in_object(j);

	j->at++;
	j->depth--;
	valued(j);
	return object ? JSON_OBJECT_END : JSON_LIST_END;
}

static enum json_kind
value(struct json *j)
{
	switch (*j->at) {
	case '{':
		return open(j, true);
	case '[':
		return open(j, false);
	case '"':
		if (!string(j))
			return broken(j);
		valued(j);
		return JSON_TEXT;
	case 't':
		return word(j, "true", JSON_TRUE);
	case 'f':
		return word(j, "false", JSON_FALSE);
	case 'n':
		return word(j, "null", JSON_NULL);
	default:
		return number(j);
	}
}

static enum json_kind
key(struct json *j)
{
	if (*j->at != '"' || !string(j))
		return broken(j);
	skip_blanks(j);
	if (j->at == j->end || *j->at != ':')
		return broken(j);
	j->at++;
	j->want = WANT_VALUE;
	return JSON_KEY;
}

enum json_kind
json_next(struct json *j)
{
	if (j->want == WANT_BROKEN)
		return JSON_BROKEN;
	skip_blanks(j);
	if (j->at == j->end)
		return j->want == WANT_NOTHING ? JSON_END : broken(j);
	if (j->want == WANT_NOTHING)
		return broken(j);
	if (j->want != WANT_VALUE && j->want != WANT_KEY &&
	    *j->at == (in_object(j) ? '}' : ']'))
		return shut(j);
	if (j->want == WANT_MORE) {
		if (*j->at++ != ',')
			return broken(j);
		skip_blanks(j);
		if (j->at == j->end)
			return broken(j);
		j->want = in_object(j) ? WANT_KEY : WANT_VALUE;
	}
	if (j->want == WANT_KEY || j->want == WANT_FIRST_KEY)
		return key(j);
	return value(j);
}

bool
json_skip(struct json *j)
{
	unsigned depth = j->depth;
	enum json_kind kind;

	do {
		kind = json_next(j);
		if (kind == JSON_BROKEN || kind == JSON_END)
			return false;
	} while (j->depth > depth);
	return true;
}

static void
put_code(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
	} else if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_char(out, (char)(0xf0 | c >> 18));
		buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* The \uXXXX whose 'u' is at ${p}, with its other half; returns its last
 * byte. */
static const char *
put_escaped(struct buf *out, const char *p, const char *end)
{
	uint32_t c, low;

	hex4(p + 1, end, &c);
	p += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - p > 6 && p[1] == '\\' &&
	    p[2] == 'u' && hex4(p + 3, end, &low) && low >= 0xdc00 &&
	    low < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p += 6;
	}
	put_code(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	return p;
}

void
json_text(const struct json *j, struct buf *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *end = j->raw.data + j->raw.len;

	for (const char *p = j->raw.data; p < end; p++) {
		const char *known;

		if (*p != '\\') {
			buf_char(out, *p);
			continue;
		}
		p++;
		known = strchr(from, *p);
		if (*p == 'u')
			p = put_escaped(out, p, end);
		else
			buf_char(out, known != NULL ? to[known - from] : *p);
	}
}

bool
json_is(const struct json *j, const char *text)
{
	return slice_is(j->raw, text);
}
