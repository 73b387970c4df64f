/*
 * Numbers and texts as bytes of a file: little endian, varints for what is
 * mostly small, doubles as their bits, so that the same state gives the same
 * bytes on every machine.
 *
 * Reading never goes past its end: once something is missing or too long,
 * ${bad} stays set and everything reads as 0 or empty.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_PACK_H
#define ENGINE_BASE_PACK_H

#include <stdbool.h>

#include "engine/base/buf.h"

void pack_u8(struct buf *out, uint8_t v);
void pack_u32(struct buf *out, uint32_t v);
void pack_u64(struct buf *out, uint64_t v);
/** pack_uint(out, v): 7 bits a byte, at most 10 bytes. */
void pack_uint(struct buf *out, uint64_t v);
/** pack_int(out, v): the same, small negative ones short too. */
void pack_int(struct buf *out, int64_t v);
void pack_double(struct buf *out, double v);
void pack_float(struct buf *out, float v);
/** pack_text(out, text): its length, then its bytes. */
void pack_text(struct buf *out, struct slice text);
/** pack_word(out, text): terminated, or NULL, which reads as NULL. */
void pack_word(struct buf *out, const char *text);

struct unpack {
	const char *at, *end;
	bool bad;
};

static inline struct unpack
unpack_of(struct slice bytes)
{
	return (struct unpack){bytes.data, bytes.data + bytes.len, false};
}

uint8_t unpack_u8(struct unpack *in);
uint32_t unpack_u32(struct unpack *in);
uint64_t unpack_u64(struct unpack *in);
uint64_t unpack_uint(struct unpack *in);
int64_t unpack_int(struct unpack *in);
double unpack_double(struct unpack *in);
float unpack_float(struct unpack *in);
/** unpack_text(in): borrowed from the bytes; data NULL for a NULL word. */
struct slice unpack_text(struct unpack *in);
struct slice unpack_word(struct unpack *in);

/** unpack_most(in, most): unpack_uint, bad above ${most}. */
uint64_t unpack_most(struct unpack *in, uint64_t most);

/** unpack_over(in): all was read and nothing was bad. */
static inline bool
unpack_over(const struct unpack *in)
{
	return !in->bad && in->at == in->end;
}

#endif
