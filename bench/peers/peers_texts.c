/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peers/peers_texts.h"

#include <stdio.h>
#include <stdlib.h>

#include "connectors/decode.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

/* A copy without the room that a working struct text has. */
static struct text
pack(const struct text *t)
{
	struct text view = *t;
	char *bytes = must_alloc(t->len + 2 * TEXT_PADDING);
	uint32_t *at = must_alloc(2 * sizeof(*at) * (t->tokens + 1ul));

	memset(bytes, 0, t->len + 2 * TEXT_PADDING);
	memcpy(bytes + TEXT_PADDING, t->bytes, t->len);
	memcpy(at, t->at, sizeof(*at) * t->tokens);
	memcpy(at + t->tokens, t->end, sizeof(*at) * t->tokens);
	view.bytes = bytes + TEXT_PADDING;
	view.at = at;
	view.end = at + t->tokens;
	return view;
}

static void
add(struct peers_texts *out, struct text *folder, const struct post *post)
{
	char *raw = must_alloc(post->text.len + 1);

	memcpy(raw, post->text.data, post->text.len);
	text_fold(folder, SLICE_NONE, post->text, TEXT_POST);
	post_clear(&out->posts[out->count]);
	out->posts[out->count].text = (struct slice){raw, post->text.len};
	out->texts[out->count++] = pack(folder);
	out->bytes += folder->len;
}

/* Whole lines of up to BATCH_BYTES from ${at} on. */
static size_t
part_end(const struct buf *all, size_t at)
{
	const char *last;

	if (all->len - at <= BATCH_BYTES)
		return all->len;
	last = memrchr(all->data + at, '\n', BATCH_BYTES);
	return last == NULL ? all->len : (size_t)(last + 1 - all->data);
}

static void
read_posts(struct peers_texts *out, const struct buf *all, uint32_t max)
{
	void *decoder = decode_auto.open();
	struct decode_line line;
	struct text folder;
	struct post post;
	enum decode_result got;

	text_init(&folder);
	for (size_t at = 0, end; at < all->len && out->count < max; at = end) {
		end = part_end(all, at);
		decode_auto.begin(decoder, all->data + at, end - at);
		while (out->count < max && (got = decode_auto.next(decoder,
						&post, &line)) != DECODE_END)
			if (got == DECODE_POST)
				add(out, &folder, &post);
	}
	text_fini(&folder);
	decode_auto.close(decoder);
}

struct peers_texts *
peers_texts_read(const char *path, uint32_t max)
{
	struct peers_texts *out = must_alloc(sizeof(*out));
	struct buf all = {0};
	FILE *file = fopen(path, "r");
	size_t n, want = (size_t)max * 4096;

	if (file == NULL) {
		perror(path);
		free(out);
		return NULL;
	}
	memset(out, 0, sizeof(*out));
	out->texts = must_alloc(sizeof(*out->texts) * max);
	out->posts = must_alloc(sizeof(*out->posts) * max);
	do {
		n = fread(buf_reserve(&all, 1 << 20), 1, 1 << 20, file);
		all.len += n;
	} while (n > 0 && all.len < want);
	fclose(file);
	while (all.len > 0 && all.data[all.len - 1] != '\n')
		all.len--;
	buf_reserve(&all, BATCH_PADDING);
	read_posts(out, &all, max);
	buf_fini(&all);
	return out;
}

void
peers_texts_free(struct peers_texts *t)
{
	if (t == NULL)
		return;
	for (uint32_t i = 0; i < t->count; i++) {
		free(t->texts[i].bytes - TEXT_PADDING);
		free(t->texts[i].at);
		free((char *)(uintptr_t)t->posts[i].text.data);
	}
	free(t->texts);
	free(t->posts);
	free(t);
}
