/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

void
buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

char *
buf_reserve(struct buf *buf, size_t bytes)
{
	if (buf->room - buf->len < bytes) {
		size_t room = buf->room < 64 ? 64 : buf->room;

		while (room - buf->len < bytes)
			room *= 2;
		buf->data = must_grow(buf->data, room);
		buf->room = room;
	}
	return buf->data + buf->len;
}

void
buf_put(struct buf *buf, const void *data, size_t bytes)
{
	if (bytes == 0)
		return;
	memcpy(buf_reserve(buf, bytes), data, bytes);
	buf->len += bytes;
}

void
buf_slice_put(struct buf *buf, struct slice text)
{
	buf_put(buf, text.data, text.len);
}

void
buf_text(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void
buf_char(struct buf *buf, char c)
{
	*buf_reserve(buf, 1) = c;
	buf->len++;
}

void
buf_int(struct buf *buf, int64_t v)
{
	buf_fixed(buf, v, 0, 0);
}

void
buf_count(struct buf *buf, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu",
	    (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_char(buf, ',');
		buf_char(buf, digits[i]);
	}
}

void
buf_fixed(struct buf *buf, int64_t v, unsigned scale_digits, unsigned digits)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char text[48];
	char *const end = text + sizeof(text), *p = end;
	uint64_t unit = 1;
	bool minus;

	REQUIRE(digits <= scale_digits && scale_digits <= 18);
	for (unsigned i = digits; i < scale_digits; i++)
		unit *= 10;
	if (unit > 1)
		u = (u + unit / 2) / unit;
	minus = v < 0 && u > 0;
	for (unsigned i = 0; i < digits; i++, u /= 10)
		*--p = (char)('0' + u % 10);
	if (digits > 0)
		*--p = '.';
	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (minus)
		*--p = '-';
	buf_put(buf, p, (size_t)(end - p));
}

/* Length of the UTF-8 sequence at ${p}, or 0 when it is broken. */
static size_t
utf8_length(const unsigned char *p, size_t left)
{
	size_t n;
	uint32_t c;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n > left)
		return 0;
	c = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (n == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000)))
		return 0;
	if (n == 4 && (c < 0x10000 || c > 0x10ffff))
		return 0;
	return n;
}

static void
json_char(struct buf *buf, unsigned char c)
{
	static const char *const short_form[0x20] = {['\b'] = "\\b",
	    ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};

	if (c == '"' || c == '\\') {
		buf_char(buf, '\\');
		buf_char(buf, (char)c);
	} else if (c >= 0x20) {
		buf_char(buf, (char)c);
	} else if (short_form[c] != NULL) {
		buf_text(buf, short_form[c]);
	} else {
		buf_printf(buf, "\\u%04x", c);
	}
}

#if defined(__SSE2__)

/* Which of the 16 bytes at ${p} a string cannot hold as they are, or are not
 * ASCII. */
static inline uint32_t
special(const unsigned char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i odd = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));

	return (uint32_t)_mm_movemask_epi8(odd);
}

/* On from ${i} to a byte that is special, or to where less than 16 are left
 * that were not looked at, by the last 16. */
static inline size_t
plain_blocks(const unsigned char *p, size_t i, size_t len)
{
	uint32_t odd = 0;

	for (; len - i >= 16; i += 16)
		if ((odd = special(p + i)) != 0)
			return i + (uint32_t)__builtin_ctz(odd);
	if (i == len || len < 16)
		return i;
	odd = special(p + (len - 16)) >> (16 - (len - i));
	return odd == 0 ? len : i + (uint32_t)__builtin_ctz(odd);
}

#else

/* The high bit of each byte of ${w} that a string cannot hold as it is, and
 * perhaps of bytes after such a one. */
static inline uint64_t
special(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';

	return (w | (w - ones * 0x20) | (quote - ones) | (slash - ones)) &
	    ones * 0x80;
}

static inline size_t
plain_blocks(const unsigned char *p, size_t i, size_t len)
{
	uint64_t w;

	for (; len - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if (special(w) != 0)
			break;
	}
	return i;
}

#endif

/* The first byte from ${i} on that is no plain ASCII. */
static size_t
plain_end(const unsigned char *p, size_t i, size_t len)
{
	i = plain_blocks(p, i, len);
	while (i < len && p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' &&
	    p[i] != '\\')
		i++;
	return i;
}

