/*
 * How a reader reads words, for the slow evaluator: look-alike letters
 * (docs/decisions/0020) and inclusive writing (0021).
 *
 * Written from the records, not from the engine; only the tables of
 * characters are the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_LOOKS_H
#define TESTS_RULES_REFERENCE_LOOKS_H

#include "engine/base/lookalike.h"
#include "engine/base/unicode.h"
#include "engine/base/utf8.h"
#include "tests/unit/rules/reference_base.h"

#define REF_WORDS 512

/* What stands between two places that a reader takes for letters of one
 * word; the signs at its edges may be letters or not. */
struct ref_look {
	uint32_t lead, from, to, trail;
	bool lone; /* one character */
};

static struct slice
ref_text(const struct ref *r, uint32_t t)
{
	const struct text *x = r->text;

	return (struct slice){x->bytes + x->at[t], x->end[t] - x->at[t]};
}

/* 'w' of a word, 's' a sign that looks like a letter, 0 neither. */
static char
ref_look_at(const struct ref *r, uint32_t i, uint32_t *n)
{
	uint32_t c;

	*n = 1;
	if (i >= r->text->len || r->text->bytes[i] == '_')
		return 0;
	*n = (uint32_t)utf8_decode(
	    r->text->bytes + i, r->text->len - i, &c);
	if (UNICODE_CLASS(unicode_get(c)) == UNICODE_WORD ||
	    UNICODE_CLASS(unicode_get(c)) == UNICODE_MARK)
		return 'w';
	if (lookalike_letters(c) == 0)
		return 0;
	return c < 0x1f000 ? 's' : 'w';
}

/* Behind the one or two signs at ${i}, or ${i} when there are more or none. */
static uint32_t
ref_signs(const struct ref *r, uint32_t i, bool at_end)
{
	uint32_t n, k = i, count = 0;

	while (ref_look_at(r, k, &n) == 's') {
		if (at_end && strchr("!|+", r->text->bytes[k]) != NULL)
			return i;
		count++;
		k += n;
	}
	return count <= 2 ? k : i;
}

static uint32_t
ref_looks(const struct ref *r, struct ref_look *out)
{
	uint32_t count = 0, n, signs = UINT32_MAX;

	for (uint32_t i = 0; i < r->text->len;) {
		struct ref_look w = {.from = i, .to = i};
		char what = ref_look_at(r, i, &n);
		uint32_t characters = 0;

		if (what != 'w') {
			signs = what == 0 ? UINT32_MAX
				: signs == UINT32_MAX ? i : signs;
			i += n;
			continue;
		}
		w.lead = signs == UINT32_MAX ? i : signs;
		for (;;) {
			uint32_t k;

			for (; ref_look_at(r, w.to, &n) == 'w'; characters++)
				w.to += n;
			k = ref_signs(r, w.to, false);
			if (k == w.to || ref_look_at(r, k, &n) != 'w')
				break;
			characters = 9;
			w.to = k;
		}
		w.trail = ref_signs(r, w.to, true);
		w.lone = characters == 1;
		signs = UINT32_MAX;
		i = w.to;
		REQUIRE(count < REF_WORDS);
		out[count++] = w;
	}
	return count;
}

/* The one character that sets ${a} and ${b} apart, or none. */
static struct slice
ref_gap(const struct ref *r, const struct ref_look *a,
    const struct ref_look *b)
{
	struct slice gap = {r->text->bytes + a->to, b->from - a->to};

	if ((gap.len == 1 && strchr(" .-_~/*", *gap.data) != NULL) ||
	    slice_is(gap, "\xc2\xb7"))
		return gap;
	return SLICE_NONE;
}

/* Letters one by one from word ${i} on: how many words of one character, the
 * same sign between all of them and not before the first.  0: none. */
