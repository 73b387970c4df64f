/*
 * A PCRE2 pattern between slashes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"
#include "rules/regex.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return regex_test(m, node->first);
}

/* The tokens that overlap folded bytes [from, to). */
static struct occ
place_of(const struct text *text, uint32_t from, uint32_t to)
{
	struct occ occ = {0, 0, from, to};
	uint32_t low = 0, high = text->tokens;

	while (low < high) { /* the first token that ends behind from */
		uint32_t mid = low + (high - low) / 2;

		if (text->end[mid] > from)
			high = mid;
		else
			low = mid + 1;
	}
	occ.first = occ.end = low;
	while (occ.end < text->tokens && text->at[occ.end] < to)
		occ.end++;
	return occ;
}

/* A place in the text as posted, in folded bytes. */
static uint32_t
folded_place(const struct text *text, size_t raw)
{
	uint32_t i = 0;

	/* The title's bytes come first and map to nothing. */
	while (
	    i < text->len && (text->map[i] == UINT32_MAX || text->map[i] < raw))
		i++;
	return i;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	bool raw = m->rs->regexes[node->first].raw;
	struct slice subject = {m->text->bytes, m->text->len};
	size_t from = 0, start, end;

	if (raw) {
		matcher_map(m);
		subject = regex_raw(m->post->text);
	}
	while (!out->full && from <= subject.len && subject.data != NULL &&
	       regex_find(m, node->first, subject, from, &start, &end)) {
		uint32_t a = (uint32_t)start, b = (uint32_t)end;

		if (raw) {
			a = folded_place(m->text, start);
			b = folded_place(m->text, end);
		}
		if (b > a)
			matcher_occ_push(out, place_of(m->text, a, b));
		from = end > from ? end : from + 1;
		while (
		    from < subject.len && (subject.data[from] & 0xc0) == 0x80)
			from++; /* never inside a character */
	}
}

const struct rule_op op_regex = {
    .about = {"regex", "/pattern/flags",
	"PCRE2 on the folded text (no capitals, no accents); flag r reads the "
	"text as posted",
	"/\\bnestl[e3]s?\\b/", "NESTLÉS: no", "nestling"},
    .eval = eval,
    .occurrences = occurrences,
};
