/*
 * The house's own format: flat posts.
 *
 *	{"id":"1","source":"forum","ts":"2010-03-17T09:05:00Z","text":"..."}
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_vigie.h"

#define IS(lit) decode_field_is(key, lit)

static void
read_kind(struct json_walk *w, struct post *p)
{
	struct slice word;

	decode_field_word(w, &word);
	p->kind = decode_vigie_kind(word);
}

/* A plain author is a name for the account in both ways; an object says
 * more.  ${followers} takes that of the object. */
static void
read_author(struct json_walk *w, struct post *p, uint64_t *followers)
{
	struct slice key;

	p->author_handle = p->author_name = SLICE_NONE;
	p->verified = false;
	p->following = p->listed = p->posts = POST_UNKNOWN;
	p->author_created_ms = TIME_NONE;
	*followers = POST_UNKNOWN;
	if (json_walk_kind(w) != JSON_OBJECT) {
		if (json_walk_kind(w) == JSON_NUMBER)
			decode_field_id(w, &p->author_id);
		else
			decode_field_word(w, &p->author_id);
		p->author_handle = decode_vigie_bare(p->author_id);
		return;
	}
	p->author_id = SLICE_NONE;
	json_walk_open(w);
	while (json_walk_key(w, &key, JSON_KEY_ANY)) {
		if (IS("id"))
			decode_field_id(w, &p->author_id);
		else if (IS("handle"))
			decode_field_word(w, &p->author_handle);
		else if (IS("name"))
			decode_field_word(w, &p->author_name);
		else if (IS("followers"))
			decode_field_count(w, followers);
		else if (IS("verified"))
			decode_field_flag(w, &p->verified);
		else if (IS("following"))
			decode_field_count(w, &p->following);
		else if (IS("listed"))
			decode_field_count(w, &p->listed);
		else if (IS("posts"))
			decode_field_count(w, &p->posts);
		else if (IS("created"))
			decode_field_time(w, &p->author_created_ms);
		else
			json_walk_skip(w);
	}
	p->author_handle = decode_vigie_bare(p->author_handle);
}

/* "media": true, a count, or a list of what is there. */
static void
read_media(struct json_walk *w, bool *media)
{
	if (json_walk_kind(w) != JSON_ARRAY) {
		decode_field_flag(w, media);
		return;
	}
	*media = false;
	json_walk_open(w);
	while (json_walk_item(w)) {
		json_walk_skip(w);
		*media = true;
	}
}

static void
read_to(struct json_walk *w, struct slice *to)
{
	decode_field_word(w, to);
	*to = decode_vigie_bare(*to);
}

/* Keys of up to five letters; false: not one of ours. */
static bool
short_key(struct json_walk *w, struct slice key, struct post *p, bool *cut)
{
	if (IS("id"))
		decode_field_id(w, &p->id);
	else if (IS("to"))
		read_to(w, &p->to);
	else if (IS("ts"))
		decode_field_time(w, &p->ts_ms);
	else if (IS("url"))
		decode_field_word(w, &p->url);
	else if (IS("text"))
		decode_field_text(w, &p->text, "text is no string");
	else if (IS("lang"))
		decode_field_word(w, &p->lang);
	else if (IS("kind"))
		read_kind(w, p);
	else if (IS("seen"))
		decode_field_time(w, &p->seen_ms);
	else if (IS("tags"))
		decode_field_list(w, &p->tags, cut);
	else if (IS("title"))
		decode_field_text(w, &p->title, "title is no string");
	else if (IS("likes"))
		decode_field_count(w, &p->likes);
	else if (IS("reach"))
		decode_field_count(w, &p->reach);
	else if (IS("views"))
		decode_field_count(w, &p->views);
	else if (IS("links"))
		decode_field_list(w, &p->links, cut);
	else if (IS("media"))
		read_media(w, &p->media);
	else
		return false;
	return true;
}

static bool
long_key(struct json_walk *w, struct slice key, struct post *p, bool *cut)
{
	if (IS("source"))
		decode_field_word(w, &p->source);
	else if (IS("edited"))
		decode_field_flag(w, &p->edited);
	else if (IS("deleted"))
		decode_field_flag(w, &p->deleted);
	else if (IS("reposts"))
		decode_field_count(w, &p->reposts);
	else if (IS("replies"))
		decode_field_count(w, &p->replies);
	else if (IS("country"))
		decode_field_word(w, &p->country);
	else if (IS("channel"))
		decode_field_word(w, &p->channel);
	else if (IS("region"))
		decode_field_word(w, &p->region);
	else if (IS("rating"))
		decode_field_count(w, &p->rating);
	else if (IS("sentiment"))
		decode_field_word(w, &p->sentiment);
	else if (IS("root_id"))
		decode_field_id(w, &p->root_id);
	else if (IS("parent_id"))
		decode_field_id(w, &p->parent_id);
	else if (IS("repost_of"))
		decode_field_id(w, &p->repost_of);
	else if (IS("quote_of"))
		decode_field_id(w, &p->quote_of);
	else if (IS("mentions"))
		decode_field_list(w, &p->mentions, cut);
	else
		return false;
	return true;
}

enum decode_result
decode_vigie_post(struct json_walk *w, struct post *p, bool *cut)
{
	uint64_t of_author = POST_UNKNOWN;
	struct slice key;

	while (json_walk_key(w, &key, JSON_KEY_ANY)) {
		if (key.len <= 5 && short_key(w, key, p, cut))
			continue;
		if (key.len > 5 && long_key(w, key, p, cut))
			continue;
		if (IS("author"))
			read_author(w, p, &of_author);
		else if (IS("followers"))
			decode_field_count(w, &p->followers);
		else
			json_walk_skip(w);
	}
	if (p->followers == POST_UNKNOWN)
		p->followers = of_author;
	return decode_format_verdict(p);
}
