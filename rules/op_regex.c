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

/* Where [${start}, ${end}) of the part that is mapped just now stands in the
 * folded bytes; those of the other part map to nothing. */
static void
folded_place(const struct text *text, uint32_t start, uint32_t end,
    uint32_t *from, uint32_t *to)
{
	*from = *to = text->len;
	for (uint32_t i = 0; i < text->len; i++) {
		uint32_t raw = text->map[i];

		if (raw == UINT32_MAX || raw < start)
			continue;
		if (raw >= end)
			break;
		if (*from == text->len)
			*from = i;
		*to = i + 1;
	}
}

/* The first one is often known. */
static bool
first_match(struct matcher *m, uint32_t regex, uint32_t part,
    const struct regex_subject *s, size_t *start, size_t *end)
{
	const struct found_regex *known = &m->found_regex;

	if (m->scope.narrow || known->regex != regex || known->part != part)
		return regex_find(m, regex, s->text, 0, start, end);
	*start = known->start;
	*end = known->end;
	return true;
}

/* All matches in one subject. */
static void
each_match(struct matcher *m, uint32_t regex, uint32_t part,
    const struct regex_subject *s, struct occ_list *out)
{
	size_t from = 0, start, end;

	while (!out->full && from <= s->text.len && s->text.data != NULL &&
	       (from == 0
		       ? first_match(m, regex, part, s, &start, &end)
		       : regex_find(m, regex, s->text, from, &start, &end))) {
		uint32_t a = (uint32_t)start + s->base;
		uint32_t b = (uint32_t)end + s->base;

		if (m->rs->regexes[regex].raw)
			folded_place(m->text, a, b, &a, &b);
		if (b > a)
			matcher_occ_push(out, matcher_place(m, a, b));
		from = end > from ? end : from + 1;
		while (from < s->text.len &&
		       (s->text.data[from] & 0xc0) == 0x80)
			from++; /* never inside a character */
	}
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	for (uint32_t part = 0; part < REGEX_PARTS; part++) {
		struct regex_subject s;

		if (!regex_subject(m, node->first, part, &s))
			continue;
		if (m->rs->regexes[node->first].raw) {
			if (part == 0)
				matcher_map_title(m);
			else
				matcher_map(m);
		}
		each_match(m, node->first, part, &s, out);
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
