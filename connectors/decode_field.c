/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/decode_field.h"

/* true, false or null here, from end to end; steps over it. */
static bool
word(struct json_walk *w)
{
	struct slice text = json_walk_scalar(w);

	if (slice_is(text, "null") || slice_is(text, "true") ||
	    slice_is(text, "false"))
		return true;
	w->at--;
	return json_walk_fail(w, DECODE_BAD_JSON, "no such word");
}

static bool
number(struct json_walk *w, int64_t *whole, bool *exact, struct slice *text)
{
	*text = json_walk_scalar(w);
	if (json_unescape_number(*text, whole, exact))
		return true;
	w->at--;
	return json_walk_fail(w, DECODE_BAD_JSON, "malformed number");
}

/* Step over a value that is not wanted as it is; words and numbers are read
 * all the same.  True when it was null. */
static bool
refuse(struct json_walk *w)
{
	struct slice text;
	int64_t whole;
	bool exact;

	switch (json_walk_kind(w)) {
	case JSON_NULL:
		return word(w);
	case JSON_TRUE:
	case JSON_FALSE:
		word(w);
		return false;
	case JSON_NUMBER:
		number(w, &whole, &exact, &text);
		return false;
	default:
		json_walk_skip(w);
		return false;
	}
}

void
decode_field_text_slow(
    struct json_walk *w, struct slice *out, const char *reason)
{
	uint32_t at = w->at;

	*out = SLICE_NONE;
	if (refuse(w) || w->result != DECODE_POST)
		return;
	w->at = at;
	json_walk_fail(w, DECODE_BAD_FIELD, reason);
}

void
decode_field_word_slow(struct json_walk *w, struct slice *out)
{
	*out = SLICE_NONE;
	refuse(w);
}

void
decode_field_id(struct json_walk *w, struct slice *out)
{
	uint32_t at = w->at;
	int64_t whole;
	bool exact;

	if (json_walk_kind(w) != JSON_NUMBER) {
		decode_field_text(w, out, "an id that is no string or number");
		return;
	}
	if (!number(w, &whole, &exact, out)) {
		*out = SLICE_NONE;
		return;
	}
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] == '.' || (out->data[i] | 0x20) == 'e') {
			w->at = at;
			json_walk_fail(w, DECODE_BAD_FIELD,
			    "an id that is no whole number");
			return;
		}
}

void
decode_field_count_slow(struct json_walk *w, uint64_t *out)
{
	struct slice text;
	int64_t whole;
	bool exact;

	*out = POST_UNKNOWN;
	switch (json_walk_kind(w)) {
	case JSON_NUMBER:
		text = json_walk_scalar(w);
		if (json_unescape_digits(text, out))
			return;
		w->at--;
		if (number(w, &whole, &exact, &text) && *text.data != '-')
			*out = (uint64_t)whole;
		return;
	case JSON_STRING:
		if (json_walk_string(w, &text))
			json_unescape_digits(text, out);
		return;
	default:
		refuse(w);
	}
}

/* The milliseconds of "Thh:mm:ssZ" or "Thh:mm:ss.mmmZ" behind a date; -1:
 * some other form. */
static int64_t
time_of_day(const char *p, size_t len)
{
	/* "hh:mm:ss" as the number hh0mm0ss. */
	const uint64_t colon = (uint64_t)(':' ^ '0');
	const uint64_t colons = colon << 16 | colon << 40;
	uint64_t v, ms = 0;

	if (p[0] != 'T' || p[len - 1] != 'Z' || p[3] != ':' || p[6] != ':' ||
	    !json_unescape_eight(json_unescape_load(p + 1) ^ colons, &v))
		return -1;
	if (v / 1000000 > 23 || v / 1000 % 1000 > 59 || v % 1000 > 59)
		return -1;
	if (len == 14) {
		/* "s.mmmZ" and what follows, without all but the digits */
		uint64_t end = json_unescape_load(p + 8) >> 16 << 40;

		if (p[9] != '.' || !json_unescape_eight(
			end | UINT64_C(0x3030303030), &ms))
			return -1;
	}
	return (int64_t)((v / 1000000 * 60 + v / 1000 % 1000) * 60 + v % 1000) *
	    1000 + (int64_t)ms;
}

/* The milliseconds of ":ssZ" or ":ss.mmmZ" behind a minute; -1: some other
 * form. */