static uint32_t
ref_spelt(const struct ref *r, const struct ref_look *w, uint32_t i,
    uint32_t count)
{
	struct slice gap;
	uint32_t k = i;

	if (i + 1 >= count || !w[i].lone || !w[i + 1].lone)
		return 0;
	gap = ref_gap(r, &w[i], &w[i + 1]);
	if (gap.len == 0 || (i > 0 && w[i - 1].lone &&
				slice_equal(ref_gap(r, &w[i - 1], &w[i]), gap)))
		return 0;
	while (k + 1 < count && w[k + 1].lone &&
	       slice_equal(ref_gap(r, &w[k], &w[k + 1]), gap))
		k++;
	k = k + 1 - i;
	return k >= (slice_is(gap, " ") ? 4 : 3) ? k : 0;
}

/* Whether [from, to) reads as ${want}, every second character left out when
 * ${spelt}. */
static bool
ref_reads(const struct ref *r, uint32_t from, uint32_t to, bool spelt,
    struct slice want)
{
	uint32_t letters = 0, count = 0, c, a;
	size_t k = 0;

	while (from < to) {
		from += (uint32_t)utf8_decode(
		    r->text->bytes + from, to - from, &c);
		if (k == want.len)
			return false;
		k += utf8_decode(want.data + k, want.len - k, &a);
		if (a != c && !(a >= 'a' && a <= 'z' &&
				  (lookalike_letters(c) & 1u << (a - 'a'))))
			return false;
		count++;
		letters += c >= 0x1f000 ||
			   (UNICODE_CLASS(unicode_get(c)) == UNICODE_WORD &&
			       !(c >= '0' && c <= '9'));
		if (spelt && from < to)
			from += (uint32_t)utf8_decode(
			    r->text->bytes + from, to - from, &c);
	}
	return k == want.len && letters >= count / 2;
}

/* Whether a token stands in [from, to): then two words are not in a row. */
static bool
ref_token_within(const struct ref *r, uint32_t from, uint32_t to)
{
	for (uint32_t t = 0; t < r->text->tokens; t++)
		if (r->text->at[t] >= from && r->text->end[t] <= to)
			return true;
	return memchr(r->text->bytes + from, '\n', to - from) != NULL;
}

/* Reader's words from ${i} on as the phrase from its token ${k} on; where the
 * last one ends, 0 for no.  As the word alone first, then with its signs. */
static uint32_t
ref_read_on(const struct ref *r, const struct node *node,
    const struct ref_look *w, uint32_t count, uint32_t i, uint32_t k,
    uint32_t *from)
{
	uint32_t n = i < count ? ref_spelt(r, w, i, count) : 0;

	for (unsigned way = 0; i < count && way < 5; way++) {
		bool spelt = way == 4;
		uint32_t a = way & 1 ? w[i].lead : w[i].from, end, next;
		uint32_t b = spelt ? w[i + (n > 0 ? n - 1 : 0)].to
			     : way & 2 ? w[i].trail : w[i].to;
		const char *p = r->text->bytes;

		if ((spelt && n == 0) ||
		    (!spelt && ((w[i].from > 0 && p[w[i].from - 1] == '_') ||
				   p[w[i].to] == '_')) ||
		    !ref_reads(r, a, b, spelt, node->phrase.tokens[k].text))
			continue;
		next = i + (spelt ? n : 1);
		if (k + 1 == node->phrase.count) {
			*from = a;
			return b;
		}
		end = ref_read_on(r, node, w, count, next, k + 1, from);
		if (end > 0 && !ref_token_within(r, b, *from)) {
			*from = a;
			return end;
		}
		return 0;
	}
	return 0;
}

