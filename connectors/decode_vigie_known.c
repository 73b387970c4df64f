/*
 * Flat posts by known shapes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/decode_vigie.h"

/* What the fields of a post follow from. */
struct flat {
	struct slice author; /* where it is no object */
	struct slice kind;
	uint64_t followers; /* of an author who is one */
};

#define POST(field) false, offsetof(struct post, field)
#define FLAT(field) true, offsetof(struct flat, field)

static const struct json_shape_key author[] = {
	{"id", SHAPE_ID, POST(author_id), NULL},
	{"handle", SHAPE_WORD, POST(author_handle), NULL},
	{"name", SHAPE_WORD, POST(author_name), NULL},
	{"followers", SHAPE_COUNT, FLAT(followers), NULL},
	{"verified", SHAPE_FLAG, POST(verified), NULL},
	{"following", SHAPE_COUNT, POST(following), NULL},
	{"listed", SHAPE_COUNT, POST(listed), NULL},
	{"posts", SHAPE_COUNT, POST(posts), NULL},
	{"created", SHAPE_TIME, POST(author_created_ms), NULL},
	{0}};

static const struct json_shape_key tags[] = {
	{"", SHAPE_ADD, POST(tags), NULL}};

static const struct json_shape_key links[] = {
	{"", SHAPE_ADD, POST(links), NULL}};

static const struct json_shape_key mentions[] = {
	{"", SHAPE_ADD, POST(mentions), NULL}};

static const struct json_shape_key flat[] = {
	{"id", SHAPE_ID, POST(id), NULL},
	{"to", SHAPE_WORD, POST(to), NULL},
	{"ts", SHAPE_TIME, POST(ts_ms), NULL},
	{"url", SHAPE_WORD, POST(url), NULL},
	{"text", SHAPE_TEXT, POST(text), NULL},
	{"lang", SHAPE_WORD, POST(lang), NULL},
	{"kind", SHAPE_WORD, FLAT(kind), NULL},
	{"seen", SHAPE_TIME, POST(seen_ms), NULL},
	{"tags", SHAPE_LIST, POST(tags), tags},
	{"title", SHAPE_TEXT, POST(title), NULL},
	{"likes", SHAPE_COUNT, POST(likes), NULL},
	{"reach", SHAPE_COUNT, POST(reach), NULL},
	{"views", SHAPE_COUNT, POST(views), NULL},
	{"links", SHAPE_LIST, POST(links), links},
	{"media", SHAPE_ANY, POST(media), NULL},
	{"source", SHAPE_WORD, POST(source), NULL},
	{"author", SHAPE_NAME, FLAT(author), author},
	{"edited", SHAPE_FLAG, POST(edited), NULL},
	{"deleted", SHAPE_FLAG, POST(deleted), NULL},
	{"reposts", SHAPE_COUNT, POST(reposts), NULL},
	{"replies", SHAPE_COUNT, POST(replies), NULL},
	{"country", SHAPE_WORD, POST(country), NULL},
	{"channel", SHAPE_WORD, POST(channel), NULL},
	{"region", SHAPE_WORD, POST(region), NULL},
	{"rating", SHAPE_COUNT, POST(rating), NULL},
	{"sentiment", SHAPE_WORD, POST(sentiment), NULL},
	{"root_id", SHAPE_ID, POST(root_id), NULL},
	{"parent_id", SHAPE_ID, POST(parent_id), NULL},
	{"repost_of", SHAPE_ID, POST(repost_of), NULL},
	{"quote_of", SHAPE_ID, POST(quote_of), NULL},
	{"mentions", SHAPE_LIST, POST(mentions), mentions},
	{"followers", SHAPE_COUNT, POST(followers), NULL},
	{0}};

enum post_kind
decode_vigie_kind(struct slice word)
{
	static const char *const names[] = {"post", "reply", "repost", "quote",
	    "comment", "article", "review"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_is(word, names[i]))
			return (enum post_kind)i;
	return POST_POST;
}

static enum decode_result
read_known(const struct json_shape *shape, struct json_walk *w,
    struct post *p, bool *cut)
{
	struct flat f = {.followers = POST_UNKNOWN};

	if (!json_shape_read(shape, w, p, &f, cut))
		return w->result;
	if (f.author.data != NULL) {
		p->author_id = f.author;
		p->author_handle = f.author;
	}
	p->author_handle = decode_vigie_bare(p->author_handle);
	p->to = decode_vigie_bare(p->to);
	if (f.kind.data != NULL)
		p->kind = decode_vigie_kind(f.kind);
	if (p->followers == POST_UNKNOWN)
		p->followers = f.followers;
	return decode_format_verdict(p);
}

static const struct json_shape_key early[] = {
	{"text", SHAPE_TEXT, POST(text), NULL},
	{"title", SHAPE_TEXT, POST(title), NULL},
	{"ts", SHAPE_TIME, POST(ts_ms), NULL},
	{"seen", SHAPE_TIME, POST(seen_ms), NULL},
	{0}};

static const struct json_shape_key fixed[] = {{0}};

static const struct json_shape_key name[] = {
	{"id", SHAPE_ID, POST(id), NULL},
	{0}};

static const struct json_glance glance = {early, fixed, name};

static enum decode_result
read_early(struct json_walk *w, struct post *p)
{
	struct flat f = {.followers = POST_UNKNOWN};
	bool cut;

	return json_shape_read(NULL, w, p, &f, &cut) ? DECODE_POST : w->result;
}

static void
read_name(struct json_walk *w, struct post *p)
{
	struct flat f = {.followers = POST_UNKNOWN};
	bool cut;

	if (!json_shape_read(NULL, w, p, &f, &cut))
		p->id = SLICE_NONE;
}

const struct decode_format decode_vigie = {
    decode_vigie_post, flat, read_known, read_early, read_name, &glance};
