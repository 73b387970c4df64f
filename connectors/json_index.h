/*
 * Where the structure of JSON stands in a run of bytes.
 *
 * The first stage of simdjson behind a C face: one vector pass that checks
 * UTF-8, unclosed strings and control characters in strings, and notes the
 * place of each brace, bracket, colon and comma outside strings and the first
 * byte of each string, number and word.  The place of a closing quote is not
 * noted.  Blanks are space, tab, CR and LF; everything else that is neither
 * of these nor inside a string begins or continues a word, except that form
 * feed and U+001A are noted one by one, as a comma is: readers compare bytes.
 *
 * Why one index of many lines gives each line what its own would: when it
 * succeeds, no line feed stands inside a string (it would be a control
 * character), so each line begins outside strings, behind a blank, with no
 * backslash pending; and UTF-8 is whole at each line feed.
 * Thread: one at a time.  Owns: the places, reused by each run.
 * Never: throws, allocates after json_index_open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_INDEX_H
#define CONNECTORS_JSON_INDEX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum json_index_result {
	JSON_INDEX_OK, /* also for nothing but blanks: no places */
	JSON_INDEX_BAD_UTF8,
	JSON_INDEX_UNCLOSED, /* a string that never ends */
	JSON_INDEX_CONTROL,  /* a byte below 0x20 inside a string */
};

/* Places behind the last one that hold the length, so that readers may look
 * a few ahead without asking. */
#define JSON_INDEX_SENTINELS 4

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

/**
 * json_index_places(index, &count): offsets in ascending order, then
 * JSON_INDEX_SENTINELS times the length.  Valid until the next run.
 */
const uint32_t *json_index_places(
    const struct json_index *index, uint32_t *count);

/** json_index_path(): the name of the vector code in use ("icelake", ...). */
const char *json_index_path(void);

#ifdef __cplusplus
}
#endif

#endif
