/*
 * Lines to posts, stage by stage, beside what bounds them.
 *
 *	floor/memcpy      no reader of bytes can be faster
 *	floor/newlines    no reader of lines can
 *	json/read         read() of a file in memory, 64 KiB at a time, and the
 *	                  search for the last newline of each
 *	json/index        where the structure is
 *	json/fields       index and fields: what a worker does for each batch
 *	json/fields/flat  the same of the lean posts in the house's own format
 *	peer/simdjson     its stream of documents, the fields that json/fields
 *	                  reads
 *	peer/simdjson-six     the same, of which only six: id, author, time,
 *	                  language, text, followers
 *	peer/simdjson-index   its first stage
 *
 * Reads the posts of the speed set (../shared/perf, packed) once, then works
 * batch by batch as a worker does.  Each turn is one pass over some megabytes.
 * Every batch is first copied to the same place, as read() leaves it there:
 * the copy is a part of the figures, of the peer's too, but not its cost of
 * asking the kernel (json/read).
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/json_peer.h"
#include "connectors/decode.h"
#include "connectors/json_index.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

#define INPUT_BYTES_MAX ((size_t)16 << 20)

struct input {
	const char *name;
	struct buf bytes;
	size_t posts;
};

static struct input lean = {.name = "posts-lean.ndjson.zst"};
static struct input fat = {.name = "posts-fat.ndjson.zst"};
static struct input flat;

void bench_decode_register(void);

/* The first lines of the packed file; false: it is not there. */
static bool
load(struct input *in)
{
	const char *shared = getenv("VIGIE_SHARED");
	char command[512];
	const char *end;
	size_t n;
	FILE *f;

	if (in->bytes.len > 0)
		return true;
	snprintf(command, sizeof(command), "zstd -dcq '%s/perf/%s' 2>/dev/null",
	    shared != NULL ? shared : "../shared", in->name);
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

static void
put_flat(struct buf *out, const struct post *post)
{
	char ts[24];

	clock_format(post->ts_ms, ts);
	buf_text(out, "{\"id\":");
	buf_json(out, post->id);
	buf_printf(out, ",\"source\":\"forum\",\"ts\":\"%s\",\"lang\":",
	    ts);
	buf_json(out, post->lang);
	buf_text(out, ",\"author\":{\"id\":");
	buf_json(out, post->author_id);
	buf_printf(out, ",\"followers\":%llu},\"likes\":3,\"text\":",
	    (unsigned long long)post->followers);
	buf_json(out, post->text);
	buf_text(out, "}\n");
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

/* All of ${in} is there and each turn works through it. */
static bool
start(struct bench_state *state, struct input *in)
{
	if (load(in))
		return true;
	bench_skip(state, "no posts in ../shared/perf");
	return false;
}

static void
finish(struct bench_state *state, const struct input *in)
{
	bench_items(state, in->posts);
	bench_bytes(state, in->bytes.len);
	REQUIRE(json_index_path("auto"));
}

/* The next batch, where the one before it was; its length, 0 at the end. */
static size_t
next_batch(const struct input *in, size_t *at, char *to)
{
	size_t end, len;

	if (*at == in->bytes.len)
		return 0;
	end = batch_end(in, *at);
	len = end - *at;
	memcpy(to, in->bytes.data + *at, len);
	*at = end;
	return len;
}

static char batch[BATCH_BYTES + 2 * BATCH_PADDING];

/* The lean posts once more, flat; false: they are not there. */
static bool
load_flat(void)
{
	struct decode_line line;
	struct post post;
	void *decoder;

	if (flat.posts > 0)
		return true;
	if (!load(&lean))
		return false;
	decoder = decode_auto.open();
	for (size_t at = 0, len; (len = next_batch(&lean, &at, batch)) > 0;) {
		decode_auto.begin(decoder, batch, len);
		while (decode_auto.next(decoder, &post, &line) == DECODE_POST) {
			put_flat(&flat.bytes, &post);
			flat.posts++;
		}
	}
	decode_auto.close(decoder);
	return true;
}

static void
fields(struct bench_state *state, struct input *in, const char *path,
    bool fast)
{
	struct decode_line line;
	struct post post;
	enum decode_result r;
	void *decoder;

	if (!start(state, in))
		return;
	if (!json_index_path(path)) {
		bench_skip(state, "not on this processor");
		return;
	}
	decoder = decode_auto.open();
	decode_set_fast(decoder, fast);
	while (bench_next(state)) {
		for (size_t at = 0, len;
		     (len = next_batch(in, &at, batch)) > 0;) {
			decode_auto.begin(decoder, batch, len);
			while ((r = decode_auto.next(decoder, &post, &line)) !=
			    DECODE_END) {
				REQUIRE(r == DECODE_POST);
				bench_keep(&post);
			}
		}
	}
	finish(state, in);
	decode_auto.close(decoder);
}

static void
index_of(struct bench_state *state, struct input *in, const char *path)
{
	struct json_index *index;

	if (!start(state, in))
		return;
	if (!json_index_path(path)) {
		bench_skip(state, "not on this processor");
		return;
	}
	index = json_index_open(BATCH_BYTES);
	while (bench_next(state)) {
		for (size_t at = 0, len;
		     (len = next_batch(in, &at, batch)) > 0;)
			REQUIRE(json_index_run(index, batch, len) ==
			    JSON_INDEX_OK);
	}
	finish(state, in);
	json_index_close(index);
}

static void
peer_index(struct bench_state *state, struct input *in)
{
	struct json_peer *peer;
	const uint32_t *places;
	uint32_t count;

	if (!start(state, in))
		return;
	peer = json_peer_open(BATCH_BYTES);
	while (bench_next(state)) {
		for (size_t at = 0, len;
		     (len = next_batch(in, &at, batch)) > 0;)
			REQUIRE(json_peer_index(peer, batch, len, &places,
				    &count) == JSON_INDEX_OK);
	}
	finish(state, in);
	json_peer_close(peer);
}

static void
peer_stream(struct bench_state *state, struct input *in, bool all)
{
	enum json_peer_fields what = in == &lean
	    ? all ? JSON_PEER_LEAN_ALL : JSON_PEER_LEAN
	    : all ? JSON_PEER_FAT_ALL : JSON_PEER_FAT;
	struct json_peer *peer;
	struct json_peer_sum sum = {0};
	size_t turns = 0;

	if (!start(state, in))
		return;
	peer = json_peer_open(BATCH_BYTES);
	while (bench_next(state)) {
		for (size_t at = 0, len;
		     (len = next_batch(in, &at, batch)) > 0;)
			REQUIRE(json_peer_read(
				    peer, what, batch, len, &sum) == 0);
		turns++;
	}
	REQUIRE(sum.posts == turns * in->posts);
	finish(state, in);
	json_peer_close(peer);
}

static void
read_lines(struct bench_state *state, struct input *in)
{
	char *to;
	int fd;

	if (!start(state, in))
		return;
	to = must_alloc(BATCH_BYTES);
	fd = memfd_create("posts", 0);
	REQUIRE(fd >= 0);
	REQUIRE(write(fd, in->bytes.data, in->bytes.len) ==
	    (ssize_t)in->bytes.len);
	while (bench_next(state)) {
		ssize_t n;

		REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
		while ((n = read(fd, to, BATCH_BYTES)) > 0)
			bench_keep(memrchr(to, '\n', (size_t)n));
	}
	finish(state, in);
	close(fd);
	free(to);
}

static void
floor_copy(struct bench_state *state, struct input *in)
{
	char *to;

	if (!start(state, in))
		return;
	to = must_alloc(in->bytes.len);
	while (bench_next(state)) {
		memcpy(to, in->bytes.data, in->bytes.len);
		bench_keep(to);
	}
	finish(state, in);
	free(to);
}

static void
floor_lines(struct bench_state *state, struct input *in)
{
	if (!start(state, in))
		return;
	while (bench_next(state)) {
		const char *p = in->bytes.data, *end = p + in->bytes.len;

		for (; p < end; p++) {
			p = memchr(p, '\n', (size_t)(end - p));
			bench_keep(p);
		}
	}
	finish(state, in);
}

/* BOTH(name, what, more arguments): bench_add wants one function each. */
#define BOTH(name, what, ...) \
	static void name##_lean(struct bench_state *state) \
	{ \
		what(state, &lean __VA_OPT__(,) __VA_ARGS__); \
	} \
	static void name##_fat(struct bench_state *state) \
	{ \
		what(state, &fat __VA_OPT__(,) __VA_ARGS__); \
	}

BOTH(copy, floor_copy)
BOTH(newlines, floor_lines)
BOTH(reads, read_lines)
BOTH(index, index_of, "auto")
BOTH(index_avx2, index_of, "avx2")
BOTH(index_plain, index_of, "plain")
BOTH(fields, fields, "auto", true)
BOTH(fields_avx2, fields, "avx2", true)
BOTH(fields_plain, fields, "plain", true)
BOTH(fields_alone, fields, "auto", false)
BOTH(stream, peer_stream, true)
BOTH(stream_six, peer_stream, false)
BOTH(first_stage, peer_index)

static void
fields_flat(struct bench_state *state)
{
	if (load_flat())
		fields(state, &flat, "auto", true);
	else
		bench_skip(state, "no posts in ../shared/perf");
}

#define ADD(name, title) \
	bench_add(title "/lean", name##_lean); \
	bench_add(title "/fat", name##_fat)

void
bench_decode_register(void)
{
	ADD(copy, "floor/memcpy");
	ADD(newlines, "floor/newlines");
	ADD(reads, "json/read");
	ADD(index, "json/index");
	ADD(index_avx2, "json/index/avx2");
	ADD(index_plain, "json/index/plain");
	ADD(first_stage, "peer/simdjson-index");
	ADD(fields, "json/fields");
	ADD(fields_avx2, "json/fields/avx2");
	ADD(fields_plain, "json/fields/plain");
	ADD(fields_alone, "json/fields/line-by-line");
	bench_add("json/fields/flat", fields_flat);
	ADD(stream, "peer/simdjson");
	ADD(stream_six, "peer/simdjson-six");
}
