/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/pack.h"

static void
put_le(struct buf *out, uint64_t v, unsigned bytes)
{
	unsigned char b[8];

	for (unsigned i = 0; i < bytes; i++)
		b[i] = (unsigned char)(v >> (8 * i));
	buf_put(out, b, bytes);
}

void
pack_u8(struct buf *out, uint8_t v)
{
	buf_char(out, (char)v);
}

void
pack_u32(struct buf *out, uint32_t v)
{
	put_le(out, v, 4);
}

void
pack_u64(struct buf *out, uint64_t v)
{
	put_le(out, v, 8);
}

void
pack_uint(struct buf *out, uint64_t v)
{
	unsigned char b[10];
	unsigned n = 0;

	while (v >= 0x80) {
		b[n++] = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	b[n++] = (unsigned char)v;
	buf_put(out, b, n);
}

void
pack_int(struct buf *out, int64_t v)
{
	pack_uint(out, (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

void
pack_double(struct buf *out, double v)
{
	uint64_t bits;

	_Static_assert(sizeof(bits) == sizeof(v), "IEEE 754");
	memcpy(&bits, &v, sizeof(bits));
	pack_u64(out, bits);
}

void
pack_float(struct buf *out, float v)
{
	uint32_t bits;

	_Static_assert(sizeof(bits) == sizeof(v), "IEEE 754");
	memcpy(&bits, &v, sizeof(bits));
	pack_u32(out, bits);
}

void
pack_text(struct buf *out, struct slice text)
{
	pack_uint(out, text.len);
	if (text.len > 0)
		buf_slice_put(out, text);
}

void
pack_word(struct buf *out, const char *text)
{
	pack_uint(out, text == NULL ? 0 : strlen(text) + 1);
	if (text != NULL)
		buf_text(out, text);
}
