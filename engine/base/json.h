/*
 * One JSON text, piece by piece: for the small ones that the engine itself
 * writes and reads (control socket, state), never for posts.
 *
 *	json_init(&j, text);
 *	while ((kind = json_next(&j)) != JSON_END && kind != JSON_BROKEN) ...
 *
 * Strict but for UTF-8, which it passes through; nesting beyond
 * JSON_READ_DEPTH is broken.  Allocates nothing.
 * Thread: one at a time.  Owns: nothing; the text must last.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_JSON_H
#define ENGINE_BASE_JSON_H

#include <stdbool.h>

#include "engine/base/buf.h"

#define JSON_READ_DEPTH 32u

enum json_kind {
	JSON_END, /* all of it was read, and nothing follows */
	JSON_BROKEN,
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_LIST,
	JSON_LIST_END,
	JSON_KEY,
	JSON_TEXT,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json {
	const char *at, *end;
	struct slice raw; /* of the last piece; a text without its quotes */
	uint32_t objects; /* bit i: the collection at depth i is an object */
	unsigned depth;
	unsigned want; /* json.c's own */
};

/** json_init(j, text): before the first piece. */
void json_init(struct json *j, struct slice text);

/** json_next(j): the next piece; after JSON_BROKEN that again. */
enum json_kind json_next(struct json *j);

/** json_skip(j): past the value that comes next; false: broken. */
bool json_skip(struct json *j);

/** json_text(j, out): append the last key or text, its escapes resolved; a
 * lone surrogate becomes U+FFFD. */
void json_text(const struct json *j, struct buf *out);

/** json_is(j, text): whether the last key or text is ${text}; one that is
 * written with escapes is not. */
bool json_is(const struct json *j, const char *text);

#endif
