/*
 * Jetstream by known shapes, and what follows from the fields of an event.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_jetstream.h"

#define POST(field) false, offsetof(struct post, field)
#define EVENT(field) true, offsetof(struct jetstream_event, field)
#define NOWHERE false, 0

static const struct json_shape_key langs[] = {
	{"", SHAPE_FIRST, POST(lang), NULL}};

static const struct json_shape_key tags[] = {
	{"", SHAPE_ADD, POST(tags), NULL}};

static const struct json_shape_key feature[] = {
	{"uri", SHAPE_ADD, POST(links), NULL},
	{"tag", SHAPE_ADD, POST(tags), NULL},
	{"did", SHAPE_ADD, POST(mentions), NULL},
	{0}};

static const struct json_shape_key features[] = {
	{"", SHAPE_OBJECT, NOWHERE, feature}};

static const struct json_shape_key facet[] = {
	{"features", SHAPE_ITEMS, NOWHERE, features},
	{0}};

static const struct json_shape_key facets[] = {
	{"", SHAPE_OBJECT, NOWHERE, facet}};

static const struct json_shape_key parent[] = {
	{"uri", SHAPE_WORD, POST(parent_id), NULL},
	{0}};

static const struct json_shape_key root[] = {
	{"uri", SHAPE_WORD, POST(root_id), NULL},
	{0}};

static const struct json_shape_key reply[] = {
	{"parent", SHAPE_REF, POST(parent_id), parent},
	{"root", SHAPE_REF, POST(root_id), root},
	{0}};

static const struct json_shape_key external[] = {
	{"uri", SHAPE_WORD, EVENT(link), NULL},
	{0}};

/* Quotes beside pictures, and media within, are left to the walk. */
static const struct json_shape_key quote[] = {
	{"uri", SHAPE_WORD, POST(quote_of), NULL},
	{"record", SHAPE_NEVER, NOWHERE, NULL},
	{0}};

static const struct json_shape_key embed[] = {
	{"external", SHAPE_REF, EVENT(link), external},
	{"images", SHAPE_SET, POST(media), NULL},
	{"video", SHAPE_SET, POST(media), NULL},
	{"record", SHAPE_OBJECT, NOWHERE, quote},
	{"media", SHAPE_NEVER, NOWHERE, NULL},
	{0}};

static const struct json_shape_key record[] = {
	{"text", SHAPE_TEXT, POST(text), NULL},
	{"createdAt", SHAPE_WORD, EVENT(created), NULL},
	{"langs", SHAPE_ITEMS, NOWHERE, langs},
	{"reply", SHAPE_OBJECT, NOWHERE, reply},
	{"embed", SHAPE_OBJECT, NOWHERE, embed},
	{"facets", SHAPE_ITEMS, NOWHERE, facets},
	{"tags", SHAPE_ITEMS, NOWHERE, tags},
	{0}};

static const struct json_shape_key commit[] = {
	{"operation", SHAPE_WORD, EVENT(operation), NULL},
	{"collection", SHAPE_WORD, EVENT(collection), NULL},
	{"rkey", SHAPE_WORD, EVENT(rkey), NULL},
	{"record", SHAPE_OBJECT, NOWHERE, record},
	{0}};

static const struct json_shape_key event[] = {
	{"did", SHAPE_WORD, EVENT(did), NULL},
	{"time_us", SHAPE_COUNT, EVENT(time_us), NULL},
	{"kind", SHAPE_WORD, EVENT(kind), NULL},
	{"commit", SHAPE_OBJECT, NOWHERE, commit},
	{"followers", SHAPE_COUNT, POST(followers), NULL},
	{0}};

/* Where the post is: at://did/collection/rkey. */
static void
put_id(struct json_walk *w, const struct jetstream_event *e, struct post *p)
{
	char *to = w->scratch;

	if (e->did.data == NULL || e->rkey.data == NULL)
		return;
	p->id.data = to;
	to = decode_field_put(to, "at://");
	to = decode_field_paste(to, e->did);
	to = decode_field_put(to, "/app.bsky.feed.post/");
	to = decode_field_paste(to, e->rkey);
	p->id.len = (size_t)(to - p->id.data);
	w->scratch = to;
}

/* And its page. */
static void
put_names(struct json_walk *w, const struct jetstream_event *e, struct post *p)
{
	char *to;

	put_id(w, e, p);
	if (p->id.data == NULL || p->deleted)
		return;
	to = w->scratch;
	p->url.data = to;
	to = decode_field_put(to, "https://bsky.app/profile/");
	to = decode_field_paste(to, e->did);
	to = decode_field_put(to, "/post/");
	to = decode_field_paste(to, e->rkey);
	p->url.len = (size_t)(to - p->url.data);
	w->scratch = to;
}

