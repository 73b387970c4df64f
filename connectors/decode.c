/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/decode.h"

#include <stdlib.h>

#include "connectors/decode_field.h"
#include "connectors/decode_laid.h"
#include "connectors/json_unescape.h"
#include "engine/base/must.h"

/* Bytes that are indexed at once, so that a bad line makes no more of them be
 * indexed one by one. */
#define PIECE_BYTES ((size_t)64 << 10)

/* The least of them, where the last line was read by a stencil: if only this
 * one is of another sort, the next ones need no index. */
#define PIECE_BYTES_MIN ((size_t)2 << 10)

/* Lines read by their shape between one lesson of stencils and the next; the
 * most, where no stencil ever fits. */
#define LESSON_REST 64u
#define LESSON_REST_MAX 8192u

#define BYTES_MAX ((size_t)BATCH_BYTES + LINE_BYTES_MAX)

/* Unescaped text is no longer than its line.  Names that a decoder makes up
 * (id and url of an event) take at most twice their line and 64 bytes, and
 * only for lines with at least that many. */
#define SCRATCH_BYTES (4 * BYTES_MAX + JSON_UNESCAPE_SLACK)

struct state {
	struct json_index *index;
	struct json_shapes *shapes;
	struct decode_laid laid;
	uint64_t known; /* lines read by their shape */
	uint64_t laid_lines; /* and those by a stencil */
	uint32_t rest, rested; /* between lessons; since the last one */
	size_t piece;   /* bytes of the next piece */
	char *scratch;
	bool slow; /* asked for: each line alone */

	const char *bytes;
	size_t len, at;
	size_t from, until; /* of the piece at ${at} */
	bool whole;         /* one index for its lines */
	uint32_t places;    /* whole: the number of the first one at ${at} */
	struct json_walk walk;
};

static void *
state_open(void)
{
	struct state *st = must_alloc(sizeof(*st));

	st->index = json_index_open(BYTES_MAX);
	st->shapes = json_shape_open();
	st->laid.stencils = json_stencil_open();
	st->rest = LESSON_REST;
	st->piece = PIECE_BYTES;
	st->scratch = must_alloc(SCRATCH_BYTES);
	/* No day is written like this. */
	memset(st->walk.day, 0xff, sizeof(st->walk.day));
	memset(st->walk.minute, 0xff, sizeof(st->walk.minute));
	return st;
}

static void
state_close(void *state)
{
	struct state *st = state;

	if (st == NULL)
		return;
	json_index_close(st->index);
	json_shape_close(st->shapes);
	json_stencil_close(st->laid.stencils);
	free(st->scratch);
	free(st);
}

void
decode_set_fast(void *state, bool on)
{
	((struct state *)state)->slow = !on;
}

uint64_t
decode_known_lines(const void *state)
{
	return ((const struct state *)state)->known;
}

uint64_t
decode_laid_lines(const void *state)
{
	return ((const struct state *)state)->laid_lines;
}

static void
state_begin(void *state, const char *bytes, size_t len)
{
	struct state *st = state;

	REQUIRE(len <= BYTES_MAX);
	st->bytes = bytes;
	st->len = len;
	st->at = st->until = 0;
	st->walk.scratch = st->scratch;
}

/* The piece of whole lines that begins at st->at. */
static void
open_piece(struct state *st)
{
	const char *start = st->bytes + st->at, *end = NULL;
	size_t left = st->len - st->at;

	if (left > st->piece) {
		end = memrchr(start, '\n', st->piece);
		if (end == NULL)
			end = memchr(start + st->piece, '\n',
			    left - st->piece);
	}
	if (st->piece < PIECE_BYTES)
		st->piece *= 2;
	st->from = st->at;
	st->until = end == NULL ? st->len : (size_t)(end + 1 - st->bytes);
	st->whole = !st->slow &&
	    json_index_run(st->index, start, st->until - st->at) ==
		JSON_INDEX_OK;
	st->places = 0;
	if (st->whole)
		json_walk_over(
		    &st->walk, start, json_index_places(st->index));
}

