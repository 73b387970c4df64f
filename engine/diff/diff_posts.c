/*
 * A post judged by both sets.  A worker leaves in batch->out, for each post
 * of which either set has something to say, a struct left and its hits; where
 * the sets differ, also the words to show.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "engine/diff/diff.h"
#include "engine/emit.h"
#include "engine/record_job.h"

/* Matchers: the workers', the caller's and the referee's. */
#define SLOTS (WORKERS_MAX + 4u)

/* Bytes that are shown of a post, and of those before what decided. */
#define SHOWN_BYTES 240u
#define BEFORE_BYTES 80u

struct diff_matchers {
	struct {
		_Atomic(const struct matcher *) key; /* of the old set */
		struct matcher *mine;
	} slots[SLOTS];
	atomic_uint used;
};

/* In batch->out; unaligned, copied in and out. */
struct left {
	int64_t score_milli[DIFF_SIDES];
	uint32_t hits, id_len, text_len;
	bool matched[DIFF_SIDES];
};

struct left_hit {
	uint32_t row, brand; /* of rows; RULES_NONE: for no brand */
	uint8_t sides;       /* bits */
	uint8_t spans_count; /* of the side that has it alone */
	struct span spans[SPANS_MAX];
};

void
diff_posts_new(struct diff *d)
{
	d->matchers = must_alloc(sizeof(*d->matchers));
}

void
diff_posts_free(struct diff *d)
{
	unsigned used = atomic_load(&d->matchers->used);

	for (unsigned i = 0; i < used; i++)
		matcher_free(d->matchers->slots[i].mine);
	free(d->matchers);
}

/* The second matcher of the worker whose first one is ${key}. */
static struct matcher *
second(struct diff *d, const struct matcher *key)
{
	struct diff_matchers *m = d->matchers;
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (atomic_load(&m->slots[i].key) == key)
			return m->slots[i].mine;
	i = atomic_fetch_add(&m->used, 1);
	REQUIRE(i < SLOTS);
	m->slots[i].mine = matcher_new();
	matcher_fit(m->slots[i].mine, d->rules[DIFF_NEW]);
	atomic_store(&m->slots[i].key, key);
	return m->slots[i].mine;
}

static void
key_of(const struct diff_rows *rows, enum diff_side side, const struct hit *hit,
    struct left_hit *out)
{
	out->row = rows->of[side][hit->kind][hit->index];
	out->brand = hit->kind != HIT_RULE || hit->brand == RULES_NONE
	    ? RULES_NONE
	    : rows->of[side][HIT_BRAND][hit->brand];
}

static const struct hit *
find(const struct diff_rows *rows, enum diff_side side,
    const struct verdict *v, const struct left_hit *key)
{
	struct left_hit other = {0};

	for (uint32_t i = 0; i < v->hits_count; i++) {
		key_of(rows, side, &v->hits[i], &other);
		if (other.row == key->row && other.brand == key->brand)
			return &v->hits[i];
	}
	return NULL;
}

/* Hits of ${side}; those of both once, with the old ones.  Returns how many
 * are of one side alone. */
static uint32_t
put_hits(struct diff *d, struct buf *out, enum diff_side side,
    const struct verdict *const v[DIFF_SIDES], uint32_t *count)
{
	enum diff_side other = side == DIFF_OLD ? DIFF_NEW : DIFF_OLD;
	uint32_t alone = 0;

	for (uint32_t i = 0; i < v[side]->hits_count; i++) {
		const struct hit *hit = &v[side]->hits[i];
		struct left_hit put = {.sides = (uint8_t)(1u << side)};

		key_of(&d->rows, side, hit, &put);
		if (find(&d->rows, other, v[other], &put) != NULL) {
			if (side == DIFF_NEW)
				continue;
			put.sides = 3;
		} else {
			alone++;
			put.spans_count = hit->spans_count;
			if (hit->spans_count > 0)
				memcpy(put.spans, hit->spans,
				    hit->spans_count * sizeof(*put.spans));
		}
		buf_put(out, &put, sizeof(put));
		(*count)++;
	}
	return alone;
}

static void
put_post(struct diff *d, struct buf *out, const struct post *post,
    const struct verdict *const v[DIFF_SIDES])
{
	struct left left = {0};
	size_t at = out->len, id;
	uint32_t alone = 0;

	for (int side = 0; side < DIFF_SIDES; side++) {
		left.score_milli[side] = v[side]->score_milli;
		left.matched[side] = v[side]->matched;
	}
	buf_put(out, &left, sizeof(left));
	alone += put_hits(d, out, DIFF_OLD, v, &left.hits);
	alone += put_hits(d, out, DIFF_NEW, v, &left.hits);
	if (alone > 0) {
		struct slice text =
		    post->text.len > 0 ? post->text : post->title;

		id = out->len;
		emit_id(out, post);
		left.id_len = (uint32_t)(out->len - id);
		left.text_len = (uint32_t)text.len;
		buf_slice_put(out, text);
	}
	memcpy(out->data + at, &left, sizeof(left));
}

