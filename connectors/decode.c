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
	bool whole;       /* one index for all lines */
	uint32_t places;  /* whole: the number of the first one at ${at} */
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

	REQUIRE(len <= BYTES_MAX);
	st->bytes = bytes;
	st->len = len;
	st->at = 0;
	st->walk.scratch = st->scratch;
	st->whole = !st->slow &&
	    json_index_run(st->index, bytes, len) == JSON_INDEX_OK;
	st->places = 0;
	if (st->whole)
		json_walk_over(
		    &st->walk, bytes, json_index_places(st->index));
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

/* A byte order mark with nothing but blanks up to the first brace. */
static bool
has_mark(const struct json_walk *w)
{
	const char *p = w->bytes + w->places[w->at];
	const char *end = w->bytes + w->places[w->at + 1];

	if (w->kinds[w->at + 1] == JSON_END || end - p < 3 ||
	    memcmp(p, "\xef\xbb\xbf", 3) != 0)
		return false;
	for (p += 3; p < end; p++)
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
	if (json_walk_kind(w) != JSON_OBJECT)
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
decode_object(struct json_walk *w, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	enum decode_result result;

	if (!enter(w))
		return w->result;
	if (fn == NULL) {
		struct json_walk first = *w;

		fn = recognise(w);
		*w = first;
	}
	post_clear(post);
	result = fn(w, post, &line->lists_cut);
	if (w->result == DECODE_POST && json_walk_kind(w) != JSON_END)
		json_walk_fail(
		    w, DECODE_BAD_JSON, "more behind the end of the object");
	return w->result == DECODE_POST ? result : w->result;
}

/* Index the line alone; the walk is then of the line's bytes. */
static enum decode_result
next_alone(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	const char *start = st->bytes + st->at, *newline;
	size_t left = st->len - st->at;
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
	result = decode_object(&st->walk, post, fn, line);
	line->error_at = st->walk.error_at;
	line->reason = st->walk.reason;
	return result;
}

/* The line by the places of the whole batch. */
static enum decode_result
next_whole(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	const struct json_places *places = json_index_places(st->index);
	struct json_walk *w = &st->walk;
	enum decode_result result = DECODE_BLANK;
	uint32_t end = st->places;

	if (places->kind[end] != JSON_END) {
		json_walk_start(w, end);
		result = decode_object(w, post, fn, line);
		if (w->result == DECODE_POST) {
			end = w->at;
		} else {
			line->error_at = w->error_at - line->at;
			line->reason = w->reason;
			json_walk_over(w, st->bytes, places);
			while (places->kind[end] != JSON_END)
				end++;
		}
	}
	st->places = end + 1;
	line->len = places->at[end] - line->at;
	st->at = places->at[end] + (end < places->count);
	return result;
}

static enum decode_result
next(struct state *st, struct post *post, decode_post_fn *fn,
    struct decode_line *line)
{
	enum decode_result result;

	if (st->at == st->len)
		return DECODE_END;
	line->at = (uint32_t)st->at;
	line->error_at = 0;
	line->reason = NULL;
	line->lists_cut = false;
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
