/*
 * An example post of hit: or miss: a text, or a map of a post's fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

#include "rules/files.h"

enum part { TEXT, HANDLE, NUMBER, TIME, FLAG, MEDIA, KIND, LIST, AUTHOR };

static const char *const keys[] = {"text", "title", "id", "source", "channel",
    "kind", "lang", "country", "url", "links", "tags", "mentions", "media",
    "author", "followers", "verified", "to", "reach", "likes", "reposts",
    "replies", "views", "ts", "seen", "parent_id", "root_id", "repost_of",
    "quote_of", "edited", "region", "sentiment", "rating", "following",
    "listed", "posts", "created", NULL};

#define AT(field) offsetof(struct post, field)

/* In the order of the keys. */
static const struct {
	enum part part;
	size_t at;
} rows[] = {{TEXT, AT(text)}, {TEXT, AT(title)}, {TEXT, AT(id)},
    {TEXT, AT(source)}, {TEXT, AT(channel)}, {KIND, 0}, {TEXT, AT(lang)},
    {TEXT, AT(country)}, {TEXT, AT(url)}, {LIST, AT(links)}, {LIST, AT(tags)},
    {LIST, AT(mentions)}, {MEDIA, AT(media)}, {AUTHOR, 0},
    {NUMBER, AT(followers)}, {FLAG, AT(verified)}, {HANDLE, AT(to)},
    {NUMBER, AT(reach)}, {NUMBER, AT(likes)}, {NUMBER, AT(reposts)},
    {NUMBER, AT(replies)}, {NUMBER, AT(views)}, {TIME, AT(ts_ms)},
    {TIME, AT(seen_ms)}, {TEXT, AT(parent_id)}, {TEXT, AT(root_id)},
    {TEXT, AT(repost_of)}, {TEXT, AT(quote_of)}, {FLAG, AT(edited)},
    {TEXT, AT(region)}, {TEXT, AT(sentiment)}, {NUMBER, AT(rating)},
    {NUMBER, AT(following)}, {NUMBER, AT(listed)}, {NUMBER, AT(posts)},
    {TIME, AT(author_created_ms)}};

#undef AT

static struct slice
bare(struct slice handle)
{
	if (handle.len > 1 && handle.data[0] == '@') {
		handle.data++;
		handle.len--;
	}
	return handle;
}

static void
read_number(struct files *f, const struct yaml *node, uint64_t *out)
{
	struct slice t;
	uint64_t v = 0;

	if (!files_value_text(f, node, &t))
		return;
	for (size_t i = 0; i < t.len; i++) {
		if (t.data[i] < '0' || t.data[i] > '9' || i == 18) {
			files_value_error(f, node, "bad-number",
			    "write digits only", "this is no whole number");
			return;
		}
		v = v * 10 + (uint64_t)(t.data[i] - '0');
	}
	*out = v;
}

static void
read_time(struct files *f, const struct yaml *node, int64_t *out)
{
	struct slice t;

	if (files_value_text(f, node, &t) && !clock_parse(t, out))
		files_value_error(f, node, "bad-time",
		    "write it as '2010-03-17T09:05:00Z'", "this is no time");
}

static void
read_flag(struct files *f, const struct yaml *node, bool *out)
{
	struct slice t;

	if (!files_value_text(f, node, &t))
		return;
	*out = slice_is(t, "true");
	if (!*out && !slice_is(t, "false"))
		files_value_error(f, node, "bad-value", "write true or false",
		    "this is neither true nor false");
}

static void
read_kind(struct files *f, const struct yaml *node, enum post_kind *out)
{
	struct slice t;
	const char *word;

	if (!files_value_text(f, node, &t))
		return;
	for (unsigned i = 0;
	     (word = field_word(FIELD_TYPE_KIND, i)) != NULL; i++)
		if (slice_is(t, word)) {
			*out = (enum post_kind)i;
			return;
		}
	files_value_error(f, node, "bad-value",
	    "post, reply, repost, quote, comment, article or review",
	    "there is no such kind of post");
}

static void
read_list(struct files *f, const struct yaml *node, struct post_list *out)
{
	const struct yaml *v = node->kind == YAML_LIST ? node->first : node;

	while (v != NULL && out->count < POST_LIST_MAX) {
		if (files_value_text(f, v, &out->items[out->count]))
			out->count++;
		v = node->kind == YAML_LIST ? v->next : NULL;
	}
}

/* A plain author is an account by its handle. */
static void
read_author(struct files *f, const struct yaml *node, struct post *p)
{
	static const char *const known[] = {
	    "id", "handle", "name", "followers", "verified", NULL};
	const struct yaml *v;

	if (node->kind == YAML_SCALAR) {
		if (files_value_text(f, node, &p->author_handle))
			p->author_id = p->author_handle =
			    bare(p->author_handle);
		return;
	}
	if (!files_value_keys(f, node, "an author", known))
		return;
	if ((v = yaml_get(node, "id")) != NULL)
		files_value_text(f, v, &p->author_id);
	if ((v = yaml_get(node, "handle")) != NULL &&
	    files_value_text(f, v, &p->author_handle))
		p->author_handle = bare(p->author_handle);
	if ((v = yaml_get(node, "name")) != NULL)
		files_value_text(f, v, &p->author_name);
	if ((v = yaml_get(node, "followers")) != NULL)
		read_number(f, v, &p->followers);
	if ((v = yaml_get(node, "verified")) != NULL)
		read_flag(f, v, &p->verified);
}

static void
read_part(struct files *f, const struct yaml *v, size_t row, struct post *p)
{
	void *at = (char *)p + rows[row].at;

	switch (rows[row].part) {
	case TEXT:
		files_value_text(f, v, at);
		break;
	case HANDLE:
		if (files_value_text(f, v, at))
			*(struct slice *)at = bare(*(struct slice *)at);
		break;
	case NUMBER:
		read_number(f, v, at);
		break;
	case TIME:
		read_time(f, v, at);
		break;
	case MEDIA:
		if (v->kind == YAML_LIST)
			p->media = v->count > 0;
		else
			read_flag(f, v, &p->media);
		break;
	case FLAG:
		read_flag(f, v, at);
		break;
	case KIND:
		read_kind(f, v, &p->kind);
		break;
	case LIST:
		read_list(f, v, at);
		break;
	case AUTHOR:
		read_author(f, v, p);
		break;
	}
}

static bool
read_post(struct files *f, const struct yaml *node, struct example *out)
{
	unsigned errors = diag_errors(f->diag);
	struct post *p;

	if (!files_value_keys(f, node, "an example post", keys) ||
	    diag_errors(f->diag) != errors)
		return false;
	p = arena_alloc(f->decls->arena, sizeof(*p));
	post_clear(p);
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		for (size_t i = 0; keys[i] != NULL; i++)
			if (slice_is(v->key, keys[i]) && !v->broken)
				read_part(f, v, i, p);
	if (p->text.data == NULL && p->title.data == NULL) {
		files_value_error(f, node, "missing-key",
		    "write {text: 'what the post says', ...}",
		    "an example post needs a text");
		return false;
	}
	out->text = p->text;
	out->post = p;
	out->place = node->place;
	return true;
}

bool
files_example(struct files *f, const struct yaml *node, struct example *out)
{
	*out = (struct example){0};
	if (node->kind == YAML_MAP)
		return read_post(f, node, out);
	node = files_value_scalar(f, node);
	if (node == NULL || !files_value_text(f, node, &out->text))
		return false;
	out->place = node->place;
	return true;
}