static void
judge_both(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	struct diff *d = self;
	const struct verdict *v[DIFF_SIDES];

	if (verdict->hits_count + verdict->terms_count > 0 || post->deleted)
		record_job().post(NULL, ctx, batch, post, text, verdict);
	if (post->deleted)
		return;
	v[DIFF_OLD] = verdict;
	v[DIFF_NEW] = rules_match(second(d, ctx->matcher), post, text,
	    ctx->match_flags | MATCH_MENTIONS);
	if (v[DIFF_OLD]->hits_count + v[DIFF_NEW]->hits_count == 0)
		return;
	/* Again for the words of brands alone: records are made without. */
	if (!v[DIFF_OLD]->matched && v[DIFF_OLD]->hits_count > 0)
		v[DIFF_OLD] = rules_match(ctx->matcher, post, text,
		    ctx->match_flags | MATCH_MENTIONS);
	put_post(d, &batch->out, post, v);
}

struct job
diff_job(struct diff *d)
{
	struct job job = record_job();

	job.post = judge_both;
	job.self = d;
	job.every = true;
	job.match_flags &= ~(unsigned)MATCH_UNSCORED;
	return job;
}

/* ---- on the loop -------------------------------------------------------- */

/* From ${at} back or on to where a character begins. */
static uint32_t
whole(struct slice text, size_t at)
{
	if (at >= text.len)
		return (uint32_t)text.len;
	while (at > 0 && (text.data[at] & 0xc0) == 0x80)
		at--;
	return (uint32_t)at;
}

static void
put_plain(struct buf *out, struct slice text, uint32_t from, uint32_t to)
{
	buf_plain(out, (struct slice){text.data + from, to - from});
}

static void
keep_example(struct diff *d, struct diff_row *row, enum diff_side side,
    const struct left *left, const struct left_hit *hit, const char *id,
    struct slice text)
{
	struct diff_example *e;
	uint32_t first = hit->spans_count > 0 ? hit->spans[0].start : 0;
	uint32_t from, to, at;

	if (row->examples_count[side] >= d->examples_max)
		return;
	row->examples[side] = must_grow(row->examples[side],
	    (row->examples_count[side] + 1) * sizeof(*e));
	e = &row->examples[side][row->examples_count[side]++];
	*e = (struct diff_example){.spans_count = 0};
	memcpy(e->score_milli, left->score_milli, sizeof(e->score_milli));
	buf_put(&e->id, id, left->id_len);
	from = text.len <= SHOWN_BYTES || first <= BEFORE_BYTES
	    ? 0
	    : whole(text, first - BEFORE_BYTES);
	to = whole(text, from + SHOWN_BYTES);
	at = from;
	if (from > 0)
		buf_text(&e->text, "\xe2\x80\xa6");
	e->spans = must_alloc((hit->spans_count + 1u) * sizeof(*e->spans));
	for (uint32_t i = 0; i < hit->spans_count; i++) {
		struct span s = hit->spans[i];

		if (s.start < at || s.end > to)
			continue;
		put_plain(&e->text, text, at, s.start);
		at = s.end;
		/* Where it stands in what is shown, which may be shorter. */
		s.end = s.start;
		s.start = (uint32_t)e->text.len;
		put_plain(&e->text, text, s.end, at);
		s.end = (uint32_t)e->text.len;
		e->spans[e->spans_count++] = s;
	}
	put_plain(&e->text, text, at, to);
	if (to < text.len)
		buf_text(&e->text, "\xe2\x80\xa6");
}

static void
count_hit(struct diff *d, const struct left *left, const struct left_hit *hit,
    const char *id, struct slice text)
{
	struct diff_row *row = &d->rows.rows[hit->row];

	for (int side = 0; side < DIFF_SIDES; side++) {
		if ((hit->sides & 1 << side) == 0)
			continue;
		row->hits[side]++;
		if (hit->sides == 3)
			continue;
		row->changed[side]++;
		keep_example(
		    d, row, (enum diff_side)side, left, hit, id, text);
	}
}

static void
count_post(struct diff *d, const struct left *left)
{
	for (int side = 0; side < DIFF_SIDES; side++) {
		d->matched[side] += left->matched[side];
		d->changed[side] +=
		    left->matched[side] && !left->matched[!side];
	}
	if (left->matched[DIFF_OLD] && left->matched[DIFF_NEW]) {
		d->score_up += left->score_milli[DIFF_NEW] >
		    left->score_milli[DIFF_OLD];
		d->score_down += left->score_milli[DIFF_NEW] <
		    left->score_milli[DIFF_OLD];
	}
}

void
diff_posts_batch(struct diff *d, const struct batch *batch)
{
	const char *p = batch->out.data;
	const char *end = p + batch->out.len;

	while (p < end) {
		const char *hits, *id;
		struct left left;

		memcpy(&left, p, sizeof(left));
		hits = p + sizeof(left);
		id = hits + left.hits * sizeof(struct left_hit);
		p = id + left.id_len + left.text_len;
		count_post(d, &left);
		for (uint32_t i = 0; i < left.hits; i++) {
			struct left_hit hit;

			memcpy(&hit, hits + i * sizeof(hit), sizeof(hit));
			count_hit(d, &left, &hit, id,
			    (struct slice){id + left.id_len, left.text_len});
		}
	}
}
