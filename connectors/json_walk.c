/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_walk.h"

#include "connectors/json_unescape.h"
#include "engine/base/must.h"

/* What a failed walk stands on: a wrong byte, from which no function here
 * goes on, however often callers that have not looked yet step forward. */
static const uint32_t nowhere[16];
static const unsigned char nothing[16];
static const char no_bytes[32];

bool
json_walk_fail(
    struct json_walk *w, enum decode_result result, const char *reason)
{
	if (w->result != DECODE_POST)
		return false;
	w->result = result;
	w->reason = reason;
	w->error_at = json_walk_place(w);
	w->bytes = no_bytes;
	w->places = nowhere;
	w->kinds = nothing;
	w->at = 0;
	w->fresh = JSON_NOWHERE;
	return false;
}

bool
json_walk_open(struct json_walk *w)
{
	enum json_kind kind = json_walk_kind(w);

	if (kind != JSON_OBJECT && kind != JSON_ARRAY)
		return json_walk_fail(w, DECODE_BAD_JSON, "no value here");
	if (++w->depth > JSON_DEPTH_MAX)
		return json_walk_fail(w, DECODE_BAD_DEPTH, "nested too deep");
	w->fresh = ++w->at;
	if (json_walk_kind(w) == JSON_END)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (json_walk_kind(w) == JSON_COMMA)
		return json_walk_fail(w, DECODE_BAD_JSON, "comma too early");
	return true;
}

bool
json_walk_leave(struct json_walk *w, uint32_t at, enum json_kind close)
{
	w->at = at;
	if (json_walk_kind(w) == JSON_END)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (json_walk_kind(w) != close)
		return json_walk_fail(w, DECODE_BAD_JSON,
		    close == JSON_CLOSE_OBJECT
			? "no comma or closing brace here"
			: "no comma or closing bracket here");
	w->at++;
	w->depth--;
	return false;
}

bool
json_walk_bad_key(struct json_walk *w, uint32_t at)
{
	w->at = at;
	if (json_walk_kind(w) == JSON_END)
		return json_walk_fail(w, DECODE_BAD_JSON, "not closed");
	if (json_walk_kind(w) != JSON_STRING)
		return json_walk_fail(w, DECODE_BAD_JSON, "no key here");
	w->at++;
	return json_walk_fail(w, DECODE_BAD_JSON, "no colon behind a key");
}

/* Whether a value may begin like this. */
static bool
begins(enum json_kind kind)
{
	return (kind & JSON_SCALAR) != 0 || kind == JSON_OBJECT ||
	    kind == JSON_ARRAY;
}

bool
json_walk_item(struct json_walk *w)
{
	enum json_kind kind = json_walk_kind(w);

	if (kind == JSON_COMMA)
		w->at++;
	else if (w->at != w->fresh || kind == JSON_CLOSE_ARRAY ||
	    kind == JSON_END)
		return json_walk_leave(w, w->at, JSON_CLOSE_ARRAY);
	if (!begins(json_walk_kind(w)))
		return json_walk_fail(w, DECODE_BAD_JSON, "no value here");
	w->fresh = JSON_NOWHERE;
	return true;
}

uint32_t
json_walk_seek(const struct json_walk *w, uint32_t from)
{
	uint32_t word = from >> 6, last = w->len >> 6;
	uint64_t bits;

	if (from >= w->len)
		return w->len;
	bits = w->slash[word] >> (from & 63) << (from & 63);
	while (bits == 0) {
		if (++word > last || word << 6 >= w->len)
			return w->len;
		bits = w->slash[word];
	}
	return word << 6 | (uint32_t)__builtin_ctzll(bits);
}

/* Looks for the next backslash now: were the mark to hold an older place, it
 * would be looked for again at each return, over and over the same bytes. */
struct json_mark
json_walk_mark(struct json_walk *w)
{
	if (w->escape_at < json_walk_place(w))
		w->escape_at = json_walk_seek(w, json_walk_place(w));
	return (struct json_mark){w->at, w->escape_at, w->depth};
}

void
json_walk_return(struct json_walk *w, struct json_mark mark)
{
	if (w->result != DECODE_POST)
		return;
	w->at = mark.at;
	w->fresh = JSON_NOWHERE;
	w->escape_at = mark.escape_at;
	w->depth = mark.depth;
}

bool
json_walk_unescape(struct json_walk *w, struct slice *s)
{
	char *end;

	end = json_unescape(w->scratch, *s);
	if (end == NULL) {
		*s = SLICE_NONE;
		return json_walk_fail(w, DECODE_BAD_JSON, "no such escape");
	}
	*s = (struct slice){w->scratch, (size_t)(end - w->scratch)};
	w->scratch = end;
	return true;
}

bool
json_walk_key_slow(struct json_walk *w, struct slice *key)
{
	uint32_t start = (uint32_t)(key->data - w->bytes);

	if (w->escape_at < start)
		w->escape_at = json_walk_seek(w, start);
	return w->escape_at >= start + key->len || json_walk_unescape(w, key);
}

void
json_walk_skip_deep(struct json_walk *w)
{
	static const signed char steps[] = {[JSON_OBJECT] = 1, [JSON_ARRAY] = 1,
	    [JSON_CLOSE_OBJECT] = -1, [JSON_CLOSE_ARRAY] = -1, [JSON_END] = 0};
	int depth = 0, room = (int)(JSON_DEPTH_MAX - w->depth);
	uint32_t at = w->at;

	if (!begins(json_walk_kind(w))) {
		json_walk_fail(w, DECODE_BAD_JSON, "no value here");
		return;
	}
	do {
		unsigned char kind = w->kinds[at];

		if (kind == JSON_END) {
			w->at = at;
			json_walk_fail(w, DECODE_BAD_JSON, "not closed");
			return;
		}
		depth += steps[kind];
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
json_walk_trim(struct slice text)
{
	while (text.len > 0 && (text.data[text.len - 1] == ' ' ||
	    text.data[text.len - 1] == '\t' ||
	    text.data[text.len - 1] == '\r' ||
	    text.data[text.len - 1] == '\n'))
		text.len--;
	return text;
}
