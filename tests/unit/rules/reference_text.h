/*
 * The text operators of the slow evaluator: "a b c"~n, ATLEAST, exact:,
 * title:, text:, SENTENCE.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_TEXT_H
#define TESTS_RULES_REFERENCE_TEXT_H

#include "tests/unit/rules/reference_looks.h"

static struct ref_place
ref_at(const struct ref *r, const struct node *phrase, uint32_t t)
{
	const struct text *x = r->text;

	uint32_t end = phrase->kind == NODE_EXACT ? t + phrase->phrase.count
						  : ref_phrase_at(r, phrase, t);

	return (struct ref_place){t, end,
	    x->at[t] - (phrase->phrase.tokens[0].sign != 0), x->end[end - 1]};
}

/* The longest chain of places that do not overlap. */
static uint32_t
ref_disjoint(const struct ref_places *p)
{
	uint32_t *best = must_alloc(sizeof(*best) * (p->count + 1ul)), most = 0;

	/* Chains end at places in order of their last byte: by repetition. */
	for (uint32_t round = 0; round < p->count; round++)
		for (uint32_t i = 0; i < p->count; i++) {
			uint32_t before = 0;

			for (uint32_t k = 0; k < p->count; k++)
				if (p->items[k].to <= p->items[i].from &&
				    best[k] > before)
					before = best[k];
			best[i] = before + 1;
			most = best[i] > most ? best[i] : most;
		}
	free(best);
	return most;
}

/* Whether the words from ${word} on find tokens of [s, e) that are free. */
static bool
ref_assign(const struct ref *r, const struct node *node, uint32_t word,
    uint32_t s, uint32_t e, uint64_t taken)
{
	if (word == node->group.count)
		return true;
	for (uint32_t t = s; t < e; t++)
		if (!(taken >> (t - s) & 1) &&
		    ref_phrase_at(r, node->group.items[word], t) &&
		    ref_assign(r, node, word + 1, s, e,
			taken | UINT64_C(1) << (t - s)))
			return true;
	return false;
}

/* Windows that hold all words, and no shorter one. */
static bool
ref_within(
    const struct ref *r, const struct node *node, struct ref_places *places)
{
	uint32_t longest = node->group.count + node->near;
	bool found = false;

	for (uint32_t s = r->lo; s < r->hi; s++)
		for (uint32_t e = s + 1; e <= r->hi && e - s <= longest; e++) {
			bool sign = false;

			if (!ref_assign(r, node, 0, s, e, 0) ||
			    ref_assign(r, node, 0, s + 1, e, 0) ||
			    ref_assign(r, node, 0, s, e - 1, 0))
				continue;
			found = true;
			for (uint32_t i = 0; i < node->group.count; i++)
				sign |= node->group.items[i]
						->phrase.tokens[0]
						.sign != 0 &&
					ref_phrase_at(
					    r, node->group.items[i], s);
			if (places != NULL)
				ref_add(places,
				    (struct ref_place){s, e,
					r->text->at[s] - sign,
					r->text->end[e - 1]});
		}
	return found;
}

/* Tokens of ${s} alone. */
static uint32_t
ref_count(const struct ref *r, struct slice s)
{
	text_fold(r->aside, SLICE_NONE, s, TEXT_POST);
	return r->aside->tokens;
}

/* Places in the title or the text where the very bytes stand, and cutting
 * the text there cuts no token. */
static bool
ref_exact_in(const struct ref *r, const struct node *node, struct slice part,
    uint32_t base, struct ref_places *places)
{
	struct slice want = node->phrase.exact;
	uint32_t all = ref_count(r, part);
	bool found = false;

	for (size_t i = 0; i + want.len <= part.len; i++) {
		uint32_t first, n;

		if (memcmp(part.data + i, want.data, want.len) != 0)
			continue;
		first = ref_count(r, (struct slice){part.data, i});
		n = ref_count(r, want);
		if (first + ref_count(r, (struct slice){
				part.data + i, part.len - i}) != all ||
		    ref_count(r, (struct slice){part.data, i + want.len}) !=
			first + n ||
		    first + n + ref_count(r, (struct slice){
				    part.data + i + want.len,
				    part.len - i - want.len}) != all)
			continue;
		first += base;
		if (first < r->lo || first + n > r->hi)
			continue;
		found = true;
		if (places != NULL)
			ref_add(places, ref_at(r, node, first));
	}
	return found;
}

static bool
ref_exact(
    const struct ref *r, const struct node *node, struct ref_places *places)
{
	bool title = ref_exact_in(r, node, r->post->title, 0, places);

	return ref_exact_in(r, node, r->post->text, r->text->title_tokens,
		   places) ||
	       title;
}

