/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/worker.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/referee.h"

/* Times that a batch may grow its vectors without being counted. */
#define WARM_USES 16u

struct worker {
	struct ring in, out;
	const struct decoder *decoder;
	const struct job *job;
	const struct clock *clock;
	void *decoder_state;
	struct worker_ctx ctx;
	struct text text;
	struct post post;
	struct stages stages;
	uint64_t batches;
	int64_t lap_ns;
	bool sampled; /* this batch is timed */
	bool referee; /* judges in sequence order, on the loop */
};

/* Which counter of a batch a result of the decoder belongs to. */
static const enum counter result_counters[] = {
    [DECODE_POST] = COUNTER_posts_total,
    [DECODE_SKIP] = COUNTER_lines_skipped_total,
    [DECODE_BLANK] = COUNTER_lines_blank_total,
    [DECODE_BAD_JSON] = COUNTER_lines_bad_json_total,
    [DECODE_BAD_UTF8] = COUNTER_lines_bad_utf8_total,
    [DECODE_BAD_DEPTH] = COUNTER_lines_bad_depth_total,
    [DECODE_BAD_FIELD] = COUNTER_lines_bad_field_total,
    [DECODE_BAD_EMPTY] = COUNTER_lines_bad_empty_total,
};

struct worker *
worker_new(const struct decoder *decoder, const struct job *job,
    const struct clock *clock, uint32_t batches)
{
	/* The rings keep their ends on cache lines of their own. */
	struct worker *w = aligned_alloc(_Alignof(struct worker), sizeof(*w));

	REQUIRE(w != NULL);
	memset(w, 0, sizeof(*w));
	ring_init(&w->in, batches);
	ring_init(&w->out, batches);
	w->decoder = decoder;
	w->job = job;
	w->clock = clock;
	w->decoder_state = decoder->open();
	w->ctx.matcher = matcher_new();
	text_init(&w->text);
	return w;
}

void
worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	REQUIRE(ring_pop(&w->in) == NULL && ring_pop(&w->out) == NULL);
	ring_fini(&w->in);
	ring_fini(&w->out);
	w->decoder->close(w->decoder_state);
	matcher_free(w->ctx.matcher);
	text_fini(&w->text);
	free(w);
}

void
worker_give(struct worker *w, struct batch *b)
{
	batch_move(b, BATCH_INTAKE, BATCH_QUEUED);
	ring_push(&w->in, b);
}

struct batch *
worker_take_back(struct worker *w)
{
	struct batch *b = ring_pop(&w->out);

	REQUIRE(b == NULL || b->state == BATCH_DONE);
	return b;
}

bool
worker_done(const struct worker *w)
{
	return ring_holds(&w->out);
}

const struct stages *
worker_stages(const struct worker *w)
{
	return &w->stages;
}

static inline void
lap(struct worker *w, enum stage stage)
{
	int64_t now;

	if (!w->sampled)
		return;
	now = w->clock->tick_ns(w->clock->self);
	w->stages.ns[stage] += now - w->lap_ns;
	w->lap_ns = now;
}

static void
settle_time(struct worker *w, struct batch *b)
{
	struct worker_ctx *ctx = &w->ctx;

	ctx->flags = 0;
	ctx->t_ms = record_time(&w->post, b->arrival_ms, &ctx->flags);
	w->post.event_ms = ctx->t_ms;
	if (ctx->t_ms != TIME_NONE && ctx->t_ms > b->clock_ms)
		b->clock_ms = ctx->t_ms;
	if (ctx->flags & RECORD_UNTIMED)
		counters_bump(&b->counts, posts_untimed_total);
	if (ctx->flags & RECORD_FUTURE)
		counters_bump(&b->counts, posts_future_total);
}

/* One too many, and the regex rests from the next post on.  A worker knows
 * of those of this batch alone; the loop corrects it (referee_settle). */
static void
note_overrun(struct worker *w, struct batch *b, uint32_t regex)
{
	uint32_t n =
	    w->referee && b->benched != NULL ? b->benched->overruns[regex] : 0;

	*vec_push(&b->overruns, uint32_t) = regex;
	for (uint32_t i = 0; i < b->overruns.count; i++)
		n += *vec_at(&b->overruns, uint32_t, i) == regex;
	if (n >= REGEX_OVERRUNS_MAX)
		matcher_bench(w->ctx.matcher, regex);
}

static void
note_overruns(
    struct worker *w, struct batch *b, const struct verdict *verdict)
{
	for (uint32_t i = 0; i < verdict->overruns; i++)
		note_overrun(w, b, verdict->overrun_rules[i]);
	counters_bump_by(
	    &b->counts, regex_overruns_total, verdict->overruns);
}

/* What the job reads of the post, beside what was read of all of them. */
static inline void
read_rest(struct worker *w)
{
	const struct decoder *d = w->decoder;

	if (d->rest == NULL)
		return;
	if (w->job->matched)
		d->id(w->decoder_state, &w->post);
	else
		d->rest(w->decoder_state, &w->post);
}

