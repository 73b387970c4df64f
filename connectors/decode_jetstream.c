/*
 * Bluesky Jetstream v1: one event of the relay a line.
 *
 *	{"did":"did:plc:…","time_us":…,"kind":"commit","commit":{
 *	 "operation":"create","collection":"app.bsky.feed.post","rkey":"…",
 *	 "record":{"text":"…","langs":["en"],"createdAt":"…","reply":{…},
 *	 "embed":{…},"facets":[…]}},"followers":1019}
 *
 * Only posts are posts: likes, reposts (no text of their own), follows,
 * profiles, identity and account events are skipped.  time_us is when the
 * relay received it (seen); createdAt is the client's clock.  followers is
 * not the relay's: whoever feeds us may add it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_jetstream.h"

#define IS(lit) decode_field_is(key, lit)

/* Sieves for json_walk_key. */
#define EVENT_KEYS \
	(JSON_KEY("did") | JSON_KEY("time_us") | JSON_KEY("kind") | \
	    JSON_KEY("commit") | JSON_KEY("followers"))
#define COMMIT_KEYS \
	(JSON_KEY("operation") | JSON_KEY("collection") | JSON_KEY("rkey") | \
	    JSON_KEY("record"))
#define RECORD_KEYS \
	(JSON_KEY("text") | JSON_KEY("langs") | JSON_KEY("createdAt") | \
	    JSON_KEY("reply") | JSON_KEY("embed") | JSON_KEY("facets") | \
	    JSON_KEY("tags"))
#define EMBED_KEYS \
	(JSON_KEY("record") | JSON_KEY("external") | JSON_KEY("media") | \
	    JSON_KEY("images") | JSON_KEY("video"))
#define MEDIA_KEYS \
	(JSON_KEY("external") | JSON_KEY("images") | JSON_KEY("video"))
#define FEATURE_KEYS (JSON_KEY("uri") | JSON_KEY("tag") | JSON_KEY("did"))

/* {"uri":"at://…","cid":"…"}; a plain string is taken as the uri. */
static void
read_ref(struct json_walk *w, struct slice *uri)
{
	struct slice key;

	*uri = SLICE_NONE;
	if (json_walk_kind(w) != JSON_OBJECT) {
		decode_field_word(w, uri);
		return;
	}
	json_walk_open(w);
	while (json_walk_key(w, &key, JSON_KEY("uri"))) {
		if (IS("uri"))
			decode_field_word(w, uri);
		else
			json_walk_skip(w);
	}
}

static void
read_reply(struct json_walk *w, struct post *p)
{
	struct slice key;

	p->parent_id = p->root_id = SLICE_NONE;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, JSON_KEY("parent") |
	    JSON_KEY("root"))) {
		if (IS("parent"))
			read_ref(w, &p->parent_id);
		else if (IS("root"))
			read_ref(w, &p->root_id);
		else
			json_walk_skip(w);
	}
}

/* The quoted post: record.uri, or record.record.uri beside pictures. */
static void
read_quote(struct json_walk *w, struct slice *uri)
{
	struct slice key;

	*uri = SLICE_NONE;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, JSON_KEY("uri") |
	    JSON_KEY("record"))) {
		if (IS("uri"))
			decode_field_word(w, uri);
		else if (IS("record"))
			read_ref(w, uri);
		else
			json_walk_skip(w);
	}
}

/* Pictures or a video, of which no more is read; or something else. */
static void
skip_media(struct json_walk *w, struct slice key, bool *media)
{
	*media |= IS("images") || IS("video");
	json_walk_skip(w);
}

/* The embed of a post, and the media inside an embed with a quote: the two
 * have the same shape, one inside the other at most. */
static void
read_external(struct json_walk *w, struct post *p, struct slice *link)
{
	struct slice key;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, MEDIA_KEYS)) {
		if (IS("external")) {
			read_ref(w, link);
		} else {
			skip_media(w, key, &p->media);
		}
	}
}

static void
read_embed(struct json_walk *w, struct post *p, struct slice *link)
{
	struct slice key;

	p->quote_of = *link = SLICE_NONE;
	p->media = false;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, EMBED_KEYS)) {
		if (IS("record"))
			read_quote(w, &p->quote_of);
		else if (IS("external"))
			read_ref(w, link);
		else if (IS("media"))
			read_external(w, p, link);
		else
			skip_media(w, key, &p->media);
	}
}

/* {"$type":"app.bsky.richtext.facet#link","uri":"…"} and its like: the key
 * says what it is. */