void
buf_json(struct buf *buf, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.data;
	size_t i = plain_end(p, 0, text.len);
	char *to = buf_reserve(buf, i + 2);

	*to = '"';
	if (i > 0)
		memcpy(to + 1, p, i);
	to[i + 1] = '"';
	buf->len += i + 1 + (i == text.len);
	if (i == text.len)
		return;
	while (i < text.len) {
		size_t from = i, n;

		/* Up to a byte that is escaped or broken. */
		for (n = 2; n > 1; i += n > 1 ? n : 0) {
			i = plain_end(p, i, text.len);
			n = i < text.len ? utf8_length(p + i, text.len - i) :
					   0;
		}
		buf_put(buf, p + from, i - from);
		if (i == text.len)
			break;
		if (n == 0)
			buf_text(buf, "\xef\xbf\xbd");
		else
			json_char(buf, p[i]);
		i++;
	}
	buf_char(buf, '"');
}

/* Bytes of a character at ${p} that is nothing to be seen, but turns or nests
 * the text around it: embeddings, overrides and isolates (U+202A-202E,
 * U+2066-206F), notes between lines (U+FFF9-FFFB).  0: it is none. */
static size_t
turning(const unsigned char *p, size_t left)
{
	if (left < 3)
		return 0;
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
		return 3;
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xaf)
		return 3;
	return p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xb9 && p[2] <= 0xbb ?
	    3 : 0;
}

/* Bytes of a character at ${p} that moves a cursor or ends a line: C0, DEL,
 * C1, U+2028 and U+2029.  0: it is none. */
static size_t
moving(const unsigned char *p, size_t left)
{
	if (p[0] < ' ' || p[0] == 0x7f)
		return 1;
	if (p[0] == 0xc2 && left > 1 && p[1] >= 0x80 && p[1] < 0xa0)
		return 2;
	return p[0] == 0xe2 && left > 2 && p[1] == 0x80 &&
	    (p[2] == 0xa8 || p[2] == 0xa9) ? 3 : 0;
}

/* No byte with which a character begins that buf_plain() looks at. */
static bool
is_quiet(unsigned char c)
{
	return c >= ' ' && c != 0x7f && c != 0xc2 && c != 0xe2 && c != 0xef;
}

void
buf_plain(struct buf *buf, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.data;

	for (size_t i = 0, n; i < text.len; i += n) {
		for (n = 0; i + n < text.len && is_quiet(p[i + n]); n++)
			;
		buf_put(buf, p + i, n);
		if (n > 0)
			continue;
		n = turning(p + i, text.len - i);
		if (n > 0)
			continue;
		n = moving(p + i, text.len - i);
		buf_char(buf, n > 0 ? ' ' : (char)p[i]);
		n += n == 0;
	}
}

void
buf_utc(struct buf *buf, int64_t time_ms)
{
	char stamp[24];

	clock_format(time_ms, stamp);
	buf_text(buf, stamp);
}

void
buf_utc_milli(struct buf *buf, int64_t time_ms)
{
	buf_utc(buf, time_ms);
	buf->len--; /* the Z */
	buf_printf(buf, ".%03dZ", (int)(time_ms % 1000));
}

void
buf_json_text(struct buf *buf, const char *text)
{
	if (text == NULL)
		buf_text(buf, "null");
	else
		buf_json(buf, slice_of(text));
}

void
buf_json_time(struct buf *buf, int64_t time_ms)
{
	if (time_ms == TIME_NONE) {
		buf_text(buf, "null");
		return;
	}
	buf_char(buf, '"');
	buf_utc(buf, time_ms);
	buf_char(buf, '"');
}

void
buf_member(struct buf *buf, const char *key)
{
	buf_text(buf, ",\"");
	buf_text(buf, key);
	buf_text(buf, "\":");
}

void
buf_member_text(struct buf *buf, const char *key, const char *text)
{
	buf_member(buf, key);
	buf_json_text(buf, text);
}

void
buf_member_time(struct buf *buf, const char *key, int64_t time_ms)
{
	buf_member(buf, key);
	buf_json_time(buf, time_ms);
}
