/*
 * Laying stencils in plain C: runs by what vectors the target has, strings
 * some bytes at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_plain.h"
#include "connectors/json_stencil_parts.h"
#include "engine/base/utf8.h"

static const char *
string_plain(const char *p, const char *end, bool *escaped)
{
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		uint32_t code;
		size_t n;

		if ((size_t)(end - p) >= PLAIN_BYTES) {
			uint32_t run = plain_run(p);

			p += run;
			if (run == PLAIN_BYTES)
				continue;
			c = (unsigned char)*p;
		}
		if (c == '"') {
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

/* 16 bytes: of more, compilers without vectors that wide make one by one. */
typedef unsigned char quarter
    __attribute__((vector_size(16), aligned(1), may_alias));

#define QUARTER(p) (*(const quarter *)(const void *)(p))

static inline bool
fits(const struct json_stencil *s, const struct stencil_run *run,
    const char *p)
{
	quarter other = {0};
	uint64_t halves[2];

	for (unsigned at = 0; at < run->bytes; at += 16) {
		const struct stencil_block *b =
		    &s->blocks[run->block + at / 64];
		quarter v = QUARTER(p + at), span = QUARTER(b->span + at % 64);
		quarter more = (v - QUARTER(b->low + at % 64)) > span;
		quarter ends = (v == '"') | (v == '\\');

		ends &= span == SPAN_TEXT;
		other |= more | ends;
	}
	memcpy(halves, &other, sizeof(halves));
	return (halves[0] | halves[1]) == 0;
}

bool
json_stencil_lay_plain(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return stencil_lay_by(s, line, end, laid,
	    (struct stencil_eye){fits, string_plain, stencil_digits});
}
