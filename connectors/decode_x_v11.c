/*
 * X (Twitter) v1.1: one status of the old stream or search a line.
 *
 *	{"created_at":"Wed Jun 21 00:03:00 +0000 2026","id_str":"…",
 *	 "text":"…","user":{"screen_name":"…","followers_count":…},…}
 *	{"delete":{"status":{"id_str":"…"}}}
 *
 * The text is the longest that is there: extended_tweet.full_text, full_text,
 * text; a repost keeps its own ("RT @who: …").  HTML entities stay, folding
 * undoes them.  lang "und" (undetermined) is not said.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_x_v11.h"

#define IS(lit) decode_field_is(key, lit)

/* Sieves for json_walk_key. */
#define STATUS_KEYS \
	(JSON_KEY("text") | JSON_KEY("user") | JSON_KEY("lang") | \
	    JSON_KEY("entities") | JSON_KEY("full_text") | \
	    JSON_KEY("extended_tweet") | JSON_KEY("favorite_count") | \
	    JSON_KEY("id") | JSON_KEY("place") | JSON_KEY("id_str") | \
	    JSON_KEY("delete") | JSON_KEY("created_at") | \
	    JSON_KEY("reply_count") | JSON_KEY("timestamp_ms") | \
	    JSON_KEY("retweet_count") | JSON_KEY("retweeted_status") | \
	    JSON_KEY("quoted_status_id_str") | \
	    JSON_KEY("extended_entities") | \
	    JSON_KEY("in_reply_to_screen_name") | \
	    JSON_KEY("in_reply_to_status_id_str"))
#define USER_KEYS \
	(JSON_KEY("id") | JSON_KEY("name") | JSON_KEY("id_str") | \
	    JSON_KEY("verified") | JSON_KEY("screen_name") | \
	    JSON_KEY("listed_count") | JSON_KEY("friends_count") | \
	    JSON_KEY("statuses_count") | JSON_KEY("followers_count"))
#define ENTITY_KEYS \
	(JSON_KEY("hashtags") | JSON_KEY("urls") | JSON_KEY("media") | \
	    JSON_KEY("user_mentions"))

/* The strings that the objects of an array have under ${name}. */
static inline void
read_names(struct json_walk *w, struct post_list *list, bool *cut,
    struct slice name, uint64_t sieve)
{
	struct slice key, item;

	list->count = 0;
	if (!decode_field_array(w))
		return;
	while (json_walk_item(w)) {
		item = SLICE_NONE;
		if (!decode_field_object(w))
			continue;
		while (json_walk_key(w, &key, sieve)) {
			if (slice_equal(key, name))
				decode_field_word(w, &item);
			else
				json_walk_skip(w);
		}
		decode_field_add(list, item, cut);
	}
}

/* Links as they were meant, else as they stand in the text. */
static void
read_links(struct json_walk *w, struct post_list *list, bool *cut)
{
	struct slice key, item, best;

	list->count = 0;
	if (!decode_field_array(w))
		return;
	while (json_walk_item(w)) {
		item = best = SLICE_NONE;
		if (!decode_field_object(w))
			continue;
		while (json_walk_key(w, &key,
		    JSON_KEY("url") | JSON_KEY("expanded_url"))) {
			if (IS("url"))
				decode_field_word(w, &item);
			else if (IS("expanded_url"))
				decode_field_word(w, &best);
			else
				json_walk_skip(w);
		}
		decode_field_add(list, best.data != NULL ? best : item, cut);
	}
}

#define READ_NAMES(w, list, cut, lit) \
	read_names((w), (list), (cut), SLICE(lit), JSON_KEY(lit))

/* Pictures and videos: that there are some is all that is read. */
static void
read_media(struct json_walk *w, bool *media)
{
	if (!decode_field_array(w))
		return;
	while (json_walk_item(w)) {
		json_walk_skip(w);
		*media = true;
	}
}

static void
read_entities(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, ENTITY_KEYS)) {
		if (IS("hashtags"))
			READ_NAMES(w, &p->tags, cut, "text");
		else if (IS("urls"))
			read_links(w, &p->links, cut);
		else if (IS("user_mentions"))
			READ_NAMES(w, &p->mentions, cut, "screen_name");
		else if (IS("media"))
			read_media(w, &p->media);
		else
			json_walk_skip(w);
	}
}

/* All of the media; the entities themselves hold the first only. */
static void
read_more_media(struct json_walk *w, struct post *p)
{
	struct slice key;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, JSON_KEY("media"))) {
		if (IS("media"))
			read_media(w, &p->media);
		else
			json_walk_skip(w);
	}
}

/* The string that an object holds under ${name}; none: not said. */
static inline void
read_inside(struct json_walk *w, struct slice name, uint64_t sieve,
    struct slice *out)
{
	struct slice key;

	*out = SLICE_NONE;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, sieve)) {
		if (slice_equal(key, name))
			decode_field_word(w, out);
		else
			json_walk_skip(w);
	}
}

#define READ_INSIDE(w, lit, out) \
	read_inside((w), SLICE(lit), JSON_KEY(lit), (out))

