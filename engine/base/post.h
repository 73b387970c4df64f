/*
 * One post as a decoder found it: slices into the batch, never copies.
 *
 * A worker has one struct post and fills it anew for each line.  A slice with
 * data == NULL means that the source did not say; POST_UNKNOWN the same for
 * numbers and TIME_NONE for times.  All text is valid UTF-8, JSON escapes
 * undone, HTML entities and case as they came.
 * Thread: the worker that decodes.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_POST_H
#define ENGINE_BASE_POST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/base/slice.h"

#define POST_UNKNOWN UINT64_MAX

enum post_kind {
	POST_POST,
	POST_REPLY,
	POST_REPOST,
	POST_QUOTE,
	POST_COMMENT,
	POST_ARTICLE,
	POST_REVIEW,
};

struct post_list {
	uint32_t count;
	struct slice items[POST_LIST_MAX]; /* further ones are dropped */
};

struct post {
	struct slice id, source;
	struct slice author_id, author_handle, author_name;
	struct slice title, text;
	struct slice lang, country, url;
	struct slice parent_id, root_id, repost_of, quote_of;
	struct slice channel; /* where in the source: a forum, a group */
	struct slice region, sentiment; /* as the source says them */
	struct slice to;      /* account that a reply answers, id or handle */
	int64_t ts_ms, seen_ms;                 /* TIME_NONE */
	int64_t event_ms; /* as the worker settled it; a decoder does not */
	uint64_t followers, reach;              /* POST_UNKNOWN */
	uint64_t likes, reposts, replies, views; /* POST_UNKNOWN */
	uint64_t rating;                   /* of a review; POST_UNKNOWN */
	/* of the account: whom it follows, lists it is on, what it wrote */
	uint64_t following, listed, posts; /* POST_UNKNOWN */
	int64_t author_created_ms;         /* TIME_NONE */
	struct post_list links, tags, mentions;
	enum post_kind kind;
	bool verified, edited, deleted;
	bool media; /* pictures, video, sound */
};

/** post_clear(post): everything unknown; O(fields), not O(lists). */
static inline void
post_clear(struct post *p)
{
	/* One by one: copied one from the other, each would wait for the last
	 * to leave the store buffer, and gcc makes of a memset a slow rep. */
	p->id = SLICE_NONE;
	p->source = SLICE_NONE;
	p->author_id = SLICE_NONE;
	p->author_handle = SLICE_NONE;
	p->author_name = SLICE_NONE;
	p->title = SLICE_NONE;
	p->text = SLICE_NONE;
	p->lang = SLICE_NONE;
	p->country = SLICE_NONE;
	p->url = SLICE_NONE;
	p->parent_id = SLICE_NONE;
	p->root_id = SLICE_NONE;
	p->repost_of = SLICE_NONE;
	p->quote_of = SLICE_NONE;
	p->channel = SLICE_NONE;
	p->region = SLICE_NONE;
	p->sentiment = SLICE_NONE;
	p->to = SLICE_NONE;
	p->ts_ms = p->seen_ms = p->event_ms = TIME_NONE;
	p->followers = p->reach = POST_UNKNOWN;
	p->likes = p->reposts = p->replies = p->views = POST_UNKNOWN;
	p->rating = p->following = p->listed = p->posts = POST_UNKNOWN;
	p->author_created_ms = TIME_NONE;
	p->links.count = p->tags.count = p->mentions.count = 0;
	p->kind = POST_POST;
	p->verified = p->edited = p->deleted = p->media = false;
}

/** post_author(p): the id if there is one, else the handle; may be NULL. */
static inline struct slice
post_author(const struct post *p)
{
	return p->author_id.data != NULL ? p->author_id : p->author_handle;
}

#endif
