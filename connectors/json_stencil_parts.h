/*
 * What the files json_stencil*.c share.
 *
 * A byte of a run fits when it is not more than ${span} above ${low}: no more
 * than 0 for a byte that is given, 9 above '0' for a digit.  Strings, which
 * no other span is like, have neither quote nor backslash.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_STENCIL_PARTS_H
#define CONNECTORS_JSON_STENCIL_PARTS_H

#include "connectors/json_shape_parts.h"
#include "connectors/json_stencil.h"

/* Lines with more bytes in runs, places or wanted values are not learned. */
#define STENCIL_BLOCKS_MAX 24u
#define STENCIL_PLACES_MAX 160u
#define STENCIL_STEPS_MAX 40u
#define STENCIL_DIGITS_MAX 16

#define STENCIL_WAYS 4u

#define SPAN_GIVEN 0
#define SPAN_DIGIT 9
#define SPAN_TEXT 0x5f /* above a blank */
#define SPAN_ANY 0xff  /* behind the end of a run */

struct stencil_block {
	unsigned char low[64], span[64];
};

enum stencil_open { OPEN_NONE, OPEN_STRING, OPEN_DIGITS };

struct stencil_run {
	uint16_t block, blocks; /* the first one, how many */
	uint16_t bytes;
	uint8_t open; /* what stands behind it */
};

struct stencil_step {
	uint16_t to;
	uint16_t offset, len; /* in the run; of what is not open */
	uint8_t run, op;
	bool own, open, digits;
};

/* Words of a given length come first, those of the post before those of the
 * format, then the other words, then counts, then the rest. */
struct stencil_steps {
	struct stencil_step steps[STENCIL_STEPS_MAX];
	uint32_t count, posts, fixed, words, counts;
};

struct json_stencil {
	struct stencil_block blocks[STENCIL_BLOCKS_MAX];
	uint64_t text[STENCIL_BLOCKS_MAX]; /* the bytes of SPAN_TEXT */
	struct stencil_run runs[STENCIL_RUNS_MAX];
	struct stencil_steps parts[LAID_PARTS];
	/* what may fail of those that are not early */
	struct stencil_step doubts[STENCIL_STEPS_MAX];
	uint32_t doubts_count;
	bool glance; /* its lines may be read in two goes */
	const void *asked, *format;
	const struct json_shape *shape;
	uint32_t serial; /* of the shape; 0: there is no stencil */
	bool refused;    /* its lines differ too much */
	/* of its line: by place, whether the value has any length, and the
	 * length it had */
	bool open[STENCIL_PLACES_MAX];
	uint16_t lens[STENCIL_PLACES_MAX];
	/* of words that a glance wants fixed: a hash of the last one, 0: none
	 * yet; whether there was another */
	uint32_t words[STENCIL_PLACES_MAX];
	bool varies[STENCIL_PLACES_MAX];
};

typedef bool stencil_lay(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid);

stencil_lay json_stencil_lay_plain, json_stencil_lay_avx2,
    json_stencil_lay_avx512;

struct json_stencils {
	struct json_stencil stencils[STENCIL_WAYS];
	uint32_t last, turn; /* that fitted last; which is to go next */
	stencil_lay *lay;
};

/* One way to look at bytes.  ${fits}: a run that is all there.  ${string}: the
 * quote that ends the string at ${p}; NULL: none, or not a good string.
 * ${digits}: what stands behind up to STENCIL_DIGITS_MAX; NULL: none. */
struct stencil_eye {
	bool (*fits)(const struct json_stencil *s,
	    const struct stencil_run *run, const char *p);
	const char *(*string)(const char *p, const char *end, bool *escaped);
	const char *(*digits)(const char *p, const char *end);
};

static inline const char *
stencil_digits(const char *p, const char *end)
{
	const char *first = p;

	while (p < end && p - first < STENCIL_DIGITS_MAX &&
	    (unsigned char)(*p - '0') <= 9)
		p++;
	return p == first ? NULL : p;
}

static inline __attribute__((always_inline)) bool
stencil_lay_by(const struct json_stencil *s, const char *p, const char *end,
    struct json_laid *laid, const struct stencil_eye eye)
{
	const struct stencil_run *run = s->runs;

	for (unsigned i = 0;; i++, run++) {
		const char *stop;

		/* What ended the string before may stand behind the end. */
		if (end - p < run->bytes || !eye.fits(s, run, p))
			return false;
		laid->base[i] = p;
		p += run->bytes;
		if (run->open == OPEN_NONE)
			break;
		laid->escaped[i] = false;
		stop = run->open == OPEN_STRING
		    ? eye.string(p, end, &laid->escaped[i])
		    : eye.digits(p, end);
		if (stop == NULL)
			return false;
		laid->open[i].data = p;
		laid->open[i].len = (size_t)(stop - p);
		p = stop;
	}
	laid->stencil = s;
	laid->end = p;
	return true;
}

#endif
