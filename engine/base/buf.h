/*
 * Bytes that grow: the one way to build output, JSON above all.
 *
 * A buffer keeps its memory when it is cleared, so a steady state does not
 * allocate.  JSON numbers are written with fixed decimals, never with the
 * locale; strings are escaped, broken UTF-8 becomes U+FFFD.
 * Thread: one at a time.  Owns: its memory until buf_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_BUF_H
#define ENGINE_BASE_BUF_H

#include <stdint.h>

#include "engine/base/slice.h"

struct buf {
	char *data;
	size_t len, room; /* bytes */
};

/** buf_fini(buf): free the memory; ${buf} is then an empty buffer. */
void buf_fini(struct buf *buf);

/** buf_clear(buf): length 0, memory kept. */
static inline void
buf_clear(struct buf *buf)
{
	buf->len = 0;
}

static inline struct slice
buf_slice(const struct buf *buf)
{
	return (struct slice){buf->data, buf->len};
}

/** buf_reserve(buf, bytes): room for ${bytes} more; returns where they go. */
char *buf_reserve(struct buf *buf, size_t bytes);

void buf_put(struct buf *buf, const void *data, size_t bytes);
void buf_slice_put(struct buf *buf, struct slice text);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);

/** buf_printf(buf, format, ...): as printf; a zero byte stands behind what was
 * put, and is not counted. */
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** buf_int(buf, v): decimal.  buf_count: for people, "1,204". */
void buf_int(struct buf *buf, int64_t v);
void buf_count(struct buf *buf, uint64_t n);

/**
 * buf_fixed(buf, v, scale_digits, digits): the number v / 10^scale_digits
 * with ${digits} <= scale_digits decimals, rounded half away from zero.
 * buf_fixed(b, 1234567, 6, 2) writes 1.23.  The way decimals get into JSON.
 */
void buf_fixed(struct buf *buf, int64_t v, unsigned scale_digits,
    unsigned digits);

/** buf_json(buf, text): ${text} as a JSON string with its quotes. */
void buf_json(struct buf *buf, struct slice text);

/** buf_json_text(buf, text): the same of ${text}; NULL: null.
 * buf_json_time(buf, time_ms): buf_utc in quotes; TIME_NONE: null. */
void buf_json_text(struct buf *buf, const char *text);
void buf_json_time(struct buf *buf, int64_t time_ms);

/** buf_member(buf, key): a further member of an object, up to its value:
 * `,"key":`.  With a value: buf_member_text, buf_member_time. */
void buf_member(struct buf *buf, const char *key);
void buf_member_text(struct buf *buf, const char *key, const char *text);
void buf_member_time(struct buf *buf, const char *key, int64_t time_ms);

/** buf_plain(buf, text): ${text} for people: what could move a cursor or break
 * a line (C0, DEL, C1, U+2028, U+2029) becomes a blank; what turns the order
 * of the text behind it (U+202E and its like, paired or not) is dropped. */
void buf_plain(struct buf *buf, struct slice text);

/** buf_utc(buf, time_ms): 2010-03-17T09:05:00Z, no quotes, seconds. */
void buf_utc(struct buf *buf, int64_t time_ms);

/** buf_utc_milli(buf, time_ms): 2010-03-17T09:05:00.250Z. */
void buf_utc_milli(struct buf *buf, int64_t time_ms);

#endif
