/*
 * Goal: a line of a known shape gives the same verdict and the same post as
 * the walk over the line alone, whatever is changed in it; known shapes are
 * used, and what must not be learned is not.
 * Method: lines of all formats with every field, lists of random length and
 * values of random sorts, repeated so that they are learned, then with bytes
 * changed, keys renamed, parts cut out or doubled; each batch is read with
 * shapes and line by line, on all paths.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_both.h"

#include "engine/base/cpu.h"

#define COPIES 16u

static void
put_value(struct rand *r, struct buf *out)
{
	static const char *const values[] = {"\"w\"", "\"\"", "null", "1",
	    "\"a\\u00e9\\n\"", "true", "false", "\"17\"", "\"caf\xc3\xa9\"",
	    "12345678", "123456789012", "\"a longer word than the others\"",
	    "\"@w\""};

	/* Mostly strings, or few posts would be good ones. */
	buf_text(out, values[rand_below(r, 3) ? rand_below(r, 2)
					      : rand_below(r, 13)]);
}

static void
put_member(struct rand *r, struct buf *out, const char *name)
{
	if (rand_below(r, 12) == 0)
		return; /* left out */
	if (out->data[out->len - 1] != '{')
		buf_char(out, ',');
	buf_printf(out, "\"%s\":", name);
	put_value(r, out);
}

static void
put_members(struct rand *r, struct buf *out, const char *const *names)
{
	for (; *names != NULL; names++)
		put_member(r, out, *names);
}

