/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/brief_why.h"

#define CAUSES_TOLD 3u

/* Shares of the told causes in whole percent; of all that there are they give
 * together what they are together: the one that was rounded most gives way,
 * of equals the first is raised and the last lowered. */
static void
percents(const struct finding *f, const uint32_t *order, uint32_t count,
    int64_t *out)
{
	uint32_t told = count < CAUSES_TOLD ? count : CAUSES_TOLD;
	int64_t whole = f->hour.harm, left = 0, rest[CAUSES_TOLD] = {0};

	for (uint32_t i = 0; i < told; i++) {
		int64_t part = f->causes->items[order[i]].harm * 100;

		out[i] = (part + whole / 2) / whole;
		rest[i] = part - out[i] * whole; /* cut off, or added */
		left += rest[i];
	}
	for (int k = 0; count <= CAUSES_TOLD && k < (int)CAUSES_TOLD; k++) {
		int step = 2 * left > whole ? 1 : 2 * left < -whole ? -1 : 0;
		uint32_t most = 0;

		for (uint32_t i = 1; i < told; i++)
			if (step * rest[i] > step * rest[most] ||
			    (step < 0 && rest[i] == rest[most]))
				most = i;
		out[most] += step;
		rest[most] -= step * whole;
		left -= step * whole;
	}
}

/* topic:palm-oil 34 % (palm oil, Sinar Mas); ... */
void
brief_why(const struct brief_whys *t, const struct finding *f,
    struct buf *out)
{
	uint32_t order[CAUSES_MAX], count = 0;
	int64_t shares[CAUSES_TOLD] = {0};

	if (f->causes != NULL && f->hour.harm > 0)
		count = causes_ranked(f->causes, order);
	if (count == 0) {
		buf_text(out, t->none);
	} else {
		buf_text(out, t->why);
		percents(f, order, count, shares);
	}
	for (uint32_t i = 0; i < count && i < CAUSES_TOLD; i++) {
		const struct cause *c = &f->causes->items[order[i]];

		buf_printf(out, "%s%s %lld%s", i > 0 ? t->next : "", c->name,
		    (long long)shares[i], t->percent);
		for (uint32_t k = 0; k < c->words_count; k++) {
			buf_text(out, k == 0 ? " (" : ", ");
			buf_plain(out, slice_of(c->words[k]));
		}
		if (c->words_count > 0)
			buf_char(out, ')');
	}
	buf_char(out, '\n');
}
