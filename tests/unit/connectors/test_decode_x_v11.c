/*
 * Goal: X v1.1 statuses become posts by the mapping of decode_x_v11.c.
 * Method: lines of our own, compared whole; every status of the captured
 * pages, cut out with the walker, decodes with id, time, author and reach.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

#include "connectors/json_walk.h"

static struct lines lines;

static void
expect(const char *text, const char *post)
{
	lines_expect(&lines, "auto", text, post);
	lines_expect(&lines, "x_v11", text, post);
}

#define HEAD \
	"{\"created_at\":\"Wed Jun 21 00:03:00 +0000 2026\",\"id\":19," \
	"\"id_str\":\"19\","
#define USER \
	"\"user\":{\"id\":5,\"id_str\":\"5\",\"name\":\"Ann\"," \
	"\"screen_name\":\"ann\",\"location\":null,\"verified\":true," \
	"\"followers_count\":20228,\"lang\":\"en\"}"
#define WHO \
	" author=\"5\" handle=\"ann\" name=\"Ann\" followers=20228"
#define URL " url=\"https://x.com/ann/status/19\""

static void
test_status(void **unused)
{
	(void)unused;
	expect(HEAD "\"text\":\"#a &amp; https://t.co/4\",\"source\":\"<a>\","
	    "\"in_reply_to_status_id_str\":null," USER ",\"place\":{"
	    "\"country_code\":\"FR\"},\"reply_count\":1,\"retweet_count\":2,"
	    "\"favorite_count\":3,\"entities\":{\"hashtags\":[{\"text\":"
	    "\"a\",\"indices\":[0,2]}],\"urls\":[{\"url\":\"https://t.co/4\","
	    "\"expanded_url\":\"https://e/\"},{\"url\":\"https://t.co/5\"}],"
	    "\"user_mentions\":[{\"screen_name\":\"bob\"}],\"symbols\":[]},"
	    "\"lang\":\"en\",\"timestamp_ms\":\"1782000180123\"}",
	    " id=\"19\" source=\"x\"" WHO " text=\"#a &amp; https://t.co/4\""
	    " lang=\"en\" ts=1782000180123 likes=3 reposts=2 replies=1" URL
	    " link=\"https://e/\" link=\"https://t.co/5\" tag=\"a\""
	    " mention=\"bob\" country=\"FR\" verified");
}

/* Media stand in entities, in extended_entities, or in neither. */
static void
test_media_and_to(void **unused)
{
	(void)unused;
	expect(HEAD "\"text\":\"x\",\"in_reply_to_status_id_str\":\"7\","
	    "\"in_reply_to_screen_name\":\"bob\",\"entities\":{\"media\":["
	    "{\"id\":1,\"type\":\"photo\"}]}}",
	    " id=\"19\" source=\"x\" kind=1 text=\"x\" ts=1782000180000"
	    " parent=\"7\" to=\"bob\" media");
	expect(HEAD "\"text\":\"x\",\"extended_entities\":{\"media\":[{}]}}",
	    " id=\"19\" source=\"x\" text=\"x\" ts=1782000180000 media");
	expect(HEAD "\"text\":\"x\",\"entities\":{\"media\":[]},"
	    "\"extended_entities\":null}",
	    " id=\"19\" source=\"x\" text=\"x\" ts=1782000180000");
}

static void
test_times_and_ids(void **unused)
{
	(void)unused;
	expect(HEAD "\"text\":\"x\",\"lang\":\"und\",\"user\":null}",
	    " id=\"19\" source=\"x\" text=\"x\" ts=1782000180000");
	lines_expect(&lines, "x_v11",
	    "{\"id\":7,\"text\":\"x\",\"user\":{\"id\":5}}",
	    " id=\"7\" source=\"x\" author=\"5\" text=\"x\"");
}

static void
test_longest_text(void **unused)
{
	(void)unused;
	expect(HEAD "\"full_text\":\"long\",\"text\":\"lo…\"}",
	    " id=\"19\" source=\"x\" text=\"long\" ts=1782000180000");
	expect(HEAD "\"extended_tweet\":{\"full_text\":\"longest\","
	    "\"entities\":{\"hashtags\":[{\"text\":\"b\"}]}},\"entities\":{"
	    "\"hashtags\":[{\"text\":\"a\"}]},\"text\":\"lo…\"}",
	    " id=\"19\" source=\"x\" text=\"longest\" ts=1782000180000"
	    " tag=\"b\"");
}

static void
test_kinds(void **unused)
{
	(void)unused;
	expect(HEAD "\"text\":\"RT @b: x\",\"retweeted_status\":{\"id_str\":"
	    "\"4\",\"text\":\"xyz\"},\"quoted_status_id_str\":\"6\"}",
	    " id=\"19\" source=\"x\" kind=2 text=\"RT @b: x\""
	    " ts=1782000180000 repost_of=\"4\" quote_of=\"6\"");
	expect(HEAD "\"text\":\"x\",\"in_reply_to_status_id_str\":\"3\"}",
	    " id=\"19\" source=\"x\" kind=1 text=\"x\" ts=1782000180000"
	    " parent=\"3\"");
	expect(HEAD "\"text\":\"x\",\"quoted_status_id_str\":\"6\"}",
	    " id=\"19\" source=\"x\" kind=3 text=\"x\" ts=1782000180000"
	    " quote_of=\"6\"");
}