static bool
ref_is_gap(const char *p, size_t left, size_t *bytes)
{
	*bytes = 1;
	if (left >= 3 && (!memcmp(p, "\xe3\x80\x82", 3) ||
			     !memcmp(p, "\xe2\x80\x8b", 3))) {
		*bytes = 3;
		return true;
	}
	return !(*p & 0x80) && !(*p >= '0' && *p <= '9') &&
	       !(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') &&
	       *p != '_';
}

/* Whether token ${t} is a word behind which a dot ends nothing: a letter by
 * itself, or the one abbreviation of these tests. */
static bool
ref_short(const struct ref *r, uint32_t t)
{
	struct slice word = ref_text(r, t);
	char forms[4][80];

	if (slice_is(word, "etc"))
		return true;
	for (uint32_t first = t > 1 ? t - 2 : 0; first < t; first++)
		if (first + ref_forms(r, first, forms) == t + 1)
			return false; /* the end of salarié.e.s */
	return utf8_step(word.data, word.len) == word.len && word.len < 3 &&
	       !(*word.data >= '0' && *word.data <= '9') &&
	       word.data[-1] != '\'';
}

/* Whether what stands between two words ends a sentence; ${t} is the one
 * before. */
static bool
ref_border(const struct ref *r, uint32_t t, struct slice gap)
{
	const char *dot = NULL;
	uint32_t dots = 0;

	for (size_t i = 0; i < gap.len; i++) {
		char c = gap.data[i];

		if (c == '\n' || c == '!' || c == '?' || c == '\x82')
			return true;
		dot = c == '.' ? gap.data + i : dot;
		dots += c == '.';
	}
	if (dot == NULL ||
	    (dots == 1 && gap.data[0] == '.' && ref_short(r, t)))
		return false;
	for (dot++; dot < gap.data + gap.len; dot++)
		if (*dot == ' ')
			return true;
		else if (strchr("\"')]}", *dot) == NULL)
			return false;
	return false;
}

/* Firsts of all sentences, and the number of tokens, into ${out}. */
static uint32_t
ref_sentences(const struct ref *r, uint32_t *out)
{
	struct slice text = r->post->text;
	uint32_t title = r->text->title_tokens, count = 0;
	size_t i = 0, n;

	if (title > 0)
		out[count++] = 0;
	if (title < r->text->tokens)
		out[count++] = title;
	while (i < text.len) {
		size_t gap = i, next;

		if (!ref_is_gap(text.data + i, text.len - i, &n)) {
			i++;
			continue;
		}
		while (i < text.len &&
		       ref_is_gap(text.data + i, text.len - i, &n))
			i += n;
		next = title + ref_count(r, (struct slice){text.data, i});
		if (next > title && next < r->text->tokens &&
		    ref_border(r, (uint32_t)next - 1,
			(struct slice){text.data + gap, i - gap}))
			out[count++] = (uint32_t)next;
	}
	out[count] = r->text->tokens;
	return count;
}

static uint32_t
ref_begin(const struct ref *r, uint32_t t)
{
	uint32_t from = r->text->at[t];

	while (from > r->text->end[t - 1] &&
	       strchr("#@$\"'([{", r->text->bytes[from - 1]) != NULL)
		from--;
	return from;
}

/* As if the post were its title, its text, or one sentence. */
static bool
ref_narrow(const struct ref *r, const struct node *node, uint32_t brand,
    struct ref_places *places)
{
	const struct text *x = r->text;
	uint32_t firsts[400], count = 1, body = 0, title = 0;
	bool found = false, titled = r->post->title.len > 0;

	if (titled) {
		while (x->bytes[title] != '\n')
			title++;
		body = title + 1;
	}
	if (node->kind == NODE_SENTENCE)
		count = ref_sentences(r, firsts);
	for (uint32_t i = 0; i < count; i++) {
		struct ref part = *r;
		uint32_t lo, hi, from = 0, to = x->len;

		if (node->kind == NODE_PART) {
			lo = node->ordered ? 0 : x->title_tokens;
			hi = node->ordered ? x->title_tokens : x->tokens;
			from = node->ordered ? 0 : body;
			to = node->ordered ? title : x->len;
		} else {
			lo = firsts[i];
			hi = firsts[i + 1];
			from = lo > x->title_tokens ? ref_begin(r, lo)
			       : lo == x->title_tokens ? body : 0;
			to = lo < x->title_tokens ? title
			     : hi < x->tokens ? ref_begin(r, hi) : x->len;
			while (to > from && x->bytes[to - 1] == ' ')
				to--;
		}
		part.lo = lo > r->lo ? lo : r->lo;
		part.hi = hi < r->hi ? hi : r->hi;
		part.hi = part.hi < part.lo ? part.lo : part.hi;
		part.from = from > r->from ? from : r->from;
		part.to = to < r->to ? to : r->to;
		part.narrow = true;
		if (part.from >= part.to ||
		    !ref_node(&part, node->group.items[0], brand))
			continue;
		found = true;
		if (places != NULL) {
			struct ref_places inner =
			    ref_where(&part, node->group.items[0], brand);

			for (uint32_t k = 0; k < inner.count; k++)
				ref_add(places, inner.items[k]);
			free(inner.items);
		}
	}
	return found;
}

#endif
