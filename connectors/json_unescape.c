/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_unescape.h"

#include "engine/base/cpu.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static const signed char hex_values[256] = {
    ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
    ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
    ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static const char simple_values[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f',
    ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

/* Four hexadecimal digits, or a negative number. */
static int32_t
hex4(const char *p)
{
	int32_t a = hex_values[(unsigned char)p[0]] - 1;
	int32_t b = hex_values[(unsigned char)p[1]] - 1;
	int32_t c = hex_values[(unsigned char)p[2]] - 1;
	int32_t d = hex_values[(unsigned char)p[3]] - 1;

	if ((a | b | c | d) < 0)
		return -1;
	return a << 12 | b << 8 | c << 4 | d;
}

static char *
put_code(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* One \uXXXX, or a pair of them, at *p (behind the backslash). */
static char *
put_unicode(char *to, const char **p, const char *end)
{
	int32_t code, low;

	if (end - *p < 5 || (code = hex4(*p + 1)) < 0)
		return NULL;
	*p += 5;
	if ((code & 0xf800) != 0xd800)
		return put_code(to, (uint32_t)code);
	if (code < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' &&
	    (*p)[1] == 'u' && (low = hex4(*p + 2)) >= 0xdc00 && low < 0xe000) {
		*p += 6;
		return put_code(to,
		    0x10000 + (((uint32_t)code & 0x3ff) << 10) +
			((uint32_t)low & 0x3ff));
	}
	return put_code(to, 0xfffd);
}

#if defined(__SSE2__)

/* Copy up to the next backslash, 16 bytes at a time. */
static inline const char *
copy_plain(char **to, const char *p, const char *end)
{
	const __m128i slash = _mm_set1_epi8('\\');
	char *out = *to;

	for (;;) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		unsigned stop = (unsigned)_mm_movemask_epi8(
		    _mm_cmpeq_epi8(v, slash));
		unsigned n = (unsigned)__builtin_ctz(stop | 1u << 16);

		_mm_storeu_si128((__m128i *)(void *)out, v);
		if (__builtin_expect(end - p <= (ptrdiff_t)n, 0)) {
			*to = out + (end - p);
			return end;
		}
		p += n;
		out += n;
		if (n < 16)
			break;
	}
	*to = out;
	return p;
}

#else

/* The same, eight bytes at a time. */
static const char *
copy_plain(char **to, const char *p, const char *end)
{
	while (p < end) {
		uint64_t word, zero;
		unsigned n = 8;

		memcpy(&word, p, 8);
		memcpy(*to, &word, 8);
		word ^= ONES * '\\';
		zero = (word - ONES) & ~word & HIGHS;
		if (zero != 0) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			n = (unsigned)__builtin_ctzll(zero) / 8;
#else
			for (n = 0; p[n] != '\\'; n++)
				;
#endif
		}
		if (n > end - p)
			n = (unsigned)(end - p);
		p += n;
		*to += n;
		if (n < 8)
			break;
	}
	return p;
}

#endif

char *
json_unescape_plain(char *to, struct slice from)
{
	const char *p = from.data, *end = p + from.len;

	for (;;) {
		char c;

		p = copy_plain(&to, p, end);
		if (p == end)
			return to;
		if (++p == end)
			return NULL;
		if (*p == 'u') {
			to = put_unicode(to, &p, end);
			if (to == NULL)
				return NULL;
			continue;
		}
		c = simple_values[(unsigned char)*p++];
		if (c == 0)
			return NULL;
		*to++ = c;
	}
}

char *
json_unescape(char *to, struct slice from)
{
	return cpu_level() >= CPU_AVX512 ? json_unescape_avx512(to, from)
					 : json_unescape_plain(to, from);
}

/* Up to eight bytes with zeros in front, for json_unescape_eight. */
static uint64_t
load_digits(const char *p, size_t n)
{
	uint64_t word = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&word, p, 8);
	if (n == 8)
		return word;
	return word << (64 - 8 * n) | (0x30 * ONES) >> (8 * n);
#else
	for (size_t i = 0; i < 8; i++) {
		uint64_t c = i < 8 - n ? '0' : (unsigned char)p[i - (8 - n)];

		word |= c << (8 * i);
	}
	return word;
#endif
}

bool
json_unescape_digits(struct slice text, uint64_t *v)
{
	const char *p = text.data;
	size_t first = text.len & 7, left = text.len;
	uint64_t sum = 0, part;

	if (left - 1 >= 18 || (*p == '0' && left > 1))
		return false;
	if (first != 0) {
		if (!json_unescape_eight(load_digits(p, first), &sum))
			return false;
		p += first;
		left -= first;
	}
	for (; left > 0; p += 8, left -= 8) {
		if (!json_unescape_eight(load_digits(p, 8), &part))
			return false;
		sum = sum * 100000000 + part;
	}
	*v = sum;
	return true;
}

/* The parts of a number: digits, point removed, and where the point goes. */
struct digits {
	const char *whole, *fraction;
	size_t wholes, fractions;
	int64_t exponent;
};

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static bool
split(const char *p, const char *end, struct digits *d)
{
	d->whole = p;
	p = skip_digits(p, end);
	d->wholes = (size_t)(p - d->whole);
	if (d->wholes == 0 || (d->wholes > 1 && *d->whole == '0'))
		return false;
	if (p < end && *p == '.') {
		d->fraction = ++p;
		p = skip_digits(p, end);
		d->fractions = (size_t)(p - d->fraction);
		if (d->fractions == 0)
			return false;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		bool minus = ++p < end && *p == '-';
		const char *first;

		if (p < end && (*p == '-' || *p == '+'))
			p++;
		for (first = p; p < end && *p >= '0' && *p <= '9'; p++)
			if (d->exponent <= INT64_MAX / 100)
				d->exponent = d->exponent * 10 + (*p - '0');
		if (p == first)
			return false;
		if (minus)
			d->exponent = -d->exponent;
	}
	return p == end;
}

bool
json_unescape_number(struct slice text, int64_t *whole, bool *exact)
{
	const char *p = text.data, *end = p + text.len;
	struct digits d = {0};
	bool minus = p < end && *p == '-';
	int64_t v = 0, places;

	if (!split(p + minus, end, &d))
		return false;
	*exact = d.fraction == NULL && d.exponent == 0 && d.wholes <= 19;
	places = (int64_t)d.wholes + d.exponent;
	for (int64_t i = 0; i < places; i++) {
		size_t n = (size_t)i;
		char c = '0';

		if (n < d.wholes)
			c = d.whole[n];
		else if (n - d.wholes < d.fractions)
			c = d.fraction[n - d.wholes];
		else if (v == 0)
			break; /* 0e9: only zeros follow */
		if (v > (INT64_MAX - (c - '0')) / 10) {
			v = INT64_MAX;
			*exact = false;
			break;
		}
		v = v * 10 + (c - '0');
	}
	*whole = minus ? -v : v;
	return true;
}
