/*
 * One value of a line into one field of a post.
 *
 * Real data varies, so the rule is: what cannot be a value of a field is
 * "not said" where the post is still worth reading, and refuses the line
 * where a mistake would hide a post or its identity.  Each function consumes
 * the value here.  null is "not said" everywhere; a word that is not true,
 * false or null, a malformed number and a bad escape are DECODE_BAD_JSON.
 *
 *	function           string     number       bool      object, array
 *	text               itself     bad field    bad field bad field
 *	id                 itself     its digits   bad field bad field
 *	word               itself     not said     not said  not said
 *	count (>= 0)       if digits  whole part   not said  not said
 *	time               RFC 3339   epoch s, ms  bad field bad field
 *	                   or epoch
 *	flag               false      not zero     itself    false
 *	list of words      one item   empty        empty     strings in it
 *
 * An id that is a number must be written as an integer, else bad field.  A
 * string that holds no time is "not said": the post is kept and counted as
 * untimed later.  Negative counts are not said; huge ones end at INT64_MAX.
 * A key that comes twice: the last one wins, whole.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_FIELD_H
#define CONNECTORS_DECODE_FIELD_H

#include "connectors/json_unescape.h"
#include "connectors/json_walk.h"

/** decode_field_is(key, "text"): compare with a literal, by whole machine
 * words and without a call. */
#define decode_field_is(key, lit) \
	((key).len == sizeof(lit) - 1 && \
	    decode_field_same((key).data, (lit), sizeof(lit) - 1))

static inline __attribute__((always_inline)) bool
decode_field_same(const char *a, const char *b, size_t len)
{
	uint64_t x, y, other = 0;

	if (len < 8)
		return memcmp(a, b, len) == 0;
	for (size_t at = 0; at + 8 < len; at += 8) {
		memcpy(&x, a + at, 8);
		memcpy(&y, b + at, 8);
		other |= x ^ y;
	}
	memcpy(&x, a + (len - 8), 8);
	memcpy(&y, b + (len - 8), 8);
	return (other | (x ^ y)) == 0;
}

void decode_field_text_slow(
    struct json_walk *w, struct slice *out, const char *reason);
void decode_field_word_slow(struct json_walk *w, struct slice *out);

/** decode_field_text(w, &out, reason): ${reason} for the wrong type. */
static inline void
decode_field_text(struct json_walk *w, struct slice *out, const char *reason)
{
	if (__builtin_expect(json_walk_kind(w) == JSON_STRING, 1))
		json_walk_string(w, out);
	else
		decode_field_text_slow(w, out, reason);
}

/** decode_field_word(w, &out): a word, name, link: lenient. */
static inline void
decode_field_word(struct json_walk *w, struct slice *out)
{
	if (__builtin_expect(json_walk_kind(w) == JSON_STRING, 1))
		json_walk_string(w, out);
	else
		decode_field_word_slow(w, out);
}

void decode_field_id(struct json_walk *w, struct slice *out);
void decode_field_count_slow(struct json_walk *w, uint64_t *out);

/** decode_field_count(w, &out): the most frequent form here, a number of up
 * to 16 digits. */
static inline void
decode_field_count(struct json_walk *w, uint64_t *out)
{
	const uint32_t *place = w->places + w->at;
	struct slice text = {w->bytes + place[0], place[1] - place[0]};

	if (__builtin_expect(json_walk_kind(w) == JSON_NUMBER &&
		json_unescape_small(text, out), 1))
		w->at++;
	else
		decode_field_count_slow(w, out);
}

void decode_field_time(struct json_walk *w, int64_t *out);
void decode_field_flag(struct json_walk *w, bool *out);

/** decode_field_list(w, list, &cut): replaces the list. */
void decode_field_list(struct json_walk *w, struct post_list *list, bool *cut);

/** decode_field_add(list, item, &cut): append, or say that it was cut; a
 * slice without data is not added. */
void decode_field_add(struct post_list *list, struct slice item, bool *cut);

/** decode_field_clock(w, text): the time in a string; TIME_NONE: none. */
int64_t decode_field_clock(struct json_walk *w, struct slice text);

/** decode_field_object(w): true: the object here is entered; else the value,
 * which is something else, is skipped. */
bool decode_field_object(struct json_walk *w);

/** decode_field_array(w): the same for an array. */
bool decode_field_array(struct json_walk *w);

/** decode_field_paste(to, text): copy a slice of the line or of the scratch
 * to the scratch, by whole vectors; returns its end. */
static inline char *
decode_field_paste(char *to, struct slice text)
{
	char chunk[32]; /* the bytes behind a slice of the scratch are ${to} */
	size_t at = 0;

	do {
		memcpy(chunk, text.data + at, sizeof(chunk));
		memcpy(to + at, chunk, sizeof(chunk));
		at += sizeof(chunk);
	} while (__builtin_expect(at < text.len, 0));
	return to + text.len;
}

/** decode_field_put(to, "x"): the same for a literal. */
#define decode_field_put(to, lit) \
	((char *)memcpy((to), (lit), sizeof(lit) - 1) + sizeof(lit) - 1)

#endif
