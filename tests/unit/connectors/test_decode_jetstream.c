/*
 * Goal: Jetstream v1 events become posts by the mapping of
 * decode_jetstream.c, in any order of keys; what is no post is skipped.
 * Method: lines of our own, compared whole, and the captures of a relay.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

#define HEAD "{\"did\":\"did:plc:a\",\"time_us\":1783175888112407,"
#define POST_NAMES \
	" id=\"at://did:plc:a/app.bsky.feed.post/k\" source=\"bluesky\""
#define URL " url=\"https://bsky.app/profile/did:plc:a/post/k\""
#define COMMIT(operation) \
	"\"kind\":\"commit\",\"commit\":{\"rev\":\"r\",\"operation\":\"" \
	operation "\",\"collection\":\"app.bsky.feed.post\",\"rkey\":\"k\""

static struct lines lines;

static void
expect(const char *text, const char *post)
{
	lines_expect(&lines, "auto", text, post);
	lines_expect(&lines, "jetstream", text, post);
}

static void
expect_skip(const char *text)
{
	assert_int_equal(lines_one(&lines, "auto", text), DECODE_SKIP);
	assert_int_equal(lines_one(&lines, "jetstream", text), DECODE_SKIP);
}

static void
test_post(void **unused)
{
	(void)unused;
	expect(HEAD COMMIT("create") ",\"record\":{\"$type\":"
	    "\"app.bsky.feed.post\",\"createdAt\":\"2026-07-04T14:38:07.500Z\","
	    "\"langs\":[\"fr\",\"en\"],\"text\":\"d\\u00e9but\"},"
	    "\"cid\":\"c\"},\"followers\":1019}",
	    POST_NAMES " author=\"did:plc:a\" followers=1019"
	    " text=\"d\xc3\xa9" "but\" lang=\"fr\" ts=1783175887500"
	    " seen=1783175888112" URL);
}

static void
test_reply_and_quote(void **unused)
{
	(void)unused;
	expect(HEAD COMMIT("create") ",\"record\":{\"text\":\"x\",\"reply\":{"
	    "\"root\":{\"uri\":\"at://r\",\"cid\":\"c\"},"
	    "\"parent\":{\"cid\":\"c\",\"uri\":\"at://p\"}}}}}",
	    POST_NAMES " kind=1 author=\"did:plc:a\" text=\"x\""
	    " ts=1783175888112 seen=1783175888112 parent=\"at://p\""
	    " root=\"at://r\"" URL);
	expect(HEAD COMMIT("create") ",\"record\":{\"text\":\"x\",\"embed\":{"
	    "\"$type\":\"app.bsky.embed.record\","
	    "\"record\":{\"cid\":\"c\",\"uri\":\"at://q\"}}}}}",
	    POST_NAMES " kind=3 author=\"did:plc:a\" text=\"x\""
	    " ts=1783175888112 seen=1783175888112 quote_of=\"at://q\"" URL);
	expect(HEAD COMMIT("create") ",\"record\":{\"text\":\"x\",\"embed\":{"
	    "\"media\":{\"external\":{\"uri\":\"http://m\"}},"
	    "\"record\":{\"record\":{\"uri\":\"at://q\"}}}}}}",
	    POST_NAMES " kind=3 author=\"did:plc:a\" text=\"x\""
	    " ts=1783175888112 seen=1783175888112 quote_of=\"at://q\"" URL
	    " link=\"http://m\"");
	expect(HEAD COMMIT("create") ",\"record\":{\"text\":\"x\",\"reply\":{"
	    "\"parent\":{\"uri\":\"at://did:plc:b/app.bsky.feed.post/k\"}},"
	    "\"embed\":{\"images\":[{\"alt\":\"\"}]}}}}",
	    POST_NAMES " kind=1 author=\"did:plc:a\" text=\"x\""
	    " ts=1783175888112 seen=1783175888112"
	    " parent=\"at://did:plc:b/app.bsky.feed.post/k\"" URL
	    " to=\"did:plc:b\" media");
}

static void
test_facets(void **unused)
{
	(void)unused;
	expect(HEAD COMMIT("create") ",\"record\":{\"text\":\"x\",\"tags\":["
	    "\"t0\"],\"facets\":[{\"features\":[{\"$type\":\"f#link\","
	    "\"uri\":\"http://l\"},{\"tag\":\"t1\"}],\"index\":{}},"
	    "{\"features\":[{\"did\":\"did:plc:m\"}]},7],\"embed\":{"
	    "\"external\":{\"uri\":\"http://e\",\"title\":\"T\"}}}}}",
	    POST_NAMES " author=\"did:plc:a\" text=\"x\" ts=1783175888112"
	    " seen=1783175888112" URL " link=\"http://l\" link=\"http://e\""
	    " tag=\"t0\" tag=\"t1\" mention=\"did:plc:m\"");
}

static void
test_update_and_delete(void **unused)
{
	(void)unused;
	expect(HEAD COMMIT("update") ",\"record\":{\"text\":\"x\"}}}",
	    POST_NAMES " author=\"did:plc:a\" text=\"x\" ts=1783175888112"
	    " seen=1783175888112" URL " edited");
	expect(HEAD COMMIT("delete") "}}",
	    POST_NAMES " author=\"did:plc:a\" ts=1783175888112"
	    " seen=1783175888112 deleted");
}

/* The record in front of everything that says what it is. */
static void
test_other_order(void **unused)
{
	(void)unused;
	expect("{\"followers\":3,\"commit\":{\"record\":{\"langs\":[\"en\"],"
	       "\"text\":\"a\\tb\"},\"rkey\":\"k\",\"collection\":"
	       "\"app.bsky.feed.post\",\"operation\":\"create\"},"
	       "\"time_us\":1783175888112407,\"did\":\"did:plc:a\"}",
	    POST_NAMES " author=\"did:plc:a\" followers=3 text=\"a\\tb\""
	    " lang=\"en\" ts=1783175888112 seen=1783175888112" URL);
	expect(HEAD "\"followers\":3," COMMIT("create")
	    ",\"record\":{\"text\":\"a\",\"langs\":[\"en\"]},"
	    "\"record\":{\"text\":\"b\"}}}",
	    POST_NAMES " author=\"did:plc:a\" followers=3 text=\"b\""
	    " ts=1783175888112 seen=1783175888112" URL);
}

