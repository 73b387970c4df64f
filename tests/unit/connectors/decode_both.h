/*
 * Batches read with all that is known of earlier lines, and line by line: the
 * same verdicts and posts; and changes in lines.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_DECODE_BOTH_H
#define TESTS_DECODE_BOTH_H

#include "tests/unit/connectors/decode_lines.h"

#include "engine/base/rand.h"

/* Of each sort of batches. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROUNDS 100u
#else
#define ROUNDS 800u
#endif

static void *state;

/* One change, anywhere in the line that begins at ${from}. */
static inline void
change(struct rand *r, struct buf *out, size_t from)
{
	static const char bytes[] = "\"\\{}[],: 1tn\x01\xc3x";
	size_t len = out->len - from, at = rand_below(r, (uint32_t)len);
	size_t n = 1 + rand_below(r, 12);

	if (n > len - at)
		n = len - at;
	switch (rand_below(r, 4)) {
	case 0:
		out->data[from + at] = bytes[rand_below(r, sizeof(bytes) - 1)];
		return;
	case 1: /* cut out */
		memmove(out->data + from + at, out->data + from + at + n,
		    len - at - n);
		out->len -= n;
		return;
	case 2: /* twice */
		buf_reserve(out, n);
		memmove(out->data + from + at + n, out->data + from + at,
		    len - at);
		out->len += n;
		return;
	default: /* a letter for a letter: other keys and values */
		for (size_t i = at; i < len; i++)
			if (out->data[from + i] >= 'a' &&
			    out->data[from + i] < 'z') {
				out->data[from + i]++;
				return;
			}
	}
}

static inline void
read_all(struct slice bytes, bool fast, struct buf *out)
{
	char *copy = malloc(bytes.len + BATCH_PADDING);
	struct decode_line line;
	struct post post;
	enum decode_result result;

	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.len);
	memset(copy + bytes.len, '"', BATCH_PADDING);
	decode_set_fast(state, fast);
	decode_auto.begin(state, copy, bytes.len);
	while ((result = decode_auto.next(state, &post, &line)) !=
	    DECODE_END) {
		buf_printf(out, "%d at %u, %u: %s%s", (int)result, line.at,
		    line.error_at, line.reason != NULL ? line.reason : "",
		    line.lists_cut ? " cut" : "");
		if (result == DECODE_POST) {
			lines_put_post(out, &post);
			lines_put_number(out, "following", post.following);
			lines_put_number(out, "listed", post.listed);
			lines_put_number(out, "posts", post.posts);
			lines_put_number(out, "rating", post.rating);
			lines_put_slice(out, "region", post.region);
			lines_put_slice(out, "sentiment", post.sentiment);
			lines_put_number(out, "created",
			    (uint64_t)post.author_created_ms);
		}
		buf_char(out, '\n');
	}
	free(copy);
}

static inline void
check(struct slice bytes, const char *path)
{
	struct buf fast = {0}, alone = {0};

	read_all(bytes, true, &fast);
	read_all(bytes, false, &alone);
	buf_char(&fast, '\0');
	buf_char(&alone, '\0');
	if (strcmp(fast.data, alone.data) != 0)
		fail_msg("%s: with shapes:\n%salone:\n%sof:\n%.*s", path,
		    fast.data, alone.data, SLICE_ARG(bytes));
	buf_fini(&fast);
	buf_fini(&alone);
}

#endif
