/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_walk.h"

#include "connectors/json_unescape.h"
#include "engine/base/must.h"

const unsigned char json_walk_kinds[256] = {
    ['"'] = JSON_STRING,
    ['-'] = JSON_NUMBER,
    ['0'] = JSON_NUMBER,
    ['1'] = JSON_NUMBER,
    ['2'] = JSON_NUMBER,
    ['3'] = JSON_NUMBER,
    ['4'] = JSON_NUMBER,
    ['5'] = JSON_NUMBER,
    ['6'] = JSON_NUMBER,
    ['7'] = JSON_NUMBER,
    ['8'] = JSON_NUMBER,
    ['9'] = JSON_NUMBER,
    ['t'] = JSON_TRUE,
    ['f'] = JSON_FALSE,
    ['n'] = JSON_NULL,
    ['{'] = JSON_OBJECT,
    ['['] = JSON_ARRAY,
};

/* What a failed walk stands on: a NUL byte, from which no function here goes
 * on, however often callers that have not looked yet step forward. */
static const uint32_t nowhere[16];
static const char nothing[32];

bool
json_walk_fail(
    struct json_walk *w, enum decode_result result, const char *reason)
{
	if (w->result != DECODE_POST)
		return false;
	w->result = result;
	w->reason = reason;
	w->error_at = *w->at < w->end ? *w->at : w->end;
	w->bytes = nothing;
	w->at = nowhere;
	w->fresh = NULL;
	return false;
}

bool
json_walk_open(struct json_walk *w)
{
	enum json_kind kind = json_walk_kind(w);

	if (*w->at >= w->end || (kind != JSON_OBJECT && kind != JSON_ARRAY))
		return json_walk_fail(w, DECODE_BAD_JSON, "no value here");
	if (++w->depth > JSON_DEPTH_MAX)
		return json_walk_fail(w, DECODE_BAD_DEPTH, "nested too deep");
	w->fresh = ++w->at;
	if (*w->at >= w->end)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (w->bytes[*w->at] == ',')
		return json_walk_fail(w, DECODE_BAD_JSON, "comma too early");
	return true;
}

bool
json_walk_leave(struct json_walk *w, const uint32_t *at, char close)
{
	w->at = at;
	if (*w->at >= w->end)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (w->bytes[*w->at] != close)
		return json_walk_fail(w, DECODE_BAD_JSON,
		    close == '}' ? "no comma or closing brace here"
				 : "no comma or closing bracket here");
	w->at++;
	w->depth--;
	return false;
}

bool
json_walk_bad_key(struct json_walk *w, const uint32_t *at)
{
	w->at = at;
	if (*w->at >= w->end)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (w->bytes[*w->at] != '"')
		return json_walk_fail(w, DECODE_BAD_JSON, "no key here");
	w->at++;
	if (*w->at >= w->end || w->bytes[*w->at] != ':')
		return json_walk_fail(
		    w, DECODE_BAD_JSON, "no colon behind a key");
	w->at++;
	return json_walk_fail(w, DECODE_BAD_JSON, "no value here");
}

bool
json_walk_item(struct json_walk *w)
{
	char c = w->bytes[*w->at];

	if (*w->at >= w->end)
		return json_walk_leave(w, w->at, ']');
	if (c == ',')
		w->at++;
	else if (w->at != w->fresh || c == ']')
		return json_walk_leave(w, w->at, ']');
	if (*w->at >= w->end || json_walk_kind(w) == JSON_WRONG)
		return json_walk_fail(w, DECODE_BAD_JSON, "no value here");
	w->fresh = NULL;
	return true;
}

/* The first backslash from ${from} on, or the end of the bytes. */
static uint32_t
seek_escape(const struct json_walk *w, uint32_t from)
{
	const char *p = memchr(w->bytes + from, '\\', w->len - from);

	return p == NULL ? w->len : (uint32_t)(p - w->bytes);
}

/* Looks for the next backslash now: were the mark to hold an older place, it
 * would be looked for again at each return, over and over the same bytes. */
struct json_mark
json_walk_mark(struct json_walk *w)
{
	if (w->escape_at < *w->at)
		w->escape_at = seek_escape(w, *w->at);
	return (struct json_mark){w->at, w->escape_at, w->depth};
}

void
json_walk_return(struct json_walk *w, struct json_mark mark)
{
	if (w->result != DECODE_POST)
		return;
	w->at = mark.at;
	w->fresh = NULL;
	w->escape_at = mark.escape_at;
	w->depth = mark.depth;
}

bool
json_walk_unescape(struct json_walk *w, struct slice *s)
{
	uint32_t start = (uint32_t)(s->data - w->bytes);
	char *end;

	if (w->escape_at < start)
		w->escape_at = seek_escape(w, start);
	if (w->escape_at >= start + s->len)
		return true;
	end = json_unescape(w->scratch, *s);
	if (end == NULL) {
		*s = SLICE_NONE;
		return json_walk_fail(w, DECODE_BAD_JSON, "no such escape");
	}
	*s = (struct slice){w->scratch, (size_t)(end - w->scratch)};
	w->scratch = end;
	return true;
}

void
json_walk_skip_deep(struct json_walk *w)
{
	static const signed char steps[256] = {
	    ['{'] = 1, ['['] = 1, ['}'] = -1, [']'] = -1};
	const uint32_t *at = w->at;
	int depth = 0, room = (int)(JSON_DEPTH_MAX - w->depth);

	if (json_walk_kind(w) == JSON_WRONG) {
		json_walk_fail(w, DECODE_BAD_JSON, "no value here");
		return;
	}
	do {
		if (*at >= w->end) {
			w->at = at;
			json_walk_fail(w, DECODE_BAD_JSON, "not closed");
			return;
		}
		depth += steps[(unsigned char)w->bytes[*at]];
		if (depth > room) {
			w->at = at;
			json_walk_fail(w, DECODE_BAD_DEPTH, "nested too deep");
			return;
		}
		at++;
	} while (depth != 0);
	w->at = at;
}

struct slice
json_walk_scalar(struct json_walk *w)
{
	const char *first = w->bytes + w->at[0];
	const char *last = w->bytes + w->at[1];

	while (last > first && (last[-1] == ' ' || last[-1] == '\t' ||
	    last[-1] == '\r' || last[-1] == '\n'))
		last--;
	w->at++;
	return (struct slice){first, (size_t)(last - first)};
}
