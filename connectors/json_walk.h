/*
 * Forward over one JSON line by the places of its structural index.
 *
 * A reader enters objects and arrays, is given their keys and items in order,
 * and consumes each value exactly once, by reading or by skipping it:
 *
 *	json_walk_open(w);
 *	while (json_walk_key(w, &key, JSON_KEY_ANY))
 *		json_walk_skip(w);
 *
 * What is entered or read is checked to the letter of RFC 8259.  What is
 * skipped is not: brackets must balance in number, not in kind, and words and
 * numbers in there may be anything.  The first error ends all loops: the walk
 * then stands on nothing, every call returns false, and ${result}, ${reason}
 * and ${error_at} tell.
 *
 * Strings are slices of the bytes where they have no backslash, else of the
 * scratch, unescaped.  A surrogate without its other half becomes U+FFFD;
 * \u0000 is a NUL byte.  Keys are given unescaped.
 * Thread: one at a time.  Owns: nothing.  Never: allocates, recurses, reads
 * more than 16 bytes behind the end of the bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_WALK_H
#define CONNECTORS_JSON_WALK_H

#include "connectors/json_index.h"
#include "engine/decoder.h"

struct json_laid;

struct json_walk {
	const char *bytes;
	const uint32_t *places;
	const unsigned char *kinds;
	uint32_t at;        /* the place to look at next, by its number */
	uint32_t fresh;     /* the first one in what was entered last */
	uint32_t escape_at; /* a backslash; no key between here and there */
	uint32_t depth;
	const uint64_t *slash;
	uint32_t len;  /* of ${bytes} */
	char *scratch; /* next free byte; room for all of the line is there */
	const struct json_laid *laid; /* the line lies under it; else NULL */
	/* What decode_field_clock read last: its midnight and its minute, and
	 * how those were written. */
	int64_t day_ms, minute_ms;
	char day[10], minute[16];
	enum decode_result result; /* DECODE_POST until something is wrong */
	uint32_t error_at;         /* in ${bytes} */
	const char *reason;
};

/* No place has this number. */
#define JSON_NOWHERE UINT32_MAX

/** json_walk_over(w, bytes, places): of which index the next walks are; keeps
 * the scratch. */
static inline void
json_walk_over(
    struct json_walk *w, const char *bytes, const struct json_places *places)
{
	w->bytes = bytes;
	w->places = places->at;
	w->kinds = places->kind;
	w->slash = places->slash;
	w->len = places->len;
	w->escape_at = 0;
}

/** json_walk_start(w, at): stand before the value with the number ${at}; the
 * line ends at the next place of kind JSON_END. */
static inline void
json_walk_start(struct json_walk *w, uint32_t at)
{
	w->at = at;
	w->fresh = JSON_NOWHERE;
	w->depth = 0;
	w->result = DECODE_POST;
	w->reason = NULL;
	w->error_at = 0;
}

/** json_walk_fail(w, result, reason): the first one counts; returns false. */
bool json_walk_fail(
    struct json_walk *w, enum decode_result result, const char *reason);

/** json_walk_open(w): enter what is here, which is an object or an array. */
bool json_walk_open(struct json_walk *w);

/* A value of this line to come back to. */
struct json_mark {
	uint32_t at, escape_at, depth;
};

/** json_walk_mark(w): the value here. */
struct json_mark json_walk_mark(struct json_walk *w);

/** json_walk_return(w, mark): to a value that was skipped, or on to where
 * the walk was.  Does nothing after an error. */
void json_walk_return(struct json_walk *w, struct json_mark mark);

/** json_walk_item(w): to the next item of this array; false: it is over. */
bool json_walk_item(struct json_walk *w);

/* The rare ends of the inline functions below. */
bool json_walk_leave(struct json_walk *w, uint32_t at, enum json_kind close);
bool json_walk_bad_key(struct json_walk *w, uint32_t at);
bool json_walk_unescape(struct json_walk *w, struct slice *s);
/* The first backslash from ${from} on, or the end of the bytes. */
uint32_t json_walk_seek(const struct json_walk *w, uint32_t from);
/* Of a string that w->escape_at does not reach beyond. */
bool json_walk_key_slow(struct json_walk *w, struct slice *key);
void json_walk_skip_deep(struct json_walk *w);

/** json_walk_kind(w): of what is here. */
static inline enum json_kind
json_walk_kind(const struct json_walk *w)
{
	return (enum json_kind)w->kinds[w->at];
}

/** json_walk_place(w): where that stands in the bytes. */
static inline uint32_t
json_walk_place(const struct json_walk *w)
{
	return w->places[w->at];
}