static void
read_user(struct json_walk *w, struct post *p)
{
	struct slice key;
	struct json_mark number;
	bool numbered = false;

	p->author_id = SLICE_NONE;
	p->author_handle = SLICE_NONE;
	p->author_name = SLICE_NONE;
	p->followers = POST_UNKNOWN;
	p->following = p->listed = p->posts = POST_UNKNOWN;
	p->verified = false;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, USER_KEYS)) {
		switch (key.len) {
		case 2:
			if (!IS("id"))
				break;
			number = json_walk_mark(w);
			numbered = true;
			break;
		case 4:
			if (!IS("name"))
				break;
			decode_field_word(w, &p->author_name);
			continue;
		case 6:
			if (!IS("id_str"))
				break;
			decode_field_word(w, &p->author_id);
			continue;
		case 8:
			if (!IS("verified"))
				break;
			decode_field_flag(w, &p->verified);
			continue;
		case 11:
			if (!IS("screen_name"))
				break;
			decode_field_word(w, &p->author_handle);
			continue;
		case 12:
			if (!IS("listed_count"))
				break;
			decode_field_count(w, &p->listed);
			continue;
		case 13:
			if (!IS("friends_count"))
				break;
			decode_field_count(w, &p->following);
			continue;
		case 14:
			if (!IS("statuses_count"))
				break;
			decode_field_count(w, &p->posts);
			continue;
		case 15:
			if (!IS("followers_count"))
				break;
			decode_field_count(w, &p->followers);
			continue;
		}
		json_walk_skip(w);
	}
	if (p->author_id.data == NULL && numbered)
		decode_x_v11_number(w, number, &p->author_id);
}

static void
read_full(struct json_walk *w, struct slice *out)
{
	decode_field_text(w, out, "full_text is no string");
}

/* The part of a long status that old readers do not see. */
static void
read_extended(struct json_walk *w, struct post *p, struct x_v11_status *s)
{
	struct slice key;

	s->longest = SLICE_NONE;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, JSON_KEY("full_text") |
	    JSON_KEY("entities"))) {
		if (IS("full_text")) {
			read_full(w, &s->longest);
		} else if (IS("entities")) {
			read_entities(w, p, s->cut);
			s->extended = true;
		} else {
			json_walk_skip(w);
		}
	}
}

static void
keep_number(struct json_walk *w, struct x_v11_status *s)
{
	s->number = json_walk_mark(w);
	s->numbered = true;
	json_walk_skip(w);
}

static void
read_delete(struct json_walk *w, struct post *p, struct x_v11_status *s)
{
	struct slice key;

	if (!decode_field_object(w))
		return;
	p->deleted = true;
	while (json_walk_key(w, &key, JSON_KEY_ANY)) {
		if (IS("timestamp_ms")) {
			decode_field_time(w, &p->ts_ms);
			continue;
		}
		if (!IS("status")) {
			json_walk_skip(w);
			continue;
		}
		if (!decode_field_object(w))
			continue;
		while (json_walk_key(w, &key, JSON_KEY_ANY)) {
			if (IS("id_str"))
				decode_field_word(w, &p->id);
			else if (IS("id"))
				keep_number(w, s);
			else if (IS("user_id_str"))
				decode_field_word(w, &p->author_id);
			else
				json_walk_skip(w);
		}
	}
}

/* Keys that say what is said; false: not one of them. */
static bool
content_key(struct json_walk *w, struct slice key, struct post *p,
    struct x_v11_status *s)
{
	switch (key.len) {
	case 4:
		if (IS("text"))
			decode_field_text(w, &p->text, "text is no string");
		else if (IS("user"))
			read_user(w, p);
		else if (IS("lang"))
			decode_field_word(w, &p->lang);
		else
			return false;
		return true;
	case 8:
		if (!IS("entities") || s->extended)
			return false;
		read_entities(w, p, s->cut);
		return true;
	case 9:
		if (!IS("full_text"))
			return false;
		read_full(w, &s->full);
		return true;
	case 14:
		if (IS("extended_tweet"))
			read_extended(w, p, s);
		else if (IS("favorite_count"))
			decode_field_count(w, &p->likes);
		else
			return false;
		return true;
	default:
		return false;
	}
}

/* Keys that place it; false: not one of them. */
static bool
place_key(struct json_walk *w, struct slice key, struct post *p,
    struct x_v11_status *s)
{
	if (IS("id"))
		keep_number(w, s);
	else if (IS("place"))
		READ_INSIDE(w, "country_code", &p->country);
	else if (IS("id_str"))
		decode_field_word(w, &p->id);
	else if (IS("delete"))
		read_delete(w, p, s);
	else if (IS("created_at"))
		decode_field_word(w, &s->created);
	else if (IS("reply_count"))
		decode_field_count(w, &p->replies);
	else if (IS("timestamp_ms"))
		decode_field_time(w, &p->ts_ms);
	else if (IS("retweet_count"))
		decode_field_count(w, &p->reposts);
	else if (IS("retweeted_status"))
		READ_INSIDE(w, "id_str", &p->repost_of);
	else if (IS("quoted_status_id_str"))
		decode_field_word(w, &p->quote_of);
	else if (IS("extended_entities"))
		read_more_media(w, p);
	else if (IS("in_reply_to_screen_name"))
		decode_field_word(w, &p->to);
	else if (IS("in_reply_to_status_id_str"))
		decode_field_word(w, &p->parent_id);
	else
		return false;
	return true;
}

enum decode_result
decode_x_v11_post(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key;
	struct x_v11_status s = {.cut = cut};

	while (json_walk_key(w, &key, STATUS_KEYS))
		if (!content_key(w, key, p, &s) && !place_key(w, key, p, &s))
			json_walk_skip(w);
	return decode_x_v11_finish(w, p, &s);
}