static int64_t
time_of_minute(const char *p, size_t len)
{
	/* In the order of the bytes, the first one lowest. */
	const uint64_t zero = UINT64_C(0x5a3030302e30303a);
	const uint64_t digits = UINT64_C(0x000f0f0f000f0700);
	uint64_t v = json_unescape_load(p), ms;

	/* Without its milliseconds: Z in the fourth byte. */
	if (len == 4)
		v = (v ^ UINT64_C(0x5a30303a)) << 32 >> 32 ^ zero;
	v ^= zero;
	if ((v & ~digits) != 0 ||
	    ((v + UINT64_C(0x0006060600060200)) & ~digits) != 0)
		return -1;
	ms = (v >> 8 & 15) * 10000 + (v >> 16 & 15) * 1000;
	return (int64_t)(ms + (v >> 32 & 15) * 100 + (v >> 40 & 15) * 10 +
	    (v >> 48 & 15));
}

/* Posts come by the thousand from one minute, and from one day: what was
 * written for it is read once. */
static int64_t
clock_of_day(struct json_walk *w, struct slice text)
{
	int64_t minute, day, ms;

	minute = time_of_minute(
	    text.data + sizeof(w->minute), text.len - sizeof(w->minute));
	if (minute >= 0 &&
	    decode_field_same(w->minute, text.data, sizeof(w->minute)))
		return w->minute_ms + minute;
	ms = time_of_day(text.data + 10, text.len - 10);
	if (ms < 0 || !decode_field_same(w->day, text.data, sizeof(w->day))) {
		if (!clock_parse(text, &day))
			return TIME_NONE;
		if (ms < 0)
			return day;
		memcpy(w->day, text.data, sizeof(w->day));
		w->day_ms = day - ms;
	}
	if (minute >= 0) {
		memcpy(w->minute, text.data, sizeof(w->minute));
		w->minute_ms = w->day_ms + ms - minute;
	}
	return w->day_ms + ms;
}

int64_t
decode_field_clock(struct json_walk *w, struct slice text)
{
	uint64_t v;
	int64_t ms;

	if (text.data == NULL)
		return TIME_NONE;
	if (text.len == 24 || text.len == 20)
		return clock_of_day(w, text);
	if (json_unescape_small(text, &v) || json_unescape_digits(text, &v))
		return clock_epoch((int64_t)v, &ms) ? ms : TIME_NONE;
	return clock_parse(text, &ms) ? ms : TIME_NONE;
}

void
decode_field_time(struct json_walk *w, int64_t *out)
{
	struct slice text;
	int64_t whole;
	bool exact;

	*out = TIME_NONE;
	switch (json_walk_kind(w)) {
	case JSON_STRING:
		if (json_walk_string(w, &text))
			*out = decode_field_clock(w, text);
		return;
	case JSON_NUMBER:
		if (number(w, &whole, &exact, &text) &&
		    !clock_epoch(whole, out))
			*out = TIME_NONE;
		return;
	default:
		decode_field_text_slow(w, &text, "a time of a wrong type");
	}
}

void
decode_field_flag(struct json_walk *w, bool *out)
{
	struct slice text;
	int64_t whole;
	bool exact;

	*out = false;
	switch (json_walk_kind(w)) {
	case JSON_TRUE:
		*out = word(w);
		return;
	case JSON_NUMBER:
		if (number(w, &whole, &exact, &text))
			*out = whole != 0;
		return;
	default:
		refuse(w);
	}
}

void
decode_field_add(struct post_list *list, struct slice item, bool *cut)
{
	if (item.data == NULL)
		return;
	if (list->count == POST_LIST_MAX)
		*cut = true;
	else
		list->items[list->count++] = item;
}

void
decode_field_list(struct json_walk *w, struct post_list *list, bool *cut)
{
	struct slice item;

	list->count = 0;
	if (json_walk_kind(w) != JSON_ARRAY) {
		decode_field_word(w, &item);
		decode_field_add(list, item, cut);
		return;
	}
	json_walk_open(w);
	while (json_walk_item(w)) {
		decode_field_word(w, &item);
		decode_field_add(list, item, cut);
	}
}

bool
decode_field_object(struct json_walk *w)
{
	if (json_walk_kind(w) == JSON_OBJECT)
		return json_walk_open(w);
	refuse(w);
	return false;
}

bool
decode_field_array(struct json_walk *w)
{
	if (json_walk_kind(w) == JSON_ARRAY)
		return json_walk_open(w);
	refuse(w);
	return false;
}
