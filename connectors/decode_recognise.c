/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "connectors/decode_field.h"
#include "connectors/decode_format.h"

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

bool
decode_enter(struct json_walk *w)
{
	if (json_walk_kind(w) != JSON_OBJECT && has_mark(w))
		w->at++;
	if (json_walk_kind(w) != JSON_OBJECT)
		return json_walk_fail(
		    w, DECODE_BAD_JSON, "the line is not a JSON object");
	return json_walk_open(w);
}

const struct decode_format *
decode_recognise(struct json_walk *w)
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
		return &decode_##name; \
	bit <<= 2;
#include "connectors/decoders.def"
#undef DECODER
		json_walk_skip(w);
	}
	return &decode_vigie;
}
