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

enum json_kind {
	JSON_WRONG, /* no value begins like this */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE, /* or another word with this letter; reading tells */
	JSON_FALSE,
	JSON_NULL,
	JSON_OBJECT,
	JSON_ARRAY,
};

struct json_walk {
	const char *bytes;
	const uint32_t *at;    /* the structural byte to look at next */
	const uint32_t *fresh; /* the first one in what was entered last */
	uint32_t end;          /* of the line in ${bytes} */
	uint32_t escape_at;    /* a backslash; none between here and there */
	uint32_t len;          /* of ${bytes} */
	uint32_t depth;
	char *scratch; /* next free byte; room for all of the line is there */
	int64_t day_ms; /* what decode_field_clock read last: its midnight, */
	char day[10];   /* and how that day was written */
	enum decode_result result; /* DECODE_POST until something is wrong */
	uint32_t error_at;         /* in ${bytes} */
	const char *reason;
};

extern const unsigned char json_walk_kinds[256];

/**
 * json_walk_start(w, bytes, places, end): stand before the value at
 * places[0] of the line that ends before bytes[end].  The caller keeps len,
 * escape_at (0 is always right, at the price of a search) and scratch.
 */
static inline void
json_walk_start(struct json_walk *w, const char *bytes, const uint32_t *places,
    uint32_t end)
{
	w->bytes = bytes;
	w->at = places;
	w->fresh = NULL;
	w->end = end;
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
	const uint32_t *at;
	uint32_t escape_at, depth;
};

/** json_walk_mark(w): the value here. */
struct json_mark json_walk_mark(struct json_walk *w);

/** json_walk_return(w, mark): to a value that was skipped, or on to where
 * the walk was.  Does nothing after an error. */
void json_walk_return(struct json_walk *w, struct json_mark mark);

/** json_walk_item(w): to the next item of this array; false: it is over. */
bool json_walk_item(struct json_walk *w);

/* The rare ends of the inline functions below. */
bool json_walk_leave(struct json_walk *w, const uint32_t *at, char close);
bool json_walk_bad_key(struct json_walk *w, const uint32_t *at);
bool json_walk_unescape(struct json_walk *w, struct slice *s);
void json_walk_skip_deep(struct json_walk *w);

/** json_walk_kind(w): of the value here, by its first byte. */
static inline enum json_kind
json_walk_kind(const struct json_walk *w)
{
	return json_walk_kinds[(unsigned char)w->bytes[*w->at]];
}

/* The string that begins at places[0]: up to the last quote before the next
 * structural byte. */
static inline struct slice
json_walk_quoted(const char *bytes, const uint32_t *places)
{
	const char *first = bytes + places[0] + 1;
	const char *last = bytes + places[1] - 1;

	while (__builtin_expect(*last != '"', 0))
		last--;
	return (struct slice){first, (size_t)(last - first)};
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
	const uint32_t *at = w->at;
	const char *b = w->bytes;

	for (;;) {
		enum json_kind kind;

		if (__builtin_expect(b[*at] == ',', 1))
			at++;
		else if (at != w->fresh || b[*at] != '"')
			return json_walk_leave(w, at, '}');
		if (__builtin_expect(at[2] >= w->end ||
			((b[at[0]] ^ '"') | (b[at[1]] ^ ':')) != 0, 0))
			return json_walk_bad_key(w, at);
		*key = json_walk_quoted(b, at);
		at += 2;
		if (__builtin_expect(w->escape_at < at[-1], 0)) {
			w->at = at;
			return json_walk_unescape(w, key);
		}
		if (JSON_KEY_BIT(*key->data, key->len) & sieve) {
			w->at = at;
			return true;
		}
		kind = json_walk_kinds[(unsigned char)b[*at]];
		if (kind != JSON_WRONG && kind < JSON_OBJECT) {
			at++;
			continue;
		}
		w->at = at;
		json_walk_skip_deep(w);
		at = w->at;
		b = w->bytes;
	}
}

/** json_walk_string(w, &s): read the string here; its kind is known. */
static inline bool
json_walk_string(struct json_walk *w, struct slice *s)
{
	const uint32_t *at = w->at++;

	*s = json_walk_quoted(w->bytes, at);
	if (__builtin_expect(w->escape_at < at[1], 0))
		return json_walk_unescape(w, s);
	return true;
}

/** json_walk_skip(w): over the value here, whatever it is. */
static inline void
json_walk_skip(struct json_walk *w)
{
	enum json_kind kind = json_walk_kind(w);

	if (kind == JSON_WRONG || kind >= JSON_OBJECT)
		json_walk_skip_deep(w);
	else
		w->at++;
}

/**
 * json_walk_scalar(w): the bytes of the number or word here, to the next
 * blank or structural byte; steps over it.  What they say is for the caller.
 */
struct slice json_walk_scalar(struct json_walk *w);

#endif
