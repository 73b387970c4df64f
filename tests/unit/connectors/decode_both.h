/*
 * Batches read with all that is known of earlier lines, at once and in two
 * goes, and line by line: the same verdicts and posts; and changes in lines.
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

/* Lines of which something was left for the second go. */
static unsigned long rests;

static inline void
same_slice(struct slice a, struct slice b)
{
	assert_ptr_equal(a.data, b.data);
	assert_int_equal(a.len, b.len);
}

/* What the first go must say is what the second says; so is the name, which
 * every other line is asked for before. */
static inline void
read_rest(struct post *post)
{
	static unsigned long lines;
	struct post first = *post;
	struct buf name = {0};
	bool named = lines++ % 2 == 0;

	post->event_ms = 119;
	post->kind = (enum post_kind)99;
	if (named) {
		decode_auto.id(state, post);
		buf_slice_put(&name, post->id);
	}
	decode_auto.rest(state, post);
	if (named)
		assert_true(slice_equal(buf_slice(&name), post->id));
	buf_fini(&name);
	rests += post->kind != (enum post_kind)99;
	if (post->kind == (enum post_kind)99) {
		*post = first;
		return;
	}
	assert_int_equal(post->event_ms, 119);
	same_slice(first.title, post->title);
	same_slice(first.text, post->text);
	assert_int_equal(first.ts_ms, post->ts_ms);
	assert_int_equal(first.seen_ms, post->seen_ms);
	assert_int_equal(first.deleted, post->deleted);
}

static inline void
read_all(struct slice bytes, bool fast, bool spare, struct buf *out)
{
	char *copy = malloc(bytes.len + BATCH_PADDING);
	struct decode_line line;
	struct post post = {0};
	enum decode_result result;

	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.len);
	memset(copy + bytes.len, '"', BATCH_PADDING);
	decode_set_fast(state, fast);
	decode_auto.spare(state, spare);
	decode_auto.begin(state, copy, bytes.len);
	while ((result = decode_auto.next(state, &post, &line)) !=
	    DECODE_END) {
		buf_printf(out, "%d at %u, %u: %s%s", (int)result, line.at,
		    line.error_at, line.reason != NULL ? line.reason : "",
		    line.lists_cut ? " cut" : "");
		if (result == DECODE_POST) {
			read_rest(&post);
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
	struct buf fast[2] = {0}, alone = {0};

	read_all(bytes, false, false, &alone);
	buf_char(&alone, '\0');
	for (unsigned spare = 0; spare < 2; spare++) {
		read_all(bytes, true, spare, &fast[spare]);
		buf_char(&fast[spare], '\0');
		if (strcmp(fast[spare].data, alone.data) != 0)
			fail_msg("%s: with shapes:\n%salone:\n%sof:\n%.*s",
			    path, fast[spare].data, alone.data,
			    SLICE_ARG(bytes));
		buf_fini(&fast[spare]);
	}
	buf_fini(&alone);
}

#endif
