/*
 * Decoding from memory, for the tests of the decoders.
 *
 * Copies what it is given before as many padding bytes as a batch has, so
 * that the sanitizers see any byte read further.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_DECODE_LINES_H
#define TESTS_DECODE_LINES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>

#include <cmocka.h>

#include "connectors/decode.h"
#include "engine/base/buf.h"

struct lines {
	const struct decoder *decoder;
	void *state;
	char *bytes;
	struct post post;
	struct decode_line line;
};

static inline void
lines_begin(struct lines *l, const char *name, const char *text, size_t len)
{
	l->decoder = decode_find(name);
	assert_non_null(l->decoder);
	if (l->state == NULL)
		l->state = l->decoder->open();
	free(l->bytes);
	l->bytes = malloc(len + BATCH_PADDING);
	assert_non_null(l->bytes);
	memcpy(l->bytes, text, len);
	memset(l->bytes + len, '"', BATCH_PADDING);
	l->decoder->begin(l->state, l->bytes, len);
}

static inline enum decode_result
lines_next(struct lines *l)
{
	return l->decoder->next(l->state, &l->post, &l->line);
}

/* The verdict on one line by itself; the post is in l->post. */
static inline enum decode_result
lines_one(struct lines *l, const char *name, const char *text)
{
	enum decode_result result;

	lines_begin(l, name, text, strlen(text));
	result = lines_next(l);
	assert_int_equal(lines_next(l), DECODE_END);
	return result;
}

static inline void
lines_end(struct lines *l)
{
	if (l->state != NULL)
		l->decoder->close(l->state);
	free(l->bytes);
	*l = (struct lines){0};
}

static inline void
lines_put_slice(struct buf *out, const char *name, struct slice s)
{
	if (s.data == NULL)
		return;
	buf_printf(out, " %s=", name);
	buf_json(out, s);
}

static inline void
lines_put_list(struct buf *out, const char *name, const struct post_list *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		lines_put_slice(out, name, l->items[i]);
}

static inline void
lines_put_number(struct buf *out, const char *name, uint64_t v)
{
	if (v != POST_UNKNOWN)
		buf_printf(out, " %s=%llu", name, (unsigned long long)v);
}

/* All that is known of a post, in one line. */
static inline void
lines_put_post(struct buf *out, const struct post *p)
{
	lines_put_slice(out, "id", p->id);
	lines_put_slice(out, "source", p->source);
	if (p->kind != POST_POST)
		buf_printf(out, " kind=%d", (int)p->kind);
	lines_put_slice(out, "author", p->author_id);
	lines_put_slice(out, "handle", p->author_handle);
	lines_put_slice(out, "name", p->author_name);
	lines_put_number(out, "followers", p->followers);
	lines_put_slice(out, "title", p->title);
	lines_put_slice(out, "text", p->text);
	lines_put_slice(out, "lang", p->lang);
	if (p->ts_ms != TIME_NONE)
		buf_printf(out, " ts=%lld", (long long)p->ts_ms);
	if (p->seen_ms != TIME_NONE)
		buf_printf(out, " seen=%lld", (long long)p->seen_ms);
	lines_put_number(out, "reach", p->reach);
	lines_put_number(out, "likes", p->likes);
	lines_put_number(out, "reposts", p->reposts);
	lines_put_number(out, "replies", p->replies);
	lines_put_number(out, "views", p->views);
	lines_put_slice(out, "parent", p->parent_id);
	lines_put_slice(out, "root", p->root_id);
	lines_put_slice(out, "repost_of", p->repost_of);
	lines_put_slice(out, "quote_of", p->quote_of);
	lines_put_slice(out, "url", p->url);
	lines_put_list(out, "link", &p->links);
	lines_put_list(out, "tag", &p->tags);
	lines_put_list(out, "mention", &p->mentions);
	lines_put_slice(out, "country", p->country);
	lines_put_slice(out, "channel", p->channel);
	lines_put_slice(out, "to", p->to);
	buf_printf(out, "%s%s%s%s", p->verified ? " verified" : "",
	    p->edited ? " edited" : "", p->deleted ? " deleted" : "",
	    p->media ? " media" : "");
}

/* Decode one line and compare all of the post. */
static inline void
lines_expect(
    struct lines *l, const char *name, const char *text, const char *post)
{
	struct buf out = {0};
	enum decode_result result = lines_one(l, name, text);

	if (result != DECODE_POST)
		fail_msg("%s: result %d: %s", text, (int)result,
		    l->line.reason);
	lines_put_post(&out, &l->post);
	buf_char(&out, '\0');
	assert_string_equal(out.data, post);
	buf_fini(&out);
}

/* Where the shared data are, or NULL with a line that says so. */
static inline const char *
lines_shared(const char *path, char *room, size_t bytes)
{
	const char *shared = getenv("VIGIE_SHARED");
	FILE *f;

	snprintf(room, bytes, "%s/%s", shared != NULL ? shared : "../shared",
	    path);
	f = fopen(room, "r");
	if (f == NULL) {
		printf("skipped: no %s\n", room);
		return NULL;
	}
	fclose(f);
	return room;
}

/* All that a command prints. */
static inline void
lines_command(const char *command, struct buf *out)
{
	FILE *f = popen(command, "r");
	size_t n;

	assert_non_null(f);
	do {
		n = fread(buf_reserve(out, 65536), 1, 65536, f);
		out->len += n;
	} while (n > 0);
	assert_int_equal(pclose(f), 0);
}

#endif