/* Who is answered: the account in at://ACCOUNT/collection/rkey. */
static struct slice
account_of(struct slice uri)
{
	const char *from = uri.data + 5, *end = NULL;

	if (uri.len > 5 && memcmp(uri.data, "at://", 5) == 0)
		end = memchr(from, '/', uri.len - 5);
	return end == NULL ? SLICE_NONE
			   : (struct slice){from, (size_t)(end - from)};
}

/* When it was written, which is in p->ts_ms or not said, and seen. */
static inline void
put_times(const struct jetstream_event *e, struct post *p)
{
	if (e->time_us <= INT64_MAX / 2)
		p->seen_ms = (int64_t)(e->time_us / 1000);
	if (p->ts_ms == TIME_NONE)
		p->ts_ms = p->seen_ms;
}

/* Of an event that is a post's. */
static inline __attribute__((always_inline)) enum decode_result
finish(struct json_walk *w, const struct jetstream_event *e, struct post *p)
{
	if (__builtin_expect(!decode_field_is(e->operation, "create"), 0)) {
		p->edited = decode_field_is(e->operation, "update");
		p->deleted = decode_field_is(e->operation, "delete");
		if (!p->edited && !p->deleted)
			return DECODE_SKIP;
	}
	p->source = SLICE("bluesky");
	p->author_id = e->did;
	put_names(w, e, p);
	put_times(e, p);
	if (p->parent_id.data != NULL) {
		p->kind = POST_REPLY;
		p->to = account_of(p->parent_id);
	} else if (p->quote_of.data != NULL) {
		p->kind = POST_QUOTE;
	}
	return decode_format_verdict(p);
}

enum decode_result
decode_jetstream_finish(
    struct json_walk *w, const struct jetstream_event *e, struct post *p)
{
	return decode_jetstream_skips(e) ? DECODE_SKIP : finish(w, e, p);
}

/* One by one: gcc clears the whole of it with a slow rep. */
void
decode_jetstream_clear(struct jetstream_event *e)
{
	e->did = SLICE_NONE;
	e->kind = SLICE_NONE;
	e->operation = SLICE_NONE;
	e->collection = SLICE_NONE;
	e->rkey = SLICE_NONE;
	e->created = SLICE_NONE;
	e->link = SLICE_NONE;
	e->time_us = POST_UNKNOWN;
	e->recorded = e->record_read = e->commit = false;
}

/* Where commit is no object, nothing says that it is a post. */
static enum decode_result
read_known(const struct json_shape *shape, struct json_walk *w,
    struct post *p, bool *cut)
{
	struct jetstream_event e;

	decode_jetstream_clear(&e);
	e.commit = true;
	if (!json_shape_read(shape, w, p, &e, cut))
		return w->result;
	if (decode_jetstream_skips(&e)) {
		*cut = false;
		return DECODE_SKIP;
	}
	p->ts_ms = decode_field_clock(w, e.created);
	decode_field_add(&p->links, e.link, cut);
	return finish(w, &e, p);
}

static const struct json_shape_key early[] = {
	{"text", SHAPE_TEXT, POST(text), NULL},
	{"createdAt", SHAPE_WORD, EVENT(created), NULL},
	{"time_us", SHAPE_COUNT, EVENT(time_us), NULL},
	{0}};

/* By these an event is that of a post. */
static const struct json_shape_key fixed[] = {
	{"kind", SHAPE_WORD, EVENT(kind), NULL},
	{"operation", SHAPE_WORD, EVENT(operation), NULL},
	{"collection", SHAPE_WORD, EVENT(collection), NULL},
	{0}};

static const struct json_shape_key name[] = {
	{"did", SHAPE_WORD, EVENT(did), NULL},
	{"rkey", SHAPE_WORD, EVENT(rkey), NULL},
	{0}};

static const struct json_glance glance = {early, fixed, name};

static enum decode_result
read_early(struct json_walk *w, struct post *p)
{
	struct jetstream_event e;
	bool cut;

	decode_jetstream_clear(&e);
	if (!json_shape_read(NULL, w, p, &e, &cut))
		return w->result;
	p->ts_ms = decode_field_clock(w, e.created);
	put_times(&e, p);
	return DECODE_POST;
}

static void
read_name(struct json_walk *w, struct post *p)
{
	struct jetstream_event e;
	bool cut;

	decode_jetstream_clear(&e);
	if (json_shape_read(NULL, w, p, &e, &cut))
		put_id(w, &e, p);
}

const struct decode_format decode_jetstream = {
    decode_jetstream_post, event, read_known, read_early, read_name, &glance};