static void
put_items(struct rand *r, struct buf *out, const char *name,
    const char *const *names)
{
	unsigned n = rand_below(r, 4);

	buf_printf(out, "%s\"%s\":[",
	    out->data[out->len - 1] == '{' ? "" : ",", name);
	for (unsigned i = 0; i < n; i++) {
		buf_text(out, i > 0 ? ",{" : "{");
		put_members(r, out, names);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void
put_event(struct rand *r, struct buf *out)
{
	static const char *const record[] = {"$type", "createdAt", "extra",
	    NULL};
	static const char *const feature[] = {"$type", "uri", "tag", "did",
	    NULL};
	static const char *const ref[] = {"cid", "uri", NULL};

	buf_printf(out, "{\"did\":\"did:plc:%u\",\"time_us\":178200058480%04u,"
	    "\"kind\":\"commit\",\"commit\":{\"rev\":\"x\","
	    "\"operation\":\"%s\","
	    "\"collection\":\"app.bsky.feed.%s\",\"rkey\":\"k%u\",\"record\":{",
	    rand_below(r, 99), rand_below(r, 9999),
	    rand_below(r, 9) ? "create" : "update",
	    rand_below(r, 9) ? "post" : "like", rand_below(r, 9));
	put_members(r, out, record);
	buf_printf(out, "%s\"text\":\"t%u \xe2\x80\x99\\u00e9\","
	    "\"langs\":[\"fr\",\"en\"]",
	    out->data[out->len - 1] == '{' ? "" : ",", rand_below(r, 99));
	if (rand_below(r, 2)) {
		buf_text(out, ",\"reply\":{\"parent\":{");
		put_members(r, out, ref);
		buf_text(out, "},\"root\":{");
		put_members(r, out, ref);
		buf_text(out, "}}");
	}
	if (rand_below(r, 2)) {
		buf_text(out, ",\"facets\":[{\"index\":{\"byteEnd\":3}");
		put_items(r, out, "features", feature);
		buf_text(out, "}]");
	}
	if (rand_below(r, 2)) {
		static const char *const embeds[] = {"external", "record",
		    "images", "media", "video"};

		buf_printf(out, ",\"embed\":{\"%s\":{",
		    embeds[rand_below(r, 5)]);
		put_members(r, out, ref);
		buf_text(out, "}}");
	}
	buf_text(out, "}}");
	put_member(r, out, "followers");
	buf_char(out, '}');
}

static void
put_status(struct rand *r, struct buf *out)
{
	static const char *const first[] = {"created_at", "id", "id_str",
	    "source", "in_reply_to_status_id", "in_reply_to_status_id_str",
	    "in_reply_to_screen_name", NULL};
	static const char *const user[] = {"id", "id_str", "name",
	    "screen_name", "verified", "followers_count", "friends_count",
	    "profile_background_image_url_https", "listed_count",
	    "statuses_count", "favourites_count", NULL};
	static const char *const last[] = {"place", "reply_count",
	    "retweet_count", "favorite_count", "favorited",
	    "quoted_status_id_str", "lang", "timestamp_ms", NULL};
	static const char *const hashtag[] = {"text", "indices", NULL};
	static const char *const url[] = {"url", "expanded_url",
	    "display_url", NULL};
	static const char *const mention[] = {"screen_name", "name", "id_str",
	    NULL};

	buf_printf(out, "{\"text\":\"t%u \\ud83d\\ude00\"", rand_below(r, 99));
	put_members(r, out, first);
	buf_text(out, ",\"user\":{");
	put_members(r, out, user);
	buf_text(out, "},\"entities\":{");
	put_items(r, out, "hashtags", hashtag);
	put_items(r, out, "urls", url);
	put_items(r, out, "user_mentions", mention);
	buf_text(out, "}");
	put_members(r, out, last);
	if (rand_below(r, 4) == 0)
		buf_text(out, ",\"extended_tweet\":{\"full_text\":\"long\"}");
	if (rand_below(r, 4) == 0)
		buf_text(out, ",\"retweeted_status\":{\"id_str\":\"9\"}");
	buf_char(out, '}');
}

/* A plain author or an object, lists or one word of them. */
static void
put_flat(struct rand *r, struct buf *out)
{
	static const char *const first[] = {"id", "source", "ts", "seen",
	    "title", "lang", "url", "to", "extra", NULL};
	static const char *const account[] = {"id", "handle", "name",
	    "followers", "verified", "following", "listed", "posts",
	    "created", NULL};
	static const char *const last[] = {"likes", "reposts", "replies",
	    "views", "reach", "rating", "country", "channel", "region",
	    "sentiment", "root_id", "parent_id", "repost_of", "quote_of",
	    "edited", "deleted", "followers", NULL};
	static const char *const lists[] = {"tags", "links", "mentions",
	    "media"};
	static const char *const kinds[] = {"post", "reply", "review",
	    "@other"};

	buf_printf(out, "{\"text\":\"t%u \\u00e9\"", rand_below(r, 99));
	put_members(r, out, first);
	for (unsigned i = 0; i < 4; i++) {
		if (rand_below(r, 3) == 0) {
			put_member(r, out, lists[i]);
			continue;
		}
		buf_printf(out, ",\"%s\":[", lists[i]);
		for (unsigned n = rand_below(r, 4); n > 0; n--) {
			put_value(r, out);
			buf_text(out, n > 1 ? "," : "");
		}
		buf_char(out, ']');
	}
	buf_printf(out, ",\"kind\":\"%s\"", kinds[rand_below(r, 4)]);
	if (rand_below(r, 2)) {
		buf_printf(out, ",\"author\":{\"handle\":\"@h%u\"",
		    rand_below(r, 9));
		put_members(r, out, account);
		buf_char(out, '}');
	} else {
		buf_printf(out, ",\"author\":%s", rand_below(r, 2)
			? "\"@who\"" : "17");
	}
	put_members(r, out, last);
	if (rand_below(r, 9) == 0)
		put_member(r, out, "kind"); /* twice */
	buf_char(out, '}');
}

/* Line by line through one state, so that shapes of other rounds are there. */
static void
rounds(const char *path, void (*put)(struct rand *r, struct buf *out))
{
	struct buf bytes = {0};
	uint64_t known;
	struct rand r;

	rand_seed(&r, 1848);
	assert_true(cpu_limit(path));
	state = decode_auto.open();
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len;

		buf_clear(&bytes);
		put(&r, &bytes);
		buf_char(&bytes, '\n');
		len = bytes.len;
		buf_reserve(&bytes, COPIES * len + 64);
		for (unsigned k = 1; k < COPIES; k++)
			buf_put(&bytes, bytes.data, len);
		check(buf_slice(&bytes), path);
		for (unsigned k = 0; k < COPIES; k++) {
			bytes.len = len;
			buf_put(&bytes, bytes.data, len);
			change(&r, &bytes, len);
			check(buf_slice(&bytes), path);
		}
	}
	known = decode_known_lines(state);
	/* each line twice: at once, in two goes */
	if (known < 8 * ROUNDS || known > 4 * COPIES * ROUNDS)
		fail_msg("%s: %llu lines by their shape", path,
		    (unsigned long long)known);
	decode_auto.close(state);
	buf_fini(&bytes);
}

static void
test_rounds(void **unused)
{
	static const char *const paths[] = {"plain", "avx2", "auto"};

	(void)unused;
	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!cpu_limit(paths[i])) {
			printf("skipped: no %s here\n", paths[i]);
			continue;
		}
		rounds(paths[i], put_event);
		rounds(paths[i], put_status);
		rounds(paths[i], put_flat);
	}
	assert_true(cpu_limit("auto"));
}

/* More shapes than are kept, more keys than there are chunks. */
static void
test_many(void **unused)
{
	struct buf bytes = {0};

	(void)unused;
	state = decode_auto.open();
	for (unsigned i = 0; i < 400; i++) {
		buf_clear(&bytes);
		for (unsigned k = 0; k < 40; k++) {
			buf_printf(&bytes, "{\"did\":\"d\",\"time_us\":1");
			for (unsigned n = 0; n <= i % 50; n++)
				buf_printf(&bytes, ",\"key-%u-%u-of-some-length"
				    "-so-that-it-takes-two-parts\":%u",
				    i, n, k);
			buf_printf(&bytes, ",\"commit\":{\"operation\":"
			    "\"create\",\"collection\":\"app.bsky.feed.post\","
			    "\"record\":{\"text\":\"t%u\"}}}\n", k);
		}
		check(buf_slice(&bytes), "many");
	}
	assert_true(decode_known_lines(state) > 1000);
	decode_auto.close(state);
	buf_fini(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rounds),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
