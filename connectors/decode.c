/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/decode.h"

#include <stdlib.h>

#include "connectors/decode_field.h"
#include "connectors/decode_format.h"
#include "connectors/json_unescape.h"
#include "engine/base/must.h"

#define BYTES_MAX ((size_t)BATCH_BYTES + LINE_BYTES_MAX)

/* Unescaped text is no longer than its line.  Names that a decoder makes up
 * (id and url of an event) take at most twice their line and 64 bytes, and
 * only for lines with at least that many. */
#define SCRATCH_BYTES (4 * BYTES_MAX + JSON_UNESCAPE_SLACK)

struct state {
	struct json_index *index;
	char *scratch;
	bool slow; /* asked for: each line alone */

	const char *bytes;
	size_t len, at;
	bool whole;             /* one index for all lines */
	const uint32_t *places; /* whole: of the line at ${at} */
	struct json_walk walk;
};

static void *
state_open(void)
{
	struct state *st = must_alloc(sizeof(*st));

	st->index = json_index_open(BYTES_MAX);
	st->scratch = must_alloc(SCRATCH_BYTES);
	return st;
}

static void
state_close(void *state)
{
	struct state *st = state;

	if (st == NULL)
		return;
	json_index_close(st->index);
	free(st->scratch);
	free(st);
}

void
decode_set_fast(void *state, bool on)
{
	((struct state *)state)->slow = !on;
}

static void
state_begin(void *state, const char *bytes, size_t len)
{
	struct state *st = state;
	uint32_t count;

	REQUIRE(len <= BYTES_MAX);
	st->bytes = bytes;
	st->len = len;
	st->at = 0;
	st->walk.scratch = st->scratch;
	st->whole = !st->slow &&
	    json_index_run(st->index, bytes, len) == JSON_INDEX_OK;
	if (st->whole) {
		st->places = json_index_places(st->index, &count);
		st->walk.len = (uint32_t)len;
		st->walk.escape_at = 0;
	}
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

/* The line to decode: from st->at to its newline or the end. */
static bool
take_line(struct state *st, struct decode_line *line)
{
	const char *start = st->bytes + st->at, *newline;
	size_t left = st->len - st->at;

	if (left == 0)
		return false;
	newline = memchr(start, '\n', left);
	line->at = (uint32_t)st->at;
	line->len = newline == NULL ? (uint32_t)left
				    : (uint32_t)(newline - start);
	line->error_at = 0;
	line->reason = NULL;
	line->lists_cut = false;
	st->at += line->len + (newline != NULL);
	return true;
}

/* A byte order mark with nothing but blanks up to the first brace. */
static bool
has_mark(const struct json_walk *w)
{
	const char *p = w->bytes + w->at[0];

	if (w->at[1] >= w->end || memcmp(p, "\xef\xbb\xbf", 3) != 0)
		return false;
	for (p += 3; p < w->bytes + w->at[1]; p++)
		if (*p != ' ' && *p != '\t' && *p != '\r')
			return false;
	return true;
}

/* Into the outer object. */
static bool
enter(struct json_walk *w)
{
	if (json_walk_kind(w) != JSON_OBJECT && has_mark(w))
		w->at++;
	if (*w->at >= w->end || json_walk_kind(w) != JSON_OBJECT)
		return json_walk_fail(
		    w, DECODE_BAD_JSON, "the line is not a JSON object");
	return json_walk_open(w);
}

/* Which format the line in ${w} has; the walk is left anywhere in it. */
static decode_post_fn *
recognise(struct json_walk *w)
{
	const uint64_t telling = 0
#define DECODER(name, a, b, alone, help) \
	| JSON_KEY(a) | JSON_KEY(b) | JSON_KEY(alone)
#include "connectors/decoders.def"
#undef DECODER
	    ;
	struct slice key;
	unsigned halves = 0, bit;

	while (json_walk_key(w, &key, telling)) {
		bit = 1;
#define DECODER(name, a, b, alone, help) \
	if (decode_field_is(key, a)) \
		halves |= bit; \
	if (decode_field_is(key, b)) \
		halves |= bit << 1; \
	if (decode_field_is(key, alone) || (halves / bit & 3) == 3) \
		return decode_##name##_post; \
	bit <<= 2;
#include "connectors/decoders.def"
#undef DECODER
		json_walk_skip(w);
	}
	return decode_vigie_post;
}

static enum decode_result
decode_object(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	struct json_walk *w = &st->walk;
	const char *bytes = w->bytes;
	char *scratch = w->scratch;
	uint32_t end = w->end;
	enum decode_result result;

	if (!enter(w))
		return w->result;
	if (fn == NULL) {
		struct json_mark first = json_walk_mark(w);

		fn = recognise(w);
		json_walk_start(w, bytes, first.at, end);
		w->scratch = scratch;
		w->escape_at = first.escape_at;
		w->depth = first.depth;
		w->fresh = first.at;
	}
	post_clear(post);
	result = fn(w, post, &line->lists_cut);
	if (w->result == DECODE_POST && *w->at < end)
		json_walk_fail(
		    w, DECODE_BAD_JSON, "more behind the end of the object");
	return w->result == DECODE_POST ? result : w->result;
}

/* Index the line alone; the walk is then of the line's bytes. */
static enum decode_result
next_alone(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	const char *bytes = st->bytes + line->at;
	enum json_index_result rc = json_index_run(st->index, bytes, line->len);
	const uint32_t *places;
	uint32_t count;
	enum decode_result result;

	if (rc != JSON_INDEX_OK)
		return refuse(line, rc);
	places = json_index_places(st->index, &count);
	if (count == 0)
		return DECODE_BLANK;
	st->walk.len = line->len;
	st->walk.escape_at = 0;
	json_walk_start(&st->walk, bytes, places, line->len);
	result = decode_object(st, post, fn, line);
	line->error_at = st->walk.error_at;
	line->reason = st->walk.reason;
	return result;
}

/* The line by the places of the whole batch. */
static enum decode_result
next_whole(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	uint32_t end = line->at + line->len;
	struct json_walk *w = &st->walk;
	const uint32_t *places = st->places;
	enum decode_result result;

	if (*places >= end)
		return DECODE_BLANK;
	json_walk_start(w, st->bytes, places, end);
	result = decode_object(st, post, fn, line);
	if (w->result == DECODE_POST) {
		st->places = w->at;
		return result;
	}
	line->error_at = w->error_at - line->at;
	line->reason = w->reason;
	while (*places < end)
		places++;
	st->places = places;
	return result;
}

static enum decode_result
next(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	enum decode_result result;

	if (!take_line(st, line))
		return DECODE_END;
	result = st->whole ? next_whole(st, post, fn, line)
			   : next_alone(st, post, fn, line);
	if (result == DECODE_BAD_EMPTY)
		line->reason = "no text, title or deletion";
	return result;
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
		return next(state, post, decode_##name##_post, line); \
	}
#include "connectors/decoders.def"
#undef DECODER

const struct decoder decode_auto = {"auto", "each line by its own shape",
    state_open, state_close, state_begin, next_auto};

static const struct decoder formats[] = {
#define DECODER(name, a, b, alone, help) \
	{#name, help, state_open, state_close, state_begin, next_##name},
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
