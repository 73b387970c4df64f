/*
 * X v1.1 by known shapes, and what follows from the fields of a status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_x_v11.h"

#define POST(field) false, offsetof(struct post, field)
#define STATUS(field) true, offsetof(struct x_v11_status, field)
#define NOWHERE false, 0

static const struct json_shape_key user[] = {
	{"id", SHAPE_MARK, STATUS(user), NULL},
	{"id_str", SHAPE_WORD, POST(author_id), NULL},
	{"name", SHAPE_WORD, POST(author_name), NULL},
	{"screen_name", SHAPE_WORD, POST(author_handle), NULL},
	{"verified", SHAPE_FLAG, POST(verified), NULL},
	{"followers_count", SHAPE_COUNT, POST(followers), NULL},
	{"friends_count", SHAPE_COUNT, POST(following), NULL},
	{"listed_count", SHAPE_COUNT, POST(listed), NULL},
	{"statuses_count", SHAPE_COUNT, POST(posts), NULL},
	{0}};

static const struct json_shape_key hashtag[] = {
	{"text", SHAPE_ADD, POST(tags), NULL},
	{0}};

static const struct json_shape_key hashtags[] = {
	{"", SHAPE_OBJECT, NOWHERE, hashtag}};

static const struct json_shape_key url[] = {
	{"url", SHAPE_PART, STATUS(link.written), NULL},
	{"expanded_url", SHAPE_PART, STATUS(link.meant), NULL},
	{0}};

static const struct json_shape_key urls[] = {
	{"", SHAPE_LINKS, STATUS(link), url}};

static const struct json_shape_key mention[] = {
	{"screen_name", SHAPE_ADD, POST(mentions), NULL},
	{0}};

static const struct json_shape_key mentions[] = {
	{"", SHAPE_OBJECT, NOWHERE, mention}};

static const struct json_shape_key entities[] = {
	{"hashtags", SHAPE_ITEMS, NOWHERE, hashtags},
	{"urls", SHAPE_ITEMS, NOWHERE, urls},
	{"user_mentions", SHAPE_ITEMS, NOWHERE, mentions},
	{"media", SHAPE_SOME, POST(media), NULL},
	{0}};

static const struct json_shape_key more_media[] = {
	{"media", SHAPE_SOME, POST(media), NULL},
	{0}};

static const struct json_shape_key place[] = {
	{"country_code", SHAPE_WORD, POST(country), NULL},
	{0}};

static const struct json_shape_key reposted[] = {
	{"id_str", SHAPE_WORD, POST(repost_of), NULL},
	{0}};

/* Entities within extended_tweet replace those outside: left to the walk. */
static const struct json_shape_key extended[] = {
	{"full_text", SHAPE_TEXT, STATUS(longest), NULL},
	{"entities", SHAPE_NEVER, NOWHERE, NULL},
	{0}};

static const struct json_shape_key status[] = {
	{"text", SHAPE_TEXT, POST(text), NULL},
	{"full_text", SHAPE_TEXT, STATUS(full), NULL},
	{"extended_tweet", SHAPE_OBJECT, NOWHERE, extended},
	{"user", SHAPE_OBJECT, NOWHERE, user},
	{"lang", SHAPE_WORD, POST(lang), NULL},
	{"entities", SHAPE_OBJECT, NOWHERE, entities},
	{"extended_entities", SHAPE_OBJECT, NOWHERE, more_media},
	{"id", SHAPE_MARK, STATUS(number), NULL},
	{"id_str", SHAPE_WORD, POST(id), NULL},
	{"place", SHAPE_OBJECT, NOWHERE, place},
	{"delete", SHAPE_NEVER, NOWHERE, NULL},
	{"created_at", SHAPE_WORD, STATUS(created), NULL},
	{"timestamp_ms", SHAPE_TIME, POST(ts_ms), NULL},
	{"favorite_count", SHAPE_COUNT, POST(likes), NULL},
	{"reply_count", SHAPE_COUNT, POST(replies), NULL},
	{"retweet_count", SHAPE_COUNT, POST(reposts), NULL},
	{"retweeted_status", SHAPE_OBJECT, NOWHERE, reposted},
	{"quoted_status_id_str", SHAPE_WORD, POST(quote_of), NULL},
	{"in_reply_to_screen_name", SHAPE_WORD, POST(to), NULL},
	{"in_reply_to_status_id_str", SHAPE_WORD, POST(parent_id), NULL},
	{0}};

void
decode_x_v11_number(
    struct json_walk *w, struct json_mark at, struct slice *out)
{
	struct json_mark here = json_walk_mark(w);

	json_walk_return(w, at);
	decode_field_id(w, out);
	json_walk_return(w, here);
}

static void
put_page(struct json_walk *w, struct post *p)
{
	char *to = w->scratch;

	p->url.data = to;
	to = decode_field_put(to, "https://x.com/");
	to = decode_field_paste(to, p->author_handle);
	to = decode_field_put(to, "/status/");
	to = decode_field_paste(to, p->id);
	p->url.len = (size_t)(to - p->url.data);
	w->scratch = to;
}

enum decode_result
decode_x_v11_finish(
    struct json_walk *w, struct post *p, const struct x_v11_status *s)
{
	p->source = SLICE("x");
	if (s->longest.data != NULL)
		p->text = s->longest;
	else if (s->full.data != NULL)
		p->text = s->full;
	if (p->id.data == NULL && s->numbered)
		decode_x_v11_number(w, s->number, &p->id);
	if (p->ts_ms == TIME_NONE)
		p->ts_ms = decode_field_clock(w, s->created);
	if (slice_is(p->lang, "und"))
		p->lang = SLICE_NONE;
	if (p->repost_of.data != NULL)
		p->kind = POST_REPOST;
	else if (p->parent_id.data != NULL)
		p->kind = POST_REPLY;
	else if (p->quote_of.data != NULL)
		p->kind = POST_QUOTE;
	if (p->id.data != NULL && p->author_handle.data != NULL)
		put_page(w, p);
	return decode_format_verdict(p);
}

static enum decode_result
read_known(const struct json_shape *shape, struct json_walk *w,
    struct post *p, bool *cut)
{
	struct x_v11_status s = {.number.at = JSON_NOWHERE,
	    .user.at = JSON_NOWHERE};

	if (!json_shape_read(shape, w, p, &s, cut))
		return w->result;
	s.numbered = s.number.at != JSON_NOWHERE;
	if (p->author_id.data == NULL && s.user.at != JSON_NOWHERE)
		decode_x_v11_number(w, s.user, &p->author_id);
	return decode_x_v11_finish(w, p, &s);
}

const struct decode_format decode_x_v11 = {
    decode_x_v11_post, status, read_known, NULL, NULL, NULL};