static void
test_delete(void **unused)
{
	(void)unused;
	expect("{\"delete\":{\"status\":{\"id\":8,\"id_str\":\"8\","
	       "\"user_id\":3,\"user_id_str\":\"3\"},\"timestamp_ms\":"
	       "\"1782000180123\"}}",
	    " id=\"8\" source=\"x\" author=\"3\" ts=1782000180123 deleted");
	assert_int_equal(lines_one(&lines, "auto", "{\"delete\":{}}"),
	    DECODE_BAD_EMPTY);
	assert_int_equal(
	    lines_one(&lines, "auto", HEAD "\"text\":3}"), DECODE_BAD_FIELD);
}

static void
test_account(void **unused)
{
	static char text[] = HEAD "\"text\":\"a\",\"user\":{\"id_str\":\"5\","
				  "\"friends_count\":7,\"listed_count\":8,"
				  "\"statuses_count\":9}}";

	(void)unused;
	lines_begin(&lines, "x_v11", text, sizeof(text) - 1);
	assert_int_equal(lines_next(&lines), DECODE_POST);
	assert_int_equal(lines.post.following, 7);
	assert_int_equal(lines.post.listed, 8);
	assert_int_equal(lines.post.posts, 9);
}

/* One status, alone on its line, by both names of the format. */
static void
check_status(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	for (unsigned i = 0; i < 2; i++) {
		lines_begin(&lines, i == 0 ? "x_v11" : "auto", text, len);
		assert_int_equal(lines_next(&lines), DECODE_POST);
		assert_true(slice_is(lines.post.source, "x"));
		assert_non_null(lines.post.id.data);
		assert_non_null(lines.post.author_handle.data);
		assert_true(lines.post.ts_ms > INT64_C(1200000000000));
		assert_true(lines.post.followers != POST_UNKNOWN);
		assert_true(lines.post.following != POST_UNKNOWN);
		assert_true(lines.post.listed != POST_UNKNOWN);
		assert_true(lines.post.posts != POST_UNKNOWN);
	}
}

/* Each object of the array here. */
static unsigned
check_array(struct json_walk *w, char *bytes)
{
	unsigned count = 0;

	json_walk_open(w);
	while (json_walk_item(w)) {
		uint32_t from = json_walk_place(w);

		json_walk_skip(w);
		check_status(
		    bytes + from, w->places[w->at - 1] + 1 - from);
		count++;
	}
	assert_int_equal(w->result, DECODE_POST);
	return count;
}

/* A page: an array, or the array under some key of an object. */
static void
check_page(const char *name, unsigned statuses)
{
	char path[512], command[600];
	struct json_index *index;
	struct json_walk w = {0};
	struct buf bytes = {0};
	struct slice key;

	if (!lines_shared(name, path, sizeof(path))) {
		skip();
		return;
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	lines_command(command, &bytes);
	buf_reserve(&bytes, BATCH_PADDING);
	for (size_t i = 0; i < bytes.len; i++) /* one line, for the index */
		if (bytes.data[i] == '\n')
			bytes.data[i] = ' ';
	index = json_index_open(bytes.len);
	assert_int_equal(
	    json_index_run(index, bytes.data, bytes.len), JSON_INDEX_OK);
	w.scratch = malloc(bytes.len + 64);
	json_walk_over(&w, bytes.data, json_index_places(index));
	json_walk_start(&w, 0);
	if (json_walk_kind(&w) == JSON_ARRAY) {
		assert_int_equal(check_array(&w, bytes.data), statuses);
	} else {
		json_walk_open(&w);
		while (json_walk_key(&w, &key, JSON_KEY_ANY)) {
			if (json_walk_kind(&w) == JSON_ARRAY)
				assert_int_equal(
				    check_array(&w, bytes.data), statuses);
			else
				json_walk_skip(&w);
		}
	}
	assert_int_equal(json_walk_place(&w), bytes.len);
	json_index_close(index);
	free(w.scratch);
	buf_fini(&bytes);
}

static void
test_pages(void **unused)
{
	(void)unused;
	check_page("data/protocol/twitter_v11/premium_search_emoji.json.gz",
	    100);
	check_page("data/protocol/twitter_v11/premium_search_to.json.gz", 100);
	check_page("data/protocol/twitter_v11/search.json.gz", 3);
	check_page("data/protocol/twitter_v11/search_ja_100.json.gz", 100);
	check_page("data/protocol/twitter_v11/statuses.json.gz", 20);
}

static void
test_stream(void **unused)
{
	char path[512], command[600];
	struct buf bytes = {0};

	(void)unused;
	if (!lines_shared("data/protocol/twitter_v11/track_streaming.json.gz",
		path, sizeof(path))) {
		skip();
		return;
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	lines_command(command, &bytes);
	lines_begin(&lines, "auto", bytes.data, bytes.len);
	for (enum decode_result r; (r = lines_next(&lines)) != DECODE_END;)
		if (r != DECODE_BLANK)
			assert_int_equal(r, DECODE_POST);
	buf_fini(&bytes);
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
	    cmocka_unit_test(test_status),
	    cmocka_unit_test(test_account),
	    cmocka_unit_test(test_media_and_to),
	    cmocka_unit_test(test_times_and_ids),
	    cmocka_unit_test(test_longest_text),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_delete),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, close_lines);
}