/* What the first stage says of a line alone. */
static enum decode_result
refuse(struct decode_line *line, enum json_index_result why)
{
	line->error_at = 0;
	switch (why) {
	case JSON_INDEX_BAD_UTF8:
		line->reason = "broken UTF-8";
		return DECODE_BAD_UTF8;
	case JSON_INDEX_UNCLOSED:
		line->reason = "a string that is not closed";
		return DECODE_BAD_JSON;
	default:
		line->reason = "a control character inside a string";
		return DECODE_BAD_JSON;
	}
}

static enum decode_result
decode_object(struct json_walk *w, struct post *post,
    const struct decode_format *known, struct decode_line *line)
{
	enum decode_result result;

	if (!decode_enter(w))
		return w->result;
	if (known == NULL) {
		struct json_walk first = *w;

		known = decode_recognise(w);
		*w = first;
	}
	post_clear(post);
	result = known->post(w, post, &line->lists_cut);
	if (w->result == DECODE_POST && json_walk_kind(w) != JSON_END)
		json_walk_fail(
		    w, DECODE_BAD_JSON, "more behind the end of the object");
	return w->result == DECODE_POST ? result : w->result;
}

/* Index the line alone; the walk is then of the line's bytes. */
static enum decode_result
next_alone(struct state *st, struct post *post,
    const struct decode_format *asked, struct decode_line *line)
{
	const char *start = st->bytes + st->at, *newline;
	size_t left = st->until - st->at;
	const struct json_places *places;
	enum json_index_result rc;
	enum decode_result result;

	newline = memchr(start, '\n', left);
	line->len = newline == NULL ? (uint32_t)left
				    : (uint32_t)(newline - start);
	st->at += line->len + (newline != NULL);
	rc = json_index_run(st->index, start, line->len);
	if (rc != JSON_INDEX_OK)
		return refuse(line, rc);
	places = json_index_places(st->index);
	if (places->count == 0)
		return DECODE_BLANK;
	json_walk_over(&st->walk, start, places);
	json_walk_start(&st->walk, 0);
	result = decode_object(&st->walk, post, asked, line);
	line->error_at = st->walk.error_at;
	line->reason = st->walk.reason;
	return result;
}

/* The format of a line, or NULL: it is not worth a shape. */
static const struct decode_format *
known_format(struct json_walk *w, const struct decode_format *asked)
{
	const struct decode_format *known = asked;
	struct json_walk first = *w;

	if (asked == NULL && decode_enter(w))
		known = decode_recognise(w);
	*w = first;
	return known == NULL || known->keys == NULL ? NULL : known;
}

/* A line of ${shape} was read that no stencil fitted, or none was laid on. */
static void
note_known(struct state *st, const struct json_shape *shape, uint32_t at,
    const struct decode_line *line, bool post)
{
	const struct decode_format *known = json_shape_format(shape);

	if (++st->rested < st->rest)
		return;
	st->rested = 0;
	if (st->rest < LESSON_REST_MAX)
		st->rest *= 2;
	json_stencil_learn(st->laid.stencils, shape, &st->walk, at,
	    line->at - (uint32_t)st->from, known->glance, post);
}

/* The line at w->at, by its shape if that is known. */
static enum decode_result
decode_known(struct state *st, struct post *post,
    const struct decode_format *asked, struct decode_line *line)
{
	struct json_walk *w = &st->walk;
	char *scratch = w->scratch;
	uint32_t at = w->at;
	const struct decode_format *known;
	const struct json_shape *shape;
	enum decode_result result;
	bool learn;

	shape = json_shape_find(st->shapes, w, asked, &learn);
	if (shape != NULL) {
		known = json_shape_format(shape);
		post_clear(post);
		result = known->known(shape, w, post, &line->lists_cut);
		if (w->result == DECODE_POST) {
			st->known++;
			note_known(st, shape, at, line,
			    result == DECODE_POST && !post->deleted &&
				!line->lists_cut);
			return result;
		}
		/* Once more, so that the first error is told. */
		json_walk_over(w, st->bytes + st->from,
		    json_index_places(st->index));
		json_walk_start(w, at);
		w->scratch = scratch;
		line->lists_cut = false;
	} else if (learn && (known = known_format(w, asked)) != NULL) {
		json_shape_learn(st->shapes, w, asked, known, known->keys);
	}
	return decode_object(w, post, asked, line);
}

