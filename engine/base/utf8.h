/*
 * One look at UTF-8: how long the character at a place is.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_UTF8_H
#define ENGINE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/**
 * utf8_decode(p, left, &c): bytes of the character at ${p}, of which ${left}
 * are readable, and the character; 0 when the sequence is broken (cut short,
 * overlong, a surrogate, beyond U+10FFFF).  ${left} must not be 0.
 */
static inline size_t
utf8_decode(const char *text, size_t left, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t v = p[0];
	size_t n;

	*c = v;
	if (v < 0x80)
		return 1;
	if (v < 0xc2 || v > 0xf4)
		return 0;
	n = v < 0xe0 ? 2 : v < 0xf0 ? 3 : 4;
	if (n > left)
		return 0;
	v &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	*c = v;
	if (n == 3 && (v < 0x800 || (v >= 0xd800 && v < 0xe000)))
		return 0;
	if (n == 4 && (v < 0x10000 || v > 0x10ffff))
		return 0;
	return n;
}

/** utf8_step(p, left): as above, but a broken byte is one of its own. */
static inline size_t
utf8_step(const char *text, size_t left)
{
	uint32_t c;
	size_t n = utf8_decode(text, left, &c);

	return n == 0 ? 1 : n;
}

#endif