/* Whether the job wants to see the post. */
static inline bool
is_wanted(
    const struct worker *w, const struct batch *b, const struct verdict *v)
{
	const struct job *job = w->job;
	const uint32_t *brands;

	if (job->matched)
		return v->matched;
	return v->hits_count + v->terms_count > 0 || w->post.deleted ||
	    job->every ||
	    (job->own && b->rules != NULL &&
		ruleset_owned(b->rules, &w->post, &brands) > 0);
}

static void
judge_post(struct worker *w, struct batch *b)
{
	static const struct verdict nothing;
	const struct verdict *verdict = &nothing;
	const struct post *post = &w->post;

	settle_time(w, b);
	if (post->deleted) {
		counters_bump(&b->counts, posts_deleted_total);
	} else if (b->rules != NULL) {
		text_fold(&w->text, post->title, post->text, TEXT_POST);
		if (w->text.cut)
			counters_bump(&b->counts, posts_text_cut_total);
		lap(w, STAGE_FOLD);
		verdict = rules_match(w->ctx.matcher, post, &w->text,
		    w->ctx.match_flags);
		lap(w, STAGE_MATCH);
		if (verdict->matched)
			counters_bump(&b->counts, posts_matched_total);
	}
	if (is_wanted(w, b, verdict)) {
		read_rest(w);
		w->job->post(
		    w->job->self, &w->ctx, b, post, &w->text, verdict);
	}
	if (verdict->overruns > 0)
		note_overruns(w, b, verdict);
	if (verdict->occurrences_cut)
		counters_bump(&b->counts, posts_occurrences_cut_total);
	lap(w, STAGE_REST);
}

static void
note_bad(struct batch *b, uint32_t line, enum decode_result result,
    const struct decode_line *at)
{
	struct bad_line bad = {
	    .line = line,
	    .at = at->at,
	    .error_at = at->error_at,
	    .result = result,
	    .reason = at->reason,
	};

	batch_note_bad(b, &bad, b->bytes + at->at, at->len);
}

/* How many of the batch's growing things have grown when called before and
 * after: what they hold now. */
static size_t
rooms(const struct batch *b)
{
	return b->records.room + b->shares.room + b->topics.room +
	    b->reasons.room + b->terms.room + b->tallies.room +
	    b->overruns.room + b->text.room + b->out.room;
}

static void
work_through(struct worker *w, struct batch *b)
{
	struct decode_line line = {0};
	enum decode_result result;
	uint32_t too_long =
	    (uint32_t)b->counts.values[COUNTER_lines_bad_too_long_total];

	w->decoder->begin(w->decoder_state, b->bytes, b->len);
	for (;;) {
		result = w->decoder->next(w->decoder_state, &w->post, &line);
		lap(w, STAGE_DECODE);
		if (result == DECODE_END)
			break;
		b->counts.values[result_counters[result]]++;
		w->ctx.line = b->lines++;
		if (result == DECODE_POST) {
			if (line.lists_cut)
				counters_bump(
				    &b->counts, posts_lists_cut_total);
			if (w->sampled)
				w->stages.posts++;
			judge_post(w, b);
		} else if (result >= DECODE_BAD_JSON) {
			note_bad(b, w->ctx.line, result, &line);
		}
	}
	/* An empty line stands for each one that was too long. */
	b->counts.values[COUNTER_lines_blank_total] -= too_long;
}

static void
begin(struct worker *w, const struct batch *b)
{
	w->ctx.rules = b->rules;
	w->ctx.match_flags = w->job->match_flags;
	if (w->decoder->spare != NULL)
		w->decoder->spare(w->decoder_state, !w->job->every &&
		    (b->rules == NULL ||
			!ruleset_asks(b->rules, w->job->own)));
	if (b->rules == NULL)
		return;
	matcher_fit(w->ctx.matcher, b->rules);
	matcher_bench_none(w->ctx.matcher);
	for (uint32_t i = 0; i < b->benched_count; i++)
		matcher_bench(w->ctx.matcher, b->benched->list[i]);
}

void
worker_again(struct worker *w, struct batch *b)
{
	REQUIRE(b->state == BATCH_DONE);
	batch_forget(b);
	if (b->benched != NULL)
		b->benched_count = b->benched->count;
	w->referee = true;
	w->sampled = false;
	begin(w, b);
	work_through(w, b);
}

bool
worker_step(struct worker *w)
{
	struct batch *b = ring_pop(&w->in);
	size_t before;

	if (b == NULL)
		return false;
	batch_move(b, BATCH_QUEUED, BATCH_WORKER);
	before = rooms(b);
	w->sampled = w->batches++ % SAMPLE_EVERY == 0;
	if (w->sampled)
		w->lap_ns = w->clock->tick_ns(w->clock->self);
	begin(w, b);
	work_through(w, b);
	if (++b->uses > WARM_USES && rooms(b) != before)
		counters_bump(&b->counts, worker_allocations_total);
	batch_move(b, BATCH_WORKER, BATCH_DONE);
	ring_push(&w->out, b);
	return true;
}