/* The string that begins at ${at}: up to the last quote before ${next}. */
static inline struct slice
json_walk_between(const char *bytes, uint32_t at, uint32_t next)
{
	const char *first = bytes + at + 1;
	const char *last = bytes + next - 1;

	while (__builtin_expect(*last != '"', 0))
		last--;
	return (struct slice){first, (size_t)(last - first)};
}

/* The string at this place. */
static inline struct slice
json_walk_quoted(const struct json_walk *w, uint32_t at)
{
	return json_walk_between(w->bytes, w->places[at], w->places[at + 1]);
}

/*
 * Keys that a reader looks for are sieved by a word of 64 bits before they
 * are compared: JSON_KEY("text") is the bit of that key.
 */
#define JSON_KEY_BIT(first, len) \
	(UINT64_C(1) << (((unsigned char)(first) * 5u + (unsigned)(len)) & 63))
#define JSON_KEY(lit) JSON_KEY_BIT((lit)[0], sizeof(lit) - 1)
#define JSON_KEY_ANY UINT64_MAX

/**
 * json_walk_key(w, &key, sieve): to the next value of this object whose key
 * the sieve lets through; other values are skipped.  Other keys may pass it,
 * so compare.  False: the object is over.
 */
static inline __attribute__((always_inline)) bool
json_walk_key(struct json_walk *w, struct slice *key, uint64_t sieve)
{
	const unsigned char *kinds = w->kinds;
	uint32_t at = w->at;

	for (;;) {
		if (__builtin_expect(kinds[at] == JSON_COMMA, 1))
			at++;
		else if (at != w->fresh || kinds[at] != JSON_STRING)
			return json_walk_leave(w, at, JSON_CLOSE_OBJECT);
		if (__builtin_expect(((kinds[at] ^ JSON_STRING) |
			(kinds[at + 1] ^ JSON_COLON)) != 0, 0))
			return json_walk_bad_key(w, at);
		*key = json_walk_quoted(w, at);
		at += 2;
		if (__builtin_expect(w->escape_at < w->places[at - 1], 0)) {
			w->at = at;
			return json_walk_key_slow(w, key);
		}
		if (JSON_KEY_BIT(*key->data, key->len) & sieve) {
			w->at = at;
			return true;
		}
		if (kinds[at] & JSON_SCALAR) {
			at++;
			continue;
		}
		w->at = at;
		json_walk_skip_deep(w);
		at = w->at;
		kinds = w->kinds;
	}
}

/* Is there a backslash from ${from} to ${to}, both within the bytes? */
static inline bool
json_walk_escaped(const struct json_walk *w, uint32_t from, uint32_t to)
{
	const uint64_t *slash = w->slash + (from >> 6);
	const uint64_t *last = w->slash + (to >> 6);
	uint64_t bits = *slash >> (from & 63) << (from & 63);

	while (__builtin_expect(slash != last, 0)) {
		if (bits != 0)
			return true;
		bits = *++slash;
	}
	return bits << (63 - (to & 63)) != 0;
}

/** json_walk_pass(w, to): what was read up to ${to} did without escape_at. */
static inline void
json_walk_pass(struct json_walk *w, uint32_t to)
{
	if (w->escape_at < to)
		w->escape_at = json_walk_seek(w, to);
}

/** json_walk_string(w, &s): read the string here; its kind is known. */
static inline bool
json_walk_string(struct json_walk *w, struct slice *s)
{
	uint32_t at = w->at++;
	uint32_t first = w->places[at], next = w->places[at + 1];

	*s = json_walk_quoted(w, at);
	if (__builtin_expect(json_walk_escaped(w, first, next - 1), 0))
		return json_walk_unescape(w, s);
	return true;
}

/** json_walk_skip(w): over the value here, whatever it is. */
static inline void
json_walk_skip(struct json_walk *w)
{
	if (json_walk_kind(w) & JSON_SCALAR)
		w->at++;
	else
		json_walk_skip_deep(w);
}

/* The same without the blanks at its end. */
struct slice json_walk_trim(struct slice text);

/**
 * json_walk_scalar(w): the bytes of the number or word here, to the next
 * blank or structural byte; steps over it.  What they say is for the caller.
 */
static inline struct slice
json_walk_scalar(struct json_walk *w)
{
	const char *first = w->bytes + w->places[w->at];
	const char *last = w->bytes + w->places[w->at + 1];
	struct slice text = {first, (size_t)(last - first)};

	w->at++;
	if (__builtin_expect((unsigned char)last[-1] <= ' ', 0))
		return json_walk_trim(text);
	return text;
}

#endif
