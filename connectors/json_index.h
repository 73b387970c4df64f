/*
 * Where the structure of JSON stands in a run of lines.
 *
 * One pass of vectors checks UTF-8, unclosed strings and control characters
 * in strings, and notes the place and the kind of each brace, bracket, colon,
 * comma and line feed outside strings and of the first byte of each string,
 * number and word.  The place of a closing quote is not noted.  Blanks are
 * space, tab and CR; everything else that is neither of these nor inside a
 * string begins or continues a word, except that form feed and U+001A are
 * noted one by one, as a comma is, and are wrong.
 *
 * Why one index of many lines gives each line what its own would: when it
 * succeeds, no line feed stands inside a string (it would be a control
 * character), so each line begins outside strings, behind a blank, with no
 * backslash pending; and UTF-8 is whole at each line feed.
 *
 * Three paths give the same bytes: AVX-512 (VBMI2), AVX2 and plain C.
 * Thread: one at a time.  Owns: the places, reused by each run.
 * Never: allocates after json_index_open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_INDEX_H
#define CONNECTORS_JSON_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_index_result {
	JSON_INDEX_OK, /* also for nothing but blanks: no places */
	JSON_INDEX_BAD_UTF8,
	JSON_INDEX_UNCLOSED, /* a string that never ends */
	JSON_INDEX_CONTROL,  /* a byte below 0x20 inside a string */
};

/* What stands at a place.  Values that are not entered have the bit of
 * JSON_SCALAR, what stands for itself that of JSON_MARK; the bits of
 * JSON_SHAPE are those that the structure of a line depends on. */
#define JSON_SCALAR 0x40
#define JSON_MARK 0x80
#define JSON_SHAPE 0xf8

enum json_kind {
	JSON_WRONG = 0, /* no value begins like this */
	JSON_STRING = JSON_SCALAR,
	JSON_NUMBER,
	JSON_TRUE, /* or another word with this letter; reading tells */
	JSON_FALSE,
	JSON_NULL,
	JSON_STRAY = JSON_MARK, /* form feed, U+001A */
	JSON_OBJECT = JSON_MARK | 1 << 3,
	JSON_ARRAY = JSON_MARK | 2 << 3,
	JSON_CLOSE_OBJECT = JSON_MARK | 3 << 3,
	JSON_CLOSE_ARRAY = JSON_MARK | 4 << 3,
	JSON_COMMA = JSON_MARK | 5 << 3,
	JSON_COLON = JSON_MARK | 6 << 3,
	JSON_END = JSON_MARK | 7 << 3, /* a line feed, the end of the bytes */
};

/* Places of kind JSON_END behind the last one that hold the length, so that
 * readers may look a few ahead without asking. */
#define JSON_INDEX_SENTINELS 4

struct json_places {
	const uint32_t *at; /* offsets in ascending order */
	const unsigned char *kind;
	const uint64_t *slash; /* bit i & 63 of word i >> 6: byte i is '\\' */
	uint32_t count;        /* without the sentinels */
	uint32_t len;          /* of the bytes */
};

struct json_index;

/** json_index_open(bytes_max): for runs of up to ${bytes_max} bytes. */
struct json_index *json_index_open(size_t bytes_max);

/** json_index_close(index): free it; NULL is legal. */
void json_index_close(struct json_index *index);

/**
 * json_index_run(index, bytes, len): read ${len} <= bytes_max bytes; none
 * behind them are read.  On JSON_INDEX_OK the places are ready.
 */
enum json_index_result json_index_run(
    struct json_index *index, const char *bytes, size_t len);

/** json_index_places(index): what the last run found, until the next. */
const struct json_places *json_index_places(const struct json_index *index);

/**
 * json_index_path(name): choose the code path for tests and benches: "plain",
 * "avx2", "avx512" or "auto" (the best that this processor has; the start).
 * False when there is no such path or the processor does not have it.  Not
 * thread-safe.
 */
bool json_index_path(const char *name);

/** json_index_path_name(): of the path in use. */
const char *json_index_path_name(void);

#endif
