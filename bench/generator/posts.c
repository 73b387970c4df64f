/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/generator/posts.h"

#include <string.h>

#include "bench/generator/rules.h"
#include "bench/generator/stamp.h"

#define START_MS INT64_C(1782000000000) /* 2026-06-21 00:00:00 UTC */
#define AUTHORS 20000u

static enum words_lang
lang_of(struct rand *r, enum words_lang wish)
{
	uint32_t k;

	if (wish != WORDS_MIXED)
		return wish;
	k = rand_below(r, 100);
	return k < 55 ? WORDS_EN : k < 90 ? WORDS_FR : k < 95 ? WORDS_JA :
	    WORDS_EMOJI;
}

/* The text: words up to the length, the snippet of a rule somewhere. */
static void
put_text(struct buf *out, struct rand *r, const struct posts_wish *w,
    enum words_lang lang)
{
	size_t want = w->length > 0 ? w->length : 40 + rand_below(r, 190);
	bool hit = rand_below(r, 100) < w->percent && w->rules > 0;
	size_t hit_at = rand_below(r, (uint32_t)want);
	double u = rand_unit(r);
	uint32_t rule = (uint32_t)(u * u * (double)w->rules);

	while (out->len < want) {
		if (hit && out->len >= hit_at) {
			buf_char(out, ' ');
			rules_snippet(out, r, rule);
			hit = false;
		} else {
			words_put(out, r, lang);
		}
		if (lang != WORDS_JA || out->len % 5 == 0)
			buf_char(out, ' ');
	}
	if (hit)
		buf_char(out, ' ');
	if (hit)
		rules_snippet(out, r, rule);
	else if (w->length == 0 && rand_below(r, 100) < 40)
		buf_printf(out, "https://t.co/%08x",
		    (unsigned)rand_next(r));
}

/* "\u00e9" for what is not ASCII, as X does; with surrogates. */
static void
put_escaped(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len;) {
		const unsigned char *p = (const unsigned char *)s.data + i;
		uint32_t c;

		if (p[0] < 0x80) {
			buf_char(out, (char)p[0]);
			i++;
			continue;
		}
		if (p[0] < 0xe0) {
			c = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
			i += 2;
		} else if (p[0] < 0xf0) {
			c = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 |
			    (p[2] & 0x3fu);
			i += 3;
		} else {
			c = (p[0] & 7u) << 18 | (p[1] & 0x3fu) << 12 |
			    (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
			i += 4;
			buf_printf(out, "\\u%04x",
			    (c - 0x10000) >> 10 | 0xd800);
			c = ((c - 0x10000) & 0x3ff) | 0xdc00;
		}
		buf_printf(out, "\\u%04x", c);
	}
}

static const char *
lang_name(enum words_lang lang)
{
	return lang == WORDS_FR ? "fr" : lang == WORDS_JA ? "ja" : "en";
}

struct one {
	struct slice text;
	const char *lang;
	uint32_t number, author, followers;
	int64_t us;
};

static void
put_lean(struct buf *out, const struct one *o)
{
	buf_printf(out, "{\"did\":\"did:plc:gen%021u\",\"time_us\":",
	    o->author);
	buf_int(out, o->us);
	buf_printf(out, ",\"kind\":\"commit\",\"commit\":{\"operation\":"
	    "\"create\",\"collection\":\"app.bsky.feed.post\",\"rkey\":"
	    "\"3k%011u\",\"record\":{\"createdAt\":\"", o->number);
	buf_utc_milli(out, o->us / 1000);
	buf_printf(out, "\",\"langs\":[\"%s\"],\"text\":\"", o->lang);
	buf_slice_put(out, o->text);
	buf_printf(out, "\"}},\"followers\":%u}\n", o->followers);
}