static bool
ref_disguised(
    const struct ref *r, const struct node *node, struct ref_places *places)
{
	struct ref_look *w = must_alloc(sizeof(*w) * REF_WORDS);
	uint32_t count = ref_looks(r, w);
	bool found = false;

	for (uint32_t i = 0; i < count; i++) {
		struct ref_place at = {UINT32_MAX, 0, 0, 0};

		at.to = ref_read_on(r, node, w, count, i, 0, &at.from);
		if (at.to == 0 || at.from < r->from || at.to > r->to)
			continue;
		found = true;
		for (uint32_t t = 0; t < r->text->tokens; t++)
			if (r->text->at[t] < at.to &&
			    r->text->end[t] > at.from) {
				at.first = t < at.first ? t : at.first;
				at.end = t + 1;
			}
		if (places != NULL)
			ref_add(places, at);
	}
	free(w);
	return found;
}

/* ---- inclusive writing ------------------------------------------------- */

/* What stands between tokens ${t} - 1 and ${t} is ${sign}, and no more. */
static bool
ref_apart(const struct ref *r, uint32_t t, const char *sign)
{
	const struct text *x = r->text;

	return t > 0 && t < x->tokens && t != x->title_tokens &&
	       slice_is((struct slice){x->bytes + x->end[t - 1],
			    x->at[t] - x->end[t - 1]}, sign);
}

/* The forms of the group whose stem is token ${t}; how many tokens it has, 0:
 * there is none. */
static uint32_t
ref_forms(const struct ref *r, uint32_t t, char forms[4][80])
{
	static const char *const signs[] = {"\xc2\xb7", ".", "-", "/", "("};
	static const char *const ends[][2] = {{"e", ""}, {"rice", "eur"},
	    {"trice", "teur"}, {"euse", "eur"}, {"ne", ""}, {"le", ""},
	    {"te", ""}, {"sse", ""}, {"se", "x"}, {"ve", "f"}, {"ere", "er"},
	    {"iere", "ier"}};
	struct slice stem = ref_text(r, t);
	int n = (int)stem.len;

	if (stem.len < 2 || stem.len > 40 || t + 1 >= r->text->tokens ||
	    strchr("es", r->text->bytes[r->text->end[t + 1] - 1]) == NULL)
		return 0;
	for (size_t s = 0; s < 5; s++)
		for (size_t i = 0; ref_apart(r, t + 1, signs[s]) &&
		     i < sizeof(ends) / sizeof(*ends); i++) {
			struct slice end = ref_text(r, t + 1);
			int off = (int)strlen(ends[i][1]);
			const char *last = s == 4 ? ")" : signs[s];
			char plural[8];

			snprintf(plural, sizeof(plural), "%ss", ends[i][0]);
			if ((s > 0 && i > 3) || n <= off + (off > 0) ||
			    (!slice_is(end, ends[i][0]) &&
				!slice_is(end, plural)) ||
			    memcmp(stem.data + n - off, ends[i][1],
				(size_t)off) != 0)
				continue;
			snprintf(forms[0], 80, "%.*s", n, stem.data);
			snprintf(forms[1], 80, "%.*s%s", n, stem.data,
			    strchr("sx", stem.data[n - 1]) ? "" : "s");
			snprintf(forms[2], 80, "%.*s%s", n - off, stem.data,
			    ends[i][0]);
			snprintf(forms[3], 80, "%.*s%s", n - off, stem.data,
			    plural);
			return ref_apart(r, t + 2, last) &&
				       slice_is(ref_text(r, t + 2), "s")
				   ? 3 : 2;
		}
	return 0;
}

/* How many tokens of the post the token of a phrase takes at ${t}, as part of
 * a group; 0: it is no form of one. */
static uint32_t
ref_group_at(const struct ref *r, uint32_t t, const struct token *token)
{
	char forms[4][80];
	uint32_t n = ref_forms(r, t, forms);

	if (token->sign != 0 &&
	    r->text->bytes[(int64_t)r->text->at[t] - 1] != token->sign)
		return 0;
	for (unsigned i = 0; n > 0 && i < 4; i++)
		if (token->wild ? ref_wild(slice_of(forms[i]), token->text)
				: slice_is(token->text, forms[i]))
			return n;
	return 0;
}

#endif
