/*
 * The index in plain C: strings some bytes at a time, the rest one by one.
 *
 * Most bytes of a post stand in strings, where nothing but quotes,
 * backslashes, control characters and bytes beyond ASCII matters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_index_step.h"
#include "connectors/json_plain.h"
#include "engine/base/utf8.h"

struct scan {
	const char *bytes, *end;
	uint64_t *slash;
	struct step_faults *faults;
};

static const char *
over_beyond(struct scan *s, const char *p)
{
	uint32_t c;
	size_t n = utf8_decode(p, (size_t)(s->end - p), &c);

	s->faults->utf8 |= n == 0;
	return p + (n == 0 ? 1 : n);
}

/* A backslash and, when it is one of them, the quote or backslash behind. */
static const char *
over_slash(struct scan *s, const char *p)
{
	size_t at = (size_t)(p - s->bytes);

	s->slash[at >> 6] |= UINT64_C(1) << (at & 63);
	if (++p == s->end)
		return p;
	if (*p == '\\') {
		at++;
		s->slash[at >> 6] |= UINT64_C(1) << (at & 63);
		return p + 1;
	}
	return *p == '"' ? p + 1 : p;
}

/* From behind the first quote to behind the last one. */
static const char *
over_string(struct scan *s, const char *p)
{
	while (p < s->end) {
		unsigned char c;

		if ((size_t)(s->end - p) >= PLAIN_BYTES) {
			uint32_t run = plain_run(p);

			p += run;
			if (run == PLAIN_BYTES)
				continue;
		}
		c = (unsigned char)*p;
		if (c == '"')
			return p + 1;
		if (c == '\\') {
			p = over_slash(s, p);
		} else if (c >= 0x80) {
			p = over_beyond(s, p);
		} else {
			s->faults->control |= c < 0x20;
			p++;
		}
	}
	s->faults->unclosed = true;
	return p;
}

/* A part of a word or number, a string, or a wrong byte. */
static const char *
over_scalar(struct scan *s, const char *p)
{
	if (*p == '"')
		return over_string(s, p + 1);
	if (*p == '\\')
		return over_slash(s, p);
	return (unsigned char)*p >= 0x80 ? over_beyond(s, p) : p + 1;
}

uint32_t
json_index_plain_pass(struct json_index *index, const char *bytes,
    uint32_t len, struct step_faults *faults)
{
	struct scan s = {bytes, bytes + len, index->slash, faults};
	const char *p = bytes;
	bool in_word = false;
	uint32_t count = 0;

	memset(faults, 0, sizeof(*faults));
	memset(index->slash, 0, (len / 64 + 1) * sizeof(*index->slash));
	while (p < s.end) {
		unsigned char kind = json_index_kinds[(unsigned char)*p];

		index->at[count] = (uint32_t)(p - bytes);
		index->kind[count] = kind;
		if (kind & (JSON_MARK | STEP_BLANK)) {
			count += (kind & JSON_MARK) != 0;
			in_word = false;
			p++;
		} else {
			count += !in_word;
			in_word = *p != '"';
			p = over_scalar(&s, p);
		}
	}
	return count;
}