static void
read_feature(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key, item;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, FEATURE_KEYS)) {
		struct post_list *list = IS("uri") ? &p->links
		    : IS("tag")			   ? &p->tags
		    : IS("did")			   ? &p->mentions
						   : NULL;

		if (list == NULL) {
			json_walk_skip(w);
			continue;
		}
		decode_field_word(w, &item);
		decode_field_add(list, item, cut);
	}
}

static void
read_facet(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, JSON_KEY("features"))) {
		if (!IS("features")) {
			json_walk_skip(w);
			continue;
		}
		if (!decode_field_array(w))
			continue;
		while (json_walk_item(w))
			read_feature(w, p, cut);
	}
}

static void
read_langs(struct json_walk *w, struct post *p)
{
	struct slice item;

	p->lang = SLICE_NONE;
	if (!decode_field_array(w))
		return;
	while (json_walk_item(w)) {
		decode_field_word(w, &item);
		if (p->lang.data == NULL)
			p->lang = item;
	}
}

/* Tags beside the text; those within it come as facets, before or after. */
static void
read_tags(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice item;

	if (!decode_field_array(w))
		return;
	while (json_walk_item(w)) {
		decode_field_word(w, &item);
		decode_field_add(&p->tags, item, cut);
	}
}

static void
read_facets(struct json_walk *w, struct post *p, bool *cut)
{
	if (!decode_field_array(w))
		return;
	while (json_walk_item(w))
		read_facet(w, p, cut);
}

/* One key of the record, by its length first; false: not one of ours. */
static bool
record_key(struct json_walk *w, struct slice key, struct post *p,
    struct slice *link, bool *cut)
{
	struct slice created;

	switch (key.len) {
	case 4:
		if (IS("text"))
			decode_field_text(w, &p->text, "text is no string");
		else if (IS("tags"))
			read_tags(w, p, cut);
		else
			return false;
		return true;
	case 5:
		if (IS("langs"))
			read_langs(w, p);
		else if (IS("reply"))
			read_reply(w, p);
		else if (IS("embed"))
			read_embed(w, p, link);
		else
			return false;
		return true;
	case 6:
		if (!IS("facets"))
			return false;
		read_facets(w, p, cut);
		return true;
	case 9:
		if (!IS("createdAt"))
			return false;
		decode_field_word(w, &created);
		p->ts_ms = decode_field_clock(w, created);
		return true;
	default:
		return false;
	}
}

static void
read_record(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key, link = SLICE_NONE;

	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, RECORD_KEYS))
		if (!record_key(w, key, p, &link, cut))
			json_walk_skip(w);
	decode_field_add(&p->links, link, cut);
}

/* The record is read as a post at once when its collection is known, as the
 * relay writes it; otherwise its place is kept.  A second record replaces
 * the first, but not the followers, which stand outside. */
static void
commit_record(struct json_walk *w, struct jetstream_event *e, struct post *p,
    bool *cut)
{
	uint64_t followers = p->followers;

	if (e->recorded) {
		post_clear(p);
		p->followers = followers;
	}
	e->recorded = true;
	e->record = json_walk_mark(w);
	e->record_read = decode_jetstream_is_post(e);
	if (e->record_read)
		read_record(w, p, cut);
	else
		json_walk_skip(w);
}

static void
read_commit(struct json_walk *w, struct jetstream_event *e, struct post *p,
    bool *cut)
{
	struct slice key;

	e->commit = json_walk_kind(w) == JSON_OBJECT;
	if (!decode_field_object(w))
		return;
	while (json_walk_key(w, &key, COMMIT_KEYS)) {
		if (IS("operation"))
			decode_field_word(w, &e->operation);
		else if (IS("collection"))
			decode_field_word(w, &e->collection);
		else if (IS("rkey"))
			decode_field_word(w, &e->rkey);
		else if (IS("record"))
			commit_record(w, e, p, cut);
		else
			json_walk_skip(w);
	}
}

enum decode_result
decode_jetstream_post(struct json_walk *w, struct post *p, bool *cut)
{
	struct slice key;
	struct jetstream_event e;

	decode_jetstream_clear(&e);
	while (json_walk_key(w, &key, EVENT_KEYS)) {
		if (IS("did"))
			decode_field_word(w, &e.did);
		else if (IS("time_us"))
			decode_field_count(w, &e.time_us);
		else if (IS("kind"))
			decode_field_word(w, &e.kind);
		else if (IS("commit"))
			read_commit(w, &e, p, cut);
		else if (IS("followers"))
			decode_field_count(w, &p->followers);
		else
			json_walk_skip(w);
	}
	if (e.recorded && !e.record_read && !decode_jetstream_skips(&e)) {
		struct json_mark end = json_walk_mark(w);

		json_walk_return(w, e.record);
		read_record(w, p, cut);
		json_walk_return(w, end);
	}
	return decode_jetstream_finish(w, &e, p);
}