/* The line by the places of its piece. */
static enum decode_result
next_whole(struct state *st, struct post *post,
    const struct decode_format *asked, struct decode_line *line)
{
	const struct json_places *places = json_index_places(st->index);
	struct json_walk *w = &st->walk;
	enum decode_result result = DECODE_BLANK;
	uint32_t end = st->places;

	if (places->kind[end] != JSON_END) {
		json_walk_start(w, end);
		result = decode_known(st, post, asked, line);
		if (w->result == DECODE_POST) {
			end = w->at;
		} else {
			line->error_at =
			    (uint32_t)st->from + w->error_at - line->at;
			line->reason = w->reason;
			json_walk_over(w, st->bytes + st->from, places);
			while (places->kind[end] != JSON_END)
				end++;
		}
	}
	st->places = end + 1;
	st->at = st->from + places->at[end];
	line->len = (uint32_t)st->at - line->at;
	st->at += end < places->count;
	return result;
}

/* The line at st->at without an index, by a stencil; false: none fits. */
static bool
next_laid(struct state *st, struct post *post,
    const struct decode_format *asked, struct decode_line *line,
    enum decode_result *result)
{
	if (!decode_laid_next(&st->laid, &st->walk, st->bytes + st->at,
		st->bytes + st->len, asked, post, &line->lists_cut, result))
		return false;
	st->known++;
	st->laid_lines++;
	st->rest = LESSON_REST;
	st->piece = PIECE_BYTES_MIN;
	st->at = st->until = (size_t)(st->laid.under.end - st->bytes);
	line->len = (uint32_t)st->at - 1 - line->at;
	return true;
}

static enum decode_result
next(struct state *st, struct post *post, const struct decode_format *asked,
    struct decode_line *line)
{
	enum decode_result result;
	bool open = st->at < st->until;

	if (!open && st->at == st->len)
		return DECODE_END;
	line->at = (uint32_t)st->at;
	line->error_at = 0;
	line->reason = NULL;
	line->lists_cut = false;
	st->laid.left = false;
	if (open || st->slow || !next_laid(st, post, asked, line, &result)) {
		if (!open)
			open_piece(st);
		result = st->whole ? next_whole(st, post, asked, line)
				   : next_alone(st, post, asked, line);
	}
	if (result == DECODE_BAD_EMPTY)
		line->reason = "no text, title or deletion";
	return result;
}

static void
state_spare(void *state, bool on)
{
	((struct state *)state)->laid.spare = on;
}

static void
state_rest(void *state, struct post *post)
{
	struct state *st = state;

	decode_laid_rest(&st->laid, &st->walk, post);
}

static void
state_name(void *state, struct post *post)
{
	struct state *st = state;

	decode_laid_name(&st->laid, &st->walk, post);
}

static enum decode_result
next_auto(void *state, struct post *post, struct decode_line *line)
{
	return next(state, post, NULL, line);
}

#define DECODER(name, a, b, alone, help) \
	static enum decode_result next_##name( \
	    void *state, struct post *post, struct decode_line *line) \
	{ \
		return next(state, post, &decode_##name, line); \
	}
#include "connectors/decoders.def"
#undef DECODER

const struct decoder decode_auto = {"auto", "each line by its own shape",
    state_open, state_close, state_begin, next_auto, state_spare, state_rest,
    state_name};

static const struct decoder formats[] = {
#define DECODER(name, a, b, alone, help) \
	{#name, help, state_open, state_close, state_begin, next_##name, \
	    state_spare, state_rest, state_name},
#include "connectors/decoders.def"
#undef DECODER
};

const struct decoder *
decode_list(unsigned i)
{
	if (i == 0)
		return &decode_auto;
	return i <= sizeof(formats) / sizeof(formats[0]) ? &formats[i - 1]
							  : NULL;
}

const struct decoder *
decode_find(const char *name)
{
	const struct decoder *d;

	for (unsigned i = 0; (d = decode_list(i)) != NULL; i++)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}
