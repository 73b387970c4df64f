/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/pack.h"

static uint64_t
get_le(struct unpack *in, unsigned bytes)
{
	uint64_t v = 0;

	if (in->bad || (size_t)(in->end - in->at) < bytes) {
		in->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)in->at[i] << (8 * i);
	in->at += bytes;
	return v;
}

uint8_t
unpack_u8(struct unpack *in)
{
	return (uint8_t)get_le(in, 1);
}

uint32_t
unpack_u32(struct unpack *in)
{
	return (uint32_t)get_le(in, 4);
}

uint64_t
unpack_u64(struct unpack *in)
{
	return get_le(in, 8);
}

uint64_t
unpack_uint(struct unpack *in)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && !in->bad; shift += 7) {
		uint8_t b = unpack_u8(in);

		v |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80)
			return in->bad ? 0 : v;
	}
	in->bad = true;
	return 0;
}

uint64_t
unpack_most(struct unpack *in, uint64_t most)
{
	uint64_t v = unpack_uint(in);

	if (v > most)
		in->bad = true;
	return in->bad ? 0 : v;
}

int64_t
unpack_int(struct unpack *in)
{
	uint64_t v = unpack_uint(in);

	return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

double
unpack_double(struct unpack *in)
{
	uint64_t bits = unpack_u64(in);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

float
unpack_float(struct unpack *in)
{
	uint32_t bits = unpack_u32(in);
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static struct slice
take(struct unpack *in, uint64_t len)
{
	struct slice text = {in->at, (size_t)len};

	if (in->bad || (uint64_t)(in->end - in->at) < len) {
		in->bad = true;
		return SLICE("");
	}
	in->at += len;
	return text;
}

struct slice
unpack_text(struct unpack *in)
{
	return take(in, unpack_uint(in));
}

struct slice
unpack_word(struct unpack *in)
{
	uint64_t len = unpack_uint(in);

	return len == 0 ? SLICE_NONE : take(in, len - 1);
}
