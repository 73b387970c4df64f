/*
 * Laying stencils in plain C: runs by what vectors the target has, strings
 * eight bytes at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_stencil_parts.h"
#include "engine/base/utf8.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Highest bits of the bytes that need a look; behind the first one there may
 * be too many. */
static inline uint64_t
stops(const char *p)
{
	uint64_t word, quote, slash;

	memcpy(&word, p, sizeof(word));
	quote = word ^ ONES * '"';
	slash = word ^ ONES * '\\';
	return (word | (word - ONES * 0x20) | (quote - ONES) |
		   (slash - ONES)) & HIGHS;
}

static const char *
string_plain(const char *p, const char *end, bool *escaped)
{
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		uint32_t code;
		size_t n;

		if (end - p >= 8 && stops(p) == 0) {
			p += 8;
		} else if (c == '"') {
			return p;
		} else if (c == '\\') {
			*escaped = true;
			if (end - p < 2 || (unsigned char)p[1] < 0x20 ||
			    (unsigned char)p[1] >= 0x80)
				return NULL;
			p += 2;
		} else if (c >= 0x80) {
			n = utf8_decode(p, (size_t)(end - p), &code);
			if (n == 0)
				return NULL;
			p += n;
		} else if (c < 0x20) {
			return NULL;
		} else {
			p++;
		}
	}
	return NULL;
}

static inline bool
any_plain(const stencil_words *bits)
{
	return ((*bits)[0] | (*bits)[1] | (*bits)[2] | (*bits)[3]) != 0;
}

static inline bool
fits_plain(const struct json_stencil *s, const struct stencil_run *run,
    const char *p)
{
	return stencil_fits(s, run, p, any_plain);
}

bool
json_stencil_lay_plain(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return stencil_lay_by(s, line, end, laid,
	    (struct stencil_eye){fits_plain, string_plain, stencil_digits});
}
