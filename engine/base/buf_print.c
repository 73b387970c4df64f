/*
 * buf_printf: the conversions that nearly every text wants are done here, in
 * a tenth of the instructions; a format with another one is left to libc.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"

#define PRINTF_ROOM 64
#define DIGITS_MAX 24 /* of a number, and of its width */
#define PIECE '\1'    /* type of .*s */

_Static_assert(sizeof(long) == 8 && sizeof(size_t) == 8, "l, ll and z alike");

struct conversion {
	unsigned width; /* zeros in front up to here */
	bool is_long;   /* l, ll, z: 64 bits, as on all that we run on */
	char type;
};

static const char *
read_conversion(const char *p, struct conversion *c)
{
	*c = (struct conversion){.width = 0};
	if (*p == '0')
		for (p++; *p >= '0' && *p <= '9' && c->width < DIGITS_MAX; p++)
			c->width = c->width * 10 + (unsigned)(*p - '0');
	if (p[0] == '.' && p[1] == '*' && p[2] == 's') {
		c->type = PIECE;
		p += 2;
	}
	for (; *p == 'l' || *p == 'z'; p++)
		c->is_long = true;
	if (c->type == '\0')
		c->type = *p;
	return *p == '\0' ? p : p + 1;
}

static void
put_number(struct buf *buf, uint64_t u, bool minus, const struct conversion *c)
{
	unsigned base = c->type == 'x' ? 16 : 10;
	char text[2 * DIGITS_MAX];
	char *end = text + sizeof(text), *p = end;

	do {
		*--p = "0123456789abcdef"[u % base];
		u /= base;
	} while (u > 0);
	while (end - p + minus < (long)c->width)
		*--p = '0';
	if (minus)
		*--p = '-';
	buf_put(buf, p, (size_t)(end - p));
}

static void
put_signed(struct buf *buf, int64_t v, const struct conversion *c)
{
	put_number(buf, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0, c);
}

/* False: one that is not known here; ${args} are used up to it. */
static bool
put_converted(struct buf *buf, const struct conversion *c, va_list *args)
{
	const char *text;
	int len;

	if (c->width > DIGITS_MAX)
		return false;
	switch (c->type) {
	case 'd':
		put_signed(buf, c->is_long ? va_arg(*args, int64_t) :
					     va_arg(*args, int), c);
		return true;
	case 'u':
	case 'x':
		put_number(buf, c->is_long ? va_arg(*args, uint64_t) :
			va_arg(*args, unsigned), false, c);
		return true;
	case 'c':
		buf_char(buf, (char)va_arg(*args, int));
		return c->width == 0;
	case 's':
		text = va_arg(*args, const char *);
		buf_text(buf, text != NULL ? text : "(null)");
		return c->width == 0 && !c->is_long;
	case PIECE:
		len = va_arg(*args, int);
		text = va_arg(*args, const char *);
		if (len < 0 || text == NULL)
			return false;
		buf_put(buf, text, strnlen(text, (size_t)len));
		return c->width == 0 && !c->is_long;
	case '%':
		buf_char(buf, '%');
		return true;
	default:
		return false;
	}
}

static bool
print(struct buf *buf, const char *format, va_list *args)
{
	struct conversion c;

	for (;;) {
		const char *p = strchrnul(format, '%');

		buf_put(buf, format, (size_t)(p - format));
		if (*p == '\0')
			return true;
		format = read_conversion(p + 1, &c);
		if (!put_converted(buf, &c, args))
			return false;
	}
}

static void
print_by_libc(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	size_t room;
	char *to;
	int n;

	va_copy(again, args);
	/* Most fit into the room there is: formatting twice costs twice. */
	to = buf_reserve(buf, PRINTF_ROOM);
	room = buf->room - buf->len;
	n = vsnprintf(to, room, format, args);
	REQUIRE(n >= 0);
	if ((size_t)n >= room) {
		room = (size_t)n + 1;
		vsnprintf(buf_reserve(buf, room), room, format, again);
	}
	va_end(again);
	buf->len += (size_t)n;
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	size_t from = buf->len;
	va_list args;
	bool done;

	va_start(args, format);
	done = print(buf, format, &args);
	va_end(args);
	if (done) {
		*buf_reserve(buf, 1) = '\0';
		return;
	}
	buf->len = from;
	va_start(args, format);
	print_by_libc(buf, format, args);
	va_end(args);
}