static void
test_skipped(void **unused)
{
	(void)unused;
	expect_skip(HEAD "\"kind\":\"identity\",\"identity\":{}}");
	expect_skip(HEAD "\"kind\":\"account\",\"account\":{\"text\":\"x\"}}");
	expect_skip(HEAD "\"kind\":\"commit\",\"commit\":{\"operation\":"
	    "\"create\",\"collection\":\"app.bsky.feed.like\",\"rkey\":\"k\","
	    "\"record\":{\"text\":5}}}");
	expect_skip(HEAD "\"kind\":\"commit\",\"commit\":{\"operation\":"
	    "\"create\",\"collection\":\"app.bsky.feed.repost\",\"rkey\":"
	    "\"k\",\"record\":{\"subject\":{\"uri\":\"at://o\"}}}}");
	expect_skip(HEAD COMMIT("forget") "}}");
}

static void
test_bad(void **unused)
{
	(void)unused;
	assert_int_equal(lines_one(&lines, "auto", HEAD COMMIT("create")
	    ",\"record\":{\"text\":5}}}"), DECODE_BAD_FIELD);
	assert_int_equal(lines_one(&lines, "auto", HEAD COMMIT("create")
	    ",\"record\":{\"langs\":[]}}}"), DECODE_BAD_EMPTY);
	assert_int_equal(lines_one(&lines, "auto", HEAD COMMIT("create")
	    ",\"record\":{\"text\":\"x\"}}"), DECODE_BAD_JSON);
	assert_int_equal(lines_one(&lines, "jetstream", "{}"), DECODE_SKIP);
}

/* Every line of a capture is a post, or no post: none is bad. */
static void
check_capture(const char *name, unsigned posts, unsigned others)
{
	char path[512], command[600];
	struct buf bytes = {0};
	enum decode_result result;

	if (!lines_shared(name, path, sizeof(path))) {
		skip();
		return;
	}
	snprintf(command, sizeof(command), "cat '%s'", path);
	lines_command(command, &bytes);
	lines_begin(&lines, "auto", bytes.data, bytes.len);
	while ((result = lines_next(&lines)) != DECODE_END) {
		if (result == DECODE_SKIP) {
			others--;
			continue;
		}
		assert_int_equal(result, DECODE_POST);
		assert_non_null(lines.post.id.data);
		assert_true(lines.post.ts_ms > INT64_C(1700000000000));
		assert_true(lines.post.seen_ms >= lines.post.ts_ms - 86400000);
		posts--;
	}
	assert_int_equal(posts, 0);
	assert_int_equal(others, 0);
	buf_fini(&bytes);
}

static void
test_captures(void **unused)
{
	(void)unused;
	check_capture("data/protocol/bluesky_jetstream_2026-07-04.jsonl", 18,
	    134);
	check_capture("data/protocol/bluesky_jetstream_kinds.jsonl", 1, 9);
}

static int
close_lines(void **unused)
{
	(void)unused;
	lines_end(&lines);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_post),
	    cmocka_unit_test(test_reply_and_quote),
	    cmocka_unit_test(test_facets),
	    cmocka_unit_test(test_update_and_delete),
	    cmocka_unit_test(test_other_order),
	    cmocka_unit_test(test_skipped),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, close_lines);
}
