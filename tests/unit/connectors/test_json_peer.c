/*
 * Goal: the index is that of simdjson, on every path: the same places, the
 * same refusals, whatever the bytes and wherever they are cut.
 * Method: lean and fat posts cut at random, random bytes drawn from what
 * matters (quotes, backslashes, marks, blanks, control characters, pieces of
 * UTF-8), all two-, three- and four-byte sequences at each place of a block.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

#include "bench/json_peer.h"
#include "engine/base/rand.h"

#define BYTES_MAX ((size_t)1 << 20)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROUNDS 4000u
#else
#define ROUNDS 40000u
#endif

static const char *const paths[] = {"avx512", "avx2", "plain"};
#define PATHS (sizeof(paths) / sizeof(paths[0]))

static struct json_index *own;
static struct json_peer *peer;
static char *copy;

static void
tell(const char *path, const char *what, const char *bytes, size_t len)
{
	struct buf out = {0};

	buf_json(&out, (struct slice){bytes, len < 400 ? len : 400});
	buf_char(&out, '\0');
	fail_msg("%s: %s: %s", path, what, out.data);
}

/* The bytes against the oracle, at the very end of their memory. */
static void
check(const char *text, size_t len)
{
	char *bytes = copy + BYTES_MAX - len;
	const struct json_places *p = json_index_places(own);
	const uint32_t *at;
	uint32_t count;
	enum json_index_result want;

	memcpy(bytes, text, len);
	want = json_peer_index(peer, bytes, len, &at, &count);
	for (unsigned i = 0; i < PATHS; i++) {
		uint32_t n = 0;

		if (!json_index_path(paths[i]))
			continue;
		if (json_index_run(own, bytes, len) != want)
			tell(paths[i], "another verdict", bytes, len);
		if (want != JSON_INDEX_OK)
			continue;
		for (uint32_t k = 0; k < p->count; k++) {
			if (p->kind[k] == JSON_END && bytes[p->at[k]] == '\n')
				continue;
			if (n == count || at[n] != p->at[k])
				tell(paths[i], "another place", bytes, len);
			n++;
		}
		if (n != count)
			tell(paths[i], "too few places", bytes, len);
	}
}

static void
check_posts(const char *name)
{
	char path[512], command[600];
	struct buf bytes = {0};
	struct rand r;

	if (!lines_shared(name, path, sizeof(path)))
		return;
	snprintf(command, sizeof(command),
	    "zstd -dcq '%s' | head -c 2000000", path);
	lines_command(command, &bytes);
	rand_seed(&r, 7);
	for (unsigned i = 0; i < ROUNDS / 100; i++) {
		size_t from = rand_below(&r, (uint32_t)bytes.len);
		size_t len = rand_below(&r, 1u << (4 + rand_below(&r, 13)));

		check(bytes.data + from,
		    len < bytes.len - from ? len : bytes.len - from);
	}
	check(bytes.data, BYTES_MAX);
	buf_fini(&bytes);
}

static void
test_posts(void **unused)
{
	(void)unused;
	check_posts("perf/posts-lean.ndjson.zst");
	check_posts("perf/posts-fat.ndjson.zst");
}

static void
test_random(void **unused)
{
	static const struct slice pieces[] = {SLICE("\""), SLICE("\\"),
	    SLICE("\\\""), SLICE("\\\\"), SLICE("\n"), SLICE(" "), SLICE("\t"),
	    SLICE("\r"), SLICE("\f"), SLICE("\x1a"), SLICE("\x01"),
	    SLICE("{"), SLICE("}"), SLICE("["), SLICE("]"), SLICE(","),
	    SLICE(":"), SLICE("1"), SLICE("true"), SLICE("x"), SLICE("\x7f"),
	    SLICE("\"text\":\"a\","), SLICE("\xc3\xa9"), SLICE("\xe2\x80\x99"),
	    SLICE("\xf0\x9f\x98\x80"), SLICE("\"\\u00e9\\n\""),
	    SLICE("a word of some length"), SLICE("                      ")};
	static const unsigned char broken[] = {0x80, 0xbf, 0xc0, 0xc1, 0xc2,
	    0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x00};
	struct buf text = {0};
	struct rand r;

	(void)unused;
	rand_seed(&r, 2010);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned kinds = 1 + rand_below(&r, 28);
		size_t len = rand_below(&r, i % 8 == 0 ? 700 : 150);

		buf_clear(&text);
		while (text.len < len) {
			buf_slice_put(&text, pieces[rand_below(&r, kinds)]);
			if (i % 16 == 15 && rand_below(&r, 40) == 0)
				buf_char(&text, (char)broken[rand_below(
				    &r, sizeof(broken))]);
		}
		check(text.data, text.len);
		if (text.len > 0)
			check(text.data, rand_below(&r, (uint32_t)text.len));
	}
	buf_fini(&text);
}

/* Each sequence of bytes beyond ASCII that can go wrong in its own way, at
 * places around the end of a block and at the end of the bytes. */
static void
test_utf8(void **unused)
{
	static const unsigned char first[] = {0x7f, 0x80, 0x8f, 0x90, 0x9f,
	    0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
	    0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
	const unsigned n = sizeof(first);
	char text[72];

	(void)unused;
	for (unsigned i = 0; i < n * n * n * n; i += ROUNDS < 10000 ? 13 : 1) {
		unsigned at = 58 + i % 7;

		memset(text, 'a', sizeof(text));
		text[at] = (char)first[i % n];
		text[at + 1] = (char)first[i / n % n];
		text[at + 2] = (char)first[i / n / n % n];
		text[at + 3] = (char)first[i / n / n / n];
		check(text, sizeof(text));
		if (i % 3 == 0)
			check(text, at + 2 + i % 2);
	}
}

static int
open_all(void **unused)
{
	(void)unused;
	own = json_index_open(BYTES_MAX);
	peer = json_peer_open(BYTES_MAX);
	copy = malloc(BYTES_MAX);
	assert_non_null(copy);
	return 0;
}

static int
close_all(void **unused)
{
	(void)unused;
	json_index_close(own);
	json_peer_close(peer);
	free(copy);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_posts),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