static void
put_fat_user(struct buf *out, const struct one *o)
{
	buf_printf(out,
	    "\"user\":{\"id\":%u,\"id_str\":\"%u\",\"name\":\"Author %u\","
	    "\"screen_name\":\"author%u\",\"location\":\"Paris, France\","
	    "\"url\":null,\"description\":\"Caf\\u00e9, trains, opinions of my "
	    "own.\",\"translator_type\":\"none\",\"protected\":false,"
	    "\"verified\":false,\"followers_count\":%u,\"friends_count\":301,"
	    "\"listed_count\":3,\"favourites_count\":3737,"
	    "\"statuses_count\":26045,"
	    "\"created_at\":\"Tue Mar 03 13:13:21 +0000 2015\","
	    "\"utc_offset\":null,\"time_zone\":null,\"geo_enabled\":false,"
	    "\"lang\":\"%s\",\"contributors_enabled\":false,"
	    "\"is_translator\":false,"
	    "\"profile_background_color\":\"C0DEED\","
	    "\"profile_background_image_url\":\"http://img.example.com/images/"
	    "themes/theme1/bg.png\",\"profile_background_image_url_https\":"
	    "\"https://img.example.com/images/themes/theme1/bg.png\","
	    "\"profile_background_tile\":false,"
	    "\"profile_link_color\":\"1DA1F2\","
	    "\"profile_sidebar_border_color\":\"C0DEED\","
	    "\"profile_sidebar_fill_color\":\"DDEEF6\","
	    "\"profile_text_color\":\"333333\","
	    "\"profile_use_background_image\":true,"
	    "\"profile_image_url\":\"http://img.example.com/profile_images/"
	    "%u/picture_normal.jpg\",\"profile_image_url_https\":"
	    "\"https://img.example.com/profile_images/%u/picture_normal.jpg\","
	    "\"default_profile\":true,\"default_profile_image\":false,"
	    "\"following\":null,\"follow_request_sent\":null,"
	    "\"notifications\":null}",
	    o->author, o->author, o->author, o->author, o->followers, o->lang,
	    o->author, o->author);
}

static void
put_fat(struct buf *out, const struct one *o)
{
	int64_t id = INT64_C(1900000000000000000) + o->number;

	buf_text(out, "{\"created_at\":\"");
	stamp_put(out, o->us / 1000);
	buf_text(out, "\",\"id\":");
	buf_int(out, id);
	buf_text(out, ",\"id_str\":\"");
	buf_int(out, id);
	buf_text(out, "\",\"text\":\"");
	put_escaped(out, o->text);
	buf_text(out, "\",\"source\":\"<a href=\\\"http://client.example.com/"
	    "download/phone\\\" rel=\\\"nofollow\\\">Client for phones</a>\","
	    "\"truncated\":false,\"in_reply_to_status_id\":null,"
	    "\"in_reply_to_status_id_str\":null,\"in_reply_to_user_id\":null,"
	    "\"in_reply_to_user_id_str\":null,"
	    "\"in_reply_to_screen_name\":null,");
	put_fat_user(out, o);
	buf_text(out, ",\"geo\":null,\"coordinates\":null,\"place\":null,"
	    "\"contributors\":null,\"is_quote_status\":false,"
	    "\"quote_count\":0,\"reply_count\":0,\"retweet_count\":0,"
	    "\"favorite_count\":0,\"entities\":{\"hashtags\":[],\"urls\":["
	    "{\"url\":\"https://t.co/4c3mQzaAJb\",\"expanded_url\":"
	    "\"https://www.example-news.com/2026/06/bentmaqn4pjgqtp23b5v\","
	    "\"display_url\":\"example-news.com/2026/06/ngv2p\\u2026\","
	    "\"indices\":[58,81]}],\"user_mentions\":[],\"symbols\":[]},"
	    "\"favorited\":false,\"retweeted\":false,"
	    "\"possibly_sensitive\":false,\"filter_level\":\"low\",");
	buf_printf(out, "\"lang\":\"%s\",\"timestamp_ms\":\"", o->lang);
	buf_int(out, o->us / 1000);
	buf_text(out, "\"}\n");
}

void
posts_write(FILE *out, const struct posts_wish *w)
{
	struct buf text = {0}, line = {0};
	enum words_lang lang;
	struct rand r;
	struct one o;

	rand_seed(&r, w->seed);
	for (uint32_t i = 0; i < w->count; i++) {
		buf_clear(&text);
		buf_clear(&line);
		lang = lang_of(&r, w->lang);
		put_text(&text, &r, w, lang);
		o.text = buf_slice(&text);
		o.lang = lang_name(lang);
		o.number = i;
		o.author = rand_below(&r, AUTHORS);
		o.followers = o.author * 7919u % 30011u;
		o.us = START_MS * 1000 +
		    (int64_t)w->span_s * 1000000 * i / w->count;
		if (w->fat)
			put_fat(&line, &o);
		else
			put_lean(&line, &o);
		fwrite(line.data, 1, line.len, out);
	}
	buf_fini(&text);
	buf_fini(&line);
}
