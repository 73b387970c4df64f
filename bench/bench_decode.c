/*
 * Lines to posts: the decoders on lean and fat posts, and their first stage.
 *
 * Reads the posts of the speed set (../shared/perf, packed) once, then
 * decodes them batch by batch as a worker does.  Each turn is one pass over
 * some megabytes, so the bytes come from memory, not from the cache.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "connectors/decode.h"
#include "connectors/json_index.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

#define INPUT_BYTES_MAX ((size_t)16 << 20)

struct input {
	struct buf bytes;
	size_t posts;
};

void bench_decode_register(void);

/* The first lines of a packed file; false: it is not there. */
static bool
load(struct input *in, const char *name)
{
	const char *shared = getenv("VIGIE_SHARED");
	char command[512];
	const char *end;
	size_t n;
	FILE *f;

	if (in->bytes.len > 0)
		return true;
	snprintf(command, sizeof(command), "zstd -dcq '%s/perf/%s' 2>/dev/null",
	    shared != NULL ? shared : "../shared", name);
	f = popen(command, "r");
	REQUIRE(f != NULL);
	buf_reserve(&in->bytes, INPUT_BYTES_MAX + BATCH_PADDING);
	n = fread(in->bytes.data, 1, INPUT_BYTES_MAX, f);
	pclose(f);
	end = n == 0 ? NULL : memrchr(in->bytes.data, '\n', n);
	if (end == NULL)
		return false;
	in->bytes.len = (size_t)(end + 1 - in->bytes.data);
	for (const char *p = in->bytes.data; p < end + 1; in->posts++)
		p = (const char *)memchr(p, '\n', (size_t)(end + 1 - p)) + 1;
	return true;
}

/* The end of the batch that begins at ${at}. */
static size_t
batch_end(const struct input *in, size_t at)
{
	const char *p = in->bytes.data + at;
	size_t left = in->bytes.len - at;

	if (left <= BATCH_BYTES)
		return in->bytes.len;
	return (size_t)((const char *)memrchr(p, '\n', BATCH_BYTES) + 1 -
	    in->bytes.data);
}

static void
decode(struct bench_state *state, struct input *in, const char *name,
    bool fast)
{
	void *decoder = decode_auto.open();
	struct decode_line line;
	struct post post;
	enum decode_result r;

	if (!load(in, name)) {
		bench_skip(state, "no posts in ../shared/perf");
		decode_auto.close(decoder);
		return;
	}
	decode_set_fast(decoder, fast);
	while (bench_next(state)) {
		for (size_t at = 0, end; at < in->bytes.len; at = end) {
			end = batch_end(in, at);
			decode_auto.begin(
			    decoder, in->bytes.data + at, end - at);
			while ((r = decode_auto.next(decoder, &post, &line)) !=
			    DECODE_END) {
				REQUIRE(r == DECODE_POST);
				bench_keep(&post);
			}
		}
	}
	bench_items(state, in->posts);
	bench_bytes(state, in->bytes.len);
	decode_auto.close(decoder);
}

static struct input lean, fat;

static void
decode_lean(struct bench_state *state)
{
	decode(state, &lean, "posts-lean.ndjson.zst", true);
}

static void
decode_lean_alone(struct bench_state *state)
{
	decode(state, &lean, "posts-lean.ndjson.zst", false);
}

static void
decode_fat(struct bench_state *state)
{
	decode(state, &fat, "posts-fat.ndjson.zst", true);
}

static void
index_of(struct bench_state *state, struct input *in, const char *name)
{
	struct json_index *index = json_index_open(BATCH_BYTES);

	if (!load(in, name)) {
		bench_skip(state, "no posts in ../shared/perf");
		json_index_close(index);
		return;
	}
	while (bench_next(state)) {
		for (size_t at = 0, end; at < in->bytes.len; at = end) {
			end = batch_end(in, at);
			REQUIRE(json_index_run(index, in->bytes.data + at,
				    end - at) == JSON_INDEX_OK);
		}
	}
	bench_items(state, in->posts);
	bench_bytes(state, in->bytes.len);
	json_index_close(index);
}

static void
index_lean(struct bench_state *state)
{
	index_of(state, &lean, "posts-lean.ndjson.zst");
}

static void
index_fat(struct bench_state *state)
{
	index_of(state, &fat, "posts-fat.ndjson.zst");
}

/* What no reader of lines can be faster than, in this very run. */
static void
floor_copy(struct bench_state *state)
{
	char *to;

	if (!load(&lean, "posts-lean.ndjson.zst")) {
		bench_skip(state, "no posts in ../shared/perf");
		return;
	}
	to = must_alloc(lean.bytes.len);
	while (bench_next(state)) {
		memcpy(to, lean.bytes.data, lean.bytes.len);
		bench_keep(to);
	}
	bench_items(state, lean.posts);
	bench_bytes(state, lean.bytes.len);
	free(to);
}

static void
floor_lines(struct bench_state *state)
{
	if (!load(&lean, "posts-lean.ndjson.zst")) {
		bench_skip(state, "no posts in ../shared/perf");
		return;
	}
	while (bench_next(state)) {
		const char *p = lean.bytes.data, *end = p + lean.bytes.len;

		for (; p < end; p++) {
			p = memchr(p, '\n', (size_t)(end - p));
			bench_keep(p);
		}
	}
	bench_items(state, lean.posts);
	bench_bytes(state, lean.bytes.len);
}

void
bench_decode_register(void)
{
	bench_add("floor/memcpy/lean", floor_copy);
	bench_add("floor/newlines/lean", floor_lines);
	bench_add("json/index/lean", index_lean);
	bench_add("json/index/fat", index_fat);
	bench_add("json/decode/lean", decode_lean);
	bench_add("json/decode/lean-line-by-line", decode_lean_alone);
	bench_add("json/decode/fat", decode_fat);
}
