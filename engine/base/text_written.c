/*
 * Comparing a text as posted, letter for letter: capitals, accents and signs
 * count.  What hides them does not: an entity is the character it stands for,
 * and any run of blanks is one blank.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#define BLANK 0x20u

/* Longest entity that is looked for from its end. */
#define ENTITY_MAX 12u

static bool
is_blank(uint32_t c)
{
	return UNICODE_CLASS(unicode_get(c)) == UNICODE_BLANK && c != 0xa9 &&
	    c != 0xae && c != 0x2117 && c != 0x2120 && c != 0x2122;
}

struct reader {
	const char *start, *p, *end;
};

/* The next character, runs of blanks as one; false at the end. */
static bool
take(struct reader *r, uint32_t *c)
{
	bool blank = false;

	while (r->p < r->end) {
		unsigned n = 0;

		if (*r->p == '&')
			n = text_entity_read(r->p, r->end, c);
		if (n == 0)
			*c = step_decode((const unsigned char *)r->p, &n);
		if (!is_blank(*c)) {
			if (!blank)
				r->p += n;
			break;
		}
		blank = true;
		r->p += n;
	}
	if (blank)
		*c = BLANK;
	return blank || r->p > r->start;
}

/* Whether ${want} is what ${r} goes on with. */
static bool
goes_on(struct reader *r, struct slice want)
{
	struct reader w = {want.data, want.data, want.data + want.len};

	while (w.p < w.end) {
		uint32_t a, b;

		if (r->p == r->end)
			return false;
		r->start = r->p;
		w.start = w.p;
		if (!take(&w, &a) || !take(r, &b) || a != b)
			return false;
	}
	return true;
}

/* Where a character or run of blanks that ends at ${at} may begin. */
static uint32_t
step_back(struct slice text, uint32_t at)
{
	uint32_t from = at - 1;

	while (from > 0 && (text.data[from] & 0xc0) == 0x80)
		from--;
	if (text.data[from] != ';')
		return from;
	for (uint32_t i = from; i > 0 && from - i < ENTITY_MAX; i--) {
		uint32_t c;
		const char *p = text.data + i - 1;

		if (*p == '&' &&
		    text_entity_read(p, text.data + at, &c) == at - (i - 1))
			return i - 1;
	}
	return from;
}

/* Whether ${want} stands just before ${at}. */
static bool
comes_before(struct slice text, uint32_t at, struct slice want)
{
	uint32_t from = at;

	/* At most as many steps as it has characters, blanks aside. */
	for (size_t i = 0; i < want.len && from > 0; i++) {
		struct reader r;

		from = step_back(text, from);
		r = (struct reader){text.data + from, text.data + from,
		    text.data + at};
		if (goes_on(&r, want) && r.p == r.end)
			return true;
	}
	return false;
}

bool
text_written(struct slice text, uint32_t start, uint32_t stop,
    struct slice want, uint32_t core, uint32_t core_len)
{
	struct reader r = {text.data + start, text.data + start,
	    text.data + stop};
	struct slice before = {want.data, core};
	struct slice middle = {want.data + core, core_len};
	struct slice after = {want.data + core + core_len,
	    want.len - core - core_len};

	if (!goes_on(&r, middle) || r.p != r.end)
		return false;
	r.end = text.data + text.len;
	return goes_on(&r, after) &&
	    (before.len == 0 || comes_before(text, start, before));
}
